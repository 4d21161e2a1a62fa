// The HTTP API: the table of routes, and how a request is read. Each handler reads, acts and answers; the
// handlers of each noun are in handlers_NOUN.go.

package main

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"parley/actions"
	"parley/chat"
)

const socketPath = "/ws"

// routes is the contents page of the API. docs/protocol.md describes each.
func (s *Server) routes() {
	e := s.echo
	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)
	e.GET(socketPath, s.socket)
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
		e.Add(method, socketIOPath+"*", echo.WrapHandler(s.clients))
	}
	e.GET(metricsPath, s.showMetrics)

	anyone := e.Group("/api", s.sameOrigin, bodyBelow(maxAnonymousBody))
	anyone.GET("/server", s.showServer)
	anyone.POST("/setup", s.setUp)
	anyone.POST("/register", s.register)
	anyone.POST("/login", s.login)
	anyone.POST("/invites/check", s.checkInvite)

	mine := e.Group("/api", s.sameOrigin, s.signedIn, bodyBelow(s.cfg.FrameBytes))
	mine.POST("/logout", s.logout)
	mine.GET("/me", s.showMe)
	mine.PATCH("/me", s.changeProfile)
	mine.POST("/me/password", s.changePassword)
	mine.GET("/users", s.listUsers)
	mine.PATCH("/users/:user", s.changeUser)
	mine.PATCH("/server", s.changeServer)
	mine.GET("/invites", s.listInvites)
	mine.POST("/invites", s.createInvite)
	mine.DELETE("/invites/:invite", s.endInvite)

	mine.GET("/rooms", s.listRooms)
	mine.GET("/rooms/public", s.listPublicRooms)
	mine.POST("/rooms", s.createRoom)
	mine.POST("/directs", s.createDirect)
	mine.GET("/rooms/:room", s.showRoom)
	mine.PATCH("/rooms/:room", s.changeRoom)
	mine.POST("/rooms/:room/join", s.joinRoom)
	mine.POST("/rooms/:room/leave", s.leaveRoom)
	mine.GET("/rooms/:room/members", s.listMembers)
	mine.POST("/rooms/:room/members", s.addMembers)
	mine.PATCH("/rooms/:room/members/:user", s.changeMember)
	mine.DELETE("/rooms/:room/members/:user", s.removeMember)

	mine.GET("/rooms/:room/messages", s.listMessages)
	mine.POST("/rooms/:room/messages", s.postMessage)
	mine.PATCH("/rooms/:room/messages/:seq", s.editMessage)
	mine.DELETE("/rooms/:room/messages/:seq", s.deleteMessage)
	mine.PUT("/rooms/:room/messages/:seq/reactions/:emoji", s.addReaction)
	mine.DELETE("/rooms/:room/messages/:seq/reactions/:emoji", s.removeReaction)
	mine.PUT("/rooms/:room/read", s.markRead)
	mine.POST("/changes", s.listChanges)

	mine.GET("/notifications", s.listNotifications)
	mine.PUT("/notifications/read", s.readNotifications)
	e.Group("/api", s.sameOrigin, s.signedIn, bodyBelow(actions.MaxNotificationBytes)).POST("/notifications", s.notify)

	kept := e.Group("/api", s.sameOrigin, s.signedInOrOperator, bodyBelow(s.cfg.FrameBytes))
	kept.GET("/tokens", s.listTokens)
	kept.POST("/tokens", s.createToken)
	kept.DELETE("/tokens/:token", s.endToken)

	e.Any("/api/*", func(echo.Context) error { return echo.ErrNotFound })
	e.GET("/*", s.client())
	e.HEAD("/*", s.client())
}

// socket is the mount of the socket door.
func (s *Server) socket(c echo.Context) error {
	from, cred, address := s.visit(c.Request())
	return s.sockets.Serve(c.Response(), c.Request(), from, cred, address)
}

// healthz answers that the process is alive.
func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz answers whether the server can read and write.
func (s *Server) readyz(c echo.Context) error {
	if err := s.actions.Ready(); err != nil {
		return err
	}
	return c.String(http.StatusOK, "ok\n")
}

// showMetrics answers a scrape. Who may not see it is told what a server without metrics tells.
func (s *Server) showMetrics(c echo.Context) error {
	if s.metrics == nil || !s.metrics.allows(c.Request()) {
		return echo.ErrNotFound
	}
	s.metrics.ServeHTTP(c.Response(), c.Request())
	return nil
}

// maxAnonymousBody is enough for an account, and little for those who are not known to have one. A body of
// others is bounded as the frame of a socket is.
const maxAnonymousBody = 16 << 10

// bodyBelow bounds the bytes that a request may carry.
func bodyBelow(limit int) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			r.Body = http.MaxBytesReader(c.Response(), r.Body, int64(limit))
			return next(c)
		}
	}
}

// bind reads a JSON body of exactly one value without unknown fields.
func bind(c echo.Context, in any) error {
	r := c.Request()
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return chat.Errorf(chat.BadRequest, "send Content-Type: application/json")
	}
	err = chat.Decode(json.NewDecoder(r.Body), in)
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return &chat.Error{Code: chat.FrameTooBig, Limit: tooBig.Limit, Message: "the request is too big"}
	}
	return err
}

// number reads a whole number of the path; what is none names nothing.
func number[T ~int64](c echo.Context, name string) (T, error) {
	n, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || n < 0 {
		return 0, chat.Errorf(chat.NotFound, "there is no %s %q", name, c.Param(name))
	}
	return T(n), nil
}

// queryNumber reads a whole number of the query, 0 when it is not given.
func queryNumber(c echo.Context, name string) (int64, error) {
	text := c.QueryParam(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, chat.InvalidField(name, "a whole number")
	}
	return n, nil
}

// answer replies with what was found or done.
func answer(c echo.Context, value any, err error) error {
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, value)
}

// nothing replies that it was done.
func nothing(c echo.Context, err error) error {
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
