// Tests of the bounds of the store's caches.

package store

import (
	"slices"
	"testing"

	"parley/chat"
)

func TestAFullCacheOfHeadsIsDroppedAndNumbersGoOn(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.must(t, s.adds("before"))
	s.must(t, func(tx *WriteTx) error {
		for i := len(tx.heads); i < maxHeads; i++ {
			tx.heads[chat.RoomID(1_000_000+i)] = chat.Heads{}
		}
		return nil
	})
	cached := func() (n int) {
		s.must(t, func(tx *WriteTx) error { n = len(tx.heads); return nil })
		return n
	}
	s.must(t, s.adds("in a room that is known"))
	if n := cached(); n != maxHeads {
		t.Errorf("%d rooms are cached, want %d", n, maxHeads)
	}
	s.must(t, func(tx *WriteTx) error {
		room, err := tx.AddRoom(NewRoom{Kind: chat.Public, Name: StoredName{"more", "more"}})
		if err == nil {
			err = tx.Join(room, s.ann, chat.MemberOwner, 0)
		}
		return err
	})
	if n := cached(); n != 0 {
		t.Errorf("%d rooms are cached after one too many, want none", n)
	}
	s.must(t, s.adds("after"))
	if got := s.stored(t); !slices.Equal(got, []string{"before", "in a room that is known", "after"}) {
		t.Errorf("stored %q", got)
	}
}
