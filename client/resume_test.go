// Tests of catching up: missed events come before new ones, without holes.

package client

import (
	"testing"
	"time"

	"parley/chat"
)

func TestWhatWasMissedComesPageByPageBeforeWhatIsNew(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e", room(1, 1))
		p.added(2, 2)
	}, func(p *peer) {
		p.welcome("e", room(4, 6))
		p.added(5, 7)
		p.changes(2, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 4, More: true, Messages: []chat.Message{message(2, 3), message(4, 4)},
		})
		p.changes(4, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 7, Messages: []chat.Message{message(3, 5), message(4, 6), message(5, 7)},
		})
		p.added(6, 8)
		p.untilGone()
	})
	h := newHeard()
	s.open(Options{OnEvent: h.event})
	h.expect(t, "welcome", "added 2.2", "welcome", "changed 2.3", "added 4.4", "added 3.5", "changed 4.6",
		"added 5.7", "added 6.8")
}

// Asking too fast, or while the server is busy, is no reason to lose anything: the client waits as long as the server
// says, on the same socket.
func TestWhatWasMissedIsAskedForAgainWhenItCameTooFast(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e", room(1, 1))
	}, func(p *peer) {
		p.welcome("e", room(2, 2))
		for _, code := range []chat.Code{chat.RateLimited, chat.Busy} {
			id, _ := p.hears(&chat.ChangesSince{})
			p.tell("error", id, &chat.Error{Code: code, RetryAfter: 20})
		}
		p.changes(1, chat.RoomChanges{State: chat.ChangesPage, Rev: 2, Messages: []chat.Message{message(2, 2)}})
		p.added(3, 3)
		p.untilGone()
	})
	h := newHeard()
	s.open(Options{OnEvent: h.event})
	h.expect(t, "welcome", "welcome", "added 2.2", "added 3.3")
}

func TestARoomThatDidNotFitIsAskedForAgain(t *testing.T) {
	two := func(seq int64) []chat.Room {
		return []chat.Room{{ID: 1, Seq: seq, Rev: seq}, {ID: 2, Seq: seq, Rev: seq}}
	}
	s := script(t, func(p *peer) { p.welcome("e", two(1)...) }, func(p *peer) {
		p.welcome("e", two(2)...)
		for _, second := range []chat.ChangesState{chat.ChangesLater, chat.ChangesPage} {
			var in chat.ChangesSince
			id, _ := p.hears(&in)
			var answer chat.Changes
			for i, room := range in.Rooms {
				changes := chat.RoomChanges{RoomID: room.RoomID, State: chat.ChangesPage, Rev: 2}
				if i == 1 {
					changes.State = second
				}
				if changes.State == chat.ChangesPage {
					changes.Messages = []chat.Message{{RoomID: room.RoomID, Seq: 2, Rev: 2}}
				}
				answer.Rooms = append(answer.Rooms, changes)
			}
			p.tell("reply", id, answer)
		}
		p.untilGone()
	})
	h := newHeard()
	s.open(Options{OnEvent: h.event})
	h.expect(t, "welcome", "welcome", "added 2.2", "added 2.2")
}

func TestAHoleInLiveEventsIsFilled(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e", room(1, 1))
		p.added(3, 3)
		p.changes(1, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 3, Messages: []chat.Message{message(2, 2), message(3, 3)},
		})
		p.untilGone()
	})
	h := newHeard()
	s.open(Options{OnEvent: h.event})
	h.expect(t, "welcome", "added 2.2", "added 3.3")
}

func TestHistoryThatIsNotTheOneKnownIsReset(t *testing.T) {
	for _, c := range []struct {
		name   string
		again  func(*peer)
		expect []string
	}{
		{"another epoch", func(p *peer) {
			p.welcome("f", room(1, 1))
			p.added(2, 2)
		}, []string{"reset 0.0", "welcome", "added 2.2"}},
		{"a rev ahead", func(p *peer) {
			p.welcome("e", room(3, 3))
			p.changes(5, chat.RoomChanges{State: chat.ChangesAhead, Rev: 3})
			p.added(4, 4)
		}, []string{"welcome", "reset 1.3", "added 4.4"}},
		{"too far", func(p *peer) {
			p.welcome("e", room(2000, 2000))
			p.changes(5, chat.RoomChanges{State: chat.ChangesTooFar, Rev: 2001})
			p.added(2002, 2002)
		}, []string{"welcome", "reset 1.2001", "added 2002.2002"}},
		{"not ours any more", func(p *peer) {
			p.welcome("e", room(9, 9))
			p.changes(5, chat.RoomChanges{State: chat.ChangesGone})
			p.added(10, 10)
			p.tell("welcome", "", chat.Welcome{History: chat.History{Epoch: "e"}})
		}, []string{"welcome", "reset 1.0", "welcome"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := script(t, func(p *peer) { p.welcome("e", room(5, 5)) }, func(p *peer) {
				c.again(p)
				p.untilGone()
			})
			h := newHeard()
			s.open(Options{OnEvent: h.event})
			h.expect(t, append([]string{"welcome"}, c.expect...)...)
		})
	}
}

func TestAHandlerThatFallsBehindComesBackAndMissesNothing(t *testing.T) {
	const many = maxEvents + 10
	release := make(chan struct{})
	s := script(t, func(p *peer) {
		p.welcome("e", room(0, 0))
		for i := range int64(many) {
			p.added(i+1, i+1)
		}
		p.untilGone()
		close(release)
	}, func(p *peer) {
		p.welcome("e", room(many, many))
		var in chat.ChangesSince
		for {
			id, ok := p.hears(&in)
			if !ok {
				return
			}
			answer := chat.RoomChanges{RoomID: 1, State: chat.ChangesPage, Rev: in.Rooms[0].Rev}
			for answer.Rev < many && len(answer.Messages) < 200 {
				answer.Rev++
				answer.Messages = append(answer.Messages, message(answer.Rev, answer.Rev))
			}
			answer.More = answer.Rev < many
			p.tell("reply", id, chat.Changes{Rooms: []chat.RoomChanges{answer}})
		}
	})
	next := int64(1)
	complete := make(chan struct{})
	s.open(Options{OnEvent: func(_ *Client, event any) {
		added, ok := event.(chat.MessageAdded)
		if !ok {
			return
		}
		<-release
		if added.Message.Seq != next {
			t.Errorf("got %d, want %d", added.Message.Seq, next)
		}
		if next++; next > many {
			close(complete)
		}
	}})
	select {
	case <-complete:
	case <-time.After(patience):
		t.Fatal("not all came")
	}
}
