// The guards: they decide which requests reach a handler.

package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"parley/access"
	"parley/auth"
	"parley/chat"
	"parley/internal/listen"
	"parley/internal/origin"
	"parley/store"
)

func sessionCookie(secure bool, token string, expiresAt time.Time) *http.Cookie {
	return &http.Cookie{
		Name: auth.CookieName(secure), Value: token, Path: "/", Expires: expiresAt,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
}

// HasLogin tells whether a browser sends the cookie of a login, which may have ended.
func (s *Server) HasLogin(r *http.Request) bool {
	return auth.CredentialOf(r, s.secure(r)).Cookie
}

const callerKey = "caller"

// signedIn lets a request through if its token and its session are valid. It renews a cookie that is older
// than a day.
func (s *Server) signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	next = s.makeFew(next)
	return func(c echo.Context) error {
		secure := s.secure(c.Request())
		cred := auth.CredentialOf(c.Request(), secure)
		ticket, err := s.ticketOf(c.Request().Context(), cred)
		if err != nil {
			return err
		}
		c.Set(callerKey, ticket.Caller)
		leave, err := s.people.enter(ticket.Caller.User)
		if err != nil {
			return err
		}
		defer leave()
		listen.SignedIn(c.Request().Context(), int64(ticket.Caller.User))
		s.learnHost(c, ticket.Caller)
		if cred.Cookie && s.tokens.Now().Sub(ticket.IssuedAt) > auth.RenewAfter {
			s.renew(c, ticket.Caller)
		}
		return next(c)
	}
}

// errTokenEnded is what a program is told whose token does not work; a person signs in.
var errTokenEnded = chat.Errorf(chat.SignedOut, "the token in Authorization has expired, was revoked, or never was one")

// ticketOf finds out whose credential it is, and tells a program in its own words that its token does not work.
func (s *Server) ticketOf(ctx context.Context, cred auth.Credential) (auth.Ticket, error) {
	ticket, err := auth.TicketOf(ctx, s.tokens, s.actions, cred)
	if cred.Token != "" && !cred.Cookie && chat.IsCode(err, chat.SignedOut) {
		err = errTokenEnded
	}
	return ticket, err
}

// renew gives the caller's browser a new token. The session then lasts 30 days from now. While the server cannot
// store that, the next request tries again: nobody is kept from reading by it.
func (s *Server) renew(c echo.Context, by access.Caller) {
	if s.actions.Ready() != nil {
		return
	}
	expiresAt, err := s.actions.Prolong(by.Session)
	if err == nil {
		err = s.setCookie(c, store.Session{ID: by.Session, User: by.User, ExpiresAt: expiresAt.UnixMilli()})
	}
	if err != nil {
		slog.Warn("a session is not prolonged", "user", by.User, "error", err)
	}
}

func (s *Server) setCookie(c echo.Context, session store.Session) error {
	token, err := s.tokens.Issue(session)
	if err != nil {
		return err
	}
	c.SetCookie(sessionCookie(s.secure(c.Request()), token, time.UnixMilli(session.ExpiresAt)))
	return nil
}

// sameOrigin refuses requests that a page of another site makes a browser send, unless they only read. Without
// an Origin header, a request may change something only with a Bearer token or with no credential at all: a
// cookie could have been attached by a browser.
func (s *Server) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			return next(c)
		}
		switch s.origin(r) {
		case origin.Foreign:
			return auth.ErrForeignOrigin
		case origin.Missing:
			if s.HasLogin(r) {
				return auth.ErrNoOrigin
			}
		}
		return next(c)
	}
}

// signedInOrOperator is signedIn, and also lets the operator's commands through.
func (s *Server) signedInOrOperator(next echo.HandlerFunc) echo.HandlerFunc {
	signedIn := s.signedIn(next)
	return func(c echo.Context) error {
		cred := auth.CredentialOf(c.Request(), s.secure(c.Request()))
		if cred.Cookie || !s.tokens.IsOperator(cred.Token) {
			return signedIn(c)
		}
		c.Set(callerKey, access.Caller{Operator: true})
		return next(c)
	}
}
