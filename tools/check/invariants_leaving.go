// The invariants about rooms that people leave: their part of I15.

package check

import (
	"slices"

	"parley/chat"
)

// leavingHolds tests that a room which nobody is in is archived, and that nobody is in a direct room again that they
// left: the same people get another.
func (v *view) leavingHolds(tell func(Violation)) {
	for _, room := range v.Final.Rooms {
		if len(room.Members) == 0 && !room.Archived && v.leftSinceUsed(room.Room) {
			tell(about(room.Room, 0, chat.ClientID{}, -1, "nobody is in the room any more, and it is not archived"))
		}
	}
	for at, asks := range v.rights {
		again := slices.ContainsFunc(v.Final.Lists[at.user], func(head Head) bool { return head.Room == at.room })
		if !again || v.kindInTheEnd(at.room) != chat.Direct {
			continue
		}
		for _, ask := range asks {
			if ask.Event == "room.leave" && ask.OK() && v.survives(ask) {
				tell(about(at.room, 0, chat.ClientID{}, -1, "%s left this direct room and is in it again", v.users[at.user]))
			}
		}
	}
}

func (v *view) kindInTheEnd(id chat.RoomID) chat.RoomKind {
	for _, room := range v.Final.Rooms {
		if room.Room == id {
			return room.Kind
		}
	}
	return ""
}

// leftSinceUsed tells whether somebody was certainly in a room after it was last brought back into use, so that a
// last member has left it since. Whoever made the room was in it from the beginning.
func (v *view) leftSinceUsed(room chat.RoomID) bool {
	joined := func(used *Ask) bool {
		for at, asks := range v.rights {
			if at.room == room && slices.ContainsFunc(asks, func(ask *Ask) bool {
				was := ask.Event == "room.join" || ask.Event == "member.remove" // which is refused for who is not in it
				return was && ask.OK() && ask.Sent > used.Answered && v.survives(ask)
			}) {
				return true
			}
		}
		return false
	}
	for _, ask := range v.uses[room] {
		if ask.Event == "room.unarchive" && !ask.Refused() && (!ask.OK() || !joined(ask)) {
			return false
		}
	}
	return true
}
