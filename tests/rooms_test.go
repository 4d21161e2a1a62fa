//go:build unported

// The index of sockets: bounded by person, address and in all, and empty once all have left.

package tests

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"parley/chat"
)

func TestTooManySocketsOfAPersonAreRefused(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--sockets-per-user=3")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	first := ann.Dial(t)
	ann.Dial(t)
	ann.Device(t).Dial(t)
	ann.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany)
	bob.Dial(t)
	first.Conn.Close()
	wait.Until(t, "the closed socket is let go", func() bool { return p.socketsOf(ann) == 2 })
	ann.Dial(t).Settle(t)
	ann.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany)
}

func (p *parts) socketsOf(who *harness.Person) int {
	p.rooms.mu.Lock()
	defer p.rooms.mu.Unlock()
	return p.rooms.people[who.User.ID]
}

func TestTooManySocketsOfAnAddressAreRefused(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sockets-per-address=3")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	ann.Dial(t)
	ann.Dial(t)
	bob.Dial(t)
	bob.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany)
}

func TestManyDialsAtOnceStayWithinTheBound(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--sockets-per-user=5")
	ann := p.SetUp(t)
	var mu sync.Mutex
	welcomed, refused := 0, 0
	var dials sync.WaitGroup
	for range 20 {
		dials.Go(func() {
			s, _, err := ann.Upgrade(nil, chat.Subprotocol)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { s.Conn.Close() })
			select {
			case f := <-s.events:
				mu.Lock()
				defer mu.Unlock()
				if welcomed++; f.Event != "welcome" {
					t.Errorf("got %q", f.Event)
				}
			case <-s.Closed:
				mu.Lock()
				defer mu.Unlock()
				if refused++; s.close == nil || s.close.Code != chat.CloseTooMany {
					t.Errorf("closed with %v", s.close)
				}
			}
		})
	}
	dials.Wait()
	if welcomed != 5 || refused != 15 {
		t.Errorf("%d were welcomed and %d refused, want 5 and 15", welcomed, refused)
	}
}

func TestNoMoreSocketsSignInAtOnceThanMay(t *testing.T) {
	t.Parallel()
	const sockets = 10 * maxOpening
	p := startParts(t, nil, fmt.Sprintf("--sockets-per-user=%d", sockets))
	ann := p.SetUp(t)
	var held []*reader
	for range readers { // nobody can be looked up
		held = append(held, <-p.store.readers)
	}
	var dials sync.WaitGroup
	for range sockets {
		dials.Go(func() {
			s, _, err := ann.Upgrade(nil, chat.Subprotocol)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { s.Conn.Close() })
			s.Expect(t, "welcome")
		})
	}
	door := p.server.sockets
	wait.Until(t, "all have come", func() bool {
		door.mu.Lock()
		defer door.mu.Unlock()
		return door.admitted == sockets
	})
	wait.Until(t, "as many as may sign in", func() bool { return len(door.opening) == 0 })
	p.rooms.mu.Lock()
	opening := len(p.rooms.opening)
	p.rooms.mu.Unlock()
	if opening > maxOpening {
		t.Errorf("%d of %d sign in, want %d", opening, sockets, maxOpening)
	}
	for _, r := range held {
		p.store.readers <- r
	}
	dials.Wait()
}

func TestNothingIsRememberedOfThoseWhoLeft(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	secret := ann.Creates(t, chat.Private, "secret")
	var socks []*harness.Sock
	for i := range 20 {
		who := []*harness.Person{ann, bob}[i%2]
		s := who.Dial(t)
		s.Ask(t, "presence.watch", chat.PresenceWatch{UserIDs: []chat.UserID{1, 2, 3, 99, 99}}, nil)
		s.Ask(t, "typing.start", chat.RoomAt{RoomID: ann.Room(t, "general").ID}, nil)
		socks = append(socks, s)
	}
	for i := range 5 { // opening, moving and leaving at once
		ann.Post(t, harness.RoomPath(secret.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.User.ID}}, http.StatusNoContent, nil)
		ann.Says(t, secret.ID, "text")
		socks = append(socks, bob.Dial(t))
		ann.Call(t, http.MethodDelete, fmt.Sprintf("%s/members/%d", harness.RoomPath(secret.ID), bob.User.ID), nil, http.StatusNoContent, nil)
		socks[i].Conn.Close()
	}
	refused := p.Visitor(t, "nobody").DialAnyhow(t, http.Header{"Authorization": {"Bearer x"}})
	refused.ExpectClosed(t, chat.CloseSignedOut)
	for _, s := range socks {
		s.Conn.Close()
	}
	ann.Says(t, secret.ID, "into an empty room")
	sizes := func() string {
		r := p.rooms
		r.mu.Lock()
		defer r.mu.Unlock()
		p.server.sockets.mu.Lock()
		defer p.server.sockets.mu.Unlock()
		return fmt.Sprintf("rooms %d, users %d, people %d, opening %d, touched %d, watchers %d, stirred %d, sockets %d, addresses %d, hub %d",
			len(r.rooms), len(r.users), len(r.people), len(r.opening), len(r.touched), len(r.watchers), len(r.stirred),
			len(p.server.sockets.all), len(p.server.sockets.addresses), p.server.sockets.melody.Len())
	}
	const want = "rooms 0, users 0, people 0, opening 0, touched 0, watchers 0, stirred 0, sockets 0, addresses 0, hub 0"
	defer func() {
		if got := sizes(); got != want {
			t.Errorf("left: %s", got)
		}
	}()
	wait.Until(t, "everything is forgotten", func() bool { return sizes() == want })
}

func TestWhenNobodyKnowsWhatWasStoredEveryoneStartsOver(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	before := ann.Dial(t)
	ann.Says(t, general, "told")
	before.ExpectMessage(t)
	p.rooms.Dispatch([]chat.Change{{Lost: true}}, func() {})
	before.ExpectClosed(t, chat.CloseSlow)
	back := ann.Dial(t)
	head := back.StateOf(t, general).Rev
	ann.Says(t, general, "told again")
	if m := back.ExpectMessage(t); m.Rev != head+1 {
		t.Errorf("the first live event has rev %d, want %d", m.Rev, head+1)
	}
}

func TestWhoIsRefusedLearnsWhy(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	stranger := p.Visitor(t, "nobody")
	for range 300 { // the connection is closed by one goroutine while another may still write to it
		s := stranger.DialAnyhow(t, http.Header{"Authorization": {"Bearer no token"}})
		s.ExpectClosed(t, chat.CloseSignedOut)
	}
}
