package socketio

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// welcoming returns a Connect that lets everyone in. It calls receive to make the receiver for a socket.
func welcoming(receive func(*Socket) receiver) Connect {
	return func(s *Socket, _ json.RawMessage) (Receiver, error) { return receive(s), nil }
}

func TestConnectGetsTheAuthAndMayRefuse(t *testing.T) {
	t.Parallel()
	config := calm()
	config.Admit = func(r *http.Request) (any, func(), error) { return r.RemoteAddr, nil, nil }
	s := startServer(t, config, map[string]Connect{
		"/chat": func(s *Socket, auth json.RawMessage) (Receiver, error) {
			if address, _ := s.Handshake().(string); !strings.HasPrefix(address, "127.0.0.1:") || s.Namespace() != "/chat" {
				t.Error(address, s.Namespace())
			}
			switch string(auth) {
			case `{"token":"good"}`:
				return receiver{}, nil
			case `{}`:
				return nil, &Refusal{"sign in first", map[string]string{"code": "signed_out"}}
			}
			return nil, errors.New("a secret")
		},
	})
	p := s.connect()
	p.send("40/chat,", `40/chat,{"token":"bad"}`, "40/other", `40/chat,{"token":"good"}`)
	p.wants(`44/chat,{"message":"sign in first","data":{"code":"signed_out"}}`,
		`44/chat,{"message":"Internal error"}`, `44/other,{"message":"Invalid namespace"}`)
	p.begins(`40/chat,{"sid":"`)
}

func TestPacketsEmittedWhileConnectingFollowTheWelcome(t *testing.T) {
	t.Parallel()
	s := startServer(t, calm(), map[string]Connect{"/": func(s *Socket, _ json.RawMessage) (Receiver, error) {
		for n := range 3 {
			s.Emit(numbered(n))
		}
		return receiver{}, nil
	}})
	p := s.enter("")
	p.wants(`42["n",0]`, `42["n",1]`, `42["n",2]`)
}

func TestWhatIsEmittedWhileConnectingIsBounded(t *testing.T) {
	t.Parallel()
	reasons := make(chan Reason, 1)
	config := calm()
	config.OutboxBytes = 1000
	s := startServer(t, config, map[string]Connect{"/": func(s *Socket, _ json.RawMessage) (Receiver, error) {
		for n := range 100 {
			s.Emit(numbered(n))
		}
		return receiver{closed: func(reason Reason) { reasons <- reason }}, nil
	}})
	p := s.connect()
	p.send("40")
	p.wantsEnd()
	if reason := comes(t, reasons); reason != Slow {
		t.Error(reason)
	}
}

func TestOnlyNamespacesThereAreAreRemembered(t *testing.T) {
	t.Parallel()
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(s *Socket) receiver {
		return receiver{event: func(e Event) { e.Ack(values(t, len(s.client.sockets))) }}
	})})
	p := s.enter("")
	for n := range 100 {
		name := fmt.Sprint("/none", n)
		p.send("40" + name + ",")
		p.begins("44" + name + ",")
	}
	p.send("41", "40")
	p.begins("40{")
	p.send(`427["how many?"]`)
	p.wants("437[1]")
}

func TestWhoEntersNoNamespaceInTimeIsClosed(t *testing.T) {
	t.Parallel()
	config := calm()
	config.ConnectTimeout = 3 * time.Second // within which p must enter, however busy the machine is
	s := startServer(t, config, map[string]Connect{"/": welcoming(func(*Socket) receiver { return receiver{} })})
	p := s.enter("")
	idle, lost := s.connect(), s.connect()
	lost.send("40/other")
	idle.wantsEnd()
	lost.wantsEnd()
	p.send("41", "40") // leave and enter again, after ConnectTimeout
	p.begins("40{")
	p.send("41") // and leave for good
	p.wantsEnd()
}

// Each time a client enters a namespace costs the program as much as a new client does, and a body holds
// thousands of packets that ask for it.
func TestAClientThatEntersAndLeavesWithoutEndIsClosed(t *testing.T) {
	t.Parallel()
	var entered, left atomic.Int64
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(*Socket) receiver {
		entered.Add(1)
		return receiver{closed: func(Reason) { left.Add(1) }}
	})})
	query, _ := s.open()
	status, _ := s.ask(http.MethodPost, query, strings.Repeat("40\x1e41\x1e", 3700)+"40")
	if status != http.StatusBadRequest {
		t.Errorf("got status %d", status)
	}
	s.areOver(1)
	if entered.Load() != maxEntering || left.Load() != maxEntering {
		t.Errorf("it entered %d times and left %d times, want %d", entered.Load(), left.Load(), maxEntering)
	}
}

