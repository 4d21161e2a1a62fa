// The harness: a server over real HTTP, and clients that speak the protocol by hand.

package socketio

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"parley/internal/wait"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = wait.Patience // how long a test waits for anything that must come

// calm returns a Config whose times are too long to matter in a test.
func calm() Config {
	return Config{
		PingInterval: time.Hour, PingTimeout: time.Hour, ConnectTimeout: time.Hour,
		MaxPayload: 100_000, OutboxBytes: 1 << 20, Sessions: 10_000,
	}
}

// hasty returns a Config with a heartbeat so fast that tests see it.
func hasty() Config {
	config := calm()
	config.PingInterval, config.PingTimeout = 20*time.Millisecond, 20*time.Millisecond
	return config
}

// asker is the HTTP client of all tests. A poll that nobody answers fails.
var asker = http.Client{Timeout: patience}

// site is a test with its server.
type site struct {
	*testing.T
	host  string
	left  chan struct{} // one element for each session that is over
	serve interface {
		http.Handler
		Close(context.Context) error
		Sessions() int
	}
}

// startEngine starts an Engine whose sessions pass each message to take. The channel gets the end of each
// session.
func startEngine(t *testing.T, config Config, take func(*Session, Message) error) (*site, <-chan ended) {
	t.Helper()
	ends := make(chan ended, 10_000)
	s := newSite(t, &config)
	s.serve = NewEngine(config, func(s *Session) Inbox { return &inbox{s, take, ends} })
	return s.start(), ends
}

type ended struct {
	session *Session
	reason  Reason
}

type inbox struct {
	session *Session
	take    func(*Session, Message) error
	ends    chan<- ended
}

func (i *inbox) Message(m Message) error { return i.take(i.session, m) }
func (i *inbox) Closed(reason Reason)    { i.ends <- ended{i.session, reason} }

// echo sends a message back.
func echo(s *Session, m Message) error {
	s.Send(m)
	return nil
}

// startServer starts a Server with namespaces.
func startServer(t *testing.T, config Config, namespaces map[string]Connect) *site {
	t.Helper()
	s := newSite(t, &config)
	server := New(config)
	for name, connect := range namespaces {
		server.Handle(name, connect)
	}
	s.serve = server
	return s.start()
}

// newSite makes a site, and has Config.Admit report each session that is over to left.
func newSite(t *testing.T, config *Config) *site {
	s := &site{T: t, left: make(chan struct{}, 10_000)}
	admit := config.Admit
	config.Admit = func(r *http.Request) (any, func(), error) {
		if admit == nil {
			return nil, func() { s.left <- struct{}{} }, nil
		}
		handshake, left, err := admit(r)
		return handshake, func() {
			if left != nil {
				left()
			}
			s.left <- struct{}{}
		}, err
	}
	return s
}

func (s *site) start() *site {
	web := httptest.NewServer(s.serve)
	s.host = strings.TrimPrefix(web.URL, "http://")
	s.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.serve.Close(ctx); err != nil {
			s.Error("close:", err)
		}
		if n := s.serve.Sessions(); n > 0 {
			s.Error(n, "sessions are left")
		}
		web.Close()
		asker.CloseIdleConnections()
	})
	return s
}

// receiver is a Receiver made of functions; each may be nil.
type receiver struct {
	event  func(Event)
	closed func(Reason)
}

func (r receiver) Event(e Event) {
	if r.event != nil {
		r.event(e)
	}
}

func (r receiver) Closed(reason Reason) {
	if r.closed != nil {
		r.closed(reason)
	}
}

func (s *site) do(method, query, body string, headers ...string) *http.Response {
	s.Helper()
	request, err := http.NewRequestWithContext(s.Context(), method, "http://"+s.host+"/?"+query, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := asker.Do(request)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { answer.Body.Close() })
	return answer
}

