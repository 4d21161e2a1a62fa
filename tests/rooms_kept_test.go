// What the owners of the server do to rooms that they do not see, and owners of rooms to their own.

package tests

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

func keptPath(room chat.RoomID) string { return fmt.Sprintf("/api/server/rooms/%d", room) }

func keptRoom(t *testing.T, who *harness.Person, room chat.RoomID) chat.KeptRoom {
	t.Helper()
	var list chat.KeptRooms
	who.Get(t, fmt.Sprintf("/api/server/rooms?after=%d", room-1), &list)
	if len(list.Rooms) == 0 || list.Rooms[0].ID != room {
		t.Fatalf("room %d is not in the list %+v", room, list)
	}
	return list.Rooms[0]
}

// isGone waits until nothing is left of a room in the database.
func isGone(t *testing.T, p *harness.Program, room chat.RoomID) {
	t.Helper()
	wait.Until(t, "the room is gone", func() bool {
		var left int
		harness.Query(t, p.Database(), fmt.Sprintf(`SELECT
			(SELECT count(*) FROM rooms WHERE id = %[1]d) + (SELECT count(*) FROM messages WHERE id >> 32 = %[1]d) +
			(SELECT count(*) FROM members WHERE room_id = %[1]d) + (SELECT count(*) FROM reactions WHERE message_id >> 32 = %[1]d)`,
			room), &left)
		return left == 0
	})
}

// The owner of the server archives and deletes a private room without ever seeing what is in it.
func TestTheOwnerKeepsRoomsThatTheyDoNotSee(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	owner := p.SetUp(t)
	bob, carl := p.SignUp(t, owner, "bob"), p.SignUp(t, owner, "carl")
	room := bob.Creates(t, chat.Private, "topsecret")
	bob.Adds(t, room.ID, carl)
	for range 450 { // more than are dropped at once
		bob.Says(t, room.ID, "our plan")
	}
	bob.Call(t, http.MethodPut, harness.RoomPath(room.ID)+"/messages/1/reactions/👍", nil, http.StatusOK, nil)
	status, text := owner.Try(t, http.MethodGet, "/api/server/rooms", nil)
	if status != http.StatusOK || strings.Contains(string(text), "topsecret") {
		t.Errorf("got %d, %s: want no name of a room that the owner does not see", status, text)
	}
	got := keptRoom(t, owner, room.ID)
	if got.Kind != chat.Private || got.MemberCount != 2 || got.Messages != 450 || !slices.Equal(got.OwnerIDs, []chat.UserID{bob.User.ID}) {
		t.Errorf("the room is %+v", got)
	}
	if want := int64(450 * len("our plan")); got.Bytes < want || got.Bytes > 2*want {
		t.Errorf("the room has %d bytes, want about %d", got.Bytes, want)
	}

	s := carl.Dial(t)
	owner.Call(t, http.MethodPatch, keptPath(room.ID), map[string]bool{"archived": true}, http.StatusNoContent, nil)
	var changed chat.RoomChanged
	s.ExpectInto(t, "room.changed", &changed)
	if changed.Room.ArchivedAt == 0 || changed.Room.Meta != room.Meta+2 {
		t.Errorf("told %+v", changed)
	}
	s.AskRefused(t, chat.Archived, "message.send", chat.MessageSend{RoomID: room.ID, Draft: harness.Draft("more")})
	s.AskRefused(t, chat.Archived, "reaction.add", chat.ReactionAt{RoomID: room.ID, Seq: 1, Emoji: "👍"})
	if page := carl.History(t, room.ID, ""); page.Seq != 450 {
		t.Errorf("the archived room has the head %d", page.Seq)
	}
	if state := carl.Dial(t).StateOf(t, room.ID); state.ArchivedAt != changed.Room.ArchivedAt {
		t.Errorf("a socket that opens is told %+v", state)
	}
	owner.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(room.ID), nil)

	owner.Call(t, http.MethodDelete, keptPath(room.ID), nil, http.StatusNoContent, nil)
	var removed chat.RoomRemoved
	s.ExpectInto(t, "room.removed", &removed)
	if removed.RoomID != room.ID {
		t.Errorf("told %+v", removed)
	}
	s.Settle(t)
	if again := carl.Dial(t); again.Welcome.UserRev != removed.UserRev {
		t.Errorf("a socket that opens has user_rev %d, want %d", again.Welcome.UserRev, removed.UserRev)
	}
	carl.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(room.ID), nil)
	if state := s.Changes(t, room.ID, 3).State; state != chat.ChangesGone {
		t.Errorf("asked for changes: %s", state)
	}
	isGone(t, p, room.ID)
	if next := bob.Creates(t, chat.Private, "next"); next.ID <= room.ID {
		t.Errorf("the next room is %d, after %d", next.ID, room.ID)
	}
	var log chat.Audit
	owner.Get(t, "/api/audit", &log)
	var acts []chat.Act
	for _, e := range log.Entries {
		if e.RoomID == room.ID && e.By == owner.User.ID {
			acts = append(acts, e.Act)
		}
	}
	if !slices.Equal(acts, []chat.Act{chat.ActDeleteRoom, chat.ActArchive}) {
		t.Errorf("the audit log has %v", acts)
	}
	p.CheckNumbers(t)
}

