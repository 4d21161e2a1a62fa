// A socket as the rooms see it: who is behind it, where it is, and its outbox.

package main

import (
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"

	"parley/chat"
)

const (
	closeWait  = 100 * time.Millisecond // for the close frame to get through
	finishWait = 500 * time.Millisecond // for what waits in the outbox to get through before a close
)

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
	session *melody.Session
	address string // as the limits count it: see networkOf
	since   time.Time
	caller  Caller // set before the socket is noted as opening, and not changed after
	out     outbox

	// Set before the socket is noted as opening. A dialect instead of the outbox, and what ends the connection
	// of a socket that has no session.
	dialect dialect
	hangUp  func(code int, reason string)

	// Belong to the socket's reader.
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

// cut closes the connection now; behind a write under way the close frame gets a tenth of a second. It goes
// around melody's queue, where a close can be lost or wait for ever, and does not block.
func (s *Socket) cut(code int, reason string) {
	if !s.closeWith(code) {
		return
	}
	s.out.close()
	if s.hangUp != nil {
		s.hangUp(code, reason)
		return
	}
	conn := s.session.WebsocketConnection()
	go func() {
		frame := websocket.FormatCloseMessage(code, reason)
		conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeWait)) // best effort
		if s.out.busy() {
			// That may have begun since the outbox was closed: then it has the frame yet to write.
			<-time.After(closeWait)
		}
		conn.Close() // it is over either way
	}()
}

// putCorked is put for the dispatcher: nothing leaves before uncork, which has to be called when it tells so.
func (s *Socket) putCorked(line []byte) (first bool) {
	first, fits := s.out.putCorked(line)
	if !fits {
		s.cut(chat.CloseSlow, "fell behind")
	}
	return first
}
