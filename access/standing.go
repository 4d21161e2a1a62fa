package access

import "parley/chat"

// Standing is what a user is on the server and in a room that they may at least read: all that a rule asks
// for.
type Standing struct {
	Caller     chat.UserID
	RoomID     chat.RoomID
	Kind       chat.RoomKind
	ServerRole chat.Role
	Member     bool
	Role       chat.MemberRole
}

// Sees tells whether the room is there for the user at all.
func (s Standing) Sees() bool { return s.Member || s.Kind == chat.Public }
