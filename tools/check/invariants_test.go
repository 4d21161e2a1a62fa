package check

import (
	"slices"
	"testing"
	"time"

	"parley/chat"
)

// usual is an ordinary history: messages, changes, someone who leaves and comes back, a restart.
func usual() *scene {
	s := newScene()
	s.say(annC, "one")
	s.say(bobC, "two")
	s.change(annC, "message.edit", 1, "one, edited")
	s.change(bobC, "reaction.add", 1, "👍")
	s.change(bobC, "message.delete", 2, "")
	s.leave()
	s.say(annC, "three, without bob")
	s.join()
	s.markRead(bobC, 1)
	s.kill()
	s.start("e1", -1)
	s.connect(annC)
	s.connect(bobC)
	s.say(annC, "four")
	return s
}

// rewound is one in which two acknowledged messages were undone by a restore.
func rewound() *scene {
	s := newScene()
	s.say(annC, "one")
	s.say(annC, "two")
	began := s.tick()
	s.say(annC, "gone")
	s.say(bobC, "gone too")
	s.rewind("e2", 2, began)
	s.say(annC, "three")
	return s
}

func nothing(*testing.T, *History) {}

func TestHistoriesOfAServerThatKeepsItsPromisesViolateNothing(t *testing.T) {
	for name, h := range map[string]*History{
		"usual": usual().end(), "rewound": rewound().end(), "an admin deletes": adminOutside(annC)().end(),
	} {
		for _, found := range Judge(h) {
			t.Errorf("%s: %s %s", name, found.Invariant, found)
		}
	}
}

// frameOn gives the n-th frame of an event on a socket.
func frameOn(t *testing.T, h *History, socket int, event string, n int) (*Frame, int) {
	t.Helper()
	for i := range h.Frames {
		if f := &h.Frames[i]; f.Socket == socket && f.Event == event {
			if n--; n == 0 {
				return f, i
			}
		}
	}
	t.Fatalf("no such frame")
	return nil, 0
}

func askFor(t *testing.T, h *History, event string, n int) *Ask {
	t.Helper()
	for i := range h.Asks {
		if h.Asks[i].Event == event {
			if n--; n == 0 {
				return &h.Asks[i]
			}
		}
	}
	t.Fatalf("no such request")
	return nil
}

// drop takes a frame away.
func drop(h *History, i int) { h.Frames = slices.Delete(h.Frames, i, i+1) }

// final changes a message of the end, in both readings and all copies.
func final(h *History, seq int64, change func(*Seen)) {
	change(&h.Final.Rooms[0].Messages[seq-1])
	change(&h.Final.Again[0].Messages[seq-1])
	for i := range h.Copies {
		for j := range h.Copies[i].Rooms {
			change(&h.Copies[i].Rooms[j].Messages[seq-1])
		}
	}
}

// forget takes the last messages away, as if they had never been stored.
func forget(h *History, n int) {
	shorten := func(rooms []FinalRoom) {
		room := &rooms[0]
		room.Messages = room.Messages[:len(room.Messages)-n]
		room.Seq, room.Rev = int64(len(room.Messages)), room.Messages[len(room.Messages)-1].Rev
	}
	shorten(h.Final.Rooms)
	shorten(h.Final.Again)
}

