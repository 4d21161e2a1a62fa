//go:build unported

// Programs: their tokens at every door, what each scope is for, and what a list of rooms hides.

package tests

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/chat"
)

// makesToken makes a token for a program.
func (who *harness.Person) makesToken(t testing.TB, in chat.NewToken) chat.Token {
	t.Helper()
	var token chat.Token
	who.Post(t, "/api/tokens", in, http.StatusCreated, &token)
	return token
}

// program is who comes with a token.
func (p *harness.Program) bot(t testing.TB, token chat.Token) *harness.Person {
	t.Helper()
	bot := p.Visitor(t, token.Bot.Name)
	bot.User, bot.Bearer, bot.Origin = token.Bot, token.Token, ""
	return bot
}

// dialBearer opens a socket with a token in the header.
func (who *harness.Person) dialBearer(t testing.TB) *harness.Sock {
	t.Helper()
	s := who.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + who.Bearer}})
	s.ExpectInto(t, "welcome", &s.Welcome)
	return s
}

func scopes(list ...chat.Scope) []chat.Scope { return list }

func TestAProgramComesThroughEveryDoorWithItsToken(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	sock := ann.Dial(t)
	made := ann.makesToken(t, chat.NewToken{
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
	builds := p.bot(t, made)
	general := builds.Room(t, "general").ID
	builds.Says(t, general, "by HTTP")
	byHeader := builds.DialBearer(t)
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
	bySocketIO := p.Visitor(t, "builds").polls(t, "", `{"token":"`+made.Token+`"}`)
	bySocketIO.wants(t, `40/chat,{"sid":`)
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
		builds.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + token}}).ExpectClosed(t, chat.CloseSignedOut)
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
	made := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: allScopes})
	header := http.Header{"Cookie": {cookieName(false) + "=" + made.Token}, "Origin": {p.URL}}
	resp, body := p.asks(t, http.MethodGet, "/api/me", "", header)
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	p.Visitor(t, "nobody").DialAnyhow(t, header).ExpectClosed(t, chat.CloseSignedOut)
	byCookie := p.Visitor(t, "nobody")
	address, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	byCookie.client.Jar.SetCookies(address, []*http.Cookie{{Name: cookieName(false), Value: made.Token}})
	byCookie.polls(t, "", "{}").wants(t, `44/chat,{`)
}

func TestNobodySignsInAsAProgram(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	made := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: allScopes})
	for _, password := range []string{"", harness.GoodPassword, made.Token} {
		ann.Refused(t, chat.WrongCredentials, http.MethodPost, "/api/login", chat.Login{Name: "builds", Password: password})
	}
	builds := p.bot(t, made)
	builds.Refused(t, chat.Forbidden, http.MethodPost, "/api/me/password", chat.PasswordChange{New: harness.GoodPassword})
	builds.Refused(t, chat.Forbidden, http.MethodPatch, "/api/me", chat.ProfileChange{DisplayName: "Ann"})
}

func TestRevokingATokenClosesItsSocketsAtOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	made := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead)})
	other := ann.makesToken(t, chat.NewToken{Bot: "builds", Name: "second", Scopes: scopes(chat.ScopeRead)})
	builds, second := p.bot(t, made), p.bot(t, other)
	s, kept := builds.DialBearer(t), second.DialBearer(t)
	started := time.Now()
	ann.Call(t, http.MethodDelete, tokenPath(made), nil, http.StatusNoContent, nil)
	s.Expect(t, "session.ended")
	s.ExpectClosed(t, chat.CloseSignedOut)
	if took := time.Since(started); took > time.Second {
		t.Errorf("it took %v", took)
	}
	builds.Refused(t, chat.SignedOut, http.MethodGet, "/api/rooms", nil)
	builds.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + made.Token}}).ExpectClosed(t, chat.CloseSignedOut)
	kept.Settle(t)
	second.Get(t, "/api/rooms", nil)
	ann.Refused(t, chat.NotFound, http.MethodDelete, tokenPath(made), nil)
	second.Post(t, "/api/logout", nil, http.StatusNoContent, nil) // it ends itself
	kept.ExpectClosed(t, chat.CloseSignedOut)
	var tokens chat.Tokens
	ann.Get(t, "/api/tokens", &tokens)
	if len(tokens.Tokens) != 0 {
		t.Errorf("still listed: %+v", tokens.Tokens)
	}
}

