package load

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"parley/internal/wait"
)

// roomServer is a small chat server: a member's first frame joins a room, and every other frame is a message
// in it. deliver makes the faults.
type roomServer struct {
	mu    sync.Mutex
	rooms map[string][]*peer
	// deliver sends a frame to the members of a room. n counts the server's frames from 0. Nil sends the
	// frame to all.
	deliver func(s *roomServer, room string, n int, frame []byte)
	said    int
	meter   *meterOfServer
	held    []byte // kept back by deliver
	heldOf  string // room
	refuses bool   // refuses every message
}

type peer struct {
	conn *websocket.Conn
	mu   sync.Mutex
}

func (p *peer) write(frame []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conn.SetWriteDeadline(time.Now().Add(wait.Patience))
	p.conn.WriteMessage(websocket.TextMessage, frame)
}

func (s *roomServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+r.URL.Query().Get("member") {
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	p := &peer{conn: conn}
	room := ""
	for ; ; s.meter.handled.Add(1) {
		_, frame, err := conn.ReadMessage()
		switch {
		case err != nil:
			return
		case room == "":
			room = strings.TrimPrefix(string(frame), "join ")
			s.mu.Lock()
			s.rooms[room] = append(s.rooms[room], p)
			s.mu.Unlock()
			p.write([]byte(`{"joined":"` + room + `"}`))
		case s.refuses:
			p.write([]byte(`{"refused":true}`))
		default:
			var in struct{ Text string }
			json.Unmarshal(frame, &in)
			s.say(room, []byte(fmt.Sprintf(`{"room":%q,"text":%q,"html":%q}`, room, in.Text, in.Text)))
		}
	}
}

func (s *roomServer) say(room string, frame []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.said
	s.said++
	if s.deliver != nil {
		s.deliver(s, room, n, frame)
		return
	}
	s.toAll(room, frame)
}

func (s *roomServer) toAll(room string, frame []byte) {
	for _, p := range s.rooms[room] {
		p.write(frame)
	}
}

// TestMain fails when a test leaves goroutines behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts the server and returns options that fit it.
func serve(t *testing.T, handler http.Handler) Options {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	meter := &meterOfServer{}
	if s, ok := handler.(*roomServer); ok {
		s.meter = meter
	}
	server.Listener = meteredListener{server.Listener, meter}
	server.Start()
	meters.Store(server.Listener.Addr().String(), meter)
	t.Cleanup(server.Close)
	return Options{
		Address: strings.TrimPrefix(server.URL, "http://"),
		Dialect: Dialect{
			Upgrade: func(m Member) (string, http.Header) {
				path := fmt.Sprintf("/ws?member=%d", m.Index)
				return path, http.Header{"Authorization": {fmt.Sprint("Bearer ", m.Index)}}
			},
			Join: func(m Member) []Step {
				return []Step{{Send: fmt.Sprint("join room", m.Room), Await: fmt.Sprintf(`{"joined":"room%d"`, m.Room)}}
			},
			Publish: func(frame []byte, _ Message, text []byte) []byte {
				return append(append(append(frame, `{"text":"`...), text...), `"}`...)
			},
			Before:  `"text":"`,
			Refusal: `{"refused"`,
		},
		Rooms: 3, Members: 4, Duration: 100 * time.Millisecond, Drain: wait.Patience,
		Settle: time.Millisecond,
	}
}

func rooms() *roomServer { return &roomServer{rooms: map[string][]*peer{}} }

// bothWays runs a test over epoll, if the system has it, and over streams.
func bothWays(t *testing.T, test func(t *testing.T, gather func(Options) *crowd)) {
	t.Helper()
	t.Run("as usual", func(t *testing.T) {
		t.Parallel()
		test(t, func(o Options) *crowd {
			c, err := newCrowd(o)
			return clean(t, c, err)
		})
	})
	t.Run("streams", func(t *testing.T) {
		t.Parallel()
		test(t, func(o Options) *crowd {
			c, err := newCrowd(o)
			clean(t, c, err)
			c.network.close()
			c.network = newStreams(c.server)
			return c
		})
	})
}

func clean(t *testing.T, c *crowd, err error) *crowd {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.network.close() })
	return c
}
