package socketio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestSessionsThatNeverPollAgainAreCollected(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, hasty(), echo)
	for range 50 {
		s.open()
	}
	for range 50 {
		if end := comes(t, ends); end.reason != TimedOut {
			t.Error(end.reason)
		}
	}
	s.areOver(50)
	if n := s.serve.Sessions(); n != 0 {
		t.Error(n, "are not collected")
	}
}

func TestWhoAnswersPingsStays(t *testing.T) {
	t.Parallel()
	config := hasty()
	config.PingTimeout = patience
	s, ends := startEngine(t, config, echo)
	query, _ := s.open()
	p := s.connect()
	for range 3 {
		s.polled(query, "2")
		s.posted(query, "3")
		p.wants("2")
		p.send("3")
	}
	if len(ends) > 0 {
		t.Error(comes(t, ends).reason)
	}
}

// A poll that comes late is refused by the clock, also when the timer is later still.
func TestASessionIsOverWhenItsTimeIsUp(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), echo)
	s.open()
	session := s.only()
	if !session.lives(time.Now().Add(time.Hour)) {
		t.Error("a ping is due, and it is over")
	}
	if session.lives(time.Now().Add(2 * time.Hour)) {
		t.Error("a pong was due, and it lives")
	}
	if end := comes(t, ends); end.reason != TimedOut {
		t.Error(end.reason)
	}
}

// only is the session of an Engine that has one.
func (s *site) only() *Session {
	s.Helper()
	engine, ok := s.serve.(*Engine)
	if !ok {
		engine = s.serve.(*Server).engine
	}
	engine.mu.Lock()
	defer engine.mu.Unlock()
	if len(engine.sessions) != 1 {
		s.Fatal(len(engine.sessions), "sessions")
	}
	for _, session := range engine.sessions {
		return session
	}
	return nil
}

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
	s.areOver(3) // the one that never was, too
	s.open()     // there is room again
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
	for range 6 { // fit in
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

// closing is an Inbox that minds only the end.
type closing func(Reason)

func (closing) Message(Message) error  { return nil }
func (c closing) Closed(reason Reason) { c(reason) }

func heap() int {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

func TestWhoDoesNotReadIsClosedAndOthersGetAll(t *testing.T) {
	t.Parallel()
	config := calm()
	config.OutboxBytes = 64 << 10
	sessions := make(chan *Session, 2)
	s, ends := startEngine(t, config, func(s *Session, _ Message) error {
		sessions <- s
		return nil
	})
	stalled, reader := s.connect(), s.connect()
	stalled.send("4here")
	slow := comes(t, sessions)
	reader.send("4here")
	quick := comes(t, sessions)
	line := Message{Data: bytes.Repeat([]byte("x"), 30_000)}
	for n := 0; len(ends) == 0; n++ {
		slow.Send(line)
		quick.Send(Message{Data: fmt.Append(nil, n)})
		reader.wants(fmt.Sprint("4", n))
	}
	if end := comes(t, ends); end.session != slow || end.reason != Slow {
		t.Error(end.reason)
	}
}

func TestWhoStallsIsClosedInTimeAllTheSame(t *testing.T) {
	t.Parallel()
	config := calm()
	config.OutboxBytes = 64 << 20
	s, ends := startEngine(t, config, echo)
	s.connect()
	session := s.only()
	line := Message{Data: bytes.Repeat([]byte("x"), 1<<20)}
	for range 32 { // more than the system takes
		session.Send(line)
	}
	session.Close()
	if end := comes(t, ends); end.reason != Ended {
		t.Error(end.reason)
	}
	s.areOver(1)
}

func TestWhatWaitsIsSentBeforeTheEnd(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), func(s *Session, m Message) error {
		s.Send(m, Message{Binary: true, Data: []byte{1}}, m)
		s.Close()
		s.Send(m) // too late
		return nil
	})
	p := s.connect()
	p.send("4bye")
	if got := strings.Join(p.wantsEnd(), " "); got != "4bye \x01 4bye" {
		t.Errorf("got %q", got)
	}
	query, _ := s.open()
	s.posted(query, "4bye")
	s.polled(query, "4bye\x1ebAQ==\x1e4bye\x1e1")
	s.isOver(query)
	for range 2 {
		if end := comes(t, ends); end.reason != Ended {
			t.Error(end.reason)
		}
	}
}

