// Requests: what a client sends on a socket, and what it gets back.

package chat

// Request pairs the data a client sends under an event's name with the data of the reply.
type Request struct {
	Data  any
	Reply any
}

// Requests maps the name of every event that a client sends to its data and its reply.
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
	"room.hide":       {RoomAt{}, RoomHidden{}},
	"room.read":       {RoomRead{}, ReadMoved{}},
	"favorite.add":    {RoomAt{}, FavoriteChanged{}},
	"favorite.remove": {RoomAt{}, FavoriteChanged{}},
	"room.changes":    {ChangesSince{}, Changes{}},
	"typing.start":    {RoomAt{}, Done{}},

	"room_invitation.accept":  {RoomAt{}, RoomState{}},
	"room_invitation.decline": {RoomAt{}, Done{}},

	"presence.set":   {PresenceSet{}, Done{}},
	"presence.watch": {PresenceWatch{}, PresenceChanged{}},
}

// Done is an answer or a request that carries no data.
type Done struct{}

// Auth signs a socket in with its first frame, for programs that cannot set a header.
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

// MessageSent is the answer once a new or changed message is on disk. A resend with the same client_id gets
// the first answer again.
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

// NewText is the new text of a message that the path of the request names.
type NewText struct {
	Body string `json:"body"`
}

// NewReadSeq is how far the caller has read the room that the path of the request names.
type NewReadSeq struct {
	ReadSeq int64 `json:"read_seq"`
}

// MessageAt identifies a message.
type MessageAt struct {
	RoomID RoomID `json:"room_id"`
	Seq    int64  `json:"seq"`
}

// ReactionAt identifies the caller's reaction to a message.
type ReactionAt struct {
	RoomID RoomID `json:"room_id"`
	Seq    int64  `json:"seq"`
	Emoji  string `json:"emoji"`
}

// RoomAt identifies a room.
type RoomAt struct {
	RoomID RoomID `json:"room_id"`
}

// RoomRead moves the caller's read position in a room, forwards or backwards.
type RoomRead struct {
	RoomID  RoomID `json:"room_id"`
	ReadSeq int64  `json:"read_seq"`
}

// ChangesSince asks what changed in rooms since the rev up to which the caller knows each of them.
type ChangesSince struct {
	Rooms []RoomRev `json:"rooms"`
}

// Elements returns how many rooms it asks for.
func (r ChangesSince) Elements() int { return len(r.Rooms) }

// RoomRev is a room and the rev up to which the caller knows its messages.
type RoomRev struct {
	RoomID RoomID `json:"room_id"`
	Rev    int64  `json:"rev"`
}

// Changes answers ChangesSince with one entry for each of its rooms, in the same order.
type Changes struct {
	Rooms []RoomChanges `json:"rooms"`
}

// ChangesState tells what the answer for one room holds.
type ChangesState string

// The states of an answer.
const (
	ChangesPage   ChangesState = "page"      // the changes are in Messages; with More, ask again from Rev
	ChangesTooFar ChangesState = "too_far"   // more than 1,000 changes: load the room anew
	ChangesAhead  ChangesState = "ahead"     // this server never gave that rev: drop the copy of the room
	ChangesGone   ChangesState = "not_found" // the room does not exist, or the caller may not see it
	ChangesLater  ChangesState = "later"     // the answer was full before this room: ask again
)

// RoomChanges is what changed in one room. Messages are in order of rev, each as it is now. No message is both
// in Messages and in Reacted.
type RoomChanges struct {
	RoomID   RoomID       `json:"room_id"`
	State    ChangesState `json:"state"`
	Messages []Message    `json:"messages"`
	// Reacted are the messages of which only the reactions changed since the rev of the request, in order of
	// rev. Only callers that ask for deltas get it; they do not get these messages in Messages.
	Reacted []MessageReactions `json:"reacted,omitempty"`
	// Rev is the rev up to which the caller knows the room after applying Messages and Reacted.
	Rev  int64 `json:"rev"`
	More bool  `json:"more"`
}

// PresenceSet tells the server whether the person at this socket is there (online) or not (away).
type PresenceSet struct {
	State PresenceState `json:"state"`
}

// PresenceWatch names the people whose presence the socket wants to know. It replaces the previous list. The
// answer is the state of these people.
type PresenceWatch struct {
	UserIDs []UserID `json:"user_ids"`
}

// Elements returns how many people it names.
func (r PresenceWatch) Elements() int { return len(r.UserIDs) }

// NewDirect is a request for the direct room of the caller and these people.
type NewDirect struct {
	UserIDs []UserID `json:"user_ids"`
}

// Elements returns how many people it names.
func (r NewDirect) Elements() int { return len(r.UserIDs) }

// NewMembers is a request to make people members of a room.
type NewMembers struct {
	UserIDs []UserID `json:"user_ids"`
}

// Elements returns how many people it names.
func (r NewMembers) Elements() int { return len(r.UserIDs) }

// MemberRoleChange is a request to give a member another role in the room.
type MemberRoleChange struct {
	Role MemberRole `json:"role"`
}