// A room whose messages were being dropped when the server was killed is gone after the next start.
func TestADeletedRoomGoesAfterAStartToo(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	owner := p.SetUp(t)
	room := owner.Creates(t, chat.Private, "room")
	for range 300 {
		owner.Says(t, room.ID, "text")
	}
	owner.Call(t, http.MethodDelete, keptPath(room.ID), nil, http.StatusNoContent, nil)
	p.Kill()
	isGone(t, harness.StartIn(t, p.Data, harness.Unlimited...), room.ID)
}

// People are taken out of any room, also out of direct ones; nobody does that to an equal or higher role, and the
// last owner of a room stays until another is named.
func TestPeopleAreTakenOutOfAnyRoom(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	owner := p.SetUp(t)
	admin, other := p.SignUp(t, owner, "admin"), p.SignUp(t, owner, "other")
	bob, carl := p.SignUp(t, owner, "bob"), p.SignUp(t, owner, "carl")
	owner.Gives(t, admin.User.ID, chat.RoleAdmin)
	owner.Gives(t, other.User.ID, chat.RoleAdmin)
	member := func(room chat.RoomID, who *harness.Person) string {
		return fmt.Sprintf("%s/members/%d", keptPath(room), who.User.ID)
	}
	pair := bob.Direct(t, carl)
	bob.Says(t, pair.ID, "I know where you live")
	s := bob.Dial(t)
	admin.Refused(t, chat.Forbidden, http.MethodDelete, member(pair.ID, bob), nil)
	owner.Call(t, http.MethodDelete, member(pair.ID, bob), nil, http.StatusNoContent, nil)
	s.Expect(t, "room.removed")
	bob.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(pair.ID), nil)
	leave(t, carl, pair.ID) // alone, one may leave

	room := bob.Creates(t, chat.Private, "room")
	bob.Adds(t, room.ID, carl, other, owner)
	owner.Refused(t, chat.Forbidden, http.MethodDelete, member(room.ID, owner), nil)
	owner.Gives(t, other.User.ID, chat.RoleOwner)
	owner.Refused(t, chat.Forbidden, http.MethodDelete, member(room.ID, other), nil)
	owner.Refused(t, chat.LastOwner, http.MethodDelete, member(room.ID, bob), nil)
	admin.Refused(t, chat.Forbidden, http.MethodPatch, member(room.ID, carl), map[string]string{"role": "owner"})
	owner.Call(t, http.MethodPatch, member(room.ID, carl), map[string]string{"role": "owner"}, http.StatusNoContent, nil)
	owner.Call(t, http.MethodDelete, member(room.ID, bob), nil, http.StatusNoContent, nil)
	owner.Refused(t, chat.NotFound, http.MethodDelete, member(room.ID, bob), nil)
	p.CheckNumbers(t)
}

// The owners of a room make it private, archive it, and then delete it; a private room never becomes public.
func TestOwnersOfARoomKeepIt(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	room := bob.Creates(t, chat.Public, "project")
	change := func(in any, want int) (got chat.Room) {
		t.Helper()
		bob.Call(t, http.MethodPatch, harness.RoomPath(room.ID), in, want, &got)
		return got
	}
	if got := change(map[string]string{"kind": "private"}, http.StatusOK); got.Kind != chat.Private {
		t.Errorf("got %+v", got)
	}
	owner.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(room.ID), nil)
	change(map[string]string{"kind": "public"}, http.StatusUnprocessableEntity)
	bob.Refused(t, chat.Forbidden, http.MethodDelete, harness.RoomPath(room.ID), nil)
	change(map[string]bool{"archived": true}, http.StatusOK)
	change(map[string]string{"topic": "new"}, http.StatusConflict)
	if got := change(map[string]any{"archived": false, "name": "again"}, http.StatusOK); got.ArchivedAt != 0 || got.Name != "again" {
		t.Errorf("back in use it is %+v", got)
	}
	bob.Says(t, room.ID, "hello")
	change(map[string]bool{"archived": true}, http.StatusOK)
	bob.Call(t, http.MethodDelete, harness.RoomPath(room.ID), nil, http.StatusNoContent, nil)
	isGone(t, p, room.ID)
}
