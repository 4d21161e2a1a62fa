package socketio

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"
)

func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	config := calm()
	config.Sessions = 2
	s, _ := startEngine(t, config, echo)
	query, _ := s.open()
	p := s.connect()
	if status, _ := s.ask(http.MethodGet, byPolling, ""); status != http.StatusServiceUnavailable {
		t.Error("a third one got", status)
	}
	s.posted(query, "1")
	s.polled(query, "6")
	s.open()
	p.Close()
	s.areOver(3) // also the session whose handshake failed
	s.open()     // there is room for a session again
}

func TestFiveThousandHalfOpenSessionsAreBounded(t *testing.T) {
	const sessions = 5000
	config := calm()
	config.Sessions, config.OutboxBytes = sessions, 8<<10
	var all []*Session
	var slow atomic.Int64
	engine := NewEngine(config, func(s *Session) Inbox {
		all = append(all, s)
		return closing(func(reason Reason) {
			if reason == Slow {
				slow.Add(1)
			}
		})
	})
	opened := func() int {
		answer := httptest.NewRecorder()
		engine.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/?"+byPolling, nil))
		return answer.Code
	}
	opened()
	before := heap()
	for len(all) < sessions {
		if status := opened(); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	if each := (heap() - before) / sessions; each > 2<<10 {
		t.Errorf("each takes %d bytes", each)
	}
	if status := opened(); status != http.StatusServiceUnavailable {
		t.Error("one more got", status)
	}
	line := Message{Data: bytes.Repeat([]byte("x"), 1000)}
	for range 6 { // as many as fit into an outbox
		for _, s := range all {
			s.Send(line)
		}
	}
	if each := (heap() - before) / sessions; each > 12<<10 {
		t.Errorf("each takes %d bytes with a full outbox", each)
	}
	if n := engine.Sessions(); n != sessions {
		t.Error(n, "are left")
	}
	for range 3 {
		for _, s := range all {
			s.Send(line)
		}
	}
	if n := engine.Sessions(); n != 0 {
		t.Error(n, "are left with more than fits")
	}
	if err := engine.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if n := slow.Load(); n != sessions {
		t.Error(n, "were told that they are slow")
	}
}

// closing is an Inbox that ignores messages, and calls itself at the end.
type closing func(Reason)

func (closing) Message(Message) error { return nil }

func (c closing) Closed(reason Reason) { c(reason) }

func heap() int {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

func TestEarlierProtocolsAreRefusedClearly(t *testing.T) {
	t.Parallel()
	s, _ := startEngine(t, calm(), echo)
	const want = `{"code":5,"message":"Unsupported protocol version"}`
	if status, text := s.ask(http.MethodGet, "EIO=3&transport=polling", ""); status != http.StatusBadRequest || text != want {
		t.Error(status, text)
	}
	refusedUpgrade(s, "EIO=3&transport=websocket", http.StatusBadRequest)
}

func TestOriginsAreForTheHookToAllow(t *testing.T) {
	t.Parallel()
	const friend, foe = "https://friend.example", "https://foe.example"
	config := calm()
	config.Origin = func(r *http.Request) (allowed, credentials bool) {
		origin := r.Header.Get("Origin")
		return origin != foe, origin == friend
	}
	s, _ := startEngine(t, config, echo)
	for _, method := range []string{http.MethodGet, http.MethodOptions} {
		if answer := s.do(method, byPolling, "", "Origin", foe); answer.StatusCode != http.StatusForbidden ||
			answer.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Error(method, answer.StatusCode, answer.Header)
		}
	}
	answer := s.do(http.MethodOptions, byPolling, "", "Origin", friend,
		"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization")
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": friend, "Access-Control-Allow-Credentials": "true",
		"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "authorization",
	} {
		if got := answer.Header.Get(name); answer.StatusCode != http.StatusNoContent || got != want {
			t.Error(answer.StatusCode, name, got)
		}
	}
	answer = s.do(http.MethodGet, byPolling, "", "Origin", "https://else.example")
	if answer.Header.Get("Access-Control-Allow-Origin") != "https://else.example" || answer.Header.Get("Vary") != "Origin" ||
		answer.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Error(answer.Header)
	}
	if answer = s.do(http.MethodGet, byPolling, ""); answer.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("without an origin:", answer.Header)
	}
	s.dial(byWebSocket, "Origin", friend).begins("0{")
	refusedUpgrade(s, byWebSocket, http.StatusForbidden, "Origin", foe)
}

