// The Socket.IO door before the real rooms, actions and database.

package socketio

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
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
	"parley/internal/wait"
	"parley/socket"
	"parley/store"
	"parley/tests/core"
	"parley/tests/harness"
)

// house is a server of Socket.IO alone.
type house struct {
	*Door
	actions  *actions.Actions
	store    *store.Store
	sockets  *socket.Door
	tokens   *auth.Signer
	refusals *count.Tally[chat.Code]
	program  *harness.Program // only its URL: where the door is
}

// openHouse serves until the test ends. change may set other limits.
func openHouse(t *testing.T, change func(*access.Limits)) *house {
	t.Helper()
	limits := access.Limits{
		MessageCharacters: 10_000, MessagesPerSecond: 100, MessagesBurst: 100, SignInAttempts: 10, FrameBytes: 1 << 17,
		OutboxBytes: 1 << 20, SocketWrites: 64, Sockets: 100, SocketsPerUser: 100, SocketsPerAddress: 100,
	}
	if change != nil {
		change(&limits)
	}
	c := core.Open(t, limits)
	h := &house{actions: c.Actions, store: c.Store, tokens: c.Tokens, refusals: count.NewTally(chat.Codes)}
	translator := gateway.NewTranslator(h.actions, c.Rooms.Unread)
	h.sockets = socket.New(limits, melody.New(), h.actions, c.Rooms, h.tokens, translator, h.refusals)
	visit := func(r *http.Request) (origin.Verdict, auth.Credential, string) {
		return origin.Allowed, auth.CredentialOf(r, false), "127.0.0.1"
	}
	h.Door = New(limits, h.sockets, translator, h.refusals, c.Rooms.Unread, visit)
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
	user, session, err := h.actions.SetUp(t.Context(), "", "", chat.Setup{
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
	h := openHouse(t, nil)
	ann, by := h.setUp(t)
	var panics atomic.Int64 // at the third look on the clock: by then the door has counted the client
	now := h.tokens.Now
	h.tokens.Now = func() time.Time {
		if panics.Add(-1) == 0 {
			panic("in a test")
		}
		return now()
	}
	client := ann.Polls(t, "", "")
	client.Wants(t, `40/chat,{"sid":`)
	panics.Store(3)
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

// A session counts as one of the person's sockets from its handshake to its end, in the namespace or not.
func TestSessionsOfAPersonAreBoundedWhetherTheyAreInTheNamespaceOrNot(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(l *access.Limits) { l.SocketsPerUser, l.SocketsPerAddress = 3, 50 })
	ann, _ := h.setUp(t)
	shakes := func() int {
		status, _ := ann.Try(t, http.MethodGet, harness.Handshake, nil)
		return status
	}
	left, stays := ann.Polls(t, "", ""), ann.Polls(t, "", "")
	for _, client := range []*harness.Poller{left, stays} {
		client.Wants(t, `40/chat,{"sid":`)
	}
	left.Send(t, "41/chat,")
	if status := shakes(); status != http.StatusOK { // it does not ask for the namespace
		t.Errorf("the third got status %d", status)
	}
	if status := shakes(); status != http.StatusForbidden {
		t.Errorf("one too many got status %d", status)
	}
	// Who says only later whose the session is has no more of them either.
	nobody := h.program.Visitor(t, "nobody")
	late := nobody.Polls(t, "", `{"token":"`+ann.Bearer+`"}`)
	late.Wants(t, `44/chat,{"message":"at most 3 sockets a person"`)
	left.Send(t, "1")
	wait.Until(t, "there is a place again", func() bool { return shakes() == http.StatusOK })
	if status := shakes(); status != http.StatusForbidden {
		t.Errorf("one too many got status %d", status)
	}
}

func TestSessionsOfStrangersKeepNobodyOut(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(l *access.Limits) { l.Sockets, l.SocketsPerAddress = 8, 4 })
	ann, _ := h.setUp(t)
	client := ann.Polls(t, "", "")
	client.Wants(t, `40/chat,{"sid":`)
	nobody := h.program.Visitor(t, "nobody")
	first := nobody.Polls(t, "", "")
	first.Wants(t, `44/chat,`)
	for range 20 {
		if status, body := nobody.Try(t, http.MethodGet, harness.Handshake, nil); status != http.StatusOK {
			t.Fatalf("got status %d: %s", status, body)
		}
	}
	wait.Until(t, "the oldest has gone", func() bool {
		status, body := nobody.Try(t, http.MethodGet, first.Path, nil)
		return status == http.StatusBadRequest && strings.Contains(string(body), "Session ID unknown")
	})
	ann.Polls(t, "", "").Wants(t, `40/chat,{"sid":`)
	client.Send(t, `42/chat,7["nonsense"]`)
	client.Wants(t, `43/chat,7[`)
}

func TestWhatAClientSaysItIsCountsBeforeItsHeader(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann, _ := h.setUp(t)
	ann.Polls(t, "", `{"token":"wrong"}`).Wants(t, `44/chat,{"message":"sign in first"`)
	ann.Polls(t, "&token=wrong", "").Wants(t, `44/chat,{"message":"sign in first"`)
	nobody := h.program.Visitor(t, "nobody")
	nobody.Polls(t, "", `{"token":"`+ann.Bearer+`"}`).Wants(t, `40/chat,{"sid":`)
	nobody.Polls(t, "&token="+ann.Bearer, "").Wants(t, `40/chat,{"sid":`)
	nobody.Polls(t, "", `{"token":7}`).Wants(t, `44/chat,{"message":`)
	if counts := h.sockets.Counts(); counts.Open != 2 {
		t.Errorf("%d sockets are open, want 2", counts.Open)
	}
}

func TestRefusalsAreCounted(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann, _ := h.setUp(t)
	client := ann.Polls(t, "", "")
	client.Wants(t, `40/chat,{"sid":`)
	client.Send(t, `42/chat,["nonsense"]`)
	client.Wants(t, `42/chat,["exception",{"code":"bad_request"`)
	client.Send(t, `42/chat,7["nonsense"]`)
	client.Wants(t, `43/chat,7[{"error":{"code":"bad_request"`)
	if n := h.refusals.Read()[chat.BadRequest]; n != 2 {
		t.Errorf("%d are counted, want 2", n)
	}
}

// A client that has to sign in again is disconnected, since it would come back by itself otherwise.
func TestHowAClientIsClosedTellsWhetherToComeBack(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann, by := h.setUp(t)
	client := ann.Polls(t, "", "")
	client.Wants(t, `40/chat,{"sid":`)
	if err := h.actions.SignOut(by); err != nil {
		t.Fatal(err)
	}
	client.Wants(t, `41/chat,`)
	client.IsOver(t)
	wait.Until(t, "it is let go", func() bool { return h.sockets.Counts().Closed[chat.CloseSignedOut] == 1 })
}

// enterAndLeave is one body that enters the namespace and leaves it again and again, and asks for what was missed
// each time.
func enterAndLeave(pairs int) string {
	return strings.Repeat("40/chat,{\"since\":1}\x1e41/chat,\x1e", pairs) + "6"
}

// What is read for a client ends with its socket, and one person's reads are bounded however many sessions they
// have: here nothing can be read, so whatever goes on without an end is there to be counted.
func TestWhatIsReadForAClientEndsWithItAndIsBounded(t *testing.T) {
	t.Parallel()
	const sessions, rounds, moreAtOnce = 10, 3, 100
	h := openHouse(t, nil)
	ann, by := h.setUp(t)
	room, err := h.actions.EveryonesRoom(t.Context(), by, chat.Public)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		draft := harness.Draft(fmt.Sprint("missed ", i))
		if _, err := actions.Wait(func(done actions.Sent) { h.actions.Post(by, room.ID, draft, done) }); err != nil {
			t.Fatal(err)
		}
	}
	before, readsBefore := runtime.NumGoroutine(), h.store.Counts().ReadsAsked
	var most atomic.Int64
	watched, stop := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				most.Store(max(most.Load(), int64(runtime.NumGoroutine()-before)))
			}
		}
	}()
	for range rounds {
		var all sync.WaitGroup
		for range sessions {
			all.Go(func() {
				client := ann.Polls(t, "", "")
				ann.Try(t, http.MethodPost, client.Path, enterAndLeave(3700))
			})
		}
		all.Wait()
	}
	close(stop)
	<-watched
	if n := most.Load(); n > moreAtOnce {
		t.Errorf("%d goroutines ran at once", n)
	}
	// 1,000 reads' worth may be asked for at once, and a socket that asks for what it missed counts as 50. Each
	// looks up a handful of things.
	if n := h.store.Counts().ReadsAsked - readsBefore; n > 2000 {
		t.Errorf("%d reads were made", n)
	}
	wait.Until(t, "nothing is left of it", func() bool {
		return h.sockets.Counts().Open == 0 && h.store.Counts().Reads == 0
	})
}
