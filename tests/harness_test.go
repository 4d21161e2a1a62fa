//go:build unported

// The harness of the whole-program tests: a real server on a real file, people with browsers' cookies, and
// real sockets. Helpers are verbs and fail the test by themselves.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"modernc.org/sqlite"

	"parley/chat"
	"parley/internal/password"
)

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

func TestMain(m *testing.M) {
	if os.Getenv("PARLEY_TEST_COMMAND") != "" { // this process is the program itself: see startProcess
		if pragma := os.Getenv("PARLEY_TEST_PRAGMA"); pragma != "" {
			onEveryConnection(pragma)
		}
		main()
		return
	}
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// onEveryConnection has SQLite run with another setting than ours, for tests that have to fail then.
func onEveryConnection(pragma string) {
	sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, _ string) error {
		_, err := conn.ExecContext(context.Background(), "PRAGMA "+pragma, nil)
		return err
	})
}

// program is a running server.
type program struct {
	url    string
	data   string
	cfg    Config
	stop   func()
	output *syncBuffer
}

// settings gives the defaults, with what the test changes about them.
func settings(t testing.TB, args ...string) Config {
	t.Helper()
	var cli commandLine
	parser, err := newParser(&cli, io.Discard, io.Discard, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatal(err)
	}
	return cli.Serve.Config
}

// start runs the program on a port of its own, with an empty data folder.
func start(t testing.TB, args ...string) *program {
	t.Helper()
	return startIn(t, t.TempDir(), args...)
}

// startIn runs the program on a data folder that may have been used before.
func startIn(t testing.TB, data string, args ...string) *program {
	t.Helper()
	cfg := settings(t, append([]string{"--data", data}, args...)...)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{url: "http://" + ln.Addr().String(), data: data, cfg: cfg, output: &syncBuffer{}}
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, cfg, password.Cheapest, []net.Listener{ln}, p.output) }()
	p.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("run: %v", err)
			}
		case <-time.After(12 * time.Second):
			t.Error("the program does not stop")
		}
	})
	t.Cleanup(p.stop)
	p.waitUntilReady(t)
	return p
}

func (p *program) waitUntilReady(t testing.TB) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		resp, err := http.Get(p.url + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("the program is not ready: %v\n%s", err, p.output.String())
		}
	}
}

// restart stops the program and starts it again on the same data.
func (p *program) restart(t testing.TB, args ...string) *program {
	t.Helper()
	p.stop()
	return startIn(t, p.data, args...)
}

var setupLink = regexp.MustCompile(`/setup#([A-Z0-9]+)`)

// setupCode is the code of the link that the program printed.
func (p *program) setupCode(t testing.TB) string {
	t.Helper()
	found := setupLink.FindStringSubmatch(p.output.String())
	if found == nil {
		t.Fatalf("no set-up link in %q", p.output.String())
	}
	return found[1]
}

// setUp makes the owner, ann.
func (p *program) setUp(t testing.TB) *person {
	t.Helper()
	ann := p.visitor(t, "ann")
	var in chat.SignedIn
	ann.post(t, "/api/setup", chat.Setup{
		Code: p.setupCode(t), ServerName: "Home", NewAccount: account("ann"),
	}, http.StatusCreated, &in)
	ann.user = in.User
	return ann
}

// signUp makes an account by an invite of the owner's.
func (p *program) signUp(t testing.TB, owner *person, name string) *person {
	t.Helper()
	var invite chat.Invite
	owner.post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	who := p.visitor(t, name)
	var in chat.SignedIn
	who.post(t, "/api/register", chat.Registering{Invite: invite.Code, NewAccount: account(name)},
		http.StatusCreated, &in)
	who.user = in.User
	return who
}

const goodPassword = "correct horse battery"

func account(name string) chat.NewAccount {
	return chat.NewAccount{Name: name, DisplayName: strings.ToUpper(name[:1]) + name[1:], Password: goodPassword}
}

// person is someone with a browser.
type person struct {
	p      *program
	name   string
	user   chat.User
	client *http.Client
	origin string
	bearer string // instead of the cookie
}

