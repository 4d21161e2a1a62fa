package store_test

import (
	"testing"

	"parley/access"
	"parley/actions"
	"parley/chat"
)

// useEverything calls every action, so that every statement runs.
func (p *program) useEverything(t *testing.T) {
	t.Helper()
	ctx, ann := t.Context(), p.ann
	bob := p.signUp(t, "bob")
	find := func(kind chat.RoomKind) chat.RoomID {
		room, err := p.EveryonesRoom(ctx, ann, kind)
		must(t, "find a room", err)
		return room.ID
	}
	general := find(chat.Public)
	secret, err := p.CreateRoom(ann, chat.NewRoom{Kind: chat.Private, Name: "secret"})
	must(t, "make a room", err)
	for range 2 { // the first call makes the room, the second finds it
		_, err = p.CreateDirect(ann, chat.NewDirect{UserIDs: []chat.UserID{bob.User}})
		must(t, "make a direct room", err)
	}
	p.useMessages(t, bob, general)
	p.useNotifications(t, bob)
	p.useReports(t, bob, general)

	name, topic := "other", "new"
	token := p.useTokens(t)
	all := map[string]func() error{
		"server":           func() error { _, err := p.Server(ctx); return err },
		"change server":    func() error { _, err := p.ChangeServer(ann, chat.ServerChange{Name: &name}); return err },
		"change profile":   func() error { _, err := p.ChangeProfile(ann, chat.ProfileChange{DisplayName: &name}); return err },
		"people":           func() error { _, err := p.People(ctx, ann, 1); return err },
		"invites":          func() error { _, err := p.Invites(ctx, ann, 0); return err },
		"audit log":        func() error { _, err := p.AuditLog(ctx, ann, 0, 10); return err },
		"end invite":       func() error { return p.EndInvite(ann, 1) },
		"check invite":     func() error { _, err := p.CheckInvite(ctx, "", chat.InviteCode{Code: "none"}); return err },
		"rooms":            func() error { _, _, err := p.Rooms(ctx, ann, 0); return err },
		"public rooms":     func() error { _, err := p.PublicRooms(ctx, ann, "gen"); return err },
		"room":             func() error { _, err := p.Room(ctx, ann, general); return err },
		"room by its name": func() error { _, err := p.RoomNamed(ctx, ann, "general"); return err },
		"person":           func() error { _, err := p.PersonCalled(ctx, "bob"); return err },
		"change room": func() error {
			_, err := p.ChangeRoom(ann, secret.ID, chat.RoomChange{Name: &name, Topic: &topic})
			return err
		},
		"members":   func() error { _, err := p.Members(ctx, ann, general, 0); return err },
		"typing":    func() error { return p.Typing(ctx, ann, general) },
		"snapshot":  func() error { _, err := p.Snapshot(ctx, ann); return err },
		"tokens":    func() error { _, err := p.Tokens(ctx, ann, 0); return err },
		"signed in": func() error { _, err := p.SignedIn(ctx, ann.Session); return err },
		"host":      func() error { _, err := p.AddHost(ann, chat.NewHost{Name: "chat.lan"}); return err },
		"hosts":     func() error { _, err := p.Hosts(ctx, ann); return err },
		"prolong":   func() error { _, err := p.Prolong(ann.Session); return err },
	}
	for what, act := range all {
		must(t, what, act())
	}
	must(t, "remove a host", p.RemoveHost(ann, "chat.lan"))
	p.LearnHost(ctx, ann, "chat.lan")
	must(t, "end token", p.EndToken(ann, token))
	plain, owner := chat.MemberRoleChange{Role: chat.MemberPlain}, chat.MemberRoleChange{Role: chat.MemberOwner}
	_, err = p.AddMembers(ann, secret.ID, chat.NewMembers{UserIDs: []chat.UserID{bob.User}})
	must(t, "add members", err)
	must(t, "make an owner", p.SetMemberRole(ann, secret.ID, bob.User, owner))
	must(t, "make a member", p.SetMemberRole(ann, secret.ID, bob.User, plain))
	must(t, "remove", p.RemoveMember(ann, secret.ID, bob.User))
	trio, err := p.CreateDirect(ann, chat.NewDirect{UserIDs: []chat.UserID{bob.User, p.signUp(t, "trio").User}})
	must(t, "make a group", err)
	for range 2 { // hides, then it is hidden already
		after(t, "hide", func(done func(chat.RoomHidden, error)) { p.Hide(bob, trio.ID, done) })
	}
	after(t, "leave a group", func(done func(chat.Done, error)) { p.Leave(bob, trio.ID, done) })
	p.useInvitations(t, bob, secret.ID)
	yes, hidden := true, chat.Private
	for range 2 { // archives, then it is archived already
		must(t, "archive any room", p.ChangeKeptRoom(ann, secret.ID, chat.KeptRoomChange{Archived: &yes}))
	}
	no := false
	must(t, "use it again", p.ChangeKeptRoom(ann, secret.ID, chat.KeptRoomChange{Archived: &no}))
	open, err := p.CreateRoom(ann, chat.NewRoom{Kind: chat.Public, Name: "opened"})
	must(t, "make a room", err)
	must(t, "make it private", p.ChangeKeptRoom(ann, open.ID, chat.KeptRoomChange{Kind: &hidden}))
	p.says(t, ann, open.ID, "text")
	_, err = p.KeptRooms(ctx, ann, 0)
	must(t, "list all rooms", err)
	_, err = p.KeptMembers(ctx, ann, open.ID, 0)
	must(t, "list the members of any room", err)
	must(t, "take out", p.TakeOut(ann, trio.ID, bob.User))
	must(t, "delete a room", p.DeleteKeptRoom(ann, open.ID))
	must(t, "drop its messages", p.EraseAll(ctx, 0))
	after(t, "leave as the last", func(done func(chat.Done, error)) { p.Leave(ann, secret.ID, done) })
	after(t, "leave", func(done func(chat.Done, error)) { p.Leave(bob, general, done) })
	after(t, "join", func(done func(chat.RoomState, error)) { p.Join(bob, general, done) })
	_, err = p.SetRole(ann, bob.User, chat.RoleChange{Role: chat.RoleAdmin})
	must(t, "make an admin", err)
	_, err = p.SetRole(ann, bob.User, chat.RoleChange{Role: chat.RoleMember})
	must(t, "make a plain member", err)
	p.usePeople(t)
	p.KeepLastSeen(map[chat.UserID]int64{bob.User: 1})
	_, _, err = p.SignIn(ctx, "", chat.Login{Name: "bob", Password: secretWord})
	must(t, "sign in", err)
	_, err = p.ChangePassword(ctx, ann, chat.PasswordChange{Current: secretWord, New: secretWord + "!", EndTokens: true})
	must(t, "change the password", err)
	must(t, "sign out", p.SignOut(bob))
}

