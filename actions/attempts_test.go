package actions

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// wrongCode has the form of a code, and is none.
const wrongCode = "WRONGWRONGWRONGWRONGWRONGW"

// Each way to guess a secret counts, and what was right does not.
func TestEveryGuessAtASecretCounts(t *testing.T) {
	t.Parallel()
	const tries = 3
	ctx := context.Background()
	for name, c := range map[string]struct {
		wrong func(p *parts, ann access.Caller, n int, address string) error
		code  chat.Code // of a wrong one
		right func(p *parts, ann access.Caller, n int, address string) error
	}{
		"signing in": {
			func(p *parts, _ access.Caller, _ int, address string) error {
				_, _, err := p.SignIn(ctx, address, chat.Login{Name: "ann", Password: "wrong password"})
				return err
			},
			chat.WrongCredentials,
			func(p *parts, _ access.Caller, _ int, address string) error {
				_, _, err := p.SignIn(ctx, address, chat.Login{Name: "ann", Password: goodPassword})
				return err
			},
		},
		"registering": {
			func(p *parts, _ access.Caller, n int, address string) error {
				_, _, err := p.Register(ctx, address, chat.Registering{
					Invite: wrongCode, NewAccount: chat.NewAccount{Name: fmt.Sprint("guess", n), Password: goodPassword},
				})
				return err
			},
			chat.NotFound,
			func(p *parts, _ access.Caller, n int, address string) error {
				invite, err := p.Invite(owner(), chat.NewInvite{})
				if err != nil {
					return err
				}
				_, _, err = p.Register(ctx, address, chat.Registering{
					Invite: invite.Code, NewAccount: chat.NewAccount{Name: fmt.Sprint("new", n), Password: goodPassword},
				})
				return err
			},
		},
		"asking about an invite": {
			func(p *parts, _ access.Caller, _ int, address string) error {
				_, err := p.CheckInvite(ctx, address, chat.InviteCode{Code: wrongCode})
				return err
			},
			chat.NotFound,
			func(p *parts, _ access.Caller, _ int, address string) error {
				invite, err := p.Invite(owner(), chat.NewInvite{})
				if err == nil {
					_, err = p.CheckInvite(ctx, address, chat.InviteCode{Code: invite.Code})
				}
				return err
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, func(l *access.Limits) { l.SignInAttempts = tries })
			ann := p.signsUp(t, "ann")
			for n := range 2 * tries {
				if err := c.right(p, ann, n, "honest"); err != nil {
					t.Fatalf("right attempt %d: %v", n, err)
				}
			}
			for n := range tries {
				if err := c.wrong(p, ann, n, "guesser"); !chat.IsCode(err, c.code) {
					t.Fatalf("guess %d: got %v, want %s", n, err, c.code)
				}
			}
			err := c.right(p, ann, 100, "guesser")
			if refused, ok := err.(*chat.Error); !ok || refused.Code != chat.TooManyAttempts || refused.Limit != tries || refused.RetryAfter <= 0 {
				t.Errorf("after %d guesses: got %v, want too_many_attempts", tries, err)
			}
		})
	}
}

// Guesses hold back whoever makes them: at one account from one address range, at any accounts from it, and at
// one account from all ranges together.
func TestGuessesHoldBackTheirPairTheirRangeAndTheirAccount(t *testing.T) {
	t.Parallel()
	const tries = 3
	p := start(t, func(l *access.Limits) { l.SignInAttempts = tries })
	p.signsUp(t, "ann")
	p.signsUp(t, "bob")
	signIn := func(name, password, address string) error {
		_, _, err := p.SignIn(context.Background(), address, chat.Login{Name: name, Password: password})
		return err
	}
	want := func(what string, err error, code chat.Code) {
		t.Helper()
		checkError(t, what, err, code)
	}
	for _, name := range []string{"ann", "ANN", " Ann "} { // which is all the same account
		want("a guess", signIn(name, "wrong password", "first"), chat.WrongCredentials)
	}
	for range 100 {
		want("the pair", signIn("ann", "wrong password", "first"), chat.TooManyAttempts)
	}
	want("another account from there", signIn("bob", goodPassword, "first"), "")
	want("the account from elsewhere", signIn("ann", goodPassword, "home"), "")
	for n := range (rangeTries - 1) * tries { // with the three of the pair, what the range may
		want("other names, which nobody has", signIn(fmt.Sprint("nobody", n), "wrong password", "first"), chat.WrongCredentials)
	}
	want("the range", signIn("bob", goodPassword, "first"), chat.TooManyAttempts)
	for n := range (accountTries - 1) * tries { // with the three of the pair, what the account may
		want("from many ranges", signIn("ann", "wrong password", fmt.Sprint("range ", n)), chat.WrongCredentials)
	}
	want("the account from a new device", signIn("ann", goodPassword, "home"), chat.TooManyAttempts)
	want("another account", signIn("bob", goodPassword, "home"), "")
	for n := range accountTries * tries {
		want("a name that nobody has", signIn("cid", "wrong password", fmt.Sprint("range ", n)), chat.WrongCredentials)
	}
	want("is answered like one", signIn("cid", "wrong password", "home"), chat.TooManyAttempts)
}