// visitor is someone who has not signed in.
func (p *program) visitor(t testing.TB, name string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &person{p: p, name: name, origin: p.url, client: &http.Client{Jar: jar, Transport: transport, Timeout: patience}}
}

// device is another browser in which the person signs in.
func (who *person) device(t testing.TB) *person {
	t.Helper()
	other := who.p.visitor(t, who.name)
	var in chat.SignedIn
	other.post(t, "/api/login", chat.Login{Name: who.name, Password: goodPassword}, http.StatusOK, &in)
	other.user = in.User
	return other
}

// on gives the person, with their cookie, at the program after a restart.
func (who *person) on(p *program) *person {
	old, _ := url.Parse(who.p.url)
	now, _ := url.Parse(p.url)
	who.client.Jar.SetCookies(now, who.client.Jar.Cookies(old))
	moved := *who
	moved.p, moved.origin = p, p.url
	return &moved
}

// call makes a request and decodes the answer into out; it fails the test on another status.
func (who *person) call(t testing.TB, method, path string, in any, wantStatus int, out any) {
	t.Helper()
	status, body := who.try(t, method, path, in)
	if status != wantStatus {
		t.Fatalf("%s %s: got status %d, want %d: %s", method, path, status, wantStatus, body)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(body, out); err != nil {
		t.Fatalf("%s %s: %v: %s", method, path, err, body)
	}
}

// try makes a request and gives what came back.
func (who *person) try(t testing.TB, method, path string, in any) (status int, body []byte) {
	t.Helper()
	var sent io.Reader
	if text, ok := in.(string); ok {
		sent = strings.NewReader(text)
	} else if in != nil {
		encoded, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		sent = bytes.NewReader(encoded)
	}
	req, err := http.NewRequest(method, who.p.url+path, sent)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if who.origin != "" {
		req.Header.Set("Origin", who.origin)
	}
	if who.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+who.bearer)
	}
	resp, err := who.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

func (who *person) get(t testing.TB, path string, out any) {
	t.Helper()
	who.call(t, http.MethodGet, path, nil, http.StatusOK, out)
}

func (who *person) post(t testing.TB, path string, in any, wantStatus int, out any) {
	t.Helper()
	who.call(t, http.MethodPost, path, in, wantStatus, out)
}

// refused makes a request and checks that it is refused with the code.
func (who *person) refused(t testing.TB, code chat.Code, method, path string, in any) *chat.Error {
	t.Helper()
	status, body := who.try(t, method, path, in)
	var got chat.Error
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatalf("%s %s: status %d: %v: %s", method, path, status, err, body)
	}
	if got.Code != code || status != statusOf(code) {
		t.Fatalf("%s %s: got %d %q (%s), want %d %q", method, path, status, got.Code, got.Message, statusOf(code), code)
	}
	return &got
}

// room finds one of the person's rooms by its name.
func (who *person) room(t testing.TB, name string) chat.RoomState {
	t.Helper()
	var list struct {
		Rooms []chat.RoomState `json:"rooms"`
	}
	who.get(t, "/api/rooms", &list)
	for _, room := range list.Rooms {
		if room.Name == name {
			return room
		}
	}
	t.Fatalf("%s is not in a room %q: %+v", who.name, name, list.Rooms)
	return chat.RoomState{}
}

// creates makes a room of the person's.
func (who *person) creates(t testing.TB, kind chat.RoomKind, name string) chat.RoomState {
	t.Helper()
	var room chat.RoomState
	who.post(t, "/api/rooms", chat.NewRoom{Kind: kind, Name: name}, http.StatusCreated, &room)
	return room
}

// direct opens the direct room with others.
func (who *person) direct(t testing.TB, others ...*person) chat.RoomState {
	t.Helper()
	var in chat.NewDirect
	for _, other := range others {
		in.UserIDs = append(in.UserIDs, other.user.ID)
	}
	var room chat.RoomState
	who.post(t, "/api/directs", in, http.StatusOK, &room)
	return room
}

