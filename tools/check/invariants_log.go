// The invariants about what the server has at the end: I1 to I4 and I8.

package check

import (
	"cmp"
	"math"
	"slices"
	"time"

	"parley/chat"
)

// acknowledgedIsThere tests I1, for messages, their changes, memberships and read positions.
func (v *view) acknowledgedIsThere(tell func(Violation)) {
	states := v.statesByRev()
	for i := range v.Asks {
		ask := &v.Asks[i]
		if !ask.OK() || !v.survives(ask) || v.rooms[ask.Room] == nil {
			continue
		}
		switch ask.Event {
		case "message.send":
			m := v.log[place{ask.Room, ask.SentSeq}]
			if m == nil || m.ClientID != ask.ClientID {
				tell(about(ask.Room, ask.SentSeq, ask.ClientID, ask.Socket,
					"message %q was acknowledged and is not in the room in the end", ask.Body))
			}
		case "message.edit", "message.delete", "reaction.add", "reaction.remove":
			v.changeIsThere(ask, states, tell)
		}
	}
	v.membershipsAreThere(tell)
	v.archivesAreThere(tell)
	v.readPositionsAreThere(tell)
}

// revision is a change of a room in one epoch.
type revision struct {
	epoch string
	room  chat.RoomID
	rev   int64
}

func (v *view) statesByRev() map[revision]*Seen {
	states := map[revision]*Seen{}
	v.observations(func(o observation) {
		if o.m.State != 0 {
			states[revision{o.epoch, o.room, o.m.Rev}] = o.m
		}
	})
	return states
}

// changeIsThere looks for an acknowledged change in the message as it is at the end, and in the message as it
// was right after the change.
func (v *view) changeIsThere(ask *Ask, states map[revision]*Seen, tell func(Violation)) {
	m := v.log[place{ask.Room, ask.Seq}]
	if m == nil || m.Rev < ask.SentRev {
		tell(about(ask.Room, ask.Seq, chat.ClientID{}, ask.Socket,
			"%s was acknowledged with rev %d, which the message does not have in the end", ask.Event, ask.SentRev))
		return
	}
	if ask.Socket < 0 {
		return
	}
	then := states[revision{v.Sockets[ask.Socket].Epoch, ask.Room, ask.SentRev}]
	if then == nil || then.Seq != ask.Seq {
		return
	}
	switch {
	case ask.Event == "message.edit" && then.Body != ask.Body,
		ask.Event == "message.delete" && !then.Deleted,
		ask.Event == "reaction.add" && !slices.Contains(then.Reacted, v.userOf(ask.Client)):
		tell(about(ask.Room, ask.Seq, then.ClientID, ask.Socket,
			"%s was acknowledged with rev %d, which is something else", ask.Event, ask.SentRev))
	}
}

// lastWord returns the last of several requests if its outcome must have lasted: it was done, no other
// request could have been done after it, and no restore undid it.
func (v *view) lastWord(asks []*Ask) *Ask {
	var last *Ask
	for _, ask := range asks {
		if last == nil || ask.Sent > last.Sent {
			last = ask
		}
	}
	if last == nil || !last.OK() || !v.survives(last) {
		return nil
	}
	for _, ask := range asks {
		if ask != last && (ask.Answered == 0 || ask.Answered > last.Sent) {
			return nil
		}
	}
	return last
}

func (v *view) membershipsAreThere(tell func(Violation)) {
	for at, asks := range v.rights {
		last, room := v.lastWord(asks), v.rooms[at.room]
		if last == nil || room == nil {
			continue
		}
		if _, is := room.Members[at.user]; is != gives(last) {
			tell(about(at.room, 0, chat.ClientID{}, last.Socket,
				"%s was acknowledged for %s, which is not so in the end", last.Event, v.users[at.user]))
		}
	}
}

// archivesAreThere looks for rooms that were archived or brought back, by the last who asked for either.
func (v *view) archivesAreThere(tell func(Violation)) {
	for id, asks := range v.uses {
		for at, rights := range v.rights {
			if at.room == id { // a room is archived when its last member leaves, too
				asks = append(slices.Clone(asks), rights...)
			}
		}
		last, room := v.lastWord(asks), v.rooms[id]
		if last == nil || room == nil || last.Event != "room.archive" && last.Event != "room.unarchive" {
			continue
		}
		if room.Archived != (last.Event == "room.archive") {
			tell(about(id, 0, chat.ClientID{}, last.Socket,
				"%s was acknowledged, which is not so in the end", last.Event))
		}
	}
}

