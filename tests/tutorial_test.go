//go:build unported

// The tutorial's names on plain WebSocket, beside people with browsers.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/chat"
)

// plain opens a socket that asks for no subprotocol.
func (who *harness.Person) plain(t testing.TB) *harness.Sock {
	t.Helper()
	s, resp, err := who.Upgrade(http.Header{"Origin": {who.Origin}})
	if err != nil {
		t.Fatalf("upgrade: %v (%v)", err, resp)
	}
	t.Cleanup(func() { s.Conn.Close() })
	return s
}

// emit sends an event as a client of the tutorial does, and asks for no answer.
func (s *harness.Sock) emit(t testing.TB, event, data string) {
	t.Helper()
	s.SendRaw(t, fmt.Sprintf(`{"event":%q,"data":%s}`, event, data))
}

// isTold waits for an event and compares what it says, but for its time.
func (s *harness.Sock) isTold(t testing.TB, event, want string) {
	t.Helper()
	var got map[string]any
	s.ExpectInto(t, event, &got)
	if at, ok := got["at"].(float64); ok {
		if at < 1.7e12 {
			t.Errorf("%s: at is %v", event, at)
		}
		delete(got, "at")
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != want {
		t.Errorf("%s: got %s, want %s", event, text, want)
	}
}

func TestTheTutorialsNamesWorkOnPlainWebSocket(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	browser := ann.Dial(t)
	annPlain, bobPlain := ann.plain(t), bob.plain(t)

	// Nothing that is emitted waits for what came before it.
	bobPlain.emit(t, "sendMessage", `{"user":"somebody else","message":"Hello NestJS!"}`)
	bobPlain.emit(t, "privateMessage", `{"toUserId":"ann","message":"only you"}`)
	bobPlain.emit(t, "joinRoom", `{"room":"group1"}`)
	bobPlain.emit(t, "roomMessage", `{"room":"group1","message":"大家好！"}`)

	for _, s := range []*harness.Sock{annPlain, bobPlain} {
		s.isTold(t, "receiveMessage", `{"message":"Hello NestJS!","room":"general","seq":1,"user":"bob"}`)
	}
	annPlain.isTold(t, "receivePrivateMessage", `{"from":"bob","message":"only you","room":"","seq":1}`)
	bobPlain.isTold(t, "joinedRoom", `{"room":"group1"}`)
	bobPlain.isTold(t, "receiveRoomMessage", `{"from":"bob","message":"大家好！","room":"group1","seq":1}`)
	var added chat.MessageAdded
	browser.ExpectInto(t, "message.added", &added)
	if added.Message.Body != "Hello NestJS!" || added.Message.AuthorID != bob.User.ID {
		t.Errorf("the browser saw %+v", added.Message)
	}

	// The other way, and to everyone.
	ann.Says(t, ann.Room(t, "general").ID, "from a browser")
	bobPlain.isTold(t, "receiveMessage", `{"message":"from a browser","room":"general","seq":2,"user":"ann"}`)
	annPlain.emit(t, "joinRoom", `{"room":"group1"}`)
	annPlain.isTold(t, "joinedRoom", `{"room":"group1"}`)
	annPlain.emit(t, "broadcast", `{"message":"all of you"}`)
	for _, s := range []*harness.Sock{annPlain, bobPlain} {
		s.isTold(t, "receiveBroadcast", `{"from":"ann","message":"all of you","room":"announcements","seq":1}`)
	}
	annPlain.emit(t, "privateMessage", fmt.Sprintf(`{"toUserId":%d,"message":"by your id"}`, bob.User.ID))
	bobPlain.isTold(t, "receivePrivateMessage", `{"from":"ann","message":"by your id","room":"","seq":2}`)
	ann.notifier(t).notifies(t, "key", "on its way", "bob")
	bobPlain.isTold(t, "receiveNotification", `{"from":"shop","seq":1,"title":"on its way"}`)
}

func TestWhatATutorialClientAsksIsRefusedAsForAnyone(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	ann.Creates(t, chat.Private, "secret")
	ann.Creates(t, chat.Public, "open")
	s := bob.plain(t)
	for _, c := range []struct {
		event, data string
		code        chat.Code
	}{
		{"broadcast", `{"message":"x"}`, chat.Forbidden},
		{"roomMessage", `{"room":"open","message":"x"}`, chat.Forbidden}, // join first
		{"roomMessage", `{"room":"secret","message":"x"}`, chat.NotFound},
		{"roomMessage", `{"room":"nowhere","message":"x"}`, chat.NotFound},
		{"joinRoom", `{"room":"secret"}`, chat.NotFound},
		{"joinRoom", `{"room":"no spaces"}`, chat.Invalid},
		{"privateMessage", `{"toUserId":"nobody","message":"x"}`, chat.NotFound},
		{"privateMessage", `{"toUserId":"bob","message":"x"}`, chat.Invalid},
		{"sendMessage", `{"message":""}`, chat.Invalid},
		{"sendMessage", `[1]`, chat.BadRequest},
		{"sendMessage", `{"message":"` + strings.Repeat("x", 20_000) + `"}`, chat.MessageTooLong},
		{"message.send", `{}`, chat.BadRequest},
	} {
		s.emit(t, c.event, c.Data)
		var refused tutorialRefused
		s.ExpectInto(t, "exception", &refused)
		if refused.Code != c.code || refused.Message == "" {
			t.Errorf("%s %.60s: got %+v, want %s", c.event, c.Data, refused, c.code)
		}
		if got := s.AskRefused(t, c.code, c.event, json.RawMessage(c.Data)); got.Message != refused.Message {
			t.Errorf("%s: asked for an answer, it is %q", c.event, got.Message)
		}
	}
	var sent tutorialSent
	s.Ask(t, "sendMessage", tutorialMessage{Message: "all is well"}, &sent)
	if sent.Seq != 1 {
		t.Errorf("got %+v", sent)
	}
}

// Nobody else waits while names are looked up, and what waits for that has an end.
func TestWhatWaitsForTheTutorialsWordsIsBounded(t *testing.T) {
	t.Parallel()
	message := func(text string) *chat.Change {
		return &chat.Change{Data: chat.MessageAdded{Message: chat.Message{Body: text}}}
	}
	for _, c := range []struct {
		what string
		most int
		tell func(*tutorialListener)
	}{
		{"many changes", maxTellings, func(l *tutorialListener) { l.tell(l.sock, message("")) }},
		{"long texts", maxTellingsBytes >> 20, func(l *tutorialListener) { l.tell(l.sock, message(strings.Repeat("x", 1<<20))) }},
		{"while told what was missed", maxMissed, func(l *tutorialListener) { l.hold(&utterance{}) }},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			closed := 0
			s := newSocket(1, "", 1<<20)
			s.hangUp = func(code int, _ string) { closed = code }
			l := &tutorialListener{door: &tutorialDoor{working: true}, sock: s} // as if it were at work already
			for range c.most {
				c.tell(l)
			}
			if closed != 0 {
				t.Fatalf("closed with %d before it was full", closed)
			}
			c.tell(l)
			if closed != chat.CloseSlow {
				t.Errorf("closed with %d, want %d", closed, chat.CloseSlow)
			}
		})
	}
}

