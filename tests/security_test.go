// What must not be told, kept, cached or run, seen from outside.

package tests

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"parley/chat"
	"parley/tests/harness"
)

func TestAWrongPasswordAndAnUnknownNameAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sign-in-attempts=1000")
	p.SetUp(t)
	ask := func(name string) (int, string, http.Header) {
		resp, body := p.Asks(t, http.MethodPost, "/api/login", harness.AsJSON(t, chat.Login{Name: name, Password: "wrong password"}), nil)
		resp.Header.Del("Date")
		return resp.StatusCode, body, resp.Header
	}
	status, body, header := ask("ann")
	for _, name := range []string{"bob", "小明", "", "a b", "ann'--", strings.Repeat("x", 1000)} {
		gotStatus, gotBody, gotHeader := ask(name)
		if gotStatus != status || gotBody != body || fmt.Sprint(gotHeader) != fmt.Sprint(header) {
			t.Errorf("%q: got %d %s %v, want what ann got: %d %s %v", name, gotStatus, gotBody, gotHeader, status, body, header)
		}
	}
}

func TestNoSecretIsEverLogged(t *testing.T) {
	t.Parallel()
	const canary = "canary-in-a-message"
	p := harness.Start(t, "--messages-burst=12", "--messages-per-second=1", "--log-level=debug")
	ann := p.SetUp(t)
	setupCode := p.SetupCode()
	var invite chat.Invite
	ann.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	bob := p.SignUp(t, ann, "bob")
	token := bob.Token(t)
	made := ann.MakesToken(t, chat.NewToken{Bot: "builds", Name: canary, Scopes: harness.AllScopes()})
	builds := p.Bot(t, made)
	builds.Notifies(t, canary, canary, "bob")
	builds.DialBearer(t, builds.Bearer)
	builds.Refused(t, chat.Invalid, http.MethodPost, "/api/notifications", chat.NewNotification{To: []string{canary}, Title: canary, Key: canary})
	ann.Try(t, http.MethodGet, "/api/me?token="+made.Token, nil)
	general := ann.Room(t, "general").ID
	s := ann.Dial(t)
	draft := chat.Draft{ClientID: chat.NewClientID(), Body: canary}
	s.Ask(t, "message.send", chat.MessageSend{RoomID: general, Draft: draft}, nil)
	draft.Body += " again"
	s.AskRefused(t, chat.ClientIDReused, "message.send", chat.MessageSend{RoomID: general, Draft: draft})
	ann.Post(t, harness.MessagesPath(general), chat.Draft{ClientID: chat.NewClientID(), Body: canary}, http.StatusCreated, nil)
	ann.Try(t, http.MethodPost, harness.MessagesPath(general), `{"body":"`+canary+`"`)
	ann.Try(t, http.MethodPost, harness.MessagesPath(general), `{"`+canary+`":1}`)
	ann.Try(t, http.MethodGet, "/api/rooms/public?query="+canary, nil)
	ann.Try(t, http.MethodGet, "/api/me?token="+token, nil)
	ann.Polls(t, "&token="+token, "{}")
	ann.Polls(t, "", `{"token":"`+made.Token+`"}`)
	ann.Try(t, http.MethodPost, "/api/login", chat.Login{Name: "ann", Password: "canary-in-a-guess"})
	ann.Try(t, http.MethodPost, "/api/me/password", chat.PasswordChange{Current: "canary-in-a-guess", New: "canary-as-password"})
	bob = bob.WithBearer(t, token)
	bob.Get(t, "/api/me", nil)
	b := bob.DialAnyhow(t, http.Header{})
	b.Send(t, "auth", chat.Auth{Token: token})
	b.Expect(t, "welcome")
	b.SendRaw(t, canary)
	<-b.Closed
	bob.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + token + "x"}}).ExpectClosed(t, chat.CloseSignedOut)
	s.SendRaw(t, `{"event":"`+canary+`","id":"1"}`)
	s.Answer(t, "1")
	bob.Post(t, "/api/logout", nil, http.StatusNoContent, nil)
	p.Stop()
	text := p.Stderr.String()
	if !strings.Contains(text, "socket connected") || !strings.Contains(text, "path=/api/login") {
		t.Fatalf("the log was not caught: %s", text)
	}
	var cookie string
	address, _ := url.Parse(p.URL)
	for _, c := range ann.Client.Jar.Cookies(address) {
		cookie = c.Value
	}
	for what, secret := range map[string]string{
		"the code of the set-up": setupCode, "the code of an invite": invite.Code, "a token": token, "a program's token": made.Token, "a cookie": cookie,
		"a signature": token[strings.LastIndex(token, ".")+1:], "a password": harness.GoodPassword, "a message or a guess": "canary",
	} {
		if secret == "" || strings.Contains(text, secret) {
			i := strings.Index(text, secret)
			t.Errorf("the log holds %s: …%s…", what, text[max(0, i-200):min(len(text), i+200)])
		}
	}
}

