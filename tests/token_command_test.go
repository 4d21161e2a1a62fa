// The operator's commands for tokens: on a folder that a server uses, and on one that none does.

package tests

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/auth"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
	"parley/tests/harness"
	"parley/web"
)

func TestTheOperatorLooksAfterTokensWhetherTheServerRunsOrNot(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
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
	s := builds.DialBearer(t, builds.Bearer)
	s.Says(t, open.ID, "deployed")
	if text := list(); !regexp.MustCompile(`(?m)^1  +builds +builds +read post +` + fmt.Sprint(open.ID) + ` +20`).MatchString(text) {
		t.Errorf("the list is %s", text)
	}
	revoke("1")
	s.ExpectClosed(t, chat.CloseSignedOut)
	harness.Launch(t, nil, "token", "revoke", "--data", data, "1").RefusesInOneLine(t, "no token 1 works; parley token list shows those that do")
	harness.Launch(t, nil, "token", "add", "--data", data, "--scope=post", "ann").RefusesInOneLine(t, "a person has that name")
	harness.Launch(t, nil, "token", "add", "--data", data, "--scope=own", "builds").RefusesInOneLine(t, `"own" is none of`)
	harness.Launch(t, nil, "token", "add", "--data", data, "--scope=post", "--room=nowhere", "builds").RefusesInOneLine(t, "there is no room")
	harness.Launch(t, nil, "token", "add", "--data", data, "--scope=post", "--room=secret", "builds").RefusesInOneLine(t, `there is no room "secret"`)
	harness.Launch(t, nil, "token", "list", "--data", filepath.Join(data, "none")).RefusesInOneLine(t, "there is no database")

	p.Stop()
	if _, err := os.Stat(filepath.Join(data, "parley.address")); err == nil {
		t.Error("the address of a server that has stopped is still there")
	}
	builds = add("--scope=read", "builds")
	kept := add("--scope=read,admin", "builds")
	revoke("2")
	p = harness.StartIn(t, data)
	p.Visitor(t, "builds").WithBearer(t, builds.Bearer).Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	kept = p.Visitor(t, "builds").WithBearer(t, kept.Bearer)
	kept.Get(t, "/api/invites", nil)
	kept.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(secret.ID), nil)

	// A server that was killed has left its address.
	p.Kill()
	if text := list(); strings.Count(text, "\n") != 2 {
		t.Errorf("the list is %s", text)
	}
}

func TestTheCommandMakesNoProgramBeforeTheOwner(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	harness.StartIn(t, data).Stop()
	harness.Launch(t, nil, "token", "add", "--data", data, "--scope=post", "builds").RefusesInOneLine(t, "has not been set up")
	harness.StartIn(t, data).SetUp(t)
}

// Less than a second is the shortest life there is, not one without an end.
func TestAShortLifeOnTheCommandLineHasAnEnd(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	p.SetUp(t)
	p.Stop()
	secret := harness.Run(t, "token", "add", "--data", data, "--scope=read", "--expires=1ms", "builds")
	p = harness.StartIn(t, data)
	builds := p.Visitor(t, "builds")
	builds.Bearer, builds.Origin = strings.TrimSpace(secret), ""
	wait.Until(t, "it ends", func() bool {
		status, _ := builds.Try(t, http.MethodGet, "/api/me", nil)
		return status == http.StatusUnauthorized
	})
}

// What lets the operator's commands in opens nothing else. What else is no such word is tested in auth.
func TestTheOperatorsWordIsForTokensAlone(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	operator := p.Operator(t)
	operator.Get(t, "/api/tokens", nil)
	made := operator.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read")})
	ann.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", chat.NewToken{Bot: "builds", Scopes: scopes("read")})
	operator.Call(t, http.MethodDelete, harness.TokenPath(made), nil, http.StatusNoContent, nil)
	for _, route := range routesByName(t) {
		if route.Guard == web.SignedIn {
			operator.Refused(t, chat.SignedOut, route.Method, route.Path, nil)
		}
	}
	operator.DialAnyhow(t, harness.WithToken(operator.Bearer)).ExpectClosed(t, chat.CloseSignedOut)
	resp, _ := p.Asks(t, http.MethodGet, "/api/tokens", "", http.Header{"Cookie": {auth.CookieName(false) + "=" + operator.Bearer}})
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("as a cookie: got %d", resp.StatusCode)
	}
}
