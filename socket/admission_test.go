// Who is let in at all: places are counted in all, by the address of strangers, and by person.

package socket

import (
	"errors"
	"net/http"
	"testing"

	"parley/auth"
	"parley/chat"
	"parley/internal/places"
	"parley/internal/wait"
	"parley/rooms"
	"parley/tests/harness"
)

// refusedWith checks that a connection from an address is not let in.
func (h *house) refusedWith(t *testing.T, address string, code int) {
	t.Helper()
	_, err := h.Admit(address, func() {})
	var closing *rooms.CloseError
	if !errors.As(err, &closing) || closing.Code != code {
		t.Errorf("%s: got %v, want to be refused with %d", address, err, code)
	}
}

func TestNobodyIsLetInWhileTheDoorCloses(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	if _, err := h.Admit("one", func() {}); err != nil {
		t.Fatal(err)
	}
	h.shut()
	h.refusedWith(t, "one", chat.CloseRestart)
	if h.begin() {
		t.Error("a request became a socket")
	}
}

// Sockets on which nobody has signed in keep nobody out, not even those behind the same address.
func TestSocketsOfStrangersKeepNobodyOut(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(h *house) { h.limits.SocketsPerAddress, h.limits.Sockets = 3, 6 })
	ann := h.setUp(t)
	people := []*harness.Sock{ann.dial(t)}
	stranger := func() *harness.Sock { return h.program.Visitor(t, "nobody").DialAnyhow(t, http.Header{}) }
	var strangers []*harness.Sock
	for range 10 {
		strangers = append(strangers, stranger())
	}
	for _, s := range strangers[:7] {
		s.ExpectClosed(t, chat.CloseTooMany)
	}
	for range 5 {
		people = append(people, ann.dial(t))
	}
	for _, s := range strangers[7:] {
		s.ExpectClosed(t, chat.CloseTooMany)
	}
	stranger().ExpectClosed(t, chat.CloseLater) // people have all places
	for _, s := range people {
		s.Ask(t, "ping", nil, nil)
	}
	people[0].Conn.Close()
	wait.Until(t, "there is place again", func() bool { return h.places.Counts().Held == 5 })
	stranger().SendRaw(t, "x")
}

// The places of a person are not used up with a login that they have ended.
func TestAnEndedLoginTakesNoPlaceOfThePerson(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(h *house) { h.limits.SocketsPerUser = 1 })
	ann := h.setUp(t)
	ended := h.signIn(t, ann)
	if err := h.actions.SignOut(ended.caller); err != nil {
		t.Fatal(err)
	}
	place, err := h.Admit("home", func() {})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Belongs(t.Context(), place, auth.Credential{Token: ended.Bearer}); err != nil {
		t.Error(err)
	}
	if c := h.places.Counts(); c != (places.Counts{Held: 1, Addresses: 1}) {
		t.Errorf("got %+v", c)
	}
	ann.dial(t).Settle(t)
}
