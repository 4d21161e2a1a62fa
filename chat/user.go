// Users, their roles on the server, and their presence.

package chat

// UserID identifies a user for ever; it is never reused.
type UserID int64

// Role is what a user may do on the whole server.
type Role string

// The roles on the server, from the most rights to the fewest.
const (
	RoleOwner  Role = "owner"
	RoleAdmin  Role = "admin"
	RoleMember Role = "member"
)

// Administers tells whether the role may look after the server: make invites and tokens, post announcements.
func (r Role) Administers() bool { return r == RoleOwner || r == RoleAdmin }

// Above tells whether the role has more rights than another.
func (r Role) Above(other Role) bool {
	return r == RoleOwner && other != RoleOwner || r == RoleAdmin && !other.Administers()
}

// User is a person or a program, as everyone on the server may see them.
type User struct {
	ID          UserID `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Role        Role   `json:"role"`
	CreatedAt   int64  `json:"created_at"`
	// Bot is true for a program. Nobody can sign in as a bot.
	Bot bool `json:"bot,omitempty"`
	// Deactivated is true while nobody can sign in to the account. Its memberships and messages stay.
	Deactivated bool `json:"deactivated,omitempty"`
}

// Users is the directory of users, or the part of it that changed since a number.
type Users struct {
	Users []User `json:"users"`
	// Directory is the number up to which the answer is complete. Ask for the changes since this number next
	// time.
	Directory int64 `json:"directory"`
	// More tells whether there are more changes than one answer holds: ask again at once.
	More bool `json:"more"`
}

// PresenceState tells whether a person is at one of their sockets now.
type PresenceState string

// The states of presence, over all sockets of a person.
const (
	Online  PresenceState = "online"
	Away    PresenceState = "away"
	Offline PresenceState = "offline"
)

// Presence is the state of one person. LastSeenAt is in UTC milliseconds. For a person who is offline it is
// when they were last seen, or 0 when they never were. For everyone else it is when they came online.
type Presence struct {
	UserID     UserID        `json:"user_id"`
	State      PresenceState `json:"state"`
	LastSeenAt int64         `json:"last_seen_at"`
}
