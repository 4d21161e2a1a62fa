// What programs may do: who makes tokens for them, which rooms they open, and what an admin's program may do.

package tests

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"parley/chat"
	"parley/gateway"
	"parley/tests/harness"
)

// A program that is there first would be taken for the one who set the server up: nobody could own it any
// more.
func TestNoProgramIsThereBeforeTheOwner(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	operator := p.Operator(t)
	in := chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead)}
	operator.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", in)
	p.SetUp(t)
	operator.MakesToken(t, in)
}

// Who made a program decides which rooms it is asked into; another admin's token for it would open those.
func TestOnlyWhoMadeAProgramMakesTokensForIt(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	ann.Gives(t, bob.User.ID, chat.RoleAdmin)
	of := func(name string) chat.NewToken { return chat.NewToken{Bot: name, Scopes: scopes(chat.ScopeRead)} }
	bob.MakesToken(t, of("bobs"))
	secret := bob.Creates(t, chat.Private, "secret")
	refusal := ann.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", of("bobs"))
	if refusal.Field != "bot" {
		t.Errorf("the refusal is about the field %q", refusal.Field)
	}
	bob.MakesToken(t, of("bobs"))
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
	made := ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read", "post"), RoomIDs: []chat.RoomID{mine.ID}})
	all := ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read", "post")})
	builds, free := p.Bot(t, made), p.Bot(t, all)
	s, freeSock := builds.DialBearer(t, builds.Bearer), free.DialBearer(t, free.Bearer)
	if len(s.Welcome.Rooms) != 1 || s.Welcome.Rooms[0].ID != mine.ID || len(freeSock.Welcome.Rooms) != 3 {
		t.Fatalf("welcomed to %+v and %+v", s.Welcome.Rooms, freeSock.Welcome.Rooms)
	}
	// Brought into a room later, it is in it, but by its other token alone.
	ann.Adds(t, other.ID, p.Bot(t, made))
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
	s.Settle(t)
	for _, event := range s.Held() {
		if event != "user.changed" {
			t.Errorf("it is told of %s", event)
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

// The doors that speak in a gateway's names hide what the native one does: in what they tell, in what was
// missed, and in what they find.
func TestATokenWithRoomsOpensThoseAloneAtAGatewaysDoors(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	mine := ann.Creates(t, chat.Private, "mine")
	made := ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read", "post"), RoomIDs: []chat.RoomID{mine.ID}})
	hidden := ann.Creates(t, chat.Public, "hidden")
	ann.Adds(t, hidden.ID, p.Bot(t, made))
	builds := p.Bot(t, made)
	say := func(body string) { // the last in the room that the program knows
		t.Helper()
		ann.Says(t, hidden.ID, body)
		ann.Says(t, ann.Room(t, "general").ID, body)
		ann.Says(t, ann.Direct(t, builds).ID, body)
		ann.Says(t, mine.ID, body)
	}
	say("missed")
	client := builds.Polls(t, "", `{"token":"`+made.Token+`","since":1}`)
	client.Wants(t, `40/chat,{"sid":`, `["receiveRoomMessage",{"from":"ann","message":"missed","room":"mine","seq":1,`)
	plain, _, err := builds.Upgrade(harness.WithToken(made.Token))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { plain.Conn.Close() })
	for _, c := range []struct{ event, data, code string }{
		{"sendMessage", `{"message":"x"}`, "not_found"},
		{"broadcast", `{"message":"x"}`, "not_found"},
		{"roomMessage", `{"room":"hidden","message":"x"}`, "not_found"},
		{"roomMessage", `{"room":"none","message":"x"}`, "not_found"},
		{"joinRoom", `{"room":"hidden"}`, "forbidden"},
		{"joinRoom", `{"room":"none"}`, "forbidden"},
		{"privateMessage", `{"toUserId":"ann","message":"x"}`, "forbidden"},
	} {
		client.Send(t, fmt.Sprintf(`42/chat,["%s",%s]`, c.event, c.data))
		client.Wants(t, `["exception",{"code":"`+c.code+`"`)
		plain.Emit(t, c.event, c.data)
		var refused gateway.Refused
		if plain.ExpectInto(t, "exception", &refused); string(refused.Code) != c.code {
			t.Errorf("%s %s: got %+v, want %s", c.event, c.data, refused, c.code)
		}
	}
	say("live")
	client.Wants(t, `["receiveRoomMessage",{"from":"ann","message":"live","room":"mine","seq":2,`)
	plain.IsTold(t, "receiveRoomMessage", `{"from":"ann","message":"live","room":"mine","seq":2}`)
	if more := plain.Held(); len(more) != 0 {
		t.Errorf("it is told %v too", more)
	}
	ann.Call(t, http.MethodDelete, harness.TokenPath(made), nil, http.StatusNoContent, nil)
	client.Wants(t, `41/chat,`)
	client.IsOver(t)
	plain.ExpectClosed(t, chat.CloseSignedOut)
	builds.Polls(t, "", `{"token":"`+made.Token+`"}`).Wants(t, `44/chat,{"message":"sign in first"`)
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
	made := ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read"), RoomIDs: []chat.RoomID{ids[0], ids[10]}})
	var found chat.PublicRooms
	p.Bot(t, made).Get(t, "/api/rooms/public?query=open", &found)
	if len(found.Rooms) != 2 || found.Rooms[0].ID != ids[0] || found.Rooms[1].ID != ids[10] || found.More {
		t.Errorf("got %+v", found)
	}
}

// A room that its last member leaves is archived, and a program comes into none.
func TestNoProgramComesIntoARoomThatIsArchived(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Public, "empty")
	ann.Post(t, harness.RoomPath(room.ID)+"/leave", nil, http.StatusNoContent, nil)
	in := chat.NewToken{Bot: "builds", Scopes: scopes("read", "post"), RoomIDs: []chat.RoomID{room.ID}}
	ann.Refused(t, chat.Archived, http.MethodPost, "/api/tokens", in)
}

func TestAnAdminTokenActsAsAnAdminAndOthersDoNot(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	ann.Gives(t, bob.User.ID, chat.RoleAdmin)
	made := bob.MakesToken(t, chat.NewToken{Bot: "helper", Scopes: scopes("admin", "post", "read")})
	plain := bob.MakesToken(t, chat.NewToken{Bot: "helper", Scopes: scopes("post", "read")})
	if made.Bot.Role != chat.RoleAdmin {
		t.Errorf("the program is %+v", made.Bot)
	}
	helper, capped := p.Bot(t, made), p.Bot(t, plain)
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
	s, cappedSock := helper.DialBearer(t, helper.Bearer), capped.DialBearer(t, capped.Bearer)
	s.Says(t, announcements, "hear")
	cappedSock.AskRefused(t, chat.Forbidden, "message.send", chat.MessageSend{
		RoomID: announcements, Draft: harness.Draft("hear"),
	})
	for _, who := range []*harness.Person{helper, capped} { // programs make no tokens, and own nothing
		who.Refused(t, chat.Forbidden, http.MethodGet, "/api/tokens", nil)
		who.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", chat.NewToken{Bot: "heir", Scopes: harness.AllScopes()})
		who.Refused(t, chat.Forbidden, http.MethodDelete, harness.TokenPath(made), nil)
		who.Refused(t, chat.Forbidden, http.MethodPatch, "/api/server", map[string]string{"name": "Mine"})
	}
	ann.Gives(t, made.Bot.ID, chat.RoleMember) // takes effect at once, on the open socket too
	mayNot(helper)
	s.AskRefused(t, chat.Forbidden, "message.send", chat.MessageSend{
		RoomID: announcements, Draft: harness.Draft("hear"),
	})
	ann.Gives(t, made.Bot.ID, chat.RoleAdmin)
	mayAdminister(helper)
	// Who is an admin no more has no program that is one.
	ann.Gives(t, bob.User.ID, chat.RoleMember)
	s.ExpectClosed(t, chat.CloseSignedOut)
	helper.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	cappedSock.Settle(t)
	bob.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", chat.NewToken{Bot: "helper", Scopes: harness.AllScopes()})
}

// Only who administers may notify people; who does no more keeps no program that does.
func TestADemotedAdminNotifiesByNoProgram(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	ann.Gives(t, bob.User.ID, chat.RoleAdmin)
	shop := p.Bot(t, bob.MakesToken(t, chat.NewToken{Bot: "shop", Scopes: scopes("notify", "post")}))
	plain := p.Bot(t, bob.MakesToken(t, chat.NewToken{Bot: "shop", Scopes: scopes("read", "post")}))
	anns := p.Bot(t, ann.MakesToken(t, chat.NewToken{Bot: "news", Scopes: scopes("notify")}))
	shop.Notifies(t, "first", "title", "ann")
	ann.Gives(t, bob.User.ID, chat.RoleMember)
	shop.Refused(t, chat.SignedOut, http.MethodPost, "/api/notifications", chat.NewNotification{To: []string{"ann"}, Title: "title", Key: "second"})
	plain.Get(t, "/api/rooms", nil)
	anns.Notifies(t, "first", "title", "ann")
}
