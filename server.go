// The HTTP server: Echo, what every request passes through, the one error reply, and shutting down.

package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/listen"
	"parley/internal/origin"
	"parley/rooms"
	"parley/ui"
)

const (
	shutdownTimeout = 8 * time.Second
	corsAge         = time.Hour // for which a browser remembers what a foreign page may ask
)

// Server is the HTTP door.
type Server struct {
	cfg     Config
	actions *actions.Actions
	tokens  *Tokens
	sockets *SocketDoor
	clients *SocketIODoor
	origins *origin.Rule
	proxies proxies
	metrics *Metrics // nil: not on the address of everything else
	echo    *echo.Echo
}

// NewServer wires the doors to the actions.
func NewServer(cfg Config, actions *actions.Actions, rooms *rooms.Rooms) (*Server, error) {
	tokens, err := NewTokens(actions.TokenKey, time.Now)
	if err != nil {
		return nil, err
	}
	origins, err := origin.New(cfg.URL, cfg.AllowOrigin)
	if err != nil {
		return nil, err
	}
	trusted, err := parseProxies(cfg.TrustedProxy)
	if err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, actions: actions, tokens: tokens, origins: origins, proxies: trusted,
		sockets: NewSocketDoor(cfg.Limits, actions, rooms, tokens),
	}
	s.clients = NewSocketIODoor(cfg.Limits, s.sockets, s.visit)
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.replyError
	e.IPExtractor = trusted.address
	e.JSONSerializer = plainJSON{}
	e.Use(s.log, s.recover, plainHeaders)
	if len(cfg.AllowOrigin) > 0 {
		e.Use(middleware.CORSWithConfig(middleware.CORSConfig{
			AllowOrigins: cfg.AllowOrigin, AllowCredentials: true,
			AllowHeaders: []string{echo.HeaderContentType, echo.HeaderAuthorization},
			MaxAge:       int(corsAge.Seconds()),
		}))
	}
	s.echo = e
	s.routes()
	return s, nil
}

// Serve answers on the listeners until ctx ends, then stops in order: no new connections, sockets told to
// come back, requests under way finished. It returns once nothing is under way any more.
func (s *Server) Serve(ctx context.Context, listeners []net.Listener) error {
	httpServer := listen.NewServer(s.echo, s.cfg.Sockets)
	failed := make(chan error, len(listeners))
	for _, ln := range listeners {
		go func() { failed <- httpServer.Serve(ln) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	slog.Info("stopping")
	stopping, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	requests := make(chan error, 1)
	go func() { requests <- httpServer.Shutdown(stopping) }()
	if closeErr := s.clients.Close(stopping); closeErr != nil {
		slog.Warn("clients of Socket.IO lingered past the time to stop")
	}
	s.sockets.Close(stopping)
	if shutdownErr := <-requests; shutdownErr != nil {
		err = errors.Join(err, shutdownErr, httpServer.Close())
	}
	return err
}

// log writes one line for each request. Paths carry no secrets: codes travel in fragments and bodies.
func (s *Server) log(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err)
		}
		attrs := []any{
			"method", c.Request().Method, "path", c.Request().URL.Path, "status", c.Response().Status,
			"bytes", c.Response().Size, "ms", time.Since(start).Milliseconds(), "address", c.RealIP(),
		}
		if by, ok := c.Get(callerKey).(access.Caller); ok {
			attrs = append(attrs, "user", by.User)
		}
		if c.Path() != socketPath && c.Path() != socketIOPath+"*" { // these doors log who comes and goes themselves
			slog.Info("request", attrs...)
		}
		return nil
	}
}

// plainHeaders keeps browsers from taking an answer for anything but what it says it is.
func plainHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderXContentTypeOptions, "nosniff")
		return next(c)
	}
}

// recover turns a panic into an answer and a logged stack; it ends the request, never the process.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { // net/http compares it so
					panic(p)
				}
				slog.Error("panic in a request", "path", c.Request().URL.Path, "panic", p, "stack", string(debug.Stack()))
				err = chat.Errorf(chat.Internal, "a fault of the server")
			}
		}()
		return next(c)
	}
}

// problem is an error as RFC 9457 has it.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	*chat.Error
}

