// Who is asking: the tokens of logins, and where a request carries one.

package auth

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
	RenewAfter = 24 * time.Hour
	leeway     = 30 * time.Second // by which the clock may have been set back since a token was issued
)

// Signer signs and checks the JWTs of sessions. It is safe from any goroutine.
type Signer struct {
	key       []byte
	Now       func() time.Time
	parser    *jwt.Parser
	operators *jwt.Parser // see auth_operator.go
}

// NewSigner refuses a key that is too short to be one.
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

// claims are those of RFC 7519 and the session.
type claims struct {
	jwt.RegisteredClaims
	Session chat.SessionID `json:"sid"`
}

// Issue makes the token of a session.
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

// Ticket is what a token says. It is worth nothing until its session has been looked up.
type Ticket struct {
	Caller    access.Caller
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// Check reads a token; SignedOut for any that is not ours and good now.
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

// TicketOf finds out who a credential is of. The token of a program is looked up; that of a login is only
// read, and its session still to be looked up.
func TicketOf(ctx context.Context, tokens *Signer, a *actions.Actions, cred Credential) (Ticket, error) {
	if !actions.IsProgramToken(cred.Token) {
		return tokens.Check(cred.Token)
	}
	if cred.Cookie || len(cred.Token) > maxToken { // a cookie would be renewed, as a login
		return Ticket{}, store.ErrSignedOut
	}
	by, expiresAt, err := a.Program(ctx, cred.Token)
	return Ticket{Caller: by, ExpiresAt: expiresAt}, err
}

// Credential is the token of a request and whether a browser attached it by itself.
type Credential struct {
	Token  string
	Cookie bool
}

func CredentialOf(r *http.Request, secure bool) Credential {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return Credential{Token: strings.TrimSpace(token)}
	}
	if cookie, err := r.Cookie(CookieName(secure)); err == nil {
		return Credential{Token: cookie.Value, Cookie: true}
	}
	return Credential{}
}

// CookieName binds the cookie to this host alone where browsers allow it, which is on TLS.
func CookieName(secure bool) string {
	if secure {
		return "__Host-parley"
	}
	return "parley"
}

// Unless gives the credential, or the token that a client has named.
func (c Credential) Unless(token string) Credential {
	if token == "" {
		return c
	}
	return Credential{Token: token}
}

// ErrForeignOrigin refuses what a page of another site asks for.
var ErrForeignOrigin = chat.Errorf(chat.Forbidden, "this request comes from another site")
