// A server at the paths of both suites, and clients of them.

package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"parley/internal/socketio"
	"parley/internal/wait"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = wait.Patience // how long a test waits for anything that must come

// suite is the server at one of its paths.
type suite struct {
	host, path string
	config     socketio.Config
}

// start runs the server for both suites. Its heartbeat is so slow that it disturbs no case. At the end of the
// test the server must stop without an error.
func start(t *testing.T) (engine, socket suite) {
	t.Helper()
	config := asSuitesExpect()
	config.PingInterval, config.PingTimeout = time.Hour, time.Hour
	return startWith(t, config)
}

func startWith(t *testing.T, config socketio.Config) (engine, socket suite) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- serve(ctx, listener, config) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		client.CloseIdleConnections()
	})
	host := listener.Addr().String()
	return suite{host, "/engine.io/?", config}, suite{host, "/socket.io/?", config}
}

// both runs a case of Engine.IO twice: for Engine.IO alone, and below Socket.IO.
func both(t *testing.T, test func(*testing.T, suite)) {
	t.Helper()
	t.Parallel()
	engine, socket := start(t)
	each(t, test, engine, socket)
}

// bothBeating is like both, with the heartbeat that the suites expect. A client has longer to answer it, since a test
// may wait that long for its turn.
func bothBeating(t *testing.T, test func(*testing.T, suite)) {
	t.Helper()
	t.Parallel()
	config := asSuitesExpect()
	config.PingTimeout = 5 * time.Second
	engine, socket := startWith(t, config)
	each(t, test, engine, socket)
}

func each(t *testing.T, test func(*testing.T, suite), suites ...suite) {
	t.Helper()
	for _, s := range suites {
		t.Run(strings.Trim(s.path, "/?"), func(t *testing.T) { test(t, s) })
	}
}

// client is of all tests. A poll that nobody answers fails.
var client = http.Client{Timeout: patience}

// answer is what a request got.
type answer struct {
	status int
	text   string
	err    error
}

// asks sends a request with a query, on any goroutine.
func (s suite) asks(ctx context.Context, method, query, body string) (got answer) {
	request, err := http.NewRequestWithContext(ctx, method, "http://"+s.host+s.path+query, strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	response, err := client.Do(request)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, string(text), err}
}

// ask sends a request with a query, and returns the status and the body of the answer.
func (s suite) ask(t *testing.T, method, query, body string) (int, string) {
	t.Helper()
	got := s.asks(t.Context(), method, query, body)
	if got.err != nil {
		t.Fatal(got.err)
	}
	return got.status, got.text
}

// wants fails the test unless a request gets this answer.
func (s suite) wants(t *testing.T, method, query, body string, status int, text string) {
	t.Helper()
	gotStatus, gotText := s.ask(t, method, query, body)
	if gotStatus != status || status == http.StatusOK && gotText != text {
		t.Fatalf("%s %s %q: got %d %q, want %d %q", method, query, body, gotStatus, gotText, status, text)
	}
}

const (
	polling = "EIO=4&transport=polling"
	socket  = "EIO=4&transport=websocket"
)

// opened checks the first packet of a session.
func (s suite) opened(t *testing.T, text string, upgrades ...string) (sid string) {
	t.Helper()
	var got struct {
		SID                                   string
		Upgrades                              []string
		PingInterval, PingTimeout, MaxPayload int
	}
	if !strings.HasPrefix(text, "0") || json.Unmarshal([]byte(text[1:]), &got) != nil {
		t.Fatalf("got %q", text)
	}
	if got.SID == "" || strings.Join(got.Upgrades, " ") != strings.Join(upgrades, " ") || got.Upgrades == nil ||
		int64(got.PingInterval) != s.config.PingInterval.Milliseconds() ||
		int64(got.PingTimeout) != s.config.PingTimeout.Milliseconds() || got.MaxPayload != 1e6 {
		t.Fatalf("got %s", text)
	}
	return got.SID
}

// open opens a session by polling, and returns the query for its next requests.
func (s suite) open(t *testing.T) (query, sid string) {
	t.Helper()
	status, text := s.ask(t, http.MethodGet, polling, "")
	if status != http.StatusOK {
		t.Fatal(status, text)
	}
	sid = s.opened(t, text, "websocket")
	return polling + "&sid=" + sid, sid
}

// conn is a WebSocket of a test.
type conn struct {
	*websocket.Conn
	t *testing.T
}

func (s suite) dial(t *testing.T, query string) conn {
	t.Helper()
	c, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+s.host+s.path+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	t.Cleanup(func() { c.Close() })
	c.SetReadDeadline(time.Now().Add(patience))
	return conn{c, t}
}

func (c conn) send(text string) {
	c.t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c conn) sendBinary(data ...byte) {
	c.t.Helper()
	if err := c.WriteMessage(websocket.BinaryMessage, data); err != nil {
		c.t.Fatal(err)
	}
}

func (c conn) next() (kind int, text string) {
	c.t.Helper()
	kind, data, err := c.ReadMessage()
	if err != nil {
		c.t.Fatal(err)
	}
	return kind, string(data)
}

func (c conn) wants(texts ...string) {
	c.t.Helper()
	for _, text := range texts {
		if kind, got := c.next(); got != text || kind != websocket.TextMessage {
			c.t.Fatalf("got %.100q, want %.100q", got, text)
		}
	}
}

func (c conn) wantsBinary(data ...byte) {
	c.t.Helper()
	if kind, got := c.next(); got != string(data) || kind != websocket.BinaryMessage {
		c.t.Fatalf("got %q, want %v", got, data)
	}
}

// wantsEnd reads until the connection has been closed.
func (c conn) wantsEnd() {
	c.t.Helper()
	for {
		_, _, err := c.ReadMessage()
		if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
			c.t.Fatal("it stays open")
		}
		if err != nil {
			return
		}
	}
}
