// The invariants about people who are deactivated: I17, and their part of I1 and I2.

package check

import (
	"slices"
	"time"

	"parley/chat"
)

// endedWithin is the time in which the sockets of somebody who was deactivated must have ended: within a second,
// which a busy machine may notice later.
const endedWithin = 5 * time.Second

// openedSince is how long before a client notes that a socket is open the server may have opened it.
const openedSince = time.Second

// deactivationsHold tests I17.
func (v *view) deactivationsHold(tell func(Violation)) {
	for user, asks := range v.accounts {
		of := v.actsFor(user)
		for _, ask := range asks {
			if ask.OK() && ask.Event == "user.deactivate" {
				during := v.lasting(asks, ask, "user.reactivate")
				v.socketsEnd(of, during, tell)
				v.getsNothing(of, during, tell)
				v.doesNothing(of, during, tell)
			}
		}
		last := v.lastWord(asks)
		if last == nil || last.Event != "user.deactivate" || last.Body != string(chat.DeleteMessages) {
			continue
		}
		for at, m := range v.log {
			if m.Author == user && !m.Deleted {
				tell(about(at.room, at.seq, m.ClientID, -1,
					"the messages of %s had to go, and %q is there", v.users[user], m.Body))
			}
		}
	}
}

// actsFor returns the clients of a user, and of programs whose tokens that user made, with the user's name.
func (v *view) actsFor(user chat.UserID) account {
	clients := map[int]bool{}
	for number, c := range v.Clients {
		by := func(u User) bool { return u.ID == c.User && u.Maker == user }
		clients[number] = c.User == user || slices.ContainsFunc(v.Users, by)
	}
	return account{v.users[user], clients}
}

type account struct {
	name    string
	clients map[int]bool
}

func (v *view) socketsEnd(of account, during span, tell func(Violation)) {
	due := during.from + endedWithin
	for i, socket := range v.Sockets {
		if !of.clients[socket.Client] || socket.Opened > during.from+openedSince || during.until < due {
			continue
		}
		if socket.Closed == 0 || socket.Closed > due {
			tell(about(0, 0, chat.ClientID{}, i,
				"a socket of %s was open for more than %s after they were deactivated", of.name, endedWithin))
		}
	}
}

// Endings tells how soon the sockets of people end who are deactivated. It is a measurement, and no promise.
type Endings struct {
	// Sockets is how many were open when somebody was deactivated, and ended because of it.
	Sockets int `json:"sockets"`
	// LongestMillis is the longest time from the answer to the deactivation to the end of such a socket, as its
	// client saw it; 0 when all had ended before the answer.
	LongestMillis int64 `json:"longest_ms"`
}

// endings measures how soon sockets ended.
func (v *view) endings() (e Endings) {
	for user, asks := range v.accounts {
		of := v.actsFor(user)
		for _, ask := range asks {
			if !ask.OK() || ask.Event != "user.deactivate" {
				continue
			}
			until := v.lasting(asks, ask, "user.reactivate").until
			for _, socket := range v.Sockets {
				there := socket.Opened < ask.Sent && socket.Closed >= ask.Sent
				if there && of.clients[socket.Client] && socket.Closed < until {
					e.Sockets++
					e.LongestMillis = max(e.LongestMillis, (socket.Closed - ask.Answered).Milliseconds())
				}
			}
		}
	}
	return e
}

// getsNothing looks for sockets that were opened, and for messages that were sent, while somebody was
// deactivated.
func (v *view) getsNothing(of account, during span, tell func(Violation)) {
	for i := range v.Frames {
		f := &v.Frames[i]
		if f.At <= during.from || f.At > during.until || !of.clients[f.Client] {
			continue
		}
		if f.Event == "welcome" && v.Sockets[f.Socket].Opened > during.from+openedSince {
			tell(about(0, 0, chat.ClientID{}, f.Socket, "%s opened a socket while deactivated", of.name))
		}
		if f.Message == nil {
			continue
		}
		sends := v.sends[f.Message.ClientID]
		if len(sends) > 0 && sends[0].Queued > during.from {
			tell(about(f.Room, f.Message.Seq, f.Message.ClientID, f.Socket,
				"%s got %q, which was sent after they were deactivated", of.name, f.Message.Body))
		}
	}
}

// doesNothing looks for requests that were not refused while somebody was deactivated: those that were sent then, and
// those that were sent before and came after a message that was sent then.
func (v *view) doesNothing(of account, during span, tell func(Violation)) {
	here := v.untilRestored(during)
	first := v.firstRevs(here)
	for i := range v.Asks {
		ask := &v.Asks[i]
		rev, said := first[ask.Room]
		underWay := said && ask.SentRev > rev && ask.Answered > here.from && ask.Answered <= here.until
		late := underWay || v.firstSent(ask) > during.from && ask.Answered <= during.until
		if late && ask.OK() && of.clients[ask.Client] {
			tell(about(ask.Room, max(ask.Seq, ask.SentSeq), ask.ClientID, ask.Socket,
				"%s was done for %s while they were deactivated", ask.Event, of.name))
		}
	}
}

// untilRestored is the part of a time before a backup was restored in it: after that, revs are given again.
func (v *view) untilRestored(during span) span {
	for _, life := range v.Lives {
		if life.Restored >= 0 && life.Started > during.from {
			during.until = min(during.until, life.Started)
		}
	}
	return during
}

// firstRevs finds for each room the first rev that was certainly given in a time: that of a message that was sent and
// acknowledged in it.
func (v *view) firstRevs(during span) map[chat.RoomID]int64 {
	first := map[chat.RoomID]int64{}
	for i := range v.Asks {
		ask := &v.Asks[i]
		within := v.firstSent(ask) > during.from && ask.Answered <= during.until
		if !within || !ask.OK() || ask.Event != "message.send" || ask.SentRev == 0 {
			continue
		}
		if rev, known := first[ask.Room]; !known || ask.SentRev < rev {
			first[ask.Room] = ask.SentRev
		}
	}
	return first
}

// erased reports whether somebody had asked by a time that the messages of an author go.
func (v *view) erased(author, by chat.UserID, at time.Duration) bool {
	return slices.ContainsFunc(v.accounts[author], func(ask *Ask) bool {
		return ask.Event == "user.deactivate" && ask.Body == string(chat.DeleteMessages) &&
			v.userOf(ask.Client) == by && ask.Sent <= at && !ask.Refused()
	})
}

// accountOf are the requests to deactivate or reactivate a user, or who made the tokens of that program.
func (v *view) accountOf(user chat.UserID) []*Ask {
	asks := v.accounts[user]
	for _, u := range v.Users {
		if u.ID == user && u.Maker != 0 {
			asks = slices.Concat(asks, v.accounts[u.Maker])
		}
	}
	return asks
}
