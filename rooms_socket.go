// A socket as the rooms see it: who is behind it, where it is, and its outbox.

package main

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

// dialect is how a socket is told what happens that does not speak the native wire. Both are called in the
// order of commits, welcome first, and must not wait; a change is told to others too, and must not be altered.
type dialect interface {
	welcome(*Socket, chat.Welcome)
	tell(*Socket, *chat.Change)
}

// Socket is one live connection. put, putEphemeral, finish and cut are safe from any goroutine.
type Socket struct {
	id      uint64 // for the log
	address string // as the limits count it
	since   time.Time
	out     outbox

	// Set by the door before the socket is noted as opening, and not changed after.
	caller  access.Caller
	dialect dialect                       // instead of the native wire
	hangUp  func(code int, reason string) // ends the connection; must not wait

	// Belong to the door, on the socket's reader.
	admitted bool // counts towards the bounds of the door
	opened   bool
	until    *time.Timer // ends the socket: no auth frame came, or the token ended

	closed    atomic.Int32 // the close code; 0 while it is open
	finishing atomic.Bool  // finish has been called
	writes    atomic.Int32 // under way

	// Guarded by Rooms.mu.
	rooms    map[chat.RoomID]struct{}
	recorded []chat.Change // for or about the user, or for everyone, that came while opening
	userRev  int64         // up to which private changes are known to it
	watching []chat.UserID
	away     bool
}

func newSocket(id uint64, address string, outboxBytes int) *Socket {
	s := &Socket{id: id, address: address, since: time.Now(), rooms: map[chat.RoomID]struct{}{}}
	s.out.limit = outboxBytes
	return s
}

// wire puts the outbox before a connection and gives what the connection's session is to use in its place. Nothing
// is written before uncork.
func (s *Socket) wire(conn net.Conn) net.Conn { return newWire(conn, &s.out) }

// uncork lets go of what was put while the outbox was corked.
func (s *Socket) uncork() { s.out.uncork() }

// frameEachLine has every line be a frame of its own, and opens the outbox: there is no welcome to wait for.
func (s *Socket) frameEachLine() {
	s.out.separate = true
	s.out.open(nil)
}

// end is for a connection that has closed: nothing runs for its outbox afterwards.
func (s *Socket) end(code int) {
	s.closeWith(code)
	s.out.end()
}

// closeCode is the code that the socket was closed with; 0 while it is open.
func (s *Socket) closeCode() int { return int(s.closed.Load()) }

// writing tells whether something is being written to the connection.
func (s *Socket) writing() bool { return s.out.busy() }

// stalledTooLong tells whether the connection took nothing for so long that it was given up.
func (s *Socket) stalledTooLong() bool { return s.out.late.Load() }

// outboxBytes is how much may wait in the outbox.
func (s *Socket) outboxBytes() int { return s.out.limit }

// traffic is what a socket's outbox has written, and the bytes that wait in it.
type traffic struct {
	frames, bytes int64 // written
	waiting       int   // bytes
}

func (s *Socket) traffic() traffic {
	s.out.mu.Lock()
	defer s.out.mu.Unlock()
	return traffic{frames: s.out.frames, bytes: s.out.written, waiting: s.out.bytes}
}

// beginWrite counts a write under way; Busy when there are too many.
func (s *Socket) beginWrite(limit int) error {
	if int(s.writes.Add(1)) <= limit {
		return nil
	}
	s.writes.Add(-1)
	return &chat.Error{Code: chat.Busy, Limit: int64(limit), Message: "too many changes under way on this socket"}
}

func (s *Socket) endWrite() { s.writes.Add(-1) }

// put queues a line, or several with newlines between. A socket that has not read what waits for it is cut
// off: its client comes back and asks for what it missed, so there is never a silent hole.
func (s *Socket) put(line []byte) {
	if !s.out.put(line) {
		s.cut(chat.CloseSlow, "fell behind")
	}
}

// putEphemeral queues a line that may be lost, and drops it when the socket is slow. No dialect has words for
// what may be lost.
func (s *Socket) putEphemeral(line []byte) {
	if s.dialect == nil {
		s.out.putEphemeral(line)
	}
}

// recordLocked keeps a change for a socket that is opening. One for which too much has to be kept is told to
// come later.
func (s *Socket) recordLocked(c *chat.Change) {
	if len(s.recorded) == maxRecorded {
		s.cut(chat.CloseLater, "too much changed while it was opening")
		return
	}
	s.recorded = append(s.recorded, *c)
}

// closeWith notes the close code, unless there is one already.
func (s *Socket) closeWith(code int) bool { return s.closed.CompareAndSwap(0, int32(code)) }

// finish closes the socket once what waits in its outbox is written, or after half a second.
func (s *Socket) finish(code int, reason string) {
	if s.finishing.Swap(true) {
		return // or each message after one that failed would leave a timer
	}
	s.out.onEmpty(func() { s.cut(code, reason) })
	time.AfterFunc(finishWait, func() { s.cut(code, reason) })
}

// cut closes the connection now, with that code unless it is closed already.
func (s *Socket) cut(code int, reason string) {
	if !s.closeWith(code) {
		return
	}
	s.out.close()
	s.hangUp(code, reason)
}

// putCorked is put for the dispatcher: nothing leaves before uncork, which has to be called when it tells so.
func (s *Socket) putCorked(line []byte) (first bool) {
	first, fits := s.out.putCorked(line)
	if !fits {
		s.cut(chat.CloseSlow, "fell behind")
	}
	return first
}
