// Events: what the server sends to sockets without being asked.

package chat

// ServerEvents maps the name of every event that a server sends to the type of its data.
var ServerEvents = map[string]any{
	"welcome":            Welcome{},
	"message.added":      MessageAdded{},
	"message.changed":    MessageChanged{},
	"reaction.changed":   ReactionChanged{},
	"room.added":         RoomAdded{},
	"room.changed":       RoomChanged{},
	"room.removed":       RoomRemoved{},
	"room.hidden":        RoomHidden{},
	"favorite.changed":   FavoriteChanged{},
	"member.joined":      MemberJoined{},
	"member.left":        MemberLeft{},
	"member.changed":     MemberChanged{},
	"read.moved":         ReadMoved{},
	"typing.started":     TypingStarted{},
	"presence.changed":   PresenceChanged{},
	"notification.added": NotificationAdded{},
	"notification.read":  NotificationsRead{},
	"block.changed":      BlockChanged{},
	"adding.changed":     AddingChanged{},

	"room_invitation.added":   RoomInvitationAdded{},
	"room_invitation.removed": RoomInvitationRemoved{},

	"user.changed":   UserChanged{},
	"server.changed": ServerChanged{},
	"session.ended":  SessionEnded{},
}

// History tells a client whether the copies that it holds are of what the server has.
type History struct {
	// Epoch changes only when history may have gone backwards. A client that knew another epoch must drop
	// every copy that it holds.
	Epoch string `json:"epoch"`
	// Runs are the last runs of the server in this history, by random words, the present one first. A client
	// that last saw a run which is not among them must drop every copy that it holds too: somebody has put back
	// what was copied before that run.
	Runs []string `json:"runs"`
}

// Welcome is the first event on every socket. It holds the heads and read positions of the user's rooms at
// one moment; live events follow from that moment on. In each room the first live event about a message has
// the rev after the one given here.
type Welcome struct {
	Server Server `json:"server"`
	// Time is the server's clock, UTC milliseconds.
	Time int64 `json:"time"`
	History
	User User `json:"user"`
	// UserRev is the number of the last change that was private to the user.
	UserRev int64       `json:"user_rev"`
	Rooms   []RoomState `json:"rooms"`
	// Directory is the number of the last change to anyone's profile: see Users.
	Directory int64 `json:"directory"`
	// Online is how many people are online or away.
	Online int `json:"online"`
	// Inbox is the state of the inbox, from which a client sees whether it lacks notifications.
	Inbox Inbox `json:"inbox"`
	// Blocked are the people whom the user has blocked.
	Blocked []UserID `json:"blocked,omitempty"`
	// Adding is the user's setting for who brings them into rooms.
	Adding Adding `json:"adding"`
	// RoomInvitations are those that wait for the user's answer.
	RoomInvitations []RoomInvitation `json:"room_invitations,omitempty"`
	Limits          Limits           `json:"limits"`
}

// Limits are the bounds that a client should know before it exceeds them.
type Limits struct {
	MessageCharacters int `json:"message_characters"`
	FrameBytes        int `json:"frame_bytes"`
	SocketWrites      int `json:"socket_writes"`
	DirectPeople      int `json:"direct_people"`
}

// MessageAdded tells the sockets in a room about a new message.
type MessageAdded struct {
	Message Message `json:"message"`
}

// MessageChanged tells the sockets in a room about an edit, a deletion or a reaction. It holds the message as
// it is now.
type MessageChanged struct {
	Message Message `json:"message"`
}

// ReactionChanged tells the sockets in a room that asked for deltas about one reaction, in place of a
// MessageChanged. Who holds the message at the rev Was can apply the event to it; whoever holds it at another
// rev has to load the message. See Apply.
type ReactionChanged struct {
	RoomID RoomID `json:"room_id"`
	Seq    int64  `json:"seq"`
	// Rev is the room's rev of this change, and the message's rev after it.
	Rev int64 `json:"rev"`
	// Was is the message's rev before the change.
	Was    int64  `json:"was"`
	Emoji  string `json:"emoji"`
	UserID UserID `json:"user_id"`
	// Added tells whether the user put the emoji there or took it away.
	Added bool `json:"added"`
	// Index is the place of the emoji among the message's reactions after the change, counted from 0. It is 0
	// when nobody is left under the emoji.
	Index int `json:"index"`
}

