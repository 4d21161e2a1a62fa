// Requests and their answers, and opening a client.

package client

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"parley/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestARequestGetsItsAnswerOrUnknown(t *testing.T) {
	welcomed := make(chan struct{}, 2)
	s := script(t, func(p *peer) {
		p.welcome("e")
		var in chat.MessageEdit
		id, _ := p.hears(&in)
		p.tell("reply", id, chat.MessageSent{Seq: in.Seq})
		id, _ = p.hears(&in)
		p.tell("error", id, chat.Errorf(chat.Forbidden, "only its author may edit a message"))
		p.hears(&in)
	}, (*peer).untilGone)
	c := s.open(Options{OnEvent: func(_ *Client, event any) {
		if _, ok := event.(chat.Welcome); ok {
			welcomed <- struct{}{}
		}
	}})
	<-welcomed
	if sent, err := c.Edit(within(t), 1, 7, "text"); err != nil || sent.Seq != 7 {
		t.Errorf("got %+v, %v", sent, err)
	}
	if _, err := c.Edit(within(t), 1, 7, "text"); !errors.Is(err, &chat.Error{Code: chat.Forbidden}) {
		t.Errorf("got %v", err)
	}
	if _, err := c.Edit(within(t), 1, 7, "text"); !errors.Is(err, ErrUnknown) {
		t.Errorf("got %v", err)
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	for _, url := range []string{"", "localhost:3000", "ws://localhost", "http://"} {
		if _, err := Open(t.Context(), Options{URL: url}); err == nil {
			t.Errorf("%q was taken", url)
		}
	}
}
