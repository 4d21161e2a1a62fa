//go:build unported

// Bounds of the live side, filled. What is refused is told so, what is let go can be had again, and nothing
// that was accepted is lost. docs/architecture.md has the list of all bounds.

package tests

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/chat"
	"parley/internal/listen"
)

func TestADispatcherThatLagsHoldsTheWriterBack(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-burst=1000", "--sockets-per-user=1000")
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	s := ann.Dial(t)
	caller := p.callerOf(s)
	p.rooms.mu.Lock() // the dispatcher needs it for the first batch
	written := func() (n int64) {
		for _, count := range p.store.Counts().Batches.Counts {
			n += count
		}
		return n
	}
	const more = 10
	answers := make(chan error, maxBatches+2+more)
	post := func(i int) {
		p.actions.Post(caller, general, chat.Draft{ClientID: chat.NewClientID(), Body: fmt.Sprint(i)},
			func(_ chat.MessageSent, err error) { answers <- err })
	}
	// One batch is in the dispatcher's hands, maxBatches wait for it, and one is in the writer's hands.
	for i := range maxBatches + 2 {
		before := written()
		post(i)
		wait.Until(t, "it is written", func() bool { return written() == before+1 })
	}
	for i := range more {
		post(maxBatches + 2 + i)
	}
	if waiting, batches := p.store.Counts().Writes, len(p.rooms.batches); waiting != more || batches != maxBatches {
		t.Errorf("%d writes and %d batches wait, want %d and %d", waiting, batches, more, maxBatches)
	}
	if n := len(answers); n != 0 {
		t.Errorf("%d were answered before anyone was told", n)
	}
	p.rooms.mu.Unlock()
	for i := range maxBatches + 2 + more {
		if m := s.ExpectMessage(t); m.Body != fmt.Sprint(i) {
			t.Fatalf("got %q, want %d", m.Body, i)
		}
		if err := <-answers; err != nil {
			t.Errorf("message %d: %v", i, err)
		}
	}
}

// callerOf is who is behind a socket of the test, as the server has it.
func (p *parts) callerOf(s *harness.Sock) Caller {
	p.rooms.mu.Lock()
	defer p.rooms.mu.Unlock()
	for sock := range p.rooms.users[s.Welcome.User.ID].sockets {
		return Caller{User: sock.caller.User, Session: sock.caller.Session}
	}
	return Caller{}
}

func TestADispatcherThatIsNeverIdleStillSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTestRooms(t)
		ann := newListener(1)
		ann.enters(t, r, Snapshot{Rooms: []chat.RoomState{stateAt(1, 0, 0)}})
		ann.wire.forget()
		const batches = 4 * maxBatches
		waited := 0 // batches that were taken before the first was sent
		var next func(n int64)
		next = func(n int64) {
			if n > batches {
				return
			}
			r.Dispatch([]chat.Change{addedAt(1, n, 0)}, func() {
				if waited == 0 && len(ann.wire.frames(t)) > 0 {
					waited = int(n)
				}
				next(n + 1) // the dispatcher has just made place for it
			})
		}
		next(1)
		synctest.Wait()
		if waited == 0 || waited > maxBatches+1 {
			t.Errorf("the first of %d events was sent with batch %d, want it at most %d later", batches, waited, maxBatches)
		}
		if got := ann.events(t); len(got) != batches || got[batches-1] != fmt.Sprint("message.added ", batches) {
			t.Errorf("%d of %d events came", len(got), batches)
		}
	})
}

