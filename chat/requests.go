package chat

// Request pairs the data a client sends under an event's name with the data of the reply.
type Request struct {
	Data  any
	Reply any
}

// Requests maps the name of every event that a client sends to what it carries and gets back.
var Requests = map[string]Request{
	"auth":            {Auth{}, Done{}},
	"ping":            {Done{}, Pong{}},
	"message.send":    {MessageSend{}, MessageSent{}},
	"message.edit":    {MessageEdit{}, MessageSent{}},
	"message.delete":  {MessageAt{}, MessageSent{}},
	"reaction.add":    {ReactionAt{}, MessageSent{}},
	"reaction.remove": {ReactionAt{}, MessageSent{}},
	"room.join":       {RoomAt{}, RoomState{}},
	"room.leave":      {RoomAt{}, Done{}},
	"room.read":       {RoomRead{}, ReadMoved{}},
	"room.changes":    {ChangesSince{}, Changes{}},
	"typing.start":    {RoomAt{}, Done{}},
	"presence.set":    {PresenceSet{}, Done{}},
	"presence.watch":  {PresenceWatch{}, PresenceChanged{}},
}

// Done is an answer, or a request, with nothing in it.
type Done struct{}

// Auth signs a socket in by its first frame, for programs that cannot set a header.
type Auth struct {
	Token string `json:"token"`
}

// Pong answers a ping with the server's clock.
type Pong struct {
	Time int64 `json:"time"`
}

// MessageSend posts a message.
type MessageSend struct {
	RoomID RoomID `json:"room_id"`
	Draft
}

// MessageSent answers once the change is on disk. A resend of the same client_id gets the first
// answer again.
type MessageSent struct {
	RoomID    RoomID `json:"room_id"`
	Seq       int64  `json:"seq"`
	Rev       int64  `json:"rev"`
	CreatedAt int64  `json:"created_at"`
}

// MessageEdit replaces a message's text.
type MessageEdit struct {
	RoomID RoomID `json:"room_id"`
	Seq    int64  `json:"seq"`
	Body   string `json:"body"`
}

// NewText is another text for a message.
type NewText struct {
	Body string `json:"body"`
}

// NewReadSeq is how far somebody has read.
type NewReadSeq struct {
	ReadSeq int64 `json:"read_seq"`
}

// MessageAt names a message.
type MessageAt struct {
	RoomID RoomID `json:"room_id"`
	Seq    int64  `json:"seq"`
}

// ReactionAt names the caller's reaction to a message.
type ReactionAt struct {
	RoomID RoomID `json:"room_id"`
	Seq    int64  `json:"seq"`
	Emoji  string `json:"emoji"`
}

// RoomAt names a room.
type RoomAt struct {
	RoomID RoomID `json:"room_id"`
}

// RoomRead moves how far the caller has read, in either direction.
type RoomRead struct {
	RoomID  RoomID `json:"room_id"`
	ReadSeq int64  `json:"read_seq"`
}

// ChangesSince asks what changed in rooms since the rev the caller holds of each.
type ChangesSince struct {
	Rooms []RoomRev `json:"rooms"`
}

// RoomRev is a room and the rev that is held of it.
type RoomRev struct {
	RoomID RoomID `json:"room_id"`
	Rev    int64  `json:"rev"`
}

// Changes answers with one entry for each room asked for, in that order.
type Changes struct {
	Rooms []RoomChanges `json:"rooms"`
}

// ChangesState tells how a room's changes are answered.
type ChangesState string

// The states of an answer.
const (
	ChangesPage   ChangesState = "page"      // Messages; ask again from Rev when More
	ChangesTooFar ChangesState = "too_far"   // more than 1,000 changes: load the room anew
	ChangesAhead  ChangesState = "ahead"     // the rev held is not one this server gave: drop the copy
	ChangesGone   ChangesState = "not_found" // not a room the caller may see
	ChangesLater  ChangesState = "later"     // the answer was full before this room: ask again
)

// RoomChanges is what changed in one room, in order of rev, each message as it is now.
type RoomChanges struct {
	RoomID   RoomID       `json:"room_id"`
	State    ChangesState `json:"state"`
	Messages []Message    `json:"messages"`
	// Rev is what the caller holds after applying Messages.
	Rev  int64 `json:"rev"`
	More bool  `json:"more"`
}

// PresenceSet tells the server that the person at this socket is there (online) or not (away).
type PresenceSet struct {
	State PresenceState `json:"state"`
}

// PresenceWatch names the people on screen, instead of those named before; the answer is their state.
type PresenceWatch struct {
	UserIDs []UserID `json:"user_ids"`
}

// NewDirect asks for the direct room of the caller and these people.
type NewDirect struct {
	UserIDs []UserID `json:"user_ids"`
}

// NewMembers brings people into a room.
type NewMembers struct {
	UserIDs []UserID `json:"user_ids"`
}

// MemberRoleChange gives a member another role in the room.
type MemberRoleChange struct {
	Role MemberRole `json:"role"`
}
