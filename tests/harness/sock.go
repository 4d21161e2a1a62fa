package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/internal/wait"
)

// Sock is a live socket of a person's. Its events are read by one goroutine into a queue.
type Sock struct {
	Conn    *websocket.Conn
	Welcome chat.Welcome
	Bytes   atomic.Int64          // of all frames that came
	Closed  chan struct{}         // closed once the connection is
	Close   *websocket.CloseError // from then on; nil when the connection just broke

	events chan chat.Frame
	nextID int
	held   []chat.Frame // read while waiting for something else
}

// Dial opens a socket and waits for its welcome.
func (who *Person) Dial(t testing.TB) *Sock {
	t.Helper()
	s := who.DialAnyhow(t, nil)
	s.ExpectInto(t, "welcome", &s.Welcome)
	return s
}

// DialBearer opens a socket with a token instead of the cookie, and waits for its welcome.
func (who *Person) DialBearer(t testing.TB, token string) *Sock {
	t.Helper()
	s := who.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + token}})
	s.ExpectInto(t, "welcome", &s.Welcome)
	return s
}

// DialForDeltas opens a socket that asks for deltas, and waits for its welcome.
func (who *Person) DialForDeltas(t testing.TB) *Sock {
	t.Helper()
	s, resp, err := who.upgradeAt("/ws?"+chat.DeltasParam+"="+chat.AskForDeltas, nil, chat.Subprotocol)
	if err != nil {
		t.Fatalf("upgrade: %v (%v)", err, resp)
	}
	t.Cleanup(func() { s.Conn.Close() })
	s.ExpectInto(t, "welcome", &s.Welcome)
	return s
}

// DialAnyhow opens a socket and waits for nothing; header replaces what a browser would send.
func (who *Person) DialAnyhow(t testing.TB, header http.Header) *Sock {
	t.Helper()
	s, resp, err := who.Upgrade(header, chat.Subprotocol)
	if err != nil {
		t.Fatalf("upgrade: %v (%v)", err, resp)
	}
	t.Cleanup(func() { s.Conn.Close() })
	return s
}

// Upgrade tries to open a socket that speaks one of the subprotocols.
func (who *Person) Upgrade(header http.Header, subprotocols ...string) (*Sock, *http.Response, error) {
	return who.upgradeAt("/ws", header, subprotocols...)
}

func (who *Person) upgradeAt(
	path string, header http.Header, subprotocols ...string,
) (*Sock, *http.Response, error) {
	dialer := websocket.Dialer{Subprotocols: subprotocols, HandshakeTimeout: wait.Patience, Jar: who.Client.Jar}
	if through := who.P.Through; through != nil {
		dialer.NetDialContext, dialer.TLSClientConfig = through.DialContext, through.TLSClientConfig
	}
	if header == nil {
		header = http.Header{"Origin": {who.Origin}}
	}
	conn, resp, err := dialer.Dial("ws"+strings.TrimPrefix(who.P.URL, "http")+path, header)
	if err != nil {
		return nil, resp, err
	}
	s := &Sock{Conn: conn, events: make(chan chat.Frame, 10_000), Closed: make(chan struct{})}
	go s.read()
	return s, resp, nil
}

func (s *Sock) read() {
	defer close(s.Closed)
	for {
		_, frame, err := s.Conn.ReadMessage()
		if err != nil {
			errors.As(err, &s.Close)
			return
		}
		s.Bytes.Add(int64(len(frame)))
		for line := range chat.Lines(frame) {
			var f chat.Frame
			if err := json.Unmarshal(line, &f); err != nil {
				panic(fmt.Sprintf("the server sent %q: %v", line, err))
			}
			s.events <- f
		}
	}
}

// Send sends an event and gives its id.
func (s *Sock) Send(t testing.TB, event string, data any) string {
	t.Helper()
	s.nextID++
	id := fmt.Sprint(s.nextID)
	line, err := chat.Encode(event, id, data)
	if err != nil {
		t.Fatal(err)
	}
	s.SendRaw(t, string(line))
	return id
}

// SendRaw sends a frame.
func (s *Sock) SendRaw(t testing.TB, frame string) {
	t.Helper()
	if err := s.Conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		t.Fatal(err)
	}
}

// Ask sends a request and waits for its reply.
func (s *Sock) Ask(t testing.TB, event string, data, out any) {
	t.Helper()
	frame := s.Answer(t, s.Send(t, event, data))
	if frame.Event != chat.ReplyEvent {
		t.Fatalf("%s: got %s %s, want a reply", event, frame.Event, frame.Data)
	}
	if out != nil {
		s.Decode(t, frame, out)
	}
}

// AskRefused sends a request and checks that it is refused with the code.
func (s *Sock) AskRefused(t testing.TB, code chat.Code, event string, data any) *chat.Error {
	t.Helper()
	frame := s.Answer(t, s.Send(t, event, data))
	var got chat.Error
	s.Decode(t, frame, &got)
	if frame.Event != chat.ErrorEvent || got.Code != code {
		t.Fatalf("%s: got %s %s, want the error %q", event, frame.Event, frame.Data, code)
	}
	return &got
}

