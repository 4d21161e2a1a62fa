//go:build unported

// What goes wrong with melody and gorilla/websocket unless one knows, pinned on our program; and what our
// design relies on in them, pinned on them alone, so that an upgrade that changes it is noticed.

package tests

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"
	"github.com/olahol/melody"
	"go.uber.org/goleak"

	"parley/chat"
)

// token signs the person in anew and gives a token.
func (who *harness.Person) token(t *testing.T) string {
	t.Helper()
	var in chat.SignedIn
	who.p.Visitor(t, who.name).Post(t, "/api/login",
		chat.Login{Name: who.name, Password: harness.GoodPassword, Token: true}, http.StatusOK, &in)
	return in.Token
}

func TestForeignPagesOpenNoSocket(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--allow-origin=https://named.example")
	ann := p.SetUp(t)
	host := strings.TrimPrefix(p.URL, "http://")
	for _, origin := range []string{
		"https://evil.example", "null", "http://" + host + ".evil.example", "https://" + host, "http://evil.example#" + p.URL,
		"http://" + strings.Replace(host, "127", "126", 1), "http://127.0.0.1", "http://user@" + host, p.URL + "/",
		"http://localhost:1", "https://named.example.evil.example", "http://named.example", "", "file://",
	} {
		for _, header := range []http.Header{
			{"Origin": {origin}},
			{"Origin": {origin}, "Authorization": {"Bearer " + ann.token(t)}},
			{"Origin": {p.URL, origin}},
		} {
			_, resp, err := ann.upgrade(header)
			if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
				t.Errorf("with %q: got %v %v, want status 403", header["Origin"], resp, err)
			}
		}
	}
	for _, origin := range []string{p.URL, "https://named.example"} {
		ann.DialAnyhow(t, http.Header{"Origin": {origin}}).Expect(t, "welcome")
	}
}

// A browser always sends an Origin with a socket; what does not is a program, and has to say who it is.
func TestACookieWithoutAnOriginIsNotEnough(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	s := ann.DialAnyhow(t, http.Header{})
	s.Send(t, "ping", chat.Done{})
	s.ExpectClosed(t, chat.ClosePolicy)

	s = ann.DialAnyhow(t, http.Header{})
	id := s.Send(t, "auth", chat.Auth{Token: ann.token(t)})
	if f := s.Await(t, "the first event", func(chat.Frame) bool { return true }); f.Event != "welcome" {
		t.Errorf("the first event is %q", f.Event)
	}
	if f := s.Answer(t, id); f.Event != chat.ReplyEvent {
		t.Errorf("auth got %s %s", f.Event, f.Data)
	}
	s.AskRefused(t, chat.BadRequest, "auth", chat.Auth{Token: ann.token(t)})
	ann.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + ann.token(t)}}).Expect(t, "welcome")

	for _, frame := range []string{
		`{"event":"auth","data":{"token":"wrong"}}`, `{"event":"auth","data":{}}`, `{"event":"auth"}`,
		`{"event":"auth","data":{"token":"x","user_id":1}}`, `{"event":"message.send","id":"1","data":{}}`, `[]`,
	} {
		s := p.Visitor(t, "nobody").DialAnyhow(t, http.Header{})
		s.SendRaw(t, frame)
		<-s.Closed
		if s.close == nil || (s.close.Code != chat.CloseSignedOut && s.close.Code != chat.ClosePolicy) {
			t.Errorf("%s: closed with %v", frame, s.close)
		}
		if f := s.Got("welcome"); len(f)+len(s.events) != 0 {
			t.Errorf("%s: got events", frame)
		}
	}
}

func TestASocketThatSaysNothingIsClosedAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	opened := time.Now()
	s := p.Visitor(t, "nobody").DialAnyhow(t, http.Header{})
	s.ExpectClosed(t, chat.CloseSignedOut)
	if took := time.Since(opened); took < authWait || took > authWait+2*time.Second {
		t.Errorf("closed after %v, want about %v", took, authWait)
	}
}

func TestFramesUpToTheLimitAreReadAndNoneBeyond(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	s := ann.Dial(t)
	ping := func(size int) string {
		frame := `{"event":"ping","id":"big"}`
		return frame + strings.Repeat(" ", size-len(frame))
	}
	for _, size := range []int{513, 64 << 10, p.cfg.FrameBytes} {
		s.SendRaw(t, ping(size))
		s.Answer(t, "big")
	}
	s.SendRaw(t, ping(p.cfg.FrameBytes+1))
	s.ExpectClosed(t, chat.CloseTooBig)
}

