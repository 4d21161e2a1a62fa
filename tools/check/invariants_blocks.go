// The invariants about people who have blocked others: I16, and their parts of I1 and I10.

package check

import (
	"maps"
	"slices"

	"parley/chat"
)

// blocksHold tests I16, by the acknowledgments to those who blocked somebody, and by what each socket was told.
func (v *view) blocksHold(tell func(Violation)) {
	for who, asks := range v.blocks {
		for _, ask := range asks {
			if ask.OK() && ask.Event == "block.add" {
				v.apart(who, v.lasting(asks, ask, "block.remove"), tell)
			}
		}
		v.lastBlock(who, asks, tell)
	}
	for _, socket := range slices.Sorted(maps.Keys(v.frames)) {
		if socket >= 0 {
			v.hearsNothing(socket, tell)
		}
	}
}

// apart looks for what two people did to each other while one had blocked the other.
func (v *view) apart(who pair, during span, tell func(Violation)) {
	for room, two := range v.Pairs {
		if two == [2]chat.UserID{who.by, who.of} || two == [2]chat.UserID{who.of, who.by} {
			v.nothingDone(room, during, tell, "while one of the two had blocked the other")
		}
	}
	for i := range v.Asks {
		ask := &v.Asks[i]
		brings := ask.Event == "member.add" && ask.User == who.by && v.userOf(ask.Client) == who.of &&
			v.outside(seat{ask.Room, who.by}, ask)
		if brings && ask.OK() && ask.Sent > during.from && ask.Answered <= during.until {
			tell(about(ask.Room, 0, chat.ClientID{}, ask.Socket,
				"%s brought %s into a room, who had blocked them", v.users[who.of], v.users[who.by]))
		}
	}
}

// outside tells whether somebody was certainly not in a room when a request about it was sent: they had left, and
// nothing since can have brought them back. Naming a member once more brings nobody anywhere.
func (v *view) outside(at seat, ask *Ask) bool {
	asks := v.rights[at]
	return slices.ContainsFunc(asks, func(taken *Ask) bool {
		return !gives(taken) && taken.OK() && taken.Answered < ask.Sent && v.rightsUntil(asks, taken) >= ask.Sent
	})
}

// lastBlock is the part of I1 about blocks.
func (v *view) lastBlock(who pair, asks []*Ask, tell func(Violation)) {
	last := v.lastWord(asks)
	if _, read := v.Final.Blocks[who.by]; !read {
		return // somebody who is deactivated has no list to look at
	}
	if last != nil && slices.Contains(v.Final.Blocks[who.by], who.of) != (last.Event == "block.add") {
		tell(about(0, 0, chat.ClientID{}, last.Socket,
			"%s was acknowledged for %s and %s, which is not so in the end",
			last.Event, v.users[who.by], v.users[who.of]))
	}
}

// hearsNothing follows the events of a socket, which come in the order in which things happened. The welcome
// may know already of a block, although events from before that still follow.
func (v *view) hearsNothing(socket int, tell func(Violation)) {
	blocked := map[chat.UserID]bool{}
	me := v.userOf(v.Sockets[socket].Client)
	for _, f := range v.frames[socket] {
		if f.Event == "block.changed" {
			blocked[f.User] = f.Blocked
		}
		two, is := v.Pairs[f.Room]
		said := f.Event == "message.added" || f.Event == "reaction.changed" ||
			f.Event == "message.changed" && !f.Message.Deleted
		if !is || !said || !blocked[two[0]] && !blocked[two[1]] {
			continue
		}
		found := about(f.Room, 0, chat.ClientID{}, socket,
			"%s came of the direct room with somebody whom %s has blocked", f.Event, v.users[me])
		if f.Message != nil {
			found.Seqs, found.ClientIDs = []int64{f.Message.Seq}, []chat.ClientID{f.Message.ClientID}
		}
		tell(found)
	}
}

// blocksMatch compares whom a user has blocked with what the client's last socket was told.
func (v *view) blocksMatch(c Copy, tell func(Violation)) {
	told := map[chat.UserID]bool{}
	for _, f := range v.frames[c.Socket] {
		for _, user := range f.Blocks {
			told[user] = true
		}
		if f.Event == "block.changed" {
			told[f.User] = f.Blocked
		}
	}
	maps.DeleteFunc(told, func(_ chat.UserID, is bool) bool { return !is })
	wants := slices.Sorted(slices.Values(v.Final.Blocks[v.userOf(c.Client)]))
	if got := slices.Sorted(maps.Keys(told)); !slices.Equal(got, wants) {
		tell(about(0, 0, chat.ClientID{}, c.Socket,
			"by its events client %d has blocked %v, the server says %v", c.Client, got, wants))
	}
}