func (v *view) readPositionsAreThere(tell func(Violation)) {
	moves := map[seat][]*Ask{} // posting also moves the position, and joining again resets it
	for i := range v.Asks {
		ask := &v.Asks[i]
		if ask.Event == "room.read" || ask.Event == "message.send" {
			at := seat{ask.Room, v.userOf(ask.Client)}
			moves[at] = append(moves[at], ask)
		}
	}
	for at, asks := range moves {
		last := v.lastWord(slices.Concat(asks, v.rights[at]))
		if last == nil || last.Event != "room.read" {
			continue
		}
		for _, head := range v.Final.Lists[at.user] {
			if head.Room == at.room && head.ReadSeq != last.ReadSeq {
				tell(about(at.room, last.ReadSeq, chat.ClientID{}, last.Socket,
					"%s had read up to %d, which was acknowledged, and has up to %d in the end",
					v.users[at.user], last.ReadSeq, head.ReadSeq))
			}
		}
	}
}

// seenWasSent tests I2.
func (v *view) seenWasSent(tell func(Violation)) {
	v.observations(func(o observation) {
		if o.m.State == 0 {
			return // an acknowledgment shows no content
		}
		if why := v.neverSent(o); why != "" {
			tell(about(o.room, o.m.Seq, o.m.ClientID, o.socket, "%s (%q)", why, o.m.Body))
		}
	})
	for i := range v.Frames {
		f := &v.Frames[i]
		if f.Reaction == nil {
			continue
		}
		if why := v.reactionNeverSent(f); why != "" {
			tell(about(f.Room, f.Reaction.Seq, chat.ClientID{}, f.Socket, "%s", why))
		}
	}
}

// reactionNeverSent is neverSent for a reaction that came without its message.
func (v *view) reactionNeverSent(f *Frame) string {
	event := "reaction.remove"
	if f.Reaction.Added {
		event = "reaction.add"
	}
	for _, ask := range v.changes[place{f.Room, f.Reaction.Seq}] {
		if ask.Event == event && v.userOf(ask.Client) == f.Reaction.UserID && ask.Sent <= f.At && !ask.Refused() {
			return ""
		}
	}
	return "someone is said to have changed a reaction who did not"
}

// neverSent says which part of a message nobody asked for; empty when all of it was sent.
func (v *view) neverSent(o observation) string {
	sends := v.sends[o.m.ClientID]
	if len(sends) == 0 || sends[0].Queued > o.at {
		return "nobody sent this message"
	}
	author := v.userOf(sends[0].Client)
	if author != o.m.Author {
		return "this message has another author than who sent it"
	}
	if sends[0].Room != o.room {
		return "this message was sent to another room"
	}
	by := cmp.Or(o.m.DeletedBy, author)
	deleted := v.erased(author, by, o.at)
	said := slices.ContainsFunc(sends, func(s *Send) bool { return s.Body == o.m.Body })
	reacted := map[chat.UserID]bool{}
	for _, ask := range v.changes[place{o.room, o.m.Seq}] {
		user := v.userOf(ask.Client)
		switch {
		case ask.Sent > o.at || ask.Refused():
		case ask.Event == "reaction.add":
			reacted[user] = true
		case ask.Event == "message.delete" && user == by && (user == author || v.owners[seat{o.room, user}]):
			deleted = true
		case user != author:
		case ask.Event == "message.edit" && ask.Body == o.m.Body:
			said = true
		}
	}
	if o.m.Deleted && !deleted || !o.m.Deleted && !said {
		return "nobody who may gave this message that text"
	}
	for _, user := range o.m.Reacted {
		if !reacted[user] {
			return "someone is said to have reacted who did not"
		}
	}
	return ""
}