// Whatever is done, the writer remembers no right that is not there any more.
func TestNoRightIsRememberedThatHasChanged(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.checksRights.Store(true)
	p.useEverything(t)
}

// useInvitations has bob be asked into a private room of ann's, and into a group.
func (p *program) useInvitations(t *testing.T, bob access.Caller, room chat.RoomID) {
	t.Helper()
	ann, dora := p.ann, p.signUp(t, "dora")
	ask, anyone := chat.AddingAsk, chat.AddingAnyone
	sets := func(who access.Caller, adding chat.Adding) {
		_, err := p.ChangeProfile(who, chat.ProfileChange{Adding: &adding})
		must(t, "set who may add", err)
	}
	sets(bob, ask)
	sets(dora, ask)
	adds := func() {
		_, err := p.AddMembers(ann, room, chat.NewMembers{UserIDs: []chat.UserID{bob.User, dora.User}})
		must(t, "ask", err)
	}
	adds()
	_, err := p.RoomInvitations(t.Context(), bob)
	must(t, "list what one is asked", err)
	_, _, err = p.Me(t.Context(), bob.Session)
	must(t, "who am I", err)
	after(t, "decline", func(done func(chat.Done, error)) { p.DeclineRoomInvitation(bob, room, done) })
	after(t, "accept", func(done func(chat.RoomState, error)) { p.AcceptRoomInvitation(dora, room, done) })
	group, err := p.CreateDirect(ann, chat.NewDirect{UserIDs: []chat.UserID{bob.User, dora.User}})
	must(t, "make a group of people who are asked", err)
	after(t, "leave the group", func(done func(chat.Done, error)) { p.Leave(ann, group.ID, done) })
	must(t, "take out again", p.RemoveMember(ann, room, dora.User))
	sets(bob, anyone)
	sets(dora, anyone)
}

// useMessages posts, changes and reads messages.
func (p *program) useMessages(t *testing.T, bob access.Caller, room chat.RoomID) {
	t.Helper()
	ctx, ann := t.Context(), p.ann
	sent := p.says(t, ann, room, "text")
	draft := chat.Draft{ClientID: chat.NewClientID(), Body: "twice"}
	for range 2 {
		after(t, "post", func(done actions.Sent) { p.Post(ann, room, draft, done) })
	}
	read := func() {
		for _, of := range []actions.PageOf{
			{}, {Before: new(int64(5))}, {After: new(int64(0))}, {After: new(int64(1))}, {Around: new(int64(1))},
		} {
			_, err := p.History(ctx, ann, room, of)
			must(t, "read", err)
		}
	}
	reaction := chat.ReactionAt{RoomID: room, Seq: sent.Seq, Emoji: "👍"}
	after(t, "react", func(done actions.Sent) { p.React(ann, reaction, done) })
	read()
	_, err := p.Changes(ctx, ann, chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: room}}}, false)
	must(t, "ask for changes", err)
	after(t, "take back", func(done actions.Sent) { p.Unreact(ann, reaction, done) })
	after(t, "edit", func(done actions.Sent) {
		p.Edit(ann, chat.MessageEdit{RoomID: room, Seq: sent.Seq, Body: "new"}, done)
	})
	after(t, "delete", func(done actions.Sent) { p.Delete(ann, chat.MessageAt{RoomID: room, Seq: sent.Seq}, done) })
	after(t, "mark read", func(done func(chat.ReadMoved, error)) {
		p.MarkRead(ann, chat.RoomRead{RoomID: room, ReadSeq: 1}, done)
	})
	_, err = p.Changes(ctx, ann, chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: room}}}, false)
	must(t, "ask for changes", err)
	snapshot, err := p.Snapshot(ctx, bob)
	must(t, "open", err)
	opened := chat.Welcome{Rooms: snapshot.Rooms, Inbox: snapshot.Inbox}
	_, err = p.Missed(ctx, bob, opened, 1, 1000, 1<<20)
	must(t, "ask what was missed", err)
}

