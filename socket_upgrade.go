// The upgrade: a connection is taken from the HTTP server before the WebSocket handshake, so that the
// goroutine of the request, with its grown stack and its buffers, can go while the socket lives.

package main

import (
	"bufio"
	"net"
	"net/http"
)

// takenConnection is the ResponseWriter of a request whose connection has been taken from the server. The
// handshake takes it from here in turn, or answers a request that is no proper handshake.
type takenConnection struct {
	conn    *wireConn
	buffers *bufio.ReadWriter
	header  http.Header
}

// takeConnection takes a request's connection; what is written to it goes through the outbox.
func takeConnection(w http.ResponseWriter, out *outbox) (*takenConnection, error) {
	conn, buffers, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	return &takenConnection{conn: newWire(conn, out), buffers: buffers, header: w.Header().Clone()}, nil
}

// Hijack hands the connection on, and lets go of the HTTP server's buffers.
func (t *takenConnection) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	buffers := t.buffers
	t.buffers = nil
	return t.conn, buffers, nil
}

// Header is what the answer to the handshake carries.
func (t *takenConnection) Header() http.Header { return t.header }

// WriteHeader answers a request that is no proper handshake.
func (t *takenConnection) WriteHeader(status int) {
	answer := http.Response{
		ProtoMajor: 1, ProtoMinor: 1, StatusCode: status, Header: t.header, Close: true,
	}
	answer.Write(t.conn) // the connection is closed next
}

// Write is for the body of such an answer; the status says it all.
func (t *takenConnection) Write(p []byte) (int, error) { return len(p), nil }
