package load

import (
	"math/rand/v2"
	"testing"
)

func TestALaneKnowsWhatIsMissing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		var l lane
		missing := map[int]bool{}
		for range 200 {
			if random.IntN(2) == 0 {
				up := l.next + random.IntN(5)
				for n := l.next; n < up; n++ {
					missing[n] = true
				}
				l.skip(up)
				l.skip(up - 1) // adds nothing
				l.next++
			} else if l.next > 0 {
				n := random.IntN(l.next)
				if got := l.take(n); got != missing[n] {
					t.Fatalf("seed %d: %d was missing: got %v, want %v of %v", seed, n, got, missing[n], l.missing)
				}
				delete(missing, n)
			}
			if l.count() != len(missing) {
				t.Fatalf("seed %d: got %d missing, want %d", seed, l.count(), len(missing))
			}
		}
	}
}

func TestWhoComesBackMayHaveWhatWasSentJustBefore(t *testing.T) {
	t.Parallel()
	var l lane
	l.skip(10)
	l.returned(20)
	for _, c := range []struct {
		number int
		want   bool
	}{{15, true}, {17, true}, {16, false}, {17, false}, {19, true}} {
		if got := l.inOrder(c.number); got != c.want {
			t.Errorf("%d in order: got %v, want %v", c.number, got, c.want)
		}
	}
	l.skip(25)
	if l.inOrder(22) {
		t.Error("22 came after 24 and is in order")
	}
}
