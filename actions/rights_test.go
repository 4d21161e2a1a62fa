// Who may do what, beyond the rules of package access: which roles an action asks for, and what programs may
// not do. The whole of it, at the doors, is in tests/permissions_*_test.go.

package actions

import (
	"context"
	"testing"

	"parley/access"
	"parley/chat"
)

// givesRole makes somebody an admin, or a plain member again.
func (p *parts) givesRole(t *testing.T, user chat.UserID, role chat.Role) {
	t.Helper()
	if _, err := p.SetRole(owner(), user, chat.RoleChange{Role: role}); err != nil {
		t.Fatal(err)
	}
}

func TestTheServerIsKeptByItsOwnerAndItsAdmins(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, admin, bob := p.signsUp(t, "ann"), p.signsUp(t, "admin"), p.signsUp(t, "bob")
	p.givesRole(t, admin.User, chat.RoleAdmin)
	name := "Other"
	invite := p.invites(t, chat.NewInvite{})
	for _, c := range []struct {
		what string
		do   func(access.Caller) error
		all  bool // the admins too
	}{
		{"changing roles", func(by access.Caller) error {
			_, err := p.SetRole(by, bob.User, chat.RoleChange{Role: chat.RoleMember})
			return err
		}, false},
		{"changing the server", func(by access.Caller) error {
			_, err := p.ChangeServer(by, chat.ServerChange{Name: &name})
			return err
		}, false},
		{"inviting", func(by access.Caller) error { _, err := p.Invite(by, chat.NewInvite{}); return err }, true},
		{"listing invites", func(by access.Caller) error { _, err := p.Invites(context.Background(), by, 0); return err }, true},
		{"ending an invite", func(by access.Caller) error { return p.EndInvite(by, invite.ID) }, true},
	} {
		checkError(t, c.what+", a member", c.do(bob), chat.Forbidden)
		if !c.all {
			checkError(t, c.what+", an admin", c.do(admin), chat.Forbidden)
			checkError(t, c.what+", the owner", c.do(ann), "")
			continue
		}
		checkError(t, c.what+", an admin", c.do(admin), "")
	}
	_, err := p.SetRole(ann, ann.User, chat.RoleChange{Role: chat.RoleMember})
	checkError(t, "the last owner gives the role away", err, chat.LastOwner)
	view, err := p.EveryonesRoom(context.Background(), ann, chat.Announcements)
	if err != nil || view.Room.Name != "announcements" {
		t.Fatalf("got %+v, %v", view, err)
	}
	members, err := p.Members(context.Background(), ann, view.ID, 0)
	if err != nil || members.Members[0].Role != chat.MemberOwner || members.Members[1].Role != chat.MemberPlain {
		t.Errorf("in the announcements are %+v, %v: want ann as their owner alone", members, err)
	}
}

func TestProgramsAreNotPeople(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	room := p.creates(t, owner(), chat.Private, "room")
	made := p.makesToken(t, chat.NewToken{Bot: "builds", Scopes: allScopes, RoomIDs: []chat.RoomID{room}})
	program, _, err := p.Program(context.Background(), made.Token)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.ChangeProfile(program, chat.ProfileChange{DisplayName: new("Ann")})
	checkError(t, "changing its profile", err, chat.Forbidden)
	_, err = p.ChangePassword(context.Background(), program, chat.PasswordChange{New: goodPassword})
	checkError(t, "giving itself a password", err, chat.Forbidden)
	_, err = p.Tokens(context.Background(), program, 0)
	checkError(t, "listing tokens", err, chat.Forbidden)
	_, err = p.CreateRoom(program, chat.NewRoom{Kind: chat.Private, Name: "new"})
	checkError(t, "making a room that its token is not for", err, chat.Forbidden)
	_, err = p.CreateDirect(program, chat.NewDirect{UserIDs: []chat.UserID{1}})
	checkError(t, "making a direct room", err, chat.Forbidden)
}