func refusedUpgrade(s *site, query string, status int, headers ...string) {
	s.Helper()
	header := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	c, answer, err := websocket.DefaultDialer.DialContext(s.Context(), "ws://"+s.host+"/?"+query, header)
	if err == nil {
		c.Close()
		s.Fatal("it opened")
	}
	answer.Body.Close()
	if answer.StatusCode != status {
		s.Error("got", answer.StatusCode)
	}
}

func TestWithoutAHookEveryOriginIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := startEngine(t, calm(), echo)
	refusedUpgrade(s, byWebSocket, http.StatusForbidden, "Origin", "http://"+s.host)
	s.connect()
}

func TestAdmittedClientsAreKnownAndCounted(t *testing.T) {
	t.Parallel()
	var inside atomic.Int64
	config := calm()
	config.Admit = func(r *http.Request) (any, func(), error) {
		switch name := r.URL.Query().Get("name"); name {
		case "foe":
			return nil, nil, &Refusal{Message: "not you"}
		case "":
			return nil, nil, errors.New("a secret")
		default:
			inside.Add(1)
			return name, func() { inside.Add(-1) }, nil
		}
	}
	s, _ := startEngine(t, config, func(s *Session, _ Message) error {
		s.Send(Message{Data: []byte(s.Handshake().(string))})
		return nil
	})
	for query, want := range map[string]string{
		"&name=foe": `{"code":4,"message":"not you"}`, "": `{"code":4,"message":"Forbidden"}`,
	} {
		if status, text := s.ask(http.MethodGet, byPolling+query, ""); status != http.StatusForbidden || text != want {
			t.Error(status, text)
		}
		refusedUpgrade(s, byWebSocket+query, http.StatusForbidden)
	}
	p := s.dial(byWebSocket + "&name=ann")
	p.begins("0{")
	p.send("4who?")
	p.wants("4ann")
	s.ask(http.MethodGet, byPolling+"&name=bob", "")
	// A session whose WebSocket handshake fails is not counted any more.
	answer := s.do(http.MethodGet, byWebSocket+"&name=eve", "", "Connection", "Upgrade", "Upgrade", "websocket")
	if answer.StatusCode != http.StatusBadRequest {
		t.Error(answer.StatusCode)
	}
	s.areOver(1)
	if n := inside.Load(); n != 2 {
		t.Error(n, "are inside")
	}
	p.Close()
	s.areOver(1)
	if n := inside.Load(); n != 1 {
		t.Error(n, "are inside")
	}
	if err := s.serve.Close(t.Context()); err != nil || inside.Load() != 0 {
		t.Error(err, inside.Load(), "are inside")
	}
}

func TestCloseSendsTheRestAndAdmitsNobody(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), func(s *Session, m Message) error {
		s.Send(m)
		go s.engine.Close(context.Background())
		return nil
	})
	query, _ := s.open()
	poll := make(chan int)
	go func() {
		status, _ := s.ask(http.MethodGet, query, "")
		poll <- status
	}()
	p := s.connect()
	p.send("4bye")
	if got := p.wantsEnd(); len(got) != 1 || got[0] != "4bye" {
		t.Error(got)
	}
	if status := comes(t, poll); status != http.StatusBadRequest { // clients in Python come back only after a failure
		t.Error(status)
	}
	for range 2 {
		if end := comes(t, ends); end.reason != Shutdown {
			t.Error(end.reason)
		}
	}
	if status, _ := s.ask(http.MethodGet, byPolling, ""); status != http.StatusServiceUnavailable {
		t.Error("it admits:", status)
	}
}

func TestCloseCutsSessionsThatLinger(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	s, ends := startEngine(t, calm(), func(*Session, Message) error {
		<-release
		return nil
	})
	p := s.connect()
	p.send("4x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.serve.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	p.wantsEnd()
	close(release)
	if end := comes(t, ends); end.reason != Shutdown {
		t.Error(end.reason)
	}
}
