package client

import (
	"testing"
	"time"

	"parley/chat"
)

// What was missed is in the welcome's number already.
func TestUnreadIsRightWhileAnEventIsHandled(t *testing.T) {
	t.Parallel()
	welcome := func(p *peer, seq, rev, unread int64) {
		p.tell("welcome", "", chat.Welcome{
			History: chat.History{Epoch: "e"}, User: chat.User{ID: 9}, Limits: chat.Limits{SocketWrites: 64},
			Rooms: []chat.RoomState{{Room: room(seq, rev), Unread: unread}},
		})
	}
	s := script(t, func(p *peer) {
		welcome(p, 1, 1, 1)
		p.added(2, 2)
	}, func(p *peer) {
		welcome(p, 4, 4, 4)
		p.changes(2, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 4, Messages: []chat.Message{message(3, 3), message(4, 4)},
		})
		p.added(5, 5)
		p.tell("read.moved", "", chat.ReadMoved{RoomID: 1, ReadSeq: 4, Unread: 1, UserRev: 2})
		p.untilGone()
	})
	counts := make(chan int64, 100)
	s.open(Options{OnEvent: func(c *Client, event any) {
		if _, gone := event.(Disconnected); !gone {
			n, _ := c.Unread(1)
			counts <- n
		}
	}})
	for i, want := range []int64{1, 2, 4, 4, 4, 5, 1} {
		select {
		case got := <-counts:
			if got != want {
				t.Errorf("event %d: %d unread, want %d", i, got, want)
			}
		case <-time.After(patience):
			t.Fatalf("event %d did not come", i)
		}
	}
}
