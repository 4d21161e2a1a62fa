// Once a deactivation is answered it is in force, at every door: the act itself ends what there is, and nothing waits
// for a timer. So none of this asks how long something takes.

package tests

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

// half is a request of which the server has taken the head, and waits for the body.
type half struct {
	conn   net.Conn
	answer *bufio.Reader
	body   string
}

// sendsHead sends the head of a request, and waits until the server asks for its body: who asks has been looked up then.
func sendsHead(t *testing.T, who *harness.Person, method, path string, in any) *half {
	t.Helper()
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(who.P.URL, "http://"), wait.Patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	h := &half{conn, bufio.NewReader(conn), harness.AsJSON(t, in)}
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", method, path, who.Bearer, len(h.body))
	if line, err := h.answer.ReadString('\n'); err != nil || !strings.Contains(line, " 100 ") {
		t.Fatalf("%s %s: got %q, %v", method, path, line, err)
	}
	if _, err := h.answer.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return h
}

// ends sends the body, and gives the status and the code of the answer.
func (h *half) ends(t *testing.T) (status int, code chat.Code) {
	t.Helper()
	fmt.Fprint(h.conn, h.body)
	resp, err := http.ReadResponse(h.answer, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var refused chat.Error
	json.NewDecoder(resp.Body).Decode(&refused) // an answer that is no refusal has no code
	return resp.StatusCode, refused.Code
}

// upgrades opens a WebSocket of Socket.IO and enters the namespace.
func upgrades(t *testing.T, who *harness.Person) *websocket.Conn {
	t.Helper()
	dialer := websocket.Dialer{HandshakeTimeout: wait.Patience}
	address := "ws" + strings.TrimPrefix(who.P.URL, "http") + "/socket.io/?EIO=4&transport=websocket"
	conn, resp, err := dialer.Dial(address, harness.WithToken(who.Bearer))
	if err != nil {
		t.Fatalf("upgrade: %v (%v)", err, resp)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.WriteMessage(websocket.TextMessage, []byte("40/chat,{}")); err != nil {
		t.Fatal(err)
	}
	for entered := false; !entered; {
		_, packet, err := conn.ReadMessage()
		if err != nil {
			t.Fatal(err)
		}
		entered = strings.HasPrefix(string(packet), "40/chat")
	}
	return conn
}

// untilClosed reads what still comes until the connection is closed.
func untilClosed(conn *websocket.Conn) string {
	var all strings.Builder
	for {
		_, packet, err := conn.ReadMessage()
		if err != nil {
			return all.String()
		}
		all.Write(packet)
	}
}

// polled polls until the session is over, and gives all that came.
func polled(t *testing.T, who *harness.Person, path string) string {
	t.Helper()
	var all strings.Builder
	for {
		status, body := who.Try(t, http.MethodGet, path, nil)
		if status != http.StatusOK {
			return all.String()
		}
		all.Write(body)
	}
}

func TestADeactivationIsInForceAtEveryDoorOnceItIsAnswered(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	owner.Gives(t, bob.User.ID, chat.RoleAdmin)
	general := bob.Room(t, "general").ID
	bearer := bob.WithBearer(t, bob.Token(t))
	made := bob.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: harness.AllScopes()})
	program := bob.WithBearer(t, made.Token)

	native, plain := bob.Dial(t), bob.Plain(t)
	machine := program.DialBearer(t, program.Bearer)
	plain.Ask(t, "joinRoom", map[string]string{"room": "general"}, nil)
	upgraded := upgrades(t, bearer)
	poller := bearer.Polls(t, "&token="+bearer.Bearer, "{}")
	poller.Wants(t, "40/chat")
	since := chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: general}}}
	asked := map[string]*half{
		"a person's read":   sendsHead(t, bearer, http.MethodPost, "/api/changes", since),
		"a person's write":  sendsHead(t, bearer, http.MethodPost, harness.MessagesPath(general), harness.Draft("late")),
		"a program's read":  sendsHead(t, program, http.MethodPost, "/api/changes", since),
		"a program's write": sendsHead(t, program, http.MethodPost, harness.MessagesPath(general), harness.Draft("late")),
	}
	// It shows that each of these is told what is said.
	owner.Says(t, general, "before")
	poller.Wants(t, "before")
	plain.Await(t, "what was said before", func(f chat.Frame) bool { return strings.Contains(string(f.Data), "before") })
	native.ExpectMessage(t)
	machine.ExpectMessage(t)

	deactivates(t, owner, bob, chat.KeepMessages)
	for name, who := range map[string]*harness.Person{"browser": bob, "token": bearer, "program": program} {
		if status, answer := who.Try(t, http.MethodGet, "/api/rooms", nil); result(status < 300, answer) != string(chat.SignedOut) {
			t.Errorf("the next request of the %s: got %d %s", name, status, answer)
		}
	}
	for name, h := range asked {
		if status, code := h.ends(t); status != http.StatusUnauthorized || code != chat.SignedOut {
			t.Errorf("%s under way: got %d %s", name, status, code)
		}
	}
	owner.Says(t, general, "secret")

	for name, s := range map[string]*harness.Sock{"native": native, "plain": plain, "program's": machine} {
		for f, more := s.Next(); more; f, more = s.Next() {
			if strings.Contains(string(f.Data), "secret") {
				t.Errorf("the %s socket was told %s", name, f.Data)
			}
		}
		want := chat.CloseBanned
		if s == machine {
			want = chat.CloseSignedOut
		}
		if s.Close == nil || s.Close.Code != want {
			t.Errorf("the %s socket was closed with %v, want %d", name, s.Close, want)
		}
	}
	for name, came := range map[string]string{"polling": polled(t, bearer, poller.Path), "upgraded": untilClosed(upgraded)} {
		if strings.Contains(came, "secret") || strings.Count(came, "41/chat") != 1 {
			t.Errorf("the %s client got %q, want no more than that it is out", name, came)
		}
	}
	bob.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseSignedOut)
	program.DialAnyhow(t, harness.WithToken(program.Bearer)).ExpectClosed(t, chat.CloseSignedOut)
	bearer.Polls(t, "&token="+bearer.Bearer, "{}").Wants(t, `44/chat,{"message":"sign in first"`)
	for _, m := range owner.History(t, general, "").Messages {
		if m.Body == "late" {
			t.Errorf("message %d was stored", m.Seq)
		}
	}
}
