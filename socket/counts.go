// What the doors count: sockets and their frames.

package socket

import (
	"errors"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/internal/count"
	"parley/rooms"
)

// counts are guarded by Door.mu.
type counts struct {
	closed *count.Tally[int] // by close code
	opened int64
	frames int64 // to sockets that have left; each outbox counts its own
	bytes  int64 // of those frames
}

// closeCodes are ours and those that clients come with; anything else that a client closes with is counted
// together.
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

// leave counts a socket that has left, and takes over what its outbox has counted.
func (c *counts) leave(sock *rooms.Socket) {
	c.closed.Add(sock.CloseCode())
	of := sock.Traffic()
	c.frames += of.Frames
	c.bytes += of.Bytes
}

// Counts is what the doors of sockets have done since the start, and the sockets now.
type Counts struct {
	Opened int64         // sockets, signed in or not
	Closed map[int]int64 // sockets by close code; 0 is any other
	Frames int64         // written
	Bytes  int64         // of those frames

	Open         int   // sockets
	OutboxBytes  int64 // that wait for them all
	OutboxFilled int   // bytes that wait for the one that most wait for
}

// Counts reads them, and looks into every outbox.
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

// broke notes why a connection ends that nobody here has closed: with the client's own code, or because
// it took nothing of what waited for it.
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
