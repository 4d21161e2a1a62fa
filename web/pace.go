// Pace: an answer is given up when its client takes too little of it. A slow client that goes on reading gets
// all of it.

package web

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"parley/internal/listen"
)

// A client has writeWait for each maxPiece of an answer. These are the numbers of a socket too; a phone at the
// edge of its network is faster.
const (
	writeWait = 10 * time.Second
	maxPiece  = 16 << 10
)

// paced is a writer of an answer. It has a deadline for each piece, which every piece that is taken renews.
type paced struct {
	http.ResponseWriter
	control *http.ResponseController
	taken   func() // called when the connection leaves the hands of the server, to become a socket
}

// pace gives every answer a deadline that progress renews, and counts the request among those under way until
// it is answered or its connection becomes a socket.
func (s *Server) pace(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		leave, err := s.addresses.enter(listen.Network(c.RealIP()))
		if err != nil {
			return err
		}
		defer leave()
		c.Set(leaveKey, leave)
		w := c.Response().Writer
		c.Response().Writer = &paced{w, http.NewResponseController(w), leave}
		return next(c)
	}
}

// Unwrap returns the writer below, for http.ResponseController.
func (p *paced) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// Write writes in pieces. It fails when a piece is not taken within writeWait.
func (p *paced) Write(b []byte) (n int, err error) {
	for {
		if err := p.renew(); err != nil {
			return n, err
		}
		m, err := p.ResponseWriter.Write(b[:min(len(b), maxPiece)])
		n, b = n+m, b[m:]
		if err != nil || len(b) == 0 {
			return n, err
		}
	}
}

// FlushError sends what is buffered.
func (p *paced) FlushError() error {
	if err := p.renew(); err != nil {
		return err
	}
	return p.control.Flush()
}

func (p *paced) renew() error {
	err := p.control.SetWriteDeadline(time.Now().Add(writeWait))
	if errors.Is(err, http.ErrNotSupported) { // only in tests without a connection
		return nil
	}
	return err
}

// Hijack gives the connection away: it becomes a socket, which counts elsewhere.
func (p *paced) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := p.control.Hijack()
	if err == nil {
		p.taken()
	}
	return conn, buffered, err
}
