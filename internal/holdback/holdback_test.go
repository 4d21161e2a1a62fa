package holdback

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/internal/ratelimit"
)

// bounds are those of the tests: four refusals at once, and four a second.
var bounds = Bounds{AtOnce: 4, ASecond: 4, Longest: time.Second, OfOne: 8, InAll: 12, Keys: 100}

// waits asks once and checks how long it took, and whether it was answered.
func waits(t *testing.T, what string, h *Holdback, key string, want time.Duration, wantOK bool) {
	t.Helper()
	began := time.Now()
	_, ok := h.Wait(t.Context(), key)
	if took := time.Since(began); took != want || ok != wantOK {
		t.Errorf("%s: got %v after %v, want %v after %v", what, ok, took, wantOK, want)
	}
}

// Whoever is refused now and then does not wait; whoever goes on gets as many refusals a second as there are, and
// is forgiven after a pause. Nobody else waits.
func TestWhoGoesOnWaitsForTheRefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(bounds, time.Now)
		for range 10 {
			waits(t, "now and then", h, "ann", 0, true)
			time.Sleep(250 * time.Millisecond)
		}
		time.Sleep(time.Second)
		for range bounds.AtOnce {
			waits(t, "the first", h, "mallory", 0, true)
		}
		for range 20 {
			waits(t, "one that goes on", h, "mallory", 250*time.Millisecond, true)
		}
		waits(t, "somebody else", h, "ann", 0, true)
		time.Sleep(time.Second)
		waits(t, "after a pause", h, "mallory", 0, true)
	})
}

// Eight at once go on for ten seconds: each waits at most a second, so they get eight a second.
func TestManyAtOnceWaitALittleEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(bounds, time.Now)
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		var all sync.WaitGroup
		var mu sync.Mutex
		answered := 0
		for range bounds.OfOne {
			all.Go(func() {
				for ctx.Err() == nil {
					began := time.Now()
					if _, ok := h.Wait(ctx, "mallory"); !ok || time.Since(began) > bounds.Longest {
						t.Errorf("got %v after %v", ok, time.Since(began))
					}
					mu.Lock()
					answered++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if most := bounds.AtOnce + (bounds.OfOne+4)*11; answered > most {
			t.Errorf("%d were answered in 10 s, want at most %d", answered, most)
		}
		if h.Counts().Held != 0 || len(h.keys) != 0 {
			t.Errorf("%d are still held back, of %v", h.Counts().Held, h.keys)
		}
	})
}

func TestRefusalsHeldBackAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(bounds, time.Now)
		var all sync.WaitGroup
		fill := func(key string, n int) {
			for range bounds.AtOnce + n {
				all.Go(func() { h.Wait(t.Context(), key) })
			}
			synctest.Wait()
		}
		fill("mallory", bounds.OfOne)
		waits(t, "one more of mallory's", h, "mallory", 0, false)
		fill("mia", bounds.InAll-bounds.OfOne)
		waits(t, "one more of all", h, "mia", 0, false)
		waits(t, "who goes on nowhere", h, "ann", 0, true)
		if got, want := h.Counts(), (Counts{Held: bounds.InAll, Ever: int64(bounds.InAll), Dropped: 2}); got != want {
			t.Errorf("counted %+v, want %+v", got, want)
		}
		all.Wait()
		if h.Counts().Held != 0 || len(h.keys) != 0 {
			t.Errorf("%d are still held back, of %v", h.Counts().Held, h.keys)
		}
	})
}

// What is held back ends with its caller, and all of it when the server stops; then nothing is held back any more.
func TestWhatIsHeldBackEndsWithItsCallerAndWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := New(bounds, time.Now)
		var all sync.WaitGroup
		began := time.Now()
		ctx, end := context.WithCancel(t.Context())
		for range bounds.AtOnce + 4 {
			all.Go(func() { h.Wait(ctx, "mallory") })
		}
		synctest.Wait()
		end()
		all.Wait()
		for range bounds.OfOne {
			all.Go(func() { h.Wait(t.Context(), "mallory") })
		}
		synctest.Wait()
		h.Stop()
		h.Stop()
		all.Wait()
		for range 100 {
			waits(t, "while the server stops", h, "mallory", 0, true)
		}
		if took := time.Since(began); took != 0 || h.Counts().Held != 0 {
			t.Errorf("it took %v, and %d are held back", took, h.Counts().Held)
		}
	})
}

// A bucket that owes is limited too: nobody waits for longer than Longest, and a pause of as long as the bucket
// takes twice forgives everything.
func TestNobodyOwesWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := ratelimit.New(1, 5, 10, time.Now)
		for range 100 {
			l.Take("mallory", 3)
		}
		if owes := l.Take("mallory", 1); owes != 5*time.Second {
			t.Errorf("owes %v, want a whole bucket", owes)
		}
		time.Sleep(5*time.Second - 1)
		if ok, _ := l.Allow("mallory"); ok {
			t.Error("a bucket that owes allows")
		}
		time.Sleep(time.Second + 1)
		if ok, _ := l.Allow("mallory"); !ok {
			t.Error("a bucket that owes nothing does not allow")
		}
	})
}
