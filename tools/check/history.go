// The history of a run: everything that was asked, answered and received, as plain data that can be written
// to a file and judged again. Times are since the run began, on a clock that only goes forward.

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
	Plan     string // what was done to the server, in words
	Users    []User
	Clients  []Client
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
	Traced   bool           // strace was there, so that a kill could come inside a commit and the disk fail

	// After the faults, when nothing new was sent. Quiet is from when all clients were there and no outcome
	// was unknown.
	Quiet  time.Duration
	Final  Final
	Copies []Copy
	Faulty []Violation // what else was wrong, and is in no frame
}

// User is an account.
type User struct {
	ID   chat.UserID
	Name string
}

// Client is a program that one user is signed in with.
type Client struct{ User chat.UserID }

// Socket is one connection of a client.
type Socket struct {
	Client int
	Opened time.Duration
	Closed time.Duration // 0 while open
	Code   int           // of the close frame, 0 when there was none
	Epoch  string        // of the welcome
}

// Send is a message that was put into an outbox, or (Alone) sent over HTTP in no order with others.
// Another one of the same ClientID is a resend.
type Send struct {
	Client   int
	Room     chat.RoomID
	ClientID chat.ClientID
	Body     string // as digest gives it
	Queued   time.Duration
	Alone    bool `json:",omitzero"`
}

// Ask is one request on the wire, over a socket or (Socket below 0) over HTTP.
type Ask struct {
	Client int
	Socket int
	Event  string
	Sent   time.Duration
	// SentWall is the same moment in UTC milliseconds, which is what the server stamps messages with.
	SentWall int64

	Room     chat.RoomID   `json:",omitzero"`
	Seq      int64         `json:",omitzero"`
	ClientID chat.ClientID `json:",omitzero"`
	User     chat.UserID   `json:",omitzero"` // who is brought in or removed
	Body     string        `json:",omitzero"`
	ReadSeq  int64         `json:",omitzero"`

	Answered  time.Duration `json:",omitzero"` // 0 when no answer came: the outcome is unknown
	Code      chat.Code     `json:",omitzero"` // of a refusal
	SentSeq   int64         `json:",omitzero"` // what the answer says
	SentRev   int64         `json:",omitzero"`
	CreatedAt int64         `json:",omitzero"`
}

// OK tells that the request was answered, and not refused.
func (a *Ask) OK() bool { return a.Answered > 0 && a.Code == "" }

// Refused tells that the request certainly did nothing.
func (a *Ask) Refused() bool {
	return a.Code != "" && !(&chat.Error{Code: a.Code}).Retryable()
}

// Frame is an event that a socket got, or a message in an answer: its Event is "changes" when it was in
// one to room.changes, "page" when it came over HTTP (then Socket is below 0).
type Frame struct {
	At     time.Duration
	Client int
	Socket int
	Event  string

	Room    chat.RoomID `json:",omitzero"`
	Message *Seen       `json:",omitempty"`
	Heads   []Head      `json:",omitempty"` // of a welcome or room.added
	Meta    int64       `json:",omitzero"`
	UserRev int64       `json:",omitzero"`
	ReadSeq int64       `json:",omitzero"`
	User    chat.UserID `json:",omitzero"` // who joined, left or has another role
	Role    chat.MemberRole
	Epoch   string `json:",omitzero"` // of the server that answered, for a page
}

// Page is what one answer to room.changes said of a room: that these are the revs of the messages that
// changed after Since, up to Rev, and whether there are More.
type Page struct {
	Socket int
	Room   chat.RoomID
	Since  int64
	Rev    int64
	More   bool
	Revs   []int64
}

// Head is a room as a welcome or room.added has it.
type Head struct {
	Room    chat.RoomID
	Seq     int64
	Rev     int64
	Meta    int64
	ReadSeq int64
	Role    chat.MemberRole
}

func headOf(room chat.RoomState) Head {
	return Head{room.ID, room.Seq, room.Rev, room.Meta, room.ReadSeq, room.Role}
}

