// Package budget bounds the bytes that wait to be read by everybody together. When there are more, it cuts off
// those who have the most waiting.
package budget

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Reader is somebody for whom bytes wait.
type Reader interface {
	// Waiting returns how many bytes wait for this reader. It must not wait for anything.
	Waiting() int
	// CutSlow ends the reader's connection and gives the bytes back, now or soon. It must not wait for
	// anything, and may be called more than once.
	CutSlow()
}

// Budget is one total of bytes. Its methods are safe from any goroutine.
//
// Whoever has the most waiting is cut first. That frees the most with the fewest cut, it cannot hit somebody
// who reads, since for them next to nothing waits, and those who share the same events have the more waiting
// the slower they are.
type Budget struct {
	limit int64
	used  atomic.Int64

	cutting sync.Mutex // held by whoever cuts; nobody waits for it

	mu      sync.Mutex // guards readers; held for map work only
	readers map[Reader]struct{}
}

// New makes a budget of so many bytes.
func New(limit int64) *Budget {
	return &Budget{limit: limit, readers: map[Reader]struct{}{}}
}

// Limit returns the total.
func (b *Budget) Limit() int64 { return b.limit }

// Used returns how many bytes are taken.
func (b *Budget) Used() int64 { return b.used.Load() }

// Join adds a reader who may be cut. Leave must be called at the end.
func (b *Budget) Join(r Reader) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.readers[r] = struct{}{}
}

// Leave removes a reader.
func (b *Budget) Leave(r Reader) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.readers, r)
}

// Add takes bytes that are there already, such as an event for many, even beyond the limit. The caller must
// call Relieve afterwards, when it holds no lock of a reader. A negative number gives bytes back.
func (b *Budget) Add(bytes int) { b.used.Add(int64(bytes)) }

// How long Take waits for those who were cut to give back what they had, and how often it looks.
const (
	takeWait = 2 * time.Second
	takeLook = 5 * time.Millisecond
)

// Take takes bytes for something new. Beyond the limit it first cuts the slowest readers, and waits a moment
// for what they give back; when there is still no room it takes nothing and returns false. The caller must
// hold no lock of a reader.
func (b *Budget) Take(bytes int) bool {
	for start := time.Now(); ; {
		if b.used.Add(int64(bytes)) <= b.limit {
			return true
		}
		b.Relieve()
		if b.used.Load() <= b.limit {
			return true
		}
		b.used.Add(int64(-bytes))
		if int64(bytes) > b.limit || time.Since(start) >= takeWait {
			return false
		}
		<-time.After(takeLook)
	}
}

// Relieve cuts the slowest readers when more bytes are taken than may be. It makes a little room, so that it
// is not called again for the next few bytes. When it is running already it returns at once.
func (b *Budget) Relieve() {
	if b.used.Load() <= b.limit || !b.cutting.TryLock() {
		return
	}
	defer b.cutting.Unlock()
	type slow struct {
		reader  Reader
		waiting int
	}
	var all []slow
	b.mu.Lock()
	for r := range b.readers {
		all = append(all, slow{reader: r})
	}
	b.mu.Unlock()
	for i := range all {
		all[i].waiting = all[i].reader.Waiting()
	}
	slices.SortFunc(all, func(x, y slow) int { return cmp.Compare(y.waiting, x.waiting) })
	enough := b.limit - b.limit/16
	expected := b.used.Load() // what is being written is given back only when the connection has ended
	for _, one := range all {
		if one.waiting == 0 || min(expected, b.used.Load()) <= enough {
			return
		}
		one.reader.CutSlow()
		expected -= int64(one.waiting)
	}
}
