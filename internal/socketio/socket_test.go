package socketio

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
)

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

func TestACallGetsItsAnswerOrErrClosed(t *testing.T) {
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

func TestWaitingPacketsAreSentBeforeADisconnect(t *testing.T) {
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
	if got := strings.Join(p.wantsEnd(), " "); got != `42["bye"] 41` { // its last socket: the connection ends
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
				s.client.session.end(Slow, false) // the end may come from any goroutine
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
