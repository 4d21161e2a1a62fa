// Package hijack takes a connection away from the HTTP server before the WebSocket handshake. So the
// goroutine of the request can end, with its grown stack and its buffers, while the connection lives on. It
// does not do the handshake.
package hijack

import (
	"bufio"
	"net"
	"net/http"
)

// Taken is the ResponseWriter of a request whose connection was taken from the server. The handshake hijacks
// the connection from it, or writes an answer to it when the request is no proper handshake. Only one
// goroutine may use it.
type Taken struct {
	// Conn is the connection that the handshake gets. The caller may replace it by one that wraps it.
	Conn net.Conn

	buffers *bufio.ReadWriter
	header  http.Header
}

// Take takes the connection of a request, and copies the headers that the answer has so far. It fails when
// the request has no connection of its own, as with HTTP/2.
func Take(w http.ResponseWriter) (*Taken, error) {
	conn, buffers, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok { // it wraps what is not to be in the way of sockets
		conn = wrapped.NetConn()
	}
	return &Taken{Conn: conn, buffers: buffers, header: w.Header().Clone()}, nil
}

// Hijack returns the connection and the HTTP server's buffers, and drops its own reference to the buffers.
func (t *Taken) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	buffers := t.buffers
	t.buffers = nil
	return t.Conn, buffers, nil
}

// Header returns the headers of the answer.
func (t *Taken) Header() http.Header { return t.header }

// WriteHeader answers a request that is no proper handshake, with a status and no body.
func (t *Taken) WriteHeader(status int) {
	answer := http.Response{
		ProtoMajor: 1, ProtoMinor: 1, StatusCode: status, Header: t.header, Close: true,
	}
	answer.Write(t.Conn) // an error does not matter: the connection is closed next
}

// Write drops the body of such an answer. The status is enough.
func (t *Taken) Write(p []byte) (int, error) { return len(p), nil }
