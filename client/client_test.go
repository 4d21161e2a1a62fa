package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"parley/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 10 * time.Second

// scripted is a server that says what the test tells it to: one function for each socket in turn, the last
// for all that follow. It ends a socket by returning.
type scripted struct {
	*httptest.Server
	t *testing.T

	running sync.WaitGroup // scripts

	mu      sync.Mutex
	scripts []func(*peer)
}

// peer is the server's end of a socket.
type peer struct {
	ws *websocket.Conn
	t  *testing.T
}

func script(t *testing.T, scripts ...func(*peer)) *scripted {
	t.Helper()
	s := &scripted{t: t, scripts: scripts}
	upgrader := websocket.Upgrader{Subprotocols: []string{chat.Subprotocol}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.running.Add(1)
		defer s.running.Done()
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer ws.Close()
		s.mu.Lock()
		next := s.scripts[0]
		if len(s.scripts) > 1 {
			s.scripts = s.scripts[1:]
		}
		s.mu.Unlock()
		next(&peer{ws, t})
	}))
	t.Cleanup(s.Close)
	return s
}

// open opens a client of the server's, which comes back at once whatever happens.
func (s *scripted) open(o Options) *Client {
	s.t.Helper()
	o.URL, o.Token = s.URL, "token"
	if o.Wait == nil {
		o.Wait = func(Comeback, int) time.Duration { return 0 }
	}
	c, err := Open(s.t.Context(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(c.Close)
	return c
}

func (p *peer) tell(event, id string, data any) {
	line, err := chat.Encode(event, id, data)
	if err != nil {
		p.t.Error(err)
	}
	p.ws.WriteMessage(websocket.TextMessage, line) // a client that has gone is part of some tests
}

func (p *peer) welcome(epoch string, rooms ...chat.Room) {
	w := chat.Welcome{Epoch: epoch, Limits: chat.Limits{SocketWrites: 64}}
	for _, room := range rooms {
		w.Rooms = append(w.Rooms, chat.RoomState{Room: room})
	}
	p.tell("welcome", "", w)
}

// hears gives the next request; ok is false when the client has gone.
func (p *peer) hears(in any) (id string, ok bool) {
	var frame chat.Frame
	if err := p.ws.ReadJSON(&frame); err != nil {
		return "", false
	}
	if err := json.Unmarshal(frame.Data, in); err != nil {
		p.t.Errorf("%s: %v", frame.Data, err)
	}
	return frame.ID, true
}

func (p *peer) closes(code int) {
	p.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(patience))
}

// untilGone reads until the client has gone.
func (p *peer) untilGone() {
	for {
		if _, _, err := p.ws.ReadMessage(); err != nil {
			return
		}
	}
}

// acknowledge answers every message, the first with seq.
func (p *peer) acknowledge(seq int64) {
	for {
		var in chat.MessageSend
		id, ok := p.hears(&in)
		if !ok {
			return
		}
		p.tell("reply", id, chat.MessageSent{RoomID: in.RoomID, Seq: seq})
		seq++
	}
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// queue puts messages into the outbox: "a", "b" …
func queue(t *testing.T, c *Client, bodies ...string) (list []*Delivery) {
	t.Helper()
	for _, body := range bodies {
		d, err := c.Queue(chat.MessageSend{RoomID: 1, Draft: chat.Draft{Body: body}})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, d)
	}
	return list
}

func TestMessagesWithoutAnAnswerAreSentAgainInOrder(t *testing.T) {
	var first, second []string
	s := script(t, func(p *peer) {
		p.welcome("e")
		for range 3 {
			var in chat.MessageSend
			id, _ := p.hears(&in)
			first = append(first, in.Body+in.ClientID.String())
			if len(first) == 1 {
				p.tell("reply", id, chat.MessageSent{Seq: 1})
			}
		}
	}, func(p *peer) {
		p.welcome("e")
		for range 2 {
			var in chat.MessageSend
			id, _ := p.hears(&in)
			second = append(second, in.Body+in.ClientID.String())
			p.tell("reply", id, chat.MessageSent{Seq: int64(1 + len(second))})
		}
		p.untilGone()
	})
	c := s.open(Options{})
	for i, d := range queue(t, c, "a", "b", "c") {
		if sent, err := d.Wait(within(t)); err != nil || sent.Seq != int64(i+1) {
			t.Errorf("got %+v, %v", sent, err)
		}
	}
	c.Close()
	s.running.Wait()
	if !slices.Equal(second, first[1:]) {
		t.Errorf("after %q was sent %q", first, second)
	}
}

func TestARefusalForGoodEndsAMessageAndLetsTheNextGo(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e")
		var in chat.MessageSend
		id, _ := p.hears(&in)
		p.tell("error", id, chat.Errorf(chat.NotFound, "no such room"))
		p.acknowledge(1)
	})
	list := queue(t, s.open(Options{}), "a", "b")
	if _, err := list[0].Wait(within(t)); !errors.Is(err, &chat.Error{Code: chat.NotFound}) {
		t.Errorf("got %v", err)
	}
	if sent, err := list[1].Wait(within(t)); err != nil || sent.Seq != 1 {
		t.Errorf("got %+v, %v", sent, err)
	}
}