func TestAnswersSayHowTheyMayBeUsed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	token := ann.Token(t)
	general := ann.Room(t, "general").ID
	ann.Says(t, general, "text")
	bearer := http.Header{"Authorization": {"Bearer " + token}}
	for _, path := range []string{
		"/api/me", "/api/users", "/api/rooms", "/api/rooms/public", harness.RoomPath(general), harness.MessagesPath(general), harness.RoomPath(general) + "/members",
		"/api/invites", "/api/server", "/api/rooms/999", "/api/nothing", "/api/me.css", "/api/rooms/1/x.css",
	} {
		resp, body := p.Asks(t, http.MethodGet, path, "", bearer)
		if cache := resp.Header.Get("Cache-Control"); !strings.Contains(cache, "no-store") {
			t.Errorf("%s: Cache-Control is %q", path, cache)
		}
		if kind := resp.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/json") && kind != "application/problem+json" {
			t.Errorf("%s: Content-Type is %q: %s", path, kind, body)
		}
		if got := resp.Header.Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options is %q", path, got)
		}
		if resp.Header.Get("Access-Control-Allow-Origin") != "" || resp.Header.Get("Server") != "" || len(resp.Cookies()) != 0 {
			t.Errorf("%s: got %v", path, resp.Header)
		}
	}
	page, _ := p.Asks(t, http.MethodGet, "/", "", nil)
	policy := page.Header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "script-src 'self'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the page's policy %q lacks %q", policy, part)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Errorf("the page's policy is %q", policy)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"} {
		if got := page.Header.Get(name); got != want {
			t.Errorf("the page's %s is %q, want %q", name, got, want)
		}
	}
}

// A room that one may not see must not be told from one that does not exist.
func TestRoomsCannotBeCounted(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	eve := p.SignUp(t, ann, "eve")
	secret := ann.Creates(t, chat.Private, "secret")
	ann.Says(t, secret.ID, "text")
	for _, c := range []struct {
		method, path string
		in           any
	}{
		{http.MethodGet, "", nil},
		{http.MethodPatch, "", map[string]string{"topic": "x"}},
		{http.MethodPost, "/join", nil},
		{http.MethodPost, "/leave", nil},
		{http.MethodGet, "/members", nil},
		{http.MethodPost, "/members", chat.NewMembers{UserIDs: []chat.UserID{1}}},
		{http.MethodDelete, "/members/1", nil},
		{http.MethodGet, "/messages", nil},
		{http.MethodGet, "/messages?around=1", nil},
		{http.MethodPost, "/messages", harness.Draft("x")},
		{http.MethodDelete, "/messages/1", nil},
		{http.MethodPut, "/messages/1/reactions/👍", nil},
		{http.MethodPut, "/read", map[string]int{"read_seq": 0}},
	} {
		status, body := eve.Try(t, c.method, harness.RoomPath(secret.ID)+c.path, c.in)
		wantStatus, wantBody := eve.Try(t, c.method, harness.RoomPath(999)+c.path, c.in)
		if status != http.StatusNotFound || status != wantStatus || string(body) != string(wantBody) {
			t.Errorf("%s %s: got %d %s for a room that is, %d %s for one that is not", c.method, c.path, status, body, wantStatus, wantBody)
		}
	}
	// That the name of a private room is used is not told either: it collides with nothing.
	eve.Creates(t, chat.Public, "secret")
}

