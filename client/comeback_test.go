// Tests of which ends of a socket are final, and how long the client waits after the others.

package client

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
)

func TestCloseCodesTellWhetherToComeBack(t *testing.T) {
	for code, want := range map[int]Comeback{
		1000: BackOff, 1001: AtOnce, 1006: BackOff, 1007: Never, 1008: Never, 1009: Never, 1011: BackOff,
		1012: AtOnce, 1013: Later, 4001: Never, 4003: Never, 4008: AtOnce, 4009: Later,
	} {
		if got := comebackAfter(&websocket.CloseError{Code: code}, false); got != want {
			t.Errorf("%d: got %v, want %v", code, got, want)
		}
	}
	s := script(t, func(p *peer) {
		p.welcome("e")
		p.closes(chat.CloseSignedOut)
	})
	c := s.open(Options{})
	<-c.Done()
	s.running.Wait()
	var closed *websocket.CloseError
	if !errors.As(c.Err(), &closed) || closed.Code != chat.CloseSignedOut {
		t.Errorf("ended with %v", c.Err())
	}
}

func TestASessionThatEndedIsFollowedByAnother(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e")
		p.hears(&chat.MessageSend{})
		p.closes(chat.CloseSignedOut)
	}, func(p *peer) {
		p.welcome("e")
		p.acknowledge(1)
	})
	answers := []error{errors.New("the server is down"), nil}
	c := s.open(Options{Renew: func(context.Context) (string, error) {
		err := answers[0]
		answers = answers[1:]
		return "another token", err
	}})
	if sent, err := queue(t, c, "a")[0].Wait(within(t)); err != nil || sent.Seq != 1 {
		t.Errorf("got %+v, %v", sent, err)
	}
	if got := c.bearer(); got != "another token" || len(answers) > 0 {
		t.Errorf("has token %q, with %d answers left", got, len(answers))
	}
}

func TestWhoMayNotSignInAgainDoesNotComeBack(t *testing.T) {
	s := script(t, func(p *peer) { p.closes(chat.CloseSignedOut) })
	c := s.open(Options{Renew: func(context.Context) (string, error) {
		return "", chat.Errorf(chat.WrongCredentials, "wrong name or password")
	}})
	<-c.Done()
	if err := c.Err(); !errors.Is(err, &chat.Error{Code: chat.WrongCredentials}) {
		t.Errorf("ended with %v", err)
	}
}

func TestWaitsGrowToABound(t *testing.T) {
	for attempt := range 40 {
		for _, c := range []struct {
			why       Comeback
			low, high time.Duration
		}{
			{BackOff, 0, min(30*time.Second, 500*time.Millisecond<<min(attempt, 10))},
			{AtOnce, 0, min(30*time.Second, 500*time.Millisecond<<min(attempt, 10))},
			{Later, 5 * time.Second, 30 * time.Second},
		} {
			if got := Backoff(c.why, attempt); got < c.low || got > c.high {
				t.Errorf("%v at attempt %d: %v", c.why, attempt, got)
			}
		}
	}
}