func TestAMessageToBeSentAgainBeginsANewSocketAfterTheTimeTheServerNamed(t *testing.T) {
	var refusedAt, cameBackAt time.Time
	s := script(t, func(p *peer) {
		p.welcome("e")
		var in chat.MessageSend
		id, _ := p.hears(&in)
		refusedAt = time.Now()
		p.tell("error", id, &chat.Error{Code: chat.RateLimited, RetryAfter: 50})
		p.untilGone()
	}, func(p *peer) {
		cameBackAt = time.Now()
		p.welcome("e")
		p.acknowledge(1)
	})
	for i, d := range queue(t, s.open(Options{}), "a", "b") {
		if sent, err := d.Wait(within(t)); err != nil || sent.Seq != int64(i+1) {
			t.Errorf("got %+v, %v", sent, err)
		}
	}
	if waited := cameBackAt.Sub(refusedAt); waited < 50*time.Millisecond {
		t.Errorf("came back after %v", waited)
	}
}

func TestNoMoreMessagesAreUnderWayThanTheServerAllows(t *testing.T) {
	seen := make(chan int)
	s := script(t, func(p *peer) {
		w := chat.Welcome{Epoch: "e", Limits: chat.Limits{SocketWrites: 2}}
		p.tell("welcome", "", w)
		var ids []string
		for range 2 {
			var in chat.MessageSend
			id, _ := p.hears(&in)
			ids = append(ids, id)
		}
		p.ws.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if _, _, err := p.ws.ReadMessage(); err == nil {
			t.Error("a third message came")
		}
		seen <- len(ids)
	}, (*peer).untilGone)
	queue(t, s.open(Options{}), "a", "b", "c")
	<-seen
}

