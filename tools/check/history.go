// The history of a run: every request, every answer and every event that was received. It is plain data that
// can be written to a file and judged again. Times count from the start of the run, on a clock that never
// goes back.

package check

import (
	"fmt"
	"hash/fnv"
	"time"

	"parley/chat"
)

// History is what was seen of a server from outside.
type History struct {
	Seed     uint64
	Plan     string // what was done to the server, for people
	Users    []User
	Clients  []Client
	Pairs    map[chat.RoomID][2]chat.UserID // the direct rooms of two, and who they are for
	Sockets  []Socket
	Sends    []Send
	Asks     []Ask
	Frames   []Frame
	Pages    []Page
	Resets   []Reset
	Lives    []Life
	Backups  []Backup
	Troubles []Trouble
	Stalls   []Stall
	Faults   map[string]int // how many of each kind
	Repelled int64          // how many requests and connections of attackers were refused
	Readable []string       // the paths of all that can be read over HTTP
	Left     map[string]int // how often attackers asked for each of Readable and did not read it
	Traced   bool           // strace was available for kills inside a commit and failing disks

	// The state after the faults, when nothing new was sent. Quiet is the time from which all clients were
	// online and every outcome was known.
	Quiet  time.Duration
	Final  Final
	Copies []Copy
	Faulty []Violation // what else was wrong, and shows in no frame
}

// User is an account.
type User struct {
	ID    chat.UserID
	Name  string
	Admin bool        `json:",omitzero"` // or the owner of the server
	Maker chat.UserID `json:",omitzero"` // of a program, who made its tokens
}

// Client is a program that is signed in as a user.
type Client struct{ User chat.UserID }

// Socket is one connection of a client.
type Socket struct {
	Client int
	Opened time.Duration
	Closed time.Duration // 0 while it is open
	Code   int           // of the close frame; 0 without one
	Epoch  string        // of the welcome
}

// Send is a message that was put into an outbox. If Alone is set, it was sent over HTTP instead, in no order
// with other messages. A second Send with the same ClientID is a resend.
type Send struct {
	Client   int
	Room     chat.RoomID
	ClientID chat.ClientID
	Body     string // as digest returns it
	Queued   time.Duration
	Alone    bool `json:",omitzero"`
}

// Ask is one request, on a socket, or over HTTP when Socket is below 0.
type Ask struct {
	Client int
	Socket int
	Event  string
	Sent   time.Duration
	// SentWall is the time of Sent in UTC milliseconds, the unit of the server's times.
	SentWall int64

	Room     chat.RoomID   `json:",omitzero"`
	Seq      int64         `json:",omitzero"`
	ClientID chat.ClientID `json:",omitzero"`
	User     chat.UserID   `json:",omitzero"` // who is added, removed, blocked or deactivated
	Body     string        `json:",omitzero"`
	ReadSeq  int64         `json:",omitzero"`

	Answered  time.Duration `json:",omitzero"` // 0 when no answer came: then the outcome is unknown
	Code      chat.Code     `json:",omitzero"` // of a refusal
	SentSeq   int64         `json:",omitzero"` // as the answer says
	SentRev   int64         `json:",omitzero"`
	CreatedAt int64         `json:",omitzero"`
}

// OK reports whether the request was answered and not refused.
func (a *Ask) OK() bool { return a.Answered > 0 && a.Code == "" }

// Refused reports whether the request certainly had no effect.
func (a *Ask) Refused() bool {
	return a.Code != "" && !(&chat.Error{Code: a.Code}).Retryable()
}

// Frame is an event that a socket received, or a message in an answer. For a message in an answer, Event is
// "changes" if it was the answer to room.changes, and "page" if the answer came over HTTP; then Socket is
// below 0.
type Frame struct {
	At     time.Duration
	Client int
	Socket int
	Event  string

	Room    chat.RoomID `json:",omitzero"`
	Message *Seen       `json:",omitempty"`
	// Reaction is what a socket that asked for deltas is told of a reaction.
	Reaction *chat.ReactionChanged `json:",omitempty"`
	Heads    []Head                `json:",omitempty"` // in a welcome or room.added
	Meta     int64                 `json:",omitzero"`
	UserRev  int64                 `json:",omitzero"`
	Hidden   int64                 `json:",omitzero"` // of room.hidden: the seq with which the room comes back
	Favorite bool                  `json:",omitzero"` // of favorite.changed
	ReadSeq  int64                 `json:",omitzero"`
	Unread   int64                 `json:",omitzero"`
	User     chat.UserID           `json:",omitzero"`  // who joined, left, has another role, or is blocked
	Blocks   []chat.UserID         `json:",omitempty"` // in a welcome
	Blocked  bool                  `json:",omitzero"`
	Role     chat.MemberRole
	Epoch    string `json:",omitzero"` // of the server that answered, for a page
}

// Page is one room in an answer to room.changes. Revs are the revs of the messages that changed after Since
// and up to Rev, whole or as their reactions alone. More says that there are further ones.
type Page struct {
	Socket int
	Room   chat.RoomID
	Since  int64
	Rev    int64
	More   bool
	Revs   []int64
}

