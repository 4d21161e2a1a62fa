package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/count"
	"parley/store"
	"parley/tests/core"
)

// home is where the tests reach the server.
const home = "http://home.example"

// parts are a server, with all that it stands on and the test's own routes.
type parts struct {
	*Server
	login store.Session // of the owner, ann
}

// start makes a server without a listener, with the routes that the test gives it.
func start(t testing.TB, site Site, mount func(*Server) []Route, tune ...func(*access.Limits)) *parts {
	t.Helper()
	limits := access.Limits{
		MessageCharacters: 10_000, MessagesPerSecond: 100_000, MessagesBurst: 100_000, SignInAttempts: 1000,
		FrameBytes: 128 << 10, OutboxBytes: 1 << 20, SocketWrites: 64,
		Sockets: 1000, SocketsPerUser: 32, SocketsPerAddress: 512,
	}
	for _, change := range tune {
		change(&limits)
	}
	c := core.Open(t, limits)
	server, err := New(site, limits, c.Actions, c.Tokens, count.NewTally(chat.Codes), c.Rooms.Unread)
	if err != nil {
		t.Fatal(err)
	}
	server.Mount(mount(server))
	server.Probes("/healthz", "/readyz")
	_, login, err := c.Actions.SetUp(t.Context(), "home", "", chat.Setup{
		Code: c.Actions.SetupCode(), ServerName: "Home",
		NewAccount: chat.NewAccount{Name: "ann", Password: "correct horse battery"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"home.example", "a.example"} {
		if _, err := c.Actions.AddHost(access.Caller{Operator: true}, chat.NewHost{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	return &parts{Server: server, login: login}
}

// ann is the owner of the server.
func (p *parts) ann() access.Caller { return access.Caller{User: p.login.User, Session: p.login.ID} }

// token makes the token of a session.
func (p *parts) token(t testing.TB, session store.Session) string {
	t.Helper()
	token, err := p.tokens.Issue(session)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// makes makes a token of a program.
func (p *parts) makes(t testing.TB, scopes ...chat.Scope) chat.Token {
	t.Helper()
	token, err := p.actions.AddToken(p.ann(), chat.NewToken{Bot: "builds", Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// asks makes a request, and gives the answer. headers are names and values in turn.
func (p *parts) asks(t testing.TB, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, home+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.echo.ServeHTTP(w, r)
	return w
}

// checkAnswer compares an answer with the status, and the code of a refusal, that it should have.
func checkAnswer(t testing.TB, what string, w *httptest.ResponseRecorder, status int, code chat.Code) {
	t.Helper()
	if w.Code != status || (code != "" && !strings.Contains(w.Body.String(), `"code":"`+string(code)+`"`)) {
		t.Errorf("%s: got %d %s, want %d %s", what, w.Code, w.Body, status, code)
	}
}

// bearer is the header of a token.
func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

// cookie is the header of a cookie, from a page of ours.
func cookie(token string) []string { return []string{"Cookie", "parley=" + token, "Origin", home} }

// methods are those that change something.
var methods = []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
