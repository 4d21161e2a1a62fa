// The keys of a melody session: who it is of, and where.

package socket

import (
	"maps"
	"net/http"
	"testing"

	"parley/chat"
)

// sessionKeys are those of the one session that there is.
func (h *house) sessionKeys(t *testing.T) map[string]any {
	t.Helper()
	sessions, err := h.melody.Sessions()
	if err != nil || len(sessions) != 1 {
		t.Fatalf("there are %d sessions: %v", len(sessions), err)
	}
	session := sessions[0]
	if session.Request != nil {
		t.Error("the session keeps its request")
	}
	keys := map[string]any{}
	for _, key := range []string{"user", "session", "rooms"} {
		if value, set := session.Get(key); set {
			keys[key] = value
		}
	}
	return keys
}

func TestASessionHasTheKeysOfItsUserAndRooms(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	general := h.general(t, ann)
	s := h.program.Visitor(t, "nobody").DialAnyhow(t, http.Header{})
	if keys := h.sessionKeys(t); len(keys) != 0 {
		t.Errorf("before signing in there are the keys %v", keys)
	}
	id := s.Send(t, "auth", chat.Auth{Token: ann.Bearer})
	if f := s.Answer(t, id); f.Event != chat.ReplyEvent {
		t.Fatalf("auth got %s %s", f.Event, f.Data)
	}
	keys := h.sessionKeys(t)
	if keys["user"] != ann.User.ID || keys["session"] != ann.caller.Session {
		t.Errorf("the session is of user %v, session %v; want %d, %q", keys["user"], keys["session"], ann.User.ID, ann.caller.Session)
	}
	rooms, ok := keys["rooms"].(map[chat.RoomID]struct{})
	if !ok {
		t.Fatalf("the rooms are %T", keys["rooms"])
	}
	in := maps.Clone(rooms) // nobody comes or goes yet
	if _, isIn := in[general]; len(in) != 2 || !isIn {
		t.Errorf("the session is in %v, want the two rooms for everyone, %d among them", in, general)
	}

	// The key follows the person, since it is the socket's own list.
	var room chat.RoomState
	made, err := h.actions.CreateRoom(ann.caller, chat.NewRoom{Kind: chat.Private, Name: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	for room.ID != made.ID {
		var added chat.RoomAdded
		s.ExpectInto(t, "room.added", &added)
		room = added.Room
	}
	if _, isIn := rooms[made.ID]; !isIn || len(rooms) != 3 {
		t.Errorf("after making a room the session is in %v, want %d among three", rooms, made.ID)
	}
}
