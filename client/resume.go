// Catching up: how far the client has handed on each room's changes. The handler gets the messages of a room
// in the order of rev and without holes, over as many sockets as that takes.

package client

import (
	"maps"
	"slices"

	"parley/chat"
)

// maxRooms is how many rooms one request may ask for.
const maxRooms = 200

// position is how far a room's changes have been handed on to the handler.
type position struct {
	rev  int64
	seq  int64
	head int64 // the room's seq when the socket opened
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
			at = &position{rev: room.Rev, seq: room.Seq}
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
		c.message(s, e.Message, event)
		return
	case chat.MessageChanged:
		c.message(s, e.Message, event)
		return
	case chat.RoomAdded:
		c.rooms[e.Room.ID] = &position{rev: e.Room.Rev, seq: e.Room.Seq}
	case chat.RoomRemoved:
		delete(c.rooms, e.RoomID)
	}
	c.options.OnEvent(c, event)
}

func (c *Client) message(s *socket, m chat.Message, event any) {
	at := c.rooms[m.RoomID]
	if at == nil || m.Rev <= at.rev {
		return // no longer a room of ours, or handed on already
	}
	if m.Rev != at.rev+1 {
		c.catchUp(s, []chat.RoomID{m.RoomID}) // brings this change too
		return
	}
	at.rev, at.seq = m.Rev, max(at.seq, m.Seq)
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
			more := c.takeChanges(room)
			progress = progress || !more || len(room.Messages) > 0
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

// takeChanges hands on the changes of one room and reports whether there are more.
func (c *Client) takeChanges(changes chat.RoomChanges) (more bool) {
	at := c.rooms[changes.RoomID]
	switch changes.State {
	case chat.ChangesLater:
		return true
	case chat.ChangesGone:
		delete(c.rooms, changes.RoomID)
		c.options.OnEvent(c, Reset{Room: changes.RoomID})
		return false
	case chat.ChangesPage:
	default: // the state is ahead, too far or one that a later version has: the known position is useless
		at.rev, at.seq, at.added = changes.Rev, max(at.seq, at.head), nil
		c.options.OnEvent(c, Reset{Room: changes.RoomID, Rev: changes.Rev})
		return false
	}
	for _, m := range changes.Messages {
		c.takeChanged(at, m)
	}
	at.rev = max(at.rev, changes.Rev)
	if changes.More {
		return true
	}
	for seq := range at.added {
		at.seq = max(at.seq, seq)
	}
	at.added = nil
	return false
}

// takeChanged hands on a message in its current state. The handler gets it as added when it has not had the
// message before, and otherwise as changed.
func (c *Client) takeChanged(at *position, m chat.Message) {
	if m.Rev <= at.rev {
		return
	}
	at.rev = m.Rev
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
