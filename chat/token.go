package chat

// Scope is one of the things that a program's token may be for.
type Scope string

// The scopes.
const (
	ScopeRead   Scope = "read"   // see what the program may see: rooms, messages, people; open a socket
	ScopePost   Scope = "post"   // do what a member does: post, react, join, make rooms, bring people in
	ScopeNotify Scope = "notify" // send notifications to people
	ScopeAdmin  Scope = "admin"  // act with the program's role on the server, as an admin
)

// TokenID names a token; it is no secret.
type TokenID int64

// NewToken asks for a token of a program. The program is a bot: a user that nobody signs in as, made with its
// first token.
type NewToken struct {
	// Bot is the login name of the program.
	Bot string `json:"bot"`
	// DisplayName is that of a bot that is made now; the name without.
	DisplayName string `json:"display_name,omitempty"`
	// Name tells the tokens of a program apart; that of the program without.
	Name   string  `json:"name,omitempty"`
	Scopes []Scope `json:"scopes"`
	// RoomIDs are the only rooms that the token opens, which its maker may see; all that the program is in
	// without.
	RoomIDs []RoomID `json:"room_ids,omitempty"`
	// ExpiresIn is in seconds; the token does not expire without.
	ExpiresIn int64 `json:"expires_in,omitempty"`
}

// Token is a program's token as those who look after the server see it.
type Token struct {
	ID     TokenID `json:"id"`
	Bot    User    `json:"bot"`
	Name   string  `json:"name"`
	Scopes []Scope `json:"scopes"`
	// RoomIDs are the only rooms that it opens; all that the program is in without.
	RoomIDs []RoomID `json:"room_ids,omitempty"`
	// CreatedBy is missing of a token that was made on the server's command line.
	CreatedBy  UserID `json:"created_by,omitempty"`
	CreatedAt  int64  `json:"created_at"`
	ExpiresAt  int64  `json:"expires_at,omitempty"`
	LastUsedAt int64  `json:"last_used_at,omitempty"`
	// Token is the secret itself, known only at the moment it is made.
	Token string `json:"token,omitempty"`
}

// Tokens answers which tokens work, newest first.
type Tokens struct {
	Tokens []Token `json:"tokens"`
}
