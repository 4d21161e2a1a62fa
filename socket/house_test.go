// The house of this package's tests: the door before the real rooms, actions and database, and an HTTP server
// before the door. Passwords are hashed cheaply, and a test can reach the insides.

package socket

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/olahol/melody"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/gateway"
	"parley/internal/count"
	"parley/internal/origin"
	"parley/internal/password"
	"parley/internal/wait"
	"parley/rooms"
	"parley/store"
	"parley/tests/harness"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// house is a server of sockets alone.
type house struct {
	*Door
	limits   access.Limits
	onCommit store.OnCommit // hands on what was committed; a test may look at it first
	store    *store.Store
	live     *rooms.Rooms
	data     string           // the folder of the database
	program  *harness.Program // only its address and its data folder: there is no process
	from     origin.Verdict   // where whoever comes is from
	narrow   bool             // whether the system buffers little of what is written to a socket
	shut     func()           // closes the door, once

	keepalive func(*melody.Config) // sets other times for pings
}

// guest is a person with an account and a login.
type guest struct {
	*harness.Person
	caller access.Caller
}

// furnish puts the parts together and serves nothing yet. change may set what has to be set before the parts
// are made.
func furnish(t *testing.T, change func(*house)) *house {
	t.Helper()
	h := &house{from: origin.Allowed, limits: access.Limits{
		MessageCharacters: 60_000, MessagesPerSecond: 1e6, MessagesBurst: 1e6, ReadsPerSecond: 1e6, SignInAttempts: 1000, FrameBytes: 300_000,
		OutboxBytes: 1 << 20, SocketWrites: 64, Sockets: 20_000, SocketsPerUser: 1000, SocketsPerAddress: 1000,
	}}
	if change != nil {
		change(h)
	}
	var acts *actions.Actions
	h.live = rooms.New(h.limits, func(seen map[chat.UserID]int64) { acts.KeepLastSeen(seen) })
	if h.onCommit == nil {
		h.onCommit = h.live.Dispatch
	}
	var err error
	h.data = t.TempDir()
	if h.store, err = store.Open(harness.DatabaseIn(t, h.data), h.onCommit); err != nil {
		t.Fatal(err)
	}
	h.store.StopUpkeep()
	t.Cleanup(func() {
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
		h.live.Close()
	})
	if acts, err = actions.New(h.store, h.live, password.New(password.Cheapest), h.limits, "test"); err != nil {
		t.Fatal(err)
	}
	tokens, err := auth.NewSigner(acts.TokenKey, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	m := melody.New()
	m.Config.MaxMessageSize = int64(h.limits.FrameBytes)
	m.Upgrader.Subprotocols = []string{chat.Subprotocol}
	if h.keepalive != nil {
		h.keepalive(m.Config)
	}
	h.Door = New(h.limits, m, acts, h.live, tokens, gateway.NewTranslator(acts, h.live.Unread), count.NewTally(chat.Codes))
	return h
}

// ServeHTTP lets in whoever comes.
func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h.Serve(w, r, h.from, auth.CredentialOf(r, false), "127.0.0.1"); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

// open serves until the test ends.
func (h *house) open(t *testing.T) *house {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		if tcp, ok := conn.(*net.TCPConn); ok && h.narrow && state == http.StateNew {
			tcp.SetWriteBuffer(32 << 10) // a stalled client is noticed later without it
		}
	}
	server.Start()
	h.program = &harness.Program{URL: server.URL, Data: h.data, Limits: h.limits}
	h.shut = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), wait.Patience)
		defer cancel()
		if h.Close(ctx); ctx.Err() != nil {
			t.Error("the door does not close")
		}
	})
	t.Cleanup(func() {
		h.shut()
		server.Close()
	})
	return h
}

// openHouse furnishes a house and opens it.
func openHouse(t *testing.T, change func(*house)) *house {
	t.Helper()
	return furnish(t, change).open(t)
}

