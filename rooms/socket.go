// Sockets: one live connection as the live side sees it, with its caller, its rooms and its outbox. Reading
// from the connection is for package socket.

package rooms

import (
	"context"
	"net"
	"sync/atomic"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/budget"
	"parley/internal/places"
)

// finishWait is how long Finish waits for the outbox to run empty.
const finishWait = 500 * time.Millisecond

// maxRecorded bounds the changes that are recorded for a socket while it is opening.
const maxRecorded = 1000

// Dialect tells a socket that does not speak the native wire what happens. Welcome is called first, then Tell
// for each change, in commit order. Neither may wait: the dispatcher calls Tell, and Rooms.mu is held around
// Welcome. A Dialect must not modify a change, since others get the same one.
type Dialect interface {
	Welcome(*Socket, chat.Welcome)
	Tell(*Socket, *chat.Change)
	// Gone is called when the socket has ended, after its context. It waits for what the Dialect does for it.
	Gone()
}

// Socket is one live connection. Its door calls Wire and FrameEachLine before anything else; all other
// methods are safe from any goroutine.
type Socket struct {
	Id      uint64 // identifies the socket in the log
	Address string // the address that the limits on sockets count
	Since   time.Time
	out     outbox

	// The door sets these before it calls Opening, and does not change them afterwards.
	Deltas  bool // the client asked for deltas; a dialect has none
	Caller  access.Caller
	Dialect Dialect                       // nil for the native wire
	HangUp  func(code int, reason string) // closes the connection with a close code; must not wait

	// These belong to the door. It uses them on the goroutine that reads from the socket.
	Place    *places.Place // what the socket holds of the door's places; nil when it got none
	Admitted bool          // the socket has its place for itself, and gives it back at its end
	Opened   bool          // the socket signed in; its end is logged
	Until    *time.Timer   // closes the socket when no auth frame comes in time, or when the token expires
	Held     time.Duration // how long the socket has been held back without a break

	ctx       context.Context // ends with the socket
	cancel    context.CancelFunc
	closed    atomic.Int32 // the close code; 0 while the socket is open
	finishing atomic.Bool  // Finish has been called
	ended     bool         // the session has ended; only the dispatcher uses it
	writes    atomic.Int32 // writes that have begun and not ended

	// Rooms.mu guards these.
	rooms    map[chat.RoomID]struct{} // the rooms that the socket is in
	recorded []chat.Change            // changes for or about the user, or for all, that came while opening
	userRev  int64                    // the user_rev up to which the socket knows private changes
	watching []chat.UserID            // the people whose presence the socket is told
	away     bool                     // the person is not at this socket
}

