// Counts of the doors' sockets and of the frames written to them.

package socket

import (
	"errors"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/internal/count"
	"parley/rooms"
)

// counts holds what the doors count. It is guarded by Door.mu.
type counts struct {
	closed *count.Tally[int] // by close code
	opened int64
	frames int64 // to sockets that have left; the outbox of an open socket counts its own
	bytes  int64 // of those frames
}

// closeCodes are the codes that this server closes with and those that clients commonly close with. All other
// codes are counted together.
var closeCodes = []int{
	websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseProtocolError,
	websocket.CloseNoStatusReceived, websocket.CloseAbnormalClosure,
	chat.CloseInvalidText, chat.ClosePolicy, chat.CloseTooBig, chat.CloseRestart, chat.CloseLater,
	chat.CloseSignedOut, chat.CloseBanned, chat.CloseSlow, chat.CloseTooMany,
}

func newCounts() *counts {
	return &counts{
		closed: count.NewTally(closeCodes),
	}
}

// leave counts a socket that has left. It adds what the socket's outbox counted to the totals.
func (c *counts) leave(sock *rooms.Socket) {
	c.closed.Add(sock.CloseCode())
	of := sock.Traffic()
	c.frames += of.Frames
	c.bytes += of.Bytes
}

// Counts are what the doors have counted since the start, and what is open now.
type Counts struct {
	Opened int64         // sockets, signed in or not
	Closed map[int]int64 // sockets by close code; 0 stands for every other code
	Frames int64         // written
	Bytes  int64         // of those frames

	Open         int   // sockets that are open
	OutboxBytes  int64 // in all outboxes, not yet written
	OutboxFilled int   // bytes in the fullest outbox
}

// Counts reads the counts. It looks into every outbox.
func (d *Door) Counts() Counts {
	d.mu.Lock()
	defer d.mu.Unlock()
	counts := Counts{
		Closed: d.counts.closed.Read(),
		Opened: d.counts.opened, Open: len(d.all), Frames: d.counts.frames, Bytes: d.counts.bytes,
	}
	for sock := range d.all {
		of := sock.Traffic()
		counts.Frames += of.Frames
		counts.Bytes += of.Bytes
		counts.OutboxBytes += int64(of.Waiting)
		counts.OutboxFilled = max(counts.OutboxFilled, of.Waiting)
	}
	return counts
}

// broke sets the close code of a connection that ended without being closed by this server: the client's own
// code, or the code for a frame that was too big or for a client that did not read.
func broke(sock *rooms.Socket, err error) {
	var theirs *websocket.CloseError
	switch {
	case errors.As(err, &theirs):
		sock.CloseWith(theirs.Code)
	case errors.Is(err, websocket.ErrReadLimit):
		sock.CloseWith(chat.CloseTooBig)
	case sock.StalledTooLong():
		sock.CloseWith(chat.CloseSlow)
	}
}
