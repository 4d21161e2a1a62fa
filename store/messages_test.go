// Tests of messages: pages of changes, resends, and rights within a batch.

package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
)

// A client that starts at any rev, with pages of any size, gets the same messages in the same order.
func TestChangedMessagesAreFoundFromEveryRev(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 80 {
		s.must(t, func(tx *WriteTx) error {
			heads, err := tx.headsOf(s.room)
			if err != nil {
				return err
			}
			if heads.Seq == 0 || random.IntN(3) > 0 {
				return s.adds(strings.Repeat("text ", 1+random.IntN(40)))(tx)
			}
			m, err := tx.Message(s.room, 1+random.Int64N(heads.Seq))
			if err != nil || m.DeletedAt != 0 {
				return err
			}
			switch random.IntN(4) {
			case 0:
				_, err = tx.DeleteMessage(m, m.AuthorID)
			default:
				_, err = tx.EditMessage(m, "other", "<p>other</p>\n")
			}
			return err
		})
	}
	err := s.Read(t.Context(), func(tx *Tx) error {
		access, err := tx.RoomFor(access.Caller{User: s.ann}, s.room)
		if err != nil {
			return err
		}
		head := access.Room
		all, err := tx.MessagesAfter(s.room, 0, 1000, math.MaxInt)
		slices.SortFunc(all, func(a, b chat.Message) int { return cmp.Compare(a.Rev, b.Rev) })
		for _, page := range []struct{ limit, bytes int }{{1, 1 << 20}, {7, 1 << 20}, {1000, 1}, {1000, 2000}} {
			pages := map[int64][]ChangedMessage{} // by the rev that each goes on from: many ways lead through the same
			for rev := range head.Rev {
				want := slices.DeleteFunc(slices.Clone(all), func(m chat.Message) bool { return m.Rev <= rev })
				var got []chat.Message
				for at := rev; at < head.Rev; at = got[len(got)-1].Rev {
					list, known := pages[at]
					if !known {
						if list, err = tx.MessagesChanged(head, at, page.limit, page.bytes, false); err != nil {
							return err
						}
						pages[at] = list
					}
					if len(list) == 0 || len(list) > page.limit {
						t.Fatalf("from rev %d: %d messages", at, len(list))
					}
					for _, m := range list {
						got = append(got, m.Message)
					}
				}
				if !reflect.DeepEqual(got, want) {
					t.Fatalf("from rev %d by %+v: got %d messages, want %d", rev, page, len(got), len(want))
				}
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Within a batch the store remembers standings. It must forget them when a write of the batch changes a
// right.
func TestARightThatEndsWithinABatchIsGoneForLaterWrites(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	standing := func(want bool) func(*WriteTx) error {
		return func(tx *WriteTx) error {
			for range 2 {
				if got, err := tx.StandingIn(access.Caller{User: s.bob}, s.room); err != nil || got.Member != want {
					return fmt.Errorf("a member: %v, want %v; %w", got.Member, want, err)
				}
			}
			return nil
		}
	}
	release := s.hold(t)
	done := []<-chan error{
		s.queue(standing(true)),
		s.queue(s.adds("no right changes by this")),
		s.queue(standing(true)),
		s.queue(func(tx *WriteTx) error { return tx.Leave(s.room, s.bob) }),
		s.queue(standing(false)),
		s.queue(func(tx *WriteTx) error { return tx.Join(s.room, s.bob, chat.MemberPlain, 0) }),
		s.queue(standing(true)),
	}
	s.takeCommits()
	release()
	for i, outcome := range done {
		if err := answered(t, outcome); err != nil {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if commits := len(s.takeCommits()); commits != 1 {
		t.Errorf("it took %d transactions, want 1", commits)
	}
}

// Anyone can send a client_id twice, or for two messages. That must not roll back the writes of others in the
// batch.
func TestAResendDoesNotRollItsBatchBack(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	draft := chat.Draft{ClientID: chat.NewClientID(), Body: "once"}
	adds := func(draft chat.Draft) func(*WriteTx) error {
		return func(tx *WriteTx) error {
			access, err := tx.RoomFor(access.Caller{User: s.ann}, s.room)
			if err == nil {
				_, err = tx.AddMessage(access.Standing, RenderedDraft{Draft: draft})
			}
			return err
		}
	}
	s.must(t, adds(draft))
	release := s.hold(t)
	first := s.queue(s.adds("first"))
	resent := s.queue(adds(draft))
	reused := s.queue(adds(chat.Draft{ClientID: draft.ClientID, Body: "other"}))
	last := s.queue(s.adds("last"))
	s.takeCommits()
	release()
	if err := errors.Join(answered(t, first), answered(t, resent), answered(t, last)); err != nil {
		t.Error(err)
	}
	if err := answered(t, reused); !chat.IsCode(err, chat.ClientIDReused) {
		t.Errorf("got %v, want %s", err, chat.ClientIDReused)
	}
	if got := s.stored(t); !slices.Equal(got, []string{"once", "first", "last"}) {
		t.Errorf("stored %q", got)
	}
	if n, commits := s.Counts().RolledBack, len(s.takeCommits()); n != 0 || commits != 1 {
		t.Errorf("%d transactions were rolled back and %d committed, want 0 and 1", n, commits)
	}
}

// A message that many people reacted to consists mostly of reactions, so their bytes must count.
func TestReactionsCountAgainstTheBoundOfAPageOfChanges(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	const messages, people, bound = 8, 300, 4000
	s.must(t, func(tx *WriteTx) error {
		for range messages {
			if err := s.adds("liked")(tx); err != nil {
				return err
			}
		}
		for i := range people {
			name := fmt.Sprint("person", i)
			if _, err := tx.AddUser(StoredName{name, name}, name, chat.RoleMember, ""); err != nil {
				return err
			}
		}
		_, err := tx.run(`
			INSERT INTO reactions (message_id, emoji, user_id)
			SELECT m.id, '👍', u.id FROM messages m CROSS JOIN users u WHERE u.name LIKE 'person%'`)
		for seq := int64(1); err == nil && seq <= messages; seq++ {
			var m chat.Message
			if m, err = tx.Message(s.room, seq); err == nil {
				_, err = tx.AddReaction(m, s.bob, "👍")
			}
		}
		return err
	})
	err := s.Read(t.Context(), func(tx *Tx) error {
		access, err := tx.RoomFor(access.Caller{User: s.ann}, s.room)
		if err != nil {
			return err
		}
		page, err := tx.MessagesChanged(access.Room, access.Room.Rev-messages, 1000, bound, false)
		if err != nil {
			return err
		}
		line, err := json.Marshal(page)
		if one := len(line) / len(page); len(line) > bound+one {
			t.Errorf("%d messages of %d bytes are a page of %d bytes", len(page), one, bound)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