// NewSocket makes a socket whose outbox holds at most outboxBytes, which count in unread. Wire connects it.
func NewSocket(id uint64, address string, outboxBytes int, unread *budget.Budget) *Socket {
	s := &Socket{Id: id, Address: address, Since: time.Now(), rooms: map[chat.RoomID]struct{}{}}
	s.out.limit, s.out.unread = outboxBytes, unread
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Wire has the outbox write to a connection. It returns a connection for the session to use in place of conn,
// whose writes go through the outbox. Nothing is written before Uncork is called.
func (s *Socket) Wire(conn net.Conn) net.Conn { return newWire(conn, &s.out) }

// Uncork sends what was put into the outbox while it was corked.
func (s *Socket) Uncork() { s.out.uncork() }

// FrameEachLine makes every line a frame of its own, and opens the outbox, since such a socket gets no
// welcome that its lines would have to wait for.
func (s *Socket) FrameEachLine() {
	s.out.separate = true
	s.out.open(nil)
}

// End notes the close code of a connection that is closed, and ends its outbox. It waits for the outbox's
// goroutine; nothing of the outbox runs afterwards.
func (s *Socket) End(code int) {
	s.CloseWith(code)
	s.out.end()
}

// CloseCode returns the code that the socket was closed with; 0 while it is open.
func (s *Socket) CloseCode() int { return int(s.closed.Load()) }

// Writing tells whether a goroutine is writing to the connection.
func (s *Socket) Writing() bool { return s.out.busy() }

// StalledTooLong tells whether the connection was closed because it took too little for writeWait.
func (s *Socket) StalledTooLong() bool { return s.out.late.Load() }

// OutboxBytes returns how many bytes may wait in the outbox.
func (s *Socket) OutboxBytes() int { return s.out.limit }

// Traffic tells how much a socket's outbox has written, and how much waits in it.
type Traffic struct {
	Frames, Bytes int64 // written
	Waiting       int   // bytes that wait
}

// Traffic returns the traffic of the socket so far.
func (s *Socket) Traffic() Traffic {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	return Traffic{Frames: s.out.frames, Bytes: s.out.written, Waiting: s.out.bytes + s.out.welcome}
}

// Waiting returns how many bytes wait in the outbox; package budget calls it.
func (s *Socket) Waiting() int { return s.out.waiting() }

// CutSlow cuts the socket, since more waits for it than for others; package budget calls it.
func (s *Socket) CutSlow() { s.Cut(chat.CloseSlow, "too much waits to be read, and most of it here") }

// BeginWrite counts a write that begins. When limit writes are under way it refuses with Busy. After nil the
// caller must call EndWrite.
func (s *Socket) BeginWrite(limit int) error {
	if int(s.writes.Add(1)) <= limit {
		return nil
	}
	s.writes.Add(-1)
	return &chat.Error{Code: chat.Busy, Limit: int64(limit), Message: "too many changes under way on this socket"}
}

// EndWrite counts the end of a write that BeginWrite accepted.
func (s *Socket) EndWrite() { s.writes.Add(-1) }

// Put queues a line, or several with newlines between. When the outbox is full it cuts the socket: the client
// reconnects and asks for what it missed, so that it never misses an event without knowing.
func (s *Socket) Put(line []byte) {
	if !s.out.put(line) {
		s.Cut(chat.CloseSlow, "fell behind")
	}
	s.relieve()
}

// relieve cuts the slowest sockets when too much waits in all of them together.
func (s *Socket) relieve() {
	if s.out.unread != nil {
		s.out.unread.Relieve()
	}
}

// putEphemeral queues a line that may be lost, and drops it when the socket is slow. Dialects do not get such
// lines.
func (s *Socket) putEphemeral(line []byte) {
	if s.Dialect == nil {
		s.out.putEphemeral(line)
	}
}

// tellDialect tells a socket's dialect a change, unless the session ended before. Only the dispatcher calls it.
func (s *Socket) tellDialect(c *chat.Change) {
	if !s.ended {
		s.Dialect.Tell(s, c)
	}
}

// recordLocked records a change for a socket that is opening. When there are too many, it cuts the socket and
// tells the client to reconnect later.
func (s *Socket) recordLocked(c *chat.Change) {
	if len(s.recorded) == maxRecorded {
		s.Cut(chat.CloseLater, "too much changed while it was opening")
		return
	}
	s.recorded = append(s.recorded, *c)
}

// CloseWith notes the close code of the socket, and ends its context. It returns false when the socket has a
// code already.
func (s *Socket) CloseWith(code int) bool {
	first := s.closed.CompareAndSwap(0, int32(code))
	s.cancel()
	return first
}

// Context is the context of everything that is done for this socket alone, such as reading what it asked for.
// It ends when the socket is closed.
func (s *Socket) Context() context.Context { return s.ctx }

// Finish cuts the socket once everything in its outbox is written, or after finishWait.
func (s *Socket) Finish(code int, reason string) {
	if s.finishing.Swap(true) {
		return // without this, each message after a failed one would leave a timer
	}
	s.out.onEmpty(func() { s.Cut(code, reason) })
	time.AfterFunc(finishWait, func() { s.Cut(code, reason) })
}

// Cut closes the connection now with a close code. It does nothing when the socket is closed already.
func (s *Socket) Cut(code int, reason string) {
	if !s.CloseWith(code) {
		return
	}
	s.out.close()
	s.HangUp(code, reason)
}

// PutCorked is Put for callers with lines for many sockets: nothing leaves before Uncork. It returns true
// when the caller must call Uncork.
func (s *Socket) PutCorked(line *Line) (first bool) {
	first, fits := s.out.putCorked(line)
	if !fits {
		s.Cut(chat.CloseSlow, "fell behind")
	}
	s.relieve()
	return first
}
