package socketio

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// welcoming lets everyone in with a receiver made for the socket.
func welcoming(receive func(*Socket) receiver) Connect {
	return func(s *Socket, _ json.RawMessage) (Receiver, error) { return receive(s), nil }
}

func TestConnectIsToldWhoComesAndMayRefuse(t *testing.T) {
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

func TestWhatIsEmittedWhileConnectingFollowsTheWelcome(t *testing.T) {
	t.Parallel()
	sent := make(chan string, 10)
	s := startServer(t, calm(), map[string]Connect{"/": func(s *Socket, _ json.RawMessage) (Receiver, error) {
		for n := range 3 {
			s.Emit(numbered(n))
		}
		s.WhenSent(func() { sent <- "all" })
		return receiver{}, nil
	}})
	p := s.enter("")
	p.wants(`42["n",0]`, `42["n",1]`, `42["n",2]`)
	comes(t, sent)
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

func TestWhoEntersNoNamespaceInTimeIsClosed(t *testing.T) {
	t.Parallel()
	config := calm()
	config.ConnectTimeout = 20 * time.Millisecond
	s := startServer(t, config, map[string]Connect{"/": welcoming(func(*Socket) receiver { return receiver{} })})
	p := s.enter("")
	idle, lost := s.connect(), s.connect()
	lost.send("40/other")
	idle.wantsEnd()
	lost.wantsEnd()
	p.send("41", "40") // out and in again, after its own time
	p.begins("40{")
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

func TestAnEventIsAcknowledgedOnce(t *testing.T) {
	t.Parallel()
	s := startServer(t, calm(), map[string]Connect{"/chat": welcoming(func(s *Socket) receiver {
		return receiver{event: func(e Event) {
			if e.Ack == nil {
				s.Emit(NewPacket("/chat", "no answer wanted", Data{}))
				return
			}
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() { e.Ack(Data{[]json.RawMessage{json.RawMessage(`{"seq":1}`)}, e.Attachments}) })
			}
			all.Wait()
		}}
	})})
	p := s.enter("/chat,")
	p.send(`42/chat,7["post"]`, `42/chat,["post"]`, `451-/chat,0["post"]`)
	if err := p.WriteMessage(websocket.BinaryMessage, []byte{9}); err != nil {
		t.Fatal(err)
	}
	p.wants(`43/chat,7[{"seq":1}]`, `42/chat,["no answer wanted"]`, `461-/chat,0[{"seq":1}]`, "\x09")
}

func TestACallGetsItsAnswerOrTheEnd(t *testing.T) {
	t.Parallel()
	answers := make(chan string, 10)
	answered := func(data Data, err error) { answers <- fmt.Sprintf("%s %v", data.Args, err) }
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(s *Socket) receiver {
		s.Call("which", values(t, 1), answered)
		s.Call("which", values(t, 2), answered)
		return receiver{closed: func(Reason) {
			if s.Call("late", Data{}, answered) {
				t.Error("a closed socket takes calls")
			}
		}}
	})})
	p := s.enter("")
	p.wants(`421["which",1]`, `422["which",2]`)
	p.send(`432["two"]`, `432["again"]`, `439["unasked"]`)
	if got := comes(t, answers); got != `["two"] <nil>` {
		t.Error(got)
	}
	p.Close()
	if got := comes(t, answers); got != `[] `+ErrClosed.Error() {
		t.Error(got)
	}
}

