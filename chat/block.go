// Blocks: people whom somebody does not want to hear from. Each list is private to the person who made it.

package chat

// Blocks is the list of the people whom the caller has blocked.
type Blocks struct {
	UserIDs []UserID `json:"user_ids"`
	// UserRev is the number up to which the list is complete.
	UserRev int64 `json:"user_rev"`
}

// BlockChanged tells all sockets of a person that the person blocked somebody, or ended that.
type BlockChanged struct {
	UserID  UserID `json:"user_id"`
	Blocked bool   `json:"blocked"`
	UserRev int64  `json:"user_rev"`
}
