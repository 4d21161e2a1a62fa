package harness

import (
	"encoding/json"
	"reflect"
	"testing"

	"parley/chat"
)

// Tally is what a client shows as unread in its rooms that does what docs/protocol.md says. It is of everything
// that has come and that the test has not asked for.
func (s *Sock) Tally(t testing.TB) map[chat.RoomID]int64 {
	t.Helper()
	s.Settle(t)
	var unread chat.Unread
	unread.Follow(s.Welcome)
	rooms := map[chat.RoomID]bool{}
	for _, room := range s.Welcome.Rooms {
		rooms[room.ID] = true
	}
	for _, f := range s.held {
		kind := chat.ServerEvents[f.Event]
		if kind == nil {
			continue
		}
		event := reflect.New(reflect.TypeOf(kind))
		if err := json.Unmarshal(f.Data, event.Interface()); err != nil {
			t.Fatalf("%s %s: %v", f.Event, f.Data, err)
		}
		if added, ok := event.Elem().Interface().(chat.RoomAdded); ok {
			rooms[added.Room.ID] = true
		}
		unread.Follow(event.Elem().Interface())
	}
	counts := map[chat.RoomID]int64{}
	for id := range rooms {
		if n, member := unread.Of(id); member {
			counts[id] = n
		}
	}
	return counts
}
