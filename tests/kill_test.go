// A server that is killed again and again while people write.

package tests

import (
	"fmt"
	"math"
	"path/filepath"
	"sync"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/store"
	"parley/tests/harness"
)

// Whatever was acknowledged survives being killed at any moment.
func TestWhatWasAcknowledgedSurvivesBeingKilled(t *testing.T) {
	t.Parallel()
	const rounds, writers, acks = 10, 8, 60
	data := filepath.Join(t.TempDir(), "data")
	limits := []string{"--messages-per-second=100000", "--messages-burst=100000", "--log-level=error"}
	p := harness.StartIn(t, data, limits...)
	ann := p.SetUp(t)
	rooms := []chat.RoomID{ann.Room(t, "general").ID, ann.Creates(t, chat.Private, "a").ID, ann.Creates(t, chat.Private, "b").ID}
	var mu sync.Mutex
	acked := map[chat.ClientID]chat.MessageSent{}
	var unknown []chat.MessageSend
	for round := range rounds {
		var under sync.WaitGroup
		enough := make(chan struct{})
		count := 0
		for w := range writers {
			under.Go(func() {
				for i := 0; ; i++ {
					send := chat.MessageSend{RoomID: rooms[(w+i)%len(rooms)], Draft: chat.Draft{
						ClientID: chat.NewClientID(), Body: fmt.Sprintf("round %d writer %d message %d", round, w, i),
					}}
					sent, err := ann.Sends(send)
					mu.Lock()
					if err != nil {
						unknown = append(unknown, send)
						mu.Unlock()
						return
					}
					acked[send.ClientID] = sent
					if count++; count == acks {
						close(enough)
					}
					mu.Unlock()
				}
			})
		}
		<-enough
		p.Kill()
		under.Wait()
		p = harness.StartIn(t, data, limits...)
		ann = ann.On(p)
	}
	// What is not known is sent again, and is there once.
	for _, send := range unknown {
		sent, err := ann.Sends(send)
		if err != nil {
			t.Fatal(err)
		}
		acked[send.ClientID] = sent
	}
	p.Kill()

	p.CheckNumbers(t)
	stored := map[chat.ClientID]chat.Message{}
	err := store.Peek(p.Database(), func(tx *store.Tx) error {
		for _, room := range rooms {
			messages, err := tx.MessagesAfter(room, 0, 1_000_000, math.MaxInt)
			if err != nil {
				return err
			}
			for _, m := range messages {
				stored[m.ClientID] = m
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if !engines.OnPostgres() {
		checkFile(t, p)
	}
	if len(acked) < rounds*acks || len(stored) != len(acked) {
		t.Errorf("%d are stored, %d were acknowledged", len(stored), len(acked))
	}
	for id, sent := range acked {
		if m, there := stored[id]; !there || m.RoomID != sent.RoomID || m.Seq != sent.Seq {
			t.Errorf("acknowledged %+v, stored %v %+v", sent, there, m)
		}
	}
}

// checkFile has SQLite check the structure of its file, and the references between rows.
func checkFile(t *testing.T, p *harness.Program) {
	t.Helper()
	var verdict string
	if harness.Query(t, p.Database(), `PRAGMA integrity_check`, &verdict); verdict != "ok" {
		t.Errorf("integrity_check: %q", verdict)
	}
	var broken int
	if harness.Query(t, p.Database(), `SELECT count(*) FROM pragma_foreign_key_check`, &broken); broken != 0 {
		t.Errorf("%d foreign keys are violated", broken)
	}
}