// RoomAdded tells a user's sockets that the user is now a member of a room. Live events of the room follow.
type RoomAdded struct {
	Room    RoomState `json:"room"`
	UserRev int64     `json:"user_rev"`
}

// RoomChanged tells the members of a room about a new name or topic, another kind, or that it is archived or in
// use again.
type RoomChanged struct {
	Room Room `json:"room"`
}

// RoomRemoved tells a user's sockets that the user is no longer a member of a room. No event of the room
// follows.
type RoomRemoved struct {
	RoomID  RoomID `json:"room_id"`
	UserRev int64  `json:"user_rev"`
}

// RoomHidden tells a user's sockets that the user has hidden a direct room, or shows it again: see
// RoomState.HiddenUntil.
type RoomHidden struct {
	RoomID      RoomID `json:"room_id"`
	HiddenUntil int64  `json:"hidden_until"`
	UserRev     int64  `json:"user_rev"`
}

// FavoriteChanged tells a user's sockets that a room is now one of the user's favorites, or no more: see
// RoomState.Favorite.
type FavoriteChanged struct {
	RoomID   RoomID `json:"room_id"`
	Favorite bool   `json:"favorite"`
	UserRev  int64  `json:"user_rev"`
}

// MemberJoined tells the members of a room that somebody joined.
type MemberJoined struct {
	RoomID      RoomID `json:"room_id"`
	Meta        int64  `json:"meta"`
	MemberCount int    `json:"member_count"`
	Member      Member `json:"member"`
}

// MemberLeft tells the members of a room that a member left or was removed. In a direct room they are no longer
// one of its MemberIDs.
type MemberLeft struct {
	RoomID      RoomID `json:"room_id"`
	Meta        int64  `json:"meta"`
	MemberCount int    `json:"member_count"`
	UserID      UserID `json:"user_id"`
}

// MemberChanged tells the members of a room that a member has a new role.
type MemberChanged struct {
	RoomID RoomID `json:"room_id"`
	Meta   int64  `json:"meta"`
	Member Member `json:"member"`
}

// ReadMoved tells a user's sockets how far the user has read a room. The position moves forwards, or
// backwards when the user marks messages as unread. It stays where it is when only Unread is another one, since
// the user has blocked somebody or ended that.
type ReadMoved struct {
	RoomID  RoomID `json:"room_id"`
	ReadSeq int64  `json:"read_seq"`
	// Unread is as in RoomState, after all changes of the room that were told before.
	Unread  int64 `json:"unread"`
	UserRev int64 `json:"user_rev"`
}

// NotificationAdded tells a user's sockets about a new notification in the user's inbox. Unread counts it
// too.
type NotificationAdded struct {
	Notification Notification `json:"notification"`
	Unread       int          `json:"unread"`
	UserRev      int64        `json:"user_rev"`
}

// NotificationsRead tells a user's sockets that the user has read the notifications with a seq from First to
// Last, and how many are still unread.
type NotificationsRead struct {
	First   int64 `json:"first"`
	Last    int64 `json:"last"`
	Unread  int   `json:"unread"`
	UserRev int64 `json:"user_rev"`
}

// TypingStarted tells the others in a room that somebody is writing. Clients show it for 5 seconds.
type TypingStarted struct {
	RoomID RoomID `json:"room_id"`
	UserID UserID `json:"user_id"`
}

// PresenceChanged tells a socket about the people it watches, at most once a second.
type PresenceChanged struct {
	Presence []Presence `json:"presence"`
	Online   int        `json:"online"`
}

// UserChanged tells everyone about a new user or a changed profile.
type UserChanged struct {
	User      User  `json:"user"`
	Directory int64 `json:"directory"`
}

// ServerChanged tells everyone about changed settings of the server.
type ServerChanged struct {
	Server Server `json:"server"`
}

// SessionEnded is the last event before the socket closes with code 4001.
type SessionEnded struct{}
