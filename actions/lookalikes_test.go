// Tests of names that look like others: every way to a new login name has the same rules, and who has such a name from
// before keeps it.

package actions

import (
	"context"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/password"
	"parley/store"
)

func TestEveryWayToALoginNameRefusesLookAlikes(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx := context.Background()
	setUp := func(name string) error {
		account := chat.NewAccount{Name: name, Password: goodPassword}
		_, _, err := p.SetUp(ctx, "home", "", chat.Setup{Code: p.SetupCode(), ServerName: "Home", NewAccount: account})
		return err
	}
	mixed := []string{"аnn", "owner.", "a..b", "a\u202eb", "ann\u200b"} // the first begins in Cyrillic
	for _, name := range mixed {
		checkError(t, "the set-up as "+name, setUp(name), chat.Invalid)
	}
	checkError(t, "the set-up", setUp("coco"), "")
	bot := func(name string) error {
		_, err := p.AddToken(owner(), chat.NewToken{Bot: name, Scopes: []chat.Scope{chat.ScopeRead}})
		return err
	}
	register := func(name string) error { return p.registers(name, p.invites(t, chat.NewInvite{}).Code) }
	for way, takes := range map[string]func(name string) error{"an account": register, "a program": bot} {
		for _, name := range mixed {
			checkError(t, way+" called "+name, takes(name), chat.Invalid)
		}
		checkError(t, way+" that looks like coco", takes("сосо"), chat.NameTaken) // Cyrillic
	}
	checkError(t, "a program of one script", bot("маша"), "")
	checkError(t, "an account that looks like nobody", register("小明a"), "")
}

func TestWhoHasALookAlikeFromBeforeKeepsIt(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	hash, err := p.hasher.Hash(context.Background(), password.From{Key: "home"}, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	const person, program = "owner.", "a..b"
	p.must(t, func(tx *store.WriteTx) error {
		if _, err := tx.AddUser(store.StoredName{Shown: person, Key: person}, "Old", chat.RoleMember, hash); err != nil {
			return err
		}
		_, err := tx.AddBot(store.StoredName{Shown: program, Key: program}, "Old", chat.RoleMember, owner().User)
		return err
	})
	p.signsIn(t, person)
	in := chat.NewToken{Bot: program, Scopes: []chat.Scope{chat.ScopeRead}}
	if _, err := p.AddToken(access.Caller{Operator: true}, in); err != nil {
		t.Errorf("a program from before gets no token: %v", err)
	}
}

func TestDisplayNamesLoseWhatNobodySeesOnEveryWay(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx := context.Background()
	const given, want = "\u202eB\u200bo\u2066 Li", "Bo Li"
	account := func(name string) chat.NewAccount {
		return chat.NewAccount{Name: name, DisplayName: given, Password: goodPassword}
	}
	check := func(way, got string, err error) {
		t.Helper()
		if err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", way, got, err, want)
		}
	}
	user, session, err := p.SetUp(ctx, "home", "", chat.Setup{Code: p.SetupCode(), ServerName: given, NewAccount: account("ann")})
	check("the set-up", user.DisplayName, err)
	ann := access.Caller{User: user.ID, Session: session.ID}
	user, _, err = p.Register(ctx, "home", chat.Registering{
		Invite: p.invites(t, chat.NewInvite{}).Code, NewAccount: account("bob"),
	})
	check("registering", user.DisplayName, err)
	if _, err := p.ChangeProfile(ann, chat.ProfileChange{DisplayName: new("Ann")}); err != nil {
		t.Error(err)
	}
	user, err = p.ChangeProfile(ann, chat.ProfileChange{DisplayName: new(given)})
	check("a change of the profile", user.DisplayName, err)
	token, err := p.AddToken(ann, chat.NewToken{Bot: "shop", DisplayName: given, Name: given, Scopes: []chat.Scope{chat.ScopeRead}})
	check("a program", token.Bot.DisplayName, err)
	check("a token", token.Name, err)
	server, err := p.Server(ctx)
	check("the server", server.Name, err)
}
