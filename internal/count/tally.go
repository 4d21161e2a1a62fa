package count

import "sync/atomic"

// Tally counts things of a few kinds, which are known beforehand: so there are never more of them, and
// no lock is needed. All others are counted under the zero value. It is safe from any goroutine.
type Tally[K comparable] struct {
	counts map[K]*atomic.Int64
}

// NewTally makes one for those kinds.
func NewTally[K comparable](kinds []K) *Tally[K] {
	var other K
	t := &Tally[K]{counts: map[K]*atomic.Int64{other: {}}}
	for _, kind := range kinds {
		t.counts[kind] = &atomic.Int64{}
	}
	return t
}

// Add counts one more of a kind.
func (t *Tally[K]) Add(kind K) {
	count := t.counts[kind]
	if count == nil {
		var other K
		count = t.counts[other]
	}
	count.Add(1)
}

// Read gives the counts as they are now.
func (t *Tally[K]) Read() map[K]int64 {
	counts := make(map[K]int64, len(t.counts))
	for kind, count := range t.counts {
		counts[kind] = count.Load()
	}
	return counts
}

// Down counts one less under a key, and forgets a key that nothing is counted under any more.
func Down[K comparable](counts map[K]int, key K) {
	if counts[key]--; counts[key] <= 0 {
		delete(counts, key)
	}
}
