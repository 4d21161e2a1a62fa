// Package bearer reads the token that a request shows in its Authorization header. What a token is for is for its
// callers.
package bearer

import (
	"net/http"
	"strings"
)

const scheme = "Bearer"

// Token returns the token of a request that shows one. The scheme may be written in any case, as RFC 9110 says.
func Token(r *http.Request) (token string, shown bool) {
	header := r.Header.Get("Authorization")
	if len(header) <= len(scheme) || header[len(scheme)] != ' ' || !strings.EqualFold(header[:len(scheme)], scheme) {
		return "", false
	}
	return strings.TrimSpace(header[len(scheme):]), true
}
