//go:build unported

// What someone is told who comes back: the newest of all rooms, and what it costs to find.

package tests

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"parley/chat"
)

// conversations fills rooms with messages of one author and gives the heads of all; at tells when each was said.
func (s *testStore) conversations(
	t *testing.T, rooms, messages int, body string, at func(seq int) int64,
) chat.Welcome {
	t.Helper()
	var opened chat.Welcome
	for n := range rooms {
		var state chat.RoomState
		s.must(t, func(tx *WriteTx) error {
			name := fmt.Sprint("room", n)
			id, err := tx.AddRoom(chat.Public, StoredName{name, name}, "", false)
			if err = errors.Join(err, tx.Join(id, s.ann, chat.MemberOwner)); err != nil {
				return err
			}
			for seq := range messages {
				draft := chat.Draft{ClientID: chat.NewClientID(), Body: body}
				by := Standing{Caller: s.ann, RoomID: id, Member: true}
				_, err := tx.AddMessage(by, RenderedDraft{Draft: draft})
				if err != nil {
					return err
				}
				_, err = tx.change(`UPDATE messages SET created_at = $2 WHERE id = $1`, messageKey(id, int64(seq+1)), at(seq))
				if err != nil {
					return err
				}
			}
			state.ID, state.Seq = id, int64(messages)
			return nil
		})
		opened.Rooms = append(opened.Rooms, state)
	}
	return opened
}

func TestWhatWasMissedIsTheNewestOfAllRooms(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	var clock int64
	opened := s.conversations(t, 5, 250, "text", func(seq int) int64 {
		if seq == 0 {
			clock = rand.Int64N(1000)
		}
		clock += rand.Int64N(3)
		return clock
	})
	a := &Actions{store: s.Store}
	for _, c := range []struct{ since, most, maxBytes int }{
		{0, 10_000, 1 << 30}, {500, 10_000, 1 << 30}, {0, 100, 1 << 30}, {0, 10_000, 30_000}, {700, 7, 3_000}, {0, 5, 1}, {9999, 5, 1 << 20},
	} {
		whole, err := read(context.Background(), s.Store, func(tx *Tx) ([]chat.Message, error) {
			return tx.messages(keepAll, `
				SELECT `+messageCols+`
				FROM messages m
				WHERE m.created_at > $1
				ORDER BY m.created_at, m.id`, c.since)
		})
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		bytes := 0
		for _, m := range slices.Backward(whole) {
			if bytes += messageBytes(m); bytes > c.maxBytes || len(want) == c.most {
				break
			}
			want = append(want, fmt.Sprint(m.RoomID, m.Seq))
		}
		slices.Reverse(want)
		all, err := a.Missed(context.Background(), Caller{User: s.ann}, opened, int64(c.since), c.most, c.maxBytes)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			got = append(got, fmt.Sprint(m.message.RoomID, m.message.Seq))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v: got %d, want %d: %q, want %q", c, len(got), len(want), got, want)
		}
	}
}

// A client may name any time, and be in many rooms: what it costs is what it is told. Not beside other tests,
// since all that is allocated counts.
func TestFindingWhatWasMissedReadsNoMoreThanIsTold(t *testing.T) {
	s := newStore(t)
	opened := s.conversations(t, 20, 1000, strings.Repeat("long ", 400), func(seq int) int64 { return int64(seq + 1) })
	a := &Actions{store: s.Store}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	all, err := a.Missed(context.Background(), Caller{User: s.ann}, opened, 0, maxMissed, 1<<19)
	runtime.ReadMemStats(&after)
	if err != nil || len(all) < 200 {
		t.Fatalf("%d, %v", len(all), err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("%d MB were used for %d messages", used>>20, len(all))
	}
}