// The corpus of internal/markdown is about the renderer; this one is about what leaves the server.
func TestNoMessageRunsAnything(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=1000")
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	s := ann.Dial(t)
	for _, body := range []string{
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
		"[x](java\tscript:alert(1))", "[x](data:text/html,<script>alert(1)</script>)", "[x](vbscript:msgbox(1))", "<javascript:alert(1)>",
		"![x](https://evil.example/pixel.png)", "![x](x\"onerror=\"alert(1))", "<style>*{display:none}</style>", "<p style=x:expression(1)>",
		"<svg onload=alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>", "[x]: javascript:alert(1)\n[x]", "`<script>`", "```<script>\n</script>\n```",
		"```\" onclick=\"alert(1)\ncode\n```", "<a href=\"javascript:alert(1)\">x</a>", "https://evil.example/\"onmouseover=\"alert(1)",
		"<details open ontoggle=alert(1)>", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;script&#62;", "<!--<script>-->", "<![CDATA[<script>]]>",
		"<math><mi//xlink:href=\"data:x,<script>alert(4)</script>\">", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
		strings.Repeat("> ", 3000) + "x", strings.Repeat("* ", 3000) + "x", strings.Repeat("[", 4000), strings.Repeat("**a", 3000), "\u202e<script>",
		"| a | b |\n|---|---|\n| <script> | [x](javascript:1) |", "<form action=//evil.example><input name=password>", "<base href=//evil.example>",
		"<meta http-equiv=refresh content=0;url=//evil.example>", "<link rel=stylesheet href=//evil.example>", "<object data=//evil.example>",
	} {
		sent := s.Says(t, general, body)
		m := s.ExpectMessage(t)
		if m.Seq != sent.Seq || m.Body != body {
			t.Fatalf("got %+v, want what was sent: %q", m, body)
		}
		checkHTML(t, body, m.HTML)
		if stored := ann.History(t, general, "?limit=1").Messages[0]; stored.HTML != m.HTML {
			t.Errorf("%.60q: stored %q, told %q", body, stored.HTML, m.HTML)
		}
	}
}

var harmless = map[string][]string{
	"p": nil, "br": nil, "hr": nil, "h1": nil, "h2": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil, "em": nil, "strong": nil, "del": nil,
	"code": {"class"}, "pre": nil, "blockquote": nil, "ul": nil, "ol": {"start"}, "li": nil, "table": nil, "thead": nil, "tbody": nil, "tr": nil,
	"th": {"class"}, "td": {"class"}, "span": {"class"}, "a": {"href", "rel", "target"},
}

func checkHTML(t *testing.T, source, text string) {
	t.Helper()
	tokens := html.NewTokenizer(strings.NewReader(text))
	for tokens.Next() != html.ErrorToken {
		token := tokens.Token()
		switch token.Type {
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("%.60q gives %q", source, text)
		case html.StartTagToken, html.SelfClosingTagToken:
			allowed, known := harmless[token.Data]
			if !known {
				t.Errorf("%.60q gives <%s> in %q", source, token.Data, text)
			}
			for _, a := range token.Attr {
				if !slices.Contains(allowed, a.Key) {
					t.Errorf("%.60q gives %s=%q in %q", source, a.Key, a.Val, text)
				}
				if u, err := url.Parse(a.Val); a.Key == "href" && (err != nil || !slices.Contains([]string{"http", "https", "mailto", "tel", "xmpp"}, u.Scheme)) {
					t.Errorf("%.60q gives a link to %q", source, a.Val)
				}
			}
		}
	}
}
