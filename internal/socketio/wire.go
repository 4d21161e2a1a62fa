// The wire: writing to a connection without stalling for ever, and never into the middle of another frame.

package socketio

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// wire is the connection below a WebSocket. The WebSocket library writes its handshake to it. At any time it
// may also write a close frame, to answer the client's close frame or an error.
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

// Write is for the library. While frames are being sent it drops what the library writes, since that would
// land in the middle of a frame. Nothing is lost by that: it would be a close frame, and the connection ends
// anyway.
func (w *wire) Write(p []byte) (int, error) {
	if !w.busy.TryLock() {
		return len(p), nil
	}
	defer w.busy.Unlock()
	// Errors do not matter here: the reader finds out that the connection has failed.
	w.Conn.SetWriteDeadline(time.Now().Add(lingerWait))
	return w.Conn.Write(p)
}

// SetWriteDeadline is for the library too. It does nothing, since send and Write set deadlines themselves.
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// writePieces writes p in pieces. It fails when the writer takes longer than writeWait for one piece.
func writePieces(w io.Writer, setDeadline func(time.Time) error, p []byte) error {
	for len(p) > 0 {
		setDeadline(time.Now().Add(writeWait)) // a writer that does not support deadlines waits
		n, err := w.Write(p[:min(len(p), maxPiece)])
		if err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// reasonOf returns the reason with which a session ends when writing to its connection fails with err.
func reasonOf(err error) Reason {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return Slow
	}
	return Lost
}

// buffers holds buffers for frames on their way to a connection; each is a *[]byte.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// putBuffer gives a buffer back. It leaves a buffer that grew beyond the usual size to the garbage collector.
func putBuffer(buffer *[]byte) {
	if cap(*buffer) <= 2*maxWrite {
		buffers.Put(buffer)
	}
}
