// Tests of the outbox: it sends in order, sends again when the outcome is unknown, and loses nothing.

package client

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/chat"
)

func TestMessagesWithoutAnAnswerAreSentAgainInOrder(t *testing.T) {
	var first, second []string
	s := script(t, func(p *peer) {
		p.welcome("e")
		for range 3 {
			var in chat.MessageSend
			id, _ := p.hears(&in)
			first = append(first, in.Body+in.ClientID.String())
			if len(first) == 1 {
				p.tell("reply", id, chat.MessageSent{Seq: 1})
			}
		}
	}, func(p *peer) {
		p.welcome("e")
		for range 2 {
			var in chat.MessageSend
			id, _ := p.hears(&in)
			second = append(second, in.Body+in.ClientID.String())
			p.tell("reply", id, chat.MessageSent{Seq: int64(1 + len(second))})
		}
		p.untilGone()
	})
	c := s.open(Options{})
	for i, d := range queue(t, c, "a", "b", "c") {
		if sent, err := d.Wait(within(t)); err != nil || sent.Seq != int64(i+1) {
			t.Errorf("got %+v, %v", sent, err)
		}
	}
	c.Close()
	s.running.Wait()
	if !slices.Equal(second, first[1:]) {
		t.Errorf("after %q was sent %q", first, second)
	}
}

func TestARefusalForGoodEndsAMessageAndLetsTheNextGo(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e")
		var in chat.MessageSend
		id, _ := p.hears(&in)
		p.tell("error", id, chat.Errorf(chat.NotFound, "no such room"))
		p.acknowledge(1)
	})
	list := queue(t, s.open(Options{}), "a", "b")
	if _, err := list[0].Wait(within(t)); !errors.Is(err, &chat.Error{Code: chat.NotFound}) {
		t.Errorf("got %v", err)
	}
	if sent, err := list[1].Wait(within(t)); err != nil || sent.Seq != 1 {
		t.Errorf("got %+v, %v", sent, err)
	}
}

func TestAMessageToBeSentAgainBeginsANewSocketAfterTheTimeTheServerNamed(t *testing.T) {
	var refusedAt, cameBackAt time.Time
	s := script(t, func(p *peer) {
		p.welcome("e")
		var in chat.MessageSend
		id, _ := p.hears(&in)
		refusedAt = time.Now()
		p.tell("error", id, &chat.Error{Code: chat.RateLimited, RetryAfter: 50})
		p.untilGone()
	}, func(p *peer) {
		cameBackAt = time.Now()
		p.welcome("e")
		p.acknowledge(1)
	})
	for i, d := range queue(t, s.open(Options{}), "a", "b") {
		if sent, err := d.Wait(within(t)); err != nil || sent.Seq != int64(i+1) {
			t.Errorf("got %+v, %v", sent, err)
		}
	}
	if waited := cameBackAt.Sub(refusedAt); waited < 50*time.Millisecond {
		t.Errorf("came back after %v", waited)
	}
}

// A burst that comes too fast fails as a whole. That is one refusal and not one for each message: the pause between
// messages would grow with each, to days.
func TestManyMessagesRefusedTogetherSlowTheNextOnesDownOnce(t *testing.T) {
	const all = 40
	var texts []string
	for i := range all {
		texts = append(texts, fmt.Sprint("line ", i))
	}
	s := script(t, func(p *peer) {
		p.welcome("e")
		var first string
		for i := range all {
			var in chat.MessageSend
			if id, _ := p.hears(&in); i == 0 {
				first = id
			}
		}
		p.tell("error", first, &chat.Error{Code: chat.RateLimited, RetryAfter: 1})
		p.untilGone()
	}, func(p *peer) {
		p.welcome("e")
		p.acknowledge(1)
	})
	for i, d := range queue(t, s.open(Options{MaxUnderWay: all}), texts...) {
		if sent, err := d.Wait(within(t)); err != nil || sent.Seq != int64(i+1) {
			t.Fatalf("got %+v, %v", sent, err)
		}
	}
}

// A busy server names a time for all, however slowly they send.
func TestABusyServerSlowsNothingDownAfterTheTimeItNamed(t *testing.T) {
	looked := make(chan struct{})
	s := script(t, func(p *peer) {
		p.welcome("e")
		var in chat.MessageSend
		id, _ := p.hears(&in)
		p.tell("error", id, &chat.Error{Code: chat.Busy, RetryAfter: 20})
		p.untilGone()
	}, func(p *peer) {
		p.welcome("e")
		var in chat.MessageSend
		id, _ := p.hears(&in)
		p.tell("reply", id, chat.MessageSent{RoomID: in.RoomID, Seq: 1})
		<-looked
		p.acknowledge(2)
	})
	c := s.open(Options{})
	list := queue(t, c, "a", "b")
	_, err := list[0].Wait(within(t))
	c.outbox.mu.Lock()
	pause := c.outbox.pause
	c.outbox.mu.Unlock()
	close(looked)
	if err != nil || pause != 0 {
		t.Errorf("got %v, and %v between messages", err, pause)
	}
	if sent, err := list[1].Wait(within(t)); err != nil || sent.Seq != 2 {
		t.Errorf("got %+v, %v", sent, err)
	}
}

func TestNoMoreMessagesAreUnderWayThanTheServerAllows(t *testing.T) {
	seen := make(chan int)
	s := script(t, func(p *peer) {
		w := chat.Welcome{History: chat.History{Epoch: "e"}, Limits: chat.Limits{SocketWrites: 2}}
		p.tell("welcome", "", w)
		var ids []string
		for range 2 {
			var in chat.MessageSend
			id, _ := p.hears(&in)
			ids = append(ids, id)
		}
		p.ws.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if _, _, err := p.ws.ReadMessage(); err == nil {
			t.Error("a third message came")
		}
		seen <- len(ids)
	}, (*peer).untilGone)
	queue(t, s.open(Options{}), "a", "b", "c")
	<-seen
}

func TestAFullOutboxTakesNoMore(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e")
		p.untilGone()
	})
	c := s.open(Options{MaxWaiting: 2})
	list := queue(t, c, "a", "b")
	if _, err := c.Queue(chat.MessageSend{}); !errors.Is(err, ErrFull) {
		t.Errorf("got %v", err)
	}
	c.Close()
	for _, d := range list {
		if _, err := d.Wait(within(t)); !errors.Is(err, ErrUnknown) || !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := c.Queue(chat.MessageSend{}); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestClientIDsAreUUIDsThatGrow(t *testing.T) {
	a, b := chat.NewClientID(), chat.NewClientID()
	if text := a.String(); a == b || text[14] != '7' || !strings.ContainsRune("89ab", rune(text[19])) {
		t.Errorf("got %v and %v", a, b)
	}
	if a.String()[:8] > b.String()[:8] {
		t.Errorf("%v came before %v", a, b)
	}
}
