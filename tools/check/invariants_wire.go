// The invariants about what travels to clients: I5 to I7, I9 and I10.

package check

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"parley/chat"
)

// allSeeTheSame tests I5: for everybody who looks, before and after restarts, a place holds one message and a
// rev is one change.
func (v *view) allSeeTheSame(tell func(Violation)) {
	type inHistory struct {
		epoch string
		place
	}
	v.reactionsAreTheSame(tell)
	who := map[inHistory]chat.ClientID{}
	states := map[revision]*Seen{}
	v.observations(func(o observation) {
		at := inHistory{o.epoch, place{o.room, o.m.Seq}}
		if known, ok := who[at]; ok && known != o.m.ClientID {
			found := about(o.room, o.m.Seq, o.m.ClientID, o.socket, "two messages were seen at one place")
			found.ClientIDs = append(found.ClientIDs, known)
			tell(found)
		}
		who[at] = o.m.ClientID
		if o.m.State == 0 {
			return
		}
		rev := revision{o.epoch, o.room, o.m.Rev}
		if known := states[rev]; known != nil && (known.State != o.m.State || known.Seq != o.m.Seq) {
			tell(about(o.room, o.m.Seq, o.m.ClientID, o.socket,
				"rev %d was seen as %q and as %q", o.m.Rev, known.Body, o.m.Body))
		}
		states[rev] = o.m
	})
	for i, room := range v.Final.Again {
		if before := v.Final.Rooms[i]; before.Head != room.Head || !maps.Equal(before.Members, room.Members) ||
			len(before.Messages) != len(room.Messages) {
			tell(about(room.Room, 0, chat.ClientID{}, -1, "the room is another after a restart"))
		}
	}
}

// reactionsAreTheSame is the part of I5 about reactions that come without their message.
func (v *view) reactionsAreTheSame(tell func(Violation)) {
	known := map[revision]chat.ReactionChanged{}
	for i := range v.Frames {
		f := &v.Frames[i]
		epoch := v.epochOf(f)
		if f.Reaction == nil || epoch == "" {
			continue
		}
		rev := revision{epoch, f.Room, f.Reaction.Rev}
		if other, ok := known[rev]; ok && other != *f.Reaction {
			tell(about(f.Room, f.Reaction.Seq, chat.ClientID{}, f.Socket,
				"rev %d was told as %+v and as %+v", f.Reaction.Rev, other, *f.Reaction))
		}
		known[rev] = *f.Reaction
	}
}

// wire is what one socket has been told so far.
type wire struct {
	rooms   map[chat.RoomID]Head
	revs    map[place]int64 // of the messages that events were about
	userRev int64
	ended   bool // the session has ended, so nothing may follow
}

// eventsFollow tests I6: the messages of a room follow one another by rev, changes of the room itself by
// meta, and events that are private to the user by user_rev.
func (v *view) eventsFollow(tell func(Violation)) {
	v.changesAreWhole(tell)
	for _, socket := range slices.Sorted(maps.Keys(v.frames)) {
		if socket < 0 {
			continue
		}
		w := wire{rooms: map[chat.RoomID]Head{}, revs: map[place]int64{}}
		for i, f := range v.frames[socket] {
			if i == 0 && f.Event != "welcome" {
				tell(about(f.Room, 0, chat.ClientID{}, socket, "the first event is %s", f.Event))
				break
			}
			if why := w.follow(f); why != "" {
				found := about(f.Room, 0, chat.ClientID{}, socket, "%s: %s", f.Event, why)
				if f.Reaction != nil {
					found.Seqs = []int64{f.Reaction.Seq}
				}
				if f.Message != nil {
					found.Seqs, found.ClientIDs = []int64{f.Message.Seq}, []chat.ClientID{f.Message.ClientID}
				}
				tell(found)
				break // later errors would only repeat this one
			}
		}
	}
}

