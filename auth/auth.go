// Package auth finds out who sends a request: it makes and checks the JWTs of logins, and finds the token of
// a request in its header or its cookie. It does not know passwords, which are for package actions, and it
// does not decide what a caller may do, which is for package access.
package auth

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/bearer"
	"parley/store"
)

const (
	tokenName = "parley" // issuer and audience of the JWTs
	maxToken  = 4096     // bytes; tokens of Parley are below 400
	// RenewAfter is the age after which the door gives a login's cookie a new token.
	RenewAfter = 24 * time.Hour
	leeway     = 2 * time.Minute // how far the clock may have been set back since a token was issued
)

// Signer signs and checks the JWTs of sessions. It is safe from any goroutine.
type Signer struct {
	key       []byte
	Now       func() time.Time
	parser    *jwt.Parser
	operators *jwt.Parser // for the tokens of operators: see operator.go
}

// NewSigner makes a Signer for a key of at least 32 bytes; it refuses a shorter one. now is the clock that it
// checks tokens by.
func NewSigner(key []byte, now func() time.Time) (*Signer, error) {
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
	return &Signer{key: key, Now: now, parser: parser(tokenName), operators: parser(operatorAudience)}, nil
}

// claims are the claims of RFC 7519 that Parley uses, and the session.
type claims struct {
	jwt.RegisteredClaims
	Session chat.SessionID `json:"sid"`
}

// Issue makes the token of a session. The token expires when the session does.
func (t *Signer) Issue(s store.Session) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: tokenName, Audience: jwt.ClaimStrings{tokenName},
			Subject:   strconv.FormatInt(int64(s.User), 10),
			IssuedAt:  jwt.NewNumericDate(t.Now()),
			ExpiresAt: jwt.NewNumericDate(time.UnixMilli(s.ExpiresAt)),
		},
		Session: s.ID,
	}).SignedString(t.key)
}

// Ticket is what a token says about its caller. The session may have ended since the token was made: TicketOf looks.
type Ticket struct {
	Caller    access.Caller
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// Check reads the token of a login. It fails with SignedOut when this server did not sign it, or when it is
// not valid now. It does not look the session up.
func (t *Signer) Check(token string) (Ticket, error) {
	if token == "" || len(token) > maxToken {
		return Ticket{}, store.ErrSignedOut
	}
	var c claims
	_, err := t.parser.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.key, nil })
	if err != nil {
		return Ticket{}, store.ErrSignedOut
	}
	user, err := strconv.ParseInt(c.Subject, 10, 64)
	if err != nil || user <= 0 || c.Session == "" || c.IssuedAt == nil || c.IssuedAt.After(t.Now().Add(leeway)) {
		return Ticket{}, store.ErrSignedOut
	}
	return Ticket{
		Caller:   access.Caller{User: chat.UserID(user), Session: c.Session},
		IssuedAt: c.IssuedAt.Time, ExpiresAt: c.ExpiresAt.Time,
	}, nil
}

// TicketOf finds out whose credential it is. It looks the token of a program, or the session of a login, up in the
// database, and fails with SignedOut when that has ended.
func TicketOf(ctx context.Context, tokens *Signer, a *actions.Actions, cred Credential) (Ticket, error) {
	if !actions.IsProgramToken(cred.Token) {
		return ofLogin(ctx, tokens, a, cred.Token)
	}
	if cred.Cookie || len(cred.Token) > maxToken { // a cookie would be renewed as that of a login
		return Ticket{}, store.ErrSignedOut
	}
	by, expiresAt, err := a.Program(ctx, cred.Token)
	return Ticket{Caller: by, ExpiresAt: expiresAt}, err
}

func ofLogin(ctx context.Context, tokens *Signer, a *actions.Actions, token string) (Ticket, error) {
	ticket, err := tokens.Check(token)
	if err != nil {
		return Ticket{}, err
	}
	user, err := a.SignedIn(ctx, ticket.Caller.Session)
	if err == nil && user.ID != ticket.Caller.User {
		err = store.ErrSignedOut
	}
	return ticket, err
}

// Credential is the token of a request. Cookie tells that it came in a cookie, which a browser attaches by
// itself, also to requests that a page of another site makes.
type Credential struct {
	Token  string
	Cookie bool
}

// CredentialOf returns the token of a request: from its Authorization header, or else from its cookie. secure
// tells whether people reach the server by TLS; see CookieName.
func CredentialOf(r *http.Request, secure bool) Credential {
	if token, ok := bearer.Token(r); ok {
		return Credential{Token: token}
	}
	if cookie, err := r.Cookie(CookieName(secure)); err == nil {
		return Credential{Token: cookie.Value, Cookie: true}
	}
	return Credential{}
}

// CookieName returns the name of the cookie. Over TLS it has the prefix __Host-, by which browsers bind a
// cookie to this host alone. Browsers do not accept that prefix without TLS.
func CookieName(secure bool) string {
	if secure {
		return "__Host-parley"
	}
	return "parley"
}

// Unless returns the credential, unless the client has given a token: then it returns that token.
func (c Credential) Unless(token string) Credential {
	if token == "" {
		return c
	}
	return Credential{Token: token}
}

// ErrForeignOrigin refuses a request that a page of another site makes. A proxy may make our own look so.
var ErrForeignOrigin = &chat.Error{
	Code: chat.Forbidden, Field: "origin", Message: "this request comes from another site; if it is the server's own, " +
		"whoever runs the server gives its address with --url, or the proxy with --trusted-proxy",
}

// ErrNoOrigin refuses a request with a cookie that does not say from which page it comes, as one that is made by hand.
var ErrNoOrigin = &chat.Error{
	Code: chat.Forbidden, Field: "origin", Message: "a request with a cookie that changes something needs the header Origin " +
		"with the server's address; programs send a token as Authorization: Bearer in place of the cookie",
}
