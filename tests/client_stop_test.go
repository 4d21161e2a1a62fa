// A server that is asked to stop again and again while people write.

package tests

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"parley/chat"
	"parley/client"
	"parley/internal/wait"
	"parley/tests/harness"
)

// talks sends messages, a few at a time, until it is enough, and tells of each that was acknowledged.
func talks(
	ctx context.Context, c *client.Client, room chat.RoomID, name string,
	enough <-chan struct{}, acks chan<- string,
) error {
	for i := 0; ; {
		var sending []*client.Delivery
		for range 4 {
			i++
			d, err := c.Queue(chat.MessageSend{RoomID: room, Draft: chat.Draft{Body: fmt.Sprint(name, " says ", i)}})
			if err != nil {
				return err
			}
			sending = append(sending, d)
		}
		for _, d := range sending {
			sent, err := d.Wait(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", d.Message.Body, err)
			}
			acks <- harness.Said(room, sent.Seq, d.Message.Body)
		}
		select {
		case <-enough:
			return nil
		default:
		}
	}
}

// take waits for what another goroutine tells.
func take(t *testing.T, told <-chan string) string {
	t.Helper()
	select {
	case text := <-told:
		return text
	case <-time.After(wait.Patience):
		t.Fatal("nothing came")
		return ""
	}
}

func TestTwentyStopsUnderLoadLoseNothing(t *testing.T) {
	t.Parallel()
	const stops, writers, between, plenty = 20, 6, 50, 1 << 17
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data, harness.Unlimited...)
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Public, "garden").ID
	var at atomic.Value
	at.Store(p.URL)
	heard, acks := make(chan string, plenty), make(chan string, plenty) // nobody who writes waits for us
	listener := openClient(t, p, "ann", &at, func(_ *client.Client, event any) {
		if added, ok := event.(chat.MessageAdded); ok {
			heard <- harness.Said(room, added.Message.Seq, added.Message.Body)
		}
	})
	wait.Until(t, "the listener is there", listener.Online)

	enough := make(chan struct{})
	var writing sync.WaitGroup
	for i := range writers {
		c := openClient(t, p, "ann", &at, nil)
		writing.Go(func() {
			if err := talks(t.Context(), c, room, fmt.Sprint("writer ", i), enough, acks); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(writing.Wait)
	var acked []string
	for range stops {
		for range between {
			acked = append(acked, take(t, acks))
		}
		if err := p.Process().Cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if status := p.Wait(t); status != 0 {
			t.Errorf("status %d: %s", status, p.Stderr.String())
		}
		p = harness.StartIn(t, data, harness.Unlimited...)
		at.Store(p.URL)
	}
	close(enough)
	writing.Wait()
	for len(acks) > 0 {
		acked = append(acked, <-acks)
	}
	isWhole(t, ann.On(p).Log(t, room), acked, heard)
}

// isWhole checks that a room holds what was acknowledged and no more, that each writer's messages are in
// order, and that whoever listens heard it so.
func isWhole(t *testing.T, stored, acked []string, heard <-chan string) {
	t.Helper()
	slices.Reverse(stored) // the newest came first
	last := map[int]int{}
	for _, text := range stored {
		if got := take(t, heard); got != text {
			t.Fatalf("heard %q, want %q", got, text)
		}
		var room, seq, writer, n int
		if _, err := fmt.Sscanf(text, "%d/%d writer %d says %d", &room, &seq, &writer, &n); err != nil {
			t.Fatal(err)
		}
		if n != last[writer]+1 {
			t.Fatalf("%q comes after %d", text, last[writer])
		}
		last[writer] = n
	}
	slices.Sort(stored)
	slices.Sort(acked)
	if !slices.Equal(acked, stored) {
		t.Errorf("%d messages were acknowledged, %d are there", len(acked), len(stored))
	}
}
