package chat

// RoomID names a room for ever; it is below 2³¹, so that a room and a seq fit in one key.
type RoomID int64

// RoomKind tells who may see, join and post.
type RoomKind string

// The kinds of rooms.
const (
	Public        RoomKind = "public"        // anyone may read and join
	Private       RoomKind = "private"       // members only; members bring others in
	Direct        RoomKind = "direct"        // a fixed set of people, known by that set
	Announcements RoomKind = "announcements" // everyone is a member; owner and admins post
)

// MemberRole is what a member may do in one room.
type MemberRole string

// The roles in a room.
const (
	MemberOwner MemberRole = "owner" // may rename, set the topic, remove members, name owners
	MemberPlain MemberRole = "member"
)

// Room is a room as any of its members may see it.
type Room struct {
	ID          RoomID   `json:"id"`
	Kind        RoomKind `json:"kind"`
	Name        string   `json:"name"` // empty for direct rooms
	Topic       string   `json:"topic"`
	MemberCount int      `json:"member_count"`
	// MemberIDs is given for direct rooms only, whose members never change.
	MemberIDs []UserID `json:"member_ids,omitempty"`
	CreatedAt int64    `json:"created_at"`
	// Meta is the number of the last change to the room itself: name, topic, members.
	Meta int64 `json:"meta"`
	// Seq is the place of the newest message, 0 in an empty room.
	Seq int64 `json:"seq"`
	// Rev is the number of the last change to the room's messages.
	Rev int64 `json:"rev"`
}

// RoomState is a room as one member sees it: the room, their role, how far they have read.
// Unread messages are Seq - ReadSeq.
type RoomState struct {
	Room
	Role     MemberRole `json:"role"`
	ReadSeq  int64      `json:"read_seq"`
	Mentions int        `json:"mentions"`
}

// Rooms answers which rooms the caller is a member of.
type Rooms struct {
	Rooms []RoomState `json:"rooms"`
}

// RoomView is what a caller who may see a room gets: Role and ReadSeq only as a member.
type RoomView struct {
	Room
	Member  bool       `json:"member"`
	Role    MemberRole `json:"role,omitempty"`
	ReadSeq int64      `json:"read_seq"`
}

// Member is a user in a room.
type Member struct {
	UserID   UserID     `json:"user_id"`
	Role     MemberRole `json:"role"`
	JoinedAt int64      `json:"joined_at"`
}

// Members answers who is in a room, as of Meta.
type Members struct {
	Members []Member `json:"members"`
	Meta    int64    `json:"meta"`
}

// PublicRooms answers which public rooms there are, in order of name.
type PublicRooms struct {
	Rooms []RoomView `json:"rooms"`
	// More tells that more rooms match than one answer holds.
	More bool `json:"more"`
}

// NewRoom asks for a public or private room.
type NewRoom struct {
	Kind  RoomKind `json:"kind"`
	Name  string   `json:"name"`
	Topic string   `json:"topic"`
}

// RoomChange asks for another name or topic; nil leaves one as it is.
type RoomChange struct {
	Name  *string `json:"name,omitempty"`
	Topic *string `json:"topic,omitempty"`
}
