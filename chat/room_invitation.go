// Room invitations: what somebody gets in place of a membership who wants to be asked before others bring them
// into a room. They have nothing to do with invites, which are links by which people register.

package chat

// Adding is a person's setting for who brings them into rooms.
type Adding string

// The values of Adding.
const (
	AddingAnyone Adding = "anyone" // whoever may add members to a room
	AddingAsk    Adding = "ask"    // nobody: they get a room invitation, and accept or decline it
)

// AddingChanged tells all sockets of a person about another setting of theirs.
type AddingChanged struct {
	Adding  Adding `json:"adding"`
	UserRev int64  `json:"user_rev"`
}

// RoomInvitation asks a person whether they want to be a member of a room. It holds what its room is called, and
// nothing of what is said there.
type RoomInvitation struct {
	RoomID RoomID   `json:"room_id"`
	Kind   RoomKind `json:"kind"`
	Name   string   `json:"name"` // empty for a direct room
	// MemberIDs is set for direct rooms only: all for whom the room is, the person who is asked too.
	MemberIDs []UserID `json:"member_ids,omitempty"`
	InvitedBy UserID   `json:"invited_by"`
	CreatedAt int64    `json:"created_at"`
}

// RoomInvitations is the list of the room invitations that wait for the caller's answer.
type RoomInvitations struct {
	RoomInvitations []RoomInvitation `json:"room_invitations"`
	// UserRev is the number up to which the list is complete.
	UserRev int64 `json:"user_rev"`
}

// RoomInvitationAdded tells a user's sockets that somebody asks the user into a room. It comes again, with the same
// CreatedAt, when the room is renamed or the people of a group change.
type RoomInvitationAdded struct {
	RoomInvitation RoomInvitation `json:"room_invitation"`
	UserRev        int64          `json:"user_rev"`
}

// RoomInvitationRemoved tells a user's sockets that a room invitation was accepted or declined, or has ended.
type RoomInvitationRemoved struct {
	RoomID  RoomID `json:"room_id"`
	UserRev int64  `json:"user_rev"`
}

// Asked is a part of the list of those who are asked into a room and are no members yet, in order of their ids. It
// does not tell who of them declined.
type Asked struct {
	UserIDs []UserID `json:"user_ids"`
	// More tells whether there are more than one answer holds: ask for those after the last.
	More bool `json:"more"`
}

// MembersAdded is the answer to NewMembers: who is a member of the room now, and who is asked first.
type MembersAdded struct {
	Added []UserID `json:"added"`
	Asked []UserID `json:"asked"`
}

// DirectRoom is a direct room as one of its people sees it.
type DirectRoom struct {
	RoomState
	// Asked are those of MemberIDs who are no members yet, since they want to be asked.
	Asked []UserID `json:"asked,omitempty"`
}