// onceEach tests I3.
func (v *view) onceEach(tell func(Violation)) {
	for id, rows := range v.rows {
		if len(rows) > 1 {
			found := about(rows[0].room, 0, id, -1, "one message is there %d times", len(rows))
			for _, row := range rows {
				found.Seqs = append(found.Seqs, row.seq)
			}
			tell(found)
		}
	}
	type where struct {
		epoch string
		id    chat.ClientID
	}
	first := map[where]place{}
	v.observations(func(o observation) {
		at, was := where{o.epoch, o.m.ClientID}, place{o.room, o.m.Seq}
		if known, seenBefore := first[at]; seenBefore && known != was {
			tell(about(o.room, o.m.Seq, o.m.ClientID, o.socket,
				"one message was seen at %d and at %d", known.seq, was.seq))
		}
		first[at] = was
	})
}

// noHoles tests I4, for rooms and for copies.
func (v *view) noHoles(tell func(Violation)) {
	for _, room := range v.Final.Rooms {
		revs := map[int64]bool{}
		newest := int64(0)
		for i, m := range room.Messages {
			if m.Seq != int64(i+1) {
				tell(about(room.Room, m.Seq, m.ClientID, -1, "seq %d comes where %d has to", m.Seq, i+1))
				break
			}
			if revs[m.Rev] {
				tell(about(room.Room, m.Seq, m.ClientID, -1, "two messages have rev %d", m.Rev))
			}
			revs[m.Rev] = true
			newest = max(newest, m.Rev)
		}
		if room.Seq != int64(len(room.Messages)) || room.Rev != newest && len(room.Messages) > 0 {
			tell(about(room.Room, room.Seq, chat.ClientID{}, -1,
				"the room's numbers are seq %d and rev %d, its messages go up to %d and %d",
				room.Seq, room.Rev, len(room.Messages), newest))
		}
	}
	for _, c := range v.Copies {
		for _, room := range c.Rooms {
			next := room.Start
			for _, m := range room.Messages {
				if m.Seq != next {
					tell(about(room.Room, next, chat.ClientID{}, c.Socket,
						"client %d has %d after %d", c.Client, m.Seq, next-1))
					break
				}
				next++
			}
		}
	}
}

// refusedIsNotThere tests I8.
func (v *view) refusedIsNotThere(tell func(Violation)) {
	for id, attempts := range v.attempts {
		rows := v.rows[id]
		if len(rows) == 0 || slices.ContainsFunc(attempts, (*Ask).OK) {
			continue
		}
		refused := slices.IndexFunc(attempts, (*Ask).Refused)
		if refused < 0 {
			continue
		}
		// An attempt without an answer may reach the server after a later attempt was refused, and when its
		// author may write again.
		unanswered := slices.ContainsFunc(attempts, func(ask *Ask) bool { return ask.Answered == 0 })
		code := attempts[refused].Code
		if unanswered && slices.Contains([]chat.Code{chat.Forbidden, chat.NotFound, chat.Archived}, code) {
			continue
		}
		tell(about(rows[0].room, rows[0].seq, id, attempts[refused].Socket,
			"message %q was refused (%s) and is there", attempts[refused].Body, code))
	}
	v.tellFaulty("I8", tell)
}

// observation is a message as somebody saw it. An acknowledgment is an observation without State: it shows
// only which number the message has.
type observation struct {
	at     time.Duration
	socket int // -1 when it came over HTTP
	epoch  string
	room   chat.RoomID
	m      *Seen
}

// observations calls each with every observation whose epoch is known.
func (v *view) observations(each func(observation)) {
	for i := range v.Frames {
		f := &v.Frames[i]
		if epoch := v.epochOf(f); f.Message != nil && epoch != "" {
			each(observation{f.At, f.Socket, epoch, f.Room, f.Message})
		}
	}
	for _, rooms := range [][]FinalRoom{v.Final.Rooms, v.Final.Again} {
		for _, room := range rooms {
			for i := range room.Messages {
				each(observation{math.MaxInt64, -1, v.Final.Epoch, room.Room, &room.Messages[i]})
			}
		}
	}
	for i := range v.Asks {
		ask := &v.Asks[i]
		if ask.Event == "message.send" && ask.OK() && ask.Socket >= 0 {
			m := &Seen{Seq: ask.SentSeq, Rev: ask.SentRev, Author: v.userOf(ask.Client), ClientID: ask.ClientID}
			each(observation{ask.Answered, ask.Socket, v.Sockets[ask.Socket].Epoch, ask.Room, m})
		}
	}
}
