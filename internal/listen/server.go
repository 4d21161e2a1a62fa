// HTTP servers with bounds on how long a client may take and how many connections there are.

package listen

import (
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// How long an HTTP client may take, and how long its headers may be. These bounds end for a connection that
// becomes a socket.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 30 * time.Second
	writeTimeout   = time.Minute
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 32 << 10
)

// NewServer makes an HTTP server with the time limits above and at most maxConnections connections.
func NewServer(handler http.Handler, maxConnections int) *http.Server {
	bound := connections{most: int64(maxConnections)}
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes, ConnState: bound.watch,
		DisableGeneralOptionsHandler: true, // so that the handler refuses OPTIONS * under a foreign name too
		ErrorLog:                     slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}

// connections counts the connections of an HTTP server, without those that became sockets.
type connections struct {
	most int64
	open atomic.Int64
}

// watch counts a connection by its states. It closes a new connection at once when there are too many, since
// there is no request yet that could be refused.
func (c *connections) watch(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if c.open.Add(1) > c.most {
			conn.Close() // the server notices that by itself
		}
	case http.StateClosed, http.StateHijacked:
		c.open.Add(-1)
	}
}
