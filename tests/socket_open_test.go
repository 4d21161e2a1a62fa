// Who may open a socket: pages, programs and strangers at the door of the real program.

package tests

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/socket"
	"parley/tests/harness"
)

func TestForeignPagesOpenNoSocket(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--allow-origin=https://named.example")
	ann := p.SetUp(t)
	token := ann.Token(t)
	host := strings.TrimPrefix(p.URL, "http://")
	for _, origin := range []string{
		"https://evil.example", "null", "http://" + host + ".evil.example", "https://" + host, "http://evil.example#" + p.URL,
		"http://" + strings.Replace(host, "127", "126", 1), "http://127.0.0.1", "http://user@" + host, p.URL + "/",
		"http://localhost:1", "https://named.example.evil.example", "http://named.example", "", "file://",
	} {
		for _, header := range []http.Header{
			{"Origin": {origin}},
			{"Origin": {origin}, "Authorization": {"Bearer " + token}},
			{"Origin": {p.URL, origin}},
		} {
			_, resp, err := ann.Upgrade(header, chat.Subprotocol)
			if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
				t.Errorf("with %q: got %v %v, want status 403", header["Origin"], resp, err)
			}
		}
	}
	for _, origin := range []string{p.URL, "https://named.example"} {
		ann.DialAnyhow(t, http.Header{"Origin": {origin}}).Expect(t, "welcome")
	}
}

// A browser always sends an Origin when it opens a socket. Whoever sends none is a program, and has to sign
// in.
func TestACookieWithoutAnOriginIsNotEnough(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	token := ann.Token(t)
	s := ann.DialAnyhow(t, http.Header{})
	s.Send(t, "ping", chat.Done{})
	s.ExpectClosed(t, chat.ClosePolicy)

	s = ann.DialAnyhow(t, http.Header{})
	id := s.Send(t, "auth", chat.Auth{Token: token})
	if f := s.Await(t, "the first event", func(chat.Frame) bool { return true }); f.Event != "welcome" {
		t.Errorf("the first event is %q", f.Event)
	}
	if f := s.Answer(t, id); f.Event != chat.ReplyEvent {
		t.Errorf("auth got %s %s", f.Event, f.Data)
	}
	s.AskRefused(t, chat.BadRequest, "auth", chat.Auth{Token: token})
	ann.DialBearer(t, token)

	for _, c := range []struct {
		frame string
		want  int
	}{
		{`{"event":"auth","data":{"token":"wrong"}}`, chat.CloseSignedOut},
		{`{"event":"auth","data":{}}`, chat.CloseSignedOut},
		{`{"event":"auth"}`, chat.ClosePolicy},
		{`{"event":"auth","data":{"token":"x","user_id":1}}`, chat.ClosePolicy},
		{`{"event":"message.send","id":"1","data":{}}`, chat.ClosePolicy},
		{`[]`, chat.ClosePolicy},
	} {
		s := p.Visitor(t, "nobody").DialAnyhow(t, http.Header{})
		s.SendRaw(t, c.frame)
		s.ExpectClosed(t, c.want)
		if f, ok := s.Next(); ok {
			t.Errorf("%s: got %s", c.frame, f.Event)
		}
	}
}

func TestASocketThatSaysNothingIsClosedAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	opened := time.Now()
	s := p.Visitor(t, "nobody").DialAnyhow(t, http.Header{})
	s.ExpectClosed(t, chat.CloseSignedOut)
	if took := time.Since(opened); took < socket.AuthWait {
		t.Errorf("closed after %v, want no less than %v", took, socket.AuthWait)
	}
}

func TestTheSubprotocolIsAskedForAndCompressionIsNot(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	dialer := websocket.Dialer{Jar: ann.Client.Jar, EnableCompression: true, Subprotocols: []string{"other", chat.Subprotocol}}
	url := "ws" + strings.TrimPrefix(p.URL, "http") + socket.Path
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

// One goroutine closes the connection while another may still be writing to it.
func TestWhoIsRefusedLearnsWhy(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	stranger := p.Visitor(t, "nobody")
	for range 300 {
		s := stranger.DialAnyhow(t, http.Header{"Authorization": {"Bearer no token"}})
		s.ExpectClosed(t, chat.CloseSignedOut)
	}
}
