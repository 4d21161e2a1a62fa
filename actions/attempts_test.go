package actions

import (
	"context"
	"fmt"
	"testing"

	"parley/access"
	"parley/chat"
)

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
			func(p *parts, _ access.Caller, n int, address string) error {
				_, _, err := p.SignIn(ctx, address, chat.Login{Name: fmt.Sprint("guess", n), Password: "wrong password"})
				return err
			},
			chat.WrongCredentials,
			func(p *parts, _ access.Caller, _ int, address string) error {
				_, _, err := p.SignIn(ctx, address, chat.Login{Name: "ann", Password: goodPassword})
				return err
			},
		},
		"changing the password": {
			func(p *parts, ann access.Caller, _ int, address string) error {
				return p.ChangePassword(ctx, ann, address, chat.PasswordChange{Current: "wrong password", New: goodPassword})
			},
			chat.WrongCredentials,
			func(p *parts, ann access.Caller, _ int, address string) error {
				return p.ChangePassword(ctx, ann, address, chat.PasswordChange{Current: goodPassword, New: goodPassword})
			},
		},
		"registering": {
			func(p *parts, _ access.Caller, n int, address string) error {
				_, _, err := p.Register(ctx, address, chat.Registering{
					Invite: "GUESS", NewAccount: chat.NewAccount{Name: fmt.Sprint("guess", n), Password: goodPassword},
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
				_, err := p.CheckInvite(ctx, address, chat.InviteCode{Code: "GUESS"})
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

// The account is held back for addresses that have not guessed; that is so for no other account.
func TestGuessesFromManyAddressesHoldBackTheAccount(t *testing.T) {
	t.Parallel()
	const tries = 3
	p := start(t, func(l *access.Limits) { l.SignInAttempts = tries })
	p.signsUp(t, "ann")
	p.signsUp(t, "bob")
	signIn := func(name, password, address string) error {
		_, _, err := p.SignIn(context.Background(), address, chat.Login{Name: name, Password: password})
		return err
	}
	for n, name := range []string{"ann", "ANN", " Ann "} { // which is all the same account
		if err := signIn(name, "wrong password", fmt.Sprint("address ", n)); !chat.IsCode(err, chat.WrongCredentials) {
			t.Fatalf("guess %d: got %v", n, err)
		}
	}
	if err := signIn("ann", goodPassword, "another"); !chat.IsCode(err, chat.TooManyAttempts) {
		t.Errorf("the account: got %v", err)
	}
	if err := signIn("bob", goodPassword, "another"); err != nil {
		t.Errorf("another account: got %v", err)
	}
}

func TestGuessesAtTheSetUpCodeCount(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.SignInAttempts = 2 })
	try := func(code, address string) error {
		_, _, err := p.SetUp(context.Background(), address, chat.Setup{
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
		if err := try("GUESS", "guesser"); !chat.IsCode(err, chat.Forbidden) {
			t.Fatalf("got %v", err)
		}
	}
	if err := try(p.setupCode, "guesser"); !chat.IsCode(err, chat.TooManyAttempts) {
		t.Errorf("after two guesses: got %v", err)
	}
}
