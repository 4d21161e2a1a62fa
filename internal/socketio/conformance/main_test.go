// The cases of the public test suites, one by one.

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
	config.PingInterval, config.PingTimeout = time.Minute, time.Minute
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
		http.DefaultClient.CloseIdleConnections()
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

// bothBeating is like both, with the heartbeat that the suites expect.
func bothBeating(t *testing.T, test func(*testing.T, suite)) {
	t.Helper()
	t.Parallel()
	engine, socket := startWith(t, asSuitesExpect())
	each(t, test, engine, socket)
}

func each(t *testing.T, test func(*testing.T, suite), suites ...suite) {
	t.Helper()
	for _, s := range suites {
		t.Run(strings.Trim(s.path, "/?"), func(t *testing.T) { test(t, s) })
	}
}

// ask sends a request with a query, and returns the status and the body of the answer.
func (s suite) ask(t *testing.T, method, query, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.host+s.path+query, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
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

func TestSessionsOpenByPolling(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) { s.open(t) })
}

func TestSessionsOpenByWebSocket(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) {
		_, text := s.dial(t, socket).next()
		s.opened(t, text)
	})
}

func TestNoSessionOpensOtherwise(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		for _, c := range []struct{ method, query string }{
			{http.MethodGet, "transport=polling"},
			{http.MethodGet, "EIO=abc&transport=polling"},
			{http.MethodGet, "EIO=4"},
			{http.MethodGet, "EIO=4&transport=abc"},
			{http.MethodPost, polling},
			{http.MethodPut, polling},
		} {
			s.wants(t, c.method, c.query, "", http.StatusBadRequest, "")
		}
		for _, query := range []string{
			"transport=websocket", "EIO=abc&transport=websocket", "EIO=4", "EIO=4&transport=abc",
		} {
			c, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+s.host+s.path+query, nil)
			if err == nil {
				c.Close()
				t.Error(query, "opened")
			}
			answer.Body.Close()
		}
	})
}

func TestPollsGetWhatWasPosted(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	for _, body := range []string{"4hello", "4test1\x1e4test2\x1e4test3", "4hello\x1ebAQIDBA=="} {
		query, _ := s.open(t)
		s.wants(t, http.MethodPost, query, body, http.StatusOK, "ok")
		s.wants(t, http.MethodGet, query, "", http.StatusOK, body)
	}
}

func TestAMalformedBodyEndsTheSession(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		s.wants(t, http.MethodPost, query, "abc", http.StatusBadRequest, "")
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
	})
}

func TestASecondPollEndsTheSession(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		type answer struct {
			status int
			text   string
		}
		answers := make(chan answer, 2)
		for range 2 {
			go func() {
				status, text := s.ask(t, http.MethodGet, query, "")
				answers <- answer{status, text}
			}()
		}
		one, other := <-answers, <-answers
		if one.status != http.StatusOK {
			one, other = other, one
		}
		if one != (answer{http.StatusOK, "1"}) || other.status != http.StatusBadRequest {
			t.Fatal(one, other)
		}
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
	})
}

func TestACanceledPollEndsTheSession(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		raw, err := net.Dial("tcp", s.host)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(raw, "GET "+s.path+query+" HTTP/1.1\r\nHost: x\r\n\r\n")
		raw.Close()
		if status, text := s.ask(t, http.MethodGet, query, ""); status == http.StatusOK && text != "1" {
			t.Error(text) // this poll came before the canceled one, and was told that the session is over
		}
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
	})
}

func TestWebSocketsGetTheirMessagesBack(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	c := s.dial(t, socket)
	c.next()
	c.send("4hello")
	c.wants("4hello")
	c.sendBinary(1, 2, 3, 4)
	c.wantsBinary(1, 2, 3, 4)
	for _, size := range []int{124, 125, 65534, 65535, 900_000} { // one byte more is for the kind
		text := "4" + strings.Repeat("x", size)
		c.send(text)
		c.wants(text)
	}
}

func TestAMalformedFrameEndsTheSession(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		c := s.dial(t, socket)
		c.next()
		c.send("abc")
		c.wantsEnd()
	})
}

func TestHeartbeatByPolling(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		for range 2 {
			s.wants(t, http.MethodGet, query, "", http.StatusOK, "2")
			s.wants(t, http.MethodPost, query, "3", http.StatusOK, "ok")
		}
	})
}

func TestHeartbeatByWebSocket(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) {
		c := s.dial(t, socket)
		c.next()
		for range 2 {
			c.wants("2")
			c.send("3")
		}
	})
}

func TestAMissedHeartbeatEndsTheSession(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		c := s.dial(t, socket)
		c.next()
		c.wants("2")
		s.wants(t, http.MethodGet, query, "", http.StatusOK, "2")
		c.wantsEnd()
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
	})
}

func TestAClientThatClosesGetsItsPollBack(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		for range 10 { // in either order
			query, _ := s.open(t)
			posted := make(chan int, 1)
			go func() {
				status, _ := s.ask(t, http.MethodPost, query, "1")
				posted <- status
			}()
			s.wants(t, http.MethodGet, query, "", http.StatusOK, "6")
			if status := <-posted; status != http.StatusOK {
				t.Error(status)
			}
			s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
		}
		c := s.dial(t, socket)
		c.next()
		c.send("1")
		c.wantsEnd()
	})
}