// follow takes the next event of a socket. It says why the event does not follow those before it; empty when
// it does.
func (w *wire) follow(f *Frame) string {
	head := w.rooms[f.Room]
	if w.ended {
		return "it comes after session.ended"
	}
	switch f.Event {
	case "session.ended":
		w.ended = true
	case "welcome":
		w.userRev = f.UserRev
		for _, head := range f.Heads {
			w.rooms[head.Room] = head
		}
		return ""
	case "message.added", "message.changed":
		w.revs[place{f.Room, f.Message.Seq}] = f.Message.Rev
		return w.raise(f.Room, &head.Rev, head, f.Message.Rev, "rev")
	case "reaction.changed":
		at, r := place{f.Room, f.Reaction.Seq}, f.Reaction
		if rev, known := w.revs[at]; known && rev != r.Was {
			return fmt.Sprintf("it changes the message at rev %d, which is at rev %d", r.Was, rev)
		}
		w.revs[at] = r.Rev
		return w.raise(f.Room, &head.Rev, head, r.Rev, "rev")
	case "member.joined", "member.left", "member.changed", "room.changed":
		return w.raise(f.Room, &head.Meta, head, f.Meta, "meta")
	case "room.added", "room.removed", "room.hidden", "favorite.changed", "read.moved", "block.changed":
		if f.UserRev != w.userRev+1 {
			return sayAfter("user_rev", f.UserRev, w.userRev)
		}
		w.userRev = f.UserRev
	}
	switch f.Event {
	case "room.added":
		if _, in := w.rooms[f.Room]; in {
			return "the socket was in this room already"
		}
		w.rooms[f.Room] = f.Heads[0]
	case "room.removed":
		delete(w.rooms, f.Room)
		maps.DeleteFunc(w.revs, func(at place, _ int64) bool { return at.room == f.Room })
	}
	return ""
}

// raise compares a number with the successor of the last one, to which which points in head. It ignores rooms
// that the socket is not in: rightsHold reports those.
func (w *wire) raise(room chat.RoomID, which *int64, head Head, to int64, name string) string {
	if _, in := w.rooms[room]; !in {
		return ""
	}
	if to != *which+1 {
		return sayAfter(name, to, *which)
	}
	*which = to
	switch name {
	case "rev":
		head.Rev = to
	default:
		head.Meta = to
	}
	w.rooms[room] = head
	return ""
}

// laterComesLater tests I7.
func (v *view) laterComesLater(tell func(Violation)) {
	for _, room := range v.Final.Rooms {
		// From the last message back, with the earliest acknowledgment among the messages after it.
		earliest, of := time.Duration(math.MaxInt64), (*Seen)(nil)
		for _, m := range slices.Backward(room.Messages) {
			sends := v.sends[m.ClientID]
			if len(sends) > 0 && earliest < sends[0].Queued {
				found := about(room.Room, m.Seq, m.ClientID, -1,
					"%q was sent after %q was acknowledged, and comes before it", m.Body, of.Body)
				found.Seqs = append(found.Seqs, of.Seq)
				tell(found)
			}
			for _, ask := range v.attempts[m.ClientID] {
				if ask.OK() && ask.SentSeq == m.Seq && v.survives(ask) && ask.Answered < earliest {
					earliest, of = ask.Answered, &m
				}
			}
		}
		v.ownOrder(room, tell)
	}
}

// ownOrder compares the order of each client's messages in a room with the order in which the client put them
// into its outbox.
func (v *view) ownOrder(room FinalRoom, tell func(Violation)) {
	type sent struct {
		*Send
		seq int64
	}
	byClient := map[int][]sent{}
	for _, m := range room.Messages {
		if sends := v.sends[m.ClientID]; len(sends) == 1 && !sends[0].Alone { // a resend may come at any time
			byClient[sends[0].Client] = append(byClient[sends[0].Client], sent{sends[0], m.Seq})
		}
	}
	for client, list := range byClient {
		slices.SortStableFunc(list, func(a, b sent) int { return cmp.Compare(a.Queued, b.Queued) })
		for i := 1; i < len(list); i++ {
			a, b := list[i-1], list[i]
			if b.seq < a.seq && !v.rightsMoved(seat{room.Room, v.userOf(client)}, a.Queued) {
				found := about(room.Room, a.seq, a.ClientID, -1,
					"client %d sent %q before %q, which comes first", client, a.Body, b.Body)
				found.Seqs = append(found.Seqs, b.seq)
				tell(found)
			}
		}
	}
}

// rightsMoved reports whether somebody's rights changed after a time, or may have changed. If they did, an
// attempt on a broken connection may have been refused although a later one was not.
func (v *view) rightsMoved(at seat, after time.Duration) bool {
	moves := slices.Concat(v.rights[at], v.uses[at.room], v.blocksIn(at), v.accountOf(at.user))
	return slices.ContainsFunc(moves, func(ask *Ask) bool {
		return ask.Answered == 0 || ask.Answered > after
	})
}

// everyoneHasEverything tests I9.
func (v *view) everyoneHasEverything(tell func(Violation)) {
	for _, c := range v.Copies {
		if !c.Online {
			tell(about(0, 0, chat.ClientID{}, c.Socket, "client %d did not come back", c.Client))
			continue
		}
		if opened := v.Sockets[c.Socket].Opened; v.Quiet > 0 && opened > v.Quiet {
			tell(about(0, 0, chat.ClientID{}, c.Socket, "client %d came back once more, when all was calm", c.Client))
		}
		for _, room := range c.Rooms {
			final := v.rooms[room.Room]
			if final == nil {
				continue
			}
			if room.Rev != final.Rev {
				tell(about(room.Room, final.Seq, chat.ClientID{}, c.Socket,
					"client %d has rev %d, the server %d", c.Client, room.Rev, final.Rev))
			}
		}
	}
}

