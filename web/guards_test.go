package web

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/access"

	"parley/auth"
	"parley/chat"
	"parley/store"
)

// nothing does nothing, for routes whose guards are tested.
func nothing(*Request, None) (None, error) { return None{}, nil }

// guarded are routes of each method behind each guard.
func guarded(*Server) []Route {
	var list []Route
	for guard, path := range map[Guard]string{Anyone: "/api/anyone", SignedIn: "/api/people", SignedInOrOperator: "/api/keys"} {
		list = append(list, Get(path, guard, "", access.Cost{}, nothing))
		for _, method := range methods {
			list = append(list, route(method, path, guard, "", access.Cost{}, http.StatusOK, nothing))
		}
	}
	return list
}

// The rule against forged requests: a browser attaches the cookie to what a page of another site asks.
func TestWhatAnotherSitesPageAsksIsRefused(t *testing.T) {
	t.Parallel()
	p := start(t, Site{}, guarded)
	token := p.token(t, p.login)
	const foreign = "https://evil.example"
	for _, path := range []string{"/api/anyone", "/api/people", "/api/keys"} {
		for _, method := range methods {
			what := method + " " + path
			refused := func(name string, headers ...string) {
				t.Helper()
				checkAnswer(t, what+", "+name, p.asks(t, method, path, "", headers...), http.StatusForbidden, chat.Forbidden)
			}
			refused("a cookie without an origin", "Cookie", "parley="+token)
			refused("a cookie from another site", "Cookie", "parley="+token, "Origin", foreign)
			refused("a cookie from a page without an address", "Cookie", "parley="+token, "Origin", "null")
			refused("a token from another site", "Authorization", "Bearer "+token, "Origin", foreign)
			refused("nothing from another site", "Origin", foreign)
			checkAnswer(t, what+", a cookie from our page", p.asks(t, method, path, "", cookie(token)...), http.StatusNoContent, "")
			checkAnswer(t, what+", a token", p.asks(t, method, path, "", bearer(token)...), http.StatusNoContent, "")
		}
		for _, origin := range []string{"", foreign, "null"} { // the page cannot see the answer
			w := p.asks(t, http.MethodGet, path, "", "Cookie", "parley="+token, "Origin", origin)
			checkAnswer(t, "reading "+path+" from "+origin, w, http.StatusNoContent, "")
		}
		without := http.StatusUnauthorized // not forbidden: nothing was attached by a browser
		if path == "/api/anyone" {
			without = http.StatusNoContent
		}
		checkAnswer(t, "POST "+path+" without anything", p.asks(t, http.MethodPost, path, ""), without, "")
	}
}

func TestWhoGetsThroughEachGuard(t *testing.T) {
	t.Parallel()
	p := start(t, Site{}, guarded)
	made := p.makes(t, chat.ScopeRead)
	word, err := p.tokens.IssueOperator()
	if err != nil {
		t.Fatal(err)
	}
	_, gone, err := p.actions.SignIn(t.Context(), "home", chat.Login{Name: "ann", Password: "correct horse battery"})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.actions.SignOut(p.ann()); err != nil { // the first login
		t.Fatal(err)
	}
	ended := p.token(t, p.login)
	another := p.token(t, store.Session{ID: gone.ID, User: gone.User + 1, ExpiresAt: gone.ExpiresAt})
	never := p.token(t, store.Session{ID: "never", User: gone.User, ExpiresAt: gone.ExpiresAt})
	const none, in = http.StatusUnauthorized, http.StatusNoContent
	for _, c := range []struct {
		name    string
		headers []string
		people  int // the status for who is signed in
		keys    int // the status where the operator may come too
	}{
		{"nobody", nil, none, none},
		{"a login", bearer(p.token(t, gone)), in, in},
		{"a login's cookie", cookie(p.token(t, gone)), in, in},
		{"a login that ended", bearer(ended), none, none},
		{"a login that never was", bearer(never), none, none},
		{"another's login", bearer(another), none, none},
		{"a program", bearer(made.Token), in, in},
		{"a program's cookie", cookie(made.Token), none, none},
		{"the operator", bearer(word), none, in},
		{"the operator's cookie", cookie(word), none, none},
		{"rubbish", bearer("x"), none, none},
	} {
		checkAnswer(t, c.name+" where anyone may", p.asks(t, http.MethodGet, "/api/anyone", "", c.headers...), in, "")
		checkAnswer(t, c.name+" where people may", p.asks(t, http.MethodGet, "/api/people", "", c.headers...), c.people, "")
		checkAnswer(t, c.name+" where the operator may", p.asks(t, http.MethodGet, "/api/keys", "", c.headers...), c.keys, "")
	}
}

