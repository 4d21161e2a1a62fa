package store

import (
	"strings"
	"testing"
	"time"

	"parley/chat"
	"parley/internal/engines"
)

// The texts themselves are not read for it: somebody may have many rooms with the longest messages there can be.
func TestHowMuchARoomHoldsIsToldWithoutReadingIt(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	const short, long = chat.RoomID(101), chat.RoomID(102)
	lengths := map[chat.RoomID]int{short: 10, long: 200_000}
	s.must(t, func(tx *WriteTx) error {
		for room, length := range lengths {
			for seq := int64(1); seq <= measured; seq++ {
				_, err := tx.run(`
					INSERT INTO messages (id, rev, added_rev, author_id, client_id, draft_hash, created_at, html_version, body, html)
					VALUES ($1, $2, $2, 1, randomblob(16), x'00', 0, 0, '', $3)`,
					messageKey(room, seq), seq, strings.Repeat("x", length))
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	took := map[chat.RoomID]time.Duration{}
	for range 20 {
		for room, length := range lengths {
			began := time.Now()
			var bytes int64
			err := s.Read(t.Context(), func(tx *Tx) (err error) {
				bytes, err = tx.roomBytes(room, measured)
				return err
			})
			if err != nil || bytes != measured*int64(length) {
				t.Fatalf("room %d has %d bytes, %v", room, bytes, err)
			}
			if now := time.Since(began); took[room] == 0 || now < took[room] {
				took[room] = now
			}
		}
	}
	if took[long] > 20*took[short] {
		t.Errorf("long messages took %v, and short ones %v", took[long], took[short])
	}
}
