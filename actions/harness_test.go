package actions

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/password"
	"parley/rooms"
	"parley/store"
)

const goodPassword = "correct horse battery"

// parts are the actions, on a database and rooms of their own.
type parts struct {
	*Actions
	path  string // of the database
	close func()
}

// start makes actions without a door, until the test ends. change may set other limits.
func start(t testing.TB, change ...func(*access.Limits)) *parts {
	t.Helper()
	limits := access.Limits{
		MessageCharacters: 10_000, MessagesPerSecond: 100_000, MessagesBurst: 100_000, SignInAttempts: 1000,
		FrameBytes: 128 << 10, OutboxBytes: 1 << 20, SocketWrites: 64,
		Sockets: 1000, SocketsPerUser: 32, SocketsPerAddress: 512,
	}
	for _, set := range change {
		set(&limits)
	}
	return openAt(t, engines.Wanted(t), limits)
}

// openAt makes actions on a database, until the test ends.
func openAt(t testing.TB, path string, limits access.Limits) *parts {
	t.Helper()
	p := &parts{path: path}
	live := rooms.New(limits, func(seen map[chat.UserID]int64) { p.KeepLastSeen(seen) })
	db, err := store.Open(p.path, live.Dispatch)
	if err != nil {
		t.Fatal(err)
	}
	db.StopUpkeep()
	p.close = sync.OnceFunc(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		live.Close()
	})
	t.Cleanup(p.close)
	p.Actions, err = New(db, live, password.New(password.Cheapest), limits, "test")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// reopened gives actions on the same database, as after a restart. Those before must not be used any more.
func (p *parts) reopened(t testing.TB) *parts {
	t.Helper()
	p.close()
	return openAt(t, p.path, p.limits)
}

// signsUp makes an account. The first is that of the owner of the server.
func (p *parts) signsUp(t testing.TB, name string) access.Caller {
	t.Helper()
	in := chat.NewAccount{Name: name, DisplayName: strings.ToUpper(name[:1]) + name[1:], Password: goodPassword}
	var user chat.User
	var session store.Session
	var err error
	if code := p.SetupCode(); code != "" {
		user, session, err = p.SetUp(context.Background(), "home", "", chat.Setup{Code: code, ServerName: "Home", NewAccount: in})
	} else {
		invite := p.invites(t, chat.NewInvite{})
		user, session, err = p.Register(context.Background(), "home", chat.Registering{Invite: invite.Code, NewAccount: in})
	}
	if err != nil {
		t.Fatal(err)
	}
	return access.Caller{User: user.ID, Session: session.ID}
}

// owner is who set up the server: the first user.
func owner() access.Caller { return access.Caller{User: 1} }

// invites makes an invite of the owner's.
func (p *parts) invites(t testing.TB, in chat.NewInvite) chat.Invite {
	t.Helper()
	invite, err := p.Invite(owner(), in)
	if err != nil {
		t.Fatal(err)
	}
	return invite
}

// registers tries to make an account by an invite.
func (p *parts) registers(name, code string) error {
	_, _, err := p.Register(context.Background(), "home", chat.Registering{
		Invite: code, NewAccount: chat.NewAccount{Name: name, Password: goodPassword},
	})
	return err
}

// signsIn starts another session of somebody's.
func (p *parts) signsIn(t testing.TB, name string) access.Caller {
	t.Helper()
	return p.signsInWith(t, name)
}

// signsInWith is signsIn from a browser that shows where it has signed in before.
func (p *parts) signsInWith(t testing.TB, name string, devices ...string) access.Caller {
	t.Helper()
	user, session, err := p.SignIn(context.Background(), "home", chat.Login{Name: name, Password: goodPassword}, devices...)
	if err != nil {
		t.Fatal(err)
	}
	return access.Caller{User: user.ID, Session: session.ID}
}

// creates makes a room.
func (p *parts) creates(t testing.TB, by access.Caller, kind chat.RoomKind, name string) chat.RoomID {
	t.Helper()
	room, err := p.CreateRoom(by, chat.NewRoom{Kind: kind, Name: name})
	if err != nil {
		t.Fatal(err)
	}
	return room.ID
}

// says posts a message.
func (p *parts) says(t testing.TB, by access.Caller, room chat.RoomID, body string) chat.MessageSent {
	t.Helper()
	sent, err := Wait(func(done Sent) { p.Post(by, room, draft(body), done) })
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

func draft(body string) chat.Draft { return chat.Draft{ClientID: chat.NewClientID(), Body: body} }

// asks asks what changed in a room since a rev.
func (p *parts) asks(t testing.TB, by access.Caller, room chat.RoomID, rev int64) chat.RoomChanges {
	t.Helper()
	got, err := p.Changes(context.Background(), by, chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: room, Rev: rev}}}, false)
	if err != nil {
		t.Fatal(err)
	}
	return got.Rooms[0]
}

// holdWriter keeps everything from being stored until release is called, or the test ends.
func (p *parts) holdWriter(t testing.TB) (release func()) {
	t.Helper()
	held, let := make(chan struct{}), make(chan struct{})
	p.store.Write(func(*store.WriteTx) error { close(held); <-let; return nil }, func(error) {})
	<-held
	release = sync.OnceFunc(func() { close(let) })
	t.Cleanup(release)
	return release
}

// must runs a write and fails the test when it is refused.
func (p *parts) must(t testing.TB, fn func(*store.WriteTx) error) {
	t.Helper()
	if err := p.store.WriteAndWait(fn); err != nil {
		t.Fatal(err)
	}
}

// clock has the actions see another time.
func (p *parts) clock(now time.Time) { p.now = func() time.Time { return now } }
