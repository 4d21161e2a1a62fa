// Tests of the bounds of the store's caches.

package store

import (
	"slices"
	"strconv"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
)

func TestRightsThatAreTooManyAreLookedUpAgain(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	by := s.signedIn(t, s.bob, "bob's")
	s.must(t, func(tx *WriteTx) error {
		for i := range maxRights {
			remember(tx.rights.standings, standingKey{user: chat.UserID(1000 + i)}, access.Standing{})
			remember(tx.rights.sessions, chat.SessionID(strconv.Itoa(i)), 1)
		}
		return nil
	})
	s.must(t, s.says(by, "one too many"))
	s.must(t, func(tx *WriteTx) error {
		if standings, sessions := len(tx.rights.standings), len(tx.rights.sessions); standings != 1 || sessions != 1 {
			t.Errorf("%d standings and %d sessions are remembered, want one of each", standings, sessions)
		}
		return nil
	})
	if got := s.stored(t); !slices.Equal(got, []string{"one too many"}) {
		t.Errorf("stored %q", got)
	}
}

func TestAFullCacheOfHeadsIsDroppedAndNumbersGoOn(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	s.upkeep.close() // it empties the log, and then the heads are read again
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
