package harness

import (
	"net/http"
	"testing"
	"time"

	"parley/internal/wait"
)

// WithToken is the header of a socket that is signed in with a token.
func WithToken(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// Held lists the names of the events that have come and that the test has not asked for. Settle first.
func (s *Sock) Held() []string { return names(s.held) }

// Unread waits until the socket is closed and lists the names of the events that have come and that nothing
// has waited for.
func (s *Sock) Unread(t testing.TB) []string {
	t.Helper()
	select {
	case <-s.Closed:
	case <-time.After(wait.Patience):
		t.Fatal("the socket is still open")
	}
	list := names(s.held)
	for len(s.events) > 0 {
		list = append(list, (<-s.events).Event)
	}
	return list
}
