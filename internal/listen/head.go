// The heads of requests: how many lines they may have.

package listen

import (
	"errors"
	"net"
	"net/http"
)

// maxLines is how many lines the head of a request may have. The server holds each as a header, which takes sixteen
// times as much memory as a short line has bytes, and anybody may send a head and leave out its end.
const maxLines = 128

var errLines = errors.New("the head of the request has too many lines")

// head counts the lines of the head that is being read from a connection.
type head struct {
	read  bool // a head is being read
	lines int
	begun bool // something of the next line has come
}

// full tells whether the head has too many lines.
func (h *head) full() bool { return h.read && h.lines > maxLines }

// take counts what came, and returns how much of it there is up to a line that is too much. It stops at the empty line
// that ends the head; empty lines before the head do not count.
func (h *head) take(came []byte) int {
	for i, c := range came {
		switch {
		case c == '\n' && h.begun:
			h.begun = false
			if h.lines++; h.lines > maxLines {
				return i + 1
			}
		case c == '\n' && h.lines > 0:
			h.read = false
			return len(came)
		case c != '\r' && c != '\n':
			h.begun = true
		}
	}
	return len(came)
}

// follow notes whether a head or something else is read from a connection from now on. The HTTP server calls it on the
// goroutine that serves the connection, and reads nothing meanwhile.
func follow(conn net.Conn, state http.ConnState) {
	headed, ok := conn.(*headedConn)
	if !ok {
		return
	}
	switch state {
	case http.StateIdle:
		headed.head = head{read: true}
	case http.StateActive:
		headed.head.read = false
	}
}
