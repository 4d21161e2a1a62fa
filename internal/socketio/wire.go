// What is below a transport: writing that may not stall, and not into the middle of a frame.

package socketio

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// wire is the connection below a WebSocket. The library writes its handshake to it, and by itself at any time
// the close frame that answers another one or what is wrong.
type wire struct {
	net.Conn
	busy sync.Mutex // held while frames are sent
}

// send writes whole frames.
func (w *wire) send(frames []byte) error {
	w.busy.Lock()
	defer w.busy.Unlock()
	return writePieces(w.Conn, w.Conn.SetWriteDeadline, frames)
}

// Write is for the library. In the middle of a frame there is no place for another one, and nothing is lost by
// one less: the connection ends after it.
func (w *wire) Write(p []byte) (int, error) {
	if !w.busy.TryLock() {
		return len(p), nil
	}
	defer w.busy.Unlock()
	w.Conn.SetWriteDeadline(time.Now().Add(lingerWait)) // a connection that has failed is found by its reader
	return w.Conn.Write(p)
}

// SetWriteDeadline is for the library too, whose deadlines are not those of the frame under way.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// writePieces writes all, as long as it does not stall.
func writePieces(w io.Writer, setDeadline func(time.Time) error, p []byte) error {
	for len(p) > 0 {
		setDeadline(time.Now().Add(writeWait)) // what knows no deadlines waits
		n, err := w.Write(p[:min(len(p), maxPiece)])
		if err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// reasonOf says why a session ends whose connection failed.
func reasonOf(err error) Reason {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return Slow
	}
	return Lost
}

// buffers are for frames on their way to a connection; each is a *[]byte.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// putBuffer gives a buffer back; one that grew beyond the usual is left to the garbage collector.
func putBuffer(buffer *[]byte) {
	if cap(*buffer) <= 2*maxWrite {
		buffers.Put(buffer)
	}
}