func TestEventsComeInOrderWithTheirArguments(t *testing.T) {
	t.Parallel()
	events := make(chan string, 100)
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(*Socket) receiver {
		return receiver{event: func(e Event) { events <- fmt.Sprintf("%s %s %v", e.Name, e.Args, e.Attachments) }}
	})})
	p := s.enter("")
	p.send(`42["joinRoom",{"room":"group1"}]`, `42["roomMessage",{"room":"group1"},"大家好！"]`,
		`451-["file",{"_placeholder":true,"num":0}]`)
	if err := p.WriteMessage(websocket.BinaryMessage, []byte{1, 2}); err != nil {
		t.Fatal(err)
	}
	p.send(`42["last"]`)
	for _, want := range []string{
		`joinRoom [{"room":"group1"}] []`, `roomMessage [{"room":"group1"} "大家好！"] []`,
		`file [{"_placeholder":true,"num":0}] [[1 2]]`, `last [] []`,
	} {
		if got := comes(t, events); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestANamespaceIsLeftByTheClient(t *testing.T) {
	t.Parallel()
	reasons := make(chan string, 10)
	namespace := welcoming(func(s *Socket) receiver {
		return receiver{
			event:  func(e Event) { s.Emit(NewPacket(s.Namespace(), e.Name, e.Data)) },
			closed: func(reason Reason) { reasons <- s.Namespace() + " " + string(reason) },
		}
	})
	s := startServer(t, calm(), map[string]Connect{"/": namespace, "/chat": namespace})
	p := s.enter("")
	p.send("40/chat,")
	p.begins("40/chat,")
	p.send("41/chat,", `42/chat,["too late"]`, "41/chat,", `42["still here"]`)
	p.wants(`42["still here"]`)
	if got := comes(t, reasons); got != "/chat "+string(Left) {
		t.Error(got)
	}
	p.send("40/chat,", `42/chat,["back"]`)
	p.begins("40/chat,")
	p.wants(`42/chat,["back"]`)
	p.send("1")
	p.wantsEnd()
	for range 2 {
		if got := comes(t, reasons); !strings.HasSuffix(got, " "+string(Left)) {
			t.Error(got)
		}
	}
}

func TestMalformedEventsEndThatSessionAlone(t *testing.T) {
	t.Parallel()
	ends := make(chan Reason, 100)
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(s *Socket) receiver {
		return receiver{
			event:  func(e Event) { s.Emit(NewPacket("/", e.Name, e.Data)) },
			closed: func(reason Reason) { ends <- reason },
		}
	})})
	other := s.enter("")
	texts := []string{"0", "2/unknown,[\"x\"]", `51-["x",{"_placeholder":true,"num":0}]` + "\x1e" + `42["before its attachment"]`}
	for _, text := range append(texts, malformed...) {
		p := s.enter("")
		for part := range strings.SplitSeq(text, "\x1e") {
			p.send("4" + strings.TrimPrefix(part, "4"))
		}
		p.wantsEnd()
		if reason := comes(t, ends); reason != Invalid {
			t.Errorf("%.40q: %s", text, reason)
		}
	}
	p := s.enter("")
	if err := p.WriteMessage(websocket.BinaryMessage, []byte("an attachment of nothing")); err != nil {
		t.Fatal(err)
	}
	p.wantsEnd()
	other.send(`42["fine"]`)
	other.wants(`42["fine"]`)
}

func TestAnEventIsBoundedWithItsAttachments(t *testing.T) {
	t.Parallel()
	config := calm()
	config.MaxPayload = 1000
	events := make(chan int, 10)
	s := startServer(t, config, map[string]Connect{"/": welcoming(func(*Socket) receiver {
		return receiver{event: func(e Event) { events <- len(e.Attachments) }}
	})})
	p := s.enter("")
	send := func(size int) {
		p.send(`452-["x"]`)
		for range 2 {
			if err := p.WriteMessage(websocket.BinaryMessage, make([]byte, size)); err != nil {
				t.Fatal(err)
			}
		}
	}
	send(400)
	if got := comes(t, events); got != 2 {
		t.Error(got)
	}
	send(600)
	p.wantsEnd()
	if len(events) > 0 {
		t.Error("it came")
	}
}

// Who has entered no namespace is anybody.
func TestLittleIsTakenBeforeAClientEntersANamespace(t *testing.T) {
	t.Parallel()
	config := calm()
	config.FirstPayload = 500
	events := make(chan int, 10)
	s := startServer(t, config, map[string]Connect{"/": welcoming(func(*Socket) receiver {
		return receiver{event: func(e Event) { events <- len(e.Args[0]) }}
	})})
	long := `42["x","` + strings.Repeat("x", 1000) + `"]`
	query, _ := s.open()
	if status, _ := s.ask(http.MethodPost, query, "4"+long[1:]); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body got %d", status)
	}
	s.isOver(query)
	for what, frames := range map[string][]string{"a frame": {long}, "many": {"6", "6" + strings.Repeat(" ", 490)}} {
		p := s.connect()
		for _, frame := range frames {
			p.WriteMessage(websocket.TextMessage, []byte(frame)) // what fails, fails since the server has closed the connection
		}
		p.wantsEnd()
		t.Log(what)
	}
	query, _ = s.open()
	s.posted(query, `452-["x",{"_placeholder":true,"num":0}]`)
	s.posted(query, "b"+base64.StdEncoding.EncodeToString(make([]byte, 300)))
	if status, _ := s.ask(http.MethodPost, query, "b"+base64.StdEncoding.EncodeToString(make([]byte, 300))); status != http.StatusBadRequest {
		t.Errorf("attachments of 600 bytes got %d", status)
	}
	s.isOver(query)

	p := s.enter("")
	p.send(long)
	comes(t, events)
	query, upgrade := s.open()
	s.posted(query, "40")
	s.posted(query, long)
	comes(t, events)
	p = s.dial(upgrade)
	p.send("2probe")
	p.wants("3probe")
	p.send("5", long)
	comes(t, events)
}

func TestAPanicInAReceiverEndsThatSessionAlone(t *testing.T) {
	t.Parallel()
	ends := make(chan Reason, 10)
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(s *Socket) receiver {
		return receiver{
			event: func(e Event) {
				if e.Name == "panic" {
					panic("in a test")
				}
				s.Emit(NewPacket("/", e.Name, e.Data))
			},
			closed: func(reason Reason) {
				ends <- reason
				panic("in a test, too")
			},
		}
	})})
	other, p := s.enter(""), s.enter("")
	p.send(`42["panic"]`)
	p.wantsEnd()
	if reason := comes(t, ends); reason != Failed {
		t.Error(reason)
	}
	other.send(`42["fine"]`)
	other.wants(`42["fine"]`)
}
