// What came goes again: sockets that talk, break, stall, sign out and leave take nothing of the program with
// them.

package tests

import (
	"net/http"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

const socketsInARound = 200

// comes opens sockets of the people's, in turn.
func (c *crowd) comes(t *testing.T, n int) (socks []*harness.Sock) {
	t.Helper()
	for i := range n {
		socks = append(socks, c.people[i%len(c.people)].Dial(t))
	}
	return socks
}

// talks has some of the sockets say something, and all hear the last of it.
func (c *crowd) talks(t *testing.T, socks []*harness.Sock) {
	t.Helper()
	var sent chat.MessageSent
	for i, s := range socks {
		if i%40 == 0 {
			sent = s.Says(t, c.general, "to everyone")
			s.Ask(t, "typing.start", chat.RoomAt{RoomID: c.general}, nil)
			s.Ask(t, "presence.watch", chat.PresenceWatch{UserIDs: []chat.UserID{1, 2, 3}}, nil)
		}
	}
	for _, s := range socks {
		for s.ExpectMessage(t).Rev != sent.Rev {
		}
	}
}

// stalls has three sockets of slow's read nothing until the program closes them.
func (c *crowd) stalls(t *testing.T) {
	t.Helper()
	open, before := c.OpenSockets(t), c.ClosedSockets(t, chat.CloseSlow)
	for range 3 {
		c.slow.Stalled(t)
	}
	c.AwaitSockets(t, open+3)
	wait.Until(t, "those who read nothing are closed", func() bool {
		c.owner.Says(t, c.aside, harness.BigBody)
		return c.ClosedSockets(t, chat.CloseSlow) == before+3
	})
}

// round has everyone come, talk, come back, stall, sign out and leave.
func (c *crowd) round(t *testing.T) {
	socks := c.comes(t, socketsInARound)
	c.talks(t, socks)
	left := len(socks) / 2
	for i, s := range socks[:left] {
		if i%2 == 0 {
			s.Conn.NetConn().Close() // without a word
		} else {
			s.Conn.Close()
		}
	}
	socks = socks[left:]
	c.AwaitSockets(t, len(socks))
	socks = append(socks, c.comes(t, left)...)
	c.talks(t, socks)
	c.stalls(t)

	device := c.people[1].Device(t)
	signedIn := device.Dial(t)
	device.Post(t, "/api/logout", nil, http.StatusNoContent, nil)
	signedIn.ExpectClosed(t, chat.CloseSignedOut)
	device.Client.CloseIdleConnections()
	c.Visitor(t, "nobody").DialAnyhow(t, http.Header{}).Conn.Close()
	c.talks(t, socks)
	for _, s := range socks {
		s.Conn.Close()
	}
	c.AwaitSockets(t, 0)
}

func TestWhatCameGoesAgain(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	t.Run("first", c.round) // fills caches and pools
	first := c.rest(t)
	t.Run("second", c.round)
	first.check(t, c.restAtMost(t, first), 512<<10) // less than 2 KiB a socket
	all := c.Metrics(t)
	closed := 0
	for name, n := range all {
		if strings.HasPrefix(name, "parley_sockets_closed_total{") {
			closed += int(n)
		}
	}
	if opened := int(all["parley_sockets_opened_total"]); closed != opened || c.ClosedSockets(t, chat.CloseSlow) != 2*3 {
		t.Errorf("of %d sockets %d were closed, %d as slow", opened, closed, c.ClosedSockets(t, chat.CloseSlow))
	}
}