func TestASocketThatOpensForTooLongComesLater(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	open := bob.Dial(t)
	open.Settle(t)
	release := p.holdReaders(t)
	answered := make(chan *harness.Sock, 1)
	go func() { // the answer to the upgrade waits for what comes of opening
		late, _, err := ann.Upgrade(nil, chat.Subprotocol)
		if err != nil {
			t.Error(err)
			return
		}
		answered <- late
	}()
	wait.Until(t, "it is opening", func() bool {
		p.rooms.mu.Lock()
		defer p.rooms.mu.Unlock()
		return len(p.rooms.opening) == 1
	})
	forEveryone := chat.Change{Event: "server.changed", Data: chat.ServerChanged{Server: chat.Server{Name: "Home"}}}
	for range maxRecorded {
		p.rooms.Dispatch([]chat.Change{forEveryone}, func() {})
	}
	select {
	case <-answered:
		t.Fatal("it was answered within the bound")
	default:
	}
	p.rooms.Dispatch([]chat.Change{forEveryone}, func() {})
	select {
	case late := <-answered:
		late.ExpectClosed(t, chat.CloseLater)
		late.Conn.Close()
	case <-time.After(wait.Patience):
		t.Fatal("it was not answered beyond the bound")
	}
	release()
	ann.Dial(t).Settle(t)
	for range maxRecorded + 1 {
		open.Expect(t, "server.changed")
	}
}

// holdReaders takes every read connection until release is called.
func (p *parts) holdReaders(t *testing.T) (release func()) {
	t.Helper()
	var held []*reader
	for range readers {
		r, err := p.store.reader(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, r)
	}
	var released atomic.Bool
	release = func() {
		if released.Swap(true) {
			return
		}
		for _, r := range held {
			p.store.readers <- r
		}
	}
	t.Cleanup(release)
	return release
}

func TestSocketsInAllAreBounded(t *testing.T) {
	t.Parallel()
	const most = 10
	p := startParts(t, nil, fmt.Sprint("--sockets=", most))
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	var socks []*harness.Sock
	for range most {
		socks = append(socks, ann.Dial(t))
	}
	bob.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseLater)
	p.Visitor(t, "nobody").DialAnyhow(t, http.Header{}).ExpectClosed(t, chat.CloseLater)
	sent := ann.Says(t, ann.Room(t, "general").ID, "to those who are in")
	for _, s := range socks {
		if m := s.ExpectMessage(t); m.Seq != sent.Seq {
			t.Errorf("got %+v", m)
		}
	}
	socks[0].Conn.Close()
	wait.Until(t, "it is let go", func() bool { return p.server.sockets.Counts().Open == most-1 })
	bob.Dial(t).Settle(t)
	bob.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseLater)
}

// Someone who need not sign in could have as many as they like otherwise.
func TestSocketsCountBeforeTheySignIn(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sockets-per-address=3")
	ann := p.SetUp(t)
	silent := p.Visitor(t, "nobody").DialAnyhow(t, http.Header{})
	ann.Dial(t)
	ann.Dial(t)
	p.Visitor(t, "nobody").DialAnyhow(t, http.Header{}).ExpectClosed(t, chat.CloseTooMany)
	ann.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany)
	silent.Send(t, "auth", chat.Auth{Token: ann.token(t)})
	silent.Expect(t, "welcome") // it is counted once
	ann.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany)
}

func TestConnectionsAreBoundedAndOneThatClosesMakesPlace(t *testing.T) {
	t.Parallel()
	const most = 5
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := listen.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }), most)
	go server.Serve(ln)
	t.Cleanup(func() { server.Close() })
	// asks makes a request on a connection of its own, which stays open.
	asks := func() (close func(), err error) {
		client := &http.Client{Transport: &http.Transport{}, Timeout: wait.Patience}
		t.Cleanup(client.CloseIdleConnections)
		resp, err := client.Get("http://" + ln.Addr().String())
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
		return client.CloseIdleConnections, err
	}
	var first func()
	for i := range most {
		end, err := asks()
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		if i == 0 {
			first = end
		}
	}
	for range 3 { // each is refused: the refused ones are not counted for long
		if _, err := asks(); err == nil {
			t.Fatal("one too many was answered")
		}
	}
	first()
	wait.Until(t, "there is place again", func() bool { _, err := asks(); return err == nil })
	if _, err := asks(); err == nil {
		t.Error("one too many was answered")
	}
}

