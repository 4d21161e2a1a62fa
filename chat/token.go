// Tokens of programs, and the scopes that limit them.

package chat

// Scope is one kind of thing that a program's token allows.
type Scope string

// The scopes.
const (
	ScopeRead   Scope = "read"   // see the rooms, messages and people that the program may see; open a socket
	ScopePost   Scope = "post"   // do what a member does: post, react, join, make rooms, bring people in
	ScopeNotify Scope = "notify" // send notifications to people
	ScopeAdmin  Scope = "admin"  // act with the program's role on the server, as an admin
)

// TokenID identifies a token. It is no secret.
type TokenID int64

// NewToken is a request for a token of a program. The program acts as a bot: a user that nobody can sign in
// as. The server makes the bot together with its first token.
type NewToken struct {
	// Bot is the login name of the bot.
	Bot string `json:"bot"`
	// DisplayName is for a bot that this request makes. Without it, the bot is displayed by its login name.
	DisplayName string `json:"display_name,omitempty"`
	// Name tells the tokens of one program apart. Without it, the token has the bot's login name.
	Name   string  `json:"name,omitempty"`
	Scopes []Scope `json:"scopes"`
	// RoomIDs limits the token to these rooms. The maker of the token must be able to see each of them. No
	// list means every room that the program may see.
	RoomIDs []RoomID `json:"room_ids,omitempty"`
	// ExpiresIn is in seconds. Without it, the token does not expire.
	ExpiresIn int64 `json:"expires_in,omitempty"`
}

// Token is a program's token as the owner and the admins of the server see it.
type Token struct {
	ID     TokenID `json:"id"`
	Bot    User    `json:"bot"`
	Name   string  `json:"name"`
	Scopes []Scope `json:"scopes"`
	// RoomIDs are the only rooms that the token opens. No list means every room that the program may see.
	RoomIDs []RoomID `json:"room_ids,omitempty"`
	// CreatedBy is the user who made the token. It is missing when the token was made on the server's command
	// line.
	CreatedBy  UserID `json:"created_by,omitempty"`
	CreatedAt  int64  `json:"created_at"`
	ExpiresAt  int64  `json:"expires_at,omitempty"`
	LastUsedAt int64  `json:"last_used_at,omitempty"`
	// Token is the secret itself. It is set only in the answer that makes the token, since the server keeps
	// only its hash.
	Token string `json:"token,omitempty"`
}

// Tokens is the list of the tokens that work, newest first.
type Tokens struct {
	Tokens []Token `json:"tokens"`
	// More tells whether there are more than one answer holds: ask for those before the last.
	More bool `json:"more"`
}