func TestASessionUpgrades(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	query, sid := s.open(t)
	c := s.dial(t, socket+"&sid="+sid)
	c.send("2probe")
	c.wants("3probe")
	s.wants(t, http.MethodGet, query, "", http.StatusOK, "6")
	c.send("5")
	c.send("4hello")
	c.wants("4hello")
}

func TestAnUpgradedSessionTakesNothingElse(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	for range 10 {
		query, sid := s.open(t)
		c := s.dial(t, socket+"&sid="+sid)
		c.send("2probe")
		c.send("5") // at once, as a client does that no longer polls
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
		s.wants(t, http.MethodPost, query, "4hello", http.StatusBadRequest, "")
		s.dial(t, socket+"&sid="+sid).wantsEnd()
		c.wants("3probe")
		c.send("4hello")
		c.wants("4hello")
	}
}

// enter opens a session and enters the main namespace.
func (s suite) enter(t *testing.T) conn {
	t.Helper()
	c := s.dial(t, socket)
	c.next()
	c.send("40")
	if _, text := c.next(); !strings.HasPrefix(text, `40{"sid":"`) {
		t.Fatal(text)
	}
	c.wants(`42["auth",{}]`)
	return c
}

func TestNamespacesAreEntered(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	for _, c := range []struct{ send, welcome, auth string }{
		{"40", `40{"sid":"`, `42["auth",{}]`},
		{`40{"token":"123"}`, `40{"sid":"`, `42["auth",{"token":"123"}]`},
		{"40/custom,", `40/custom,{"sid":"`, `42/custom,["auth",{}]`},
		{`40/custom,{"token":"abc"}`, `40/custom,{"sid":"`, `42/custom,["auth",{"token":"abc"}]`},
	} {
		conn := s.dial(t, socket)
		conn.next()
		conn.send(c.send)
		if _, text := conn.next(); !strings.HasPrefix(text, c.welcome) || !strings.HasSuffix(text, `"}`) {
			t.Fatal(text)
		}
		conn.wants(c.auth)
	}
}

func TestAnUnknownNamespaceIsRefused(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	c := s.dial(t, socket)
	c.next()
	c.send("40/random")
	c.wants(`44/random,{"message":"Invalid namespace"}`)
}

func TestAClientThatEntersNoNamespaceIsClosed(t *testing.T) {
	t.Parallel()
	_, s := startWith(t, asSuitesExpect())
	for _, text := range []string{"4abc", `42["message"]`, "41"} {
		c := s.dial(t, socket)
		c.next()
		c.send(text)
		c.wantsEnd()
	}
	query, _ := s.open(t)
	for range 5 { // the client answers the heartbeat, and does nothing else
		status, text := s.ask(t, http.MethodGet, query, "")
		if text != "2" {
			if status != http.StatusBadRequest && text != "1" {
				t.Error(status, text)
			}
			return
		}
		if status, text := s.ask(t, http.MethodPost, query, "3"); status != http.StatusOK {
			if status != http.StatusBadRequest { // the session has been closed meanwhile
				t.Error(status, text)
			}
			return
		}
	}
	t.Error("it stays open")
}

func TestNamespacesAreLeft(t *testing.T) {
	t.Parallel()
	_, s := startWith(t, asSuitesExpect())
	c := s.enter(t)
	c.send("41")
	c.wants("2") // the connection stays
}

func TestOneNamespaceOfTwoIsLeft(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	c := s.enter(t)
	c.send("40/custom")
	c.next()
	c.wants(`42/custom,["auth",{}]`)
	c.send("41/custom")
	c.send(`42["message","message to main namespace"]`)
	c.wants(`42["message-back","message to main namespace"]`)
}

func TestEventsAreAnswered(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	c := s.enter(t)
	c.send(`42["message",1,"2",{"3":[true]}]`)
	c.wants(`42["message-back",1,"2",{"3":[true]}]`)
	c.send(`42456["message-with-ack",1,"2",{"3":[false]}]`)
	c.wants(`43456[1,"2",{"3":[false]}]`)
}

func TestAttachmentsAreAnswered(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	const places = `{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}`
	for send, want := range map[string]string{
		`452-["message",` + places + `]`:             `452-["message-back",` + places + `]`,
		`452-789["message-with-ack",` + places + `]`: `462-789[` + places + `]`,
	} {
		c := s.enter(t)
		c.send(send)
		c.sendBinary(1, 2, 3)
		c.sendBinary(4, 5, 6)
		c.wants(want)
		c.wantsBinary(1, 2, 3)
		c.wantsBinary(4, 5, 6)
	}

	query, _ := s.open(t)
	s.wants(t, http.MethodPost, query, "40", http.StatusOK, "ok")
	s.ask(t, http.MethodGet, query, "")
	s.wants(t, http.MethodGet, query, "", http.StatusOK, `42["auth",{}]`)
	s.wants(t, http.MethodPost, query, `451-["message",{"_placeholder":true,"num":0}]`+"\x1ebAQID", http.StatusOK, "ok")
	s.wants(t, http.MethodGet, query, "", http.StatusOK, `451-["message-back",{"_placeholder":true,"num":0}]`+"\x1ebAQID")
}

func TestMalformedEventsEndTheSession(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	for _, text := range []string{"4abc", "42{}", `42abc["message-with-ack",1,"2",{"3":[false]}]`} {
		c := s.enter(t)
		c.send(text)
		c.wantsEnd()
	}
}