func TestCallsAreBounded(t *testing.T) {
	t.Parallel()
	reasons := make(chan Reason, 1)
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(s *Socket) receiver {
		return receiver{
			event: func(Event) {
				for s.Call("which", Data{}, func(Data, error) {}) {
				}
			},
			closed: func(reason Reason) { reasons <- reason },
		}
	})})
	p := s.enter("")
	p.send(`42["go"]`)
	p.wantsEnd()
	if reason := comes(t, reasons); reason != Slow {
		t.Error(reason)
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

func TestASocketIsDisconnectedAfterWhatWaits(t *testing.T) {
	t.Parallel()
	reasons := make(chan string, 10)
	namespace := welcoming(func(s *Socket) receiver {
		return receiver{
			event: func(e Event) {
				s.Emit(NewPacket(s.Namespace(), "bye", Data{}))
				s.Disconnect()
				s.Disconnect()
				s.Emit(NewPacket(s.Namespace(), "too late", Data{}))
			},
			closed: func(reason Reason) { reasons <- s.Namespace() + " " + string(reason) },
		}
	})
	s := startServer(t, calm(), map[string]Connect{"/": namespace, "/chat": namespace})
	p := s.enter("")
	p.send("40/chat,")
	p.begins("40/chat,")
	p.send(`42/chat,["out"]`)
	p.wants(`42/chat,["bye"]`, "41/chat,")
	if got := comes(t, reasons); got != "/chat "+string(Ended) {
		t.Error(got)
	}
	p.send(`42["out"]`)
	if got := strings.Join(p.wantsEnd(), " "); got != `42["bye"] 41` { // the connection goes with the last
		t.Error(got)
	}
	if got := comes(t, reasons); got != "/ "+string(Ended) {
		t.Error(got)
	}

	query, _ := s.open()
	s.posted(query, "40")
	s.ask(http.MethodGet, query, "")
	s.posted(query, `42["out"]`)
	if _, text := s.ask(http.MethodGet, query, ""); !strings.HasPrefix(text, "42[\"bye\"]\x1e41") {
		t.Errorf("got %q", text)
	}
}

func TestASocketThatIsDisconnectedWhileItConnectsIsToldSo(t *testing.T) {
	t.Parallel()
	reasons := make(chan Reason, 10)
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(s *Socket) receiver {
		s.Disconnect()
		return receiver{closed: func(reason Reason) { reasons <- reason }}
	})})
	p := s.connect()
	p.send("40")
	if got := p.wantsEnd(); len(got) != 2 || got[1] != "41" {
		t.Error(got)
	}
	if reason := comes(t, reasons); reason != Ended || len(reasons) > 0 {
		t.Error(reason)
	}
}

func TestAReceiverIsToldOfTheEndOnceAndLast(t *testing.T) {
	t.Parallel()
	told := make(chan string, 10)
	under := make(chan struct{})
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(s *Socket) receiver {
		return receiver{
			event: func(e Event) {
				close(under)
				s.client.session.end(Slow, false) // as it may come from anywhere
				s.Disconnect()
				told <- "event"
			},
			closed: func(reason Reason) { told <- string(reason) },
		}
	})})
	p := s.enter("")
	p.send(`42["x"]`, `42["x"]`)
	comes(t, under)
	p.wantsEnd()
	if first, second := comes(t, told), comes(t, told); first != "event" || second != string(Slow) {
		t.Error(first, second)
	}
	if err := s.serve.Close(t.Context()); err != nil || len(told) > 0 {
		t.Error(err, len(told))
	}
}

func TestOnePacketGoesToManyInOrder(t *testing.T) {
	t.Parallel()
	const sockets, packets = 20, 200
	entered := make(chan *Socket, sockets)
	s := startServer(t, calm(), map[string]Connect{"/": welcoming(func(s *Socket) receiver {
		entered <- s
		return receiver{}
	})})
	var peers []*peer
	var all []*Socket
	for range sockets {
		peers = append(peers, s.enter(""))
		all = append(all, comes(t, entered))
	}
	go func() {
		for n := range packets {
			packet := numbered(n)
			for _, socket := range all {
				socket.Emit(packet)
			}
		}
	}()
	for _, p := range peers {
		for n := range packets {
			p.wants(fmt.Sprintf(`42["n",%d]`, n))
		}
	}
}

func TestAPacketOfAnotherNamespaceIsAMistake(t *testing.T) {
	t.Parallel()
	s := startServer(t, calm(), map[string]Connect{"/chat": welcoming(func(s *Socket) receiver {
		defer func() {
			if recover() == nil {
				t.Error("it was emitted")
			}
		}()
		s.Emit(numbered(1))
		return receiver{}
	})})
	s.enter("/chat,")
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
