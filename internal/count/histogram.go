// Package count counts for the metrics: values by size, and things by kind. Adding costs a few atomic additions;
// reading disturbs nobody.
package count

import (
	"slices"
	"sync/atomic"
)

// Histogram sorts values by size. It is safe from any goroutine.
type Histogram struct {
	bounds []int64        // rising; a value is in the first bucket whose bound is not below it
	counts []atomic.Int64 // one more than bounds: the last is of what is above them all
	sum    atomic.Int64
}

// NewHistogram makes one whose bounds rise.
func NewHistogram(bounds ...int64) *Histogram {
	return &Histogram{bounds: bounds, counts: make([]atomic.Int64, len(bounds)+1)}
}

// Observe adds a value.
func (h *Histogram) Observe(value int64) {
	bucket, _ := slices.BinarySearch(h.bounds, value)
	h.counts[bucket].Add(1)
	h.sum.Add(value)
}

// Buckets are what a histogram held at one moment.
type Buckets struct {
	Bounds []int64 // rising, inclusive
	Counts []int64 // in each bucket; the last is of what is above all bounds
	Sum    int64
}

// Read gives the histogram as it is now.
func (h *Histogram) Read() Buckets {
	as := Buckets{Bounds: h.bounds, Counts: make([]int64, len(h.counts)), Sum: h.sum.Load()}
	for i := range h.counts {
		as.Counts[i] = h.counts[i].Load()
	}
	return as
}