// Head is the state of a room in a welcome or room.added.
type Head struct {
	Room    chat.RoomID
	Seq     int64
	Rev     int64
	Meta    int64
	ReadSeq int64
	Unread  int64 `json:",omitzero"`
	Role    chat.MemberRole
	// Archived tells whether the room is archived. Hidden is the seq until which its person does not want to see
	// the room.
	Archived bool  `json:",omitzero"`
	Hidden   int64 `json:",omitzero"`
	Favorite bool  `json:",omitzero"` // of its person
}

func headOf(room chat.RoomState) Head {
	return Head{
		room.ID, room.Seq, room.Rev, room.Meta, room.ReadSeq, room.Unread, room.Role, room.ArchivedAt != 0,
		room.HiddenUntil, room.Favorite,
	}
}

// Seen is a message as a client saw it.
type Seen struct {
	Seq      int64
	Rev      int64
	Author   chat.UserID
	ClientID chat.ClientID
	Body     string
	Deleted  bool `json:",omitzero"`
	// DeletedBy is who deleted the message, when that was not its author.
	DeletedBy chat.UserID   `json:",omitzero"`
	Reacted   []chat.UserID `json:",omitempty"`
	// State is a checksum of the whole message: two messages with the same State are equal.
	State uint64
}

func seen(m chat.Message) *Seen {
	s := &Seen{
		Seq: m.Seq, Rev: m.Rev, Author: m.AuthorID, ClientID: m.ClientID,
		Body: digest(m.Body), Deleted: m.DeletedAt != 0, DeletedBy: m.DeletedBy,
	}
	sum := fnv.New64a()
	fmt.Fprintln(sum, m.RoomID, m.Seq, m.Rev, m.AuthorID, m.ClientID, m.CreatedAt, m.EditedAt, m.DeletedAt)
	fmt.Fprintf(sum, "%d %v %q %q", m.DeletedBy, m.Reactions, m.Body, m.HTML)
	s.State = sum.Sum64()
	for _, reaction := range m.Reactions {
		s.Reacted = append(s.Reacted, reaction.UserIDs...)
	}
	return s
}

// digest returns a short text as it is. Of a long text it returns the beginning and a checksum.
func digest(body string) string {
	const short = 48
	if len(body) <= short {
		return body
	}
	sum := fnv.New64a()
	sum.Write([]byte(body)) // writing to a hash never fails
	return fmt.Sprintf("%s…%016x", body[:short/2], sum.Sum64())
}

// Reset is a client that dropped its copy of a room, or of every room when Room is zero.
type Reset struct {
	At     time.Duration
	Client int
	Room   chat.RoomID
}

// Life is one run of the server's process.
type Life struct {
	Started time.Duration
	Ended   time.Duration
	// EndedWall is the time of Ended in UTC milliseconds.
	EndedWall int64
	How       Ending
	Epoch     string
	// Restored is the index in Backups of the backup that was restored before the start; -1 without one.
	Restored int
}

// Ending is how a life of the server ended.
type Ending string

// The endings. In killedInCommit, SIGKILL came when the server began a write to the database or a sync of it.
const (
	killed         Ending = "killed"
	killedInCommit Ending = "killed in a commit"
	terminated     Ending = "terminated"
)

// Backup is a backup that succeeded.
type Backup struct {
	Began time.Duration
	Ended time.Duration
}

// Trouble is a time in which the server's disk failed in the way that Name names.
type Trouble struct {
	Name  string
	Began time.Duration
	Ended time.Duration
}

// Stall is a socket that stopped reading while a lot was sent to it.
type Stall struct {
	Socket int
	Began  time.Duration
	Bytes  int           // that were sent to its rooms since, at least
	Due    time.Duration // when the server should have closed it; 0 when the server need not have
	Closed time.Duration // when the check noticed that it was closed; 0 when it never was
	Why    string        // fellBehind or signedOut
}

const (
	fellBehind = "fell behind"
	signedOut  = "signed out"
)

// Final is what the server has at the end.
type Final struct {
	Epoch string
	Rooms []FinalRoom
	// Again are the same rooms, read after the server was killed once more.
	Again []FinalRoom
	// Lists are the rooms in each user's list.
	Lists map[chat.UserID][]Head
	// Blocks are the people whom each user has blocked.
	Blocks map[chat.UserID][]chat.UserID `json:",omitempty"`
}

// FinalRoom is a room as the server has it at the end.
type FinalRoom struct {
	Head
	Kind     chat.RoomKind
	Members  map[chat.UserID]chat.MemberRole
	Messages []Seen
}

// Copy is what a client made of the events that it received.
type Copy struct {
	Client int
	Socket int // the last
	Online bool
	Epoch  string
	Rooms  []CopiedRoom
}

// CopiedRoom is a room in a client's copy: all of its messages from Start on.
type CopiedRoom struct {
	Room     chat.RoomID
	Start    int64
	Rev      int64
	Messages []Seen
	// Members is nil when they were not loaded.
	Members map[chat.UserID]chat.MemberRole
}
