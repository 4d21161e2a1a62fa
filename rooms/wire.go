// The wire: the connection below a socket's session. The outbox writes its frames to the wire directly, so
// that no goroutine of the session has to wake for each of them. What the session writes by itself (the
// answer to the upgrade, pings, pongs, closes) also goes through the outbox, so that no frame lands in the
// middle of another.

package rooms

import (
	"net"
	"syscall"
	"time"
)

// writeWait is how long a connection may take to accept maxPiece bytes. After that the socket is closed.
const writeWait = 10 * time.Second

// maxPiece is how many bytes are written at once, and the connection has writeWait for each such piece. A
// whole long line may need longer on a slow connection.
const maxPiece = 16 << 10

// wireConn is a connection whose writes all go through an outbox. Its other methods are those of the
// connection.
type wireConn struct {
	net.Conn
	raw syscall.RawConn // nil when the connection cannot be written to without waiting
	out *outbox
	now attempt
}

// newWire has an outbox write to a connection. The outbox is corked until the caller uncorks it.
func newWire(conn net.Conn, out *outbox) *wireConn {
	w := &wireConn{Conn: conn, out: out}
	if tcp, ok := conn.(*net.TCPConn); ok {
		w.raw, _ = tcp.SyscallConn() // when this fails, the outbox's goroutine makes every write
	}
	out.wire, out.corked = w, true
	return w
}

// Write takes the session's own frames. It never waits and never fails: the goroutine that reads from the
// connection finds out when the connection has failed.
func (w *wireConn) Write(p []byte) (int, error) {
	w.out.putControl(p)
	return len(p), nil
}

// SetWriteDeadline does nothing, since the outbox sets its own deadlines.
func (w *wireConn) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline sets the deadline for reads only.
func (w *wireConn) SetDeadline(t time.Time) error { return w.Conn.SetReadDeadline(t) }

// write writes p in pieces. It waits for the connection, up to writeWait for each piece.
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

func (w *wireConn) close() { w.Conn.Close() } // an error does not matter: the connection is over