// What a client sends after a message that failed is answered, and each of those answers ends the socket.
func TestASocketIsFinishedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sock := newListener(1)
		sock.out.close() // so that nothing but the timer is left to end it
		sock.closed.Store(chat.CloseLater)
		sock.finish(chat.CloseLater, "send again")
		if n := testing.AllocsPerRun(100, func() { sock.finish(chat.CloseLater, "send again") }); n != 0 {
			t.Errorf("finishing again allocates %v times", n)
		}
		time.Sleep(finishWait)
	})
}

func TestNobodyIsInMoreRoomsThanTheyCanBe(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-burst=1000")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	others := bob.Creates(t, chat.Public, "bobs")
	var left chat.RoomID
	err := p.store.WriteAndWait(func(tx *WriteTx) error {
		for i := range maxRooms - 2 { // she is in those for everyone
			name := fmt.Sprint("room ", i)
			id, err := tx.AddRoom(chat.Public, StoredName{name, name}, "", false)
			if err != nil {
				return err
			}
			if err := tx.Join(id, ann.User.ID, chat.MemberPlain); err != nil {
				return err
			}
			left = id
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s := ann.Dial(t)
	if n := len(s.Welcome.Rooms); n != maxRooms {
		t.Fatalf("the welcome has %d rooms, want %d", n, maxRooms)
	}
	if size := len(harness.AsJSON(t, s.Welcome)); size > p.cfg.OutboxBytes {
		t.Errorf("the welcome has %d bytes, an outbox %d", size, p.cfg.OutboxBytes)
	}
	for _, e := range []*chat.Error{
		s.AskRefused(t, chat.TooManyRooms, "room.join", chat.RoomAt{RoomID: others.ID}),
		ann.Refused(t, chat.TooManyRooms, http.MethodPost, harness.RoomPath(others.ID)+"/join", nil),
		ann.Refused(t, chat.TooManyRooms, http.MethodPost, "/api/rooms", chat.NewRoom{Kind: chat.Private, Name: "more"}),
		bob.Refused(t, chat.TooManyRooms, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: []chat.UserID{ann.User.ID}}),
		bob.Refused(t, chat.TooManyRooms, http.MethodPost, harness.RoomPath(others.ID)+"/members",
			chat.NewMembers{UserIDs: []chat.UserID{ann.User.ID}}),
	} {
		if e.Limit != maxRooms {
			t.Errorf("got %+v", e)
		}
	}
	ann.Post(t, harness.RoomPath(left)+"/join", nil, http.StatusOK, nil) // she is in it
	ann.Post(t, harness.RoomPath(left)+"/leave", nil, http.StatusNoContent, nil)
	s.Ask(t, "room.join", chat.RoomAt{RoomID: others.ID}, nil)
	checkNumbers(t, p.store)
}

func TestWatchingReplacesWhoWasWatched(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	s := p.SetUp(t).Dial(t)
	for round := range 3 {
		var watch chat.PresenceWatch
		for i := range maxWatched {
			watch.UserIDs = append(watch.UserIDs, chat.UserID(1+round*maxWatched+i))
		}
		s.Ask(t, "presence.watch", watch, nil)
	}
	p.rooms.mu.Lock()
	defer p.rooms.mu.Unlock()
	if n := len(p.rooms.watchers); n != maxWatched {
		t.Errorf("%d people are watched by one socket, want %d", n, maxWatched)
	}
}

func TestRoomsToLetGoAreRememberedOnce(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	ann, late := newListener(1), newListener(2)
	ann.enters(t, r, Snapshot{})
	if err := r.Opening(late.Socket); err != nil {
		t.Fatal(err)
	}
	for i := range int64(1000) {
		told(r, joinAt(7, 1, 0, 2*i+1, 2*i+1)...)
		told(r, leaveAt(7, 1, 0, 2*i+2, 2*i+2)...)
	}
	if len(r.touched) != 1 || len(r.rooms) != 1 {
		t.Errorf("%d rooms are live and %d to be let go, want the one for both", len(r.rooms), len(r.touched))
	}
	late.opensWith(t, r, Snapshot{})
	if len(r.touched) != 0 || len(r.rooms) != 0 {
		t.Errorf("%d rooms are live and %d to be let go once nobody opens, want none", len(r.rooms), len(r.touched))
	}
}
