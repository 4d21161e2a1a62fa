package count

import (
	"slices"
	"testing"
)

func TestAHistogramPutsAValueIntoTheBucketOfItsBound(t *testing.T) {
	t.Parallel()
	h := NewHistogram(1, 10, 100)
	for _, value := range []int64{0, 1, 2, 10, 11, 100, 101, 1 << 40} {
		h.Observe(value)
	}
	got := h.Read()
	if want := []int64{2, 2, 2, 2}; !slices.Equal(got.Counts, want) {
		t.Errorf("got %v, want %v", got.Counts, want)
	}
	if want := int64(0 + 1 + 2 + 10 + 11 + 100 + 101 + 1<<40); got.Sum != want {
		t.Errorf("got the sum %d, want %d", got.Sum, want)
	}
}
