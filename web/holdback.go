// Refusals that cost their sender nothing: whoever goes on after them waits for the next one.

package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"parley/access"
	"parley/internal/listen"
)

// The keys of what holdBack and plainJSON need to know of a request.
const (
	paidKey   = "paid"   // true once the request has cost its caller something
	readerKey = "reader" // access.Caller: whose reads the answer counts as
	leaveKey  = "leave"  // func(): the request is no longer under way
)

// paid notes what a request has cost, and whom.
func paid(c echo.Context, cost access.Cost, by access.Caller) {
	c.Set(paidKey, !cost.IsFree())
	if cost.Reads > 0 {
		c.Set(readerKey, by)
	}
}

// holdBack is called before the head of every answer is written, of handlers outside the API too. It has an answer
// wait that cost its caller nothing, when there were too many of them: a refusal, and with far more of them anything
// else, such as the page. While a refusal waits, the request counts no more as under way, and its connection is closed
// before others when its place is needed. When too many wait already, the connection is closed after the answer.
func (s *Server) holdBack(c echo.Context) {
	if done, ok := c.Get(paidKey).(bool); ok && done {
		return
	}
	by, known := c.Get(callerKey).(access.Caller)
	if !known {
		by = access.Caller{Address: listen.Network(c.RealIP())}
	}
	ctx := c.Request().Context()
	ok := true
	switch {
	case c.Response().Status >= http.StatusBadRequest:
		if leave, ok := c.Get(leaveKey).(func()); ok {
			leave()
		}
		listen.Idle(ctx)
		_, ok = s.actions.HoldBack(ctx, by)
	case !s.ofSession(c):
		ok = s.actions.HoldServed(ctx, by)
	}
	if !ok {
		c.Response().Header().Set("Connection", "close")
	}
}

// ofSession tells whether a request belongs to a session of Socket.IO that is open. Its door counts what comes with it,
// and a poll is answered only when there is something to tell.
func (s *Server) ofSession(c echo.Context) bool {
	return s.quiet[c.Path()] && c.Request().Method != http.MethodOptions && c.QueryParam("sid") != ""
}
