// Changes: what the store hands to the sockets after a commit. They never travel on the wire as they are.

package chat

import "slices"

// SessionID identifies a session: a person's login, or what a program's token stands for. It is no secret by
// itself, since nobody can make a token from it without the server's key.
type SessionID string

// Heads are the latest seq, rev and meta of a room.
type Heads struct {
	Seq  int64
	Rev  int64
	Meta int64
}

// After tells whether h is later than other in the same room. Every change raises Rev or Meta, so one larger
// number is enough.
func (h Heads) After(other Heads) bool { return h.Rev > other.Rev || h.Meta > other.Meta }

// Membership tells whether a change makes a user a member of a room, ends a membership, or does neither.
type Membership int

// What a Change does to a membership.
const (
	SameMembers Membership = iota
	Joins                  // User is a member of Room from here on
	Leaves                 // User gets nothing of Room from here on
)

// Change is one committed change on its way to the sockets. Changes travel in commit order.
//
// A change with a User goes to the sockets of that user. A change with only a Room goes to the sockets in
// that room. A change with neither goes to every socket.
type Change struct {
	Event string
	Data  any
	// Delta says the same to sockets that asked for deltas: they get it in place of Event and Data. Nil for a
	// change that has none.
	Delta *Delta

	Room RoomID
	User UserID

	// Heads are Room's numbers after the change.
	Heads Heads
	// About is the room after a change that raised its Meta; nil for other changes.
	About *Room
	// UserRev is User's user_rev after the change. A socket that opened with this user_rev knows the change.
	UserRev int64
	// Directory is the directory number that a change of a user's profile raised; 0 for other changes.
	Directory  int64
	Membership Membership
	// Ended are the sessions that the change ends. Their sockets get the event and are closed after it, with
	// the close code EndCode.
	Ended   []SessionID
	EndCode int
	// Lost stands in the place of an event. It means that changes may be on disk about which no socket gets
	// an event, so every socket has to reconnect and ask.
	Lost bool
}

// Delta is an event that says only what changed, where another event carries all that there is afterwards.
type Delta struct {
	Event string
	Data  any
}

// Ends tells whether the change ends a session.
func (c *Change) Ends(session SessionID) bool { return slices.Contains(c.Ended, session) }
