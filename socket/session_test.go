// The keys of a melody session: who it is of, and where.

package socket

import (
	"net/http"
	"slices"
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
	rooms, ok := keys["rooms"].(func() []chat.RoomID)
	if !ok {
		t.Fatalf("the rooms are %T", keys["rooms"])
	}
	if in := rooms(); len(in) != 2 || !slices.Contains(in, general) {
		t.Errorf("the session is in %v, want the two rooms for everyone, %d among them", in, general)
	}

	// The key follows the person.
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
	if in := rooms(); len(in) != 3 || !slices.Contains(in, made.ID) {
		t.Errorf("after making a room the session is in %v, want %d among three", in, made.ID)
	}
}
