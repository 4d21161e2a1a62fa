package listen

import (
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// How long a client of HTTP may take. A connection is free of these once it is taken over as a socket.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 30 * time.Second
	writeTimeout   = time.Minute
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 32 << 10
)

// NewServer makes an HTTP server that bounds how long a connection may take and how many there may be.
func NewServer(handler http.Handler, maxConnections int) *http.Server {
	bound := connections{most: int64(maxConnections)}
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes, ConnState: bound.watch,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}

// connections counts those of an HTTP server, but for the ones that became sockets.
type connections struct {
	most int64
	open atomic.Int64
}

// watch follows a connection, and closes at once one that is too many: there is no request yet to refuse.
func (c *connections) watch(conn net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if c.open.Add(1) > c.most {
			conn.Close() // the server finds out by itself
		}
	case http.StateClosed, http.StateHijacked:
		c.open.Add(-1)
	}
}
