// The outbox: holds the lines that wait to be sent to one socket, and bounds their bytes. Lines that wait
// leave together in one frame, as soon as the connection takes it. So under load many lines share a frame,
// and when it is quiet no line is delayed.

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
	if o.closed {
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

// sendAndUnlock writes everything that may leave now. When another goroutine is writing it leaves the lines
// to that goroutine.
func (o *outbox) sendAndUnlock() {
	if o.writing || o.corked {
		o.mu.Unlock()
		return
	}
	o.writeAndUnlock()
}

// maxTries bounds the frames that one call writes. A full outbox does not hold many more, but while they are
// written new lines may come without an end.
const maxTries = 32

// writeAndUnlock writes frames as long as there are any and the connection takes them at once. It leaves the
// rest to a goroutine.
func (o *outbox) writeAndUnlock() {
	o.writing = true
	buffer := buffers.Get().(*[]byte) // shared: a buffer per outbox would cost memory for every idle socket
	defer putBuffer(buffer)
	for tries := 0; o.nextLocked(buffer); tries++ {
		long := o.longLocked()
		o.mu.Unlock()
		n, m, err := 0, 0, error(nil)
		if tries < maxTries {
			n, err = o.wire.try(*buffer)
			if err == nil && n == len(*buffer) && len(long) > 0 {
				m, err = o.wire.try(long)
			}
		}
		if err != nil {
			o.wire.close()
			return // leave o.writing set, so that nobody writes to a broken connection
		}
		if n < len(*buffer) || m < len(long) {
			o.leave(bytes.Clone((*buffer)[n:]), long[m:])
			return
		}
		o.mu.Lock()
	}
	o.doneAndUnlock()
}

// leave starts a goroutine that writes the rest, unless end has been called: end waits for the last
// goroutine, so no other may start.
func (o *outbox) leave(rest, long []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.ended {
		o.keepLocked(len(rest))
		o.stalled.Go(func() { o.wait(rest, long) })
	}
}

// keepLocked counts the copy of bytes that the goroutine holds. It holds them while the lines themselves may be
// gone already.
func (o *outbox) keepLocked(bytes int) {
	if o.unread != nil {
		o.unread.Add(bytes - o.rest)
	}
	o.rest = bytes
}

// longLocked returns the text of the long line that is being written.
func (o *outbox) longLocked() []byte {
	if o.long == nil {
		return nil
	}
	return o.long.text
}

// wait writes the bytes that the connection did not take at once, first those of a copy and then those of a
// long line, and then the lines that gather meanwhile. It may wait for the connection.
func (o *outbox) wait(rest, long []byte) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic while writing to a socket", "panic", p, "stack", string(debug.Stack()))
			o.wire.close()
		}
	}()
	for {
		err := o.wire.write(rest)
		if err == nil && len(long) > 0 {
			err = o.wire.write(long)
		}
		if err != nil {
			o.late.Store(errors.Is(err, os.ErrDeadlineExceeded))
			o.wire.close()
			return
		}
		o.mu.Lock()
		if !o.nextLocked(&rest) {
			o.doneAndUnlock()
			return
		}
		o.keepLocked(len(rest))
		long = o.longLocked()
		o.mu.Unlock()
	}
}

// doneAndUnlock ends the writing when there is nothing to send, and calls what onEmpty was given.
func (o *outbox) doneAndUnlock() {
	o.writing = false
	o.keepLocked(0)
	empty := o.empty
	o.mu.Unlock()
	if empty != nil {
		empty()
	}
}

// writtenLocked counts what has been written as gone.
func (o *outbox) writtenLocked() {
	o.bytes -= o.sending
	o.sending = 0
	if o.long != nil {
		if o.long.apart {
			o.welcome = 0
		}
		o.long.release(o.unread)
		o.long = nil
	}
	o.keepLocked(0)
}

// nextLocked puts the next bytes to write into the buffer: the control frames that wait, and then one frame
// with as many lines as fit. A line that is longer than a frame is not copied: then the buffer has only its
// header, and o.long is the line. It returns false when there is nothing to write.
func (o *outbox) nextLocked(buffer *[]byte) bool {
	o.writtenLocked()
	p := append((*buffer)[:0], o.control...)
	o.control = nil
	if o.opened && len(o.lines) > 0 {
		n, size := 1, len(o.lines[0].text)
		for n < len(o.lines) && size+1+len(o.lines[n].text) <= maxFrame {
			size += 1 + len(o.lines[n].text)
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
				p = appendTextHeader(p, len(line.text))
			case i > 0:
				p = append(p, '\n')
			}
			if !line.apart {
				o.sending += len(line.text)
			}
			if len(line.text) > maxFrame {
				o.long = line
				o.written += int64(len(line.text))
				continue
			}
			p = append(p, line.text...)
			line.release(o.unread)
			if line.apart {
				o.welcome = 0
			}
		}
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

// maxControl is how many bytes of control frames may wait; each frame has at most 127 bytes.
const maxControl = 1 << 10

// appendTextHeader appends the header of a text frame from a server, after RFC 6455 section 5.2.
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

// buffers holds buffers for frames on their way to a connection; each is a *[]byte.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// putBuffer gives a buffer back. It leaves a buffer that grew beyond the usual frame to the garbage
// collector.
func putBuffer(buffer *[]byte) {
	if cap(*buffer) <= 2*maxFrame {
		buffers.Put(buffer)
	}
}
