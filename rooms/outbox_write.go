// How an outbox writes: at once as much as its connection takes, and the rest on a goroutine that waits for it.

package rooms

import (
	"bytes"
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
)

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
