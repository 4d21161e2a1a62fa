package rooms

import (
	"testing"

	"parley/access"
	"parley/chat"
)

// While a socket of a token with rooms opens, the program is brought into another room.
func TestWhatIsRecordedWhileOpeningIsOfItsRoomsAlone(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	some, all := newListener(2), newListener(2)
	some.Caller.Grant = &access.Grant{Scopes: []chat.Scope{chat.ScopeRead}, Rooms: []chat.RoomID{1}}
	for _, l := range []*listener{some, all} {
		if err := r.Opening(l.Socket); err != nil {
			t.Fatal(err)
		}
	}
	told(r, joinAt(5, 2, 10, 1, 1)...)
	told(r, joinAt(1, 2, 10, 1, 2)...)
	some.opensWith(t, r, Snapshot{})
	all.opensWith(t, r, Snapshot{})
	told(r, addedAt(5, 11, 1), addedAt(1, 11, 1))
	told(r, leaveAt(5, 2, 11, 2, 3)...)
	checkEvents(t, "the one for room 1", some, "welcome", "message.added 11")
	checkEvents(t, "the one for all", all, "welcome", "message.added 11", "message.added 11", "room.removed")
	if got, whole := some.welcome(t).Rooms, all.welcome(t).Rooms; len(got) != 1 || got[0].ID != 1 || len(whole) != 2 {
		t.Errorf("they are welcomed to %+v and %+v", got, whole)
	}
}
