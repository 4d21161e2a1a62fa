package budget

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// reader is a Reader that gives its bytes back when it is cut, at once or later.
type reader struct {
	b    *Budget
	name string
	late bool

	mu      sync.Mutex
	waiting int
	cut     bool
}

func (r *reader) Waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waiting
}

func (r *reader) CutSlow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cut = true; !r.late {
		r.b.Add(-r.waiting)
		r.waiting = 0
	}
}

func readers(b *Budget, waiting map[string]int, late bool) map[string]*reader {
	all := map[string]*reader{}
	for name, bytes := range waiting {
		all[name] = &reader{b: b, name: name, waiting: bytes, late: late}
		b.Join(all[name])
		b.Add(bytes)
	}
	return all
}

func cut(all map[string]*reader) (names []string) {
	for name, r := range all {
		if r.cut {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestTheSlowestAreCutUntilItFits(t *testing.T) { synctest.Test(t, cutsTheSlowest) }

func cutsTheSlowest(t *testing.T) {
	b := New(1600)
	all := readers(b, map[string]int{"a": 500, "b": 600, "c": 400, "d": 1, "idle": 0}, false)
	if !b.Take(90) || cut(all) != nil {
		t.Fatalf("cut %q within the budget of %d, used %d", cut(all), b.Limit(), b.Used())
	}
	if !b.Take(600) || !slices.Equal(cut(all), []string{"a", "b"}) {
		t.Errorf("cut %q, used %d", cut(all), b.Used())
	}
	if got := b.Used(); got != 400+1+90+600 {
		t.Errorf("used %d", got)
	}
	b.Leave(all["c"])
	if b.Take(2000) || cut(all)[len(cut(all))-1] != "d" || all["c"].cut {
		t.Errorf("took more than there is, or cut %q", cut(all))
	}
	if got := b.Used(); got != 400+90+600 {
		t.Errorf("used %d after a refusal", got)
	}
}

// Bytes that are being written come back only when the connection has ended: nobody else is cut meanwhile.
func TestNobodyElseIsCutWhileBytesAreOnTheirWayBack(t *testing.T) {
	synctest.Test(t, waitsForWhatComesBack)
}

func waitsForWhatComesBack(t *testing.T) {
	b := New(1600)
	all := readers(b, map[string]int{"a": 900, "b": 700}, true)
	b.Add(50)
	b.Relieve()
	if !slices.Equal(cut(all), []string{"a"}) {
		t.Errorf("cut %q", cut(all))
	}
	if b.Take(1) {
		t.Error("took more than there is")
	}
	time.AfterFunc(takeWait/2, func() {
		all["a"].mu.Lock()
		defer all["a"].mu.Unlock()
		b.Add(-all["a"].waiting)
		all["a"].waiting = 0
	})
	if !b.Take(500) || !slices.Equal(cut(all), []string{"a"}) {
		t.Errorf("did not wait for what came back, or cut %q", cut(all))
	}
}

func TestManyTakeAndGiveAtOnce(t *testing.T) {
	b := New(1000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				r := &reader{b: b}
				b.Join(r)
				if b.Take(300) {
					r.mu.Lock()
					r.waiting = 300
					r.mu.Unlock()
				}
				b.Leave(r)
				r.CutSlow()
			}
		})
	}
	wg.Wait()
	if b.Used() != 0 || len(b.readers) != 0 {
		t.Errorf("%d bytes and %d readers are left", b.Used(), len(b.readers))
	}
}
