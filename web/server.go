// Package web is the HTTP door: it turns requests into actions and results into answers. It holds the server,
// the guards, the typed routes and the handlers of the API. It has no rules of its own: those are in package
// actions. Which handler answers at which address is in the program's table of routes, handlers.go.
// WebSockets and Socket.IO have packages of their own, socket and socketio.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/internal/budget"
	"parley/internal/count"
	"parley/internal/listen"
	"parley/internal/origin"
	"parley/internal/seldom"
)

const (
	shutdownTimeout = 8 * time.Second
	// connectionsPerSocket is how many HTTP connections a person may have for each socket that they may have. A
	// client of Socket.IO that polls has two: one waits for events while the other brings them.
	connectionsPerSocket = 2
	corsAge              = time.Hour // how long a browser remembers what a foreign page may ask
)

// Server is the HTTP door. Its methods are safe from any goroutine once it serves.
type Server struct {
	site     Site
	limits   access.Limits
	actions  *actions.Actions
	tokens   *auth.Signer
	origins  *origin.Rule
	proxies  proxies
	refusals *count.Tally[chat.Code]
	quiet    map[string]bool // paths whose requests are not logged here
	probes   []string        // paths that are answered under every name
	foreign  *seldom.Log     // what the log says of foreign pages
	lost     *seldom.Log     // … and of proxies that do not pass on Upgrade
	names    *seldom.Log     // … and of names that nobody has confirmed
	host     string          // of the setting --url; empty without
	echo     *echo.Echo

	addresses *underWay[string]
	people    *underWay[chat.UserID]
	turns     *turns
}

// New makes a server without routes; Mount adds them. The server counts the requests that it refuses in
// refusals, and its answers that wait to be read in unread.
func New(
	site Site, limits access.Limits, acts *actions.Actions, tokens *auth.Signer, refusals *count.Tally[chat.Code],
	unread *budget.Budget,
) (*Server, error) {
	origins, err := origin.New(site.URL, site.AllowOrigin)
	if err != nil {
		return nil, err
	}
	trusted, err := parseProxies(site.TrustedProxy)
	if err != nil {
		return nil, err
	}
	e := echo.New()
	s := &Server{
		site: site, limits: limits, actions: acts, tokens: tokens, origins: origins, proxies: trusted,
		refusals: refusals, quiet: map[string]bool{}, echo: e,
		foreign:   seldom.New(tokens.Now),
		lost:      seldom.New(tokens.Now),
		names:     seldom.New(tokens.Now),
		addresses: newUnderWay[string](max(maxAddressRequests, 2*limits.SocketsPerAddress), "an address"),
		people:    newUnderWay[chat.UserID](maxPersonRequests, "a person"),
		turns:     newTurns(),
	}
	if _, host, given := strings.Cut(site.URL, "://"); given {
		s.host = access.HostName(host)
	}
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.replyError
	e.IPExtractor = trusted.address
	e.JSONSerializer = plainJSON{unread, acts.Owe}
	e.Pre(s.log, s.recover, s.setHeaders, s.knownHost, wellFormed)
	e.Use(s.pace)
	if len(site.AllowOrigin) > 0 {
		e.Use(middleware.CORSWithConfig(middleware.CORSConfig{
			AllowOrigins: site.AllowOrigin, AllowCredentials: true,
			AllowHeaders: []string{echo.HeaderContentType, echo.HeaderAuthorization},
			MaxAge:       int(corsAge.Seconds()),
		}))
	}
	return s, nil
}

