// Programs: their tokens at every door, and the life of a token.

package tests

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/auth"
	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

func scopes(list ...chat.Scope) []chat.Scope { return list }

func TestAProgramComesThroughEveryDoorWithItsToken(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	sock := ann.Dial(t)
	made := ann.MakesToken(t, chat.NewToken{
		Bot: "builds", DisplayName: "Builds", Scopes: scopes(chat.ScopePost, chat.ScopeRead),
	})
	var told chat.UserChanged
	sock.ExpectInto(t, "user.changed", &told)
	if !told.User.Bot || told.User.Name != "builds" || told.User.DisplayName != "Builds" || told.User.Role != chat.RoleMember {
		t.Errorf("everyone is told of %+v", told.User)
	}
	if !strings.HasPrefix(made.Token, "parley_") || len(made.Token) < 50 {
		t.Errorf("the token is %q", made.Token)
	}
	builds := p.Bot(t, made)
	general := builds.Room(t, "general").ID
	builds.Says(t, general, "by HTTP")
	byHeader := builds.DialBearer(t, builds.Bearer)
	byHeader.Says(t, general, "by a socket")
	byFrame := builds.DialAnyhow(t, http.Header{})
	byFrame.Ask(t, "auth", chat.Auth{Token: made.Token}, nil)
	byFrame.Expect(t, "welcome")
	byFrame.Says(t, general, "by a first frame")
	for _, want := range []string{"by HTTP", "by a socket", "by a first frame"} {
		if m := sock.ExpectMessage(t); m.Body != want || m.AuthorID != made.Bot.ID {
			t.Errorf("got %q by %d", m.Body, m.AuthorID)
		}
	}
	bySocketIO := p.Visitor(t, "builds").Polls(t, "", `{"token":"`+made.Token+`"}`)
	bySocketIO.Wants(t, `40/chat,{"sid":`)
	bySocketIO.Send(t, `42/chat,["sendMessage",{"message":"by Socket.IO"}]`)
	if m := sock.ExpectMessage(t); m.Body != "by Socket.IO" || m.AuthorID != made.Bot.ID {
		t.Errorf("got %q by %d", m.Body, m.AuthorID)
	}
	var tokens chat.Tokens
	ann.Get(t, "/api/tokens", &tokens)
	if len(tokens.Tokens) != 1 {
		t.Fatalf("got %+v", tokens)
	}
	got := tokens.Tokens[0]
	if got.Token != "" || got.ID != made.ID || got.CreatedBy != ann.User.ID || got.Bot.ID != made.Bot.ID || got.ExpiresAt != 0 ||
		!slices.Equal(got.Scopes, scopes(chat.ScopeRead, chat.ScopePost)) || got.Name != "builds" {
		t.Errorf("the token is listed as %+v", got)
	}
	for _, token := range []string{made.Token[:len(made.Token)-1], made.Token + "A", "parley_", strings.ToLower(made.Token)} {
		builds.Bearer = token
		builds.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
		builds.DialAnyhow(t, harness.WithToken(token)).ExpectClosed(t, chat.CloseSignedOut)
		s := builds.DialAnyhow(t, http.Header{})
		s.Send(t, "auth", chat.Auth{Token: token})
		s.ExpectClosed(t, chat.CloseSignedOut)
	}
}

// A cookie is renewed, and would be by the token of a login, which may do everything.
func TestAProgramsTokenIsNoCookie(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	made := ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: harness.AllScopes()})
	header := http.Header{"Cookie": {auth.CookieName(false) + "=" + made.Token}, "Origin": {p.URL}}
	resp, body := p.Asks(t, http.MethodGet, "/api/me", "", header)
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	p.Visitor(t, "nobody").DialAnyhow(t, header).ExpectClosed(t, chat.CloseSignedOut)
	byCookie := p.Visitor(t, "nobody")
	address, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	byCookie.Client.Jar.SetCookies(address, []*http.Cookie{{Name: auth.CookieName(false), Value: made.Token}})
	byCookie.Polls(t, "", "{}").Wants(t, `44/chat,{`)
}

func TestNobodySignsInAsAProgram(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	made := ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: harness.AllScopes()})
	for _, password := range []string{"", harness.GoodPassword, made.Token} {
		ann.Refused(t, chat.WrongCredentials, http.MethodPost, "/api/login", chat.Login{Name: "builds", Password: password})
	}
	builds := p.Bot(t, made)
	builds.Refused(t, chat.Forbidden, http.MethodPost, "/api/me/password", chat.PasswordChange{New: harness.GoodPassword})
	builds.Refused(t, chat.Forbidden, http.MethodPatch, "/api/me", chat.ProfileChange{DisplayName: new("Ann")})
}

func TestRevokingATokenClosesItsSocketsAtOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	made := ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead)})
	other := ann.MakesToken(t, chat.NewToken{Bot: "builds", Name: "second", Scopes: scopes(chat.ScopeRead)})
	builds, second := p.Bot(t, made), p.Bot(t, other)
	s, kept := builds.DialBearer(t, builds.Bearer), second.DialBearer(t, second.Bearer)
	ann.Call(t, http.MethodDelete, harness.TokenPath(made), nil, http.StatusNoContent, nil)
	s.Expect(t, "session.ended")
	s.ExpectClosed(t, chat.CloseSignedOut)
	builds.Refused(t, chat.SignedOut, http.MethodGet, "/api/rooms", nil)
	builds.DialAnyhow(t, harness.WithToken(made.Token)).ExpectClosed(t, chat.CloseSignedOut)
	kept.Settle(t)
	second.Get(t, "/api/rooms", nil)
	ann.Refused(t, chat.NotFound, http.MethodDelete, harness.TokenPath(made), nil)
	second.Post(t, "/api/logout", nil, http.StatusNoContent, nil) // it ends itself
	kept.ExpectClosed(t, chat.CloseSignedOut)
	var tokens chat.Tokens
	ann.Get(t, "/api/tokens", &tokens)
	if len(tokens.Tokens) != 0 {
		t.Errorf("still listed: %+v", tokens.Tokens)
	}
}

func TestATokenEndsWhenItExpires(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	made := ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead), ExpiresIn: 1})
	if left := made.ExpiresAt - time.Now().UnixMilli(); left > 1000 {
		t.Errorf("it expires in %d ms", left)
	}
	builds := p.Bot(t, made)
	builds.DialAnyhow(t, harness.WithToken(made.Token)).ExpectClosed(t, chat.CloseSignedOut)
	builds.Refused(t, chat.SignedOut, http.MethodGet, "/api/rooms", nil)
	for _, seconds := range []int64{-1, 10*365*24*3600 + 1, 1 << 62} {
		in := chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead), ExpiresIn: seconds}
		ann.Refused(t, chat.Invalid, http.MethodPost, "/api/tokens", in)
	}
}

func TestTokensAreBoundedAndNamed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=1000")
	ann := p.SetUp(t)
	p.SignUp(t, ann, "bob")
	good := chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead)}
	for _, c := range []struct {
		field  string
		change func(*chat.NewToken)
	}{
		{"bot", func(in *chat.NewToken) { in.Bot = "" }},
		{"bot", func(in *chat.NewToken) { in.Bot = "a b" }},
		{"name", func(in *chat.NewToken) { in.Name = strings.Repeat("x", 65) }},
		{"display_name", func(in *chat.NewToken) { in.DisplayName = "a\nb" }},
		{"scopes", func(in *chat.NewToken) { in.Scopes = nil }},
		{"scopes", func(in *chat.NewToken) { in.Scopes = scopes("read", "owner") }},
		{"room_ids", func(in *chat.NewToken) { in.RoomIDs = make([]chat.RoomID, 101) }},
	} {
		in := good
		c.change(&in)
		if got := ann.Refused(t, chat.Invalid, http.MethodPost, "/api/tokens", in); got.Field != c.field {
			t.Errorf("%+v: got the field %q, want %q", in, got.Field, c.field)
		}
	}
	// A list that has become empty must not mean all rooms.
	ann.Refused(t, chat.Invalid, http.MethodPost, "/api/tokens", `{"bot":"builds","scopes":["read"],"room_ids":[]}`)
	ann.Refused(t, chat.NameTaken, http.MethodPost, "/api/tokens", chat.NewToken{Bot: "BOB", Scopes: good.Scopes})
	ann.MakesToken(t, good)
	var invite chat.Invite
	ann.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	ann.Refused(t, chat.NameTaken, http.MethodPost, "/api/register", chat.Registering{Invite: invite.Code, NewAccount: harness.Account("builds")})
}

func TestItIsKnownWhenATokenWasUsed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	made := ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read")})
	used := func() int64 {
		var tokens chat.Tokens
		ann.Get(t, "/api/tokens", &tokens)
		return tokens.Tokens[0].LastUsedAt
	}
	if used() != 0 {
		t.Errorf("it was used at %d", used())
	}
	builds := p.Bot(t, made)
	builds.Get(t, "/api/me", nil)
	wait.Until(t, "its use is noted", func() bool { return used() > 0 })
	s := builds.DialBearer(t, builds.Bearer)
	first := used()
	s.Conn.Close()
	wait.Until(t, "the end of its socket is noted", func() bool { return used() > first })
}
