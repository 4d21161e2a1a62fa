// Package load opens many WebSocket connections to one server, has some of them publish, and measures what
// the server delivers to all of them: how much, how late, at what cost, and whether anything was lost,
// doubled, out of order or sent to a wrong room.
//
// One goroutine does all of it, so that on a machine it shares with the server it takes little away, and
// on Linux it looks only every half a millisecond for what came: a real client is on another machine,
// where the server does not pay for waking it. Latencies carry up to this half a millisecond.
package load

import (
	"errors"
	"net/http"
	"time"
)

// Dialect is how one server is spoken to. Its functions are called by one goroutine and may not block.
type Dialect struct {
	// Upgrade gives the path (with its query) that a member opens, and the headers besides those of the
	// protocol itself. Both may be nil or empty: then it is "/".
	Upgrade func(m Member) (path string, header http.Header)
	// Join is what happens from the upgrade until the member is in its room, in this order.
	Join func(m Member) []Step
	// Publish appends to frame the text frame with which a member says text in its room. Text needs no
	// escaping in JSON and means nothing in markdown.
	Publish func(frame []byte, m Message, text []byte) []byte
	// Before is what stands directly before the text in a frame that delivers it. Where a frame holds the
	// text twice, only what follows Before counts.
	Before string
	// Refusal is what a frame contains that tells a publisher that a message was not taken, directly before
	// why, which ends with a quotation mark; empty when the server does not say so.
	Refusal string
	// Answers maps what the server sends, as a whole frame or a line of one, to frames that answer it: pings
	// above the protocol's own.
	Answers map[string]string
}

// Member is one connection, in one room. All count from 0.
type Member struct {
	Index int // among all
	Room  int
	Place int // in the room
}

// Message is the Number-th that the member publishes.
type Message struct {
	Member
	Number int
}

// Step sends a frame, unless Send is empty, and then waits for one that contains Await.
type Step struct {
	Send  string
	Await string
	// Then, when given, reads that frame and gives steps to take before those that are left.
	Then func(frame []byte) ([]Step, error)
}

// Options say what to do. Zero values mean what is given in parentheses.
type Options struct {
	Address string // host:port, without TLS
	Dialect Dialect
	// ServerPID is the server's process, whose CPU time and memory are measured (0: they are not).
	ServerPID int

	Rooms   int // (1)
	Members int // of each room, each with a connection of its own (1)
	Active  int // rooms in which messages are published, the first ones (all)
	Senders int // members of an active room who publish, the first ones (1)
	Stalled int // members of an active room who join and never read again, the last ones (0)

	// Window is how many messages each sender has under way: the next goes out when all who read have had
	// one (1). It is not used with a Rate.
	Window int
	// Rate offers so many messages a second, over all rooms, whatever comes back. Latency then counts from
	// when a message was due.
	Rate float64
	// Most is how many messages a sender has under way at a Rate; it leaves out those that are due meanwhile (no
	// bound).
	Most int
	// TextBytes is the length of a message's text, at least MinTextBytes (57).
	TextBytes int

	// Reopen is how long after its end, give or take half of it, a connection that had joined is opened anew (it
	// is not). What was under way on it counts as lost. It needs a Rate.
	Reopen time.Duration

	Handshakes int           // that are under way at a time (64)
	Patience   time.Duration // with a connection until it has joined (30 s)
	Warmup     time.Duration // before anything counts (0)
	Duration   time.Duration // that is measured (2 s)
	Drain      time.Duration // at most, for what is under way after it (15 s)
	Settle     time.Duration // before the memory of idle connections is read (2 s)

	// Progress, when given, is told now and then how much of a stage is done: "connect" in members,
	// "warm up", "measure" and "drain" in milliseconds.
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