func TestASessionIsToldOnceThatAllIsSent(t *testing.T) {
	t.Parallel()
	sent := make(chan string, 10)
	s, _ := startEngine(t, calm(), func(s *Session, m Message) error {
		s.WhenSent(func() { sent <- "before" })
		s.Send(m)
		s.WhenSent(func() { sent <- "after" })
		return nil
	})
	query, _ := s.open()
	s.posted(query, "4x")
	if got := comes(t, sent); got != "before" || len(sent) > 0 {
		t.Error("got", got, "before the poll")
	}
	s.polled(query, "4x")
	if got := comes(t, sent); got != "after" {
		t.Error("got", got)
	}
	p := s.connect()
	s.newest(query).WhenSent(func() { sent <- "the handshake" })
	if got := comes(t, sent); got != "the handshake" {
		t.Error("got", got)
	}
	p.send("4x")
	p.wants("4x")
	if one, other := comes(t, sent), comes(t, sent); one != "before" || other != "after" {
		t.Error("got", one, other)
	}
}

// newest is the session that is not of a query.
func (s *site) newest(query string) *Session {
	engine := s.serve.(*Engine)
	engine.mu.Lock()
	defer engine.mu.Unlock()
	for id, session := range engine.sessions {
		if !strings.Contains(query, id) {
			return session
		}
	}
	return nil
}

func TestRequestsThatOverlapEndTheSession(t *testing.T) {
	t.Parallel()
	under, release := make(chan struct{}), make(chan struct{})
	s, ends := startEngine(t, calm(), func(*Session, Message) error {
		under <- struct{}{}
		<-release
		return nil
	})
	query, _ := s.open()
	first := make(chan int)
	go func() {
		status, _ := s.ask(http.MethodPost, query, "4x")
		first <- status
	}()
	comes(t, under)
	if status, _ := s.ask(http.MethodPost, query, "4y"); status != http.StatusBadRequest {
		t.Error("the second post got", status)
	}
	close(release)
	comes(t, first)
	if end := comes(t, ends); end.reason != Invalid {
		t.Error(end.reason)
	}
	s.isOver(query)
}

func TestPayloadsAreBounded(t *testing.T) {
	t.Parallel()
	config := calm()
	config.MaxPayload = 100
	s, ends := startEngine(t, config, echo)
	fits := "4" + strings.Repeat("x", 99)
	query, _ := s.open()
	s.posted(query, fits)
	s.polled(query, fits)
	if status, _ := s.ask(http.MethodPost, query, fits+"x"); status != http.StatusRequestEntityTooLarge {
		t.Error("got", status)
	}
	if end := comes(t, ends); end.reason != Invalid {
		t.Error(end.reason)
	}
	p := s.connect()
	p.send(fits)
	p.wants(fits)
	p.send(fits + "x")
	p.wantsEnd()
	comes(t, ends)
}

func TestABodyThatBreaksOffEndsTheSession(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), echo)
	query, _ := s.open()
	body, half := io.Pipe()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.host+"/?"+query, body)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		io.WriteString(half, "4hel")
		half.CloseWithError(errors.New("the network is gone"))
	}()
	if answer, err := http.DefaultClient.Do(request); err == nil {
		answer.Body.Close()
	}
	if end := comes(t, ends); end.reason != Lost {
		t.Error(end.reason)
	}
}

func TestAnUpgradeThatIsGivenUpLeavesTheSessionPolling(t *testing.T) {
	t.Parallel()
	s, _ := startEngine(t, calm(), echo)
	for _, texts := range [][]string{{"2probe"}, {"4x"}, {"5"}, {"2probe", "2probe"}, {"abc"}, {}} {
		query, upgrade := s.open()
		p := s.dial(upgrade)
		p.send(texts...)
		if len(texts) > 0 && texts[0] == "2probe" {
			p.wants("3probe")
		}
		p.Close()
		s.posted(query, "4still here")
		s.polled(query, "4still here")
		for p = s.dial(upgrade); ; p = s.dial(upgrade) { // and another one may, once this one has been noticed
			p.send("2probe")
			if _, text, err := p.ReadMessage(); err == nil && string(text) == "3probe" {
				break
			}
		}
	}
}

