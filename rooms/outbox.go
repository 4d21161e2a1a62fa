// An outbox holds what one socket has not been sent yet, bounded in bytes. What waits leaves together as one
// frame, as soon as the connection takes it: so frames merge by themselves under load, and nothing is delayed
// when it is quiet.

package rooms

import (
	"bytes"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// maxFrame is how many bytes of lines are merged into one frame; a longer line is a frame of its own.
const maxFrame = 64 << 10

// wire is the connection an outbox writes to.
type wire interface {
	// try writes what the connection takes without waiting and tells how much that was.
	try(p []byte) (int, error)
	// write waits until all is written; it fails when that stalls for writeWait.
	write(p []byte) error
	// close ends the connection, and a write that waits.
	close()
}

// outbox starts held: lines gather until open puts the first one before them. Its methods never wait, and are
// safe from any goroutine. Whoever finds something to write and nobody writing does it; what the connection
// does not take at once, or what never ends, is left to a goroutine that ends when nothing waits any more.
type outbox struct {
	limit    int
	wire     wire
	separate bool // each line is a frame of its own; several leave together all the same

	mu      sync.Mutex
	lines   [][]byte // each one or several, with newlines between
	control []byte   // control frames of the session, for the next gap between frames
	bytes   int      // of lines, waiting and under way
	sending int      // of those, in the frame under way
	opened  bool
	corked  bool // nothing is sent until uncork
	writing bool // somebody is; only they touch the wire
	closed  bool
	ended   bool   // so is the connection: nobody waits for it any more
	empty   func() // called once nothing waits any more
	frames  int64  // written
	written int64  // bytes of them

	stalled sync.WaitGroup // the goroutine that waits for the connection
	late    atomic.Bool    // it waited for too long
}

// put queues a line and tells false when the outbox is full. One line always fits, however long.
func (o *outbox) put(line []byte) bool {
	o.mu.Lock()
	o.makeRoomLocked(line)
	fits := o.addLocked(line)
	o.sendAndUnlock()
	return fits
}

// PutCorked is put for many lines to many sockets: nothing leaves before uncork, unless the outbox would be
// full otherwise. first tells whether uncork has to be called.
func (o *outbox) putCorked(line []byte) (first, fits bool) {
	o.mu.Lock()
	o.makeRoomLocked(line)
	first = !o.corked && !o.closed // the close frame of one that is closed has not to wait
	o.corked = o.corked || first
	fits = o.addLocked(line)
	o.mu.Unlock()
	return first, fits
}

// makeRoomLocked sends what is corked when a line would not fit behind it.
func (o *outbox) makeRoomLocked(line []byte) {
	if o.corked && !o.writing && o.bytes > 0 && o.bytes+len(line) > o.limit {
		o.writeAndUnlock()
		o.mu.Lock()
	}
}

// uncork sends what was put since PutCorked.
func (o *outbox) uncork() {
	o.mu.Lock()
	o.corked = false
	o.sendAndUnlock()
}

func (o *outbox) addLocked(line []byte) bool {
	if o.closed {
		return true
	}
	if o.bytes > 0 && o.bytes+len(line) > o.limit {
		return false
	}
	o.lines = append(o.lines, line)
	o.bytes += len(line)
	return true
}

// putEphemeral queues a line unless the outbox is half full, not open yet or closed.
func (o *outbox) putEphemeral(line []byte) {
	o.mu.Lock()
	if o.opened && o.bytes+len(line) <= o.limit/2 {
		o.addLocked(line)
	}
	o.sendAndUnlock()
}

// putControl queues a finished control frame of the session. Behind a frame that the connection does not take
// there is no use for many of them.
func (o *outbox) putControl(frame []byte) {
	o.mu.Lock()
	if len(o.control) == 0 || len(o.control)+len(frame) <= maxControl {
		o.control = append(o.control, frame...)
	}
	o.sendAndUnlock()
}

// open puts a line, if any, before all that gathered and lets them go.
func (o *outbox) open(first []byte) {
	o.mu.Lock()
	if !o.closed {
		if first != nil {
			o.lines = append([][]byte{first}, o.lines...)
			o.bytes += len(first)
		}
		o.opened = true
	}
	o.sendAndUnlock()
}

// onEmpty has fn called once nothing waits any more: at once when nothing does.
func (o *outbox) onEmpty(fn func()) {
	o.mu.Lock()
	if !o.closed {
		o.empty = fn
	}
	o.sendAndUnlock()
}

// close drops what waits; no line is accepted any more.
func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed, o.lines, o.empty = true, nil, nil
	o.corked = false // the close frame may go
}