// says posts over HTTP.
func (who *person) says(t testing.TB, room chat.RoomID, body string) chat.MessageSent {
	t.Helper()
	var sent chat.MessageSent
	who.post(t, messagesPath(room), chat.Draft{ClientID: newClientID(), Body: body}, http.StatusCreated, &sent)
	return sent
}

// history is a page of a room.
func (who *person) history(t testing.TB, room chat.RoomID, query string) chat.Page {
	t.Helper()
	var page chat.Page
	who.get(t, messagesPath(room)+query, &page)
	return page
}

func roomPath(room chat.RoomID) string     { return fmt.Sprintf("/api/rooms/%d", room) }
func messagesPath(room chat.RoomID) string { return roomPath(room) + "/messages" }
func messagePath(room chat.RoomID, seq int64) string {
	return fmt.Sprintf("%s/%d", messagesPath(room), seq)
}

func newClientID() chat.ClientID { return chat.NewClientID() }

// bodies lists what the messages say.
func bodies(messages []chat.Message) []string {
	list := make([]string, len(messages))
	for i, m := range messages {
		list[i] = m.Body
	}
	return list
}

// sock is a live socket of a person's. Its events are read by one goroutine into a queue.
type sock struct {
	conn    *websocket.Conn
	welcome chat.Welcome
	events  chan chat.Frame
	closed  chan struct{}
	close   *websocket.CloseError // once closed; nil when the connection just broke
	nextID  int
	held    []chat.Frame // read while waiting for something else
}

// dial opens a socket and waits for its welcome.
func (who *person) dial(t testing.TB) *sock {
	t.Helper()
	s := who.dialAnyhow(t, nil)
	s.expectInto(t, "welcome", &s.welcome)
	return s
}

// dialAnyhow opens a socket and waits for nothing; header replaces what a browser would send.
func (who *person) dialAnyhow(t testing.TB, header http.Header) *sock {
	t.Helper()
	s, resp, err := who.upgrade(header)
	if err != nil {
		t.Fatalf("upgrade: %v (%v)", err, resp)
	}
	t.Cleanup(func() { s.conn.Close() })
	return s
}

func (who *person) upgrade(header http.Header) (*sock, *http.Response, error) {
	return who.upgradeTo(header, chat.Subprotocol)
}

func (who *person) upgradeTo(header http.Header, subprotocols ...string) (*sock, *http.Response, error) {
	dialer := websocket.Dialer{Subprotocols: subprotocols, HandshakeTimeout: patience, Jar: who.client.Jar}
	if header == nil {
		header = http.Header{"Origin": {who.origin}}
	}
	conn, resp, err := dialer.Dial("ws"+strings.TrimPrefix(who.p.url, "http")+"/ws", header)
	if err != nil {
		return nil, resp, err
	}
	s := &sock{conn: conn, events: make(chan chat.Frame, 10_000), closed: make(chan struct{})}
	go s.read()
	return s, resp, nil
}

func (s *sock) read() {
	defer close(s.closed)
	for {
		_, frame, err := s.conn.ReadMessage()
		if err != nil {
			s.close, _ = err.(*websocket.CloseError) // gorilla gives it as it is
			return
		}
		for line := range chat.Lines(frame) {
			var f chat.Frame
			if err := json.Unmarshal(line, &f); err != nil {
				panic(fmt.Sprintf("the server sent %q: %v", line, err))
			}
			s.events <- f
		}
	}
}

// send sends an event and gives its id.
func (s *sock) send(t testing.TB, event string, data any) string {
	t.Helper()
	s.nextID++
	id := fmt.Sprint(s.nextID)
	line, err := chat.Encode(event, id, data)
	if err != nil {
		t.Fatal(err)
	}
	s.sendRaw(t, string(line))
	return id
}

func (s *sock) sendRaw(t testing.TB, frame string) {
	t.Helper()
	if err := s.conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		t.Fatal(err)
	}
}

// ask sends a request and waits for its reply.
func (s *sock) ask(t testing.TB, event string, data, out any) {
	t.Helper()
	frame := s.answer(t, s.send(t, event, data))
	if frame.Event != chat.ReplyEvent {
		t.Fatalf("%s: got %s %s, want a reply", event, frame.Event, frame.Data)
	}
	if out != nil {
		s.decode(t, frame, out)
	}
}

