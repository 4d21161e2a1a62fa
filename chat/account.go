package chat

// Registration tells who may make an account.
type Registration string

// The ways to register.
const (
	RegistrationOpen   Registration = "open"
	RegistrationInvite Registration = "invite"
	RegistrationClosed Registration = "closed"
)

// Server is what anyone may know of a server before signing in.
type Server struct {
	Name         string       `json:"name"`
	Version      string       `json:"version"`
	Registration Registration `json:"registration"`
	// SetUp is false until the owner's account exists.
	SetUp bool `json:"set_up"`
}

// ServerChange asks for other settings of the server; nil leaves one as it is.
type ServerChange struct {
	Name         *string       `json:"name,omitempty"`
	Registration *Registration `json:"registration,omitempty"`
}

// Setup makes the owner's account and names the server. Code is the one-time code of the link that
// the server printed when it started.
type Setup struct {
	Code       string `json:"code"`
	ServerName string `json:"server_name"`
	NewAccount
}

// Registering makes an account; Invite is needed where registration is by invite.
type Registering struct {
	Invite string `json:"invite,omitempty"`
	NewAccount
}

// NewAccount is what a person chooses for themselves. DisplayName may be empty: then it is the name.
type NewAccount struct {
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Password    string `json:"password"`
}

// Login signs in. With Token the answer holds the token and no cookie is set.
type Login struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	Token    bool   `json:"token,omitempty"`
}

// SignedIn answers a login, a registration, a set-up and "who am I".
type SignedIn struct {
	User User `json:"user"`
	// Token is the JWT, given only when the login asked for it.
	Token string `json:"token,omitempty"`
}

// ProfileChange asks for another display name.
type ProfileChange struct {
	DisplayName string `json:"display_name"`
}

// PasswordChange asks for another password; every other session of the person ends.
type PasswordChange struct {
	Current string `json:"current"`
	New     string `json:"new"`
}

// RoleChange gives a user another role on the server; only an owner may.
type RoleChange struct {
	Role Role `json:"role"`
}

// InviteID names an invite.
type InviteID int64

// NewInvite asks for a link to register by. Zero MaxUses means no limit; ExpiresIn is in seconds, at
// most 30 days, and zero means 7 days.
type NewInvite struct {
	MaxUses   int   `json:"max_uses"`
	ExpiresIn int64 `json:"expires_in"`
}

// Invite is a link to register by. Code and URL are known only at the moment it is made.
type Invite struct {
	ID        InviteID `json:"id"`
	CreatedBy UserID   `json:"created_by"`
	CreatedAt int64    `json:"created_at"`
	ExpiresAt int64    `json:"expires_at"`
	MaxUses   int      `json:"max_uses"`
	Uses      int      `json:"uses"`
	Code      string   `json:"code,omitempty"`
	URL       string   `json:"url,omitempty"`
}

// Invites answers which invites still work, newest first.
type Invites struct {
	Invites []Invite `json:"invites"`
}

// InviteCode asks whether an invite still works.
type InviteCode struct {
	Code string `json:"code"`
}

// InviteCheck tells whose invite it is. The name of the server is in Server.
type InviteCheck struct {
	InvitedBy string `json:"invited_by"`
}