// Serve answers on the listeners until ctx ends or a listener fails. Then it stops in this order: it accepts
// no new connections, closeSockets tells the sockets to come back, and the requests under way finish. It
// returns once nothing is under way any more.
func (s *Server) Serve(
	ctx context.Context, listeners []net.Listener, closeSockets func(context.Context),
) error {
	httpServer := listen.NewServer(s.echo, listen.Bounds{
		All: s.limits.Sockets, OfAddress: s.limits.SocketsPerAddress,
		OfPerson: connectionsPerSocket * s.limits.SocketsPerUser, Proxy: s.proxies.trusts,
	})
	https := strings.HasPrefix(s.site.URL, "https:")
	failed := make(chan error, len(listeners))
	for _, ln := range listeners {
		go func() { failed <- httpServer.Serve(listen.WithHeaders(ln, https)) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	slog.Info("stopping")
	s.actions.ReleaseHeld()
	stopping, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	requests := make(chan error, 1)
	go func() { requests <- httpServer.Shutdown(stopping) }()
	closeSockets(stopping)
	if shutdownErr := <-requests; shutdownErr != nil {
		err = errors.Join(err, shutdownErr, httpServer.Close())
	}
	return err
}

// log writes one line for each request, which nobody makes long. A path holds no secrets: codes travel in fragments
// and bodies.
func (s *Server) log(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		c.Response().Before(func() { s.holdBack(c) })
		if err := next(c); err != nil {
			c.Error(err)
		}
		attrs := []any{
			"method", short(c.Request().Method), "path", short(c.Request().URL.Path), "status", c.Response().Status,
			"bytes", c.Response().Size, "ms", time.Since(start).Milliseconds(), "address", c.RealIP(),
		}
		if by, ok := c.Get(callerKey).(access.Caller); ok {
			attrs = append(attrs, "user", by.User)
		}
		if !s.quiet[c.Path()] {
			slog.Info("request", attrs...)
		}
		return nil
	}
}

// recover turns a panic into an error answer and logs the stack. A panic ends its request, never the process.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { // net/http compares it in this way
					panic(p)
				}
				slog.Error("panic in a request",
					"path", short(c.Request().URL.Path), "panic", p, "stack", string(debug.Stack()))
				err = chat.ErrInternal
			}
		}()
		return next(c)
	}
}

// secure reports whether the browser uses TLS, with this server or with the proxy in front of it.
func (s *Server) secure(r *http.Request) bool {
	scheme, _ := s.publicAddress(r)
	return scheme == "https"
}

// publicAddress is the scheme and host that the sender of the request used, or those of the setting --url.
func (s *Server) publicAddress(r *http.Request) (scheme, host string) {
	if s.site.URL != "" {
		scheme, host, _ = strings.Cut(s.site.URL, "://")
		return scheme, host
	}
	return s.proxies.schemeAndHost(r)
}

// origin judges which page a request comes from. It logs a refusal with the origin that would have been
// allowed, since behind a proxy that no setting names every page looks foreign.
func (s *Server) origin(r *http.Request) origin.Verdict {
	scheme, host := s.publicAddress(r)
	verdict := s.origins.Check(r, scheme, host)
	if verdict == origin.Foreign {
		from := short(r.Header.Get("Origin"))
		s.foreign.Warn(from, "refused a page of another site; behind a proxy, start with --url or --trusted-proxy",
			"origin", from, "own", short(scheme+"://"+host))
	}
	return verdict
}

// short is as much as the log has of a text that anybody may send.
func short(text string) string { return text[:min(len(text), 200)] }

// Visit says who sends a request that opens a connection: whether a page of ours sends it, its credential,
// and the key under which limits count its address.
func (s *Server) Visit(r *http.Request) (from origin.Verdict, cred auth.Credential, address string) {
	if upgradeLost(r) {
		peer, _, _ := net.SplitHostPort(r.RemoteAddr)
		s.lost.Warn(peer, "a proxy in front of the server may not pass on Upgrade, and then nobody gets a WebSocket: "+
			"docs/operations.md, \"Behind a proxy\", has settings that do", "proxy", r.RemoteAddr)
	}
	return s.origin(r), auth.CredentialOf(r, s.secure(r)), listen.Network(s.proxies.address(r))
}
