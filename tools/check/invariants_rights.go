// The invariants about who receives what: I11 and I12.

package check

import (
	"fmt"
	"math"
	"slices"
	"time"

	"parley/chat"
)

// rightsHold tests I11 in two ways: by what each socket was told, and by the acknowledgments to those who
// took a right away.
func (v *view) rightsHold(tell func(Violation)) {
	for socket, frames := range v.frames {
		if socket >= 0 {
			v.onlyOwnRooms(socket, frames, tell)
		}
	}
	for at, asks := range v.rights {
		for _, ask := range asks {
			if ask.OK() && !gives(ask) {
				v.nothingAfter(at, span{ask.Answered, v.rightsUntil(asks, ask)}, tell)
			}
		}
	}
}

// onlyOwnRooms looks for events of rooms that the socket was not in, according to its own events.
func (v *view) onlyOwnRooms(socket int, frames []*Frame, tell func(Violation)) {
	in := map[chat.RoomID]bool{}
	for _, f := range frames {
		switch f.Event {
		case "welcome", "room.added":
			for _, head := range f.Heads {
				in[head.Room] = true
			}
		case "room.removed":
			delete(in, f.Room)
		case "changes", "session.ended", "block.changed":
		default:
			if !in[f.Room] {
				found := about(f.Room, 0, chat.ClientID{}, socket, "%s came of a room that the socket is not in", f.Event)
				if f.Message != nil {
					found.Seqs, found.ClientIDs = []int64{f.Message.Seq}, []chat.ClientID{f.Message.ClientID}
				}
				tell(found)
			}
		}
	}
}

// rightsUntil returns the time until which a right that was taken away cannot have come back. It may come
// back because somebody asked for that, or because a restore undid the change.
func (v *view) rightsUntil(asks []*Ask, taken *Ask) time.Duration {
	until := time.Duration(math.MaxInt64)
	for _, ask := range asks {
		if gives(ask) && (ask.Answered == 0 || ask.Answered > taken.Sent) {
			until = min(until, ask.Sent)
		}
	}
	return min(until, v.undoneAt(taken))
}

// killedBefore returns when the server's last life before a start ended.
func (v *view) killedBefore(start time.Duration) (ended time.Duration) {
	for _, life := range v.Lives {
		if life.Ended < start {
			ended = max(ended, life.Ended)
		}
	}
	return ended - killSeen
}

// nothingAfter looks for what somebody received of a room, or did in it, while they certainly had no right to
// it.
func (v *view) nothingAfter(at seat, without span, tell func(Violation)) {
	for i := range v.Frames {
		f := &v.Frames[i]
		if f.Room != at.room || f.Message == nil || v.userOf(f.Client) != at.user || f.At > without.until {
			continue
		}
		public := v.kinds[at.room] == chat.Public && (f.Event == "changes" || f.Event == "page")
		sends := v.sends[f.Message.ClientID]
		if len(sends) > 0 && sends[0].Queued > without.from && !public {
			tell(about(f.Room, f.Message.Seq, f.Message.ClientID, f.Socket,
				"%s got %q, which was sent after they were no longer in the room", v.users[at.user], f.Message.Body))
		}
	}
	for i := range v.Asks {
		ask := &v.Asks[i]
		if ask.Room != at.room || v.userOf(ask.Client) != at.user || !ask.OK() || ask.Answered > without.until {
			continue
		}
		does := slices.Contains([]string{
			"message.send", "message.edit", "message.delete", "reaction.add", "reaction.remove", "room.read",
		}, ask.Event)
		if does && v.firstSent(ask) > without.from && !v.moderates(ask) {
			tell(about(ask.Room, max(ask.Seq, ask.SentSeq), ask.ClientID, ask.Socket,
				"%s of %s was taken after they were no longer in the room", ask.Event, v.users[at.user]))
		}
	}
}

// moderates reports whether a request is the deletion of somebody else's message by an admin in a room that everyone
// sees. For that nobody has to be a member.
func (v *view) moderates(ask *Ask) bool {
	user := v.userOf(ask.Client)
	if ask.Event != "message.delete" || v.kinds[ask.Room] != chat.Public || !v.admins[user] {
		return false
	}
	m := v.log[place{ask.Room, ask.Seq}]
	return m == nil || m.Author != user || !v.survives(ask) // a restore may have put another message there
}

// rewindsAreTold tests I12: a restored server has an epoch that nobody has seen before, and every client that
// meets another epoch drops its copy before it goes on.
func (v *view) rewindsAreTold(tell func(Violation)) {
	known := map[string]bool{}
	restored := time.Duration(-1) // when a backup was restored, until a life is long enough to show its epoch
	for _, life := range v.Lives {
		if life.Restored >= 0 {
			restored = life.Started
		}
		if life.Epoch == "" {
			continue
		}
		if restored >= 0 && known[life.Epoch] {
			tell(about(0, 0, chat.ClientID{}, -1,
				"the server has an old epoch after a backup was restored at %s", restored.Round(time.Millisecond)))
		}
		restored, known[life.Epoch] = -1, true
	}
	for client, sockets := range v.sockets {
		epoch := ""
		for i, socket := range sockets {
			s := v.Sockets[socket]
			if s.Epoch == "" {
				continue
			}
			until := time.Duration(math.MaxInt64)
			if i+1 < len(sockets) {
				until = v.Sockets[sockets[i+1]].Opened
			}
			told := slices.ContainsFunc(v.resets[client], func(reset Reset) bool {
				return reset.Room == 0 && s.Opened <= reset.At && reset.At <= until
			})
			if epoch != "" && epoch != s.Epoch && !told {
				tell(about(0, 0, chat.ClientID{}, socket,
					"client %d went on with what it had in another epoch", client))
			}
			epoch = s.Epoch
		}
	}
}

func sayAfter(name string, got, after int64) string {
	return fmt.Sprintf("%s %d comes after %d", name, got, after)
}
