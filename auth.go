// Who is asking: the tokens of logins, and where a request carries one.

package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/store"
)

const (
	tokenName  = "parley" // issuer and audience
	maxToken   = 4096     // bytes; ours are below 400
	renewAfter = 24 * time.Hour
	leeway     = 30 * time.Second // by which the clock may have been set back since a token was issued
)

// Tokens signs and checks the JWTs of sessions. It is safe from any goroutine.
type Tokens struct {
	key       []byte
	now       func() time.Time
	parser    *jwt.Parser
	operators *jwt.Parser // see auth_operator.go
}

// NewTokens refuses a key that is too short to be one.
func NewTokens(key []byte, now func() time.Time) (*Tokens, error) {
	if len(key) < 32 {
		return nil, errors.New("the key for tokens has less than 32 bytes")
	}
	parser := func(audience string) *jwt.Parser {
		return jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
			jwt.WithIssuer(tokenName), jwt.WithAudience(audience),
			jwt.WithExpirationRequired(), jwt.WithTimeFunc(now),
		)
	}
	return &Tokens{key: key, now: now, parser: parser(tokenName), operators: parser(operatorAudience)}, nil
}

// claims are those of RFC 7519 and the session.
type claims struct {
	jwt.RegisteredClaims
	Session chat.SessionID `json:"sid"`
}

// Issue makes the token of a session.
func (t *Tokens) Issue(s store.Session) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenName, Audience: jwt.ClaimStrings{tokenName},
			Subject:   strconv.FormatInt(int64(s.User), 10),
			IssuedAt:  jwt.NewNumericDate(t.now()),
			ExpiresAt: jwt.NewNumericDate(time.UnixMilli(s.ExpiresAt)),
		},
		Session: s.ID,
	}).SignedString(t.key)
}

// Ticket is what a token says. It is worth nothing until its session has been looked up.
type Ticket struct {
	Caller    access.Caller
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// Check reads a token; SignedOut for any that is not ours and good now.
func (t *Tokens) Check(token string) (Ticket, error) {
	if token == "" || len(token) > maxToken {
		return Ticket{}, store.ErrSignedOut
	}
	var c claims
	_, err := t.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.key, nil })
	if err != nil {
		return Ticket{}, store.ErrSignedOut
	}
	user, err := strconv.ParseInt(c.Subject, 10, 64)
	if err != nil || user <= 0 || c.Session == "" || c.IssuedAt == nil || c.IssuedAt.After(t.now().Add(leeway)) {
		return Ticket{}, store.ErrSignedOut
	}
	return Ticket{
		Caller:   access.Caller{User: chat.UserID(user), Session: c.Session},
		IssuedAt: c.IssuedAt.Time, ExpiresAt: c.ExpiresAt.Time,
	}, nil
}

// ticketOf finds out who a credential is of. The token of a program is looked up; that of a login is only
// read, and its session still to be looked up.
func ticketOf(ctx context.Context, tokens *Tokens, a *actions.Actions, cred credential) (Ticket, error) {
	if !actions.IsProgramToken(cred.token) {
		return tokens.Check(cred.token)
	}
	if cred.cookie || len(cred.token) > maxToken { // a cookie would be renewed, as a login
		return Ticket{}, store.ErrSignedOut
	}
	by, expiresAt, err := a.Program(ctx, cred.token)
	return Ticket{Caller: by, ExpiresAt: expiresAt}, err
}

// credential is the token of a request and whether a browser attached it by itself.
type credential struct {
	token  string
	cookie bool
}

func credentialOf(r *http.Request, secure bool) credential {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return credential{token: strings.TrimSpace(token)}
	}
	if cookie, err := r.Cookie(cookieName(secure)); err == nil {
		return credential{token: cookie.Value, cookie: true}
	}
	return credential{}
}

// cookieName binds the cookie to this host alone where browsers allow it, which is on TLS.
func cookieName(secure bool) string {
	if secure {
		return "__Host-parley"
	}
	return "parley"
}

// unless gives the credential, or the token that a client has named.
func (c credential) unless(token string) credential {
	if token == "" {
		return c
	}
	return credential{token: token}
}

// errForeignOrigin refuses what a page of another site asks for.
var errForeignOrigin = chat.Errorf(chat.Forbidden, "this request comes from another site")
