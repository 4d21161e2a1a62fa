// Bounds of the door and of what stands behind it, filled. docs/bounds.md lists all bounds.

package socket

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/actions"
	"parley/chat"
	"parley/internal/wait"
	"parley/rooms"
	"parley/store"
	"parley/tests/harness"
)

// slowReader is told of each change when the test lets it, and the dispatcher waits meanwhile.
type slowReader struct{ told, let chan struct{} }

func (slowReader) Welcome(*rooms.Socket, chat.Welcome) {}

func (slowReader) Gone() {}

func (s slowReader) Tell(*rooms.Socket, *chat.Change) {
	s.told <- struct{}{}
	<-s.let
}

// holdDispatcher lets in a socket of a person's that the dispatcher waits for with the next change. release
// lets everything go on.
func (h *house) holdDispatcher(t *testing.T, who *guest) (held <-chan struct{}, release func()) {
	t.Helper()
	sock := rooms.NewSocket(0, "", h.limits.OutboxBytes, nil)
	sock.Caller = who.caller
	sock.HangUp = func(int, string) {}
	reader := slowReader{make(chan struct{}, 1000), make(chan struct{})}
	sock.Dialect = reader
	if err := h.live.Opening(sock); err != nil {
		t.Fatal(err)
	}
	snapshot, err := h.actions.Snapshot(t.Context(), who.caller)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.live.Enter(sock, snapshot); err != nil {
		t.Fatal(err)
	}
	release = sync.OnceFunc(func() { close(reader.let) })
	t.Cleanup(release) // the store cannot close before
	return reader.told, release
}

func TestADispatcherThatLagsHoldsTheWriterBack(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	general := h.general(t, ann)
	s := ann.dial(t)
	carol := h.signUp(t, ann, "carol")
	if _, err := actions.Wait(func(done func(chat.Done, error)) { h.actions.Leave(carol.caller, general, done) }); err != nil {
		t.Fatal(err)
	}
	outside := carol.dial(t)
	held, release := h.holdDispatcher(t, h.signUp(t, ann, "bob"))
	outside.Settle(t)
	maxBatches := h.live.Counts().BatchesLimit
	const more = 10
	posted := 0
	answers := make(chan error, 1000)
	post := func() {
		h.actions.Post(ann.caller, general, harness.Draft(fmt.Sprint(posted)), func(_ chat.MessageSent, err error) { answers <- err })
		posted++
	}
	// One batch is in the dispatcher's hands, maxBatches wait for it, and one is in the writer's hands. The
	// writer may have added a batch of its own, so they are not counted by what is posted.
	full := func() bool { return h.live.Counts().Batches == maxBatches }
	post()
	<-held
	for !full() {
		post()
		wait.Until(t, "the writer has it", func() bool { return h.store.Counts().Writes == 0 || full() })
	}
	for h.store.Counts().Writes < more { // the writer takes what there is, once
		post()
	}
	if batches := h.live.Counts().Batches; batches != maxBatches {
		t.Errorf("%d batches wait, want %d", batches, maxBatches)
	}
	outside.Ask(t, "ping", nil, nil) // a client can tell a server that is slow from a line that is dead
	if n := len(answers); n != 0 {
		t.Errorf("%d were answered before anyone was told", n)
	}
	release()
	for i := range posted {
		if m := s.ExpectMessage(t); m.Body != fmt.Sprint(i) {
			t.Fatalf("got %q, want %d", m.Body, i)
		}
		if err := <-answers; err != nil {
			t.Errorf("message %d: %v", i, err)
		}
	}
}