// Seen is a message as someone saw it.
type Seen struct {
	Seq      int64
	Rev      int64
	Author   chat.UserID
	ClientID chat.ClientID
	Body     string
	Deleted  bool          `json:",omitzero"`
	Reacted  []chat.UserID `json:",omitempty"`
	// State is a sum over all of it: two that agree are the same.
	State uint64
}

func seen(m chat.Message) *Seen {
	s := &Seen{
		Seq: m.Seq, Rev: m.Rev, Author: m.AuthorID, ClientID: m.ClientID,
		Body: digest(m.Body), Deleted: m.DeletedAt != 0,
	}
	sum := fnv.New64a()
	fmt.Fprintln(sum, m.RoomID, m.Seq, m.Rev, m.AuthorID, m.ClientID, m.CreatedAt, m.EditedAt, m.DeletedAt)
	fmt.Fprintf(sum, "%v %q %q", m.Reactions, m.Body, m.HTML)
	s.State = sum.Sum64()
	for _, reaction := range m.Reactions {
		s.Reacted = append(s.Reacted, reaction.UserIDs...)
	}
	return s
}

// digest keeps a short text, and of a long one its beginning and its sum.
func digest(body string) string {
	const short = 48
	if len(body) <= short {
		return body
	}
	sum := fnv.New64a()
	sum.Write([]byte(body)) // never fails
	return fmt.Sprintf("%s…%016x", body[:short/2], sum.Sum64())
}

// Reset is a client that dropped what it had of a room, or of every room when Room is zero.
type Reset struct {
	At     time.Duration
	Client int
	Room   chat.RoomID
}

// Life is one run of the server's process.
type Life struct {
	Started time.Duration
	Ended   time.Duration
	// EndedWall is the same moment in UTC milliseconds.
	EndedWall int64
	How       Ending
	Epoch     string
	// Restored is the number in Backups of the one that was restored before it started, -1 when none.
	Restored int
}

// Ending is how a life of the server ended.
type Ending string

// The endings. killedInCommit is by SIGKILL on entering a write to the database, or
// a sync of it.
const (
	killed         Ending = "killed"
	killedInCommit Ending = "killed in a commit"
	terminated     Ending = "terminated"
)

// Backup is one that succeeded.
type Backup struct {
	Began time.Duration
	Ended time.Duration
}

// Trouble is a while in which the disk of the server failed, in a way that has a name.
type Trouble struct {
	Name  string
	Began time.Duration
	Ended time.Duration
}

// Stall is a socket that stopped reading while a lot was sent to it.
type Stall struct {
	Socket int
	Began  time.Duration
	Bytes  int           // sent to its rooms since, at least
	Due    time.Duration // when the server should have ended it; 0 when it need not have
	Closed time.Duration // when it was noticed to have ended, 0 when it never was
	Why    string        // fellBehind or signedOut
}

const (
	fellBehind = "fell behind"
	signedOut  = "signed out"
)

// Final is what the server has in the end.
type Final struct {
	Epoch string
	Rooms []FinalRoom
	// Again is the same, read after the server was killed once more.
	Again []FinalRoom
	// Lists are the rooms of each user.
	Lists map[chat.UserID][]Head
}

// FinalRoom is a room as the server has it in the end.
type FinalRoom struct {
	Head
	Kind     chat.RoomKind
	Members  map[chat.UserID]chat.MemberRole
	Messages []Seen
}

// Copy is what a client made of the events it got.
type Copy struct {
	Client int
	Socket int // the last
	Online bool
	Epoch  string
	Rooms  []CopiedRoom
}

// CopiedRoom is a room as a client has it: all messages from Start on.
type CopiedRoom struct {
	Room     chat.RoomID
	Start    int64
	Rev      int64
	Messages []Seen
	// Members is nil when they were not loaded.
	Members map[chat.UserID]chat.MemberRole
}