// Whoever guesses, a device that has signed in before does, and somebody who is signed in changes the password.
func TestNobodysGuessesHoldBackAKnownDevice(t *testing.T) {
	t.Parallel()
	const tries = 3
	p := start(t, func(l *access.Limits) { l.SignInAttempts = tries })
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	device := func(by access.Caller) string {
		mark, err := p.Device(context.Background(), by.User)
		if err != nil {
			t.Fatal(err)
		}
		return mark
	}
	phone, laptop, bobs := device(ann), device(ann), device(bob)
	signIn := func(password, address string, shown ...string) error {
		_, _, err := p.SignIn(context.Background(), address, chat.Login{Name: "ann", Password: password}, shown...)
		return err
	}
	for n := range accountTries {
		for range tries {
			checkError(t, "a guess", signIn("wrong password", fmt.Sprint("range ", n)), chat.WrongCredentials)
		}
	}
	checkError(t, "an unknown device", signIn(goodPassword, "home"), chat.TooManyAttempts)
	forged := phone[:len(phone)-2] + "AA"
	for _, mark := range []string{"", "nonsense", bobs, forged} {
		checkError(t, "a device that never signed in as ann: "+mark, signIn(goodPassword, "home", mark), chat.TooManyAttempts)
	}
	checkError(t, "a known device", signIn(goodPassword, "home", "nonsense", phone), "")
	checkError(t, "a known device where somebody guesses", signIn(goodPassword, "range 0", phone), "")
	for range tries {
		checkError(t, "a known device that guesses", signIn("wrong password", "home", phone), chat.WrongCredentials)
	}
	checkError(t, "it is held back", signIn(goodPassword, "home", phone), chat.TooManyAttempts)
	checkError(t, "another known device is not", signIn(goodPassword, "home", laptop), "")

	change := func(by access.Caller, current string) (access.Caller, error) {
		session, err := p.ChangePassword(context.Background(), by, chat.PasswordChange{Current: current, New: "another password"})
		return access.Caller{User: session.User, Session: session.ID}, err
	}
	for range tries {
		_, err := change(ann, "wrong password")
		checkError(t, "a wrong one while signed in", err, chat.WrongCredentials)
	}
	_, err := change(ann, goodPassword)
	checkError(t, "the session is held back", err, chat.TooManyAttempts)
	again := p.signsInWith(t, "ann", laptop)
	fresh, err := change(again, goodPassword)
	checkError(t, "another session is not", err, "")
	checkError(t, "with a new password no device is known", signIn("another password", "home", laptop), chat.TooManyAttempts)
	checkError(t, "but the one that is from now on", signIn("another password", "home", device(fresh)), "")
}

// What was taken comes back with time: a pair's in minutes, an account's in an hour.
func TestAttemptsComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAttempts(10, time.Now)
		spend := func(address string) (n int) {
			for n < 1000 {
				if _, err := a.signIn("ann", address, ""); err != nil {
					return n
				}
				n++
			}
			return n
		}
		for n, want := range []int{10, 10, 10, 0} { // three pairs take all that the account has
			if got := spend(fmt.Sprint("range ", n)); got != want {
				t.Errorf("range %d: %d attempts, want %d", n, got, want)
			}
		}
		time.Sleep(signInWindow)
		if got := spend("range 0"); got != 1 { // 30 an hour
			t.Errorf("after three minutes: %d attempts, want 1", got)
		}
		time.Sleep(accountWindow)
		for n, want := range []int{10, 10, 10, 0} {
			if got := spend(fmt.Sprint("range ", n)); got != want {
				t.Errorf("an hour later, range %d: %d attempts, want %d", n, got, want)
			}
		}
	})
}

