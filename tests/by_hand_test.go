// What somebody is told who tries the API by hand, with curl and the documents.

package tests

import (
	"net/http"
	"strings"
	"testing"

	"parley/auth"
	"parley/tests/harness"
)

func TestWhoTriesTheAPIByHandIsToldWhatToSend(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	token := p.SetUp(t).Token(t)
	cookie := http.Header{"Cookie": {auth.CookieName(false) + "=" + token}}
	bearer := func(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }
	for _, c := range []struct {
		name, method, path, body string
		header                   http.Header
		status                   int
		want                     string
	}{
		{"a cookie alone", http.MethodPost, "/api/invites", `{}`, cookie, 403, "needs the header Origin"},
		{"no token", http.MethodGet, "/api/rooms", "", nil, 401, "sign in first"},
		{"a token that is none", http.MethodGet, "/api/rooms", "", bearer("nonsense"), 401, "the token in Authorization"},
		{"a program's token that is none", http.MethodGet, "/api/rooms", "", bearer("parley_" + strings.Repeat("A", 52)), 401, "the token in Authorization"},
		{"a token that works", http.MethodGet, "/api/rooms", "", bearer(token), 200, `"general"`},
		{"the name of a room", http.MethodGet, "/api/rooms/general/messages", "", bearer(token), 404, "an address has its number, as 1"},
		{"the number of a room", http.MethodGet, "/api/rooms/1/messages", "", bearer(token), 200, `"messages"`},
	} {
		resp, answer := p.Asks(t, c.method, c.path, c.body, c.header)
		if resp.StatusCode != c.status || !strings.Contains(answer, c.want) {
			t.Errorf("%s: got %d %s, want %d and %q", c.name, resp.StatusCode, answer, c.status, c.want)
		}
	}
}