// replyError is the only place that answers an error over HTTP.
func (s *Server) replyError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	refused := s.refusalOf(err)
	s.sockets.counts.refusals.Add(refused.Code)
	status := statusOf(refused.Code)
	body, err := json.Marshal(problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Error: refused,
	})
	if err != nil {
		slog.Error("encode a problem", "error", err)
	}
	if refused.RetryAfter > 0 {
		seconds := (refused.RetryAfter + 999) / 1000
		c.Response().Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	if err := c.Blob(status, "application/problem+json", body); err != nil {
		slog.Debug("answer an error", "error", err)
	}
}

// refusalOf also understands Echo's own errors, which come from routing.
func (s *Server) refusalOf(err error) *chat.Error {
	var he *echo.HTTPError
	if !errors.As(err, &he) {
		return actions.Refusal(err)
	}
	switch he.Code {
	case http.StatusNotFound:
		return chat.Errorf(chat.NotFound, "there is no such address")
	case http.StatusMethodNotAllowed:
		return chat.Errorf(chat.BadRequest, "this address does not take that method")
	}
	return chat.Errorf(chat.BadRequest, "%v", he.Message)
}

// statuses are those of docs/protocol.md, "Errors".
var statuses = map[chat.Code]int{
	chat.BadRequest: http.StatusBadRequest, chat.Invalid: http.StatusUnprocessableEntity,
	chat.SignedOut: http.StatusUnauthorized, chat.WrongCredentials: http.StatusUnauthorized,
	chat.Forbidden: http.StatusForbidden, chat.NotFound: http.StatusNotFound,
	chat.NameTaken: http.StatusConflict, chat.AlreadySetUp: http.StatusConflict,
	chat.ClientIDReused: http.StatusConflict, chat.KeyReused: http.StatusConflict,
	chat.LastOwner: http.StatusConflict,
	chat.Deleted:   http.StatusConflict, chat.TooManyReactions: http.StatusConflict,
	chat.MessageTooLong: http.StatusRequestEntityTooLarge, chat.FrameTooBig: http.StatusRequestEntityTooLarge,
	chat.TooManyPeople: http.StatusUnprocessableEntity, chat.TooManyRooms: http.StatusConflict,
	chat.TooManyAttempts: http.StatusTooManyRequests, chat.RateLimited: http.StatusTooManyRequests,
	chat.Busy: http.StatusServiceUnavailable, chat.Unavailable: http.StatusServiceUnavailable,
	chat.Unknown: http.StatusInternalServerError, chat.Internal: http.StatusInternalServerError,
}

func statusOf(code chat.Code) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// plainJSON writes JSON without escaping for HTML, and keeps what is private out of every cache.
type plainJSON struct{}

func (plainJSON) Serialize(c echo.Context, v any, _ string) error {
	c.Response().Header().Set("Cache-Control", "private, no-store")
	enc := json.NewEncoder(c.Response())
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (plainJSON) Deserialize(echo.Context, any) error { return errors.New("bodies are read by bind") }

// secure tells whether the browser speaks TLS with us or with the proxy in front.
func (s *Server) secure(r *http.Request) bool {
	scheme, _ := s.publicAddress(r)
	return scheme == "https"
}

// publicAddress is the scheme and host that the sender of the request used.
func (s *Server) publicAddress(r *http.Request) (scheme, host string) {
	if s.cfg.URL != "" {
		scheme, host, _ = strings.Cut(s.cfg.URL, "://")
		return scheme, host
	}
	return s.proxies.schemeAndHost(r)
}

// origin judges where a request comes from. A foreign one is logged with what would have been right, since
// behind a proxy that was not named every page is.
func (s *Server) origin(r *http.Request) origin.Verdict {
	scheme, host := s.publicAddress(r)
	verdict := s.origins.Check(r, scheme, host)
	if verdict == origin.Foreign {
		slog.Warn("refused a page of another site; behind a proxy, start with --url or --trusted-proxy",
			"origin", r.Header.Get("Origin"), "own", scheme+"://"+host)
	}
	return verdict
}

// visit is what a request that opens a connection says of its sender.
func (s *Server) visit(r *http.Request) (from origin.Verdict, cred credential, address string) {
	return s.origin(r), credentialOf(r, s.secure(r)), networkOf(s.proxies.address(r))
}

// client serves the browser's client: files, and its one page for every other address.
func (s *Server) client() echo.HandlerFunc { return echo.WrapHandler(ui.Handler()) }