func TestWhatIsNoEventEndsTheSocket(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	for _, c := range []struct {
		name  string
		kind  int
		frame string
		want  int
	}{
		{"text that is not UTF-8", websocket.TextMessage, "{\"event\":\"\xff\xfe\"}", chat.CloseInvalidText},
		{"half a character", websocket.TextMessage, "{\"event\":\"ping\",\"id\":\"\xe4\xbd\"}", chat.CloseInvalidText},
		{"binary", websocket.BinaryMessage, `{"event":"ping","id":"1"}`, chat.ClosePolicy},
		{"not JSON", websocket.TextMessage, `ping`, chat.ClosePolicy},
		{"half of an object", websocket.TextMessage, `{"event":"ping"`, chat.ClosePolicy},
		{"two values on a line", websocket.TextMessage, `{"event":"ping"}{"event":"ping"}`, chat.ClosePolicy},
		{"a list", websocket.TextMessage, `[{"event":"ping"}]`, chat.ClosePolicy},
		{"null", websocket.TextMessage, `null`, chat.ClosePolicy},
		{"no event", websocket.TextMessage, `{"id":"1"}`, chat.ClosePolicy},
		{"an id that is a number", websocket.TextMessage, `{"event":"ping","id":1}`, chat.ClosePolicy},
		{"an id of 65 bytes", websocket.TextMessage, `{"event":"ping","id":"` + strings.Repeat("x", 65) + `"}`, chat.ClosePolicy},
		{"deep nesting", websocket.TextMessage, `{"event":"ping","data":` + strings.Repeat("[", 60_000), chat.ClosePolicy},
		{"an event as a list", websocket.TextMessage, `{"event":["ping"]}`, chat.ClosePolicy},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := ann.Dial(t)
			if err := s.Conn.WriteMessage(c.kind, []byte(c.frame)); err != nil {
				t.Fatal(err)
			}
			s.ExpectClosed(t, c.want)
		})
	}
	s := ann.Dial(t)
	longest := strings.Repeat("x", maxRequestID)
	s.SendRaw(t, "\n\n {\"event\":\"ping\",\"id\":\"1\"} \r\n\n{\"event\":\"nonsense\",\"id\":\"2\"}\n{\"event\":\"nonsense\"}\n"+
		`{"event":"ping","id":"`+longest+`","data":null}`)
	s.Answer(t, "1")
	if f := s.Answer(t, "2"); f.Event != chat.ErrorEvent {
		t.Errorf("an unknown event got %s", f.Event)
	}
	s.Answer(t, longest)
	s.Settle(t)
	if unasked := s.got(chat.ErrorEvent); len(unasked) != 0 {
		t.Errorf("a request without an id got %s", unasked[0].Data)
	}
}