// ask sends a request, and returns the status and the body of the answer.
func (s *site) ask(method, query, body string) (int, string) {
	s.Helper()
	answer := s.do(method, query, body)
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// polled fails the test unless a poll gets this answer.
func (s *site) polled(query, want string) {
	s.Helper()
	if status, text := s.ask(http.MethodGet, query, ""); status != http.StatusOK || text != want {
		s.Fatalf("got %d %q, want %q", status, text, want)
	}
}

// areOver waits until n more sessions are over.
func (s *site) areOver(n int) {
	s.Helper()
	for range n {
		comes(s.T, s.left)
	}
}

func (s *site) posted(query, body string) {
	s.Helper()
	if status, text := s.ask(http.MethodPost, query, body); status != http.StatusOK || text != "ok" {
		s.Fatalf("got %d %q", status, text)
	}
}

// isOver fails the test unless the server no longer knows the session of a query.
func (s *site) isOver(query string) {
	s.Helper()
	if status, text := s.ask(http.MethodGet, query, ""); status != http.StatusBadRequest {
		s.Fatalf("got %d %q", status, text)
	}
}

const (
	byPolling   = "EIO=4&transport=polling"
	byWebSocket = "EIO=4&transport=websocket"
)

// open opens a session by polling. It returns the query for its next requests, and the query for its upgrade.
func (s *site) open() (query, upgrade string) {
	s.Helper()
	status, text := s.ask(http.MethodGet, byPolling, "")
	var opening struct{ SID string }
	if status != http.StatusOK || json.Unmarshal([]byte(text[1:]), &opening) != nil {
		s.Fatal(status, text)
	}
	return byPolling + "&sid=" + opening.SID, byWebSocket + "&sid=" + opening.SID
}

// peer is a client at its end of a WebSocket.
type peer struct {
	*websocket.Conn
	*testing.T
}

func (s *site) dial(query string, headers ...string) *peer {
	s.Helper()
	header := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	c, answer, err := websocket.DefaultDialer.DialContext(s.Context(), "ws://"+s.host+"/?"+query, header)
	if err != nil {
		s.Fatal(err)
	}
	answer.Body.Close()
	s.Cleanup(func() { c.Close() })
	c.SetReadDeadline(time.Now().Add(patience))
	return &peer{c, s.T}
}

// connect opens a session by WebSocket.
func (s *site) connect() *peer {
	s.Helper()
	p := s.dial(byWebSocket)
	p.begins("0{")
	return p
}

// enter opens a session and enters a namespace.
func (s *site) enter(namespace string) *peer {
	s.Helper()
	p := s.connect()
	p.send("40" + namespace)
	p.begins("40")
	return p
}

func (p *peer) send(texts ...string) {
	p.Helper()
	for _, text := range texts {
		if err := p.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			p.Fatal(err)
		}
	}
}

func (p *peer) next() string {
	p.Helper()
	_, text, err := p.ReadMessage()
	if err != nil {
		p.Fatal(err)
	}
	return string(text)
}

func (p *peer) begins(start string) (rest string) {
	p.Helper()
	text := p.next()
	if !strings.HasPrefix(text, start) {
		p.Fatalf("got %q, want %q", text, start)
	}
	return strings.TrimPrefix(text, start)
}

func (p *peer) wants(texts ...string) {
	p.Helper()
	for _, text := range texts {
		if got := p.next(); got != text {
			p.Fatalf("got %q, want %q", got, text)
		}
	}
}

// wantsEnd reads until the connection is closed, and returns the texts that came before that.
func (p *peer) wantsEnd() (texts []string) {
	p.Helper()
	for {
		_, text, err := p.ReadMessage()
		if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
			p.Fatal("it stays open")
		}
		if err != nil {
			return texts
		}
		texts = append(texts, string(text))
	}
}

// comes returns the next value from a channel. It fails the test when none comes within patience.
func comes[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(patience):
		t.Fatal("it does not come")
		panic("unreachable")
	}
}

func values(t *testing.T, of ...any) Data {
	t.Helper()
	data, err := Values(of...)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func numbered(n int) *Packet {
	return NewPacket("/", "n", Data{Args: []json.RawMessage{json.RawMessage(fmt.Sprint(n))}})
}
