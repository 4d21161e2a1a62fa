// The outbox: holds the lines that wait to be sent to one socket, and bounds their bytes. Lines that wait
// leave together in one frame, as soon as the connection takes it. So under load many lines share a frame,
// and when it is quiet no line is delayed.

package rooms

import (
	"sync"
	"sync/atomic"

	"parley/internal/budget"
)

// maxFrame is how many bytes of lines go into one frame. A longer line gets a frame of its own.
const maxFrame = 64 << 10

// wire is the connection an outbox writes to.
type wire interface {
	// try writes as many bytes as the connection takes without waiting, and returns how many that were.
	try(p []byte) (int, error)
	// write waits until all bytes are written. It fails when the connection takes too little for writeWait.
	write(p []byte) error
	// close ends the connection, and with it a write that waits.
	close()
}

// outbox is the queue of lines to one socket. Its methods never wait and are safe from any goroutine, but end
// waits.
//
// A new outbox holds its lines back until open puts a first line before them. After that, a goroutine that
// calls a method and finds lines to send, while no other goroutine is writing, writes them itself. When the
// connection does not take everything at once, or lines come without an end, it leaves the rest to a
// goroutine of this outbox, which ends when nothing waits any more.
type outbox struct {
	limit    int
	wire     wire
	separate bool           // each line is a frame of its own; several frames still leave in one write
	unread   *budget.Budget // what waits here counts in it; nil in some tests

	mu      sync.Mutex
	lines   []*Line
	control []byte // control frames of the session, which leave before the next frame
	bytes   int    // the bytes of lines, waiting and being written, without those of a welcome
	sending int    // how many of these are in the frame that is being written
	welcome int    // the bytes of a welcome that waits or is being written
	long    *Line  // a line that is longer than a frame and is being written; it is not copied
	rest    int    // the bytes of a copy that the connection did not take at once
	opened  bool
	corked  bool   // nothing is sent until uncork is called
	writing bool   // a goroutine is writing; only that goroutine uses the wire
	closed  bool   // no line is accepted any more
	sealed  bool   // the last line has been queued: lines that come are dropped, those that wait are still sent
	ended   bool   // the connection is closed too, so no goroutine may start that waits for it
	empty   func() // called when nothing waits any more
	frames  int64  // how many frames were written
	written int64  // how many bytes they had

	stalled sync.WaitGroup // the goroutine that waits for the connection
	late    atomic.Bool    // that goroutine waited for too long
}

// put queues a line and returns false when the outbox is full. In an empty outbox a line of any length fits.
func (o *outbox) put(text []byte) bool {
	line := NewLine(text)
	o.mu.Lock()
	o.makeRoomLocked(line)
	fits := o.addLocked(line)
	o.sendAndUnlock()
	return fits
}

// putCorked is put for a caller with many lines for many sockets: nothing leaves before uncork, except when
// the outbox would be full otherwise. first tells whether the caller must call uncork later: only the first
// call after an uncork returns true.
func (o *outbox) putCorked(line *Line) (first, fits bool) {
	o.mu.Lock()
	o.makeRoomLocked(line)
	first = !o.corked && !o.closed // the close frame of a closed socket must not wait
	o.corked = o.corked || first
	fits = o.addLocked(line)
	o.mu.Unlock()
	return first, fits
}

// makeRoomLocked sends the corked lines when the next line would not fit behind them.
func (o *outbox) makeRoomLocked(line *Line) {
	if o.corked && !o.writing && o.bytes > 0 && o.bytes+len(line.text) > o.limit {
		o.writeAndUnlock()
		o.mu.Lock()
	}
}

// uncork sends the lines that were put since the outbox was corked.
func (o *outbox) uncork() {
	o.mu.Lock()
	o.corked = false
	o.sendAndUnlock()
}

func (o *outbox) addLocked(line *Line) bool {
	if o.closed || o.sealed {
		return true
	}
	if o.bytes > 0 && o.bytes+len(line.text) > o.limit {
		return false
	}
	line.hold(o.unread)
	o.lines = append(o.lines, line)
	o.bytes += len(line.text)
	return true
}

// waiting returns how many bytes wait, or are being written.
func (o *outbox) waiting() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes + o.welcome
}

// putEphemeral queues a line that may be lost. It drops the line when the outbox is half full, not open yet,
// or closed.
func (o *outbox) putEphemeral(line []byte) {
	o.mu.Lock()
	if o.opened && o.bytes+len(line) <= o.limit/2 {
		o.addLocked(NewLine(line))
	}
	o.sendAndUnlock()
}

// putControl queues a complete control frame of the session. It drops the frame when others wait and there is
// no room: while the connection takes nothing, many control frames are of no use.
func (o *outbox) putControl(frame []byte) {
	o.mu.Lock()
	if len(o.control) == 0 || len(o.control)+len(frame) <= maxControl {
		o.control = append(o.control, frame...)
	}
	o.sendAndUnlock()
}

// open puts the welcome before the lines that have gathered, unless it is nil, and lets them all be sent. A
// welcome may have any length, so it does not count against the limit. The caller has taken its bytes from the
// budget.
func (o *outbox) open(welcome []byte) {
	o.mu.Lock()
	first := &Line{text: welcome, apart: true}
	first.holders.Store(1)
	switch {
	case welcome == nil:
		o.opened = o.opened || !o.closed
	case o.closed:
		first.release(o.unread)
	default:
		o.lines = append([]*Line{first}, o.lines...)
		o.welcome, o.opened = len(welcome), true
	}
	o.sendAndUnlock()
}

// onEmpty has fn called when nothing waits any more, which may be at once. fn is called again each time the
// outbox runs empty, so it must do no harm when it is called twice.
func (o *outbox) onEmpty(fn func()) {
	o.mu.Lock()
	if !o.closed {
		o.empty = fn
	}
	o.sendAndUnlock()
}

// seal makes the line that was queued last the last one. Lines that come later are dropped.
func (o *outbox) seal() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sealed = true
}

// close drops the lines that wait. No line is accepted any more.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, line := range o.lines {
		line.release(o.unread)
		if line.apart {
			o.welcome = 0
		}
	}
	o.closed, o.lines, o.empty, o.bytes = true, nil, nil, o.sending
	o.corked = false // the close frame may go
}

// end closes the outbox of a connection that is closed, and waits for its goroutine. Nothing of the outbox
// runs afterwards.
func (o *outbox) end() {
	o.close()
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.stalled.Wait()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.writtenLocked() // a write that failed did not say so
}

// busy tells whether a goroutine is writing. That goroutine also writes the lines that are put meanwhile.
func (o *outbox) busy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.writing
}
