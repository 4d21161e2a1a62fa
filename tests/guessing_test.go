// Guessing passwords: whom it holds back, from several addresses of the machine, and whom it does not. And what
// a new password ends.

package tests

import (
	"encoding/json"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// loginFrom signs in from an address of this machine, with a browser that has no cookies.
func loginFrom(t *testing.T, p *harness.Program, address, name, password string) chat.Code {
	t.Helper()
	from := &http.Client{Transport: &http.Transport{
		DialContext:       (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}).DialContext,
		DisableKeepAlives: true,
	}}
	resp, err := from.Post(p.URL+"/api/login", "application/json",
		strings.NewReader(harness.AsJSON(t, chat.Login{Name: name, Password: password})))
	if err != nil {
		if runtime.GOOS != "linux" { // there all of 127.0.0.0/8 is this machine
			t.Skipf("this machine does not send from %s: %v", address, err)
		}
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var refused chat.Error
	if err := json.NewDecoder(resp.Body).Decode(&refused); err != nil {
		t.Fatal(err)
	}
	return refused.Code
}

func TestStrangersWhoGuessDoNotLockAnybodyOut(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sign-in-attempts=3") // so that another is not allowed before a minute
	ann := p.SetUp(t)
	want := func(what, address, name, password string, code chat.Code) {
		t.Helper()
		if got := loginFrom(t, p, address, name, password); got != code {
			t.Errorf("%s: got %q, want %q", what, got, code)
		}
	}
	guess := func(address, name string) {
		t.Helper()
		for range p.Limits.SignInAttempts {
			want("a guess at "+name, address, name, "wrong password", chat.WrongCredentials)
		}
		want("one more at "+name, address, name, "wrong password", chat.TooManyAttempts)
	}
	guess("127.0.0.2", "ann")
	want("a new device of ann's elsewhere", "127.0.0.5", "ann", harness.GoodPassword, "")
	guess("127.0.0.3", "ann")
	guess("127.0.0.4", "ann")
	guess("127.0.0.2", "nobody") // who is answered alike
	want("the account as a whole, from a new device", "127.0.0.5", "ann", harness.GoodPassword, chat.TooManyAttempts)

	ann.Call(t, http.MethodPost, "/api/logout", nil, http.StatusNoContent, nil)
	login := chat.Login{Name: "ann", Password: harness.GoodPassword}
	ann.Post(t, "/api/login", login, http.StatusOK, nil) // the browser is known
	change := chat.PasswordChange{Current: harness.GoodPassword, New: "another good password"}
	ann.Post(t, "/api/me/password", change, http.StatusNoContent, nil)
}

func TestANewPasswordGivesThisDeviceANewSessionAndEndsTheRest(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	old := ann.Token(t)
	phone := ann.Device(t)
	first, second := ann.Makes(t, "first", scopes(chat.ScopeRead)), ann.Makes(t, "second", scopes(chat.ScopeRead))
	here, there, program := ann.Dial(t), phone.Dial(t), first.DialBearer(t, first.Bearer)
	signedIn := func(what, token string, ok bool) {
		t.Helper()
		resp, _ := p.Asks(t, http.MethodGet, "/api/me", "", harness.WithToken(token))
		if (resp.StatusCode == http.StatusOK) != ok {
			t.Errorf("%s: got %d", what, resp.StatusCode)
		}
	}
	signedIn("before", old, true)
	ann.Post(t, "/api/me/password", chat.PasswordChange{Current: harness.GoodPassword, New: "another good password"},
		http.StatusNoContent, nil)
	here.ExpectClosed(t, chat.CloseSignedOut)
	there.ExpectClosed(t, chat.CloseSignedOut)
	ann.Get(t, "/api/me", nil)
	ann.Dial(t) // with the new cookie
	phone.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	signedIn("the old cookie", old, false)
	signedIn("a program whose end was not asked for", first.Bearer, true)
	program.Settle(t)

	ann.Post(t, "/api/me/password", chat.PasswordChange{
		Current: "another good password", New: harness.GoodPassword, EndTokens: true,
	}, http.StatusNoContent, nil)
	program.ExpectClosed(t, chat.CloseSignedOut)
	signedIn("the first program", first.Bearer, false)
	signedIn("the second program", second.Bearer, false)
	ann.Get(t, "/api/me", nil)
}

// Only a secret that was checked and was wrong counts as a guess: here nobody's attempts come near the limit.
func TestWhatIsNoGuessCountsAgainstNobody(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sign-in-attempts=1")
	visitor := p.Visitor(t, "mallory")
	register := func(invite string) chat.Registering {
		return chat.Registering{Invite: invite, NewAccount: harness.Account("bob")}
	}
	refused := func(what string, code chat.Code, path string, in any) {
		t.Helper()
		for range 2 * p.Limits.SignInAttempts {
			if status, body := visitor.Try(t, http.MethodPost, path, in); !strings.Contains(string(body), string(code)) {
				t.Errorf("%s: got %d %s, want %s", what, status, body, code)
			}
		}
	}
	guesses := func(code chat.Code, path string, in any) {
		t.Helper()
		for range p.Limits.SignInAttempts {
			visitor.Refused(t, code, http.MethodPost, path, in)
		}
		visitor.Refused(t, chat.TooManyAttempts, http.MethodPost, path, in)
	}
	refused("before there is an owner", chat.Forbidden, "/api/register", register(harness.WrongCode))
	for _, code := range []string{"", strings.ToLower(harness.WrongCode), harness.WrongCode + "A"} {
		setup := chat.Setup{Code: code, ServerName: "Mine", NewAccount: harness.Account("mallory")}
		refused("set-up", chat.Forbidden, "/api/setup", setup)
	}
	ann := p.SetUp(t) // from the same address
	invite := func() (made chat.Invite) {
		ann.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &made)
		return made
	}
	refused("without an invite", chat.Forbidden, "/api/register", register(""))
	refused("register", chat.NotFound, "/api/register", register("GUESS"))
	refused("asking about an invite", chat.NotFound, "/api/invites/check", chat.InviteCode{Code: "GUESS"})
	refused("asking about a reset", chat.NotFound, "/api/reset/check", chat.ResetCode{Code: "GUESS"})
	refused("a reset", chat.NotFound, "/api/reset", chat.ResetPassword{Code: "GUESS", Password: harness.GoodPassword})
	for _, name := range []string{"", "a name", "12345", strings.Repeat("n", 65)} { // more than a range may try
		refused("signing in as "+name, chat.WrongCredentials, "/api/login", chat.Login{Name: name, Password: harness.GoodPassword})
	}
	visitor.Post(t, "/api/invites/check", chat.InviteCode{Code: invite().Code}, http.StatusOK, nil)
	visitor.Post(t, "/api/login", chat.Login{Name: "ann", Password: harness.GoodPassword}, http.StatusOK, nil)

	guesses(chat.NotFound, "/api/invites/check", chat.InviteCode{Code: harness.WrongCode})
	visitor.Refused(t, chat.TooManyAttempts, http.MethodPost, "/api/register", register(invite().Code))
	for _, registration := range []chat.Registration{chat.RegistrationClosed, chat.RegistrationOpen} {
		ann.Call(t, http.MethodPatch, "/api/server", chat.ServerChange{Registration: &registration}, http.StatusOK, nil)
		if registration == chat.RegistrationClosed {
			refused("while it is closed", chat.Forbidden, "/api/register", register(harness.WrongCode))
		}
	}
	visitor.Post(t, "/api/register", register(""), http.StatusCreated, nil) // without a code there is nothing to guess
	visitor = p.Visitor(t, "carl")                                          // with a browser that is not known
	guesses(chat.WrongCredentials, "/api/login", chat.Login{Name: "ann", Password: "wrong password"})
}

// Registering, the set-up and a reset make the server hash and write, and each takes ten reads of the address.
func TestMakingAccountsIsPaidFor(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--reads-per-second=1", "--messages-per-second=0.1") // ten reads at once
	mallory := p.Visitor(t, "mallory")
	for path, in := range map[string]any{
		"/api/setup":    chat.Setup{Code: "GUESS", ServerName: "Mine", NewAccount: harness.Account("mallory")},
		"/api/register": chat.Registering{NewAccount: harness.Account("mallory")},
		"/api/reset":    chat.ResetPassword{Code: "GUESS", Password: harness.GoodPassword},
	} {
		tries := 0
		for ; tries < 1000; tries++ {
			status, body := mallory.Try(t, http.MethodPost, path, in)
			if status == http.StatusTooManyRequests && strings.Contains(string(body), string(chat.RateLimited)) {
				break
			}
		}
		if tries > 10 {
			t.Errorf("%s was refused %d times before it was too much", path, tries)
		}
	}
}
