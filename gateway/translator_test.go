// The translator: what waits for it is bounded, a text for many is kept once, and a panic ends one socket.

package gateway

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/budget"
	"parley/internal/wait"
	"parley/rooms"
	"parley/store"
	"parley/tests/core"
)

// testLimits are the defaults, as far as they matter here, but that nobody may go on after their first 50
// changes.
var testLimits = access.Limits{
	MessageCharacters: 10_000, MessagesPerSecond: 0.001, MessagesBurst: 50, ReadsPerSecond: 100, SignInAttempts: 10,
	OutboxBytes: 1 << 20, SocketsPerUser: 32,
}

// newActions makes the actions on a database of their own, with ann as its owner, and finds the room for
// everyone.
func newActions(t *testing.T) (acts *actions.Actions, ann access.Caller, general chat.RoomID) {
	t.Helper()
	acts, _, ann, general = newHouse(t)
	return acts, ann, general
}

// newHouse is newActions with the database itself.
func newHouse(t *testing.T) (acts *actions.Actions, db *store.Store, ann access.Caller, general chat.RoomID) {
	t.Helper()
	c := core.Open(t, testLimits)
	acts, db = c.Actions, c.Store
	user, session, err := acts.SetUp(t.Context(), "", "", chat.Setup{
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
	return acts, db, ann, room.ID
}

// signUp makes an account by an invite of the owner's.
func signUp(t *testing.T, acts *actions.Actions, owner access.Caller, name string) access.Caller {
	t.Helper()
	invite, err := acts.Invite(owner, chat.NewInvite{})
	if err != nil {
		t.Fatal(err)
	}
	user, session, err := acts.Register(t.Context(), "", chat.Registering{
		Invite: invite.Code, NewAccount: chat.NewAccount{Name: name, DisplayName: name, Password: "correct horse battery"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return access.Caller{User: user.ID, Session: session.ID}
}

// listener is the dialect of a socket that is nowhere, and the code that it was closed with.
func listener(of *Translator, by access.Caller, send sendFunc) (l *Listener, closed *int) {
	sock, code := rooms.NewSocket(1, "", 1<<20, nil), 0
	sock.Caller, sock.HangUp = by, func(c int, _ string) { code = c }
	return of.Listen(sock, 0, send), &code
}

// busy is a translator that works already, so that what it is told waits.
func busy(acts *actions.Actions) *Translator {
	return &Translator{actions: acts, unread: budget.New(1 << 30), working: true}
}

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

// bodies lists what events say.
func bodies(events []*Event) (list []string) {
	for _, e := range events {
		list = append(list, e.Data.(messageOut).Message)
	}
	return list
}

func TestWhatHappensWhileAClientCatchesUpComesAfterIt(t *testing.T) {
	t.Parallel()
	acts, ann, general := newActions(t)
	draft := chat.Draft{ClientID: chat.NewClientID(), Body: "missed"}
	sent, err := actions.Wait(func(done actions.Sent) { acts.Post(ann, general, draft, done) })
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := acts.Snapshot(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	var told []*Event
	translator := NewTranslator(acts, budget.New(1<<30))
	l, _ := listener(translator, ann, func(e *Event) bool { told = append(told, e); return false })
	l.since = sent.CreatedAt - 1
	for seq := range int64(2) {
		l.Tell(l.sock, message(ann, general, seq+2, fmt.Sprint("meanwhile ", seq)))
	}
	translator.Close() // it has held them back
	if len(told) != 0 {
		t.Errorf("it was told %q before what it missed", bodies(told))
	}
	l.Welcome(l.sock, chat.Welcome{Rooms: snapshot.Rooms, Inbox: snapshot.Inbox})
	translator.Close()
	l.Tell(l.sock, message(ann, general, 4, "live"))
	translator.Close()
	if got := fmt.Sprintf("%q", bodies(told)); got != `["missed" "meanwhile 0" "meanwhile 1" "live"]` {
		t.Errorf("it was told %s", got)
	}
}

// What is held back counts in the total of all that waits, and a text that many hold back once. Who has the most is
// cut when there is too much, and however it ends nothing stays counted.
func TestWhatIsHeldBackCountsInTheTotal(t *testing.T) {
	t.Parallel()
	acts, ann, general := newActions(t)
	const size = 1 << 20
	unread := budget.New(5*size + size/2)
	translator := NewTranslator(acts, unread)
	// Everybody is told before anything is translated, as on a busy server.
	while := func(tell func()) {
		translator.working = true
		tell()
		translator.work()
	}
	var all []*Listener
	var closed []*int
	for range 3 {
		l, code := listener(translator, ann, func(*Event) bool { return false })
		l.since = 1
		all, closed = append(all, l), append(closed, code)
	}
	long := func(seq int64) *chat.Change { return message(ann, general, seq, strings.Repeat("x", size)) }
	for seq := range int64(3) {
		c := long(seq)
		while(func() {
			for _, l := range all {
				l.Tell(l.sock, c)
			}
		})
	}
	if got := unread.Used(); got != 3*size { // nobody has caught up
		t.Errorf("%d bytes are counted while three hold back the same, want %d", got, 3*size)
	}
	for seq := range int64(3) {
		while(func() { all[0].Tell(all[0].sock, long(seq+3)) })
	}
	if *closed[0] != chat.CloseSlow || *closed[1] != 0 || *closed[2] != 0 {
		t.Errorf("closed with %d, %d and %d", *closed[0], *closed[1], *closed[2])
	}
	for _, l := range all {
		l.Welcome(l.sock, chat.Welcome{})
	}
	translator.Close()
	if got := unread.Used(); got != 0 {
		t.Errorf("%d bytes stay counted", got)
	}
}

func TestOthersAreToldAPrivateMessageAndItsAuthorIsNot(t *testing.T) {
	t.Parallel()
	acts, ann, general := newActions(t)
	bob := signUp(t, acts, ann, "bob")
	eve := signUp(t, acts, ann, "eve")
	direct, err := acts.CreateDirect(ann, chat.NewDirect{UserIDs: []chat.UserID{bob.User}})
	if err != nil {
		t.Fatal(err)
	}
	translator := busy(acts)
	told := map[chat.UserID]*[]string{}
	for _, by := range []access.Caller{eve, ann, bob} {
		told[by.User] = &[]string{}
		l, _ := listener(translator, by, func(e *Event) bool {
			*told[by.User] = append(*told[by.User], e.Name)
			return false
		})
		l.caughtUp = true
		l.Tell(l.sock, message(ann, direct.ID, 1, "only you")) // eve is in no such room any more
		l.Tell(l.sock, message(ann, general, 1, "everyone"))
		l.Tell(l.sock, &chat.Change{Data: chat.ReadMoved{}}) // the gateway has no event for it
	}
	translator.work()
	for user, want := range map[chat.UserID]string{
		eve.User: "[receiveMessage]", ann.User: "[receiveMessage]", bob.User: "[receivePrivateMessage receiveMessage]",
	} {
		if got := fmt.Sprint(*told[user]); got != want {
			t.Errorf("user %d was told %s, want %s", user, got, want)
		}
	}
}

func TestTheQueueHasPlaceAgainOnceItHasBeenDelivered(t *testing.T) {
	t.Parallel()
	acts, ann, general := newActions(t)
	translator := busy(acts)
	heard := 0
	l, closed := listener(translator, ann, func(*Event) bool { heard++; return false })
	l.caughtUp = true
	const most = maxQueuedBytes >> 20
	for range 3 {
		for range most {
			l.Tell(l.sock, message(ann, general, 1, strings.Repeat("x", 1<<20)))
		}
		translator.work()
		translator.working = true
	}
	if *closed != 0 || heard != 3*most {
		t.Errorf("closed with %d after %d messages", *closed, heard)
	}
}

func TestAClosedSocketIsToldNothingMore(t *testing.T) {
	t.Parallel()
	acts, ann, general := newActions(t)
	translator := busy(acts)
	l, _ := listener(translator, ann, func(*Event) bool { t.Error("it was told something"); return false })
	l.caughtUp = true
	l.Tell(l.sock, message(ann, general, 1, "x"))
	l.sock.Cut(chat.CloseLater, "")
	translator.work()
}

// An outbox is let go once a socket has been told all of its share, whichever of it was put last.
func TestAnOutboxThatWasCorkedIsLetGo(t *testing.T) {
	t.Parallel()
	acts, ann, general := newActions(t)
	translator := busy(acts)
	sent := 0
	l, _ := listener(translator, ann, func(*Event) bool { sent++; return sent == 1 }) // only the first corks
	l.caughtUp = true
	for seq := range int64(3) {
		l.Tell(l.sock, message(ann, general, seq+1, "x"))
	}
	released := 0
	for _, one := range translator.queued {
		one.to.receive(one.event)
	}
	if l.corked {
		released++
	}
	l.uncork()
	if released != 1 || l.corked || sent != 3 {
		t.Errorf("%d were sent; it was corked: %v, and is: %v", sent, released == 1, l.corked)
	}
}

func TestWhatWasMissedIsNotReadForASocketThatIsGone(t *testing.T) {
	t.Parallel()
	acts, db, ann, _ := newHouse(t)
	snapshot, err := acts.Snapshot(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	held, let := make(chan struct{}), make(chan struct{})
	defer close(let)
	for range store.Readers {
		go db.Read(context.Background(), func(*store.Tx) error { held <- struct{}{}; <-let; return nil })
		<-held
	}
	translator := NewTranslator(acts, budget.New(1<<30))
	l, _ := listener(translator, ann, func(*Event) bool { t.Error("it was told something"); return false })
	l.since = 1
	l.Welcome(l.sock, chat.Welcome{Rooms: snapshot.Rooms})
	wait.Until(t, "the read waits", func() bool { return db.Counts().Reads == 1 })
	l.sock.End(1006)
	l.Gone() // although nothing can be read yet
	if n := db.Counts().Reads; n != 0 {
		t.Errorf("%d reads wait", n)
	}
}

func TestNamesAreLookedUpOnceForAllThatWasMissed(t *testing.T) {
	t.Parallel()
	const messages = 40
	acts, db, ann, general := newHouse(t)
	for range messages {
		draft := chat.Draft{ClientID: chat.NewClientID(), Body: "missed"}
		if _, err := actions.Wait(func(done actions.Sent) { acts.Post(ann, general, draft, done) }); err != nil {
			t.Fatal(err)
		}
	}
	snapshot, err := acts.Snapshot(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	translator, told := NewTranslator(acts, budget.New(1<<30)), 0
	l, _ := listener(translator, ann, func(*Event) bool { told++; return false })
	l.since = 1
	before := db.Counts().ReadsAsked
	l.Welcome(l.sock, chat.Welcome{Rooms: snapshot.Rooms})
	translator.Close()
	if reads := db.Counts().ReadsAsked - before; told != messages || reads != 4 { // all, the room, ann, and which is for everyone
		t.Errorf("%d messages were told with %d reads", told, reads)
	}
}
