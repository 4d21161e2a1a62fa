// Package load opens many WebSocket connections to one server, publishes on some of them, and measures what
// the server delivers to all of them: how much, how late, at what cost, and whether anything was lost,
// doubled, out of order or sent to a wrong room.
//
// One goroutine does all of this, so it takes little from a server on the same machine. On Linux it reads
// only every half millisecond: a real client is on another machine, and there the server does not pay for
// waking it. Latencies may therefore be up to half a millisecond too long.
package load

import (
	"errors"
	"net/http"
	"time"
)

// Dialect is how to talk to one server. Its functions are called by one goroutine and must not block.
type Dialect struct {
	// Upgrade returns the path (with its query) that a member opens, and the headers besides those of the
	// protocol itself. Without Upgrade, or with an empty path, the path is "/".
	Upgrade func(m Member) (path string, header http.Header)
	// Join returns the steps from the upgrade until the member is in its room, in their order.
	Join func(m Member) []Step
	// Publish appends to frame the text frame with which a member publishes text in its room. Text needs no
	// escaping in JSON and means nothing in markdown.
	Publish func(frame []byte, m Message, text []byte) []byte
	// Before is the string directly before the text in a frame that delivers the text. If a frame holds the
	// text twice, only the one after Before counts.
	Before string
	// Refusal is the string by which a frame tells a publisher that its message was refused. The reason
	// follows directly after it and ends with a quotation mark. Empty when the server does not report
	// refusals.
	Refusal string
	// Answers maps frames from the server, or lines of one, to the frames that answer them: pings above those
	// of WebSocket itself.
	Answers map[string]string
}

// Member is one connection in one room. All fields count from 0.
type Member struct {
	Index int // among all connections
	Room  int
	Place int // in the room
}

// Message is a message that a member publishes. Number counts the member's messages from 0.
type Message struct {
	Member
	Number int
}

// Step sends a frame, unless Send is empty, and then waits for a frame that contains Await.
type Step struct {
	Send  string
	Await string
	// Then, if set, reads that frame and returns further steps, which come before those that are left.
	Then func(frame []byte) ([]Step, error)
}

// Options say what to do. The value in parentheses is the meaning of zero.
type Options struct {
	Address string // host:port, without TLS
	Dialect Dialect
	// ServerPID is the server's process, whose CPU time and memory are measured (0: neither is measured).
	ServerPID int

	Rooms   int // (1)
	Members int // of each room, each with a connection of its own (1)
	Active  int // rooms in which members publish: the first ones (all)
	Senders int // members of an active room who publish: the first ones (1)
	Stalled int // members of an active room who join and then never read: the last ones (0)

	// Window is how many messages each sender has under way. It sends the next when all members who read have
	// received one (1). A Rate replaces it.
	Window int
	// Rate is how many messages a second all rooms together publish, however many come back. Latency then
	// counts from the time when a message was due.
	Rate float64
	// Most is how many messages a sender may have under way at a Rate. It leaves out the messages that are
	// due while it has that many (no limit).
	Most int
	// TextBytes is the length of a message's text (57, which is MinTextBytes). It must be at least that.
	TextBytes int

	// Reopen is how long a connection that had joined stays closed after its end, more or less by half,
	// before it is opened again (it is not opened again). What was under way on it counts as lost. Reopen
	// needs a Rate.
	Reopen time.Duration

	Handshakes int           // that are under way at the same time (64)
	Patience   time.Duration // how long a connection may take to join (30 s)
	Warmup     time.Duration // time before anything counts (0)
	Duration   time.Duration // measured time (2 s)
	Drain      time.Duration // the longest wait for what is under way at the end (15 s)
	Settle     time.Duration // time before the memory of idle connections is read (2 s)

	// Progress, if set, is called now and then with how much of a stage is done: "connect" in members, "warm
	// up", "measure" and "drain" in milliseconds.
	Progress func(stage string, done, of int)
}

func (o *Options) fill() error {
	orElse(&o.Rooms, 1)
	orElse(&o.Members, 1)
	orElse(&o.Active, o.Rooms)
	orElse(&o.Senders, 1)
	orElse(&o.Window, 1)
	orElse(&o.TextBytes, 57)
	orElse(&o.Handshakes, 64)
	orElse(&o.Patience, 30*time.Second)
	orElse(&o.Duration, 2*time.Second)
	orElse(&o.Drain, 15*time.Second)
	orElse(&o.Settle, 2*time.Second)
	switch {
	case o.Active > o.Rooms:
		return errors.New("load: more active rooms than rooms")
	case o.Senders+o.Stalled > o.Members:
		return errors.New("load: senders read, so a room needs members for them and for those who stall")
	case o.Reopen > 0 && o.Rate == 0:
		return errors.New("load: without a rate, a connection that comes back would not know when to send")
	case o.TextBytes < MinTextBytes:
		return errors.New("load: the text is too short for its marker")
	case o.Rooms > maxRooms || o.Senders > maxSenders:
		return errors.New("load: too many rooms or senders for the marker")
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	return nil
}

func orElse[T int | time.Duration](value *T, otherwise T) {
	if *value == 0 {
		*value = otherwise
	}
}