// copiesMatch tests I10.
func (v *view) copiesMatch(tell func(Violation)) {
	for _, c := range v.Copies {
		if c.Epoch != v.Final.Epoch {
			tell(about(0, 0, chat.ClientID{}, c.Socket, "client %d is in another epoch", c.Client))
		}
		has := map[chat.RoomID]bool{}
		for _, room := range c.Rooms {
			has[room.Room] = true
			if final := v.rooms[room.Room]; final != nil {
				v.roomMatches(c, room, final, tell)
			}
		}
		wants := map[chat.RoomID]bool{}
		for _, head := range v.Final.Lists[v.userOf(c.Client)] {
			wants[head.Room] = true
		}
		if !maps.Equal(has, wants) {
			tell(about(0, 0, chat.ClientID{}, c.Socket, "client %d has rooms %v, the server says %v", c.Client,
				slices.Sorted(maps.Keys(has)), slices.Sorted(maps.Keys(wants))))
		}
		v.headsMatch(c, tell)
		v.blocksMatch(c, tell)
	}
}

func (v *view) roomMatches(c Copy, room CopiedRoom, final *FinalRoom, tell func(Violation)) {
	for _, m := range room.Messages {
		if is := v.log[place{room.Room, m.Seq}]; is == nil || is.State != m.State {
			tell(about(room.Room, m.Seq, m.ClientID, c.Socket,
				"client %d has a message as %q with rev %d, which is not as the server has it", c.Client, m.Body, m.Rev))
		}
	}
	if n := int64(len(room.Messages)); room.Start+n <= final.Seq {
		tell(about(room.Room, room.Start+n, chat.ClientID{}, c.Socket,
			"client %d has the messages from %d up to %d of %d", c.Client, room.Start, room.Start+n-1, final.Seq))
	}
	if room.Members != nil && !maps.Equal(room.Members, final.Members) {
		tell(about(room.Room, 0, chat.ClientID{}, c.Socket,
			"client %d has members %v, the server %v", c.Client, room.Members, final.Members))
	}
}

// headsMatch compares the server's list of the person's rooms with what the client's last socket was told of
// them.
func (v *view) headsMatch(c Copy, tell func(Violation)) {
	user := v.userOf(c.Client)
	told := map[chat.RoomID]Head{}
	blocked := map[chat.UserID]bool{}
	for _, f := range v.frames[c.Socket] {
		head := told[f.Room]
		switch f.Event {
		case "welcome", "room.added":
			for _, head := range f.Heads {
				told[head.Room] = head
			}
			for _, id := range f.Blocks {
				blocked[id] = true
			}
			continue
		case "block.changed":
			blocked[f.User] = f.Blocked
			continue
		case "room.removed":
			delete(told, f.Room)
			continue
		case "read.moved":
			head.ReadSeq, head.Unread = f.ReadSeq, f.Unread
		case "room.hidden":
			head.Hidden = f.Hidden
		case "favorite.changed":
			head.Favorite = f.Favorite
		case "message.added":
			head.Seq, head.Rev = f.Message.Seq, f.Message.Rev
			if f.Message.Author == user {
				head.ReadSeq, head.Unread = f.Message.Seq, 0
			} else if f.Message.Seq > head.ReadSeq && !blocked[f.Message.Author] {
				head.Unread++
			}
		case "message.changed":
			head.Rev = f.Message.Rev
			if f.Message.Deleted && f.Message.Seq > head.ReadSeq && !blocked[f.Message.Author] {
				head.Unread--
			}
		case "reaction.changed":
			head.Rev = f.Reaction.Rev
		case "member.changed":
			head.Meta = f.Meta
			if f.User == user {
				head.Role = f.Role
			}
		case "room.changed":
			head.Meta, head.Archived = f.Meta, f.Heads[0].Archived
		case "member.joined", "member.left":
			head.Meta = f.Meta
		default:
			continue
		}
		told[f.Room] = head
	}
	for _, head := range v.Final.Lists[user] {
		if got := told[head.Room]; got != head {
			tell(about(head.Room, head.Seq, chat.ClientID{}, c.Socket,
				"by its events client %d has %+v, the server says %+v", c.Client, got, head))
		}
	}
}
