package harness

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Plain opens a socket without a subprotocol, as a plain WebSocket client of a NestJS gateway does.
func (who *Person) Plain(t testing.TB) *Sock {
	t.Helper()
	s, resp, err := who.Upgrade(http.Header{"Origin": {who.Origin}})
	if err != nil {
		t.Fatalf("upgrade: %v (%v)", err, resp)
	}
	t.Cleanup(func() { s.Conn.Close() })
	return s
}

// Emit sends an event as a gateway's client does, and asks for no answer.
func (s *Sock) Emit(t testing.TB, event, data string) {
	t.Helper()
	s.SendRaw(t, fmt.Sprintf(`{"event":%q,"data":%s}`, event, data))
}

// IsTold waits for an event and compares what it says, except for its time.
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
	if text := AsJSON(t, got); text != want {
		t.Errorf("%s: got %s, want %s", event, text, want)
	}
}

// Handshake is the address at which a Socket.IO client that polls opens a session.
const Handshake = "/socket.io/?EIO=4&transport=polling"

// Poller is a Socket.IO client that polls.
type Poller struct {
	who  *Person
	Path string   // of its session
	came []string // packets that no test has asked for yet
}

// Polls opens a session and asks for the gateway's namespace. query is added to the address of the handshake;
// auth is what the client says of itself, as JSON.
func (who *Person) Polls(t testing.TB, query, auth string) *Poller {
	t.Helper()
	status, body := who.Try(t, http.MethodGet, Handshake+query, nil)
	_, packet, _ := strings.Cut(string(body), "0")
	var open struct {
		SID string `json:"sid"`
	}
	if err := json.Unmarshal([]byte(packet), &open); status != http.StatusOK || err != nil || open.SID == "" {
		t.Fatalf("got status %d: %s", status, body)
	}
	p := &Poller{who: who, Path: Handshake + "&sid=" + open.SID}
	t.Cleanup(func() {
		if len(p.came) > 0 && !t.Failed() {
			t.Errorf("got %q, which nobody wanted", p.came)
		}
	})
	p.Send(t, "40/chat,"+auth)
	return p
}

// Send posts one packet.
func (p *Poller) Send(t testing.TB, packet string) {
	t.Helper()
	if status, body := p.who.Try(t, http.MethodPost, p.Path, packet); status != http.StatusOK {
		t.Fatalf("got status %d: %s", status, body)
	}
}

// Wants polls until as many packets have come as are wanted, and checks that each holds its text. One poll brings as
// many packets as there are by then: those that come with them are for the next Wants, and somebody has to want them.
func (p *Poller) Wants(t testing.TB, all ...string) {
	t.Helper()
	for len(p.came) < len(all) {
		status, body := p.who.Try(t, http.MethodGet, p.Path, nil)
		if status != http.StatusOK {
			t.Fatalf("got status %d: %s, after %q", status, body, p.came)
		}
		p.came = append(p.came, strings.Split(string(body), "\x1e")...)
	}
	for i, want := range all {
		if !strings.Contains(p.came[i], want) {
			t.Errorf("got %q, want %q", p.came[i], want)
		}
	}
	p.came = p.came[len(all):]
}

// IsOver fails the test unless the next poll is refused, by which a client knows that its session has ended.
func (p *Poller) IsOver(t testing.TB) {
	t.Helper()
	if status, body := p.who.Try(t, http.MethodGet, p.Path, nil); status != http.StatusBadRequest {
		t.Errorf("got status %d: %s", status, body)
	}
}
