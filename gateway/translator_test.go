// The translator: what waits for it is bounded, a text for many is kept once, and a panic ends one socket.

package gateway

import (
	"path/filepath"
	"strings"
	"testing"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/password"
	"parley/rooms"
	"parley/store"
)

// testLimits are the defaults, as far as they matter here.
var testLimits = access.Limits{
	MessageCharacters: 10_000, MessagesPerSecond: 10, MessagesBurst: 50, SignInAttempts: 10,
	OutboxBytes: 1 << 20, SocketsPerUser: 32,
}

// newActions makes the actions on a database of their own, with ann as its owner, and finds the room for everyone.
func newActions(t *testing.T) (acts *actions.Actions, ann access.Caller, general chat.RoomID) {
	t.Helper()
	live := rooms.New(testLimits, func(map[chat.UserID]int64) {})
	db, err := store.Open(filepath.Join(t.TempDir(), "parley.db"), live.Dispatch)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		live.Close()
	})
	if acts, err = actions.New(db, live, password.New(password.Cheapest), testLimits, "test"); err != nil {
		t.Fatal(err)
	}
	user, session, err := acts.SetUp(t.Context(), "", chat.Setup{
		Code: acts.SetupCode(), ServerName: "Home",
		NewAccount: chat.NewAccount{Name: "ann", DisplayName: "Ann", Password: "correct horse battery"},
	})
	if err != nil {
		t.Fatal(err)
	}
	ann = access.Caller{User: user.ID, Session: session.ID}
	room, err := acts.EveryonesRoom(t.Context(), ann, chat.Public)
	if err != nil {
		t.Fatal(err)
	}
	return acts, ann, room.ID
}

// listener is the dialect of a socket that is nowhere, and the code that it was closed with.
func listener(of *Translator, by access.Caller, send sendFunc) (l *Listener, closed *int) {
	sock, code := rooms.NewSocket(1, "", 1<<20), 0
	sock.Caller, sock.HangUp = by, func(c int, _ string) { code = c }
	return of.Listen(sock, 0, send), &code
}

// busy is a translator that works already, so that what it is told waits.
func busy(acts *actions.Actions) *Translator { return &Translator{actions: acts, working: true} }

func message(by access.Caller, room chat.RoomID, seq int64, text string) *chat.Change {
	return &chat.Change{Data: chat.MessageAdded{Message: chat.Message{
		RoomID: room, AuthorID: by.User, Seq: seq, Body: text,
	}}}
}

// Nobody waits while names are looked up, and what waits for that has an end.
func TestWhatWaitsForTheTranslatorIsBounded(t *testing.T) {
	t.Parallel()
	nobody := access.Caller{}
	for _, c := range []struct {
		what string
		most int
		tell func(*Listener)
	}{
		{"many changes", maxQueued, func(l *Listener) { l.Tell(l.sock, message(nobody, 1, 1, "")) }},
		{"long texts", maxQueuedBytes >> 20, func(l *Listener) { l.Tell(l.sock, message(nobody, 1, 1, strings.Repeat("x", 1<<20))) }},
		{"long notifications", maxQueuedBytes >> 20, func(l *Listener) {
			l.Tell(l.sock, &chat.Change{Data: chat.NotificationAdded{Notification: chat.Notification{Body: strings.Repeat("x", 1<<20)}}})
		}},
		{"while told what was missed", maxMissed, func(l *Listener) { l.hold(&Event{}) }},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			l, closed := listener(busy(nil), nobody, nil)
			for range c.most {
				c.tell(l)
			}
			if *closed != 0 {
				t.Fatalf("closed with %d before it was full", *closed)
			}
			c.tell(l)
			if *closed != chat.CloseSlow {
				t.Errorf("closed with %d, want %d", *closed, chat.CloseSlow)
			}
		})
	}
}

func TestATextForManyIsKeptOnceAndTranslatedOnce(t *testing.T) {
	t.Parallel()
	const sockets, messages = 1000, 60 // more than fits if each text counts for each socket
	acts, ann, general := newActions(t)
	var changes []*chat.Change
	for n := range messages {
		changes = append(changes, message(ann, general, int64(n+1), strings.Repeat("x", 1000)))
	}
	translator := busy(acts)
	told := make([][]*Event, sockets)
	for i := range sockets {
		l, _ := listener(translator, ann, func(e *Event) bool { told[i] = append(told[i], e); return false })
		l.caughtUp = true
		l.sock.HangUp = func(code int, _ string) { t.Errorf("closed with %d", code) }
		for _, c := range changes {
			l.Tell(l.sock, c)
		}
	}
	translator.work()
	for i, all := range told {
		if len(all) != messages {
			t.Fatalf("socket %d was told %d messages", i, len(all))
		}
		for n, e := range all {
			if e != told[0][n] || e.Data.(messageOut).Seq != int64(n+1) {
				t.Fatalf("socket %d was told %+v, the first %+v", i, e, told[0][n])
			}
		}
	}
}

func TestAPanicWhileAGatewayClientIsToldEndsThatOneAlone(t *testing.T) {
	t.Parallel()
	acts, ann, general := newActions(t)
	translator := busy(acts)
	heard := 0
	bad, badClosed := listener(translator, ann, func(*Event) bool { panic("in a test") })
	good, goodClosed := listener(translator, ann, func(*Event) bool { heard++; return false })
	change := message(ann, general, 1, "x")
	for _, l := range []*Listener{bad, good} {
		l.caughtUp = true
		l.Tell(l.sock, change)
	}
	translator.work()
	if *badClosed != chat.CloseLater || *goodClosed != 0 || heard != 1 {
		t.Errorf("closed with %d and %d, and the other heard %d", *badClosed, *goodClosed, heard)
	}
}