func TestAFullOutboxTakesNoMore(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e")
		p.untilGone()
	})
	c := s.open(Options{MaxWaiting: 2})
	list := queue(t, c, "a", "b")
	if _, err := c.Queue(chat.MessageSend{}); !errors.Is(err, ErrFull) {
		t.Errorf("got %v", err)
	}
	c.Close()
	for _, d := range list {
		if _, err := d.Wait(within(t)); !errors.Is(err, ErrUnknown) || !errors.Is(err, ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	if _, err := c.Queue(chat.MessageSend{}); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// heard collects what the handler gets, as "added 1.3" for seq 1 and rev 3.
type heard struct {
	mu   sync.Mutex
	list []string
	more chan struct{}
}

func (h *heard) event(_ *Client, event any) {
	var text string
	switch e := event.(type) {
	case chat.MessageAdded:
		text = fmt.Sprintf("added %d.%d", e.Message.Seq, e.Message.Rev)
	case chat.MessageChanged:
		text = fmt.Sprintf("changed %d.%d", e.Message.Seq, e.Message.Rev)
	case chat.Welcome:
		text = "welcome"
	case Reset:
		text = fmt.Sprintf("reset %d.%d", e.Room, e.Rev)
	default:
		return
	}
	h.mu.Lock()
	h.list = append(h.list, text)
	h.mu.Unlock()
	h.more <- struct{}{}
}

// expect waits for as many events as are wanted and compares them.
func (h *heard) expect(t *testing.T, want ...string) {
	t.Helper()
	for range want {
		select {
		case <-h.more:
		case <-time.After(patience):
			t.Fatalf("got %q, want %q", h.list, want)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Equal(h.list, want) {
		t.Fatalf("got %q, want %q", h.list, want)
	}
}

func newHeard() *heard { return &heard{more: make(chan struct{}, 100)} }

func room(seq, rev int64) chat.Room { return chat.Room{ID: 1, Seq: seq, Rev: rev} }

func message(seq, rev int64) chat.Message { return chat.Message{RoomID: 1, Seq: seq, Rev: rev} }

func (p *peer) added(seq, rev int64) {
	p.tell("message.added", "", chat.MessageAdded{Message: message(seq, rev)})
}

// changes answers the next request, which must ask for what came after rev.
func (p *peer) changes(rev int64, answer chat.RoomChanges) {
	var in chat.ChangesSince
	id, ok := p.hears(&in)
	if !ok || len(in.Rooms) != 1 || in.Rooms[0].Rev != rev {
		p.t.Errorf("asked for %+v, want the changes since %d", in, rev)
	}
	answer.RoomID = 1
	p.tell("reply", id, chat.Changes{Rooms: []chat.RoomChanges{answer}})
}

func TestWhatWasMissedComesPageByPageBeforeWhatIsNew(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e", room(1, 1))
		p.added(2, 2)
	}, func(p *peer) {
		p.welcome("e", room(4, 6))
		p.added(5, 7)
		p.changes(2, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 4, More: true, Messages: []chat.Message{message(2, 3), message(4, 4)},
		})
		p.changes(4, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 7, Messages: []chat.Message{message(3, 5), message(4, 6), message(5, 7)},
		})
		p.added(6, 8)
		p.untilGone()
	})
	h := newHeard()
	s.open(Options{OnEvent: h.event})
	h.expect(t, "welcome", "added 2.2", "welcome", "changed 2.3", "added 4.4", "added 3.5", "changed 4.6",
		"added 5.7", "added 6.8")
}

func TestARoomThatDidNotFitIsAskedForAgain(t *testing.T) {
	two := func(seq int64) []chat.Room {
		return []chat.Room{{ID: 1, Seq: seq, Rev: seq}, {ID: 2, Seq: seq, Rev: seq}}
	}
	s := script(t, func(p *peer) { p.welcome("e", two(1)...) }, func(p *peer) {
		p.welcome("e", two(2)...)
		for _, second := range []chat.ChangesState{chat.ChangesLater, chat.ChangesPage} {
			var in chat.ChangesSince
			id, _ := p.hears(&in)
			var answer chat.Changes
			for i, room := range in.Rooms {
				changes := chat.RoomChanges{RoomID: room.RoomID, State: chat.ChangesPage, Rev: 2}
				if i == 1 {
					changes.State = second
				}
				if changes.State == chat.ChangesPage {
					changes.Messages = []chat.Message{{RoomID: room.RoomID, Seq: 2, Rev: 2}}
				}
				answer.Rooms = append(answer.Rooms, changes)
			}
			p.tell("reply", id, answer)
		}
		p.untilGone()
	})
	h := newHeard()
	s.open(Options{OnEvent: h.event})
	h.expect(t, "welcome", "welcome", "added 2.2", "added 2.2")
}

func TestAHoleInLiveEventsIsFilled(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e", room(1, 1))
		p.added(3, 3)
		p.changes(1, chat.RoomChanges{
			State: chat.ChangesPage, Rev: 3, Messages: []chat.Message{message(2, 2), message(3, 3)},
		})
		p.untilGone()
	})
	h := newHeard()
	s.open(Options{OnEvent: h.event})
	h.expect(t, "welcome", "added 2.2", "added 3.3")
}