// Signing in and changing the password cost the server as much when they succeed. Only whoever knows the password uses
// up what an account has.
func TestSignInsThatSucceedAreCountedToo(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.SignInAttempts = 2 })
	p.signsUp(t, "ann")
	p.signsUp(t, "bob")
	signIn := func(name, password, from string) error {
		_, _, err := p.SignIn(context.Background(), from, chat.Login{Name: name, Password: password})
		return err
	}
	for n := range accountTries * 2 {
		checkError(t, "a guess", signIn("ann", "wrong password", fmt.Sprint("range ", n)), chat.WrongCredentials)
	}
	for range leastSignIns {
		checkError(t, "bob", signIn("bob", goodPassword, "office"), "")
	}
	var refused error
	for range 1000 { // until more are made than come back meanwhile
		if refused = signIn("bob", goodPassword, "home"); refused != nil {
			break
		}
	}
	checkError(t, "bob, from wherever", refused, chat.TooManyAttempts)
	carl := p.signsUp(t, "carl")
	var changed int
	for refused = nil; refused == nil && changed < 1000; changed++ { // to the same password, again and again
		var session store.Session
		change := chat.PasswordChange{Current: goodPassword, New: goodPassword}
		if session, refused = p.ChangePassword(context.Background(), carl, change); refused == nil {
			carl.Session = session.ID
		}
	}
	checkError(t, "carl, who changes the password without end", refused, chat.TooManyAttempts)
	if changed < leastSignIns {
		t.Errorf("refused after %d changes, want %d at least", changed, leastSignIns)
	}
	full := newAttempts(2, time.Now)
	for range 1000 {
		giveBack, err := full.succeed(1)
		checkError(t, "one that fails", err, "")
		giveBack()
	}
}

// Closed registration and a wrong invite are refused before a password is hashed.
func TestAPasswordIsHashedOnlyForWhoMayRegister(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	p.hasher = nil // hashing would panic
	register := func(invite string) error {
		_, _, err := p.Register(context.Background(), "home", chat.Registering{
			Invite: invite, NewAccount: chat.NewAccount{Name: "bob", Password: goodPassword},
		})
		return err
	}
	checkError(t, "without an invite", register(""), chat.Forbidden)
	checkError(t, "with a wrong one", register(wrongCode), chat.NotFound)
	if _, err := p.ChangeServer(owner(), chat.ServerChange{Registration: new(chat.RegistrationClosed)}); err != nil {
		t.Fatal(err)
	}
	checkError(t, "when registration is closed", register(""), chat.Forbidden)
}

func TestGuessesAtTheSetUpCodeCount(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.SignInAttempts = 2 })
	try := func(code, address string) error {
		_, _, err := p.SetUp(context.Background(), address, "", chat.Setup{
			Code: code, ServerName: "Home", NewAccount: chat.NewAccount{Name: "ann", Password: "short"},
		})
		return err
	}
	for range 4 { // the code is right, and something else is not
		if err := try(p.setupCode, "honest"); !chat.IsCode(err, chat.Invalid) {
			t.Fatalf("got %v", err)
		}
	}
	for range 2 {
		if err := try(wrongCode, "guesser"); !chat.IsCode(err, chat.Forbidden) {
			t.Fatalf("got %v", err)
		}
	}
	if err := try(p.setupCode, "guesser"); !chat.IsCode(err, chat.TooManyAttempts) {
		t.Errorf("after two guesses: got %v", err)
	}
}

// Whoever has an invite that works guesses nothing: what is wrong with the account costs nobody at their address
// anything, and no time for hashing.
func TestAnAccountThatIsRefusedIsNoGuess(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	invite := p.invites(t, chat.NewInvite{})
	for range 30 {
		if err := p.registers("ann", invite.Code); !chat.IsCode(err, chat.NameTaken) {
			t.Fatalf("a name that is taken: got %v", err)
		}
		if err := p.registers("a name that cannot be", invite.Code); !chat.IsCode(err, chat.Invalid) {
			t.Fatalf("a name that cannot be: got %v", err)
		}
	}
	if err := p.registers("bob", invite.Code); err != nil {
		t.Errorf("registering from there: %v", err)
	}
	p.signsIn(t, "ann")
}
