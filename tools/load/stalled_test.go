package load

import (
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestWhatBecomesOfThoseWhoDoNotReadIsTold(t *testing.T) {
	t.Parallel()
	// The server gives up the last member of the room when a write takes too long.
	givesUp := func(s *roomServer, room string, _ int, frame []byte) {
		for i, p := range s.rooms[room] {
			if i < 2 {
				p.write(frame)
				continue
			}
			p.conn.NetConn().(meteredConn).SetWriteBuffer(1 << 16)
			if p.conn.SetWriteDeadline(time.Now().Add(20*time.Millisecond)) == nil &&
				p.conn.WriteMessage(websocket.TextMessage, frame) != nil {
				p.conn.Close()
			}
		}
	}
	keepsAll := func(s *roomServer, room string, n int, frame []byte) { s.toAll(room, frame) }
	for name, c := range map[string]struct {
		deliver func(s *roomServer, room string, n int, frame []byte)
		text    int
		closed  int
	}{
		"closed": {givesUp, 200_000, 1},
		"kept":   {keepsAll, 100, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothWays(t, func(t *testing.T, gather func(Options) *crowd) {
				server := rooms()
				server.deliver = c.deliver
				o := serve(t, server)
				o.Rooms, o.Members, o.Stalled, o.TextBytes = 1, 3, 1, c.text
				o.Window, o.Duration = 0, 3*time.Second
				if c.closed == 0 {
					o.Rate = 100
				}
				o.Handshakes = 1 // so that the members join in their order
				r := run(t, gather(o))
				if !r.Sound() || r.Messages == 0 {
					t.Errorf("got %d messages, %d deliveries, faults %+v, closed %v",
						r.Messages, r.Deliveries, r.Faults, r.Closed)
				}
				s := r.Stalled
				if s == nil || s.Members != 1 || s.Closed != c.closed || (s.Missed > 0) != (c.closed > 0) {
					t.Errorf("got %+v after %d messages, want %d closed", s, r.Messages, c.closed)
				}
			})
		})
	}
}