func tokenPath(token chat.Token) string { return fmt.Sprintf("/api/tokens/%d", token.ID) }

func TestATokenEndsWhenItExpires(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	made := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead), ExpiresIn: 1})
	if left := made.ExpiresAt - time.Now().UnixMilli(); left > 1000 {
		t.Errorf("it expires in %d ms", left)
	}
	builds := p.bot(t, made)
	builds.DialBearer(t).ExpectClosed(t, chat.CloseSignedOut)
	builds.Refused(t, chat.SignedOut, http.MethodGet, "/api/rooms", nil)
	for _, seconds := range []int64{-1, int64(maxTokenLife/time.Second) + 1, 1 << 62} {
		in := chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead), ExpiresIn: seconds}
		ann.Refused(t, chat.Invalid, http.MethodPost, "/api/tokens", in)
	}
}

func TestTokensAreBoundedAndNamed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	p.SignUp(t, ann, "bob")
	good := chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead)}
	for _, c := range []struct {
		field  string
		change func(*chat.NewToken)
	}{
		{"bot", func(in *chat.NewToken) { in.Bot = "" }},
		{"bot", func(in *chat.NewToken) { in.Bot = "a b" }},
		{"name", func(in *chat.NewToken) { in.Name = strings.Repeat("x", maxDisplayName+1) }},
		{"display_name", func(in *chat.NewToken) { in.DisplayName = "a\nb" }},
		{"scopes", func(in *chat.NewToken) { in.Scopes = nil }},
		{"scopes", func(in *chat.NewToken) { in.Scopes = scopes("read", "owner") }},
		{"room_ids", func(in *chat.NewToken) { in.RoomIDs = make([]chat.RoomID, maxTokenRooms+1) }},
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
	ann.makesToken(t, good)
	var invite chat.Invite
	ann.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	ann.Refused(t, chat.NameTaken, http.MethodPost, "/api/register", chat.Registering{Invite: invite.Code, NewAccount: harness.Account("builds")})
}

// Who made a program decides which rooms it is asked into; another admin's token for it would open those.
func TestOnlyWhoMadeAProgramMakesTokensForIt(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	ann.Call(t, http.MethodPatch, fmt.Sprintf("/api/users/%d", bob.User.ID), chat.RoleChange{Role: chat.RoleAdmin}, http.StatusOK, nil)
	of := func(name string) chat.NewToken { return chat.NewToken{Bot: name, Scopes: scopes(chat.ScopeRead)} }
	bob.makesToken(t, of("bobs"))
	secret := bob.Creates(t, chat.Private, "secret")
	ann.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", of("bobs"))
	bob.makesToken(t, of("bobs"))
	hidden := of("anns")
	hidden.RoomIDs = []chat.RoomID{secret.ID}
	ann.Refused(t, chat.NotFound, http.MethodPost, "/api/tokens", hidden)
	var users chat.Users
	ann.Get(t, "/api/users", &users)
	if slices.ContainsFunc(users.Users, func(u chat.User) bool { return u.Name == "anns" }) {
		t.Error("the program was made all the same")
	}
}

