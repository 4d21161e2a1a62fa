package chat

// ServerEvents maps the name of every event that a server sends to the type of its data.
var ServerEvents = map[string]any{
	"welcome":            Welcome{},
	"message.added":      MessageAdded{},
	"message.changed":    MessageChanged{},
	"room.added":         RoomAdded{},
	"room.changed":       RoomChanged{},
	"room.removed":       RoomRemoved{},
	"member.joined":      MemberJoined{},
	"member.left":        MemberLeft{},
	"member.changed":     MemberChanged{},
	"read.moved":         ReadMoved{},
	"typing.started":     TypingStarted{},
	"presence.changed":   PresenceChanged{},
	"notification.added": NotificationAdded{},
	"notification.read":  NotificationsRead{},
	"user.changed":       UserChanged{},
	"server.changed":     ServerChanged{},
	"session.ended":      SessionEnded{},
}

// Welcome is the first event on every socket: all the heads and positions of the moment from which
// live events follow. For each room the first live event has the rev after the one given here.
type Welcome struct {
	Server Server `json:"server"`
	// Time is the server's clock, UTC milliseconds.
	Time int64 `json:"time"`
	// Epoch changes only when history may have gone backwards; then drop every copy.
	Epoch string `json:"epoch"`
	User  User   `json:"user"`
	// UserRev is the number of the last change to what is private to the user.
	UserRev int64       `json:"user_rev"`
	Rooms   []RoomState `json:"rooms"`
	// Directory is the number of the last change to anyone's profile: see Users.
	Directory int64 `json:"directory"`
	// Online is how many people are online or away.
	Online int `json:"online"`
	// Inbox tells whether there are notifications that are not known yet.
	Inbox  Inbox  `json:"inbox"`
	Limits Limits `json:"limits"`
}

// Limits are the server's bounds that a client should know before it runs into them.
type Limits struct {
	MessageCharacters int `json:"message_characters"`
	FrameBytes        int `json:"frame_bytes"`
	SocketWrites      int `json:"socket_writes"`
	DirectPeople      int `json:"direct_people"`
}

// MessageAdded tells a room of a new message.
type MessageAdded struct {
	Message Message `json:"message"`
}

// MessageChanged tells a room of an edit, a deletion or a reaction: the message as it is now.
type MessageChanged struct {
	Message Message `json:"message"`
}

// RoomAdded tells a person's sockets that they are a member now; live events of the room follow.
type RoomAdded struct {
	Room    RoomState `json:"room"`
	UserRev int64     `json:"user_rev"`
}

// RoomChanged tells members of another name or topic.
type RoomChanged struct {
	Room Room `json:"room"`
}

// RoomRemoved tells a person's sockets that they are no longer a member; no event of it follows.
type RoomRemoved struct {
	RoomID  RoomID `json:"room_id"`
	UserRev int64  `json:"user_rev"`
}

// MemberJoined tells members of a new one.
type MemberJoined struct {
	RoomID      RoomID `json:"room_id"`
	Meta        int64  `json:"meta"`
	MemberCount int    `json:"member_count"`
	Member      Member `json:"member"`
}

// MemberLeft tells members that one left or was removed.
type MemberLeft struct {
	RoomID      RoomID `json:"room_id"`
	Meta        int64  `json:"meta"`
	MemberCount int    `json:"member_count"`
	UserID      UserID `json:"user_id"`
}

// MemberChanged tells members of another role.
type MemberChanged struct {
	RoomID RoomID `json:"room_id"`
	Meta   int64  `json:"meta"`
	Member Member `json:"member"`
}

// ReadMoved tells a person's sockets how far they have read, forwards or (marked unread) backwards.
type ReadMoved struct {
	RoomID  RoomID `json:"room_id"`
	ReadSeq int64  `json:"read_seq"`
	UserRev int64  `json:"user_rev"`
}

// NotificationAdded tells a person's sockets of what is new in their inbox, and how many are unread with it.
type NotificationAdded struct {
	Notification Notification `json:"notification"`
	Unread       int          `json:"unread"`
	UserRev      int64        `json:"user_rev"`
}

// NotificationsRead tells a person's sockets that they have read what is from First to Last, and how many are
// unread.
type NotificationsRead struct {
	First   int64 `json:"first"`
	Last    int64 `json:"last"`
	Unread  int   `json:"unread"`
	UserRev int64 `json:"user_rev"`
}

// TypingStarted tells the others in a room that someone is writing; it holds for 5 seconds.
type TypingStarted struct {
	RoomID RoomID `json:"room_id"`
	UserID UserID `json:"user_id"`
}

// PresenceChanged tells a socket of people it watches, at most once a second.
type PresenceChanged struct {
	Presence []Presence `json:"presence"`
	Online   int        `json:"online"`
}

// UserChanged tells everyone of a new person or another profile.
type UserChanged struct {
	User      User  `json:"user"`
	Directory int64 `json:"directory"`
}

// ServerChanged tells everyone of other settings of the server.
type ServerChanged struct {
	Server Server `json:"server"`
}

// SessionEnded is the last event before the socket closes with code 4001.
type SessionEnded struct{}
