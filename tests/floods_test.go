// Floods of what costs nothing: whoever goes on after being refused waits for the next refusal, at every door.

package tests

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/tests/harness"
)

// The bounds of refusals that cost their sender nothing: of one person, or of one address.
const (
	refusedAtOnce  = 20
	refusedASecond = 10
)

// flood is one attacker, with as many connections as workers.
type flood struct {
	ctx      context.Context
	p        *harness.Program
	token    string
	answered atomic.Int64
}

// asks sends requests on one connection of HTTP.
func asks(method, path, body string, signedIn bool) func(*flood) error {
	return func(f *flood) error {
		client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
		defer client.CloseIdleConnections()
		for {
			req, err := http.NewRequestWithContext(f.ctx, method, f.p.URL+path, strings.NewReader(body))
			if err != nil {
				return err
			}
			req.Header.Set("Content-Type", "application/json")
			if signedIn {
				req.Header.Set("Authorization", "Bearer "+f.token)
			}
			resp, err := client.Do(req)
			if err != nil {
				return err
			}
			io.Copy(io.Discard, resp.Body) // the status says all
			resp.Body.Close()
			if resp.StatusCode >= http.StatusBadRequest {
				f.answered.Add(1)
			}
		}
	}
}

// sends sends frames on one socket, without waiting for answers, and counts those that contain want.
func sends(frame, want string, subprotocols ...string) func(*flood) error {
	return func(f *flood) error {
		dialer := websocket.Dialer{Subprotocols: subprotocols}
		conn, _, err := dialer.DialContext(f.ctx, "ws"+strings.TrimPrefix(f.p.URL, "http")+"/ws", harness.WithToken(f.token))
		if err != nil {
			return err
		}
		defer conn.Close()
		context.AfterFunc(f.ctx, func() { conn.Close() })
		go func() {
			for conn.WriteMessage(websocket.TextMessage, []byte(frame)) == nil {
			}
		}()
		for {
			_, text, err := conn.ReadMessage()
			if err != nil {
				return err
			}
			f.answered.Add(int64(bytes.Count(text, []byte(want))))
		}
	}
}

// polls sends many packets in each body of a Socket.IO session, and counts the answers that contain want.
func polls(packet, want string) func(*flood) error {
	return func(f *flood) error {
		ask := func(method, path, body string) (string, error) {
			req, err := http.NewRequestWithContext(f.ctx, method, f.p.URL+path, strings.NewReader(body))
			if err != nil {
				return "", err
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return "", err
			}
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			if err == nil && resp.StatusCode != http.StatusOK {
				err = fmt.Errorf("%d: %s", resp.StatusCode, text)
			}
			return string(text), err
		}
		open, err := ask(http.MethodGet, harness.Handshake+"&token="+f.token, "")
		if err != nil {
			return err
		}
		_, rest, _ := strings.Cut(open, `"sid":"`)
		sid, _, _ := strings.Cut(rest, `"`)
		session := harness.Handshake + "&sid=" + sid
		if _, err := ask(http.MethodPost, session, "40/chat,"); err != nil {
			return err
		}
		go ask(http.MethodPost, session, packet+strings.Repeat("\x1e"+packet, 3_000))
		for {
			text, err := ask(http.MethodGet, session, "")
			if err != nil {
				return err
			}
			f.answered.Add(int64(strings.Count(text, want)))
		}
	}
}

// pings sends pings of WebSocket on the connection of a Socket.IO session, and counts the pongs.
func pings(f *flood) error {
	address := "ws" + strings.TrimPrefix(f.p.URL, "http") + "/socket.io/?EIO=4&transport=websocket&token=" + f.token
	conn, _, err := websocket.DefaultDialer.DialContext(f.ctx, address, nil)
	if err != nil {
		return err
	}
	defer conn.Close()
	context.AfterFunc(f.ctx, func() { conn.Close() })
	conn.SetPongHandler(func(string) error { f.answered.Add(1); return nil })
	if err := conn.WriteMessage(websocket.TextMessage, []byte("40/chat,")); err != nil {
		return err
	}
	go func() {
		for conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Minute)) == nil {
		}
	}()
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			return err
		}
	}
}