func TestATokenWithRoomsOpensThoseAlone(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	mine, other := ann.Creates(t, chat.Private, "mine"), ann.Creates(t, chat.Private, "other")
	open := ann.Creates(t, chat.Public, "open")
	made := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read", "post"), RoomIDs: []chat.RoomID{mine.ID}})
	all := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read", "post")})
	builds, free := p.bot(t, made), p.bot(t, all)
	s, freeSock := builds.DialBearer(t), free.DialBearer(t)
	if len(s.Welcome.Rooms) != 1 || s.Welcome.Rooms[0].ID != mine.ID || len(freeSock.Welcome.Rooms) != 3 {
		t.Fatalf("welcomed to %+v and %+v", s.Welcome.Rooms, freeSock.Welcome.Rooms)
	}
	// Brought into a room later, it is in it, but by its other token alone.
	ann.Post(t, harness.RoomPath(other.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{made.Bot.ID}}, http.StatusNoContent, nil)
	freeSock.Expect(t, "room.added")
	free.Says(t, other.ID, "here")
	free.Post(t, harness.RoomPath(open.ID)+"/join", nil, http.StatusOK, nil)
	ann.Says(t, other.ID, "secret")
	free.Call(t, http.MethodPut, harness.RoomPath(other.ID)+"/read", map[string]int64{"read_seq": 2}, http.StatusOK, nil)
	freeSock.Expect(t, "read.moved")
	ann.Says(t, mine.ID, "for the program")
	if m := s.ExpectMessage(t); m.RoomID != mine.ID {
		t.Errorf("got %+v", m)
	}
	for _, event := range s.held {
		if event.Event != "user.changed" {
			t.Errorf("it is told %s %s", event.Event, event.Data)
		}
	}
	var rooms chat.Rooms
	builds.Get(t, "/api/rooms", &rooms)
	var public, freePublic chat.PublicRooms
	builds.Get(t, "/api/rooms/public", &public)
	free.Get(t, "/api/rooms/public", &freePublic)
	if len(rooms.Rooms) != 1 || len(public.Rooms) != 0 || len(freePublic.Rooms) != 2 {
		t.Errorf("it lists %+v and %+v; the other %+v", rooms.Rooms, public.Rooms, freePublic.Rooms)
	}
	for _, hidden := range []chat.RoomID{other.ID, open.ID, free.Room(t, "general").ID} {
		builds.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(hidden), nil)
		builds.Refused(t, chat.NotFound, http.MethodGet, harness.MessagesPath(hidden), nil)
		builds.Refused(t, chat.NotFound, http.MethodPost, harness.MessagesPath(hidden), harness.Draft("x"))
		builds.Refused(t, chat.NotFound, http.MethodPost, harness.RoomPath(hidden)+"/join", nil)
		s.AskRefused(t, chat.NotFound, "message.send", chat.MessageSend{RoomID: hidden, Draft: harness.Draft("x")})
		s.AskRefused(t, chat.NotFound, "typing.start", chat.RoomAt{RoomID: hidden})
		var changes chat.Changes
		s.Ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: hidden}}}, &changes)
		if changes.Rooms[0].State != chat.ChangesGone {
			t.Errorf("got %+v", changes)
		}
	}
	builds.Refused(t, chat.Forbidden, http.MethodPost, "/api/rooms", chat.NewRoom{Kind: chat.Private, Name: "new"})
	builds.Refused(t, chat.Forbidden, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: []chat.UserID{ann.User.ID}})
	s.Says(t, mine.ID, "in its room")
	if page := ann.History(t, other.ID, ""); !slices.Equal(harness.Bodies(page.Messages), []string{"here", "secret"}) {
		t.Errorf("in the other room is %q", harness.Bodies(page.Messages))
	}
}

// A token in whose room list a public room is finds it, and only it.
func TestPublicRoomsOfATokenAreFound(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	var ids []chat.RoomID
	for n := range 12 {
		ids = append(ids, ann.Creates(t, chat.Public, fmt.Sprint("open", n)).ID)
	}
	made := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read"), RoomIDs: []chat.RoomID{ids[0], ids[10]}})
	var found chat.PublicRooms
	p.bot(t, made).Get(t, "/api/rooms/public?query=open", &found)
	if len(found.Rooms) != 2 || found.Rooms[0].ID != ids[0] || found.Rooms[1].ID != ids[10] || found.More {
		t.Errorf("got %+v", found)
	}
}

// While a socket of a token with rooms opens, the program is brought into another room.
func TestWhatIsRecordedWhileOpeningIsOfItsRoomsAlone(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	some, all := newListener(2), newListener(2)
	some.caller.Grant = &Grant{Scopes: scopes("read"), Rooms: []chat.RoomID{1}}
	for _, l := range []*listener{some, all} {
		if err := r.Opening(l.Socket); err != nil {
			t.Fatal(err)
		}
	}
	told(r, joinAt(5, 2, 10, 1, 1)...)
	told(r, joinAt(1, 2, 10, 1, 2)...)
	some.opensWith(t, r, Snapshot{})
	all.opensWith(t, r, Snapshot{})
	told(r, addedAt(5, 11, 1), addedAt(1, 11, 1))
	told(r, leaveAt(5, 2, 11, 2, 3)...)
	checkEvents(t, "the one for room 1", some, "welcome", "message.added 11")
	checkEvents(t, "the one for all", all, "welcome", "message.added 11", "message.added 11", "room.removed")
	if got, whole := some.welcome(t).Rooms, all.welcome(t).Rooms; len(got) != 1 || got[0].ID != 1 || len(whole) != 2 {
		t.Errorf("they are welcomed to %+v and %+v", got, whole)
	}
}