// Messages of one commit come to one socket after the other, each with all of them.
func TestATextForManyIsKeptOnceAndPutIntoWordsOnce(t *testing.T) {
	t.Parallel()
	const sockets, messages = 1000, 60 // more than fits when each counts for each socket
	p := startParts(t, nil)
	ann := p.SetUp(t)
	by, general := p.callerOf(ann.Dial(t)), ann.Room(t, "general").ID
	var changes []*chat.Change
	for n := range messages {
		changes = append(changes, &chat.Change{Data: chat.MessageAdded{Message: chat.Message{
			RoomID: general, AuthorID: by.User, Seq: int64(n + 1), Body: strings.Repeat("x", 1000),
		}}})
	}
	door := &tutorialDoor{actions: p.actions, working: true}
	told := make([][]*utterance, sockets)
	for i := range sockets {
		s := newSocket(uint64(i), "", 1<<20)
		s.caller = by
		s.hangUp = func(code int, _ string) { t.Errorf("closed with %d", code) }
		l := &tutorialListener{door: door, sock: s, told: true, say: func(u *utterance) { told[i] = append(told[i], u) }}
		for _, c := range changes {
			l.tell(s, c)
		}
	}
	door.work()
	for i, all := range told {
		if len(all) != messages {
			t.Fatalf("socket %d was told %d messages", i, len(all))
		}
		for n, u := range all {
			if u != told[0][n] || u.Data.(tutorialTold).Seq != int64(n+1) {
				t.Fatalf("socket %d was told %+v, the first %+v", i, u, told[0][n])
			}
		}
	}
}

func TestAPanicWhileATutorialClientIsToldEndsThatOneAlone(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	by, general := p.callerOf(ann.Dial(t)), ann.Room(t, "general").ID
	door := &tutorialDoor{actions: p.actions, working: true}
	listener := func(say func(*utterance)) (*tutorialListener, *int) {
		s, closed := newSocket(1, "", 1<<20), 0
		s.caller, s.hangUp = by, func(code int, _ string) { closed = code }
		return &tutorialListener{door: door, sock: s, told: true, say: say}, &closed
	}
	heard := 0
	bad, badClosed := listener(func(*utterance) { panic("in a test") })
	good, goodClosed := listener(func(*utterance) { heard++ })
	change := &chat.Change{Data: chat.MessageAdded{Message: chat.Message{RoomID: general, AuthorID: by.User, Body: "x"}}}
	for _, l := range []*tutorialListener{bad, good} {
		l.tell(l.sock, change)
	}
	door.work()
	if *badClosed != chat.CloseLater || *goodClosed != 0 || heard != 1 {
		t.Errorf("closed with %d and %d, and the other heard %d", *badClosed, *goodClosed, heard)
	}
}