func TestTheSubprotocolIsAskedForAndCompressionIsNot(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	dialer := websocket.Dialer{Jar: ann.client.Jar, EnableCompression: true, Subprotocols: []string{"other", chat.Subprotocol}}
	url := "ws" + strings.TrimPrefix(p.URL, "http") + "/ws"
	conn, resp, err := dialer.Dial(url, http.Header{"Origin": {p.URL}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := resp.Header.Get("Sec-WebSocket-Extensions"); got != "" {
		t.Errorf("negotiated %q: a small frame may unpack to gigabytes", got)
	}
	if conn.Subprotocol() != chat.Subprotocol {
		t.Errorf("the subprotocol is %q", conn.Subprotocol())
	}
}

// stalled is a socket whose client reads nothing.
func (who *harness.Person) stalled(t *testing.T) *websocket.Conn {
	t.Helper()
	dialer := websocket.Dialer{
		Subprotocols: []string{chat.Subprotocol}, Jar: who.client.Jar,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err == nil {
				conn.(*net.TCPConn).SetReadBuffer(64 << 10)
			}
			return conn, err
		},
	}
	conn, _, err := dialer.Dial("ws"+strings.TrimPrefix(who.p.URL, "http")+"/ws", http.Header{"Origin": {who.p.URL}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// only gives the one socket of a person as the server has it.
func (p *parts) only(t *testing.T, who *harness.Person) (only *Socket) {
	t.Helper()
	wait.Until(t, who.name+"'s socket is open", func() bool {
		p.rooms.mu.Lock()
		defer p.rooms.mu.Unlock()
		if user := p.rooms.users[who.User.ID]; user != nil {
			for only = range user.sockets {
				return true
			}
		}
		return false
	})
	return only
}

// narrow lets little wait in the system's own buffers, so that a stalled client is noticed soon.
func (s *Socket) narrow() {
	s.out.wire.(*wireConn).Conn.(*net.TCPConn).SetWriteBuffer(32 << 10)
}

func (o *outbox) waiting() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bytes
}

var bigBody = strings.Repeat("a lot of text ", 4000)

// startStalled has a person who reads nothing, and for whom so much waits that it cannot be on its way any
// more.
func startStalled(t *testing.T) (p *parts, bob *harness.Person) {
	t.Helper()
	p = startParts(t, nil, "--messages-burst=1000", "--message-characters=60000", "--frame-bytes=300000",
		"--outbox-bytes=100000000")
	ann := p.SetUp(t)
	bob = p.SignUp(t, ann, "bob")
	bob.stalled(t)
	sock := p.only(t, bob)
	sock.narrow()
	general := ann.Room(t, "general").ID
	for sock.out.waiting() < 500_000 {
		ann.Says(t, general, bigBody)
	}
	return p, bob
}

// melody's Close goes through the queue behind which the client does not read, and may be lost.
func TestWhoReadsNothingIsStillCutOffAtOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(t *testing.T, bob *harness.Person)
	}{
		{"by signing out", func(t *testing.T, bob *harness.Person) { bob.Post(t, "/api/logout", nil, http.StatusNoContent, nil) }},
		{"by another password", func(t *testing.T, bob *harness.Person) {
			bob.Device(t).Post(t, "/api/me/password", chat.PasswordChange{Current: harness.GoodPassword, New: "another password"},
				http.StatusNoContent, nil)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, bob := startStalled(t)
			ended := time.Now()
			c.end(t, bob)
			wait.Until(t, "the connection is gone", func() bool { return p.socketsOf(bob) == 0 })
			if took := time.Since(ended); took > time.Second {
				t.Errorf("it took %v, want at most a second", took)
			}
		})
	}
}

func TestWhoFallsBehindIsClosedAndOthersMissNothing(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-burst=1000", "--message-characters=60000", "--frame-bytes=300000", "--outbox-bytes=300000")
	ann := p.SetUp(t)
	bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
	slow := bob.stalled(t)
	healthy := carl.Dial(t)
	general := ann.Room(t, "general").ID
	p.only(t, bob).narrow()
	var sent int64
	for p.socketsOf(bob) == 1 {
		sent = ann.Says(t, general, bigBody).Rev
		if m := healthy.ExpectMessage(t); m.Rev != sent {
			t.Fatalf("carl got rev %d, want %d", m.Rev, sent)
		}
		if sent == 500 {
			t.Fatal("bob's socket is still open")
		}
	}
	if m := ann.Says(t, general, "on we go"); healthy.ExpectMessage(t).Rev != m.Rev {
		t.Error("carl missed what came after")
	}
	for next := int64(1); ; {
		_, frame, err := slow.ReadMessage()
		if err != nil {
			if !websocket.IsCloseError(err, chat.CloseSlow) && websocket.IsCloseError(err, 1000, 1001, 1008, 1013) {
				t.Errorf("closed with %v, want 4008 or a connection that broke", err)
			}
			break
		}
		for line := range chat.Lines(frame) {
			if strings.Contains(string(line), `"message.added"`) {
				if !strings.Contains(string(line), fmt.Sprintf(`"seq":%d,`, next)) {
					t.Errorf("after %d messages bob got another than the next", next-1)
				}
				next++
			}
		}
	}
}

// Nothing here is shorter than in earnest: a write may stall for ten seconds.
func TestAWriteThatStallsEndsTheSocket(t *testing.T) {
	t.Parallel()
	begun := time.Now()
	p, bob := startStalled(t)
	wait.Within(t, writeWait+wait.Patience, "the connection is gone", func() bool { return p.socketsOf(bob) == 0 })
	if took := time.Since(begun); took < writeWait {
		t.Errorf("it took only %v", took)
	}
}

// A connection whose other end is gone without a word answers no ping.
func TestAMissedPongEndsTheSocket(t *testing.T) {
	t.Parallel()
	p := startParts(t, func(p *parts) {
		p.server.sockets.melody.Config.PingPeriod = 50 * time.Millisecond
		p.server.sockets.melody.Config.PongWait = 500 * time.Millisecond
	})
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	bob.stalled(t) // reads nothing, so it answers nothing
	healthy := ann.Dial(t)
	p.only(t, bob)
	wait.Until(t, "bob's connection is gone", func() bool { return p.socketsOf(bob) == 0 })
	healthy.Settle(t)
}

func TestAPanicEndsOneSocketOnly(t *testing.T) {
	t.Parallel()
	p := startParts(t, func(p *parts) {
		p.server.sockets.events = maps.Clone(socketEvents)
		p.server.sockets.events["panic"] = func(*SocketDoor, socketRequest) { panic("test") }
	})
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	bad, good, other := ann.Dial(t), ann.Dial(t), bob.Dial(t)
	bad.SendRaw(t, `{"event":"panic"}`)
	<-bad.closed
	wait.Until(t, "it is let go", func() bool { return p.socketsOf(ann) == 1 })
	good.Settle(t)
	sent := good.Says(t, ann.Room(t, "general").ID, "still here")
	if m := other.ExpectMessage(t); m.Seq != sent.Seq {
		t.Errorf("bob got %+v", m)
	}
}

// What is to be done once an outbox is empty is done by whoever wrote the last frame.
func TestAPanicAfterAFrameWasWrittenEndsOneSocketOnly(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	bad := ann.Dial(t)
	bad.Settle(t)
	p.rooms.mu.Lock()
	for sock := range p.rooms.users[ann.User.ID].sockets {
		sock.out.mu.Lock()
		sock.out.empty = func() { panic("test") }
		sock.out.mu.Unlock()
	}
	p.rooms.mu.Unlock()
	good := ann.Dial(t)
	bad.Send(t, "ping", chat.Done{})
	<-bad.closed
	wait.Until(t, "it is let go", func() bool { return p.socketsOf(ann) == 1 })
	good.Settle(t)
}

func TestAPanicEndsOneRequestOnly(t *testing.T) {
	t.Parallel()
	p := startParts(t, func(p *parts) {
		p.server.echo.GET("/api/panic", func(echo.Context) error { panic("test") })
	})
	ann := p.SetUp(t)
	ann.Refused(t, chat.Internal, http.MethodGet, "/api/panic", nil)
	ann.Get(t, "/api/me", nil)
}

func TestSocketsOutliveTheTimeoutsOfRequests(t *testing.T) {
	t.Parallel()
	const short = 100 * time.Millisecond
	p := startParts(t, nil)
	ann := p.SetUp(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: p.server.echo, ReadTimeout: short, WriteTimeout: short, IdleTimeout: short}
	go server.Serve(ln)
	t.Cleanup(func() { server.Close() })
	moved := *p.program
	moved.URL = "http://" + ln.Addr().String()
	s := ann.On(&moved).Dial(t)
	for range 3 {
		<-time.After(short) // there is nothing to wait for but the time itself
		s.Settle(t)
		s.Ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: 1}}}, nil)
		s.Says(t, ann.Room(t, "general").ID, "still here")
	}
}

