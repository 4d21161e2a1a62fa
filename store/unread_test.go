// Tests of counting what is unread: against a count one by one, at every moment, and what it costs.

package store

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
)

// slowly counts the unread messages of a room one by one, as they were at the room's heads.
func slowly(history []chat.Message, head chat.Heads, readSeq int64, blocked []chat.UserID) (n int64) {
	for _, m := range history {
		gone := m.DeletedAt != 0 && m.Rev <= head.Rev
		if m.Seq > readSeq && m.Seq <= head.Seq && !gone && !slices.Contains(blocked, m.AuthorID) {
			n++
		}
	}
	return n
}

// Whoever comes in while others write and delete gets the number as of the moment that the welcome describes,
// which may be behind what is stored.
func TestUnreadIsCountedAsOfAnyMoment(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	random := rand.New(rand.NewPCG(3, 4))
	var moments []chat.Heads
	for range 80 {
		s.must(t, func(tx *WriteTx) error {
			heads, err := tx.headsOf(s.room)
			if err != nil {
				return err
			}
			moments = append(moments, *heads)
			if heads.Seq < 5 || random.IntN(3) > 0 {
				author := s.ann
				if random.IntN(2) == 0 {
					author = s.bob
				}
				return s.addsBy(author, "a message")(tx)
			}
			m, err := tx.Message(s.room, 1+random.Int64N(heads.Seq))
			if err != nil || m.DeletedAt != 0 {
				return err
			}
			if random.IntN(3) == 0 {
				_, err = tx.EditMessage(m, "other", "")
				return err
			}
			_, err = tx.DeleteMessage(m, m.AuthorID)
			return err
		})
	}
	for _, blocked := range [][]chat.UserID{nil, {s.bob}} {
		if blocked != nil {
			s.must(t, func(tx *WriteTx) error {
				_, err := tx.SetBlock(s.ann, s.bob, true)
				return err
			})
		}
		err := s.Read(t.Context(), func(tx *Tx) error {
			room, err := tx.room(s.room)
			if err != nil {
				return err
			}
			history, err := tx.MessagesAfter(s.room, 0, math.MaxInt32, math.MaxInt)
			if err != nil {
				return err
			}
			for _, head := range moments {
				for readSeq := range head.Seq + 3 {
					room.Seq, room.Rev = head.Seq, head.Rev
					got, err := tx.unread(s.ann, room, readSeq)
					if want := slowly(history, head, readSeq, blocked); err != nil || got != want {
						return fmt.Errorf("read up to %d at %+v, blocking %v: %d unread, want %d; %w",
							readSeq, head, blocked, got, want, err)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// fill puts rooms with so many messages into the database, of which every nth is deleted, and makes ann a member
// of each who has read nothing. The messages are bob's.
func (s *testStore) fill(t testing.TB, rooms, messages, nth int) {
	t.Helper()
	const numbers = `
		WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT max($1, $2))`
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.run(numbers+`
			INSERT INTO rooms (id, kind, name, topic, everyone, created_at, seq, rev)
			SELECT 1000 + value, 'private', 'room', '', 0, 0, $2, $2 * 2 FROM n LIMIT $1`, rooms, messages)
		if err != nil {
			return err
		}
		_, err = tx.run(numbers+`
			INSERT INTO members (user_id, room_id, role, joined_at, read_seq)
			SELECT $3, 1000 + value, 'member', 0, 0 FROM n LIMIT $1`, rooms, messages, s.ann)
		if err != nil {
			return err
		}
		_, err = tx.run(numbers+`
			INSERT INTO messages (id, rev, added_rev, author_id, client_id, draft_hash, created_at, deleted_at,
				html_version, body, html)
			SELECT (1000 + r.value) << 32 | m.value, m.value + iif(m.value % $4 = 0, $2, 0), m.value, $3,
				unhex(format('%032x', (1000 + r.value) << 32 | m.value)), x'', 0, m.value % $4 = 0, 1, $5, $5
			FROM (SELECT value FROM n LIMIT $1) r, (SELECT value FROM n LIMIT $2) m`,
			rooms, messages, s.bob, nth, "A message of about the usual length, as people write them all day.")
		return err
	})
}

// unreadRooms counts what ann has not read in all her rooms.
func (s *testStore) unreadRooms(t testing.TB) (rooms []chat.RoomState) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *Tx) (err error) {
		if rooms, _, err = tx.RoomsOf(access.Caller{User: s.ann}, 1000, math.MaxInt); err != nil {
			return err
		}
		return tx.CountUnread(s.ann, rooms)
	})
	if err != nil {
		t.Fatal(err)
	}
	return rooms
}

// Counting is bounded: by the deleted messages that there are in all rooms, and by the newest messages of rooms
// when somebody is blocked. What is beyond counts as unread.
func TestCountingUnreadIsBounded(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	const rooms, messages = maxDeleted/maxDeletedInRoom + 1, maxDeletedInRoom + 1
	s.fill(t, rooms, messages, 1)
	subtracted := int64(0)
	for i, room := range s.unreadRooms(t) {
		less := room.Seq - room.Unread
		if i == 0 && less != maxDeletedInRoom {
			t.Errorf("in a room of %d deleted messages %d count as deleted, want %d", messages, less, maxDeletedInRoom)
		}
		subtracted += less
	}
	if subtracted != maxDeleted {
		t.Errorf("%d deleted messages were counted in all rooms, want %d", subtracted, maxDeleted)
	}
}

func TestLookingForMessagesOfSomebodyBlockedIsBounded(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	const rooms = maxLookedAt/maxLookedInRoom + 2
	s.fill(t, rooms, maxLookedInRoom+1, math.MaxInt32)
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.SetBlock(s.ann, s.bob, true)
		return err
	})
	for i, room := range s.unreadRooms(t) {
		want := room.Seq - maxLookedInRoom
		if i >= rooms-2 {
			want = room.Seq
		}
		if room.Unread != want {
			t.Errorf("room %d of %d: %d unread, want %d", i, rooms, room.Unread, want)
		}
	}
	err := s.Read(t.Context(), func(tx *Tx) error {
		found, err := tx.UnreadOf(s.ann, []chat.UserID{s.bob})
		if len(found) != rooms-2 {
			t.Errorf("their messages are found in %d rooms, want %d", len(found), rooms-2)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// BenchmarkCountUnread counts what somebody with 2,000 rooms has not read, as for a welcome, with and without the
// list of the rooms itself.
func BenchmarkCountUnread(b *testing.B) {
	for name, c := range map[string]struct {
		nth     int
		blocked bool
	}{"nothing deleted": {math.MaxInt32, false}, "a tenth deleted": {10, false}, "somebody blocked": {10, true}} {
		b.Run(name, func(b *testing.B) {
			s := newStore(b)
			s.fill(b, 2000, 200, c.nth)
			if c.blocked {
				s.must(b, func(tx *WriteTx) error {
					_, err := tx.SetBlock(s.ann, s.bob, true)
					return err
				})
			}
			rooms := s.unreadRooms(b)
			b.ResetTimer()
			for b.Loop() {
				err := s.Read(b.Context(), func(tx *Tx) error { return tx.CountUnread(s.ann, rooms) })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("the list alone", func(b *testing.B) {
		s := newStore(b)
		s.fill(b, 2000, 1, math.MaxInt32)
		for b.Loop() {
			err := s.Read(b.Context(), func(tx *Tx) error {
				_, _, err := tx.RoomsOf(access.Caller{User: s.ann}, 0, math.MaxInt)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
