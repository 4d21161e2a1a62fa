package actions

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/wait"
	"parley/store"
)

// makesToken makes a token for a program of the owner's.
func (p *parts) makesToken(t testing.TB, in chat.NewToken) chat.Token {
	t.Helper()
	token, err := p.AddToken(owner(), in)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// A token that is used all the time is not written down all the time.
func TestTheUseOfATokenIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	made := p.makesToken(t, chat.NewToken{Bot: "builds", Scopes: []chat.Scope{chat.ScopeRead}})
	used := func() int64 {
		t.Helper()
		p.must(t, func(*store.WriteTx) error { return nil }) // behind what was queued
		tokens, err := p.Tokens(context.Background(), owner(), 0)
		if err != nil {
			t.Fatal(err)
		}
		return tokens.Tokens[0].LastUsedAt
	}
	use := func() {
		t.Helper()
		if _, _, err := p.Program(context.Background(), made.Token); err != nil {
			t.Fatal(err)
		}
	}
	use()
	first := used()
	if first == 0 {
		t.Fatal("its first use is not noted")
	}
	for since, want := range map[time.Duration]bool{0: false, tokenUseEvery - time.Millisecond: false, tokenUseEvery: true} {
		last := used()
		wait.Until(t, "the clock goes on", func() bool { return time.Now().UnixMilli() > last })
		p.clock(time.UnixMilli(last).Add(since))
		use()
		if noted := used() != last; noted != want {
			t.Errorf("%v after it was used: noted %v, want %v", since, noted, want)
		}
	}
}

func TestATokenWorksUntilItExpires(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	for _, c := range []struct {
		seconds int64
		ago     time.Duration // since it was made
		works   bool
	}{
		{3600, 0, true}, {3600, time.Hour / 2, true}, {3600, time.Hour + time.Second, false}, {0, 100 * 365 * 24 * time.Hour, true},
	} {
		p.clock(time.Now().Add(-c.ago))
		made := p.makesToken(t, chat.NewToken{Bot: "builds", Scopes: []chat.Scope{chat.ScopeRead}, ExpiresIn: c.seconds})
		want := p.now().Add(time.Duration(c.seconds) * time.Second).UnixMilli()
		p.now = time.Now
		if c.seconds == 0 {
			want = 0
		}
		if made.ExpiresAt != want {
			t.Errorf("%+v: it expires at %d, want %d", c, made.ExpiresAt, want)
		}
		by, ends, err := p.Program(context.Background(), made.Token)
		if works := err == nil; works != c.works || (!works && !chat.IsCode(err, chat.SignedOut)) {
			t.Errorf("%+v: got %v", c, err)
		} else if works && (by.User != made.Bot.ID || by.Grant.Token != made.ID || (want != 0 && ends.UnixMilli() != want)) {
			t.Errorf("%+v: got %+v, until %v", c, by, ends)
		}
	}
}

// Tokens are for the owner and the admins, as people, and for the operator.
func TestOnlyWhoAdministersKeepsTokens(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	bob, admin := p.signsUp(t, "bob"), p.signsUp(t, "admin")
	if _, err := p.SetRole(owner(), admin.User, chat.RoleChange{Role: chat.RoleAdmin}); err != nil {
		t.Fatal(err)
	}
	program := p.makesToken(t, chat.NewToken{Bot: "helper", Scopes: []chat.Scope{chat.ScopeAdmin, chat.ScopeRead}})
	helper, _, err := p.Program(context.Background(), program.Token)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		by  access.Caller
		may bool
	}{
		"the owner": {owner(), true}, "an admin": {admin, true}, "the operator": {access.Caller{Operator: true}, true},
		"a member": {bob, false}, "a program of an admin's": {helper, false}, "nobody": {access.Caller{}, false},
	} {
		_, listErr := p.Tokens(context.Background(), c.by, 0)
		made, addErr := p.AddToken(c.by, chat.NewToken{Bot: strings.ReplaceAll(name, " ", "-"), Scopes: []chat.Scope{chat.ScopeRead}})
		if !c.may {
			made = program
		}
		endErr := p.EndToken(c.by, made.ID)
		for what, err := range map[string]error{"list": listErr, "make": addErr, "end": endErr} {
			if (err == nil) != c.may {
				t.Errorf("%s: to %s tokens: %v", name, what, err)
			}
		}
	}
}

func TestATokenIsForNoDirectRoom(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	direct, err := p.CreateDirect(ann, chat.NewDirect{UserIDs: []chat.UserID{bob.User}})
	if err != nil {
		t.Fatal(err)
	}
	in := chat.NewToken{Bot: "builds", Scopes: []chat.Scope{chat.ScopeRead}, RoomIDs: []chat.RoomID{direct.ID}}
	if _, err := p.AddToken(ann, in); !chat.IsCode(err, chat.Invalid) {
		t.Errorf("got %v, want it refused", err)
	}
	if _, err := p.PersonCalled(context.Background(), "builds"); !chat.IsCode(err, chat.NotFound) {
		t.Errorf("the program was made all the same: %v", err)
	}
}
