// Who is let in at all: connections are counted in all and by their address.

package socket

import (
	"errors"
	"fmt"
	"testing"

	"parley/chat"
	"parley/rooms"
)

// refusedWith checks that a connection from an address is not let in.
func (h *house) refusedWith(t *testing.T, address string, code int) {
	t.Helper()
	err := h.Admit(address)
	var closing *rooms.CloseError
	if !errors.As(err, &closing) || closing.Code != code {
		t.Errorf("%s: got %v, want to be refused with %d", address, err, code)
	}
}

func (h *house) admits(t *testing.T, address string) {
	t.Helper()
	if err := h.Admit(address); err != nil {
		t.Errorf("%s: %v", address, err)
	}
}

func TestConnectionsFromAnAddressAreBounded(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(h *house) { h.limits.SocketsPerAddress, h.limits.Sockets = 3, 5 })
	for range 3 {
		h.admits(t, "one")
	}
	h.refusedWith(t, "one", chat.CloseTooMany)
	h.admits(t, "two")
	h.admits(t, "two")
	h.refusedWith(t, "three", chat.CloseLater) // there are five in all
	h.Dismiss("one")
	h.admits(t, "one")
	h.refusedWith(t, "one", chat.CloseLater)
	for _, address := range []string{"one", "one", "one", "two", "two"} {
		h.Dismiss(address)
	}
	if got := fmt.Sprint(h.admitted, " ", h.addresses); got != "0 map[]" {
		t.Errorf("left: %s", got)
	}
}

func TestNobodyIsLetInWhileTheDoorCloses(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	h.admits(t, "one")
	h.shut()
	h.refusedWith(t, "one", chat.CloseRestart)
	if h.begin() {
		t.Error("a request became a socket")
	}
}
