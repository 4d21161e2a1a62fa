package check

import (
	"strings"
	"testing"
	"time"

	"parley/chat"
)

// account has ann deactivate bob, with or without his messages, or reactivate him.
func (s *scene) account(event string, fate chat.MessagesFate) *Ask {
	return s.ask(annC, Ask{Event: event, User: bob, Body: string(fate)}, func(*Ask) {
		if event != "user.deactivate" {
			return
		}
		s.Sockets[s.sockets[bobC]].Closed = s.clock
		for i, m := range s.messages {
			if fate != chat.DeleteMessages || m.Author != bob || m.Deleted {
				continue
			}
			s.head.Rev++
			m.Rev, m.State, m.Body, m.Deleted, m.DeletedBy = s.head.Rev, uint64(s.head.Rev), "", true, ann
			s.messages[i] = m
			s.frame(annC, Frame{Event: "message.changed", Room: theRoom, Message: &m})
		}
	})
}

// away has only ann be told of what happens.
func (s *scene) away(happens func()) {
	role := s.members[bob]
	delete(s.members, bob)
	happens()
	s.members[bob] = role
}

// deactivated is a history in which bob is deactivated, comes back, and is deactivated with his messages.
func deactivated() *scene {
	s := newScene()
	s.say(annC, "one")
	s.say(bobC, "two")
	s.account("user.deactivate", chat.KeepMessages)
	s.away(func() { s.say(annC, "three, without bob") })
	s.account("user.reactivate", "")
	s.connect(bobC)
	s.say(bobC, "four")
	s.account("user.deactivate", chat.DeleteMessages)
	s.away(func() { s.say(annC, "five, without bob") })
	return s
}

// withoutBob ends a history in which bob is deactivated, so that nobody asks what he has.
func withoutBob(s *scene) *History {
	h := s.end()
	h.Copies = h.Copies[:1]
	delete(h.Final.Lists, bob)
	return h
}

func TestDeactivationsThatAreKeptViolateNothing(t *testing.T) {
	for _, found := range Judge(withoutBob(deactivated())) {
		t.Errorf("%s %s", found.Invariant, found)
	}
}

// underWay has bob react at the same moment as he is deactivated for the first time, and be answered a second after
// ann has said something without him; that has some revs more than her message.
func underWay(t *testing.T, h *History, more int64) {
	t.Helper()
	asked, said := askFor(t, h, "user.deactivate", 1), askFor(t, h, "message.send", 3)
	h.Asks = append(h.Asks, Ask{
		Client: bobC, Socket: -1, Event: "reaction.add", Room: theRoom, Seq: 1, Sent: asked.Sent - 1,
		Answered: said.Answered + 1, SentRev: said.SentRev + more,
	})
}

// What was stored before the account was closed is answered when it is.
func TestARequestUnderWayThatCameBeforeTheDeactivationViolatesNothing(t *testing.T) {
	h := withoutBob(deactivated())
	underWay(t, h, -1)
	for _, found := range Judge(h) {
		if found.Invariant == "I17" {
			t.Errorf("%s %s", found.Invariant, found)
		}
	}
}

func TestDeactivationsThatAreNotKeptAreFound(t *testing.T) {
	told := func(t *testing.T, h *History, as func(*Frame)) { // bob is told of ann's last message, too
		f, i := frameOn(t, h, 0, "message.added", 5)
		other := *f
		other.Client, other.Socket = bobC, 2
		as(&other)
		h.Frames = append(h.Frames[:i+1:i+1], append([]Frame{other}, h.Frames[i+1:]...)...)
	}
	does := func(h *History, ask Ask) {
		ask.Socket, ask.Room = -1, theRoom
		h.Asks = append(h.Asks, ask)
		late(h, &h.Asks[len(h.Asks)-1])
	}
	for _, c := range []broken{
		{"a socket that stays open", "I17", deactivated, func(_ *testing.T, h *History) { h.Sockets[2].Closed = 0 }},
		{"a socket that ends long after", "I17", deactivated, func(_ *testing.T, h *History) {
			h.Sockets[2].Closed += time.Minute
		}},
		{"the socket of a program that stays open", "I17", deactivated, func(_ *testing.T, h *History) {
			h.Users = append(h.Users, User{ID: 3, Name: "program", Maker: bob})
			h.Clients = append(h.Clients, Client{User: 3})
			h.Sockets = append(h.Sockets, Socket{Client: 2, Opened: time.Second})
		}},
		{"a message that still comes", "I17", deactivated, func(t *testing.T, h *History) { told(t, h, func(*Frame) {}) }},
		{"a page that can still be read", "I17", deactivated, func(t *testing.T, h *History) {
			told(t, h, func(f *Frame) { f.Event, f.Socket = "page", -1 })
		}},
		{"a socket that is opened", "I17", deactivated, func(_ *testing.T, h *History) {
			late := h.Quiet + time.Minute
			h.Sockets = append(h.Sockets, Socket{Client: bobC, Opened: late, Closed: late + 1, Epoch: "e1"})
			h.Frames = append(h.Frames, Frame{At: late, Client: bobC, Socket: 3, Event: "welcome", Epoch: "e1"})
		}},
		{"an event after the session has ended", "I6", deactivated, func(t *testing.T, h *History) {
			_, i := frameOn(t, h, 2, "message.added", 1)
			h.Frames = append(h.Frames[:i:i], append([]Frame{{Client: bobC, Socket: 2, Event: "session.ended"}}, h.Frames[i:]...)...)
		}},
		{"signing in", "I17", deactivated, func(_ *testing.T, h *History) {
			does(h, Ask{Client: bobC, Event: "login"})
		}},
		{"a token that still works", "I17", deactivated, func(_ *testing.T, h *History) {
			does(h, Ask{Client: bobC, Event: "rooms"})
		}},
		{"a request under way when the token ended, done after a message that was sent then", "I17", deactivated, func(t *testing.T, h *History) {
			underWay(t, h, 1)
		}},
		{"a message that did not go", "I17", deactivated, func(_ *testing.T, h *History) {
			final(h, 2, func(m *Seen) { m.Body, m.Deleted, m.DeletedBy = "two", false, 0 })
		}},
		{"a message that goes and nobody had asked for that", "I2", deactivated, func(_ *testing.T, h *History) {
			final(h, 5, func(m *Seen) { m.Body, m.Deleted = "", true })
		}},
		{"messages that go although they had to stay", "I2", deactivated, func(t *testing.T, h *History) {
			askFor(t, h, "user.deactivate", 2).Body = string(chat.KeepMessages)
		}},
	} {
		c.isFound(t)
	}
}

func TestTheReportTellsHowSoonSocketsEndAfterADeactivation(t *testing.T) {
	h := withoutBob(deactivated())
	if got := NewReport(h).Endings; got.Sockets != 2 || got.LongestMillis != 0 {
		t.Errorf("got %+v, want two sockets that had ended before the answers", got)
	}
	h.Sockets[2].Closed = askFor(t, h, "user.deactivate", 2).Answered + 40*time.Millisecond
	h.Sockets = append(h.Sockets, Socket{Client: bobC, Opened: h.Sockets[2].Closed + time.Second, Closed: h.Quiet + time.Minute}) // it was not there
	report := NewReport(h)
	if got := report.Endings; got.Sockets != 2 || got.LongestMillis != 40 {
		t.Errorf("got %+v, want two sockets and 40 ms", got)
	}
	var text strings.Builder
	report.Print(&text)
	if !strings.Contains(text.String(), "closed 40 ms after the answer") {
		t.Errorf("the report does not tell it: %s", &text)
	}
}