func TestAnAdminTokenActsAsAnAdminAndOthersDoNot(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	role := func(of chat.UserID, role chat.Role) {
		t.Helper()
		ann.Call(t, http.MethodPatch, fmt.Sprintf("/api/users/%d", of), chat.RoleChange{Role: role}, http.StatusOK, nil)
	}
	role(bob.User.ID, chat.RoleAdmin)
	made := bob.makesToken(t, chat.NewToken{Bot: "helper", Scopes: scopes("admin", "post", "read")})
	plain := bob.makesToken(t, chat.NewToken{Bot: "helper", Scopes: scopes("post", "read")})
	if made.Bot.Role != chat.RoleAdmin {
		t.Errorf("the program is %+v", made.Bot)
	}
	helper, capped := p.bot(t, made), p.bot(t, plain)
	announcements := helper.Room(t, "announcements").ID
	mayAdminister := func(who *harness.Person) {
		t.Helper()
		who.Get(t, "/api/invites", nil)
		who.Says(t, announcements, "hear")
	}
	mayNot := func(who *harness.Person) {
		t.Helper()
		who.Refused(t, chat.Forbidden, http.MethodGet, "/api/invites", nil)
		who.Refused(t, chat.Forbidden, http.MethodPost, harness.MessagesPath(announcements), harness.Draft("hear"))
	}
	mayAdminister(helper)
	mayNot(capped)
	s, cappedSock := helper.DialBearer(t), capped.DialBearer(t)
	s.Says(t, announcements, "hear")
	cappedSock.AskRefused(t, chat.Forbidden, "message.send", chat.MessageSend{
		RoomID: announcements, Draft: harness.Draft("hear"),
	})
	for _, who := range []*harness.Person{helper, capped} { // programs make no tokens, and own nothing
		who.Refused(t, chat.Forbidden, http.MethodGet, "/api/tokens", nil)
		who.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", chat.NewToken{Bot: "heir", Scopes: allScopes})
		who.Refused(t, chat.Forbidden, http.MethodDelete, tokenPath(made), nil)
		who.Refused(t, chat.Forbidden, http.MethodPatch, "/api/server", map[string]string{"name": "Mine"})
	}
	role(made.Bot.ID, chat.RoleMember) // takes effect at once, on the open socket too
	mayNot(helper)
	s.AskRefused(t, chat.Forbidden, "message.send", chat.MessageSend{
		RoomID: announcements, Draft: harness.Draft("hear"),
	})
	role(made.Bot.ID, chat.RoleAdmin)
	mayAdminister(helper)
	// Who is an admin no more has no program that is one.
	role(bob.User.ID, chat.RoleMember)
	s.ExpectClosed(t, chat.CloseSignedOut)
	helper.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	cappedSock.Settle(t)
	bob.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", chat.NewToken{Bot: "helper", Scopes: allScopes})
}

func TestItIsKnownWhenATokenWasUsed(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	made := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read")})
	used := func() int64 {
		tokens, err := p.actions.Tokens(context.Background(), Caller{User: ann.User.ID})
		if err != nil {
			t.Fatal(err)
		}
		return tokens.Tokens[0].LastUsedAt
	}
	if used() != 0 {
		t.Errorf("it was used at %d", used())
	}
	builds := p.bot(t, made)
	builds.Get(t, "/api/me", nil)
	wait.Until(t, "its use is noted", func() bool { return used() > 0 })
	first := used()
	for range 20 {
		builds.Get(t, "/api/rooms", nil)
	}
	ann.Says(t, ann.Room(t, "general").ID, "behind what was queued")
	if used() != first {
		t.Errorf("it is noted each time: %d, then %d", first, used())
	}
	s := builds.DialBearer(t)
	s.Conn.Close()
	wait.Until(t, "the end of its socket is noted", func() bool { return used() > first })
}