func TestHistoryThatIsNotTheOneKnownIsReset(t *testing.T) {
	for _, c := range []struct {
		name   string
		again  func(*peer)
		expect []string
	}{
		{"another epoch", func(p *peer) {
			p.welcome("f", room(1, 1))
			p.added(2, 2)
		}, []string{"reset 0.0", "welcome", "added 2.2"}},
		{"a rev ahead", func(p *peer) {
			p.welcome("e", room(3, 3))
			p.changes(5, chat.RoomChanges{State: chat.ChangesAhead, Rev: 3})
			p.added(4, 4)
		}, []string{"welcome", "reset 1.3", "added 4.4"}},
		{"too far", func(p *peer) {
			p.welcome("e", room(2000, 2000))
			p.changes(5, chat.RoomChanges{State: chat.ChangesTooFar, Rev: 2001})
			p.added(2002, 2002)
		}, []string{"welcome", "reset 1.2001", "added 2002.2002"}},
		{"not ours any more", func(p *peer) {
			p.welcome("e", room(9, 9))
			p.changes(5, chat.RoomChanges{State: chat.ChangesGone})
			p.added(10, 10)
			p.tell("welcome", "", chat.Welcome{Epoch: "e"})
		}, []string{"welcome", "reset 1.0", "welcome"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := script(t, func(p *peer) { p.welcome("e", room(5, 5)) }, func(p *peer) {
				c.again(p)
				p.untilGone()
			})
			h := newHeard()
			s.open(Options{OnEvent: h.event})
			h.expect(t, append([]string{"welcome"}, c.expect...)...)
		})
	}
}

func TestCloseCodesTellWhetherToComeBack(t *testing.T) {
	for code, want := range map[int]Comeback{
		1000: BackOff, 1001: AtOnce, 1006: BackOff, 1007: Never, 1008: Never, 1009: Never, 1011: BackOff,
		1012: AtOnce, 1013: Later, 4001: Never, 4003: Never, 4008: AtOnce, 4009: Later,
	} {
		if got := comebackAfter(&websocket.CloseError{Code: code}, false); got != want {
			t.Errorf("%d: got %v, want %v", code, got, want)
		}
	}
	s := script(t, func(p *peer) {
		p.welcome("e")
		p.closes(chat.CloseSignedOut)
	})
	c := s.open(Options{})
	<-c.Done()
	s.running.Wait()
	var closed *websocket.CloseError
	if !errors.As(c.Err(), &closed) || closed.Code != chat.CloseSignedOut {
		t.Errorf("ended with %v", c.Err())
	}
}

func TestASessionThatEndedIsFollowedByAnother(t *testing.T) {
	s := script(t, func(p *peer) {
		p.welcome("e")
		p.hears(&chat.MessageSend{})
		p.closes(chat.CloseSignedOut)
	}, func(p *peer) {
		p.welcome("e")
		p.acknowledge(1)
	})
	answers := []error{errors.New("the server is down"), nil}
	c := s.open(Options{Renew: func(context.Context) (string, error) {
		err := answers[0]
		answers = answers[1:]
		return "another token", err
	}})
	if sent, err := queue(t, c, "a")[0].Wait(within(t)); err != nil || sent.Seq != 1 {
		t.Errorf("got %+v, %v", sent, err)
	}
	if got := c.bearer(); got != "another token" || len(answers) > 0 {
		t.Errorf("has token %q, with %d answers left", got, len(answers))
	}
}

func TestWhoMayNotSignInAgainDoesNotComeBack(t *testing.T) {
	s := script(t, func(p *peer) { p.closes(chat.CloseSignedOut) })
	c := s.open(Options{Renew: func(context.Context) (string, error) {
		return "", chat.Errorf(chat.WrongCredentials, "wrong name or password")
	}})
	<-c.Done()
	if err := c.Err(); !errors.Is(err, &chat.Error{Code: chat.WrongCredentials}) {
		t.Errorf("ended with %v", err)
	}
}

