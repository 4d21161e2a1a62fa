package harness

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Plain opens a socket that asks for no subprotocol: it speaks in the gateway's names. It waits for nothing. header
// replaces what a browser would send.
func (who *Person) Plain(t testing.TB, header http.Header) *Sock {
	t.Helper()
	s, resp, err := who.Upgrade(header)
	if err != nil {
		t.Fatalf("upgrade: %v (%v)", err, resp)
	}
	t.Cleanup(func() { s.Conn.Close() })
	return s
}

// WithToken is a header for a socket that is signed in with a token.
func WithToken(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// Emit sends an event as a client of a gateway does, and asks for no answer.
func (s *Sock) Emit(t testing.TB, event, data string) {
	t.Helper()
	s.SendRaw(t, fmt.Sprintf(`{"event":%q,"data":%s}`, event, data))
}

// IsTold waits for an event and compares what it says, but for its time.
func (s *Sock) IsTold(t testing.TB, event, want string) {
	t.Helper()
	var got map[string]any
	s.ExpectInto(t, event, &got)
	if at, ok := got["at"].(float64); ok {
		if at < 1.7e12 {
			t.Errorf("%s: at is %v", event, at)
		}
		delete(got, "at")
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != want {
		t.Errorf("%s: got %s, want %s", event, text, want)
	}
}

// Held lists the names of the events that have come and that no test has asked for.
func (s *Sock) Held() []string { return names(s.held) }

// Poller is a client of Socket.IO that polls.
type Poller struct {
	who *Person
	sid string
}

// Polls opens a session and asks for the namespace /chat. query is added to the address of the handshake, auth is
// what the client says of itself.
func (who *Person) Polls(t testing.TB, query, auth string) *Poller {
	t.Helper()
	status, body := who.Try(t, http.MethodGet, "/socket.io/?EIO=4&transport=polling"+query, nil)
	_, rest, found := strings.Cut(string(body), `"sid":"`)
	if status != http.StatusOK || !found {
		t.Fatalf("got status %d: %s", status, body)
	}
	sid, _, _ := strings.Cut(rest, `"`)
	p := &Poller{who, sid}
	p.Sends(t, "40/chat,"+auth)
	return p
}

// Path is the address that the client polls.
func (p *Poller) Path() string { return "/socket.io/?EIO=4&transport=polling&sid=" + p.sid }

// Sends sends packets.
func (p *Poller) Sends(t testing.TB, packets string) {
	t.Helper()
	if status, body := p.who.Try(t, http.MethodPost, p.Path(), packets); status != http.StatusOK {
		t.Fatalf("got status %d: %s", status, body)
	}
}

// Wants polls until so many packets have come, each with what it has to hold.
func (p *Poller) Wants(t testing.TB, all ...string) {
	t.Helper()
	var got []string
	for len(got) < len(all) {
		status, body := p.who.Try(t, http.MethodGet, p.Path(), nil)
		if status != http.StatusOK {
			t.Fatalf("got status %d: %s, after %q", status, body, got)
		}
		got = append(got, strings.Split(string(body), "\x1e")...)
	}
	for i, want := range all {
		if !strings.Contains(got[i], want) {
			t.Errorf("got %q, want %q", got[i], want)
		}
	}
	if len(got) > len(all) {
		t.Errorf("got %q, want no more than %q", got, all)
	}
}
