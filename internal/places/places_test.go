package places

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// hall is places whose holders have names. It notes who had to go.
type hall struct {
	*Places
	gone []string
}

func (h *hall) takes(t *testing.T, name, address string) *Place {
	t.Helper()
	p := h.Take(address, func() { h.gone = append(h.gone, name) })
	if p == nil {
		t.Fatalf("%s got no place", name)
	}
	return p
}

// went checks who had to go since the last time.
func (h *hall) went(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(h.gone, " "); got != want {
		t.Errorf("these went: %q, want %q", got, want)
	}
	h.gone = nil
}

func TestTheStrangerWhoIsIdleLongestGoes(t *testing.T) {
	t.Parallel()
	h := &hall{Places: New(100, 3, 2)}
	first := h.takes(t, "first", "home")
	second := h.takes(t, "second", "home")
	h.takes(t, "third", "home")
	h.takes(t, "elsewhere", "office")
	first.SetBusy(true)
	first.SetBusy(false) // now it is idle for the shortest time
	h.went(t, "")
	h.takes(t, "fourth", "home")
	h.went(t, "second")
	second.GiveBack() // it does not count any more
	h.takes(t, "fifth", "home")
	h.went(t, "third")
}

func TestABusyStrangerGoesOnlyAfterThoseWhoAreIdle(t *testing.T) {
	t.Parallel()
	h := &hall{Places: New(100, 2, 2)}
	h.takes(t, "busy", "home").SetBusy(true)
	h.takes(t, "idle", "home")
	h.takes(t, "third", "home").SetBusy(true)
	h.went(t, "idle")
	h.takes(t, "fourth", "home")
	h.went(t, "busy")
}

func TestStrangersNeverKeepPeopleOut(t *testing.T) {
	t.Parallel()
	h := &hall{Places: New(5, 3, 2)}
	for n := range 3 {
		h.takes(t, fmt.Sprint("stranger", n), "home")
	}
	for n := range int64(4) { // behind the same address, and more than it has places for strangers
		if !h.takes(t, "person", "home").SignIn(n + 1) {
			t.Errorf("person %d is not let in", n)
		}
	}
	h.went(t, "stranger0 stranger1")
	h.takes(t, "last", "home")
	h.takes(t, "later", "office")
	h.went(t, "stranger2 last")
	if c := h.Counts(); c != (Counts{Held: 5, Addresses: 1, People: 4}) {
		t.Errorf("got %+v", c)
	}
}

func TestWhenPeopleHoldAllPlacesNobodyIsLetIn(t *testing.T) {
	t.Parallel()
	h := &hall{Places: New(2, 3, 2)}
	place := h.takes(t, "ann", "home")
	place.SignIn(1)
	h.takes(t, "bob", "home").SignIn(2)
	if h.Take("home", nil) != nil {
		t.Error("one too many was let in")
	}
	place.GiveBack()
	place.GiveBack() // counts once
	h.takes(t, "carl", "home").SignIn(3)
	if h.Take("home", nil) != nil {
		t.Error("one too many was let in")
	}
}

func TestAPersonHasSoManyPlacesWhereverTheyAre(t *testing.T) {
	t.Parallel()
	h := &hall{Places: New(100, 3, 2)}
	one, two := h.takes(t, "one", "home"), h.takes(t, "two", "office")
	for _, p := range []*Place{one, two} {
		p.SetBusy(true)
		for range 2 { // the second time changes nothing
			if !p.SignIn(1) {
				t.Fatal("refused")
			}
		}
	}
	three := h.takes(t, "three", "train")
	if three.SignIn(1) {
		t.Error("a third place became theirs")
	}
	h.went(t, "")
	one.SetBusy(false)
	if !three.SignIn(1) {
		t.Error("their idle place did not go")
	}
	h.went(t, "one")
	three.SetBusy(true)
	if !two.SignIn(2) || !h.takes(t, "four", "home").SignIn(1) { // a place can become somebody else's
		t.Error("refused")
	}
	if c := h.Counts(); c != (Counts{Held: 3, People: 2}) {
		t.Errorf("got %+v", c)
	}
}

func TestTheAddressOfAProxyCountsForNobody(t *testing.T) {
	t.Parallel()
	h := &hall{Places: New(5, 1, 1)}
	for range 5 {
		if !h.takes(t, "proxied", "").SignIn(1) {
			t.Error("refused")
		}
	}
	if h.Take("home", nil) != nil {
		t.Error("one too many was let in")
	}
	h.went(t, "")
}

func TestNothingIsRememberedOfWhoLeft(t *testing.T) {
	t.Parallel()
	all := New(20, 4, 3)
	var people sync.WaitGroup
	for n := range 50 {
		people.Go(func() {
			for i := range 100 {
				place := all.Take(fmt.Sprint("address", i%3), func() {})
				if place == nil {
					continue
				}
				place.SetBusy(true)
				if i%2 == 0 {
					place.SignIn(int64(n%7 + 1))
				}
				place.SetBusy(false)
				place.GiveBack()
			}
		})
	}
	people.Wait()
	if c := all.Counts(); c != (Counts{}) || all.strangers.len() != 0 {
		t.Errorf("left: %+v, %d strangers", c, all.strangers.len())
	}
}
