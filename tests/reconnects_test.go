//go:build unported

// Clients that come back ten thousand times: they miss nothing, and nothing of them stays.

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
)

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

// comes opens a client of a person's, who listens in general.
func (c *crowd) comes(t *testing.T, who *harness.Person) *comer {
	t.Helper()
	token, err := client.SignIn(t.Context(), c.URL, who.name, harness.GoodPassword)
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
	one.Conn = conn.(*net.TCPConn) // there is no other kind here
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
		one.Conn.SetLinger(0) // fails only on a closed one
	}
	one.Conn.Close()
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

// comeBack has two clients of each person come, and then all come back again and again. Half of them are cut
// while something is said, half when they have heard it.
func (c *crowd) comeBack(t *testing.T, times int) {
	t.Helper()
	var all []*comer
	for _, who := range append(c.people, c.people...) {
		all = append(all, c.comes(t, who))
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
	wait.Until(t, "everyone has left", func() bool { return c.open() == 0 })
}

// Not parallel: what runs beside it would be counted too.
func TestTenThousandReconnectsMissNothingAndLeaveNothing(t *testing.T) {
	c := newCrowd(t)
	t.Run("first", func(t *testing.T) { c.comeBack(t, 10) }) // fills caches and pools
	first, opened := c.rest(t), c.server.sockets.Counts().Opened
	t.Run("then", func(t *testing.T) { c.comeBack(t, 250) })
	second := c.rest(t)
	if n := c.server.sockets.Counts().Opened - opened; n < 10_000 {
		t.Errorf("only %d sockets were opened", n)
	}
	if second.goroutines > first.goroutines || second.descriptors > first.descriptors {
		t.Errorf("after all have come and gone there is %+v, was %+v", second, first)
	}
	if grown := second.heap - first.heap; grown > 256<<10 { // 26 bytes for each time
		t.Errorf("the heap grew by %d bytes", grown)
	}
}
