// The wire is the connection below a socket's session. Frames of the outbox are written to it directly, so
// that no goroutine of the session has to be woken for each; what the session writes by itself (the answer to
// the upgrade, pings, pongs, closes) goes through the outbox too, so that no frame is cut by another.

package rooms

import (
	"net"
	"syscall"
	"time"
)

// writeWait is for how long a write may stall before the socket is ended.
const writeWait = 10 * time.Second

// maxPiece is how much has to be taken in that time: a long line on a slow connection takes longer as a
// whole.
const maxPiece = 16 << 10

// wireConn is a connection whose writes all go through an outbox. Reads and all else are the connection's
// own.
type wireConn struct {
	net.Conn
	raw syscall.RawConn // nil where nothing can be written without waiting
	out *outbox
	now attempt
}

// newWire puts an outbox before a connection. It is corked until the socket is known.
func newWire(conn net.Conn, out *outbox) *wireConn {
	w := &wireConn{Conn: conn, out: out}
	if tcp, ok := conn.(*net.TCPConn); ok {
		w.raw, _ = tcp.SyscallConn() // without it each write waits on a goroutine of its own
	}
	out.wire, out.corked = w, true
	return w
}

// Write is for the session's own frames. It never waits; a connection that has failed is found by its reader.
func (w *wireConn) Write(p []byte) (int, error) {
	w.out.putControl(p)
	return len(p), nil
}

// SetWriteDeadline does nothing: the session's deadlines are not those of the outbox.
func (w *wireConn) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline sets that of reading.
func (w *wireConn) SetDeadline(t time.Time) error { return w.Conn.SetReadDeadline(t) }

func (w *wireConn) write(p []byte) error {
	for len(p) > 0 {
		if err := w.Conn.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
			return err
		}
		n, err := w.Conn.Write(p[:min(len(p), maxPiece)])
		if err != nil {
			return err
		}
		p = p[n:]
	}
	return w.Conn.SetWriteDeadline(time.Time{})
}

func (w *wireConn) close() { w.Conn.Close() } // whatever it says, it is over
