// Package ratelimit holds token buckets by key in a bounded amount of memory.
package ratelimit

import (
	"container/heap"
	"fmt"
	"sync"
	"time"
)

// Limiter gives each key a bucket of tokens that refills steadily. Its methods may be called from any
// goroutine; it starts none.
//
// A bucket is one moment: when it will be full again. Only buckets that are not full are worth keeping,
// so when all places are taken, a full one goes first, else the one nearest to being full: forgetting it
// forgives least, and a flood of new keys cannot wash away the bucket that holds back a guesser.
type Limiter struct {
	refill  time.Duration // for one token
	burst   time.Duration // for all of them
	maxKeys int
	now     func() time.Time

	mu      sync.Mutex // guards all below
	buckets map[string]*bucket
	fullest byFull
}

type bucket struct {
	key    string
	fullAt time.Time
	index  int // in Limiter.fullest
}

// New returns a limiter of rate tokens a second and burst tokens at most, for maxKeys keys, on the clock
// now. It panics when one of the numbers is not positive.
func New(rate float64, burst, maxKeys int, now func() time.Time) *Limiter {
	if !(rate > 0) || burst < 1 || maxKeys < 1 {
		panic(fmt.Sprintf("ratelimit: rate %v, burst %d, maxKeys %d", rate, burst, maxKeys))
	}
	refill := max(time.Duration(float64(time.Second)/rate), 1)
	return &Limiter{
		refill:  refill,
		burst:   refill * time.Duration(burst),
		maxKeys: maxKeys,
		now:     now,
		buckets: map[string]*bucket{},
	}
}

// Allow takes a token. When there is none it takes nothing and tells how long until there is one.
func (l *Limiter) Allow(key string) (ok bool, retryAfter time.Duration) { return l.AllowMany(key, 1) }

// AllowMany takes n tokens, or none when there are fewer. More than a whole bucket is never allowed.
func (l *Limiter) AllowMany(key string, n int) (ok bool, retryAfter time.Duration) {
	taken := time.Duration(n) * l.refill
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	missing := l.missingLocked(key, now)
	if wait := missing + taken - l.burst; wait > 0 {
		return false, wait
	}
	l.setLocked(key, now, missing+taken)
	return true, 0
}

// Check answers as Allow would and takes nothing. Two callers may both hear yes about the same token: for
// guesses that run side by side use Allow, and GiveBack after a right one.
func (l *Limiter) Check(key string) (ok bool, retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.missingLocked(key, l.now()) + l.refill - l.burst; wait > 0 {
		return false, wait
	}
	return true, 0
}

// Take takes a token if there is one. It is for what is known only afterwards to count.
func (l *Limiter) Take(key string) {
	l.Allow(key)
}

// GiveBack returns a token that Allow took.
func (l *Limiter) GiveBack(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.setLocked(key, now, l.missingLocked(key, now)-l.refill)
}

// missingLocked is how long the key's bucket needs to be full. A clock that was set back must not lock
// anyone out, so it is never more than an empty bucket needs.
func (l *Limiter) missingLocked(key string, now time.Time) time.Duration {
	b := l.buckets[key]
	if b == nil {
		return 0
	}
	return min(max(b.fullAt.Sub(now), 0), l.burst)
}

func (l *Limiter) setLocked(key string, now time.Time, missing time.Duration) {
	b := l.buckets[key]
	switch {
	case missing <= 0:
		if b != nil {
			l.forgetLocked(b)
		}
	case b != nil:
		b.fullAt = now.Add(missing)
		heap.Fix(&l.fullest, b.index)
	default:
		l.makeRoomLocked(now)
		b = &bucket{key: key, fullAt: now.Add(missing)}
		l.buckets[key] = b
		heap.Push(&l.fullest, b)
	}
}

// makeRoomLocked forgets every full bucket once the places are taken, so that this happens rarely, and
// one that is not full when there is no full one.
func (l *Limiter) makeRoomLocked(now time.Time) {
	if len(l.buckets) < l.maxKeys {
		return
	}
	l.forgetLocked(l.fullest[0])
	for len(l.fullest) > 0 && !l.fullest[0].fullAt.After(now) {
		l.forgetLocked(l.fullest[0])
	}
}

func (l *Limiter) forgetLocked(b *bucket) {
	heap.Remove(&l.fullest, b.index)
	delete(l.buckets, b.key)
}

// byFull is a heap with the bucket that is full first on top.
type byFull []*bucket

func (h byFull) Len() int           { return len(h) }
func (h byFull) Less(i, j int) bool { return h[i].fullAt.Before(h[j].fullAt) }

func (h byFull) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

func (h *byFull) Push(x any) {
	b := x.(*bucket)
	b.index = len(*h)
	*h = append(*h, b)
}

func (h *byFull) Pop() any {
	last := len(*h) - 1
	b := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return b
}
