// Latencies in a fixed amount of memory.

package load

import (
	"math/bits"
	"time"
)

// subBits divides each power of two into 64 parts, so that a latency is known to 1.6 percent.
const subBits = 6

// histogram counts durations. The zero value is empty.
type histogram struct {
	counts [(64 - subBits + 1) << subBits]uint64
	total  uint64
	max    time.Duration
}

func (h *histogram) add(d time.Duration) {
	d = max(d, 0)
	h.counts[bucketOf(uint64(d))]++
	h.total++
	h.max = max(h.max, d)
}

// bucketOf gives small values a bucket each, and sorts larger ones by their highest bits.
func bucketOf(value uint64) int {
	exponent := bits.Len64(value) - subBits - 1
	if exponent <= 0 {
		return int(value)
	}
	return exponent<<subBits + int(value>>exponent)
}

// upperBound is the largest value in a bucket.
func upperBound(bucket int) uint64 {
	if bucket < 2<<subBits {
		return uint64(bucket)
	}
	exponent := bucket>>subBits - 1
	return uint64(bucket-exponent<<subBits+1)<<exponent - 1
}

// at returns a duration that the given share of all durations does not exceed.
func (h *histogram) at(share float64) time.Duration {
	want := uint64(share * float64(h.total))
	var seen uint64
	for bucket, count := range h.counts {
		if seen += count; count > 0 && seen >= want {
			return min(time.Duration(upperBound(bucket)), h.max)
		}
	}
	return h.max
}

// Latency is the distribution of times from send to receive, in milliseconds.
type Latency struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`
}

func (h *histogram) latency() Latency {
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	return Latency{ms(h.at(0.50)), ms(h.at(0.95)), ms(h.at(0.99)), ms(h.max)}
}
