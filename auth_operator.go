// The operator: who can read the data folder has the key that tokens are signed with, and needs no account. A
// command of theirs shows a running server a word that is signed with it.

package main

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/labstack/echo/v4"

	"parley/access"
)

const (
	operatorAudience = "parley operator" // so that it is no login, and a login is none
	operatorLife     = time.Minute
)

// IssueOperator makes what lets a command in, for a minute.
func (t *Tokens) IssueOperator() (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Issuer: tokenName, Audience: jwt.ClaimStrings{operatorAudience},
		IssuedAt: jwt.NewNumericDate(t.now()), ExpiresAt: jwt.NewNumericDate(t.now().Add(operatorLife)),
	}).SignedString(t.key)
}

// isOperator tells whether a token is the operator's, and good now.
func (t *Tokens) isOperator(token string) bool {
	if token == "" || len(token) > maxToken {
		return false
	}
	var c jwt.RegisteredClaims
	_, err := t.operators.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.key, nil })
	return err == nil && c.ExpiresAt.Sub(t.now()) <= operatorLife+leeway
}

// signedInOrOperator lets the operator's commands through besides those who are signed in.
func (s *Server) signedInOrOperator(next echo.HandlerFunc) echo.HandlerFunc {
	signedIn := s.signedIn(next)
	return func(c echo.Context) error {
		cred := credentialOf(c.Request(), s.secure(c.Request()))
		if cred.cookie || !s.tokens.isOperator(cred.token) {
			return signedIn(c)
		}
		c.Set(callerKey, access.Caller{Operator: true})
		return next(c)
	}
}
