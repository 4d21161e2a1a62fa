// The names of a NestJS gateway on plain WebSocket, beside people with browsers.

package tests

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"parley/chat"
	"parley/gateway"
	"parley/tests/harness"
)

func TestTheNamesOfAGatewayWorkOnPlainWebSocket(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	browser := ann.Dial(t)
	annPlain, bobPlain := ann.Plain(t), bob.Plain(t)

	// A client emits without waiting for what it emitted before.
	bobPlain.Emit(t, "sendMessage", `{"user":"somebody else","message":"Hello NestJS!"}`)
	bobPlain.Emit(t, "privateMessage", `{"toUserId":"ann","message":"only you"}`)
	bobPlain.Emit(t, "joinRoom", `{"room":"group1"}`)
	bobPlain.Emit(t, "roomMessage", `{"room":"group1","message":"大家好！"}`)

	for _, s := range []*harness.Sock{annPlain, bobPlain} {
		s.IsTold(t, "receiveMessage", `{"message":"Hello NestJS!","room":"general","seq":1,"user":"bob"}`)
	}
	annPlain.IsTold(t, "receivePrivateMessage", `{"from":"bob","message":"only you","room":"","seq":1}`)
	bobPlain.IsTold(t, "joinedRoom", `{"room":"group1"}`)
	bobPlain.IsTold(t, "receiveRoomMessage", `{"from":"bob","message":"大家好！","room":"group1","seq":1}`)
	var added chat.MessageAdded
	browser.ExpectInto(t, "message.added", &added)
	if added.Message.Body != "Hello NestJS!" || added.Message.AuthorID != bob.User.ID {
		t.Errorf("the browser saw %+v", added.Message)
	}

	// The other way, and to everyone.
	ann.Says(t, ann.Room(t, "general").ID, "from a browser")
	bobPlain.IsTold(t, "receiveMessage", `{"message":"from a browser","room":"general","seq":2,"user":"ann"}`)
	annPlain.Emit(t, "joinRoom", `{"room":"group1"}`)
	annPlain.IsTold(t, "joinedRoom", `{"room":"group1"}`)
	annPlain.Emit(t, "broadcast", `{"message":"all of you"}`)
	for _, s := range []*harness.Sock{annPlain, bobPlain} {
		s.IsTold(t, "receiveBroadcast", `{"from":"ann","message":"all of you","room":"announcements","seq":1}`)
	}
	annPlain.Emit(t, "privateMessage", fmt.Sprintf(`{"toUserId":%d,"message":"by your id"}`, bob.User.ID))
	bobPlain.IsTold(t, "receivePrivateMessage", `{"from":"ann","message":"by your id","room":"","seq":2}`)
	ann.Makes(t, "shop", []chat.Scope{chat.ScopeNotify}).Notifies(t, "key", "on its way", "bob")
	bobPlain.IsTold(t, "receiveNotification", `{"from":"shop","seq":1,"title":"on its way"}`)
}

func TestWhatAGatewayClientAsksIsRefusedAsForAnyone(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	ann.Creates(t, chat.Private, "secret")
	ann.Creates(t, chat.Public, "open")
	s := bob.Plain(t)
	for _, c := range []struct {
		event, data string
		code        chat.Code
	}{
		{"broadcast", `{"message":"x"}`, chat.Forbidden},
		{"roomMessage", `{"room":"open","message":"x"}`, chat.Forbidden}, // join first
		{"roomMessage", `{"room":"secret","message":"x"}`, chat.NotFound},
		{"roomMessage", `{"room":"nowhere","message":"x"}`, chat.NotFound},
		{"joinRoom", `{"room":"no spaces"}`, chat.Invalid},
		{"privateMessage", `{"toUserId":"nobody","message":"x"}`, chat.NotFound},
		{"privateMessage", `{"toUserId":"bob","message":"x"}`, chat.Invalid},
		{"sendMessage", `{"message":""}`, chat.Invalid},
		{"sendMessage", `[1]`, chat.BadRequest},
		{"sendMessage", `{"message":"` + strings.Repeat("x", 20_000) + `"}`, chat.MessageTooLong},
		{"message.send", `{}`, chat.BadRequest},
	} {
		s.Emit(t, c.event, c.data)
		var refused gateway.Refused
		s.ExpectInto(t, "exception", &refused)
		if refused.Code != c.code || refused.Message == "" {
			t.Errorf("%s %.60s: got %+v, want %s", c.event, c.data, refused, c.code)
		}
		if got := s.AskRefused(t, c.code, c.event, json.RawMessage(c.data)); got.Message != refused.Message {
			t.Errorf("%s: asked for an answer, it is %q", c.event, got.Message)
		}
	}
	var sent struct{ Seq int64 }
	s.Ask(t, "sendMessage", map[string]string{"message": "all is well"}, &sent)
	if sent.Seq != 1 {
		t.Errorf("got %+v", sent)
	}
}
