// The operator: someone who can read the data folder has the key that signs tokens, so they need no account.
// A command that they run shows the running server a token that it signed with that key.

package auth

import (
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	operatorAudience = "parley operator" // so that neither it nor a login works as the other
	operatorLife     = time.Minute
)

// IssueOperator makes a token that lets a command in for a minute.
func (t *Signer) IssueOperator() (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Issuer: tokenName, Audience: jwt.ClaimStrings{operatorAudience},
		IssuedAt: jwt.NewNumericDate(t.Now()), ExpiresAt: jwt.NewNumericDate(t.Now().Add(operatorLife)),
	}).SignedString(t.key)
}

// IsOperator tells whether a token is an operator's and is valid now. It refuses a token with a longer life
// than IssueOperator gives.
func (t *Signer) IsOperator(token string) bool {
	if token == "" || len(token) > maxToken {
		return false
	}
	var c jwt.RegisteredClaims
	_, err := t.operators.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.key, nil })
	return err == nil && c.ExpiresAt.Sub(t.Now()) <= operatorLife+leeway
}
