// Package ratelimit limits how often something may happen for each key, with token buckets in a bounded
// amount of memory. What a key is and what a token stands for is for its callers.
package ratelimit

import (
	"container/heap"
	"fmt"
	"sync"
	"time"
)

// Limiter gives each key a bucket of tokens that refills steadily. Its methods are safe from any goroutine,
// and it starts no goroutine.
//
// A bucket is stored as one time: the moment when it will be full again. Only buckets that are not full need
// to be kept. When all places are taken, the Limiter forgets the full buckets, or else the one that is
// nearest to being full. That forgives the least, and a flood of new keys cannot push out the bucket that
// holds back somebody who guesses passwords.
type Limiter struct {
	refill  time.Duration // how long one token takes to refill
	tokens  int           // in a full bucket
	burst   time.Duration // how long a whole bucket takes to refill
	maxKeys int
	now     func() time.Time

	mu      sync.Mutex // guards everything below
	buckets map[string]*bucket
	fullest byFull
}

type bucket struct {
	key    string
	fullAt time.Time
	most   time.Duration // how long it needs at most, whatever the clock says
	index  int           // the index in Limiter.fullest
}

// New returns a limiter that refills rate tokens a second, up to burst tokens, for at most maxKeys keys. now
// is its clock. New panics when one of the numbers is not positive.
func New(rate float64, burst, maxKeys int, now func() time.Time) *Limiter {
	if !(rate > 0) || burst < 1 || maxKeys < 1 {
		panic(fmt.Sprintf("ratelimit: rate %v, burst %d, maxKeys %d", rate, burst, maxKeys))
	}
	refill := max(time.Duration(float64(time.Second)/rate), 1)
	return &Limiter{
		refill:  refill,
		tokens:  burst,
		burst:   refill * time.Duration(burst),
		maxKeys: maxKeys,
		now:     now,
		buckets: map[string]*bucket{},
	}
}

// Allow takes a token. When there is none it takes nothing, and returns how long until there is one.
func (l *Limiter) Allow(key string) (ok bool, retryAfter time.Duration) { return l.AllowMany(key, 1) }

// AllowMany takes n tokens. When there are fewer it takes none, and returns how long until there are n. It
// never allows more than a whole bucket; it always allows none.
func (l *Limiter) AllowMany(key string, n int) (ok bool, retryAfter time.Duration) {
	if n <= 0 {
		return true, 0
	}
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

// Take takes n tokens also when there are fewer. Then the bucket owes the rest, but never more than another whole
// bucket, and allows nothing until that has come back. Take returns how long that is.
func (l *Limiter) Take(key string, n int) (owes time.Duration) {
	if n <= 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	missing := min(l.missingLocked(key, now)+time.Duration(n)*l.refill, 2*l.burst)
	l.setLocked(key, now, missing)
	return max(0, missing-l.burst)
}

// Burst is how many tokens a full bucket has.
func (l *Limiter) Burst() int { return l.tokens }

// GiveBack returns n tokens that Allow or AllowMany took.
func (l *Limiter) GiveBack(key string, n int) {
	if n <= 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.setLocked(key, now, l.missingLocked(key, now)-time.Duration(n)*l.refill)
}

// missingLocked returns how long the key's bucket needs until it is full. It never returns more than an empty
// bucket needs, and what it owes, so that a clock that was set back locks nobody out.
func (l *Limiter) missingLocked(key string, now time.Time) time.Duration {
	b := l.buckets[key]
	if b == nil {
		return 0
	}
	return min(max(b.fullAt.Sub(now), 0), b.most)
}

// setLocked stores how long the key's bucket needs until it is full. It forgets a full bucket.
func (l *Limiter) setLocked(key string, now time.Time, missing time.Duration) {
	b := l.buckets[key]
	switch {
	case missing <= 0:
		if b != nil {
			l.forgetLocked(b)
		}
	case b != nil:
		b.fullAt, b.most = now.Add(missing), max(l.burst, missing)
		heap.Fix(&l.fullest, b.index)
	default:
		l.makeRoomLocked(now)
		b = &bucket{key: key, fullAt: now.Add(missing), most: max(l.burst, missing)}
		l.buckets[key] = b
		heap.Push(&l.fullest, b)
	}
}

// makeRoomLocked makes room for one bucket when all places are taken. It forgets every full bucket, so that
// it is rarely needed again, or else the bucket nearest to being full.
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

// byFull is a heap of buckets. The bucket that will be full first is on top.
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