// useNotifications notifies bob, and marks his notifications as read.
func (p *program) useNotifications(t *testing.T, bob access.Caller) {
	t.Helper()
	in := chat.NewNotification{To: []string{"bob"}, Title: "title", Key: "key"}
	for range 2 {
		_, err := p.Notify(t.Context(), p.ann, in)
		must(t, "notify", err)
	}
	for _, of := range []actions.PageOf{{}, {Before: new(int64(5))}, {After: new(int64(0))}} {
		_, err := p.Notifications(t.Context(), bob, of)
		must(t, "read the inbox", err)
	}
	_, err := p.ReadNotifications(bob, chat.NotificationRead{Seq: new(int64(1))})
	must(t, "mark a notification as read", err)
}

// useReports reports a message of ann's, as bob, and deletes it.
func (p *program) useReports(t *testing.T, bob access.Caller, room chat.RoomID) {
	t.Helper()
	at := chat.MessageAt{RoomID: room, Seq: p.says(t, p.ann, room, "rude").Seq}
	must(t, "report", p.Report(bob, at, chat.NewReport{Reason: "rude"}))
	_, err := p.Reports(t.Context(), p.ann, 0, "open", 10)
	must(t, "list reports", err)
	_, err = p.ShowReport(t.Context(), p.ann, 1)
	must(t, "read a report", err)
	must(t, "close a report", p.CloseReport(p.ann, 1, chat.ReportClosing{Delete: true}))
}

// useTokens makes a token for a program and uses it.
func (p *program) useTokens(t *testing.T) chat.TokenID {
	t.Helper()
	token, err := p.AddToken(p.ann, chat.NewToken{Bot: "builds", Scopes: []chat.Scope{chat.ScopeRead}})
	must(t, "make a token", err)
	_, _, err = p.Program(t.Context(), token.Token)
	must(t, "sign in by a token", err)
	p.KeepTokenUsed(token.ID)
	return token.ID
}

// usePeople does to carl what is done to people's accounts.
func (p *program) usePeople(t *testing.T) {
	t.Helper()
	ctx, ann, carl := t.Context(), p.ann, p.signUp(t, "carl")
	general, err := p.EveryonesRoom(ctx, carl, chat.Public)
	must(t, "find a room", err)
	p.says(t, carl, general.ID, "to be deleted")
	_, err = p.CreateDirect(carl, chat.NewDirect{UserIDs: []chat.UserID{ann.User}})
	must(t, "make a direct room with whom one blocks", err)
	for _, blocked := range []bool{true, false} {
		_, err = p.Block(carl, ann.User, blocked)
		must(t, "block", err)
	}
	_, err = p.Blocks(ctx, carl)
	must(t, "list the blocked", err)
	_, err = p.Account(ctx, ann, carl.User)
	must(t, "see an account", err)
	for range 2 {
		_, err = p.SetRole(ann, carl.User, chat.RoleChange{Role: chat.RoleOwner})
		must(t, "make an owner", err)
		_, err = p.SetRole(carl, carl.User, chat.RoleChange{Role: chat.RoleMember})
		must(t, "step down", err)
	}
	reset, err := p.MakeReset(ann, carl.User)
	must(t, "make a link", err)
	_, err = p.CheckReset(ctx, "", chat.ResetCode{Code: reset.Code})
	must(t, "look at a link", err)
	_, _, err = p.UseReset(ctx, "", chat.ResetPassword{Code: reset.Code, Password: secretWord})
	must(t, "use a link", err)
	must(t, "sign out everywhere", p.EndSessionsOf(ann, carl.User))
	_, err = p.Deactivate(ann, carl.User, chat.Deactivation{Messages: chat.DeleteRooms})
	must(t, "deactivate", err)
	must(t, "delete the messages", p.EraseAll(ctx, 0))
	_, err = p.Reactivate(ann, carl.User)
	must(t, "reactivate", err)
}
