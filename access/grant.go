package access

import (
	"slices"

	"parley/chat"
)

// Grant is what a token is for. It never changes: who needs another makes another token. A nil Grant is that
// of people, who may do whatever they may.
type Grant struct {
	Token  chat.TokenID
	Scopes []chat.Scope
	Rooms  []chat.RoomID // the only ones; nil for all that the program is in
}

// has tells whether the token is for that.
func (g *Grant) has(scope chat.Scope) bool { return g == nil || slices.Contains(g.Scopes, scope) }

// Reaches tells whether a room is one of those that the token is for.
func (g *Grant) Reaches(room chat.RoomID) bool {
	return g == nil || g.Rooms == nil || slices.Contains(g.Rooms, room)
}

// Sees tells whether a change to what is private to the program is about such a room, or about none.
func (g *Grant) Sees(c *chat.Change) bool { return c.Room == 0 || g.Reaches(c.Room) }

// Capped is the role on the server that the token lets its program act with.
func (g *Grant) Capped(role chat.Role) chat.Role {
	if g.has(chat.ScopeAdmin) {
		return role
	}
	return chat.RoleMember
}
