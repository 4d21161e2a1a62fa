package chat

// UserID names a user for ever; it is never reused.
type UserID int64

// Role is what a user may do on the whole server.
type Role string

// The roles, from the most to the least.
const (
	RoleOwner  Role = "owner"
	RoleAdmin  Role = "admin"
	RoleMember Role = "member"
)

// Administers tells whether the role looks after the server: invites, announcements.
func (r Role) Administers() bool { return r == RoleOwner || r == RoleAdmin }

// User is a person, or a program, as everyone on the server may see them.
type User struct {
	ID          UserID `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Role        Role   `json:"role"`
	CreatedAt   int64  `json:"created_at"`
	// Bot tells of a program: nobody signs in as it.
	Bot bool `json:"bot,omitempty"`
}

// Users is the directory of people, or what changed in it since a number.
type Users struct {
	Users []User `json:"users"`
	// Directory is the number the answer is complete up to; ask for what changed since it next time.
	Directory int64 `json:"directory"`
}

// PresenceState tells whether a person can be reached now.
type PresenceState string

// The states of presence, over all sockets of a person.
const (
	Online  PresenceState = "online"
	Away    PresenceState = "away"
	Offline PresenceState = "offline"
)

// Presence is one person's state. LastSeenAt is in UTC milliseconds, 0 when the person has never
// been seen; while they are not offline it is the time they came online.
type Presence struct {
	UserID     UserID        `json:"user_id"`
	State      PresenceState `json:"state"`
	LastSeenAt int64         `json:"last_seen_at"`
}