func TestASocketThatOpensForTooLongComesLater(t *testing.T) {
	t.Parallel()
	const maxRecorded = 1000 // see rooms
	h := openHouse(t, nil)
	ann := h.setUp(t)
	bob := h.signUp(t, ann, "bob")
	open := bob.dial(t)
	open.Settle(t)
	first := h.holdReader(t)
	for range store.Readers - 1 {
		defer h.holdReader(t)()
	}
	answered := make(chan *harness.Sock, 1)
	go func() { // the answer to the upgrade waits for what comes of opening
		late, _, err := ann.Upgrade(ann.bearer(), chat.Subprotocol)
		if err != nil {
			t.Error(err)
			close(answered)
			return
		}
		answered <- late
	}()
	wait.Until(t, "its session waits to be looked up", func() bool { return h.store.Counts().Reads == 1 })
	next := make(chan func(), 1)
	go func() { next <- h.holdReader(t) }() // it is next in line
	wait.Until(t, "another read waits behind it", func() bool { return h.store.Counts().Reads == 2 })
	first()
	release := <-next
	wait.Until(t, "its snapshot waits to be read", func() bool { return h.store.Counts().Reads == 1 })
	// tellAll waits until the dispatcher has put the changes where they belong.
	tellAll := func(n int) {
		changes := make([]chat.Change, n)
		for i := range changes {
			changes[i] = chat.Change{Event: "server.changed", Data: chat.ServerChanged{Server: chat.Server{Name: "Home"}}}
		}
		done := make(chan struct{})
		h.live.Dispatch(changes, func() { close(done) })
		<-done
	}
	codes := func() (all []int) {
		h.mu.Lock()
		defer h.mu.Unlock()
		for sock := range h.all {
			all = append(all, sock.CloseCode())
		}
		return all
	}
	tellAll(maxRecorded)
	for _, code := range codes() {
		if code != 0 {
			t.Errorf("closed with %d within the bound", code)
		}
	}
	tellAll(1)
	late, ok := <-answered
	if !ok {
		t.FailNow()
	}
	late.ExpectClosed(t, chat.CloseLater)
	late.Conn.Close()
	release()
	ann.dial(t).Settle(t)
	for range maxRecorded + 1 {
		open.Expect(t, "server.changed")
	}
}

func TestNoMoreSocketsSignInAtOnceThanMay(t *testing.T) {
	t.Parallel()
	const sockets = 10 * maxOpening
	h := openHouse(t, nil)
	ann := h.setUp(t)
	release := h.holdReaders(t) // nobody can be looked up
	welcomed := make(chan error, sockets)
	for range sockets {
		go func() { welcomed <- ann.isWelcomed() }()
	}
	wait.Until(t, "all have come", func() bool { return h.places.Counts().Held == sockets })
	wait.Until(t, "as many sign in as may", func() bool {
		return len(h.opening) == 0 && h.store.Counts().Reads == maxOpening
	})
	release()
	for range sockets {
		if err := <-welcomed; err != nil {
			t.Error(err)
		}
	}
}

// isWelcomed opens a socket, and tells why it is not welcomed.
func (who *guest) isWelcomed() error {
	s, _, err := who.Upgrade(who.bearer(), chat.Subprotocol)
	if err != nil {
		return err
	}
	defer s.Conn.Close()
	if f, ok := s.Next(); !ok || f.Event != "welcome" {
		return fmt.Errorf("got %q, closed with %v", f.Event, s.Close)
	}
	return nil
}

func TestSocketsOfOnePersonSignInTwoAtATimeAndNobodyElseWaits(t *testing.T) {
	t.Parallel()
	const sockets = 2 * maxOpening
	h := openHouse(t, nil)
	ann := h.setUp(t)
	bob := h.signUp(t, ann, "bob")
	for range ofOne {
		if err := h.turns.Take(t.Context(), ann.User.ID); err != nil {
			t.Fatal(err)
		}
	}
	welcomed := make(chan error, sockets)
	for range sockets {
		go func() { welcomed <- ann.isWelcomed() }()
	}
	wait.Until(t, "all of ann's have come", func() bool { return h.places.Counts().Held == sockets })
	for range 5 {
		bob.dial(t)
	}
	if len(welcomed) != 0 || len(h.socketsOf(ann)) != 0 {
		t.Errorf("%d were welcomed before their turn", len(welcomed))
	}
	for range ofOne {
		h.turns.Give(ann.User.ID)
	}
	for range sockets {
		if err := <-welcomed; err != nil {
			t.Error(err)
		}
	}
}

