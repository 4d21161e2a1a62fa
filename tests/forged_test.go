// Requests that a page of another site has a browser make: the browser attaches the cookie by itself.

package tests

import (
	"net/http"
	"strings"
	"testing"

	"parley/auth"
	"parley/chat"
	"parley/tests/harness"
	"parley/web"
)

// changing lists the routes of the API that may change something.
func changing(t *testing.T) (list []web.Description) {
	t.Helper()
	for _, route := range harness.Routes(t) {
		if harness.OfAPI(route) && route.Method != http.MethodGet && route.Method != http.MethodHead {
			list = append(list, route)
		}
	}
	if len(list) < 20 {
		t.Fatalf("only %d routes change something", len(list))
	}
	return list
}

func TestACookieWithoutAnOriginOfOursChangesNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	token := ann.Token(t)
	cookie, bearer := auth.CookieName(false)+"="+token, "Bearer "+token
	const foreign = "https://evil.example"
	for _, c := range []struct {
		name    string
		header  http.Header
		refused bool
	}{
		{"a cookie without an origin", http.Header{"Cookie": {cookie}}, true},
		{"a cookie from another site", http.Header{"Cookie": {cookie}, "Origin": {foreign}}, true},
		{"a cookie from a page without an address", http.Header{"Cookie": {cookie}, "Origin": {"null"}}, true},
		{"nothing from another site", http.Header{"Origin": {foreign}}, true},
		{"a token from another site", http.Header{"Authorization": {bearer}, "Origin": {foreign}}, true},
		{"a cookie of nobody's without an origin", http.Header{"Cookie": {auth.CookieName(false) + "=x"}}, true},
		{"a cookie from our own page", http.Header{"Cookie": {cookie}, "Origin": {p.URL}}, false},
		{"a token without an origin", http.Header{"Authorization": {bearer}}, false},
		{"nothing without an origin", nil, false},
	} {
		for _, route := range changing(t) {
			if !c.refused && route.Path == "/api/logout" {
				continue // it would end the session
			}
			// The body is none, so that what gets through changes next to nothing.
			path := strings.NewReplacer(":room", "999", ":seq", "1", ":user", "999", ":invite", "999", ":token", "999",
				":emoji", "x").Replace(route.Path)
			resp, body := p.Asks(t, route.Method, path, "", c.header)
			refused := resp.StatusCode == http.StatusForbidden && strings.Contains(body, `"field":"origin"`)
			if refused != c.refused {
				t.Errorf("%s: %s %s: got %d %s", c.name, route.Method, path, resp.StatusCode, body)
			}
		}
	}
	// Reading is not held back: another site cannot see the answer.
	for _, header := range []http.Header{{"Cookie": {cookie}}, {"Cookie": {cookie}, "Origin": {foreign}}} {
		if resp, body := p.Asks(t, http.MethodGet, "/api/me", "", header); resp.StatusCode != http.StatusOK {
			t.Errorf("reading with %v: got %d %s", header, resp.StatusCode, body)
		}
	}
	ann.Get(t, "/api/me", nil)
}

// A socket is no request that a browser would keep from another site's page.
func TestACookieWithoutAnOriginOfOursOpensNoSocket(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	cookie := auth.CookieName(false) + "=" + ann.Token(t)
	nobody := p.Visitor(t, "nobody")
	for _, origin := range []string{"https://evil.example", "null"} {
		if _, resp, err := nobody.Upgrade(http.Header{"Cookie": {cookie}, "Origin": {origin}}, chat.Subprotocol); err == nil {
			t.Errorf("a page of %s opens a socket", origin)
		} else if resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("a page of %s: got %v %v, want status 403", origin, resp, err)
		}
	}
	s := nobody.DialAnyhow(t, http.Header{"Cookie": {cookie}})
	s.Send(t, "ping", chat.Done{}) // the cookie does not count, so that the first frame has to sign in
	if events := s.Unread(t); len(events) != 0 || s.Close == nil || s.Close.Code != chat.ClosePolicy {
		t.Errorf("a cookie without an origin: told %q, closed with %v", events, s.Close)
	}
	s = nobody.DialAnyhow(t, http.Header{"Cookie": {cookie}, "Origin": {p.URL}})
	s.Expect(t, "welcome")
}

func TestAnotherSiteMayUseTheServerOnlyWhenItIsNamed(t *testing.T) {
	t.Parallel()
	const friend, stranger = "https://friend.example", "https://stranger.example"
	p := harness.Start(t, "--allow-origin", friend)
	ann := p.SetUp(t)
	preflight := func(origin string) string {
		req, err := http.NewRequest(http.MethodOptions, p.URL+"/api/rooms/1/messages", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", origin)
		req.Header.Set("Access-Control-Request-Method", http.MethodPost)
		req.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
		resp, err := ann.Client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.Header.Get("Access-Control-Allow-Origin")
	}
	if got := preflight(friend); got != friend {
		t.Errorf("the named site is allowed as %q, want %q", got, friend)
	}
	if got := preflight(stranger); got != "" {
		t.Errorf("a stranger is allowed as %q", got)
	}
	room := ann.Room(t, "general").ID
	ann.Origin = friend
	ann.Says(t, room, "from the named site")
	ann.Dial(t)
	ann.Origin = stranger
	ann.Refused(t, chat.Forbidden, http.MethodPost, harness.MessagesPath(room), harness.Draft("no"))
	if _, resp, err := ann.Upgrade(nil, chat.Subprotocol); err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("the socket answered a stranger with %v, %v", resp, err)
	}
}
