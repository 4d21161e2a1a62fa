//go:build unported

// The operator's commands for tokens: on a folder that a server uses, and on one that none does.

package tests

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/chat"
)

func TestTheOperatorLooksAfterTokensWhetherTheServerRunsOrNot(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	open := ann.Creates(t, chat.Public, "deploys")
	secret := ann.Creates(t, chat.Private, "secret")
	browser := ann.Dial(t)
	add := func(args ...string) *harness.Person {
		t.Helper()
		secret := harness.Run(t, append([]string{"token", "add", "--data", data}, args...)...)
		bot := p.Visitor(t, "builds")
		bot.Bearer, bot.Origin = strings.TrimSpace(secret), ""
		return bot
	}
	revoke := func(id string) {
		t.Helper()
		harness.Run(t, "token", "revoke", "--data", data, id)
	}
	list := func() string {
		t.Helper()
		return harness.Run(t, "token", "list", "--data", data)
	}

	builds := add("--scope=read,post", "--room=#Deploys", "--expires=720h", "--display-name=Builds", "builds")
	browser.Expect(t, "user.changed") // of a program that is made while people are there
	s := builds.DialBearer(t)
	s.Says(t, open.ID, "deployed")
	if text := list(); !regexp.MustCompile(`(?m)^1  +builds +builds +read post +` + regexp.QuoteMeta(joinIDs([]chat.RoomID{open.ID})) + ` +20`).MatchString(text) {
		t.Errorf("the list is %s", text)
	}
	started := time.Now()
	revoke("1")
	s.ExpectClosed(t, chat.CloseSignedOut)
	if took := time.Since(started); took > 2*time.Second { // and a process had to start
		t.Errorf("it took %v", took)
	}
	refusesInOneLine(t, harness.Launch(t, nil, "token", "revoke", "--data", data, "1"), "there is no such token")
	refusesInOneLine(t, harness.Launch(t, nil, "token", "add", "--data", data, "--scope=post", "ann"), "a person has that name")
	refusesInOneLine(t, harness.Launch(t, nil, "token", "add", "--data", data, "--scope=own", "builds"), `"own" is none of`)
	refusesInOneLine(t, harness.Launch(t, nil, "token", "add", "--data", data, "--scope=post", "--room=nowhere", "builds"), "there is no room")
	refusesInOneLine(t, harness.Launch(t, nil, "token", "add", "--data", data, "--scope=post", "--room=secret", "builds"), "no such room")
	refusesInOneLine(t, harness.Launch(t, nil, "token", "list", "--data", filepath.Join(data, "none")), "there is no database")

	p.cmd.Process.Signal(os.Interrupt)
	p.wait(t)
	if _, err := os.Stat(filepath.Join(data, addressName)); err == nil {
		t.Error("the address of a server that has stopped is still there")
	}
	builds = add("--scope=read", "builds")
	kept := add("--scope=read,admin", "builds")
	revoke("2")
	p = harness.StartIn(t, data)
	on := func(bot *harness.Person) *harness.Person { bot.p = p.program; return bot }
	on(builds).Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	on(kept).Get(t, "/api/invites", nil)
	kept.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(secret.ID), nil)

	// A server that was killed has left its address.
	p.cmd.Process.Kill()
	<-p.ended
	if text := list(); strings.Count(text, "\n") != 2 {
		t.Errorf("the list is %s", text)
	}
}

// What lets the operator's commands in opens nothing else, and nothing else is it.
func TestTheOperatorsWordIsForTokensAlone(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	login := ann.token(t)
	word, err := p.server.tokens.IssueOperator()
	if err != nil {
		t.Fatal(err)
	}
	operator := p.Visitor(t, "nobody")
	operator.Bearer, operator.Origin = word, ""
	operator.Get(t, "/api/tokens", nil)
	made := operator.makesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read")})
	ann.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", chat.NewToken{Bot: "builds", Scopes: scopes("read")})
	operator.Call(t, http.MethodDelete, tokenPath(made), nil, http.StatusNoContent, nil)
	for _, path := range []string{"/api/me", "/api/rooms", "/api/users", "/api/invites"} {
		operator.Refused(t, chat.SignedOut, http.MethodGet, path, nil)
	}
	operator.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + word}}).ExpectClosed(t, chat.CloseSignedOut)
	resp, _ := p.asks(t, http.MethodGet, "/api/tokens", "", http.Header{"Cookie": {cookieName(false) + "=" + word}})
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("as a cookie: got %d", resp.StatusCode)
	}
	sign := func(key []byte, claims jwt.RegisteredClaims) string {
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	good := func() jwt.RegisteredClaims {
		return jwt.RegisteredClaims{
			Issuer: tokenName, Audience: jwt.ClaimStrings{operatorAudience}, ExpiresAt: jwt.NewNumericDate(time.Now().Add(operatorLife)),
		}
	}
	if key := p.actions.tokenKey; !p.server.tokens.isOperator(sign(key, good())) {
		t.Fatal("the one that all others are made from is refused")
	}
	expired, eternal, endless, other := good(), good(), good(), good()
	expired.ExpiresAt = jwt.NewNumericDate(time.Now().Add(-time.Second))
	eternal.ExpiresAt = jwt.NewNumericDate(time.Now().Add(time.Hour))
	endless.ExpiresAt = nil
	other.Issuer = "other"
	for name, token := range map[string]string{
		"a login": login, "nothing": "", "another key": sign(make([]byte, 32), good()), "expired": sign(p.actions.tokenKey, expired),
		"one for an hour": sign(p.actions.tokenKey, eternal), "one without an end": sign(p.actions.tokenKey, endless),
		"another issuer": sign(p.actions.tokenKey, other), "a long one": strings.Repeat("x", maxToken+1),
	} {
		if p.server.tokens.isOperator(token) {
			t.Errorf("%s is taken for the operator's", name)
		}
	}
}

// Another version may have other tables.
func TestADatabaseOfAnotherVersionIsNotLookedInto(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	look := func() error {
		return Peek(s.path, func(tx *Tx) error {
			_, err := tx.Server()
			return err
		})
	}
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.EnsureServer("Home")
		return err
	})
	if err := look(); err != nil {
		t.Fatal(err)
	}
	err := Peek(s.path, func(tx *Tx) error {
		_, err := tx.exec(`DELETE FROM sessions`)
		return err
	})
	if err == nil {
		t.Error("it can be written")
	}
	execute(t, s.path, `PRAGMA user_version = 3`)
	if err := look(); !errors.Is(err, errOtherVersion) {
		t.Errorf("got %v", err)
	}
}
