// Package count has the counters for the metrics: histograms of values, and tallies of things by kind.
// Counting costs a few atomic additions; reading takes no lock. How the counts are shown is for package
// metrics.
package count

import (
	"slices"
	"sync/atomic"
)

// Histogram counts values in buckets by their size. It is safe from any goroutine.
type Histogram struct {
	bounds []int64        // rising; a value is in the first bucket whose bound is not below the value
	counts []atomic.Int64 // one more than bounds: the last bucket has the values above all bounds
	sum    atomic.Int64
}

// NewHistogram makes a histogram with these bounds, which must rise.
func NewHistogram(bounds ...int64) *Histogram {
	return &Histogram{bounds: bounds, counts: make([]atomic.Int64, len(bounds)+1)}
}

// Observe adds a value.
func (h *Histogram) Observe(value int64) {
	bucket, _ := slices.BinarySearch(h.bounds, value)
	h.counts[bucket].Add(1)
	h.sum.Add(value)
}

// Buckets holds the counts of a histogram. While it is read other goroutines may add values, so the counts
// and the sum may differ by these.
type Buckets struct {
	Bounds []int64 // rising, inclusive
	Counts []int64 // how many values are in each bucket; the last has those above all bounds
	Sum    int64   // of all values
}

// Read returns the counts as they are now.
func (h *Histogram) Read() Buckets {
	as := Buckets{Bounds: h.bounds, Counts: make([]int64, len(h.counts)), Sum: h.sum.Load()}
	for i := range h.counts {
		as.Counts[i] = h.counts[i].Load()
	}
	return as
}
