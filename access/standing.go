// Standing: where a user stands in a room, which is what the rules decide from.

package access

import "parley/chat"

// Standing is what a user is on the server and in one room that they may at least read. The rules decide from
// it alone.
type Standing struct {
	Caller     chat.UserID
	RoomID     chat.RoomID
	Kind       chat.RoomKind
	Archived   bool
	People     int // members of the room, and those for whom a direct one is; 0 when the rule at hand does not ask
	ServerRole chat.Role
	Member     bool
	Role       chat.MemberRole
	Apart      bool // a direct room of two, one of whom has blocked the other
}

// Sees tells whether the user may see the room at all.
func (s Standing) Sees() bool { return s.Member || s.Kind == chat.Public }
