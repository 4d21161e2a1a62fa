// Rooms and their members.

package chat

// RoomID identifies a room for ever. It is below 2³¹, so that a room and a seq fit in one 64-bit key.
type RoomID int64

// RoomKind tells who may see a room, join it and post in it.
type RoomKind string

// The kinds of rooms.
const (
	Public        RoomKind = "public"        // anyone may read and join
	Private       RoomKind = "private"       // only members see it; members bring others in
	Direct        RoomKind = "direct"        // a fixed set of people; each set has one such room
	Announcements RoomKind = "announcements" // everyone is a member; the server's owner and admins post
)

// MemberRole is what a member may do in one room.
type MemberRole string

// The roles in a room.
const (
	MemberOwner MemberRole = "owner" // may rename the room, set its topic, remove members and name owners
	MemberPlain MemberRole = "member"
)

// Room is a room as any of its members may see it.
type Room struct {
	ID          RoomID   `json:"id"`
	Kind        RoomKind `json:"kind"`
	Name        string   `json:"name"` // empty for direct rooms
	Topic       string   `json:"topic"`
	MemberCount int      `json:"member_count"`
	// MemberIDs is set for direct rooms only: the people for whom the room is, also those who are asked before
	// they become members. People leave it when they leave the room, and nobody is added.
	MemberIDs []UserID `json:"member_ids,omitempty"`
	CreatedAt int64    `json:"created_at"`
	// ArchivedAt is when the room was archived: it can be read and no more changed. 0: it is in use.
	ArchivedAt int64 `json:"archived_at,omitempty"`
	// Meta is the number of the last change to the room itself: name, topic, members.
	Meta int64 `json:"meta"`
	// Seq is the place of the newest message, 0 in an empty room.
	Seq int64 `json:"seq"`
	// Rev is the number of the last change to the room's messages.
	Rev int64 `json:"rev"`
}

// RoomState is a room as one member sees it: the room, the member's role, and how far the member has read.
type RoomState struct {
	Room
	Role    MemberRole `json:"role"`
	ReadSeq int64      `json:"read_seq"`
	// Unread is how many messages after ReadSeq there are, without those that are deleted and without those of
	// people whom the member has blocked.
	Unread   int64 `json:"unread"`
	Mentions int   `json:"mentions"`
	// HiddenUntil is the seq with which a hidden direct room comes back: while Seq is below it, the member does
	// not want to see the room in a list. 0 or anything not above Seq: it is not hidden.
	HiddenUntil int64 `json:"hidden_until,omitempty"`
	// Favorite says that the member wants to see the room before others.
	Favorite bool `json:"favorite,omitempty"`
}

// Rooms is the list of the rooms that the caller is a member of, and the history that their numbers are of.
type Rooms struct {
	History
	Rooms []RoomState `json:"rooms"`
}

// RoomView is a room as a caller who may see it gets it. Role, ReadSeq and Unread are set only for a member.
type RoomView struct {
	Room
	Member  bool       `json:"member"`
	Role    MemberRole `json:"role,omitempty"`
	ReadSeq int64      `json:"read_seq"`
	Unread  int64      `json:"unread"` // as in RoomState
}

// Member is a user in a room.
type Member struct {
	UserID   UserID     `json:"user_id"`
	Role     MemberRole `json:"role"`
	JoinedAt int64      `json:"joined_at"`
}

// Members is a part of the list of the members of a room, in order of their ids. Meta is the room's meta for
// which it is right.
type Members struct {
	Members []Member `json:"members"`
	Meta    int64    `json:"meta"`
	// More tells whether there are more than one answer holds: ask for those after the last. When their Meta
	// is another one, the list changed meanwhile.
	More bool `json:"more"`
}

// PublicRooms is a list of public rooms, in order of name.
type PublicRooms struct {
	Rooms []RoomView `json:"rooms"`
	// More tells whether more rooms match than one answer holds.
	More bool `json:"more"`
}

// NewRoom is a request to make a public or private room.
type NewRoom struct {
	Kind  RoomKind `json:"kind"`
	Name  string   `json:"name"`
	Topic string   `json:"topic,omitempty"`
}

// RoomChange is a request for a new name or topic, to archive a room or bring it back into use, or to make a
// public room private. A nil field keeps its value.
type RoomChange struct {
	Name     *string   `json:"name,omitempty"`
	Topic    *string   `json:"topic,omitempty"`
	Archived *bool     `json:"archived,omitempty"`
	Kind     *RoomKind `json:"kind,omitempty"`
}
