// How many sockets there may be: of a person, from an address, and in all. What is refused is told so, and
// whoever leaves makes place.

package tests

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

func TestTooManySocketsOfAPersonAreRefused(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sockets-per-user=3", harness.WithMetrics)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	first := ann.Dial(t)
	ann.Dial(t)
	ann.Device(t).Dial(t)
	ann.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany)
	bob.Dial(t)
	p.AwaitSockets(t, 4)
	first.Conn.Close()
	p.AwaitSockets(t, 3)
	ann.Dial(t).Settle(t)
	ann.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany)
}

// People behind one address, as in a school, do not lock each other out.
func TestSocketsOfPeopleAreNotBoundedByTheirAddress(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sockets-per-address=3")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	var strangers []*harness.Sock
	for range 5 {
		strangers = append(strangers, p.Visitor(t, "nobody").DialAnyhow(t, http.Header{}))
	}
	for _, s := range strangers[:2] {
		s.ExpectClosed(t, chat.CloseTooMany)
	}
	for range 4 {
		ann.Dial(t).Settle(t)
		bob.Dial(t).Settle(t)
	}
}

func TestManyDialsAtOnceStayWithinTheBound(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sockets-per-user=5")
	ann := p.SetUp(t)
	var welcomed, refused atomic.Int64
	harness.Together(20, func(int) {
		s, _, err := ann.Upgrade(nil, chat.Subprotocol)
		if err != nil {
			t.Error(err)
			return
		}
		t.Cleanup(func() { s.Conn.Close() })
		f, ok := s.Next()
		switch {
		case ok && f.Event == "welcome":
			welcomed.Add(1)
		case !ok && s.Close != nil && s.Close.Code == chat.CloseTooMany:
			refused.Add(1)
		default:
			t.Errorf("got %q, closed with %v", f.Event, s.Close)
		}
	})
	if welcomed.Load() != 5 || refused.Load() != 15 {
		t.Errorf("%d were welcomed and %d refused, want 5 and 15", welcomed.Load(), refused.Load())
	}
}

func TestSocketsInAllAreBounded(t *testing.T) {
	t.Parallel()
	const most = 10
	p := harness.Start(t, fmt.Sprint("--sockets=", most), harness.WithMetrics)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	var socks []*harness.Sock
	for range most {
		socks = append(socks, ann.Dial(t))
	}
	bob.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseLater)
	p.Visitor(t, "nobody").DialAnyhow(t, http.Header{}).ExpectClosed(t, chat.CloseLater)
	sent := ann.Says(t, ann.Room(t, "general").ID, "to those who are in")
	for _, s := range socks {
		if m := s.ExpectMessage(t); m.Seq != sent.Seq {
			t.Errorf("got %+v", m)
		}
	}
	socks[0].Conn.Close()
	p.AwaitSockets(t, most-1)
	bob.Dial(t).Settle(t)
	bob.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseLater)
}

// Otherwise someone who never signs in could have as many as they like.
func TestSocketsCountBeforeTheySignIn(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sockets-per-address=3", "--sockets-per-user=2")
	ann := p.SetUp(t)
	token := ann.Token(t)
	silent := func() *harness.Sock { return p.Visitor(t, "nobody").DialAnyhow(t, http.Header{}) }
	all := []*harness.Sock{silent(), silent(), silent(), silent()}
	all[0].ExpectClosed(t, chat.CloseTooMany)
	all[1].Send(t, "auth", chat.Auth{Token: token})
	all[1].Expect(t, "welcome") // it is counted once, as one of hers
	ann.Dial(t)
	ann.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany)
}
