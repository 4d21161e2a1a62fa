package socketio

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestSessionsThatNeverPollAgainAreCollected(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, hasty(), echo)
	for range 50 {
		s.ask(http.MethodGet, byPolling, "") // it may be over before this is answered
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

func TestASessionBeginsWithItsIDAlsoWhenAPingIsDueAtOnce(t *testing.T) {
	t.Parallel()
	config := calm()
	config.PingInterval, config.PingTimeout = time.Nanosecond, patience
	s, _ := startEngine(t, config, echo)
	for range 200 {
		if _, text := s.ask(http.MethodGet, byPolling, ""); !strings.HasPrefix(text, "0{") {
			t.Fatal(text)
		}
	}
}

func TestAClientThatAnswersPingsStays(t *testing.T) {
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

// A poll that comes too late is refused even when the session's timer has not run yet.
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

// only returns the session of an Engine that has exactly one.
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

func TestAClientThatStallsIsClosedInTime(t *testing.T) {
	t.Parallel()
	config := calm()
	config.OutboxBytes = 64 << 20
	s, ends := startEngine(t, config, echo)
	s.connect()
	session := s.only()
	line := Message{Data: bytes.Repeat([]byte("x"), 1<<20)}
	for range 32 { // more than the system buffers
		session.Send(line)
	}
	session.Close()
	if end := comes(t, ends); end.reason != Ended {
		t.Error(end.reason)
	}
	s.areOver(1)
}

func TestWaitingMessagesAreSentBeforeTheEnd(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), func(s *Session, m Message) error {
		s.Send(m, Message{Binary: true, Data: []byte{1}}, m)
		s.Close()
		s.Send(m) // after Close: this is dropped
		return nil
	})
	p := s.connect()
	p.send("4bye")
	if got := strings.Join(p.wantsEnd(), " "); got != "4bye \x01 4bye" {
		t.Errorf("got %q", got)
	}
	query, _ := s.open()
	s.posted(query, "4bye")
	s.polled(query, "4bye\x1ebAQ==\x1e4bye")
	s.isOver(query)
	for range 2 {
		if end := comes(t, ends); end.reason != Ended {
			t.Error(end.reason)
		}
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
