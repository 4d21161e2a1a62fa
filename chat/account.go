// Accounts: signing up, signing in, the server's own settings, and invites.

package chat

// Registration is the setting for who may make an account.
type Registration string

// The values of Registration.
const (
	RegistrationOpen   Registration = "open"   // anyone
	RegistrationInvite Registration = "invite" // people with an invite
	RegistrationClosed Registration = "closed" // nobody
)

// Server is the public description of a server: a client can read it before anybody signs in.
type Server struct {
	Name         string       `json:"name"`
	Version      string       `json:"version"`
	Registration Registration `json:"registration"`
	// SetUp is false until the owner's account exists.
	SetUp bool `json:"set_up"`
}

// ServerChange is a request to change the server's settings. A nil field keeps its setting.
type ServerChange struct {
	Name         *string       `json:"name,omitempty"`
	Registration *Registration `json:"registration,omitempty"`
}

// Setup is a request to make the owner's account and to name the server. Code is the one-time code in the
// link that the server printed when it started. Language is a BCP 47 tag such as zh-Hans: the two rooms that the
// server begins with get their names and topics in it. They have English names and no topics when it is empty.
type Setup struct {
	Code       string `json:"code"`
	ServerName string `json:"server_name"`
	Language   string `json:"language,omitempty"`
	NewAccount
}

// Registering is a request to make an account. Invite is needed when Registration is RegistrationInvite.
type Registering struct {
	Invite string `json:"invite,omitempty"`
	NewAccount
}

// NewAccount holds what a person chooses for their own account. An empty DisplayName becomes Name.
type NewAccount struct {
	Name        string `json:"name"`
	DisplayName string `json:"display_name,omitempty"`
	Password    string `json:"password"`
}

// Login is a request to sign in. With Token, the answer holds the token and the server sets no cookie.
type Login struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	Token    bool   `json:"token,omitempty"`
}

// SignedIn is the answer to a login, a registration, a set-up and "who am I".
type SignedIn struct {
	User User `json:"user"`
	// Adding is the user's setting for who brings them into rooms. It is set only in the answer to "who am I".
	Adding Adding `json:"adding,omitempty"`
	// Token is the JWT. It is set only when the login asked for it.
	Token string `json:"token,omitempty"`
}

// ProfileChange is a request for a new display name, and for another setting for who brings the caller into
// rooms. A nil field keeps its value.
type ProfileChange struct {
	DisplayName *string `json:"display_name,omitempty"`
	Adding      *Adding `json:"adding,omitempty"`
}

// PasswordChange is a request for a new password. It ends every other session of the person.
type PasswordChange struct {
	Current string `json:"current"`
	New     string `json:"new"`
	// EndTokens asks to end the tokens that the person made for programs, too.
	EndTokens bool `json:"end_tokens,omitempty"`
}

// RoleChange is a request to give a user another role on the server. Only owners may send it: for those below
// them, and for themselves to step down.
type RoleChange struct {
	Role Role `json:"role"`
}

// InviteID identifies an invite.
type InviteID int64

// NewInvite is a request for a link that lets people register. MaxUses is at most 10,000; 0 means no limit.
// ExpiresIn is in seconds, at most 30 days; 0 means 7 days.
type NewInvite struct {
	MaxUses   int   `json:"max_uses,omitempty"`
	ExpiresIn int64 `json:"expires_in,omitempty"`
}

// Invite is a link that lets people register. Code and URL are set only in the answer that makes the invite,
// since the server keeps only a hash of the code.
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

// Invites is the list of the invites that still work, newest first.
type Invites struct {
	Invites []Invite `json:"invites"`
	// More tells whether there are more than one answer holds: ask for those before the last.
	More bool `json:"more"`
}

// InviteCode is a request to check whether an invite still works.
type InviteCode struct {
	Code string `json:"code"`
}

// InviteCheck tells the display name of the person who made the invite. The server's name is in Server.
type InviteCheck struct {
	InvitedBy string `json:"invited_by"`
}
