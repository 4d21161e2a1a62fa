// Tallies: counting things of a few kinds, and counting down in a map.

package count

import "sync/atomic"

// Tally counts things by kind. The kinds are fixed when it is made, so it cannot grow and needs no lock.
// Things of any other kind are counted under the zero value. It is safe from any goroutine.
type Tally[K comparable] struct {
	counts map[K]*atomic.Int64
}

// NewTally makes a tally for these kinds.
func NewTally[K comparable](kinds []K) *Tally[K] {
	var other K
	t := &Tally[K]{counts: map[K]*atomic.Int64{other: {}}}
	for _, kind := range kinds {
		t.counts[kind] = &atomic.Int64{}
	}
	return t
}

// Add counts one more thing of a kind.
func (t *Tally[K]) Add(kind K) {
	count := t.counts[kind]
	if count == nil {
		var other K
		count = t.counts[other]
	}
	count.Add(1)
}

// Read returns the counts as they are now.
func (t *Tally[K]) Read() map[K]int64 {
	counts := make(map[K]int64, len(t.counts))
	for kind, count := range t.counts {
		counts[kind] = count.Load()
	}
	return counts
}

// Down lowers the count of a key by one, and deletes the key when its count is 0. The caller guards the map.
func Down[K comparable](counts map[K]int, key K) {
	if counts[key]--; counts[key] <= 0 {
		delete(counts, key)
	}
}