// An attacker who is refused as fast as they can ask gets no more answers in a second than there are, and one more
// for each connection; and everything that somebody else asks for meanwhile is done.
func TestFloodsOfRefusalsAreBoundedAtEveryDoor(t *testing.T) {
	t.Parallel()
	const workers, wanted = 4, 40
	unknown := `{"event":"nothing","id":"x"}`
	for name, attack := range map[string]func(*flood) error{
		"changes over HTTP":                      asks(http.MethodPatch, "/api/me", `{"display_name":""}`, true),
		"nobody over HTTP":                       asks(http.MethodGet, "/api/me", "", false),
		"no such address":                        asks(http.MethodGet, "/api/nothing", "", true),
		"Socket.IO over HTTP":                    asks(http.MethodPost, harness.Handshake+"&sid=nothing", "x", false),
		"unknown events":                         sends(unknown, "bad_request", chat.Subprotocol),
		"many events in a frame":                 sends(strings.Repeat(unknown+"\n", 1000), "bad_request", chat.Subprotocol),
		"pings":                                  sends(`{"event":"ping","id":"x"}`, "reply", chat.Subprotocol),
		"changes on a socket":                    sends(`{"event":"room.leave","id":"x","data":{"room_id":1}}`, "rate_limited", chat.Subprotocol),
		"a gateway's plain client":               sends(`{"event":"nothing"}`, "bad_request"),
		"a gateway's client":                     polls(`42/chat,["nothing"]`, "bad_request"),
		"a gateway's client that enters nothing": polls("40/nothing,", "Invalid namespace"),
		"a gateway's client that pings":          pings,
		"messages that end sockets": sends(
			`{"event":"message.send","id":"x","data":{"room_id":1,"client_id":"x","body":"x"}}`, "rate_limited", chat.Subprotocol),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t, "--messages-burst=10", "--messages-per-second=0.01", "--reads-per-second=100000")
			ann := p.SetUp(t)
			bob, mallory := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "mallory")
			general := ann.Room(t, "general").ID
			s := bob.Dial(t)
			ctx, stop := context.WithCancel(t.Context())
			f := &flood{ctx: ctx, p: p, token: mallory.Token(t)}
			began := time.Now()
			ended := make(chan error, workers)
			for range workers {
				go func() {
					for ctx.Err() == nil {
						attack(f) // comes back when its connection was closed
					}
					ended <- nil
				}()
			}
			said := 0
			for f.answered.Load() < wanted && t.Context().Err() == nil {
				bob.Call(t, http.MethodGet, harness.MessagesPath(general), nil, http.StatusOK, nil)
				s.Changes(t, general, 0)
				if said < 5 { // of the ten that he may
					said++
					bob.Says(t, general, "here I am")
				}
			}
			answered, seconds := f.answered.Load(), time.Since(began).Seconds()
			if most := refusedAtOnce + (refusedASecond+workers)*(seconds+1); float64(answered) > most {
				t.Errorf("%d were answered in %.1f s, want at most %.0f", answered, seconds, most)
			}
			stop()
			for range workers {
				<-ended
			}
		})
	}
}

// A refusal is short, however long what it is about. Quoting makes five bytes of one.
func TestARefusalRepeatsLittle(t *testing.T) {
	t.Parallel()
	const most = 8 << 10
	p := harness.Start(t)
	ann := p.SetUp(t)
	long := strings.Repeat("\x7f", 100_000)
	s, plain := ann.Dial(t), ann.Plain(t)
	s.SendRaw(t, `{"event":"`+long+`","id":"x"}`)
	plain.SendRaw(t, `{"event":"`+long+`","id":"x"}`)
	for what, answer := range map[string]string{
		"an unknown event":                string(s.Answer(t, "x").Data),
		"an unknown event of a gateway's": string(plain.Answer(t, "x").Data),
		"an unknown field": func() string {
			_, body := ann.Try(t, http.MethodPost, "/api/rooms", `{"`+strings.Repeat("é", 50_000)+`":1}`)
			return string(body)
		}(),
		"the field of a wrong text": func() string {
			_, body := ann.Try(t, http.MethodPost, "/api/rooms", `{"name":"a","`+long+`":"\ud800"}`)
			return string(body)
		}(),
		"no number": func() string {
			_, body := ann.Try(t, http.MethodGet, "/api/rooms/"+strings.Repeat("%7f", 9_000), nil)
			return string(body)
		}(),
	} {
		if len(answer) > most || !utf8.ValidString(answer) || !strings.Contains(answer, "…") {
			t.Errorf("%s got %d bytes, want at most %d, cut between characters", what, len(answer), most)
		}
	}
}

