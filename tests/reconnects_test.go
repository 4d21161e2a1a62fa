// Clients that come back ten thousand times. They miss nothing, and the program keeps nothing of them.

package tests

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"parley/chat"
	"parley/client"
	"parley/internal/wait"
	"parley/tests/harness"
)

// clients is how many come back at a time.
const clients = 40

// comer is a client that comes back whenever it is cut.
type comer struct {
	*client.Client
	room     chat.RoomID
	welcomed chan struct{}
	heard    chan int64 // the seq of each message in the room

	mu   sync.Mutex
	conn *net.TCPConn // the last

	next int64 // the seq that has to be heard next; belongs to the client's goroutine
}

// listens opens a client of a person's, who listens in general.
func (c *crowd) listens(t *testing.T, who *harness.Person) *comer {
	t.Helper()
	token, err := client.SignIn(t.Context(), c.URL, who.Name, harness.GoodPassword)
	if err != nil {
		t.Fatal(err)
	}
	one := &comer{room: c.general, welcomed: make(chan struct{}, 1), heard: make(chan int64, 1000)}
	one.Client, err = client.Open(t.Context(), client.Options{
		URL: c.URL, Token: token, Dial: one.dial,
		Wait: func(client.Comeback, int) time.Duration { return 0 },
		OnEvent: func(_ *client.Client, event any) {
			if err := one.takes(event); err != nil {
				t.Error(err)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(one.Close)
	return one
}

func (one *comer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	one.mu.Lock()
	defer one.mu.Unlock()
	one.conn = conn.(*net.TCPConn) // there is no other kind here
	return conn, nil
}

func (one *comer) takes(event any) error {
	switch e := event.(type) {
	case chat.Welcome:
		for _, room := range e.Rooms {
			if room.ID == one.room && one.next == 0 {
				one.next = room.Seq + 1
			}
		}
		one.welcomed <- struct{}{}
	case chat.MessageAdded:
		if e.Message.Seq != one.next {
			return fmt.Errorf("heard message %d, want %d", e.Message.Seq, one.next)
		}
		one.next++
		one.heard <- e.Message.Seq
	case client.Reset:
		return fmt.Errorf("was told to start over: %+v", e)
	}
	return nil
}

// cut breaks the connection, without a word or by a reset.
func (one *comer) cut(reset bool) {
	one.mu.Lock()
	defer one.mu.Unlock()
	if reset {
		one.conn.SetLinger(0) // fails only on a closed one
	}
	one.conn.Close()
}

func (one *comer) awaitWelcome(t *testing.T) {
	t.Helper()
	select {
	case <-one.welcomed:
	case <-time.After(wait.Patience):
		t.Fatal("a client did not come back")
	}
}

func (one *comer) awaitHeard(t *testing.T, seq int64) {
	t.Helper()
	for last := int64(0); last < seq; {
		select {
		case last = <-one.heard:
		case <-time.After(wait.Patience):
			t.Fatalf("message %d did not come", seq)
		}
	}
}

// comeBack has the clients come, and then all come back again and again. Half of them are cut while something
// is said, half when they have heard it.
func (c *crowd) comeBack(t *testing.T, times int) {
	t.Helper()
	var all []*comer
	for i := range clients {
		all = append(all, c.listens(t, c.people[i%len(c.people)]))
	}
	for _, one := range all {
		one.awaitWelcome(t)
	}
	var last chat.MessageSent
	for round := range times {
		last = c.people[0].Says(t, c.general, fmt.Sprint("in round ", round))
		for i, one := range all {
			if (i+round)%2 == 0 {
				one.awaitHeard(t, last.Seq)
			}
			one.cut(i%4 < 2)
		}
		for _, one := range all {
			one.awaitWelcome(t)
		}
	}
	for i, one := range all {
		if (i+times-1)%2 != 0 {
			one.awaitHeard(t, last.Seq)
		}
		one.Close()
	}
	c.AwaitSockets(t, 0)
}

func TestTenThousandReconnectsMissNothingAndLeaveNothing(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	opened := func() int { return int(c.Metrics(t)["parley_sockets_opened_total"]) }
	t.Run("first", func(t *testing.T) { c.comeBack(t, 10) }) // fills caches and pools
	first, before := c.rest(t), opened()
	t.Run("then", func(t *testing.T) { c.comeBack(t, 10_000/clients) })
	second := c.restAtMost(t, first)
	if n := opened() - before; n < 10_000 {
		t.Errorf("only %d sockets were opened", n)
	}
	first.check(t, second, 256<<10) // 26 bytes for each time
}
