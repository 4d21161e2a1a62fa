package store

import (
	"context"
	"testing"

	"parley/chat"
)

// A message's key is its room and its place in one number, so a place out of bounds would be in another room.
func TestNoPlaceOfARoomIsInAnotherRoom(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	var other chat.RoomID
	s.must(t, func(tx *WriteTx) (err error) {
		if other, err = tx.AddRoom(NewRoom{Kind: chat.Private, Name: StoredName{"secret", "secret"}, Everyone: true}); err != nil {
			return err
		}
		return tx.Join(other, s.ann, chat.MemberOwner, 0)
	})
	s.must(t, s.adds("in general"))
	const next = 1 << 32
	err := s.Read(context.Background(), func(tx *Tx) error {
		if _, err := tx.Message(s.room, 1); err != nil {
			return err
		}
		for _, place := range []struct {
			room chat.RoomID
			seq  int64
		}{
			{other, 1 - next*int64(other-s.room)}, {s.room - 1, 1 + next}, {other, 0}, {s.room, -1}, {s.room, 2},
		} {
			if m, err := tx.Message(place.room, place.seq); !chat.IsCode(err, chat.NotFound) {
				t.Errorf("at %+v there is %+v, %v", place, m, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