func TestWaitsGrowToABound(t *testing.T) {
	for attempt := range 40 {
		for _, c := range []struct {
			why       Comeback
			low, high time.Duration
		}{
			{BackOff, 0, min(30*time.Second, 500*time.Millisecond<<min(attempt, 10))},
			{AtOnce, 0, min(30*time.Second, 500*time.Millisecond<<min(attempt, 10))},
			{Later, 5 * time.Second, 30 * time.Second},
		} {
			if got := Backoff(c.why, attempt); got < c.low || got > c.high {
				t.Errorf("%v at attempt %d: %v", c.why, attempt, got)
			}
		}
	}
}

func TestAHandlerThatFallsBehindComesBackAndMissesNothing(t *testing.T) {
	const many = maxEvents + 10
	release := make(chan struct{})
	s := script(t, func(p *peer) {
		p.welcome("e", room(0, 0))
		for i := range int64(many) {
			p.added(i+1, i+1)
		}
		p.untilGone()
		close(release)
	}, func(p *peer) {
		p.welcome("e", room(many, many))
		var in chat.ChangesSince
		for {
			id, ok := p.hears(&in)
			if !ok {
				return
			}
			answer := chat.RoomChanges{RoomID: 1, State: chat.ChangesPage, Rev: in.Rooms[0].Rev}
			for answer.Rev < many && len(answer.Messages) < 200 {
				answer.Rev++
				answer.Messages = append(answer.Messages, message(answer.Rev, answer.Rev))
			}
			answer.More = answer.Rev < many
			p.tell("reply", id, chat.Changes{Rooms: []chat.RoomChanges{answer}})
		}
	})
	next := int64(1)
	complete := make(chan struct{})
	s.open(Options{OnEvent: func(_ *Client, event any) {
		added, ok := event.(chat.MessageAdded)
		if !ok {
			return
		}
		<-release
		if added.Message.Seq != next {
			t.Errorf("got %d, want %d", added.Message.Seq, next)
		}
		if next++; next > many {
			close(complete)
		}
	}})
	select {
	case <-complete:
	case <-time.After(patience):
		t.Fatal("not all came")
	}
}

func TestARequestGetsItsAnswerOrUnknown(t *testing.T) {
	welcomed := make(chan struct{}, 2)
	s := script(t, func(p *peer) {
		p.welcome("e")
		var in chat.MessageEdit
		id, _ := p.hears(&in)
		p.tell("reply", id, chat.MessageSent{Seq: in.Seq})
		id, _ = p.hears(&in)
		p.tell("error", id, chat.Errorf(chat.Forbidden, "only its author may change a message"))
		p.hears(&in)
	}, (*peer).untilGone)
	c := s.open(Options{OnEvent: func(_ *Client, event any) {
		if _, ok := event.(chat.Welcome); ok {
			welcomed <- struct{}{}
		}
	}})
	<-welcomed
	if sent, err := c.Edit(within(t), 1, 7, "text"); err != nil || sent.Seq != 7 {
		t.Errorf("got %+v, %v", sent, err)
	}
	if _, err := c.Edit(within(t), 1, 7, "text"); !errors.Is(err, &chat.Error{Code: chat.Forbidden}) {
		t.Errorf("got %v", err)
	}
	if _, err := c.Edit(within(t), 1, 7, "text"); !errors.Is(err, ErrUnknown) {
		t.Errorf("got %v", err)
	}
}

func TestClientIDsAreUUIDsThatGrow(t *testing.T) {
	a, b := NewClientID(), NewClientID()
	if text := a.String(); a == b || text[14] != '7' || !strings.ContainsRune("89ab", rune(text[19])) {
		t.Errorf("got %v and %v", a, b)
	}
	if a.String()[:8] > b.String()[:8] {
		t.Errorf("%v came before %v", a, b)
	}
}

func TestAnAddressThatIsNoneIsRefused(t *testing.T) {
	for _, url := range []string{"", "localhost:3000", "ws://localhost", "http://"} {
		if _, err := Open(t.Context(), Options{URL: url}); err == nil {
			t.Errorf("%q was taken", url)
		}
	}
}