// end is close for a connection that has been closed; nothing runs for it afterwards.
func (o *outbox) end() {
	o.close()
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.stalled.Wait()
}

// busy tells whether a write is under way; whoever does it also writes what was put meanwhile.
func (o *outbox) busy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.writing
}

// sendAndUnlock writes all that may leave now, unless somebody is at it: they will find it.
func (o *outbox) sendAndUnlock() {
	if o.writing || o.corked {
		o.mu.Unlock()
		return
	}
	o.writeAndUnlock()
}

// maxTries bounds the frames that one call writes. A full outbox has not many more, but while they are
// written others may come without an end.
const maxTries = 32

func (o *outbox) writeAndUnlock() {
	o.writing = true
	buffer := buffers.Get().(*[]byte) // see there
	defer putBuffer(buffer)
	for tries := 0; o.nextLocked(buffer); tries++ {
		o.mu.Unlock()
		n, err := 0, error(nil)
		if tries < maxTries {
			n, err = o.wire.try(*buffer)
		}
		if err != nil {
			o.wire.close()
			return // and stays writing: nobody else need try
		}
		if n < len(*buffer) {
			o.leave(bytes.Clone((*buffer)[n:]))
			return
		}
		o.mu.Lock()
	}
	o.doneAndUnlock()
}

// leave leaves the writing to a goroutine, unless end waits for the last of them already.
func (o *outbox) leave(rest []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.stalled.Go(func() { o.wait(rest) })
	}
}

// wait writes what the connection did not take at once, and all that gathers meanwhile.
func (o *outbox) wait(rest []byte) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic while writing to a socket", "panic", p, "stack", string(debug.Stack()))
			o.wire.close()
		}
	}()
	for {
		if err := o.wire.write(rest); err != nil {
			o.late.Store(errors.Is(err, os.ErrDeadlineExceeded))
			o.wire.close()
			return
		}
		o.mu.Lock()
		if !o.nextLocked(&rest) {
			o.doneAndUnlock()
			return
		}
		o.mu.Unlock()
	}
}

// doneAndUnlock ends the writing, once nothing may leave any more.
func (o *outbox) doneAndUnlock() {
	o.writing = false
	empty := o.empty
	o.mu.Unlock()
	if empty != nil {
		empty()
	}
}

// nextLocked puts what leaves next into the buffer: the control frames that wait, and a frame of as many
// lines as fit into one. It tells whether there is anything.
func (o *outbox) nextLocked(buffer *[]byte) bool {
	o.bytes -= o.sending
	o.sending = 0
	p := append((*buffer)[:0], o.control...)
	o.control = nil
	if o.opened && len(o.lines) > 0 {
		n, size := 1, len(o.lines[0])
		for n < len(o.lines) && size+1+len(o.lines[n]) <= maxFrame {
			size += 1 + len(o.lines[n])
			n++
		}
		frames := 1
		if o.separate {
			frames = n
		} else {
			p = appendTextHeader(p, size)
		}
		for i, line := range o.lines[:n] {
			switch {
			case o.separate:
				p = appendTextHeader(p, len(line))
			case i > 0:
				p = append(p, '\n')
			}
			p = append(p, line...)
		}
		o.sending = size - (n - 1)
		o.frames += int64(frames)
		o.written += int64(len(p))
		clear(o.lines[:n])
		if o.lines = o.lines[n:]; len(o.lines) == 0 {
			o.lines = nil
		}
	}
	*buffer = p
	return len(p) > 0
}

// maxControl bounds the control frames that wait; each has at most 127 bytes.
const maxControl = 1 << 10

// appendTextHeader appends the header of a text frame from a server, RFC 6455 section 5.2.
func appendTextHeader(p []byte, size int) []byte {
	const finalText = 0x81
	switch {
	case size < 126:
		return append(p, finalText, byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(p, finalText, 126), uint16(size))
	default:
		return binary.BigEndian.AppendUint64(append(p, finalText, 127), uint64(size))
	}
}

// buffers are for frames on their way to the connection; each is a *[]byte.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// putBuffer gives a buffer back; one that grew beyond the usual frame is left to the garbage collector.
func putBuffer(buffer *[]byte) {
	if cap(*buffer) <= 2*maxFrame {
		buffers.Put(buffer)
	}
}
