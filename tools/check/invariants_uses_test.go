package check

import (
	"testing"

	"parley/chat"
)

// use archives the room or brings it back, by ann.
func (s *scene) use(event string) *Ask {
	return s.ask(annC, Ask{Event: event, Room: theRoom}, func(*Ask) {
		s.head.Meta++
		s.head.Archived = event == "room.archive"
		s.tell(Frame{Event: "room.changed", Room: theRoom, Meta: s.head.Meta, Heads: []Head{s.head}})
	})
}

// hide hides the room from bob.
func (s *scene) hide() {
	s.ask(bobC, Ask{Event: "room.hide", Room: theRoom}, func(*Ask) {
		s.userRev[bob]++
		s.hidden[bob] = s.head.Seq + 1
		s.frame(bobC, Frame{
			Event: "room.hidden", Room: theRoom, UserRev: s.userRev[bob], Hidden: s.hidden[bob],
		})
	})
}

// favor makes the room one of bob's favorites.
func (s *scene) favor() {
	s.ask(bobC, Ask{Event: "favorite.add", Room: theRoom}, func(*Ask) {
		s.userRev[bob]++
		s.favorite[bob] = true
		s.frame(bobC, Frame{
			Event: "favorite.changed", Room: theRoom, UserRev: s.userRev[bob], Favorite: true,
		})
	})
}

// archived is a room that is archived and brought back, and archived once more.
func archived() *scene {
	s := newScene()
	s.say(annC, "one")
	s.say(bobC, "two")
	s.use("room.archive")
	s.change(bobC, "message.delete", 2, "")
	s.use("room.unarchive")
	s.say(bobC, "three")
	s.change(bobC, "reaction.add", 1, "👍")
	s.use("room.archive")
	return s
}

// left is a room that was archived and brought back, that bob then joined and left.
func left() *scene {
	s := newScene()
	s.leave()
	s.use("room.archive")
	s.use("room.unarchive")
	s.join()
	s.leave()
	return s
}

// cameBack is a room that bob left and joined again.
func cameBack() *scene {
	s := newScene()
	s.leave()
	s.join()
	return s
}

// moderated is a room in which ann, who owns it, deletes what bob said.
func moderated() *scene {
	s := newScene()
	s.say(annC, "one")
	s.say(bobC, "two")
	s.change(annC, "message.delete", 2, "")
	return s
}

// favored is a room that is one of bob's favorites.
func favored() *scene {
	s := newScene()
	s.say(annC, "one")
	s.favor()
	return s
}

// hidden is a direct room that bob hides, and that comes back with the next message.
func hidden() *scene {
	s := newScene()
	s.kind = chat.Direct
	s.say(annC, "one")
	s.hide()
	s.say(annC, "two")
	s.hide()
	return s
}

func TestHistoriesOfRoomsThatAreLookedAfterViolateNothing(t *testing.T) {
	for name, h := range map[string]*History{
		"archived": archived().end(), "moderated": moderated().end(), "hidden": hidden().end(), "favored": favored().end(),
		"left": left().end(), "came back": cameBack().end(),
		"a message sent again that was stored before": func() *History {
			s := archived()
			again := s.Asks[0]
			again.Sent, again.Answered = s.tick(), s.tick()
			s.Asks = append(s.Asks, again)
			return s.end()
		}(),
		"one that was under way while the room came back": func() *History {
			h := archived().end()
			askFor(t, h, "room.unarchive", 1).Answered = 0
			return h
		}(),
	} {
		for _, found := range Judge(h) {
			t.Errorf("%s: %s %s", name, found.Invariant, found)
		}
	}
}

func TestRoomsThatAreNotLookedAfterAreFound(t *testing.T) {
	for _, c := range []broken{
		{"a deletion by others that is not told", "I6", moderated, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 1, "message.changed", 1)
			drop(h, i)
			h.Sends = append(h.Sends, Send{Client: annC, Room: theRoom, ClientID: idOf(3), Body: "x", Queued: h.Quiet})
			m := Seen{Seq: 3, Rev: 4, Author: ann, ClientID: idOf(3), Body: "x", State: 4}
			h.Frames = append(h.Frames, Frame{
				At: h.Quiet + 1, Client: bobC, Socket: 1, Event: "message.added", Room: theRoom, Message: &m,
			})
		}},
		{"a message that others deleted stays in a copy", "I9", moderated, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 1, "message.changed", 1)
			drop(h, i)
			h.Copies[1].Rooms[0].Rev--
		}},
		{"a deletion by somebody who may not", "I2", moderated, func(t *testing.T, h *History) {
			askFor(t, h, "message.delete", 1).Client = bobC
			final(h, 2, func(m *Seen) { m.Author, m.DeletedBy = ann, bob })
			h.Sends[1].Client = annC
		}},
		{"a deletion under another name", "I2", moderated, func(_ *testing.T, h *History) {
			final(h, 2, func(m *Seen) { m.DeletedBy = 0 })
		}},
		{"a message sent while the room was archived", "I15", archived, func(t *testing.T, h *History) {
			late(h, askFor(t, h, "message.send", 3))
		}},
		{"a reaction while the room was archived", "I15", archived, func(t *testing.T, h *History) {
			late(h, askFor(t, h, "reaction.add", 1))
		}},
		{"an event that came when the room was archived", "I15", archived, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 1, "room.changed", 2)
			drop(h, i)
		}},
		{"an archived room that is in use in the end", "I1", archived, func(_ *testing.T, h *History) {
			h.Final.Rooms[0].Archived, h.Final.Again[0].Archived = false, false
		}},
		{"a client that takes an archived room for one in use", "I10", archived, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 1, "room.changed", 3)
			drop(h, i)
		}},
		{"a room that the next message does not show", "I15", hidden, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 1, "room.hidden", 1)
			f.Hidden++
		}},
		{"a room that stays hidden", "I15", hidden, func(_ *testing.T, h *History) {
			h.Final.Lists[bob][0].Hidden += 1000
		}},
		{"a room that nobody is in", "I15", left, func(_ *testing.T, h *History) {
			h.Final.Rooms[0].Members = nil
		}},
		{"a direct room in which somebody is again who left", "I15", cameBack, func(_ *testing.T, h *History) {
			h.Final.Rooms[0].Kind = chat.Direct
		}},
		{"a room that is hidden and the client was not told", "I10", hidden, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 1, "room.hidden", 2)
			drop(h, i)
		}},
		{"a favorite that the client was not told of", "I10", favored, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 1, "favorite.changed", 1)
			drop(h, i)
		}},
		{"a favorite that is none in the end", "I10", favored, func(_ *testing.T, h *History) {
			h.Final.Lists[bob][0].Favorite = false
		}},
		{"a favorite whose number was used for something else", "I6", favored, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 1, "favorite.changed", 1)
			f.UserRev++
		}},
		{"a hidden room whose number was used for something else", "I6", hidden, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 1, "room.hidden", 2)
			f.UserRev++
		}},
	} {
		c.isFound(t)
	}
}