// What is answered to anybody and costs them nothing is bounded too, at more than any page with its files needs.
func TestFloodsOfWhatCostsNothingAreBounded(t *testing.T) {
	t.Parallel()
	const workers, atOnce, aSecond, wanted = 4, 1000, 200, 2500
	for _, path := range []string{"/", "/healthz", "/api/openapi.json"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t)
			var answered atomic.Int64
			var all sync.WaitGroup
			began := time.Now()
			for range workers {
				all.Go(func() {
					client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
					defer client.CloseIdleConnections()
					for answered.Load() < wanted {
						resp, err := client.Get(p.URL + path)
						if err != nil {
							t.Error(err)
							return
						}
						io.Copy(io.Discard, resp.Body) // the status says all
						resp.Body.Close()
						if resp.StatusCode != http.StatusOK {
							t.Errorf("got %d", resp.StatusCode)
						}
						answered.Add(1)
					}
				})
			}
			all.Wait()
			seconds := time.Since(began).Seconds()
			if most := atOnce + (aSecond+workers)*(seconds+1); float64(answered.Load()) > most {
				t.Errorf("%d were answered in %.1f s, want at most %.0f", answered.Load(), seconds, most)
			}
		})
	}
}

// What asks for nothing and is not answered waits its turn like what is refused.
func TestWhatNobodyAnswersIsHeldBackToo(t *testing.T) {
	t.Parallel()
	const many = refusedAtOnce + 4*refusedASecond
	p := harness.Start(t)
	ann := p.SetUp(t)
	for what, kind := range map[string]int{"a blank frame": websocket.TextMessage, "a pong": websocket.PongMessage} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := p.SignUp(t, ann, what[2:4]).Dial(t)
			began := time.Now()
			for range many {
				if err := s.Conn.WriteMessage(kind, nil); err != nil {
					t.Fatal(err)
				}
			}
			s.SendRaw(t, `{"event":"ping","id":"after"}`)
			s.Answer(t, "after")
			if took := time.Since(began); took < 2*time.Second {
				t.Errorf("%d of them took %v", many, took)
			}
		})
	}
}

// Whoever is refused now and then, as a browser is whose session ended, is told at once; an office of people whose
// sessions ended at the same moment is told soon, and all of it.
func TestManyBehindOneAddressAreAllToldThatTheyAreSignedOut(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	harness.Together(60, func(i int) {
		nobody := p.Visitor(t, fmt.Sprint("nobody", i))
		nobody.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	})
	ann.Says(t, ann.Room(t, "general").ID, "still here")
}

// The server stops at once, whatever it holds back.
func TestWhatIsHeldBackDoesNotHoldUpStopping(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SetUp(t)
	conns := make([]net.Conn, 100)
	for i := range conns {
		conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, strings.Repeat("GET /api/me HTTP/1.1\r\nHost: localhost\r\n\r\n", 50))
		conns[i] = conn
	}
	p.Stop()
	if status := p.Wait(t); status != 0 {
		t.Errorf("it ended with status %d", status)
	}
}

// What changes nothing occupies the writer all the same: nobody has more of it done than they may read and change.
func TestWhatChangesNothingIsBoundedByWhatOneMayReadAndChange(t *testing.T) {
	t.Parallel()
	const changes, asked, aSecond = 30, 100, 10
	p := harness.Start(t, fmt.Sprint("--messages-burst=", changes), "--messages-per-second=0.001", fmt.Sprint("--reads-per-second=", aSecond))
	ann := p.SetUp(t)
	bob, cyd := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "cyd")
	on := func(s *harness.Sock, event string, data any) func() bool {
		return func() bool { return s.Answer(t, s.Send(t, event, data)).Event == chat.ReplyEvent }
	}
	for door, c := range map[string]struct {
		costs int
		ask   func() bool
	}{
		"HTTP": {10, func() bool {
			status, _ := ann.Try(t, http.MethodPatch, "/api/me", map[string]string{"display_name": ann.User.DisplayName})
			return status == http.StatusOK
		}},
		"a socket":          {1, on(bob.Dial(t), "favorite.remove", chat.RoomAt{RoomID: bob.Room(t, "general").ID})},
		"a gateway's names": {2, on(cyd.Plain(t), "joinRoom", map[string]string{"room": "general"})},
	} {
		began, done := time.Now(), 0
		for done < 1000 && c.ask() {
			done++
		}
		most := (changes + asked + aSecond*int(time.Since(began).Seconds()+1)) / c.costs
		if done <= changes/c.costs || done > most {
			t.Errorf("over %s %d were done, want more than %d and at most %d", door, done, changes/c.costs, most)
		}
	}
}