func TestEachInvariantIsFoundViolated(t *testing.T) {
	id := func(n int) chat.ClientID { return idOf(n) }
	for _, c := range []broken{
		{"an acknowledged message is gone", "I1", usual, func(_ *testing.T, h *History) { forget(h, 1) }},
		{"an acknowledged message has another number", "I1", usual, func(t *testing.T, h *History) {
			askFor(t, h, "message.send", 4).SentSeq = 3
		}},
		{"an acknowledged edit is gone", "I1", usual, func(t *testing.T, h *History) {
			askFor(t, h, "message.edit", 1).SentRev = 100
		}},
		{"an acknowledged edit is another's", "I1", usual, func(t *testing.T, h *History) {
			askFor(t, h, "message.edit", 1).Body = "something else"
		}},
		{"an acknowledged membership is gone", "I1", usual, func(_ *testing.T, h *History) {
			delete(h.Final.Rooms[0].Members, bob)
		}},
		{"an acknowledged read position is gone", "I1", usual, func(_ *testing.T, h *History) {
			h.Final.Lists[bob][0].ReadSeq = 3
		}},
		{"what was acknowledged before the backup is gone", "I1", rewound, func(t *testing.T, h *History) {
			h.Backups[0].Began = askFor(t, h, "message.send", 4).Answered + 1
		}},

		{"a reaction that nobody made", "I2", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 1, "reaction.changed", 1)
			f.Reaction.UserID = ann
		}},
		{"a message that nobody sent", "I2", usual, func(_ *testing.T, h *History) {
			final(h, 4, func(m *Seen) { m.ClientID = id(99) })
		}},
		{"a text that nobody wrote", "I2", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 0, "message.added", 1)
			f.Message.Body = "not that"
		}},
		{"a message under another name", "I2", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 0, "message.added", 1)
			f.Message.Author = bob
		}},
		{"a message of another room", "I2", usual, func(_ *testing.T, h *History) { h.Sends[0].Room = 7 }},
		{"a deletion that nobody asked for", "I2", usual, func(t *testing.T, h *History) {
			askFor(t, h, "message.delete", 1).Seq = 1
		}},
		{"a reaction that was refused", "I2", usual, func(t *testing.T, h *History) {
			askFor(t, h, "reaction.add", 1).Code = chat.Forbidden
		}},
		{"an event before its message was sent", "I2", usual, func(_ *testing.T, h *History) {
			h.Sends[0].Queued += time.Minute
		}},

		{"one message twice", "I3", usual, func(_ *testing.T, h *History) {
			final(h, 4, func(m *Seen) { m.ClientID = id(1) })
		}},
		{"one message seen at two places", "I3", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 1, "message.added", 2)
			f.Message.ClientID = id(1)
		}},

		{"a hole in the numbers of messages", "I4", usual, func(_ *testing.T, h *History) {
			final(h, 4, func(m *Seen) { m.Seq = 5 })
		}},
		{"a rev that two messages have", "I4", usual, func(_ *testing.T, h *History) {
			final(h, 4, func(m *Seen) { m.Rev = h.Final.Rooms[0].Messages[2].Rev })
		}},
		{"a room that says it has more", "I4", usual, func(_ *testing.T, h *History) { h.Final.Rooms[0].Seq++ }},
		{"a hole in a copy", "I4", usual, func(_ *testing.T, h *History) {
			room := &h.Copies[0].Rooms[0]
			room.Messages = slices.Delete(room.Messages, 1, 2)
		}},

		{"two messages at one place", "I5", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 0, "message.added", 1)
			other := *f.Message
			other.ClientID = id(2)
			f.Message = &other
		}},
		{"one change that two saw differently", "I5", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 0, "message.changed", 1)
			other := *f.Message
			other.State = 99
			f.Message = &other
		}},
		{"a reaction that two saw differently", "I5", usual, func(t *testing.T, h *History) {
			f, i := frameOn(t, h, 1, "reaction.changed", 1)
			other, again := *f.Reaction, *f
			other.Index = 1
			again.Reaction = &other
			h.Frames = slices.Insert(h.Frames, i, again)
		}},
		{"a number used again after a kill", "I5", usual, func(_ *testing.T, h *History) {
			final(h, 3, func(m *Seen) { m.ClientID = id(4) })
		}},
		{"another room after a restart", "I5", usual, func(_ *testing.T, h *History) {
			forget(&History{
				Final: Final{Rooms: h.Final.Again, Again: h.Final.Again},
			}, 1)
		}},

		{"a line that was dropped", "I6", usual, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 0, "message.changed", 2)
			drop(h, i)
		}},
		{"a reaction that was dropped", "I6", usual, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 1, "reaction.changed", 1)
			drop(h, i)
		}},
		{"a reaction to another state of its message", "I6", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 1, "reaction.changed", 1)
			f.Reaction.Was--
		}},
		{"a hole after the welcome", "I6", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 2, "welcome", 1)
			f.Heads[0].Rev--
		}},
		{"an event twice", "I6", usual, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 0, "message.added", 1)
			h.Frames = slices.Insert(h.Frames, i, h.Frames[i])
		}},
		{"a change of members that was dropped", "I6", usual, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 0, "member.left", 1)
			drop(h, i)
		}},
		{"a private change that was dropped", "I6", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 1, "read.moved", 1)
			f.UserRev++
		}},
		{"something before the welcome", "I6", usual, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 0, "welcome", 1)
			drop(h, i)
		}},

		{"a change that is left out when one comes back", "I6", usual, func(_ *testing.T, h *History) {
			h.Pages = append(h.Pages, Page{Socket: 0, Room: theRoom, Since: 3, Rev: 6, Revs: []int64{4, 6}})
		}},
		{"a change that was known already", "I6", usual, func(_ *testing.T, h *History) {
			h.Pages = append(h.Pages, Page{Socket: 0, Room: theRoom, Since: 4, Rev: 6, Revs: []int64{4, 5, 6}})
		}},

		{"sent after an acknowledgment and comes before", "I7", usual, func(_ *testing.T, h *History) {
			h.Sends[2].Queued = time.Hour
		}},
		{"one sender's messages in another order", "I7", newScene, func(t *testing.T, h *History) {
			*h = *reordered().end()
		}},

		{"a refused message is there", "I8", usual, func(t *testing.T, h *History) {
			askFor(t, h, "message.send", 4).Code = chat.NotFound
		}},
		{"an outbox that never empties", "I8", usual, func(_ *testing.T, h *History) {
			h.Faulty = append(h.Faulty, Violation{Invariant: "I8", Text: "client 1 still waits", Socket: -1})
		}},

		{"the last message did not come", "I9", usual, func(_ *testing.T, h *History) {
			room := &h.Copies[1].Rooms[0]
			room.Rev--
			room.Messages = room.Messages[:3]
		}},
		{"the last message came only on another socket", "I9", usual, func(_ *testing.T, h *History) {
			h.Quiet = h.Sockets[2].Opened - 1
		}},
		{"a client that did not come back", "I9", usual, func(_ *testing.T, h *History) {
			h.Copies[0].Online = false
		}},

		{"an event that was understood wrongly", "I10", usual, func(_ *testing.T, h *History) {
			h.Copies[0].Rooms[0].Messages[0].State = 99
		}},
		{"a copy that ends early", "I10", usual, func(_ *testing.T, h *History) {
			room := &h.Copies[0].Rooms[0]
			room.Messages = room.Messages[:3]
		}},
		{"other members", "I10", usual, func(_ *testing.T, h *History) {
			delete(h.Copies[0].Rooms[0].Members, bob)
		}},
		{"a room too few", "I10", usual, func(_ *testing.T, h *History) { h.Copies[0].Rooms = nil }},
		{"another read position", "I10", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 3, "welcome", 1)
			f.Heads[0].ReadSeq = 0
		}},
		{"another number of unread messages", "I10", usual, func(t *testing.T, h *History) {
			f, _ := frameOn(t, h, 3, "welcome", 1)
			f.Heads[0].Unread++
		}},
		{"another epoch", "I10", usual, func(_ *testing.T, h *History) { h.Copies[0].Epoch = "e0" }},

		{"an event of a room that one has left", "I11", usual, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 0, "message.added", 3)
			f := h.Frames[i]
			f.Socket, f.Client = 1, bobC
			h.Frames = slices.Insert(h.Frames, i, f)
		}},
		{"a message read after one was removed", "I11", usual, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 0, "message.added", 3)
			f := h.Frames[i]
			f.Socket, f.Client, f.Event = -1, bobC, "page"
			h.Frames = slices.Insert(h.Frames, i, f)
		}},
		{"a message posted without a right to", "I11", usual, func(_ *testing.T, h *History) {
			h.Sends[2].Client = bobC
			for i := range h.Asks {
				if h.Asks[i].ClientID == id(3) {
					h.Asks[i].Client = bobC
				}
			}
		}},

		{"a deletion by an admin who has left, of an own message", "I11", adminOutside(bobC), nothing},
		{"a deletion by an admin who has left a private room", "I11", adminOutside(annC), func(_ *testing.T, h *History) {
			h.Final.Rooms[0].Kind = chat.Private
		}},
		{"a deletion by one who has left and is no admin", "I11", adminOutside(annC), func(_ *testing.T, h *History) {
			h.Users[1].Admin = false
		}},

		{"the old epoch after a restore", "I12", rewound, func(_ *testing.T, h *History) {
			h.Lives[1].Epoch = "e1"
		}},
		{"a client that was not reset", "I12", rewound, func(_ *testing.T, h *History) { h.Resets = h.Resets[1:] }},

		{"a stalled socket that is never closed", "I13", usual, func(_ *testing.T, h *History) {
			h.Stalls = append(h.Stalls, Stall{Socket: 1, Due: time.Hour, Why: fellBehind})
		}},
		{"what the server did not let go of", "I13", usual, func(_ *testing.T, h *History) {
			h.Faulty = append(h.Faulty, Violation{Invariant: "I13", Text: "descriptors", Socket: -1})
		}},
		{"data that is damaged", "I14", usual, func(_ *testing.T, h *History) {
			h.Faulty = append(h.Faulty, Violation{Invariant: "I14", Text: "damaged", Socket: -1})
		}},
	} {
		c.isFound(t)
	}
}

