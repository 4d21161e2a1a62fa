// Package hijack takes a connection from the HTTP server before the WebSocket handshake, so that the goroutine
// of the request, with its grown stack and its buffers, can go while the connection lives.
package hijack

import (
	"bufio"
	"net"
	"net/http"
)

// Taken is the ResponseWriter of a request whose connection has been taken from the server. The handshake takes
// it from here in turn, or answers a request that is no proper handshake. It belongs to one goroutine.
type Taken struct {
	// Conn is what the handshake gets; it may be replaced by one that wraps it.
	Conn net.Conn

	buffers *bufio.ReadWriter
	header  http.Header
}

// Take takes a request's connection, with the headers that its answer has so far. It fails where there is none
// of its own, as with HTTP/2.
func Take(w http.ResponseWriter) (*Taken, error) {
	conn, buffers, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	return &Taken{Conn: conn, buffers: buffers, header: w.Header().Clone()}, nil
}

// Hijack hands the connection on, and lets go of the HTTP server's buffers.
func (t *Taken) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	buffers := t.buffers
	t.buffers = nil
	return t.Conn, buffers, nil
}

// Header is what the answer to the handshake carries.
func (t *Taken) Header() http.Header { return t.header }

// WriteHeader answers a request that is no proper handshake.
func (t *Taken) WriteHeader(status int) {
	answer := http.Response{
		ProtoMajor: 1, ProtoMinor: 1, StatusCode: status, Header: t.header, Close: true,
	}
	answer.Write(t.Conn) // the connection is closed next
}

// Write is for the body of such an answer; the status says it all.
func (t *Taken) Write(p []byte) (int, error) { return len(p), nil }
