package chat

import "slices"

// SessionID names a login. It is a secret only together with the server's key.
type SessionID string

// Heads are a room's numbers after a change.
type Heads struct {
	Seq  int64
	Rev  int64
	Meta int64
}

// After tells that a change came after another of the same room; each raises Rev or Meta.
func (h Heads) After(other Heads) bool { return h.Rev > other.Rev || h.Meta > other.Meta }

// Membership tells how a change moves a user in or out of a room.
type Membership int

// What a Change does to a membership.
const (
	SameMembers Membership = iota
	Joins                  // User is a member of Room from here on
	Leaves                 // User gets nothing of Room from here on
)

// Change is one committed change on its way to the sockets, in the order of commits.
//
// It goes to the sockets of User when that is set, else to those in Room, else to everyone.
type Change struct {
	Event string
	Data  any

	Room RoomID
	User UserID

	// Heads are Room's numbers after the change.
	Heads Heads
	// About is the room as it is after a change of its Meta.
	About *Room
	// UserRev is User's number after the change; a socket that opened with it knows already.
	UserRev int64
	// Directory is the number of the change in everyone's directory.
	Directory  int64
	Membership Membership
	// Ended names the sessions whose sockets are closed after the event.
	Ended []SessionID
	// Lost tells instead of an event that changes may be on disk which nobody will be told of: every
	// socket has to come back and ask.
	Lost bool
}

// Ends tells whether the change ends a session.
func (c *Change) Ends(session SessionID) bool { return slices.Contains(c.Ended, session) }
