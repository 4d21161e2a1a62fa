// A socket as the rooms see it: who is behind it, where it is, and its outbox.

package rooms

import (
	"net"
	"sync/atomic"
	"time"

	"parley/access"
	"parley/chat"
)

// finishWait is for what waits in the outbox to get through before a close.
const finishWait = 500 * time.Millisecond

// maxRecorded bounds the changes that are kept for a socket while its snapshot is read.
const maxRecorded = 1000

// Dialect is how a socket is told what happens that does not speak the native wire. Both are called in the
// order of commits, welcome first, and must not wait; a change is told to others too, and must not be altered.
type Dialect interface {
	Welcome(*Socket, chat.Welcome)
	Tell(*Socket, *chat.Change)
}

// Socket is one live connection. put, putEphemeral, finish and cut are safe from any goroutine.
type Socket struct {
	Id      uint64 // for the log
	Address string // as the limits count it
	Since   time.Time
	out     outbox

	// Set by the door before the socket is noted as opening, and not changed after.
	Caller  access.Caller
	Dialect Dialect                       // instead of the native wire
	HangUp  func(code int, reason string) // ends the connection; must not wait

	// Belong to the door, on the socket's reader.
	Admitted bool // counts towards the bounds of the door
	Opened   bool
	Until    *time.Timer // ends the socket: no auth frame came, or the token ended

	closed    atomic.Int32 // the close code; 0 while it is open
	finishing atomic.Bool  // finish has been called
	writes    atomic.Int32 // under way

	// Guarded by Rooms.mu.
	Rooms    map[chat.RoomID]struct{}
	recorded []chat.Change // for or about the user, or for everyone, that came while opening
	userRev  int64         // up to which private changes are known to it
	watching []chat.UserID
	away     bool
}

func NewSocket(id uint64, address string, outboxBytes int) *Socket {
	s := &Socket{Id: id, Address: address, Since: time.Now(), Rooms: map[chat.RoomID]struct{}{}}
	s.out.limit = outboxBytes
	return s
}

// Wire puts the outbox before a connection and gives what the connection's session is to use in its place. Nothing
// is written before uncork.
func (s *Socket) Wire(conn net.Conn) net.Conn { return newWire(conn, &s.out) }

// Uncork lets go of what was put while the outbox was corked.
func (s *Socket) Uncork() { s.out.uncork() }

// FrameEachLine has every line be a frame of its own, and opens the outbox: there is no welcome to wait for.
func (s *Socket) FrameEachLine() {
	s.out.separate = true
	s.out.open(nil)
}

// End is for a connection that has closed: nothing runs for its outbox afterwards.
func (s *Socket) End(code int) {
	s.CloseWith(code)
	s.out.end()
}

// CloseCode is the code that the socket was closed with; 0 while it is open.
func (s *Socket) CloseCode() int { return int(s.closed.Load()) }

// Writing tells whether something is being written to the connection.
func (s *Socket) Writing() bool { return s.out.busy() }

// StalledTooLong tells whether the connection took nothing for so long that it was given up.
func (s *Socket) StalledTooLong() bool { return s.out.late.Load() }

// OutboxBytes is how much may wait in the outbox.
func (s *Socket) OutboxBytes() int { return s.out.limit }

// Traffic is what a socket's outbox has written, and the bytes that wait in it.
type Traffic struct {
	Frames, Bytes int64 // written
	Waiting       int   // bytes
}

func (s *Socket) Traffic() Traffic {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	return Traffic{Frames: s.out.frames, Bytes: s.out.written, Waiting: s.out.bytes}
}

// BeginWrite counts a write under way; Busy when there are too many.
func (s *Socket) BeginWrite(limit int) error {
	if int(s.writes.Add(1)) <= limit {
		return nil
	}
	s.writes.Add(-1)
	return &chat.Error{Code: chat.Busy, Limit: int64(limit), Message: "too many changes under way on this socket"}
}

func (s *Socket) EndWrite() { s.writes.Add(-1) }

// Put queues a line, or several with newlines between. A socket that has not read what waits for it is cut
// off: its client comes back and asks for what it missed, so there is never a silent hole.
func (s *Socket) Put(line []byte) {
	if !s.out.put(line) {
		s.Cut(chat.CloseSlow, "fell behind")
	}
}

// putEphemeral queues a line that may be lost, and drops it when the socket is slow. No dialect has words for
// what may be lost.
func (s *Socket) putEphemeral(line []byte) {
	if s.Dialect == nil {
		s.out.putEphemeral(line)
	}
}

// recordLocked keeps a change for a socket that is opening. One for which too much has to be kept is told to
// come later.
func (s *Socket) recordLocked(c *chat.Change) {
	if len(s.recorded) == maxRecorded {
		s.Cut(chat.CloseLater, "too much changed while it was opening")
		return
	}
	s.recorded = append(s.recorded, *c)
}

// CloseWith notes the close code, unless there is one already.
func (s *Socket) CloseWith(code int) bool { return s.closed.CompareAndSwap(0, int32(code)) }

// Finish closes the socket once what waits in its outbox is written, or after half a second.
func (s *Socket) Finish(code int, reason string) {
	if s.finishing.Swap(true) {
		return // or each message after one that failed would leave a timer
	}
	s.out.onEmpty(func() { s.Cut(code, reason) })
	time.AfterFunc(finishWait, func() { s.Cut(code, reason) })
}

// Cut closes the connection now, with that code unless it is closed already.
func (s *Socket) Cut(code int, reason string) {
	if !s.CloseWith(code) {
		return
	}
	s.out.close()
	s.HangUp(code, reason)
}

// PutCorked is put for the dispatcher: nothing leaves before uncork, which has to be called when it tells so.
func (s *Socket) PutCorked(line []byte) (first bool) {
	first, fits := s.out.putCorked(line)
	if !fits {
		s.Cut(chat.CloseSlow, "fell behind")
	}
	return first
}
