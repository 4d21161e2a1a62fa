// Tests of the total in which everything counts that waits for clients.

package socketio

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/internal/budget"
	"parley/internal/wait"
)

// total is a site whose sessions count in a budget.
type total struct {
	*site
	unread  *budget.Budget
	sockets chan *Socket
	ends    chan Reason
}

func startTotal(t *testing.T, bytes int64) *total {
	t.Helper()
	config := calm()
	config.OutboxBytes = 64 << 20
	w := &total{unread: budget.New(bytes), sockets: make(chan *Socket, 1), ends: make(chan Reason, 100)}
	config.Unread = w.unread
	w.site = startServer(t, config, map[string]Connect{"/": welcoming(func(s *Socket) receiver {
		w.sockets <- s
		return receiver{closed: func(reason Reason) { w.ends <- reason }}
	})})
	return w
}

// polls opens a session by polling that enters the namespace, takes its welcome, and does not poll again.
func (w *total) polls() (s *Socket, query string) {
	w.Helper()
	query, _ = w.open()
	w.posted(query, "40")
	s = comes(w.T, w.sockets)
	if status, text := w.ask(http.MethodGet, query, ""); status != http.StatusOK || !strings.HasPrefix(text, "40") {
		w.Fatal(status, text)
	}
	return s, query
}

// packet makes an event with so many bytes of text.
func packetOf(bytes int) *Packet {
	text := json.RawMessage(`"` + strings.Repeat("x", bytes) + `"`)
	return NewPacket("/", "n", Data{Args: []json.RawMessage{text}})
}

// isEmpty waits until nothing counts any more.
func (w *total) isEmpty() {
	w.Helper()
	wait.Until(w.T, "nothing counts any more", func() bool { return w.unread.Used() == 0 })
}

// Clients that never poll again are ended, first those for whom the most waits, before more waits than may.
func TestWhatWaitsForPollsStaysInTheTotal(t *testing.T) {
	t.Parallel()
	const most, each = 1 << 20, 100_000
	w := startTotal(t, most)
	quiet, query := w.polls()
	quiet.Emit(numbered(1))
	for range 30 {
		s, _ := w.polls()
		s.Emit(packetOf(each))
		s.Emit(packetOf(each))
		if used := w.unread.Used(); used > most {
			t.Fatalf("%d bytes wait", used)
		}
	}
	for range 20 {
		if reason := comes(t, w.ends); reason != Slow {
			t.Errorf("one ended because %s", reason)
		}
	}
	w.polled(query, `42["n",1]`)
	if err := w.serve.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.isEmpty()
}

// The text of an event for many is there once.
func TestAPacketForManyCountsOnce(t *testing.T) {
	t.Parallel()
	const size = 100_000
	w := startTotal(t, 3*size)
	packet := packetOf(size)
	var queries []string
	for range 20 {
		s, query := w.polls()
		s.Emit(packet)
		queries = append(queries, query)
	}
	if used := w.unread.Used(); used < size || used > 2*size {
		t.Errorf("%d bytes are counted", used)
	}
	for _, query := range queries {
		w.polled(query, string(packet.frames[0].data))
	}
	w.isEmpty()
}

// stalls sends a request on a connection that nobody reads from.
func (w *total) stalls(request string) net.Conn {
	w.Helper()
	conn, err := net.Dial("tcp", w.host)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { conn.Close() })
	conn.(*net.TCPConn).SetReadBuffer(1 << 10)
	if _, err := fmt.Fprintf(conn, "%s\r\nHost: %s\r\n\r\n", request, w.host); err != nil {
		w.Fatal(err)
	}
	return conn
}

// What is being written to a client that does not read counts too, and gives its bytes back when somebody else
// needs them, long before the write would be given up.
func TestAnAnswerThatNobodyReadsIsCutForOthers(t *testing.T) {
	t.Parallel()
	const large = 24 << 20 // more than the system buffers
	for name, begin := range map[string]func(*total) *Socket{
		"poll": func(w *total) *Socket {
			s, query := w.polls()
			w.stalls("GET /?" + query + " HTTP/1.1")
			return s
		},
		"WebSocket": func(w *total) *Socket {
			w.connect().send("40")
			return comes(w.T, w.sockets)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startTotal(t, large+1<<20)
			s := begin(w)
			s.Emit(packetOf(large))
			session := s.client.session
			wait.Until(t, "the answer is being written", func() bool {
				session.mu.Lock()
				defer session.mu.Unlock()
				return session.copied >= large
			})
			other, query := w.polls()
			start := time.Now()
			other.Emit(packetOf(2 << 20))
			if reason := comes(t, w.ends); reason != Slow && reason != Lost {
				t.Errorf("it ended because %s", reason)
			}
			wait.Until(t, "its bytes are back", func() bool { return w.unread.Used() < large })
			t.Log("its bytes were back after", time.Since(start))
			if status, text := w.ask(http.MethodGet, query, ""); status != http.StatusOK || len(text) < 2<<20 {
				t.Errorf("the other got %d and %d bytes", status, len(text))
			}
			if err := w.serve.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.isEmpty()
		})
	}
}
