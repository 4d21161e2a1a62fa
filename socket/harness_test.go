package socket

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/olahol/melody"

	"parley/access"
	"parley/auth"
	"parley/chat"
	"parley/gateway"
	"parley/internal/count"
	"parley/internal/origin"
	"parley/store"
	"parley/tests/core"
	"parley/tests/harness"
)

// parts are a door, with all that it stands on, at an address.
type parts struct {
	*Door
	*harness.Program // whose address it is; nothing else of it is there
	store            *store.Store
}

// start serves sockets in this process until the test ends. change may set other limits.
func start(t testing.TB, change ...func(*access.Limits)) *parts {
	t.Helper()
	limits := access.Limits{
		MessageCharacters: 10_000, MessagesPerSecond: 100_000, MessagesBurst: 100_000, ReadsPerSecond: 100_000, SignInAttempts: 1000,
		FrameBytes: 128 << 10, OutboxBytes: 1 << 20, SocketWrites: 64,
		Sockets: 1000, SocketsPerUser: 32, SocketsPerAddress: 512,
	}
	for _, set := range change {
		set(&limits)
	}
	c := core.Open(t, limits)
	m := melody.New()
	m.Config.MaxMessageSize = int64(limits.FrameBytes)
	m.Upgrader.Subprotocols = []string{chat.Subprotocol}
	door := New(limits, m, c.Actions, c.Rooms, c.Tokens, gateway.NewTranslator(c.Actions, c.Rooms.Unread), count.NewTally(chat.Codes))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := door.Serve(w, r, origin.Allowed, auth.CredentialOf(r, false), "home"); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	}))
	t.Cleanup(func() {
		server.Close()
		door.Close(context.Background())
	})
	return &parts{Door: door, Program: &harness.Program{URL: server.URL, Limits: limits}, store: c.Store}
}

// setsUp makes the owner of the server, and gives their session.
func (p *parts) setsUp(t testing.TB) store.Session {
	t.Helper()
	_, session, err := p.actions.SetUp(t.Context(), "home", "", chat.Setup{
		Code: p.actions.SetupCode(), ServerName: "Home", NewAccount: harness.Account("ann"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// tokenOf makes the token of a login.
func (p *parts) tokenOf(t testing.TB, session store.Session) string {
	t.Helper()
	token, err := p.tokens.Issue(session)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// dials opens a socket with a token, and waits for its welcome.
func (p *parts) dials(t testing.TB, token string) *harness.Sock {
	t.Helper()
	return p.Visitor(t, "ann").DialBearer(t, token)
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

// general is the room for everyone.
func (p *parts) general(t testing.TB, s *harness.Sock) chat.RoomID {
	t.Helper()
	for _, room := range s.Welcome.Rooms {
		if room.Name == "general" {
			return room.ID
		}
	}
	t.Fatal("there is no room general")
	return 0
}

// by is who has a session.
func by(session store.Session) access.Caller {
	return access.Caller{User: session.User, Session: session.ID}
}
