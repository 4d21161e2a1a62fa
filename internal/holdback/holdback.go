// Package holdback has whoever goes on after being refused wait for the next refusal. A refusal costs the server
// nearly as much as a small answer, and its sender nothing: whoever does not wait as they were told would keep
// the server busy with refusing. So each key, such as a person, has a few refusals at once and some a second;
// beyond that a refusal is held back until it is due. What a key is and how an answer is held is for its callers.
package holdback

import (
	"context"
	"sync"
	"time"

	"parley/internal/ratelimit"
)

// Bounds say how many refusals are answered, and how many wait. As many as are answered at once must take at least
// Longest to come back.
type Bounds struct {
	AtOnce  int           // refusals of one key that are answered at once, after a pause
	ASecond float64       // that become due in a second
	Longest time.Duration // that a refusal is held back, however many wait
	OfOne   int           // refusals of one key that are held back at a time
	InAll   int           // of all keys together
	Keys    int           // that are remembered
}

// Holdback holds refusals back. Its methods are safe from any goroutine, and it starts none.
type Holdback struct {
	bounds  Bounds
	due     *ratelimit.Limiter
	stopped chan struct{}
	stop    func()

	mu            sync.Mutex // guards everything below
	held          int
	ever, dropped int64
	keys          map[string]int // how many are held back, by key
}

// Counts is what came to pass. It is read at one moment.
type Counts struct {
	Held    int   // refusals that are held back now
	Ever    int64 // that were held back, those of now included
	Dropped int64 // that were not, since too many waited: their connections were ended
}

// New makes a Holdback with its bounds; now is its clock.
func New(bounds Bounds, now func() time.Time) *Holdback {
	stopped := make(chan struct{})
	return &Holdback{
		bounds: bounds, due: ratelimit.New(bounds.ASecond, bounds.AtOnce, bounds.Keys, now),
		stopped: stopped, stop: sync.OnceFunc(func() { close(stopped) }), keys: map[string]int{},
	}
}

// Wait waits until a refusal of a key is due: not at all for the first few, and never longer than Bounds.Longest.
// It ends early when ctx does. It returns how long the refusal was to wait: 0 also once Stop was called. ok is
// false when too many wait already: then Wait did not wait, and the caller should end the connection.
func (h *Holdback) Wait(ctx context.Context, key string) (held time.Duration, ok bool) {
	held = min(h.due.Take(key, 1), h.bounds.Longest)
	if held == 0 {
		return 0, true
	}
	if !h.enter(key) {
		return 0, false
	}
	defer h.leave(key)
	timer := time.NewTimer(held)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-h.stopped:
		return 0, true
	}
	return held, true
}

// Stop lets go all that is held back. From then on nothing is.
func (h *Holdback) Stop() { h.stop() }

// Counts reads the counts.
func (h *Holdback) Counts() Counts {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Counts{Held: h.held, Ever: h.ever, Dropped: h.dropped}
}

func (h *Holdback) enter(key string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held >= h.bounds.InAll || h.keys[key] >= h.bounds.OfOne {
		h.dropped++
		return false
	}
	h.held++
	h.ever++
	h.keys[key]++
	return true
}

func (h *Holdback) leave(key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held--
	if h.keys[key]--; h.keys[key] == 0 {
		delete(h.keys, key)
	}
}
