package gateway

import (
	"encoding/json"
	"fmt"
	"testing"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/budget"
)

// asks asks the gateway, and gives the answer as JSON.
func asks(t *testing.T, of *Translator, by access.Caller, event, data string) (answered Answer, text string) {
	t.Helper()
	answer, err := of.Ask(t.Context(), by, event, json.RawMessage(data))
	if err != nil {
		t.Fatalf("%s %s: %v", event, data, err)
	}
	said, err := json.Marshal(answer.Data)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(said)
}

// refused asks the gateway and checks the code of the refusal.
func refused(t *testing.T, of *Translator, by access.Caller, code chat.Code, event, data string) {
	t.Helper()
	if answer, err := of.Ask(t.Context(), by, event, json.RawMessage(data)); !chat.IsCode(err, code) {
		t.Errorf("%s %s: got %+v %v, want the refusal %q", event, data, answer, err, code)
	}
}

func TestJoiningByNameMakesTheRoomOrFindsIt(t *testing.T) {
	t.Parallel()
	acts, ann, _ := newActions(t)
	bob := signUp(t, acts, ann, "bob")
	of := NewTranslator(acts, budget.New(1<<30))
	for _, by := range []access.Caller{ann, bob, bob} { // bob joins, and is in it already
		answer, said := asks(t, of, by, "joinRoom", `{"room":" group1 "}`)
		if answer.Event != "joinedRoom" || said != `{"room":"group1"}` {
			t.Errorf("got %s %s", answer.Event, said)
		}
	}
	rooms, err := acts.PublicRooms(t.Context(), bob, "group1")
	if err != nil || len(rooms.Rooms) != 1 || rooms.Rooms[0].MemberCount != 2 {
		t.Errorf("there are %+v, %v; want one room with two members", rooms, err)
	}
	if _, err := acts.CreateRoom(ann, chat.NewRoom{Kind: chat.Private, Name: "secret"}); err != nil {
		t.Fatal(err)
	}
	if _, said := asks(t, of, bob, "joinRoom", `{"room":"secret"}`); said != `{"room":"secret"}` {
		t.Errorf("the name of a private room of others: got %s, want a public room with it", said)
	}
	refused(t, of, bob, chat.Invalid, "joinRoom", `{"room":"no spaces"}`)
	refused(t, of, bob, chat.Invalid, "joinRoom", `{}`)
}

func TestWhatIsEmittedGoesIntoItsRoom(t *testing.T) {
	t.Parallel()
	acts, ann, general := newActions(t)
	bob := signUp(t, acts, ann, "bob")
	of := NewTranslator(acts, budget.New(1<<30))
	asks(t, of, ann, "joinRoom", `{"room":"group1"}`)
	group, err := acts.RoomNamed(t.Context(), ann, "group1")
	if err != nil {
		t.Fatal(err)
	}
	news, err := acts.EveryonesRoom(t.Context(), ann, chat.Announcements)
	if err != nil {
		t.Fatal(err)
	}
	direct, err := acts.CreateDirect(ann, chat.NewDirect{UserIDs: []chat.UserID{bob.User}})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		event, data string
		room        chat.RoomID
	}{
		{"sendMessage", `{"user":"bob","message":"0","more":"is not known"}`, general},
		{"roomMessage", `{"room":"group1","message":"1"}`, group.ID},
		{"broadcast", `{"message":"2"}`, news.ID},
		{"privateMessage", `{"toUserId":"bob","message":"3"}`, direct.ID},
		{"privateMessage", fmt.Sprintf(`{"toUserId":%d,"message":"4"}`, bob.User), direct.ID},
		{"privateMessage", fmt.Sprintf(`{"toUserId":"%d","message":"5"}`, bob.User), direct.ID},
	} {
		asks(t, of, ann, c.event, c.data)
		page, err := acts.History(t.Context(), ann, c.room, actions.PageOf{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Messages) != 1 || page.Messages[0].Body != fmt.Sprint(i) || page.Messages[0].AuthorID != ann.User {
			t.Errorf("%s %s: the last message is %+v", c.event, c.data, page.Messages)
		}
	}
	refused(t, of, ann, chat.BadRequest, "nonsense", `{}`)
	refused(t, of, ann, chat.BadRequest, "sendMessage", `[]`)
	for _, nobody := range []string{`[]`, `{}`, `true`} {
		refused(t, of, ann, chat.BadRequest, "privateMessage", `{"toUserId":`+nobody+`,"message":"x"}`)
	}
	refused(t, of, bob, chat.Forbidden, "broadcast", `{"message":"x"}`)
	refused(t, of, bob, chat.Forbidden, "roomMessage", `{"room":"group1","message":"x"}`)
}

// A request counts as one change of those that a person may make a second.
func TestAClientIsHeldBackAsAnyone(t *testing.T) {
	t.Parallel()
	acts, ann, _ := newActions(t)
	of := NewTranslator(acts, budget.New(1<<30))
	for range testLimits.MessagesBurst {
		asks(t, of, ann, "sendMessage", `{"message":"x"}`)
	}
	refused(t, of, ann, chat.RateLimited, "sendMessage", `{"message":"x"}`)
}

func TestAProgramNeedsTheScopesOfItsRequest(t *testing.T) {
	t.Parallel()
	acts, ann, general := newActions(t)
	of := NewTranslator(acts, budget.New(1<<30))
	with := func(scopes ...chat.Scope) access.Caller {
		by := ann
		by.Grant = &access.Grant{Scopes: scopes, Rooms: []chat.RoomID{general}}
		return by
	}
	asks(t, of, with(chat.ScopeRead, chat.ScopePost), "sendMessage", `{"message":"x"}`)
	refused(t, of, with(chat.ScopeRead), chat.Forbidden, "sendMessage", `{"message":"x"}`)
	refused(t, of, with(chat.ScopePost), chat.Forbidden, "sendMessage", `{"message":"x"}`)
	refused(t, of, with(chat.ScopeRead), chat.Forbidden, "privateMessage", `{"toUserId":"ann","message":"x"}`)
}
