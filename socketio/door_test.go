// The Socket.IO door before the real rooms, actions and database.

package socketio

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
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
	"parley/socket"
	"parley/store"
	"parley/tests/harness"
)

// house is a server of Socket.IO alone.
type house struct {
	*Door
	actions *actions.Actions
	sockets *socket.Door
	tokens  *auth.Signer
	program *harness.Program // only its URL: where the door is
}

// openHouse serves until the test ends.
func openHouse(t *testing.T) *house {
	t.Helper()
	limits := access.Limits{
		MessageCharacters: 10_000, MessagesPerSecond: 100, MessagesBurst: 100, SignInAttempts: 10, FrameBytes: 1 << 17,
		OutboxBytes: 1 << 20, SocketWrites: 64, Sockets: 100, SocketsPerUser: 100, SocketsPerAddress: 100,
	}
	h := &house{}
	live := rooms.New(limits, func(seen map[chat.UserID]int64) { h.actions.KeepLastSeen(seen) })
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
	if h.actions, err = actions.New(db, live, password.New(password.Cheapest), limits, "test"); err != nil {
		t.Fatal(err)
	}
	if h.tokens, err = auth.NewSigner(h.actions.TokenKey, time.Now); err != nil {
		t.Fatal(err)
	}
	translator, refusals := gateway.NewTranslator(h.actions), count.NewTally(chat.Codes)
	h.sockets = socket.New(limits, melody.New(), h.actions, live, h.tokens, translator, refusals)
	h.Door = New(limits, h.sockets, translator, refusals, func(r *http.Request) (origin.Verdict, auth.Credential, string) {
		return origin.Allowed, auth.CredentialOf(r, false), "127.0.0.1"
	})
	server := httptest.NewServer(h)
	h.program = &harness.Program{URL: server.URL, Limits: limits}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), wait.Patience)
		defer cancel()
		if err := h.Close(ctx); err != nil {
			t.Error(err)
		}
		h.sockets.Close(ctx)
		server.Close()
	})
	return h
}

// setUp makes the owner, ann.
func (h *house) setUp(t *testing.T) (ann *harness.Person, by access.Caller) {
	t.Helper()
	user, session, err := h.actions.SetUp(t.Context(), "", chat.Setup{
		Code: h.actions.SetupCode(), ServerName: "Home", NewAccount: harness.Account("ann"),
	})
	if err != nil {
		t.Fatal(err)
	}
	token, err := h.tokens.Issue(session)
	if err != nil {
		t.Fatal(err)
	}
	return h.program.Visitor(t, "ann").WithBearer(t, token), access.Caller{User: user.ID, Session: session.ID}
}

func TestAPanicWhileASocketIOClientConnectsEndsThatOneAlone(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	ann, by := h.setUp(t)
	var panics atomic.Int64 // at the second look on the clock: by then the door has counted the client
	now := h.tokens.Now
	h.tokens.Now = func() time.Time {
		if panics.Add(-1) == 0 {
			panic("in a test")
		}
		return now()
	}
	client := ann.Polls(t, "", "")
	client.Wants(t, `40/chat,{"sid":`)
	panics.Store(2)
	unlucky := ann.Polls(t, "", "")
	if status, body := ann.Try(t, http.MethodGet, unlucky.Path, nil); status != http.StatusBadRequest {
		t.Errorf("the session goes on: %d %s", status, body)
	}
	if n := panics.Load(); n > 0 {
		t.Error("nothing panicked")
	}
	room, err := h.actions.EveryonesRoom(t.Context(), by, chat.Public)
	if err != nil {
		t.Fatal(err)
	}
	_, err = actions.Wait(func(done actions.Sent) { h.actions.Post(by, room.ID, harness.Draft("hello"), done) })
	if err != nil {
		t.Fatal(err)
	}
	client.Wants(t, `"message":"hello"`)
	if counts := h.sockets.Counts(); counts.Open != 1 || counts.Opened != 2 {
		t.Errorf("%d sockets were opened and %d are remembered, want 2 and 1", counts.Opened, counts.Open)
	}
}