// Not parallel: a test that runs beside this one would have goroutines too.
func TestAStoppedServerLeavesNothingRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("server", func(t *testing.T) {
		p := harness.Start(t)
		ann := p.SetUp(t)
		bob := p.SignUp(t, ann, "bob")
		var socks []*harness.Sock
		for range 10 {
			socks = append(socks, ann.Dial(t), bob.Dial(t))
		}
		bob.stalled(t)
		p.Visitor(t, "nobody").DialAnyhow(t, http.Header{}) // has not said who it is
		ann.Says(t, ann.Room(t, "general").ID, "bye")
		for _, s := range socks {
			s.ExpectMessage(t)
		}
		stopped := time.Now()
		p.stop()
		if took := time.Since(stopped); took > 5*time.Second {
			t.Errorf("stopping took %v", took)
		}
		for _, s := range socks {
			s.ExpectClosed(t, chat.CloseRestart)
		}
	})
	goleak.VerifyNone(t, before)
}

// Sockets that come while the server stops are told to come back too, and leave nothing behind.
func TestSocketsThatComeWhileStoppingAreTurnedAway(t *testing.T) {
	t.Parallel()
	for range 5 {
		p := harness.Start(t)
		ann := p.SetUp(t)
		var dials sync.WaitGroup
		stop := make(chan struct{})
		for range 8 {
			dials.Go(func() {
				for {
					s, _, err := ann.Upgrade(nil, chat.Subprotocol)
					if err != nil {
						return // no longer listening
					}
					select {
					case <-s.Closed:
						if s.close != nil && s.close.Code != chat.CloseRestart {
							t.Errorf("closed with %v", s.close)
						}
					case <-stop:
					}
					s.Conn.Close()
				}
			})
		}
		ann.Dial(t).Settle(t)
		close(stop)
		p.stop()
		dials.Wait()
	}
}

