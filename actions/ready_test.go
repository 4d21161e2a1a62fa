package actions

import (
	"context"
	"sync"
	"testing"
	"time"

	"parley/chat"
	"parley/store"
)

func TestAllWhoAskWhetherTheServerCanStoreShareOneProbe(t *testing.T) {
	t.Parallel()
	p := start(t)
	now := time.Now()
	p.now = func() time.Time { return now }
	var mu sync.Mutex
	seen := map[*probe]bool{}
	check := func(when string, want chat.Code, probes int) {
		t.Helper()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				checkError(t, when, p.Ready(t.Context()), want)
				mu.Lock()
				defer mu.Unlock()
				seen[p.newestProbe()] = true
			})
		}
		all.Wait()
		if len(seen) != probes {
			t.Errorf("%s: there were %d probes, want %d", when, len(seen), probes)
		}
	}
	check("at first", "", 1)
	now = now.Add(probeEvery - 1)
	check("a little later", "", 1)
	now = now.Add(1)
	check("when that is old", "", 2)
	p.close()
	check("until that is old", "", 2)
	now = now.Add(probeEvery)
	check("when nothing can be stored", chat.Unavailable, 3)
}

// A disk that hangs is a disk that fails, and what waits for it is one probe, however many ask.
func TestWhoeverAsksDoesNotWaitForADiskThatHangs(t *testing.T) {
	t.Parallel()
	p := start(t)
	hangs, goesOn := make(chan struct{}), make(chan struct{})
	stored := make(chan error, 1)
	p.store.Write(func(*store.WriteTx) error {
		close(hangs)
		<-goesOn
		return nil
	}, func(err error) { stored <- err })
	<-hangs
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	checkError(t, "while it hangs", p.Ready(ctx), chat.Unavailable)
	first := p.newestProbe()
	p.now = func() time.Time { return time.Now().Add(time.Hour) }
	checkError(t, "while it hangs for long", p.Ready(ctx), chat.Unavailable)
	if p.newestProbe() != first {
		t.Error("a second probe waits for the disk")
	}
	close(goesOn)
	if err := <-stored; err != nil {
		t.Error(err)
	}
	checkError(t, "afterwards", p.Ready(t.Context()), "")
}
