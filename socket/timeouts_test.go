// How long a connection may be silent: a socket outlives the timeouts of requests, and ends when nobody
// answers its pings.

package socket

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

// When the other end of a connection has gone without a word, nobody answers its pings.
func TestAMissedPongEndsTheSocket(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(h *house) {
		h.keepalive = func(c *melody.Config) { c.PingPeriod, c.PongWait = 50*time.Millisecond, 500*time.Millisecond }
	})
	ann := h.setUp(t)
	ann.Stalled(t) // reads nothing, so it answers nothing
	wait.Until(t, "the connection is gone", func() bool { c := h.Counts(); return c.Opened == 1 && c.Open == 0 })
	if closed := h.Counts().Closed[websocket.CloseAbnormalClosure]; closed != 1 {
		t.Errorf("it was closed with %v, want a connection that broke", h.Counts().Closed)
	}
}

func TestASocketIsPingedAgainAndAgain(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(h *house) {
		h.keepalive = func(c *melody.Config) { c.PingPeriod, c.PongWait = 50*time.Millisecond, wait.Patience }
	})
	ann := h.setUp(t)
	conn := ann.Stalled(t)
	pings := 0
	answer := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		if pings++; pings == 10 {
			conn.Close() // enough was seen
			return net.ErrClosed
		}
		return answer(data)
	})
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			break
		}
	}
	if pings != 10 {
		t.Errorf("the socket ended after %d pings", pings)
	}
}

func TestSocketsOutliveTheTimeoutsOfRequests(t *testing.T) {
	t.Parallel()
	const short = 100 * time.Millisecond
	h := openHouse(t, nil)
	ann := h.setUp(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadTimeout: short, WriteTimeout: short, IdleTimeout: short}
	go server.Serve(ln)
	t.Cleanup(func() { server.Close() })
	var s *harness.Sock
	wait.Until(t, "a handshake is quicker than the timeout", func() bool {
		there := (&harness.Program{URL: "http://" + ln.Addr().String()}).Visitor(t, "ann")
		var err error
		s, _, err = there.Upgrade(ann.bearer(), chat.Subprotocol)
		return err == nil
	})
	t.Cleanup(func() { s.Conn.Close() })
	s.Expect(t, "welcome")
	general := h.general(t, ann)
	for range 3 {
		<-time.After(short) // there is nothing to wait for but the time itself
		s.Settle(t)
		s.Ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: general}}}, nil)
		s.Says(t, general, "still here")
	}
}
