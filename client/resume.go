// Catching up: how far the client has handed on each room's changes. The handler gets the messages of a room
// in the order of rev and without holes, over as many sockets as that takes.

package client

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"parley/chat"
)

const (
	maxRooms   = 200              // how many rooms one request may ask for
	loadWithin = 10 * time.Second // how long loading a message that was missed may take
)

// position is how far a room's changes have been handed on to the handler.
type position struct {
	rev int64
	seq int64
	// whole is the rev up to which nothing is missing. It is behind rev while a catch-up is unfinished: a message
	// that changed again, after the rev that the answers have come to, comes with a later answer.
	whole int64
	head  int64 // the room's seq when the socket opened
	// added are messages beyond seq that an unfinished catch-up has already handed on.
	added map[int64]bool
}

// missedRooms compares the known positions with a welcome. It returns the rooms in which the client missed
// changes.
func (c *Client) missedRooms(w chat.Welcome) []chat.RoomID {
	var missed []chat.RoomID
	known := c.rooms
	c.rooms = make(map[chat.RoomID]*position, len(w.Rooms))
	for _, room := range w.Rooms {
		at := known[room.ID]
		if at == nil {
			at = &position{rev: room.Rev, seq: room.Seq, whole: room.Rev}
		}
		at.head = room.Seq
		c.rooms[room.ID] = at
		if at.rev != room.Rev {
			missed = append(missed, room.ID)
		}
	}
	return missed
}

// take hands an event on to the handler. Messages go in the order of rev.
func (c *Client) take(s *socket, event any) {
	switch e := event.(type) {
	case chat.MessageAdded:
		c.message(s, e.Message.RoomID, e.Message.Seq, e.Message.Rev, event)
		return
	case chat.MessageChanged:
		c.message(s, e.Message.RoomID, e.Message.Seq, e.Message.Rev, event)
		return
	case chat.ReactionChanged:
		c.message(s, e.RoomID, e.Seq, e.Rev, event)
		return
	case chat.RoomAdded:
		c.rooms[e.Room.ID] = &position{rev: e.Room.Rev, seq: e.Room.Seq, whole: e.Room.Rev}
	case chat.RoomRemoved:
		delete(c.rooms, e.RoomID)
	}
	c.options.OnEvent(c, event)
}

// message hands on a live event about the message at seq, unless another one is missing before it.
func (c *Client) message(s *socket, room chat.RoomID, seq, rev int64, event any) {
	at := c.rooms[room]
	if at == nil || rev <= at.rev {
		return // no longer a room of ours, or handed on already
	}
	if rev != at.rev+1 {
		c.catchUp(s, []chat.RoomID{room}) // brings this change too
		return
	}
	at.rev, at.whole, at.seq = rev, rev, max(at.seq, seq)
	c.options.OnEvent(c, event)
}

// catchUp asks the server for the changes of rooms until none is missing. Live events wait meanwhile. When an
// answer does not come, catchUp ends the socket, and the next socket goes on from the same position.
func (c *Client) catchUp(s *socket, rooms []chat.RoomID) {
	missing := map[chat.RoomID]bool{}
	for _, id := range rooms {
		missing[id] = true
	}
	for len(missing) > 0 {
		var since chat.ChangesSince
		for _, id := range slices.Sorted(maps.Keys(missing))[:min(len(missing), maxRooms)] {
			since.Rooms = append(since.Rooms, chat.RoomRev{RoomID: id, Rev: c.rooms[id].rev})
		}
		var changes chat.Changes
		if err := s.askInTime(c.ctx, "room.changes", since, &changes); err != nil {
			s.fail(err)
			return
		}
		progress := false
		for _, room := range changes.Rooms {
			if !missing[room.RoomID] {
				continue // this room was not asked for
			}
			more, err := c.takeChanges(room)
			if err != nil {
				s.fail(err)
				return
			}
			progress = progress || !more || len(room.Messages) > 0 || len(room.Reacted) > 0
			if !more {
				delete(missing, room.RoomID)
			}
		}
		if !progress {
			s.fail(ErrUnknown) // the server sends no more, although changes are missing
			return
		}
	}
}

// takeChanges hands on the changes of one room and reports whether there are more. It fails when it cannot
// load a message of which the answer has only the reactions.
func (c *Client) takeChanges(changes chat.RoomChanges) (more bool, err error) {
	at := c.rooms[changes.RoomID]
	switch changes.State {
	case chat.ChangesLater:
		return true, nil
	case chat.ChangesGone:
		delete(c.rooms, changes.RoomID)
		c.options.OnEvent(c, Reset{Room: changes.RoomID})
		return false, nil
	case chat.ChangesPage:
	default: // the state is ahead, too far or one that a later version has: the known position is useless
		at.rev, at.seq, at.added, at.whole = changes.Rev, max(at.seq, at.head), nil, changes.Rev
		c.options.OnEvent(c, Reset{Room: changes.RoomID, Rev: changes.Rev})
		return false, nil
	}
	reacted := changes.Reacted // both lists are in order of rev
	for _, m := range changes.Messages {
		for len(reacted) > 0 && reacted[0].Rev < m.Rev {
			if err := c.takeReacted(at, changes.RoomID, reacted[0]); err != nil {
				return false, err
			}
			reacted = reacted[1:]
		}
		c.takeChanged(at, m, m.Rev)
	}
	for _, r := range reacted {
		if err := c.takeReacted(at, changes.RoomID, r); err != nil {
			return false, err
		}
	}
	at.rev = max(at.rev, changes.Rev)
	if changes.More {
		return true, nil
	}
	for seq := range at.added {
		at.seq = max(at.seq, seq)
	}
	at.added, at.whole = nil, at.rev
	return false, nil
}

// takeReacted hands on the reactions to a message. When the text of the message came after the catch-up
// began, no answer had it, since each has messages by their last change: then it loads the message.
func (c *Client) takeReacted(at *position, room chat.RoomID, r chat.MessageReactions) error {
	if r.Rev <= at.rev {
		return nil
	}
	if r.TextRev > at.whole {
		ctx, cancel := context.WithTimeout(c.ctx, loadWithin)
		defer cancel()
		m, err := c.Message(ctx, room, r.Seq)
		if err != nil {
			return fmt.Errorf("load a message that was missed: %w", err)
		}
		c.takeChanged(at, m, r.Rev)
		return nil
	}
	at.rev = r.Rev
	c.options.OnEvent(c, ReactionsChanged{room, r})
	return nil
}

// takeChanged hands on a message in its current state, for its change at rev. The handler gets it as added
// when it has not had the message before, and otherwise as changed.
func (c *Client) takeChanged(at *position, m chat.Message, rev int64) {
	if rev <= at.rev {
		return
	}
	at.rev = rev
	if m.Seq <= at.seq || at.added[m.Seq] {
		c.options.OnEvent(c, chat.MessageChanged{Message: m})
		return
	}
	if at.added == nil {
		at.added = map[int64]bool{}
	}
	at.added[m.Seq] = true
	c.options.OnEvent(c, chat.MessageAdded{Message: m})
}
