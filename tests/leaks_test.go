//go:build unported

// What came goes again: sockets that talk, break, stall, sign out and leave take nothing with them.

package tests

import (
	"fmt"
	"net/http"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/chat"
)

// crowd is twenty people, who have ten sockets each while a round lasts.
type crowd struct {
	*parts
	people  []*harness.Person
	slow    *harness.Person
	general chat.RoomID
	aside   chat.RoomID // the first of the people and slow
	ahead   atomic.Int64
}

const socketsOfEach = 10

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	c := &crowd{}
	c.parts = startParts(t, func(p *parts) {
		p.rooms.mu.Lock()
		defer p.rooms.mu.Unlock()
		p.rooms.now = func() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }
	}, "--messages-per-second=100000", "--messages-burst=100000", "--sign-in-attempts=1000",
		"--message-characters=60000", "--frame-bytes=300000", "--outbox-bytes=300000")
	ann := c.SetUp(t)
	c.people = []*harness.Person{ann}
	for i := range 19 {
		c.people = append(c.people, c.SignUp(t, ann, fmt.Sprint("person", i)))
	}
	c.slow = c.SignUp(t, ann, "slow")
	c.general = ann.Room(t, "general").ID
	c.aside = ann.Creates(t, chat.Private, "aside").ID
	ann.Post(t, harness.RoomPath(c.aside)+"/members", chat.NewMembers{UserIDs: []chat.UserID{c.slow.User.ID}}, http.StatusNoContent, nil)
	return c
}

// round has everyone come, talk, come back, stall, sign out and leave.
func (c *crowd) round(t *testing.T) {
	var socks []*harness.Sock
	come := func(n int) {
		t.Helper()
		for i := range n {
			socks = append(socks, c.people[i%len(c.people)].Dial(t))
		}
	}
	talk := func() {
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
	come(len(c.people) * socketsOfEach)
	talk()
	for i, s := range socks[:len(socks)/2] {
		if i%2 == 0 {
			s.Conn.NetConn().Close() // without a word
		} else {
			s.Conn.Close()
		}
	}
	left := len(socks) / 2
	socks = socks[left:]
	wait.Until(t, "half have left", func() bool { return c.open() == len(socks) })
	come(left)
	talk()

	for range 3 {
		c.slow.stalled(t)
	}
	wait.Until(t, "the slow are open", func() bool { return c.narrow(c.slow) == 3 })
	for c.socketsOf(c.slow) > 0 {
		c.people[0].Says(t, c.aside, bigBody)
	}

	device := c.people[1].Device(t)
	signedIn := device.Dial(t)
	device.Post(t, "/api/logout", nil, http.StatusNoContent, nil)
	signedIn.ExpectClosed(t, chat.CloseSignedOut)
	c.Visitor(t, "nobody").DialAnyhow(t, http.Header{}).Conn.Close()
	talk()
	for _, s := range socks {
		s.Conn.Close()
	}
	wait.Until(t, "everyone has left", func() bool { return c.open() == 0 })
}

// narrow lets little wait in the system's own buffers for a person's sockets, and tells how many there are.
func (c *crowd) narrow(who *harness.Person) int {
	c.rooms.mu.Lock()
	defer c.rooms.mu.Unlock()
	user := c.rooms.users[who.User.ID]
	if user == nil {
		return 0
	}
	for sock := range user.sockets {
		sock.narrow()
	}
	return len(user.sockets)
}

func (c *crowd) open() int { return c.server.sockets.Counts().Open }

// rest is what is left once nobody is there.
type rest struct {
	goroutines, descriptors int
	heap                    int64
}

func (c *crowd) rest(t *testing.T) rest {
	t.Helper()
	c.ahead.Add(int64(2 * offlineAfter))
	wait.Until(t, "nobody is online", func() bool { return c.rooms.Counts().People == 0 })
	for _, who := range append(c.people, c.slow) {
		who.client.CloseIdleConnections()
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	var now rest
	var since time.Time
	wait.Until(t, "what was closed is let go", func() bool {
		if g, d := runtime.NumGoroutine(), descriptors(t); g != now.goroutines || d != now.descriptors {
			now.goroutines, now.descriptors, since = g, d, time.Now()
		}
		return time.Since(since) > 200*time.Millisecond
	})
	runtime.GC()
	runtime.GC() // what a pool or a finalizer has kept
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	now.heap = int64(memory.HeapAlloc)
	return now
}

// descriptors counts those of the process, where the system tells.
func descriptors(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// Not parallel: what runs beside it would be counted too.
func TestWhatCameGoesAgain(t *testing.T) {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	ignored, before := goleak.IgnoreCurrent(), descriptors(t)
	t.Run("server", func(t *testing.T) {
		c := newCrowd(t)
		t.Run("first", c.round) // fills caches and pools
		first := c.rest(t)
		t.Run("second", c.round)
		second := c.rest(t)
		if second.goroutines > first.goroutines || second.descriptors > first.descriptors {
			t.Errorf("after another round there is %+v, was %+v", second, first)
		}
		if grown := second.heap - first.heap; grown > 512<<10 { // less than 2 KiB a socket
			t.Errorf("the heap grew by %d bytes", grown)
		}
		counts := c.server.sockets.Counts()
		closed := int64(0)
		for _, n := range counts.Closed {
			closed += n
		}
		if closed != counts.Opened || counts.Closed[chat.CloseSlow] != 2*3 {
			t.Errorf("of %d sockets %d were closed: %v", counts.Opened, closed, counts.Closed)
		}
	})
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	goleak.VerifyNone(t, ignored)
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors are open, before there were %d", after, before)
	}
}
