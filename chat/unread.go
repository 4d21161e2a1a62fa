// Following what is unread: what a client has to do for it.

package chat

// Unread follows how many messages of each room a person has not read, by the events of one socket: it takes the
// numbers of its welcome, and then its events in their order. What is loaded otherwise changes nothing.
type Unread struct {
	me      UserID
	rooms   map[RoomID]unreadRoom
	blocked map[UserID]bool
}

type unreadRoom struct{ readSeq, unread int64 }

// Of returns how many messages of a room are unread. ok is false when the person is not a member.
func (u *Unread) Of(room RoomID) (unread int64, ok bool) {
	r, ok := u.rooms[room]
	return r.unread, ok
}

// Follow takes the next event of the socket, which is a value of a type in ServerEvents.
func (u *Unread) Follow(event any) {
	switch e := event.(type) {
	case Welcome:
		*u = Unread{me: e.User.ID, rooms: make(map[RoomID]unreadRoom, len(e.Rooms)), blocked: map[UserID]bool{}}
		for _, room := range e.Rooms {
			u.rooms[room.ID] = unreadRoom{room.ReadSeq, room.Unread}
		}
		for _, id := range e.Blocked {
			u.blocked[id] = true
		}
	case MessageAdded:
		if e.Message.AuthorID == u.me {
			u.set(e.Message.RoomID, unreadRoom{e.Message.Seq, 0})
		} else {
			u.count(e.Message, +1)
		}
	case MessageChanged:
		if e.Message.DeletedAt != 0 {
			u.count(e.Message, -1)
		}
	case ReadMoved:
		u.set(e.RoomID, unreadRoom{e.ReadSeq, e.Unread})
	case RoomAdded:
		if u.rooms != nil {
			u.rooms[e.Room.ID] = unreadRoom{e.Room.ReadSeq, e.Room.Unread}
		}
	case RoomRemoved:
		delete(u.rooms, e.RoomID)
	case BlockChanged:
		if u.blocked != nil {
			u.blocked[e.UserID] = e.Blocked
		}
	}
}

func (u *Unread) set(room RoomID, to unreadRoom) {
	if _, member := u.rooms[room]; member {
		u.rooms[room] = to
	}
}

// count changes the number by a message, if the message counts.
func (u *Unread) count(m Message, by int64) {
	r := u.rooms[m.RoomID]
	if m.Seq > r.readSeq && !u.blocked[m.AuthorID] {
		r.unread = max(0, r.unread+by)
		u.set(m.RoomID, r)
	}
}
