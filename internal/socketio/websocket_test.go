package socketio

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

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
		for p = s.dial(upgrade); ; p = s.dial(upgrade) { // once the server has noticed its end
			p.send("2probe")
			if _, text, err := p.ReadMessage(); err == nil && string(text) == "3probe" {
				break
			}
		}
	}
}

func TestOneConnectionAtATimeAsksForTheUpgradeAndNotForever(t *testing.T) {
	t.Parallel()
	s, _ := startEngine(t, calm(), echo)
	query, upgrade := s.open()
	first := s.dial(upgrade)
	first.send("2probe")
	first.wants("3probe")
	if got := s.dial(upgrade).wantsEnd(); len(got) > 0 {
		t.Errorf("the second got %q", got)
	}
	session := s.only()
	session.mu.Lock()
	l := session.probe
	session.mu.Unlock()
	l.giveUp() // its timer would call this
	first.wantsEnd()
	s.posted(query, "4still here")
	s.polled(query, "4still here")
}

func TestWaitingPacketsAreSentAfterTheUpgrade(t *testing.T) {
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

// The WebSocket library answers a close frame by itself, even while a frame is being written. Whether that
// happens depends on the moment, so the test tries it several times.
func TestNothingIsPutIntoTheMiddleOfAFrame(t *testing.T) {
	t.Parallel()
	const size = 16 << 20 // more than the system buffers
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
		rest, _ := io.ReadAll(io.LimitReader(p.NetConn(), size)) // less may come after the client's close
		if i := bytes.IndexFunc(rest, func(r rune) bool { return r != 'x' }); i >= 0 {
			t.Errorf("behind %d bytes of the text there is %x", i, rest[i:min(i+10, len(rest))])
		}
		if end := comes(t, ends); end.reason != Lost {
			t.Error(end.reason)
		}
		s.areOver(1)
	}
}

func TestALateUpgradeTimerDoesNothing(t *testing.T) {
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

func TestNothingIsLostOrDoubledByTheUpgrade(t *testing.T) {
	t.Parallel()
	const messages, each = 3000, 1000
	more := make(chan struct{}) // starts messages while polling, during the upgrade, and after it
	s, _ := startEngine(t, calm(), func(s *Session, _ Message) error {
		go func() {
			for n := range messages {
				if n%each == 0 {
					<-more
				}
				s.Send(Message{Data: fmt.Append(nil, n)})
			}
		}()
		return nil
	})
	for range 10 {
		query, upgrade := s.open()
		s.posted(query, "4go")
		more <- struct{}{}
		upgrading := make(chan struct{})
		polled := make(chan []string, 1)
		go func() { // like real clients: begin no poll once the probe is answered
			var got []string
			defer func() { polled <- got }()
			for {
				select {
				case <-upgrading:
					return
				default:
					_, text := s.ask(http.MethodGet, query, "")
					got = append(got, strings.Split(text, "\x1e")...)
				}
			}
		}()
		p := s.dial(upgrade)
		more <- struct{}{}
		p.send("2probe")
		p.wants("3probe")
		close(upgrading)
		got := slices.DeleteFunc(comes(t, polled), func(text string) bool { return text == "6" })
		p.send("5")
		more <- struct{}{}
		for len(got) < messages {
			got = append(got, p.next())
		}
		for n, text := range got {
			if text != fmt.Sprint("4", n) {
				t.Fatalf("message %d is %q", n, text)
			}
		}
		p.send("1")
		p.wantsEnd()
	}
}

func TestCloseEndsAConnectionThatIsAboutToUpgrade(t *testing.T) {
	t.Parallel()
	s, ends := startEngine(t, calm(), echo)
	var peers []*peer
	for _, texts := range [][]string{{}, {"2probe"}} {
		_, upgrade := s.open()
		p := s.dial(upgrade)
		p.send(texts...)
		if len(texts) > 0 {
			p.wants("3probe")
		}
		peers = append(peers, p)
	}
	if err := s.serve.Close(t.Context()); err != nil || s.serve.Sessions() > 0 {
		t.Error(err, s.serve.Sessions())
	}
	for _, p := range peers {
		p.wantsEnd()
		if end := comes(t, ends); end.reason != Shutdown {
			t.Error(end.reason)
		}
	}
}

// Parts without a text are never a message, so nothing else would ever hear of them.
func TestAMessageInPartsWithoutAnEndEndsTheSession(t *testing.T) {
	t.Parallel()
	config := calm()
	s := startServer(t, config, map[string]Connect{"/": welcoming(func(*Socket) receiver { return receiver{} })})
	begin, part, ping := []byte{0x01, 0x80, 0, 0, 0, 0}, []byte{0, 0x80, 0, 0, 0, 0}, []byte{0x89, 0x80, 0, 0, 0, 0}
	enough := bytes.Repeat(part, config.MaxPayload/len(part))
	p := s.enter("")
	p.NetConn().Write(slices.Concat(begin, enough, ping, enough, ping, enough, enough, enough)) // it may be closed already
	p.wantsEnd()
}