// Says posts over the socket.
func (s *Sock) Says(t testing.TB, room chat.RoomID, body string) chat.MessageSent {
	t.Helper()
	var sent chat.MessageSent
	s.Ask(t, "message.send", chat.MessageSend{RoomID: room, Draft: Draft(body)}, &sent)
	return sent
}

// Changes asks what changed in a room since a rev.
func (s *Sock) Changes(t testing.TB, room chat.RoomID, rev int64) chat.RoomChanges {
	t.Helper()
	var got chat.Changes
	s.Ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: room, Rev: rev}}}, &got)
	return got.Rooms[0]
}

// Answer waits for the reply or error with that id and keeps what comes before it.
func (s *Sock) Answer(t testing.TB, id string) chat.Frame {
	t.Helper()
	return s.Await(t, "the answer to "+id, func(f chat.Frame) bool { return f.ID == id })
}

// Expect waits for the next event of that name.
func (s *Sock) Expect(t testing.TB, event string) chat.Frame {
	t.Helper()
	return s.Await(t, event, func(f chat.Frame) bool { return f.Event == event })
}

// ExpectInto waits for the next event of that name and decodes it.
func (s *Sock) ExpectInto(t testing.TB, event string, out any) {
	t.Helper()
	s.Decode(t, s.Expect(t, event), out)
}

// Welcomed waits until the server has welcomed the socket, or has closed it instead.
func (s *Sock) Welcomed(t testing.TB) bool {
	t.Helper()
	f, open := s.next(time.After(wait.Patience))
	if !open && s.Close == nil {
		t.Fatal("the socket is neither welcomed nor closed")
	}
	return open && f.Event == "welcome"
}

// ExpectMessage waits for the next new message.
func (s *Sock) ExpectMessage(t testing.TB) chat.Message {
	t.Helper()
	var added chat.MessageAdded
	s.ExpectInto(t, "message.added", &added)
	return added.Message
}

// Decode reads what an event carries.
func (s *Sock) Decode(t testing.TB, f chat.Frame, out any) {
	t.Helper()
	if err := json.Unmarshal(f.Data, out); err != nil {
		t.Fatalf("%s %s: %v", f.Event, f.Data, err)
	}
}

// Await takes the first event that is wanted, out of those read before or still to come.
func (s *Sock) Await(t testing.TB, what string, wanted func(chat.Frame) bool) chat.Frame {
	t.Helper()
	for i, f := range s.held {
		if wanted(f) {
			s.held = append(s.held[:i:i], s.held[i+1:]...)
			return f
		}
	}
	timeout := time.After(wait.Patience)
	for {
		f, open := s.next(timeout)
		if !open {
			t.Fatalf("%s did not come (closed with %v); instead %v", what, s.Close, names(s.held))
		}
		if wanted(f) {
			return f
		}
		s.held = append(s.held, f)
	}
}

// next takes the next event; those that came before the connection closed come first.
func (s *Sock) next(timeout <-chan time.Time) (f chat.Frame, ok bool) {
	select {
	case f := <-s.events:
		return f, true
	default:
	}
	select {
	case f := <-s.events:
		return f, true
	case <-s.Closed:
		select {
		case f := <-s.events:
			return f, true
		default:
			return chat.Frame{}, false
		}
	case <-timeout:
		return chat.Frame{}, false
	}
}

// Settle makes sure that everything sent to the socket before has been read: a ping goes round.
func (s *Sock) Settle(t testing.TB) {
	t.Helper()
	s.Ask(t, "ping", chat.Done{}, nil)
}

// Got takes all events of a name that have come so far; Settle first.
func (s *Sock) Got(event string) []chat.Frame {
	var found, rest []chat.Frame
	for _, f := range s.held {
		if f.Event == event {
			found = append(found, f)
		} else {
			rest = append(rest, f)
		}
	}
	s.held = rest
	return found
}

// ExpectClosed waits until the server has closed the socket with the code.
func (s *Sock) ExpectClosed(t testing.TB, code int) {
	t.Helper()
	select {
	case <-s.Closed:
	case <-time.After(wait.Patience):
		t.Fatalf("the socket is still open, want it closed with %d", code)
	}
	if s.Close == nil || s.Close.Code != code {
		t.Fatalf("closed with %v, want %d", s.Close, code)
	}
}

// StateOf is a room as the welcome had it.
func (s *Sock) StateOf(t testing.TB, room chat.RoomID) chat.RoomState {
	t.Helper()
	for _, state := range s.Welcome.Rooms {
		if state.ID == room {
			return state
		}
	}
	t.Fatalf("room %d is not in the welcome", room)
	return chat.RoomState{}
}

func names(frames []chat.Frame) []string {
	list := make([]string, len(frames))
	for i, f := range frames {
		list[i] = f.Event
	}
	return list
}

// NextAnswer waits for the next reply or error; ok is false once the socket has closed and all that came is taken.
func (s *Sock) NextAnswer(t testing.TB) (f chat.Frame, ok bool) {
	t.Helper()
	timeout := time.After(wait.Patience)
	for {
		if f, ok = s.next(timeout); !ok || f.ID != "" {
			return f, ok
		}
	}
}
