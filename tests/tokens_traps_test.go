//go:build unported

// What must not be had by a program's token, nor come of making one.

package tests

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/chat"
)

// A program that is there first would be taken for the one who set the server up: nobody could own it any more.
func TestNoProgramIsThereBeforeTheOwner(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	word, err := p.server.tokens.IssueOperator()
	if err != nil {
		t.Fatal(err)
	}
	operator := p.Visitor(t, "nobody")
	operator.Bearer, operator.Origin = word, ""
	in := chat.NewToken{Bot: "builds", Scopes: scopes(chat.ScopeRead)}
	operator.Refused(t, chat.Forbidden, http.MethodPost, "/api/tokens", in)
	p.SetUp(t)
	operator.makesToken(t, in)
}

func TestTheCommandMakesNoProgramBeforeTheOwner(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	harness.StartIn(t, data).stop()
	refusesInOneLine(t, harness.Launch(t, nil, "token", "add", "--data", data, "--scope=post", "builds"), "has not been set up")
	harness.StartIn(t, data).SetUp(t)
}

// Less than a second is the shortest life there is, not one without an end.
func TestAShortLifeOnTheCommandLineHasAnEnd(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	p.SetUp(t)
	p.stop()
	secret := harness.Run(t, "token", "add", "--data", data, "--scope=read", "--expires=1ms", "builds")
	p = harness.StartIn(t, data)
	builds := p.Visitor(t, "builds")
	builds.Bearer, builds.Origin = strings.TrimSpace(secret), ""
	wait.Until(t, "it ends", func() bool {
		status, _ := builds.Try(t, http.MethodGet, "/api/me", nil)
		return status == http.StatusUnauthorized
	})
}

func TestNoLifeIsRoundedToNone(t *testing.T) {
	t.Parallel()
	for life, want := range map[time.Duration]int64{
		0: 0, 1: 1, time.Millisecond: 1, time.Second: 1, 1500 * time.Millisecond: 2, 720 * time.Hour: 2_592_000, -1: -1, -time.Hour: -3600,
	} {
		if got := wholeSeconds(life); got != want {
			t.Errorf("%v is %d seconds, want %d", life, got, want)
		}
	}
}

// Only who administers may notify people; who does no more keeps no program that does.
func TestADemotedAdminNotifiesByNoProgram(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	role := func(role chat.Role) {
		t.Helper()
		ann.Call(t, http.MethodPatch, fmt.Sprintf("/api/users/%d", bob.User.ID), chat.RoleChange{Role: role}, http.StatusOK, nil)
	}
	role(chat.RoleAdmin)
	shop := p.bot(t, bob.makesToken(t, chat.NewToken{Bot: "shop", Scopes: scopes("notify", "post")}))
	plain := p.bot(t, bob.makesToken(t, chat.NewToken{Bot: "shop", Scopes: scopes("read", "post")}))
	anns := p.bot(t, ann.makesToken(t, chat.NewToken{Bot: "news", Scopes: scopes("notify")}))
	shop.notifies(t, "first", "title", "ann")
	role(chat.RoleMember)
	shop.Refused(t, chat.SignedOut, http.MethodPost, "/api/notifications", chat.NewNotification{To: []string{"ann"}, Title: "title", Key: "second"})
	plain.Get(t, "/api/rooms", nil)
	anns.notifies(t, "first", "title", "ann")
}

// Who comes into an empty room owns it, a program too: nobody else could name an owner.
func TestAProgramBroughtIntoAnEmptyRoomOwnsIt(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Public, "empty")
	ann.Post(t, harness.RoomPath(room.ID)+"/leave", nil, http.StatusNoContent, nil)
	made := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read", "post"), RoomIDs: []chat.RoomID{room.ID}})
	if got := p.bot(t, made).Room(t, "empty"); got.Role != chat.MemberOwner {
		t.Errorf("it is a %s of the room", got.Role)
	}
	ann.makesToken(t, chat.NewToken{Bot: "second", Scopes: scopes("read"), RoomIDs: []chat.RoomID{room.ID}})
	var members chat.Members
	ann.Get(t, harness.RoomPath(room.ID)+"/members", &members)
	if len(members.Members) != 2 || members.Members[1].Role != chat.MemberPlain {
		t.Errorf("in the room are %+v", members.Members)
	}
}

// The tutorial's doors hide what the native one does: in what they tell, in what was missed, and in what they find.
func TestATokenWithRoomsOpensThoseAloneAtTheTutorialsDoors(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	mine := ann.Creates(t, chat.Private, "mine")
	made := ann.makesToken(t, chat.NewToken{Bot: "builds", Scopes: scopes("read", "post"), RoomIDs: []chat.RoomID{mine.ID}})
	hidden := ann.Creates(t, chat.Public, "hidden")
	ann.Post(t, harness.RoomPath(hidden.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{made.Bot.ID}}, http.StatusNoContent, nil)
	builds := p.bot(t, made)
	say := func(body string) { // the last in the room that the program knows
		t.Helper()
		ann.Says(t, hidden.ID, body)
		ann.Says(t, ann.Room(t, "general").ID, body)
		ann.Says(t, ann.Direct(t, &person{user: made.Bot}).ID, body)
		ann.Says(t, mine.ID, body)
	}
	say("missed")
	client := builds.polls(t, "", `{"token":"`+made.Token+`","since":1}`)
	client.wants(t, `40/chat,{"sid":`, `["receiveRoomMessage",{"from":"ann","message":"missed","room":"mine","seq":1,`)
	plain, _, err := builds.Upgrade(http.Header{"Authorization": {"Bearer " + made.Token}})
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
		client.Send(t, fmt.Sprintf(`42/chat,["%s",%s]`, c.event, c.Data))
		client.wants(t, `["exception",{"code":"`+c.code+`"`)
		plain.emit(t, c.event, c.Data)
		var refused tutorialRefused
		if plain.ExpectInto(t, "exception", &refused); string(refused.Code) != c.code {
			t.Errorf("%s %s: got %+v, want %s", c.event, c.Data, refused, c.code)
		}
	}
	say("live")
	client.wants(t, `["receiveRoomMessage",{"from":"ann","message":"live","room":"mine","seq":2,`)
	plain.isTold(t, "receiveRoomMessage", `{"from":"ann","message":"live","room":"mine","seq":2}`)
	if len(plain.held) != 0 {
		t.Errorf("it is told %v too", names(plain.held))
	}
	ann.Call(t, http.MethodDelete, tokenPath(made), nil, http.StatusNoContent, nil)
	client.wants(t, `41/chat,`, `1`)
	plain.ExpectClosed(t, chat.CloseSignedOut)
	builds.polls(t, "", `{"token":"`+made.Token+`"}`).wants(t, `44/chat,{"message":"sign in first"`)
}
