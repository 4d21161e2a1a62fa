// Tests of what time does to room invitations.

package store

import (
	"errors"
	"testing"
	"time"

	"parley/chat"
)

// After its time a room invitation is over, also while nothing has dropped it yet, and somebody may ask again.
func TestARoomInvitationEndsOnTime(t *testing.T) {
	t.Parallel()
	c := &testClock{}
	c.moves(365 * 24 * time.Hour)
	s := newStoreAt(t, c.now)
	room := chat.Room{Kind: chat.Private, Name: "room"}
	waits := func(want bool) {
		t.Helper()
		s.must(t, func(tx *WriteTx) error {
			_, _, err := tx.RoomInviter(s.bob, room.ID)
			list, listErr := tx.RoomInvitations(s.bob)
			asked, askedErr := tx.AskedInto(room.ID, 0, 10)
			if (err == nil) != want || (len(list.RoomInvitations) == 1) != want || (len(asked) == 1) != want {
				t.Errorf("got %v, %+v and %v; want it to wait: %v", err, list.RoomInvitations, asked, want)
			}
			return errors.Join(listErr, askedErr)
		})
	}
	ask := func(tx *WriteTx) error { return tx.AddRoomInvitation(s.bob, s.ann, room) }
	s.must(t, func(tx *WriteTx) (err error) {
		room.ID, err = tx.AddRoom(NewRoom{Kind: chat.Private, Name: StoredName{"room", "room"}})
		return errors.Join(err, ask(tx))
	})
	c.moves(KeptRoomInvitations - time.Minute)
	waits(true)
	c.moves(time.Minute + time.Second)
	waits(false)
	s.must(t, ask)
	waits(true)
	s.must(t, func(tx *WriteTx) error { return tx.DeclineRoomInvitation(s.bob, room.ID) })
	c.moves(KeptRoomInvitations + time.Second)
	s.must(t, ask) // what was declined is over too
	waits(true)
}
