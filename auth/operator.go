// The operator: who can read the data folder has the key that tokens are signed with, and needs no account. A
// command of theirs shows a running server a word that is signed with it.

package auth

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	operatorAudience = "parley operator" // so that it is no login, and a login is none
	operatorLife     = time.Minute
)

// IssueOperator makes what lets a command in, for a minute.
func (t *Signer) IssueOperator() (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Issuer: tokenName, Audience: jwt.ClaimStrings{operatorAudience},
		IssuedAt: jwt.NewNumericDate(t.Now()), ExpiresAt: jwt.NewNumericDate(t.Now().Add(operatorLife)),
	}).SignedString(t.key)
}

// IsOperator tells whether a token is the operator's, and good now.
func (t *Signer) IsOperator(token string) bool {
	if token == "" || len(token) > maxToken {
		return false
	}
	var c jwt.RegisteredClaims
	_, err := t.operators.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.key, nil })
	return err == nil && c.ExpiresAt.Sub(t.Now()) <= operatorLife+leeway
}