// reordered has two messages of ann's under way at once, of which the second is stored first.
func reordered() *scene {
	s := newScene()
	first, second := idOf(1), idOf(2)
	for i, id := range []chat.ClientID{first, second} {
		s.Sends = append(s.Sends, Send{
			Client: annC, Room: theRoom, ClientID: id, Body: []string{"one", "two"}[i], Queued: s.tick(),
		})
	}
	s.send(annC, second, "two")
	s.send(annC, first, "one")
	return s
}

// sendInVain has ann send a message that is not stored; without a code no answer comes.
func (s *scene) sendInVain(code chat.Code) {
	id := idOf(50)
	s.Sends = append(s.Sends, Send{Client: annC, Room: theRoom, ClientID: id, Body: "x", Queued: s.tick()})
	ask := Ask{
		Client: annC, Socket: s.sockets[annC], Event: "message.send", Room: theRoom, ClientID: id,
		Sent: s.clock, Code: code,
	}
	if code != "" {
		ask.Answered = s.tick()
	}
	s.Asks = append(s.Asks, ask)
}

func TestWhatMayHappenIsNoViolation(t *testing.T) {
	for name, change := range map[string]func(*scene){
		"an unknown message that is there": func(s *scene) {
			s.say(bobC, "five")
			s.Asks[len(s.Asks)-1].Answered = 0
		},
		"an unknown message that is not": func(s *scene) { s.sendInVain("") },
		"a refused one that is not":      func(s *scene) { s.sendInVain(chat.RateLimited) },
		"an acknowledgment that came again": func(s *scene) {
			again := s.Asks[0]
			again.Sent, again.Answered = s.tick(), s.tick()
			s.Sends = append(s.Sends, Send{
				Client: annC, Room: theRoom, ClientID: again.ClientID, Body: "one", Queued: again.Sent,
			})
			s.Asks = append(s.Asks, again)
		},
		"a page of changes with all of them": func(s *scene) {
			s.Pages = append(s.Pages, Page{Room: theRoom, Since: 2, Rev: 6, Revs: []int64{4, 5, 6}})
		},
		"a page of changes with more to come": func(s *scene) {
			s.Pages = append(s.Pages, Page{Room: theRoom, Since: 0, Rev: 4, Revs: []int64{4}, More: true})
		},
		"a stalled socket that was closed": func(s *scene) {
			s.Stalls = append(s.Stalls, Stall{Socket: 1, Due: time.Hour, Closed: time.Minute, Why: fellBehind})
		},
	} {
		s := usual()
		change(s)
		for _, found := range Judge(s.end()) {
			t.Errorf("%s: %s %s", name, found.Invariant, found)
		}
	}
}
