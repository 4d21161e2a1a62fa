// What someone is told who comes back: the newest of all rooms, and what it costs to find.

package actions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/markdown"
	"parley/store"
	"parley/store/sqlite"
)

// conversations fills rooms with messages of one author and gives the heads of all; at tells when each was
// said.
func (p *parts) conversations(
	t *testing.T, by access.Caller, rooms, messages int, body string, at func(seq int) int64,
) chat.Welcome {
	t.Helper()
	db, err := sqlite.OpenWriter(p.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var opened chat.Welcome
	for n := range rooms {
		var state chat.RoomState
		p.must(t, func(tx *store.WriteTx) error {
			name := fmt.Sprint("room", n)
			id, err := tx.AddRoom(store.NewRoom{Kind: chat.Public, Name: store.StoredName{Shown: name, Key: name}})
			if err = errors.Join(err, tx.Join(id, by.User, chat.MemberOwner, 0)); err != nil {
				return err
			}
			state.ID, state.Seq = id, int64(messages)
			return nil
		})
		times := make([]int64, messages)
		for seq := range times {
			times[seq] = at(seq)
		}
		list, err := json.Marshal(times)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.ExecContext(t.Context(), `
			INSERT INTO messages (id, rev, added_rev, author_id, client_id, draft_hash, created_at, html_version, body, html)
			SELECT $1 << 32 | key + 1, key + 1, key + 1, $2, unhex(format('%032x', $1 << 32 | key)), x'', value, $3, $4, ''
			FROM json_each($5)`, state.ID, by.User, markdown.Version, body, string(list))
		if err == nil {
			_, err = db.ExecContext(t.Context(), `UPDATE rooms SET seq = $2, rev = $2 WHERE id = $1`, state.ID, messages)
		}
		if err != nil {
			t.Fatal(err)
		}
		opened.Rooms = append(opened.Rooms, state)
	}
	return opened
}

// whole lists every message of the rooms that came after a time, oldest first.
func (p *parts) whole(t *testing.T, opened chat.Welcome, since int64) (all []chat.Message) {
	t.Helper()
	for _, room := range opened.Rooms {
		messages, err := read(context.Background(), p.store, func(tx *store.Tx) ([]chat.Message, error) {
			return tx.MessagesAfter(room.ID, 0, int(room.Seq), math.MaxInt)
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, messages...)
	}
	all = slices.DeleteFunc(all, func(m chat.Message) bool { return m.CreatedAt <= since })
	slices.SortFunc(all, func(a, b chat.Message) int {
		return cmp.Or(cmp.Compare(a.CreatedAt, b.CreatedAt), cmp.Compare(a.RoomID, b.RoomID), cmp.Compare(a.Seq, b.Seq))
	})
	return all
}

func TestWhatWasMissedIsTheNewestOfAllRooms(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := start(t)
	ann := p.signsUp(t, "ann")
	var clock int64
	opened := p.conversations(t, ann, 5, 250, "text", func(seq int) int64 {
		if seq == 0 {
			clock = rand.Int64N(1000)
		}
		clock += rand.Int64N(3)
		return clock
	})
	for _, c := range []struct{ since, most, maxBytes int }{
		{0, 10_000, 1 << 30}, {500, 10_000, 1 << 30}, {0, 100, 1 << 30}, {0, 10_000, 30_000}, {700, 7, 3_000}, {0, 5, 1}, {9999, 5, 1 << 20},
	} {
		var want, got []string
		bytes := 0
		for _, m := range slices.Backward(p.whole(t, opened, int64(c.since))) {
			if bytes += store.MessageBytes(m); bytes > c.maxBytes || len(want) == c.most {
				break
			}
			want = append(want, fmt.Sprint(m.RoomID, m.Seq))
		}
		slices.Reverse(want)
		all, err := p.Missed(context.Background(), ann, opened, int64(c.since), c.most, c.maxBytes)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			got = append(got, fmt.Sprint(m.Message.RoomID, m.Message.Seq))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v: got %d, want %d: %q, want %q", c, len(got), len(want), got, want)
		}
	}
}

// A client may name any time, and be in many rooms: what it costs is what it is told. Not beside other tests,
// since all that is allocated counts.
func TestFindingWhatWasMissedReadsNoMoreThanIsTold(t *testing.T) {
	engines.OnlySQLite(t)
	p := start(t)
	ann := p.signsUp(t, "ann")
	opened := p.conversations(t, ann, 20, 1000, strings.Repeat("long ", 400), func(seq int) int64 { return int64(seq + 1) })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	all, err := p.Missed(context.Background(), ann, opened, 0, 1000, 1<<19)
	runtime.ReadMemStats(&after)
	if err != nil || len(all) < 200 {
		t.Fatalf("%d, %v", len(all), err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
		t.Errorf("%d MB were used for %d messages", used>>20, len(all))
	}
}