func TestWhoMakesTokensForAProgram(t *testing.T) {
	t.Parallel()
	p := start(t)
	operator := access.Caller{Operator: true}
	of := func(name string, scopes ...chat.Scope) chat.NewToken { return chat.NewToken{Bot: name, Scopes: scopes} }
	_, err := p.AddToken(operator, of("early", chat.ScopeRead))
	checkError(t, "before there is an owner", err, chat.Forbidden)
	p.signsUp(t, "ann")
	admin := p.signsUp(t, "admin")
	p.givesRole(t, admin.User, chat.RoleAdmin)
	made, err := p.AddToken(admin, of("builds", chat.ScopeRead))
	if err != nil || made.Bot.Role != chat.RoleMember {
		t.Fatalf("got %+v, %v", made, err)
	}
	_, err = p.AddToken(owner(), of("builds", chat.ScopeRead))
	checkError(t, "another than its maker", err, chat.Forbidden)
	_, err = p.AddToken(operator, of("builds", chat.ScopeRead))
	checkError(t, "the operator", err, "")
	made, err = p.AddToken(admin, of("builds", chat.ScopeAdmin))
	if err != nil || made.Bot.Role != chat.RoleAdmin {
		t.Errorf("by a token for admins the program is %+v, %v", made.Bot, err)
	}
	secret := p.creates(t, admin, chat.Private, "secret")
	in := of("other", chat.ScopeRead)
	in.RoomIDs = []chat.RoomID{secret}
	_, err = p.AddToken(owner(), in)
	checkError(t, "for a room that the maker does not see", err, chat.NotFound)
	in.RoomIDs = []chat.RoomID{p.creates(t, owner(), chat.Private, "hidden")}
	_, err = p.AddToken(operator, in)
	checkError(t, "the operator, for a room that the program does not see", err, chat.NotFound)
	in.RoomIDs = []chat.RoomID{p.creates(t, owner(), chat.Public, "open")}
	_, err = p.AddToken(operator, in)
	checkError(t, "the operator, for a room that everyone sees", err, "")

	// Who is an admin no more keeps no token by which they would still do what admins may.
	news, err := p.AddToken(admin, of("news", chat.ScopeNotify))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := p.AddToken(admin, of("plain", chat.ScopeRead, chat.ScopePost))
	if err != nil {
		t.Fatal(err)
	}
	p.givesRole(t, admin.User, chat.RoleMember)
	for token, want := range map[string]chat.Code{made.Token: chat.SignedOut, news.Token: chat.SignedOut, plain.Token: ""} {
		_, _, err := p.Program(context.Background(), token)
		checkError(t, "a token of who was an admin", err, want)
	}
}

func TestAnotherPasswordNeedsTheOldOne(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	other := p.signsIn(t, "ann")
	change := func(current, next string) error {
		session, err := p.ChangePassword(context.Background(), ann, chat.PasswordChange{Current: current, New: next})
		if err == nil {
			ann.Session = session.ID
		}
		return err
	}
	checkError(t, "a wrong old one", change("wrong password", "a new password"), chat.WrongCredentials)
	checkError(t, "a short new one", change(goodPassword, "short"), chat.Invalid)
	p.signsIn(t, "ann")
	checkError(t, "the right ones", change(goodPassword, "a new password"), "")
	_, _, err := p.SignIn(context.Background(), "home", chat.Login{Name: "ann", Password: goodPassword})
	checkError(t, "signing in by the old one", err, chat.WrongCredentials)
	_, err = p.SignedIn(context.Background(), other.Session)
	checkError(t, "another session", err, chat.SignedOut)
	_, err = p.SignedIn(context.Background(), ann.Session)
	checkError(t, "the session that changed it", err, "")
}

// Who has left a room changes nothing in it, and who may not post there is not writing either.
func TestMessagesAreChangedByMembersAlone(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	open := p.creates(t, ann, chat.Public, "open")
	if _, err := Wait(func(done func(chat.RoomState, error)) { p.Join(bob, open, done) }); err != nil {
		t.Fatal(err)
	}
	sent, owners := p.says(t, bob, open, "text"), p.says(t, ann, open, "text")
	edit := func(by access.Caller) error {
		_, err := Wait(func(done Sent) { p.Edit(by, chat.MessageEdit{RoomID: open, Seq: sent.Seq, Body: "new"}, done) })
		return err
	}
	remove := func(by access.Caller, sent chat.MessageSent) error {
		_, err := Wait(func(done Sent) { p.Delete(by, chat.MessageAt{RoomID: open, Seq: sent.Seq}, done) })
		return err
	}
	checkError(t, "editing another's", edit(ann), chat.Forbidden)
	checkError(t, "deleting that of an owner of the room", remove(bob, owners), chat.Forbidden)
	checkError(t, "editing one's own", edit(bob), "")
	if _, err := Wait(func(done func(chat.Done, error)) { p.Leave(bob, open, done) }); err != nil {
		t.Fatal(err)
	}
	checkError(t, "editing after leaving", edit(bob), chat.Forbidden)
	checkError(t, "deleting after leaving", remove(bob, sent), chat.Forbidden)
	announcements, err := p.EveryonesRoom(context.Background(), bob, chat.Announcements)
	if err != nil {
		t.Fatal(err)
	}
	checkError(t, "writing in the announcements", p.Typing(context.Background(), bob, announcements.ID), chat.Forbidden)
	checkError(t, "writing in the announcements, as the owner", p.Typing(context.Background(), ann, announcements.ID), "")
}