func TestACookieIsRenewedOnceADay(t *testing.T) {
	t.Parallel()
	p := start(t, Site{}, guarded)
	issued := time.Now().Truncate(time.Second)
	token := p.token(t, p.login)
	for age, want := range map[time.Duration]bool{0: false, auth.RenewAfter: false, auth.RenewAfter + 2*time.Second: true} {
		p.tokens.Now = func() time.Time { return issued.Add(age) }
		got := p.asks(t, http.MethodGet, "/api/people", "", cookie(token)...).Result().Cookies()
		if (len(got) == 1) != want {
			t.Errorf("after %v: got the cookies %v", age, got)
		}
		if want {
			ticket, err := p.tokens.Check(got[0].Value)
			if err != nil || ticket.Caller.Session != p.login.ID || !ticket.IssuedAt.Equal(issued.Add(age)) {
				t.Errorf("after %v: the new cookie is %+v, %v", age, ticket, err)
			}
		}
		if got := p.asks(t, http.MethodGet, "/api/people", "", bearer(token)...).Result().Cookies(); len(got) != 0 {
			t.Errorf("after %v: a program gets the cookies %v", age, got)
		}
	}
}

func TestACookieIsForThisServerAndNotForScripts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		site   Site
		secure bool
		cookie string
	}{
		"plain":    {Site{}, false, "parley"},
		"with TLS": {Site{URL: "https://home.example"}, true, "__Host-parley"},
	} {
		p := start(t, c.site, func(s *Server) []Route {
			return []Route{Post("/api/login", Anyone, "", access.Cost{}, s.Login), Post("/api/logout", SignedIn, "", access.Cost{}, s.Logout)}
		})
		login := p.asks(t, http.MethodPost, "/api/login", `{"name":"ann","password":"correct horse battery"}`)
		checkAnswer(t, name, login, http.StatusOK, "")
		check := func(cookies []*http.Cookie, life func(time.Time, int) bool) {
			t.Helper()
			if len(cookies) != 1 {
				t.Fatalf("%s: got the cookies %v", name, cookies)
			}
			got := cookies[0]
			if got.Name != c.cookie || got.Secure != c.secure || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode ||
				got.Path != "/" || got.Domain != "" || !life(got.Expires, got.MaxAge) {
				t.Errorf("%s: the cookie is %v", name, got)
			}
		}
		cookies := slices.DeleteFunc(login.Result().Cookies(), func(cookie *http.Cookie) bool {
			known := strings.Contains(cookie.Name, "-device-")
			if known && (cookie.Name != c.cookie+"-device-1" || cookie.Secure != c.secure || !cookie.HttpOnly ||
				cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge < 365*24*3600) {
				t.Errorf("%s: the cookie of the device is %v", name, cookie)
			}
			return known
		})
		check(cookies, func(expires time.Time, _ int) bool { return time.Until(expires) > 29*24*time.Hour })
		origin := home
		if c.secure {
			origin = c.site.URL
		}
		logout := p.asks(t, http.MethodPost, "/api/logout", "", "Cookie", c.cookie+"="+cookies[0].Value, "Origin", origin)
		checkAnswer(t, name, logout, http.StatusNoContent, "")
		check(logout.Result().Cookies(), func(_ time.Time, age int) bool { return age < 0 })
		again := p.asks(t, http.MethodPost, "/api/logout", "", "Cookie", c.cookie+"="+cookies[0].Value, "Origin", origin)
		checkAnswer(t, name+", signed out", again, http.StatusUnauthorized, chat.SignedOut)
	}
}

// requestFrom is a request as it comes from an address.
func requestFrom(remote string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, home+"/", strings.NewReader(""))
	r.RemoteAddr = remote
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}
