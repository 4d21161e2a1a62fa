// A view of a history: the same facts, indexed by what they are about.

package check

import (
	"slices"
	"time"

	"parley/chat"
)

// view is made once and then not changed.
type view struct {
	*History
	rooms    map[chat.RoomID]*FinalRoom
	log      map[place]*Seen           // what the server has at the end
	rows     map[chat.ClientID][]place // where in log a client_id is
	sends    map[chat.ClientID][]*Send // in the order of queuing
	attempts map[chat.ClientID][]*Ask  // message.send, in the order of sending
	changes  map[place][]*Ask          // edits, deletions and reactions of a message
	rights   map[seat][]*Ask           // who was added or removed, or joined or left
	uses     map[chat.RoomID][]*Ask    // who archived the room, or brought it back
	frames   map[int][]*Frame          // of a socket, in their order
	sockets  map[int][]int             // of a client, in their order
	resets   map[int][]Reset           // of a client
	users    map[chat.UserID]string    // names
	kinds    map[chat.RoomID]chat.RoomKind
	blocks   map[pair][]*Ask
	accounts map[chat.UserID][]*Ask // who deactivated or reactivated the person
	owners   map[seat]bool          // who was ever said to own the room, and admins
	admins   map[chat.UserID]bool   // of the server, its owner too
}

// place is the position of a message.
type place struct {
	room chat.RoomID
	seq  int64
}

// seat is a user in a room.
type seat struct {
	room chat.RoomID
	user chat.UserID
}

// pair is two people. In blocks it is who blocks and who is blocked.
type pair struct{ by, of chat.UserID }

func newView(h *History) *view {
	v := &view{
		History: h, rooms: map[chat.RoomID]*FinalRoom{}, log: map[place]*Seen{},
		rows: map[chat.ClientID][]place{}, sends: map[chat.ClientID][]*Send{},
		attempts: map[chat.ClientID][]*Ask{}, changes: map[place][]*Ask{}, rights: map[seat][]*Ask{},
		uses:   map[chat.RoomID][]*Ask{},
		frames: map[int][]*Frame{}, sockets: map[int][]int{}, resets: map[int][]Reset{},
		users: map[chat.UserID]string{}, kinds: map[chat.RoomID]chat.RoomKind{},
		accounts: map[chat.UserID][]*Ask{},
		admins:   map[chat.UserID]bool{}, owners: map[seat]bool{}, blocks: map[pair][]*Ask{},
	}
	for i := range h.Final.Rooms {
		room := &h.Final.Rooms[i]
		v.rooms[room.Room], v.kinds[room.Room] = room, room.Kind
		for j := range room.Messages {
			m := &room.Messages[j]
			at := place{room.Room, m.Seq}
			v.log[at] = m
			v.rows[m.ClientID] = append(v.rows[m.ClientID], at)
		}
	}
	for i := range h.Sends {
		send := &h.Sends[i]
		v.sends[send.ClientID] = append(v.sends[send.ClientID], send)
	}
	for i := range h.Asks {
		v.addAsk(&h.Asks[i])
	}
	for i := range h.Frames {
		f := &h.Frames[i]
		v.frames[f.Socket] = append(v.frames[f.Socket], f)
		v.addOwners(f)
	}
	for i, socket := range h.Sockets {
		v.sockets[socket.Client] = append(v.sockets[socket.Client], i)
	}
	for _, reset := range h.Resets {
		v.resets[reset.Client] = append(v.resets[reset.Client], reset)
	}
	for _, user := range h.Users {
		v.users[user.ID], v.admins[user.ID] = user.Name, user.Admin
		for room := range v.rooms {
			v.owners[seat{room, user.ID}] = v.owners[seat{room, user.ID}] || user.Admin
		}
	}
	return v
}

// blocksIn are the requests that may change whether somebody can write in a room because of a block.
func (v *view) blocksIn(at seat) (all []*Ask) {
	for who, asks := range v.blocks {
		if v.kinds[at.room] == chat.Direct && (who.by == at.user || who.of == at.user) {
			all = append(all, asks...)
		}
	}
	return all
}

// addOwners notes whom an event calls an owner of a room.
func (v *view) addOwners(f *Frame) {
	if f.User != 0 && f.Role == chat.MemberOwner {
		v.owners[seat{f.Room, f.User}] = true
	}
	for _, head := range f.Heads {
		if head.Role == chat.MemberOwner {
			v.owners[seat{head.Room, v.userOf(f.Client)}] = true
		}
	}
}

func (v *view) addAsk(ask *Ask) {
	switch ask.Event {
	case "message.send":
		v.attempts[ask.ClientID] = append(v.attempts[ask.ClientID], ask)
	case "message.edit", "message.delete", "reaction.add", "reaction.remove":
		at := place{ask.Room, ask.Seq}
		v.changes[at] = append(v.changes[at], ask)
	case "room.join", "room.leave":
		at := seat{ask.Room, v.userOf(ask.Client)}
		v.rights[at] = append(v.rights[at], ask)
	case "block.add", "block.remove":
		v.blocks[pair{v.userOf(ask.Client), ask.User}] = append(v.blocks[pair{v.userOf(ask.Client), ask.User}], ask)
	case "user.deactivate", "user.reactivate":
		v.accounts[ask.User] = append(v.accounts[ask.User], ask)
	case "room.archive", "room.unarchive":
		v.uses[ask.Room] = append(v.uses[ask.Room], ask)
	case "member.add", "member.remove":
		at := seat{ask.Room, ask.User}
		v.rights[at] = append(v.rights[at], ask)
	}
}

func (v *view) userOf(client int) chat.UserID { return v.Clients[client].User }

// restores returns a span for each restore: what was acknowledged in that time may be gone.
func (v *view) restores() (gone []span) {
	for _, life := range v.Lives {
		if life.Restored >= 0 {
			gone = append(gone, span{v.Backups[life.Restored].Began, life.Started})
		}
	}
	return gone
}

type span struct{ from, until time.Duration }

func (s span) touches(other span) bool { return s.from <= other.until && other.from <= s.until }

// survives reports whether what was acknowledged must be there at the end, because no restore can have gone
// back past it. The answer may have been delayed on its way, so the change was made at some time between the
// request and the answer.
func (v *view) survives(ask *Ask) bool {
	done := span{ask.Sent, ask.Answered}
	return !slices.ContainsFunc(v.restores(), func(gone span) bool { return gone.touches(done) })
}

// epochOf is the epoch of the server that sent a frame; empty when it is not known.
func (v *view) epochOf(f *Frame) string {
	if f.Socket < 0 {
		return f.Epoch
	}
	return v.Sockets[f.Socket].Epoch
}

// gives reports whether a change of rights makes somebody a member.
func gives(ask *Ask) bool { return ask.Event == "room.join" || ask.Event == "member.add" }