// setUp makes the owner, ann.
func (h *house) setUp(t *testing.T) *guest {
	t.Helper()
	user, session, err := h.actions.SetUp(t.Context(), "", "", chat.Setup{
		Code: h.actions.SetupCode(), ServerName: "Home", NewAccount: harness.Account("ann"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h.welcomes(t, user, session)
}

// signUp makes an account by an invite of the owner's.
func (h *house) signUp(t *testing.T, owner *guest, name string) *guest {
	t.Helper()
	invite, err := h.actions.Invite(owner.caller, chat.NewInvite{})
	if err != nil {
		t.Fatal(err)
	}
	user, session, err := h.actions.Register(
		t.Context(), "", chat.Registering{Invite: invite.Code, NewAccount: harness.Account(name)})
	if err != nil {
		t.Fatal(err)
	}
	return h.welcomes(t, user, session)
}

// signIn is another login of a person's.
func (h *house) signIn(t *testing.T, who *guest) *guest {
	t.Helper()
	user, session, err := h.actions.SignIn(t.Context(), "", chat.Login{Name: who.Name, Password: harness.GoodPassword})
	if err != nil {
		t.Fatal(err)
	}
	return h.welcomes(t, user, session)
}

func (h *house) welcomes(t *testing.T, user chat.User, session store.Session) *guest {
	t.Helper()
	token, err := h.tokens.Issue(session)
	if err != nil {
		t.Fatal(err)
	}
	program := h.program
	if program == nil { // nothing is served: nobody is going to dial
		program = &harness.Program{}
	}
	who := program.Visitor(t, user.Name).WithBearer(t, token)
	who.User = user
	return &guest{who, access.Caller{User: user.ID, Session: session.ID}}
}

// bearer is what a program of the person's sends when it opens a socket.
func (who *guest) bearer() http.Header { return http.Header{"Authorization": {"Bearer " + who.Bearer}} }

// dial opens a socket and waits for its welcome.
func (who *guest) dial(t *testing.T) *harness.Sock {
	t.Helper()
	return who.DialBearer(t, who.Bearer)
}

// general is the room for everyone.
func (h *house) general(t *testing.T, who *guest) chat.RoomID {
	t.Helper()
	room, err := h.actions.EveryonesRoom(t.Context(), who.caller, chat.Public)
	if err != nil {
		t.Fatal(err)
	}
	return room.ID
}

// says posts a message.
func (h *house) says(t *testing.T, who *guest, room chat.RoomID, body string) chat.MessageSent {
	t.Helper()
	sent, err := actions.Wait(func(done actions.Sent) { h.actions.Post(who.caller, room, harness.Draft(body), done) })
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

// socketsOf lists the sockets of a person that are signed in.
func (h *house) socketsOf(who *guest) (all []*rooms.Socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for sock := range h.all {
		if sock.Opened && sock.Caller.User == who.User.ID {
			all = append(all, sock)
		}
	}
	return all
}

// only waits until a person has a socket, and gives it.
func (h *house) only(t *testing.T, who *guest) *rooms.Socket {
	t.Helper()
	var all []*rooms.Socket
	wait.Until(t, who.Name+"'s socket is open", func() bool { all = h.socketsOf(who); return len(all) == 1 })
	return all[0]
}

// holdReaders keeps every read from the database waiting until release is called.
func (h *house) holdReaders(t *testing.T) (release func()) {
	t.Helper()
	held := make(chan struct{}, store.Readers)
	over, cancel := context.WithCancel(context.Background())
	for range store.Readers {
		go h.store.Read(context.Background(), func(*store.Tx) error {
			held <- struct{}{}
			<-over.Done()
			return nil
		})
	}
	for range store.Readers {
		<-held
	}
	t.Cleanup(cancel)
	return cancel
}

// holdReader keeps one connection that reads from the database until release is called. It waits for it.
func (h *house) holdReader(t *testing.T) (release func()) {
	held, over := make(chan struct{}), make(chan struct{})
	go h.store.Read(context.Background(), func(*store.Tx) error {
		close(held)
		<-over
		return nil
	})
	<-held
	release = sync.OnceFunc(func() { close(over) })
	t.Cleanup(release)
	return release
}
