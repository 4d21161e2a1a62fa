package load

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestQuantilesAreKnownToTwoPercent(t *testing.T) {
	t.Parallel()
	var h histogram
	var all []time.Duration
	random := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		d := time.Duration(random.ExpFloat64() * float64(time.Millisecond))
		all = append(all, d)
		h.add(d)
	}
	slices.Sort(all)
	for _, share := range []float64{0.01, 0.5, 0.95, 0.99, 0.9999} {
		want := all[int(share*float64(len(all)))-1]
		if got := h.at(share); got < want || float64(got) > 1.02*float64(want) {
			t.Errorf("%v: got %v, want %v or little more", share, got, want)
		}
	}
	if got, want := h.at(1), all[len(all)-1]; got != want {
		t.Errorf("max: got %v, want %v", got, want)
	}
}

func TestEveryDurationHasABucketThatHoldsIt(t *testing.T) {
	t.Parallel()
	last := -1
	for shift := range 63 {
		for _, value := range []uint64{1<<shift - 1, 1 << shift, 1<<shift + 1} {
			bucket := bucketOf(value)
			if upperBound(bucket) < value || bucket > 0 && upperBound(bucket-1) >= value {
				t.Errorf("%d is in bucket %d, up to %d", value, bucket, upperBound(bucket))
			}
			last = max(last, bucket)
		}
	}
	var h histogram
	if last >= len(h.counts) {
		t.Errorf("bucket %d of %d", last, len(h.counts))
	}
	h.add(-time.Second)
	h.add(1<<63 - 1)
	if h.total != 2 || h.at(0.5) != 0 || h.at(1) != 1<<63-1 {
		t.Errorf("got %d, %v, %v", h.total, h.at(0.5), h.at(1))
	}
}

func TestNoDurationsHaveNoQuantiles(t *testing.T) {
	t.Parallel()
	var h histogram
	if got := h.latency(); got != (Latency{}) {
		t.Errorf("got %+v", got)
	}
}
