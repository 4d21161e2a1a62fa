// Grants: what the token of a program allows.

package access

import (
	"slices"

	"parley/chat"
)

// Grant is what a token allows its program to do. It never changes: to get other rights, a program needs
// another token. A nil Grant is for people; it limits nothing.
type Grant struct {
	Token  chat.TokenID
	Scopes []chat.Scope
	Rooms  []chat.RoomID // the only rooms; nil means every room that the program may see
}

// has tells whether the token has a scope.
func (g *Grant) has(scope chat.Scope) bool { return g == nil || slices.Contains(g.Scopes, scope) }

// Reaches tells whether the token works in a room.
func (g *Grant) Reaches(room chat.RoomID) bool {
	return g == nil || g.Rooms == nil || slices.Contains(g.Rooms, room)
}

// Sees tells whether the token lets its program know about a change that is private to the program. It does
// when the change is about no room, or about a room that the token works in.
func (g *Grant) Sees(c *chat.Change) bool { return c.Room == 0 || g.Reaches(c.Room) }

// Capped returns the role on the server that the program acts with. Without the scope admin, that is a plain
// member, whatever role the program has.
func (g *Grant) Capped(role chat.Role) chat.Role {
	if g.has(chat.ScopeAdmin) {
		return role
	}
	return chat.RoleMember
}
