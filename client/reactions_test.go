// Tests of reactions that come without their message.

package client

import (
	"slices"
	"testing"

	"parley/chat"
)

func (p *peer) reaction(seq, rev, was int64) {
	p.tell("reaction.changed", "", chat.ReactionChanged{
		RoomID: 1, Seq: seq, Rev: rev, Was: was, Emoji: "👍", UserID: 2, Added: true,
	})
}

func reacted(seq, rev, textRev int64) chat.MessageReactions {
	return chat.MessageReactions{
		Seq: seq, Rev: rev, TextRev: textRev, Reactions: []chat.Reaction{{Emoji: "👍", UserIDs: []chat.UserID{2}}},
	}
}

func TestReactionsComeInOrderWithMessages(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e", room(1, 1))
		p.reaction(1, 2, 1)
		p.added(2, 3)
		p.reaction(1, 3, 2) // it came already
		p.reaction(2, 6, 5) // a hole
		p.changes(3, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 6,
			Messages: []chat.Message{message(3, 5)},
			Reacted:  []chat.MessageReactions{reacted(1, 4, 1), reacted(2, 6, 3)},
		})
		p.reaction(3, 7, 5)
		p.untilGone()
	})
	h := newHeard()
	s.open(Options{OnEvent: h.event})
	h.expect(t, "welcome", "reaction 1.2", "added 2.3", "reactions 1.4", "added 3.5", "reactions 2.6", "reaction 3.7")
}

// The message 2 was added, and 1 edited, after the client went; both were reacted to after the first answer
// was made. So no answer has their texts.
func TestATextThatNoAnswerHasIsLoaded(t *testing.T) {
	s := script(t, func(p *peer) { p.welcome("e", room(1, 1)) }, func(p *peer) {
		p.welcome("e", room(3, 6))
		p.changes(1, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 4, More: true, Messages: []chat.Message{message(3, 4)},
		})
	}, func(p *peer) { // the socket broke in between
		p.welcome("e", room(3, 6))
		p.changes(4, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 6, Reacted: []chat.MessageReactions{reacted(2, 5, 2), reacted(3, 6, 4)},
		})
		p.reaction(2, 7, 5)
		p.untilGone()
	})
	s.stores(message(2, 5), message(3, 6))
	h := newHeard()
	s.open(Options{OnEvent: h.event})
	// What was added with the first answer is not known to be whole either, so it is loaded too.
	h.expect(t, "welcome", "welcome", "added 3.4", "welcome", "added 2.5", "changed 3.6", "reaction 2.7")
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, want := range []string{
		"/api/rooms/1/messages?around=2&limit=1", "/api/rooms/1/messages?around=3&limit=1", "/ws?changes=reactions",
	} {
		if !slices.Contains(s.asked, want) {
			t.Errorf("it asked %q, want %s too", s.asked, want)
		}
	}
}

func TestWholeMessagesAreOnlyAskedForWhenWanted(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e", room(1, 1))
		p.untilGone()
	})
	h := newHeard()
	s.open(Options{OnEvent: h.event, WholeMessages: true})
	h.expect(t, "welcome")
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Equal(s.asked, []string{"/ws"}) {
		t.Errorf("it asked %q", s.asked)
	}
}