func TestNothingIsRememberedOfThoseWhoLeft(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	bob := h.signUp(t, ann, "bob")
	general := h.general(t, ann)
	secret, err := h.actions.CreateRoom(ann.caller, chat.NewRoom{Kind: chat.Private, Name: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	var socks []*harness.Sock
	for i := range 20 {
		s := []*guest{ann, bob}[i%2].dial(t)
		s.Ask(t, "presence.watch", chat.PresenceWatch{UserIDs: []chat.UserID{1, 2, 3, 99, 99}}, nil)
		s.Ask(t, "typing.start", chat.RoomAt{RoomID: general}, nil)
		socks = append(socks, s)
	}
	for i := range 5 { // opening, moving and leaving at once
		if _, err := h.actions.AddMembers(ann.caller, secret.ID, chat.NewMembers{UserIDs: []chat.UserID{bob.User.ID}}); err != nil {
			t.Fatal(err)
		}
		h.says(t, ann, secret.ID, "text")
		socks = append(socks, bob.dial(t))
		if err := h.actions.RemoveMember(ann.caller, secret.ID, bob.User.ID); err != nil {
			t.Fatal(err)
		}
		socks[i].Conn.Close()
	}
	refused := h.program.Visitor(t, "nobody").DialAnyhow(t, map[string][]string{"Authorization": {"Bearer x"}})
	refused.ExpectClosed(t, chat.CloseSignedOut)
	for _, s := range socks {
		s.Conn.Close()
	}
	h.says(t, ann, secret.ID, "into an empty room")
	left := func() string {
		h.mu.Lock()
		defer h.mu.Unlock()
		c := h.places.Counts()
		return fmt.Sprintf("sockets %d, places %d, addresses %d, owners %d, hub %d, people %d",
			len(h.all), c.Held, c.Addresses, c.People, h.melody.Len(), h.live.Counts().People)
	}
	const want = "sockets 0, places 0, addresses 0, owners 0, hub 0, people 0"
	defer func() {
		if got := left(); got != want {
			t.Errorf("left: %s", got)
		}
	}()
	wait.Until(t, "everything is forgotten", func() bool { return left() == want })
	if counts := h.Counts(); counts.Open != 0 || counts.Opened != int64(len(socks)+1) {
		t.Errorf("%d sockets were opened and %d are open, want %d and none", counts.Opened, counts.Open, len(socks)+1)
	}
}

func TestWhenNobodyKnowsWhatWasStoredEveryoneStartsOver(t *testing.T) {
	t.Parallel()
	h := openHouse(t, nil)
	ann := h.setUp(t)
	general := h.general(t, ann)
	before := ann.dial(t)
	h.says(t, ann, general, "told")
	before.ExpectMessage(t)
	h.live.Dispatch([]chat.Change{{Lost: true}}, func() {})
	before.ExpectClosed(t, chat.CloseSlow)
	back := ann.dial(t)
	head := back.StateOf(t, general).Rev
	h.says(t, ann, general, "told again")
	if m := back.ExpectMessage(t); m.Rev != head+1 {
		t.Errorf("the first live event has rev %d, want %d", m.Rev, head+1)
	}
}

func TestEventsCountAsTheChangesTheyMake(t *testing.T) {
	t.Parallel()
	h := openHouse(t, func(h *house) { h.limits.MessagesPerSecond, h.limits.MessagesBurst = 0.001, 2 })
	ann := h.setUp(t)
	general := h.general(t, ann)
	s := ann.dial(t)
	sent := s.Says(t, general, "one")
	s.Ask(t, "reaction.add", chat.ReactionAt{RoomID: general, Seq: sent.Seq, Emoji: "👍"}, nil)
	s.Ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{}}, nil) // changes nothing
	s.AskRefused(t, chat.RateLimited, "reaction.remove", chat.ReactionAt{RoomID: general, Seq: sent.Seq, Emoji: "👍"})
	s.AskRefused(t, chat.RateLimited, "message.send", chat.MessageSend{RoomID: general, Draft: harness.Draft("two")})
}

// A socket that sends on although everything is refused is closed; its events come until then, and its person comes
// back and goes on.
func TestASocketThatGoesOnAlthoughEverythingIsRefusedIsClosed(t *testing.T) {
	t.Parallel()
	h := furnish(t, nil)
	h.longestHeld = 500 * time.Millisecond
	h.open(t)
	ann := h.setUp(t)
	general := h.general(t, ann)
	s, other := ann.dial(t), ann.dial(t)
	s.SendRaw(t, strings.Repeat(`{"event":"nothing","id":"x"}`+"\n", 1000))
	other.Says(t, general, "events still come")
	s.ExpectMessage(t)
	s.ExpectClosed(t, chat.CloseLater)
	if s.Close.Text != goesOn {
		t.Errorf("it was told %q", s.Close.Text)
	}
	other.Settle(t)
	ann.dial(t).Says(t, general, "back again")
}