// melodyServer is melody alone, as it comes.
func melodyServer(t *testing.T, change func(*melody.Melody)) (*melody.Melody, *websocket.Conn) {
	t.Helper()
	m := melody.New()
	if change != nil {
		change(m)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { m.HandleRequest(w, r) }))
	t.Cleanup(server.Close)
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"),
		http.Header{"Origin": {"https://evil.example"}})
	if err != nil {
		t.Fatalf("melody alone refused a foreign page: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	return m, conn
}

func TestMelodyAloneTakesAnyOriginAnd512Bytes(t *testing.T) {
	t.Parallel()
	got := make(chan int, 2)
	_, conn := melodyServer(t, func(m *melody.Melody) {
		if m.Config.ConcurrentMessageHandling {
			t.Error("melody handles messages concurrently: they lose their order")
		}
		m.HandleMessage(func(_ *melody.Session, frame []byte) { got <- len(frame) })
	})
	conn.WriteMessage(websocket.TextMessage, make([]byte, 512))
	if n := <-got; n != 512 {
		t.Errorf("melody read %d bytes", n)
	}
	conn.WriteMessage(websocket.TextMessage, make([]byte, 513))
	if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseMessageTooBig) {
		t.Errorf("melody's limit is no longer 512 bytes: %v", err)
	}
}

// This is why each socket has an outbox of its own, and is closed around melody.
func TestMelodyAloneDropsFramesAndClosesWhenItsQueueIsFull(t *testing.T) {
	t.Parallel()
	sessions := make(chan *melody.Session, 1)
	var mu sync.Mutex
	dropped := 0
	writing := make(chan struct{})
	release := make(chan struct{})
	_, conn := melodyServer(t, func(m *melody.Melody) {
		m.Config.MessageBufferSize = 2
		m.HandleConnect(func(s *melody.Session) { sessions <- s })
		m.HandleError(func(_ *melody.Session, err error) {
			if err == melody.ErrMessageBufferFull {
				mu.Lock()
				dropped++
				mu.Unlock()
			}
		})
		m.HandleSentMessage(func(*melody.Session, []byte) { // keeps the pump from going on
			select {
			case writing <- struct{}{}:
			case <-release:
			}
			<-release
		})
	})
	s := <-sessions
	s.Write([]byte("1"))
	<-writing
	for _, frame := range []string{"2", "3", "4", "5"} {
		if err := s.Write([]byte(frame)); err != nil {
			t.Errorf("melody told %v for a frame that did not fit", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Errorf("melody told %v for a close that did not fit", err)
	}
	mu.Lock()
	if dropped != 3 {
		t.Errorf("melody dropped %d, want two frames and the close", dropped)
	}
	mu.Unlock()
	if s.IsClosed() {
		t.Error("melody closed the session after all")
	}
	close(release)
	for _, want := range []string{"1", "2", "3"} {
		if _, frame, err := conn.ReadMessage(); err != nil || string(frame) != want {
			t.Errorf("got %q %v, want %q", frame, err, want)
		}
	}
	s.Write([]byte("6"))
	if _, frame, err := conn.ReadMessage(); err != nil || string(frame) != "6" {
		t.Errorf("after the lost close: got %q %v", frame, err)
	}
	s.WebsocketConnection().Close()
	if _, _, err := conn.ReadMessage(); err == nil {
		t.Error("the connection is still open")
	}
}