// askRefused sends a request and checks that it is refused with the code.
func (s *sock) askRefused(t testing.TB, code chat.Code, event string, data any) *chat.Error {
	t.Helper()
	frame := s.answer(t, s.send(t, event, data))
	var got chat.Error
	s.decode(t, frame, &got)
	if frame.Event != chat.ErrorEvent || got.Code != code {
		t.Fatalf("%s: got %s %s, want the error %q", event, frame.Event, frame.Data, code)
	}
	return &got
}

// says posts over the socket.
func (s *sock) says(t testing.TB, room chat.RoomID, body string) chat.MessageSent {
	t.Helper()
	var sent chat.MessageSent
	s.ask(t, "message.send", chat.MessageSend{
		RoomID: room, Draft: chat.Draft{ClientID: newClientID(), Body: body},
	}, &sent)
	return sent
}

// answer waits for the reply or error with that id and keeps what comes before it.
func (s *sock) answer(t testing.TB, id string) chat.Frame {
	t.Helper()
	return s.await(t, "the answer to "+id, func(f chat.Frame) bool { return f.ID == id })
}

// expect waits for the next event of that name.
func (s *sock) expect(t testing.TB, event string) chat.Frame {
	t.Helper()
	return s.await(t, event, func(f chat.Frame) bool { return f.Event == event })
}

// expectInto waits for the next event of that name and decodes it.
func (s *sock) expectInto(t testing.TB, event string, out any) {
	t.Helper()
	s.decode(t, s.expect(t, event), out)
}

// expectMessage waits for the next new message.
func (s *sock) expectMessage(t testing.TB) chat.Message {
	t.Helper()
	var added chat.MessageAdded
	s.expectInto(t, "message.added", &added)
	return added.Message
}

func (s *sock) decode(t testing.TB, f chat.Frame, out any) {
	t.Helper()
	if err := json.Unmarshal(f.Data, out); err != nil {
		t.Fatalf("%s %s: %v", f.Event, f.Data, err)
	}
}

// await takes the first event that is wanted, out of those read before or still to come.
func (s *sock) await(t testing.TB, what string, wanted func(chat.Frame) bool) chat.Frame {
	t.Helper()
	for i, f := range s.held {
		if wanted(f) {
			s.held = append(s.held[:i:i], s.held[i+1:]...)
			return f
		}
	}
	timeout := time.After(patience)
	for {
		select {
		case f := <-s.events:
			if wanted(f) {
				return f
			}
			s.held = append(s.held, f)
			continue
		default:
		}
		select {
		case f := <-s.events:
			if wanted(f) {
				return f
			}
			s.held = append(s.held, f)
		case <-s.closed:
			if len(s.events) > 0 {
				continue
			}
			t.Fatalf("the socket closed (%v) before %s; it got %v", s.close, what, names(s.held))
		case <-timeout:
			t.Fatalf("%s did not come; instead %v", what, names(s.held))
		}
	}
}

// settle makes sure that everything sent to the socket before has been read: a ping goes round.
func (s *sock) settle(t testing.TB) {
	t.Helper()
	s.ask(t, "ping", chat.Done{}, nil)
}

// got takes all events of a name that have come so far; settle first.
func (s *sock) got(event string) []chat.Frame {
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

// expectClosed waits until the server has closed the socket with the code.
func (s *sock) expectClosed(t testing.TB, code int) {
	t.Helper()
	select {
	case <-s.closed:
	case <-time.After(patience):
		t.Fatalf("the socket is still open, want it closed with %d", code)
	}
	if s.close == nil || s.close.Code != code {
		t.Fatalf("closed with %v, want %d", s.close, code)
	}
}

// stateOf is a room as the welcome had it.
func (s *sock) stateOf(t testing.TB, room chat.RoomID) chat.RoomState {
	t.Helper()
	for _, state := range s.welcome.Rooms {
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

// syncBuffer is output that is read while it is written.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
