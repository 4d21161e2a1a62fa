// The invariants about rooms that are archived or hidden: I15.

package check

import (
	"maps"
	"math"
	"slices"
	"time"

	"parley/chat"
)

// usesHold tests I15 in four ways: by what each socket was told, by the acknowledgments to those who archive
// rooms, by the lists of rooms in the end, and by who is in rooms then.
func (v *view) usesHold(tell func(Violation)) {
	v.leavingHolds(tell)
	for _, socket := range slices.Sorted(maps.Keys(v.frames)) {
		if socket >= 0 {
			v.archivedStays(socket, tell)
		}
	}
	for room, asks := range v.uses {
		for _, ask := range asks {
			if ask.OK() && ask.Event == "room.archive" {
				v.nothingDone(room, v.lasting(asks, ask, "room.unarchive"), tell, "while the room was archived")
			}
		}
	}
	for user, list := range v.Final.Lists {
		for _, head := range list {
			if head.Hidden > head.Seq+1 {
				tell(about(head.Room, head.Seq+1, chat.ClientID{}, -1,
					"%s will not see the next message of a hidden room, but only number %d", v.users[user], head.Hidden))
			}
		}
	}
}

// archivedStays follows the events of a socket, which come in the order in which things happened in a room. A
// welcome may know already that a room is archived, although events from before that still follow.
func (v *view) archivedStays(socket int, tell func(Violation)) {
	archived, seqs := map[chat.RoomID]bool{}, map[chat.RoomID]int64{}
	for _, f := range v.frames[socket] {
		done := false
		switch f.Event {
		case "welcome", "room.added":
			for _, head := range f.Heads {
				archived[head.Room], seqs[head.Room] = head.Archived && f.Event == "room.added", head.Seq
			}
		case "room.changed":
			archived[f.Room] = f.Heads[0].Archived
		case "message.added":
			done, seqs[f.Room] = true, f.Message.Seq
		case "message.changed":
			done = !f.Message.Deleted
		case "reaction.changed":
			done = true
		case "room.hidden":
			if f.Hidden > seqs[f.Room]+1 {
				tell(about(f.Room, seqs[f.Room]+1, chat.ClientID{}, socket,
					"the room is hidden until number %d, so the next message will not show it", f.Hidden))
			}
		}
		if done && archived[f.Room] {
			found := about(f.Room, 0, chat.ClientID{}, socket, "%s came of a room that is archived", f.Event)
			if f.Message != nil {
				found.Seqs, found.ClientIDs = []int64{f.Message.Seq}, []chat.ClientID{f.Message.ClientID}
			}
			tell(found)
		}
	}
}

// lasting returns the time in which what an acknowledged request did was so: until somebody may have ended it,
// with the event ends, or a restore may have undone it.
func (v *view) lasting(asks []*Ask, done *Ask, ends string) span {
	until := v.undoneAt(done)
	for _, ask := range asks {
		late := ask.Answered > done.Sent || ask.Answered == 0 && v.sameLife(ask.Sent, done.Sent)
		if ask.Event == ends && (late || ask.Sent > done.Sent) {
			until = min(until, ask.Sent)
		}
	}
	return span{done.Answered, until}
}

// sameLife reports whether one process of the server may have got two requests that were sent at these times.
func (v *view) sameLife(a, b time.Duration) bool {
	return !slices.ContainsFunc(v.Lives, func(life Life) bool {
		return a < life.Ended-killSeen && life.Ended < b
	})
}

// undoneAt returns when a restore may have undone an acknowledged change; the end of time without one.
func (v *view) undoneAt(ask *Ask) time.Duration {
	until := time.Duration(math.MaxInt64)
	for _, gone := range v.restores() {
		if gone.touches(span{ask.Sent, ask.Answered}) {
			until = min(until, v.killedBefore(gone.until))
		}
	}
	return until
}

// nothingDone looks for what was taken in a room while nobody could write or react there, for the reason why.
func (v *view) nothingDone(room chat.RoomID, during span, tell func(Violation), why string) {
	for i := range v.Asks {
		ask := &v.Asks[i]
		does := slices.Contains([]string{
			"message.send", "message.edit", "reaction.add", "reaction.remove", "room.change",
		}, ask.Event)
		if does && ask.Room == room && ask.OK() && v.firstSent(ask) > during.from && ask.Answered <= during.until {
			tell(about(room, max(ask.Seq, ask.SentSeq), ask.ClientID, ask.Socket,
				"%s of %s was taken %s", ask.Event, v.users[v.userOf(ask.Client)], why))
		}
	}
}

// firstSent returns when a request was first sent: a message that is sent again gets its first answer even if
// its author may write no more.
func (v *view) firstSent(ask *Ask) time.Duration {
	if sends := v.sends[ask.ClientID]; ask.Event == "message.send" && len(sends) > 0 {
		return sends[0].Queued
	}
	return ask.Sent
}
