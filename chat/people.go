// What those who look after the server do to people's accounts: deactivating them, signing them out, and
// giving them a way to another password.

package chat

// MessagesFate says what becomes of the messages of a person who is deactivated.
type MessagesFate string

// The values of MessagesFate.
const (
	KeepMessages   MessagesFate = "keep"   // they stay as they are
	DeleteMessages MessagesFate = "delete" // all of them become tombstones, bit by bit
	DeleteRooms    MessagesFate = "rooms"  // and the rooms that the person made and nobody else wrote in are deleted
)

// Deactivation is a request to deactivate an account: its sessions and tokens end, and nobody can sign in to
// it any more.
type Deactivation struct {
	Messages MessagesFate `json:"messages"`
}

// Account is what the owner and the admins of the server see of somebody's account.
type Account struct {
	User User `json:"user"`
	// Sessions counts where the person is signed in. For a program it counts its tokens.
	Sessions int `json:"sessions"`
	// LastSeenAt is 0 for a person who never opened a socket. For a person who is online it may lag behind.
	LastSeenAt int64 `json:"last_seen_at"`
	// ResetUntil is when the link for another password ends; 0 without such a link.
	ResetUntil int64 `json:"reset_until,omitempty"`
	// Deleting is true while the server still deletes the messages of a deactivated person.
	Deleting bool `json:"deleting,omitempty"`
}

// Reset is a link by which a person chooses another password, once. It is shown only in the answer that makes
// it, since the server keeps only a hash of the code.
type Reset struct {
	Code      string `json:"code"`
	URL       string `json:"url"`
	ExpiresAt int64  `json:"expires_at"`
}

// ResetCode is a request to check whether a link for another password still works.
type ResetCode struct {
	Code string `json:"code"`
}

// ResetCheck tells whose password a link is for.
type ResetCheck struct {
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
}

// ResetPassword is a request to choose another password by a link. It ends every session of the person.
type ResetPassword struct {
	Code     string `json:"code"`
	Password string `json:"password"`
}