func TestWhatWaitsForAPollComesByTheUpgrade(t *testing.T) {
	t.Parallel()
	s, _ := startEngine(t, calm(), echo)
	query, upgrade := s.open()
	poll := make(chan string)
	go func() {
		_, text := s.ask(http.MethodGet, query, "")
		poll <- text
	}()
	p := s.dial(upgrade)
	p.send("2probe")
	p.wants("3probe")
	if text := comes(t, poll); text != "6" {
		t.Errorf("the poll got %q", text)
	}
	s.posted(query, "4one")
	p.send("5", "4two")
	p.wants("4one", "4two")
}

func TestAPingOfWebSocketIsAnswered(t *testing.T) {
	t.Parallel()
	s, _ := startEngine(t, calm(), echo)
	p := s.connect()
	answer := ""
	p.SetPongHandler(func(data string) error {
		answer = data
		return nil
	})
	if err := p.WriteControl(websocket.PingMessage, []byte("there?"), time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	p.send("4x")
	p.wants("4x")
	if answer != "there?" {
		t.Errorf("got %q", answer)
	}
}

func TestAPanicEndsThatSessionAlone(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), func(s *Session, m Message) error {
		if string(m.Data) == "panic" {
			panic("in a test")
		}
		return echo(s, m)
	})
	query, _ := s.open()
	other, p := s.connect(), s.connect()
	p.send("4panic")
	p.wantsEnd()
	s.ask(http.MethodPost, query, "4panic")
	s.isOver(query)
	for range 2 {
		if end := comes(t, ends); end.reason != Failed {
			t.Error(end.reason)
		}
	}
	other.send("4fine")
	other.wants("4fine")
}

func TestMalformedPacketsEndThatSessionAlone(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), echo)
	other := s.connect()
	for _, text := range []string{"", "7", "abc", "0", "2", "2probe", "5", "4\xff"} {
		p := s.connect()
		p.send(text)
		p.wantsEnd()
		query, _ := s.open()
		if status, _ := s.ask(http.MethodPost, query, "4fine\x1e"+text); status != http.StatusBadRequest {
			t.Errorf("%q got %d", text, status)
		}
		s.isOver(query)
		for range 2 {
			if end := comes(t, ends); end.reason != Invalid {
				t.Error(end.reason)
			}
		}
	}
	other.send("4fine")
	other.wants("4fine")
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

func TestWhoIsAdmittedIsKnownAndCounted(t *testing.T) {
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
	// What is no handshake is counted out again.
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
	poll := make(chan string)
	go func() {
		_, text := s.ask(http.MethodGet, query, "")
		poll <- text
	}()
	p := s.connect()
	p.send("4bye")
	if got := p.wantsEnd(); len(got) != 1 || got[0] != "4bye" {
		t.Error(got)
	}
	if text := comes(t, poll); text != "1" {
		t.Error(text)
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

func TestCloseCutsWhatLingers(t *testing.T) {
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

// The library below answers a close frame by itself, whatever is under way. When that is matters, so it is tried
// several times.
func TestNothingIsPutIntoTheMiddleOfAFrame(t *testing.T) {
	t.Parallel()
	const size = 16 << 20 // more than the system takes
	s, ends := startEngine(t, calm(), echo)
	for range 8 {
		p := s.connect()
		s.only().Send(Message{Data: bytes.Repeat([]byte("x"), size)})
		header := make([]byte, 11)
		if _, err := io.ReadFull(p.NetConn(), header); err != nil || header[10] != packetMessage {
			t.Fatalf("got %x %v", header, err)
		}
		closing := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		if err := p.WriteControl(websocket.CloseMessage, closing, time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		rest, _ := io.ReadAll(io.LimitReader(p.NetConn(), size)) // or less: the client has said that it goes
		if i := bytes.IndexFunc(rest, func(r rune) bool { return r != 'x' }); i >= 0 {
			t.Errorf("behind %d bytes of the text there is %x", i, rest[i:min(i+10, len(rest))])
		}
		if end := comes(t, ends); end.reason != Lost {
			t.Error(end.reason)
		}
		s.areOver(1)
	}
}

func TestTheTimerOfAnUpgradeThatIsLateDoesNothing(t *testing.T) {
	t.Parallel()
	s, _ := startEngine(t, calm(), echo)
	_, upgrade := s.open()
	p := s.dial(upgrade)
	p.send("2probe")
	p.wants("3probe")
	p.send("5", "4x")
	p.wants("4x")
	session := s.only()
	session.mu.Lock()
	l := session.link
	session.mu.Unlock()
	l.giveUp()
	p.send("4still here")
	p.wants("4still here")
}
