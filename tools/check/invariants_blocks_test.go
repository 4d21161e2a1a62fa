package check

import (
	"slices"
	"testing"

	"parley/chat"
)

// block has bob block ann, or end that.
func (s *scene) block(event string) *Ask {
	return s.ask(bobC, Ask{Event: event, User: ann}, func(*Ask) {
		s.userRev[bob]++
		s.blocked[bob] = nil
		if event == "block.add" {
			s.blocked[bob] = []chat.UserID{ann}
		}
		s.frame(bobC, Frame{
			Event: "block.changed", User: ann, Blocked: event == "block.add", UserRev: s.userRev[bob],
		})
	})
}

// blocked is a direct room of two, one of whom blocks the other for a while, and then once more.
func blocked() *scene {
	s := newScene()
	s.kind, s.Pairs = chat.Direct, map[chat.RoomID][2]chat.UserID{theRoom: {ann, bob}}
	s.say(annC, "one")
	s.block("block.add")
	s.change(annC, "message.delete", 1, "")
	s.block("block.remove")
	s.say(annC, "two")
	s.change(bobC, "reaction.add", 2, "👍")
	s.block("block.add")
	s.connect(bobC)
	return s
}

func TestBlocksThatAreKeptViolateNothing(t *testing.T) {
	for _, found := range Judge(blocked().end()) {
		t.Errorf("%s %s", found.Invariant, found)
	}
}

// late makes a request of a history one that was sent in the end.
func late(h *History, ask *Ask) {
	ask.Sent, ask.Answered = h.Quiet+1, h.Quiet+2
	ask.SentWall = ask.Sent.Milliseconds()
	for i := range h.Sends {
		if h.Sends[i].ClientID == ask.ClientID {
			h.Sends[i].Queued = ask.Sent
		}
	}
}

// addLate adds a request that was sent in the end to a history.
func addLate(h *History, ask Ask) {
	h.Asks = append(h.Asks, ask)
	late(h, &h.Asks[len(h.Asks)-1])
}

func TestAMemberMayBeNamedOnceMoreWhateverTheyBlock(t *testing.T) {
	h := blocked().end()
	addLate(h, Ask{Client: annC, Socket: -1, Event: "member.add", Room: 7, User: bob})
	if found := Judge(h); len(found) > 0 {
		t.Errorf("got %v", found)
	}
}

func TestBlocksThatAreNotKeptAreFound(t *testing.T) {
	for _, c := range []broken{
		{"a message from somebody who is blocked", "I16", blocked, func(t *testing.T, h *History) {
			late(h, askFor(t, h, "message.send", 2))
		}},
		{"a reaction to somebody whom one has blocked", "I16", blocked, func(t *testing.T, h *History) {
			late(h, askFor(t, h, "reaction.add", 1))
		}},
		{"an event that came after the block", "I16", blocked, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 1, "block.changed", 2)
			drop(h, i)
		}},
		{"a room that somebody who is blocked brought one into", "I16", blocked, func(_ *testing.T, h *History) {
			addLate(h, Ask{Client: bobC, Socket: -1, Event: "room.leave", Room: 7})
			h.Quiet += 2
			addLate(h, Ask{Client: annC, Socket: -1, Event: "member.add", Room: 7, User: bob})
		}},
		{"an acknowledged block that is gone", "I16", blocked, func(_ *testing.T, h *History) {
			h.Final.Blocks[bob] = nil
		}},
		{"a client that was not told of a block", "I10", blocked, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 2, "welcome", 1)
			f.Blocks = nil
		}},
		{"a block whose number was used for something else", "I6", blocked, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 1, "block.changed", 2)
			f.UserRev++
		}},
	} {
		c.isFound(t)
	}
}

func TestWhoIsBlockedMayWriteToAGroup(t *testing.T) {
	h := blocked().end()
	late(h, askFor(t, h, "message.send", 2))
	h.Pairs = nil
	if found := Judge(h); slices.ContainsFunc(found, func(v Violation) bool { return v.Invariant == "I16" }) {
		t.Errorf("got %v", found)
	}
}
