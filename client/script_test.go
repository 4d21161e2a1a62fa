// A server that follows a test's script, and a handler that records the events it receives.

package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/internal/wait"
)

const patience = wait.Patience

// scripted is a server that runs the test's scripts: one function for each socket in turn, and the last one
// for all further sockets. A script ends its socket by returning.
type scripted struct {
	*httptest.Server
	t *testing.T

	running sync.WaitGroup // scripts

	mu      sync.Mutex
	stored  []chat.Message // that can be loaded over HTTP
	scripts []func(*peer)
	asked   []string // the addresses of all requests
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
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.String())
		var page chat.Page
		for _, m := range s.stored {
			if fmt.Sprint(m.Seq) == r.URL.Query().Get("around") {
				page.Messages = append(page.Messages, m)
			}
		}
		s.mu.Unlock()
		if r.URL.Path != "/ws" { // a message is loaded
			json.NewEncoder(w).Encode(page)
			return
		}
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

// open opens a client of the server. It always reconnects at once.
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

// stores has messages that can be loaded.
func (s *scripted) stores(all ...chat.Message) {
	s.mu.Lock()
	s.stored = all
	s.mu.Unlock()
}

func (p *peer) tell(event, id string, data any) {
	line, err := chat.Encode(event, id, data)
	if err != nil {
		p.t.Error(err)
	}
	p.ws.WriteMessage(websocket.TextMessage, line) // the client has already gone in some tests
}

func (p *peer) welcome(epoch string, rooms ...chat.Room) {
	w := chat.Welcome{History: chat.History{Epoch: epoch}, Limits: chat.Limits{SocketWrites: 64}}
	for _, room := range rooms {
		w.Rooms = append(w.Rooms, chat.RoomState{Room: room})
	}
	p.tell("welcome", "", w)
}

// hears returns the next request; ok is false when the client has gone.
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

// acknowledge acknowledges every message; the first one gets seq.
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

// heard collects the handler's events as text, such as "added 1.3" for seq 1 and rev 3.
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
	case chat.ReactionChanged:
		text = fmt.Sprintf("reaction %d.%d", e.Seq, e.Rev)
	case ReactionsChanged:
		text = fmt.Sprintf("reactions %d.%d", e.Seq, e.Rev)
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

// expect waits for as many events as the test wants, and compares them.
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

// changes answers the next request, which must ask for the changes after rev.
func (p *peer) changes(rev int64, answer chat.RoomChanges) {
	var in chat.ChangesSince
	id, ok := p.hears(&in)
	if !ok || len(in.Rooms) != 1 || in.Rooms[0].Rev != rev {
		p.t.Errorf("asked for %+v, want the changes since %d", in, rev)
	}
	answer.RoomID = 1
	p.tell("reply", id, chat.Changes{Rooms: []chat.RoomChanges{answer}})
}
