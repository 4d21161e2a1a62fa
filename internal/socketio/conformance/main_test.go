// The cases of the public test suites, one by one.

package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestSessionsOpenByPolling(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) { s.open(t) })
}

func TestSessionsOpenByWebSocket(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) {
		_, text := s.dial(t, socket).next()
		s.opened(t, text)
	})
}

func TestNoSessionOpensOtherwise(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		for _, c := range []struct{ method, query string }{
			{http.MethodGet, "transport=polling"},
			{http.MethodGet, "EIO=abc&transport=polling"},
			{http.MethodGet, "EIO=4"},
			{http.MethodGet, "EIO=4&transport=abc"},
			{http.MethodPost, polling},
			{http.MethodPut, polling},
		} {
			s.wants(t, c.method, c.query, "", http.StatusBadRequest, "")
		}
		for _, query := range []string{
			"transport=websocket", "EIO=abc&transport=websocket", "EIO=4", "EIO=4&transport=abc",
		} {
			c, answer, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+s.host+s.path+query, nil)
			if err == nil {
				c.Close()
				t.Error(query, "opened")
			}
			answer.Body.Close()
		}
	})
}

func TestPollsGetWhatWasPosted(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	for _, body := range []string{"4hello", "4test1\x1e4test2\x1e4test3", "4hello\x1ebAQIDBA=="} {
		query, _ := s.open(t)
		s.wants(t, http.MethodPost, query, body, http.StatusOK, "ok")
		s.wants(t, http.MethodGet, query, "", http.StatusOK, body)
	}
}

func TestAMalformedBodyEndsTheSession(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		s.wants(t, http.MethodPost, query, "abc", http.StatusBadRequest, "")
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
	})
}

func TestASecondPollEndsTheSession(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		answers := make(chan answer, 2)
		for range 2 {
			go func() { answers <- s.asks(t.Context(), http.MethodGet, query, "") }()
		}
		one, other := <-answers, <-answers
		if one.status != http.StatusOK {
			one, other = other, one
		}
		if one != (answer{status: http.StatusOK, text: "1"}) || other.status != http.StatusBadRequest {
			t.Fatal(one, other)
		}
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
	})
}

func TestACanceledPollEndsTheSession(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		raw, err := net.Dial("tcp", s.host)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(raw, "GET "+s.path+query+" HTTP/1.1\r\nHost: x\r\n\r\n")
		raw.Close()
		// The first of these polls may come before the canceled one, or while that ends. One of them may be told that
		// the session is over.
		told := 0
		for range 2 {
			if status, text := s.ask(t, http.MethodGet, query, ""); status == http.StatusOK {
				told++
				if text != "1" || told > 1 {
					t.Error(text)
				}
			}
		}
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
	})
}

func TestWebSocketsGetTheirMessagesBack(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	c := s.dial(t, socket)
	c.next()
	c.send("4hello")
	c.wants("4hello")
	c.sendBinary(1, 2, 3, 4)
	c.wantsBinary(1, 2, 3, 4)
	for _, size := range []int{124, 125, 65534, 65535, 900_000} { // one byte more is for the kind
		text := "4" + strings.Repeat("x", size)
		c.send(text)
		c.wants(text)
	}
}

func TestAMalformedFrameEndsTheSession(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		c := s.dial(t, socket)
		c.next()
		c.send("abc")
		c.wantsEnd()
	})
}

func TestHeartbeatByPolling(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		for range 2 {
			s.wants(t, http.MethodGet, query, "", http.StatusOK, "2")
			s.wants(t, http.MethodPost, query, "3", http.StatusOK, "ok")
		}
	})
}

func TestHeartbeatByWebSocket(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) {
		c := s.dial(t, socket)
		c.next()
		for range 2 {
			c.wants("2")
			c.send("3")
		}
	})
}

func TestAMissedHeartbeatEndsTheSession(t *testing.T) {
	bothBeating(t, func(t *testing.T, s suite) {
		query, _ := s.open(t)
		c := s.dial(t, socket)
		c.next()
		c.wants("2")
		s.wants(t, http.MethodGet, query, "", http.StatusOK, "2")
		c.wantsEnd()
		if status, body := s.ask(t, http.MethodGet, query, ""); status == http.StatusOK && body != "1" {
			t.Errorf("got %q, want that the session closes", body) // it ends as long after its own ping
		}
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
	})
}

func TestAClientThatClosesGetsItsPollBack(t *testing.T) {
	both(t, func(t *testing.T, s suite) {
		for range 10 { // in either order
			query, _ := s.open(t)
			posted := make(chan answer, 1)
			go func() { posted <- s.asks(t.Context(), http.MethodPost, query, "1") }()
			s.wants(t, http.MethodGet, query, "", http.StatusOK, "6")
			if got := <-posted; got.status != http.StatusOK {
				t.Error(got)
			}
			s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
		}
		c := s.dial(t, socket)
		c.next()
		c.send("1")
		c.wantsEnd()
	})
}

func TestASessionUpgrades(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	query, sid := s.open(t)
	c := s.dial(t, socket+"&sid="+sid)
	c.send("2probe")
	c.wants("3probe")
	s.wants(t, http.MethodGet, query, "", http.StatusOK, "6")
	c.send("5")
	c.send("4hello")
	c.wants("4hello")
}

func TestAnUpgradedSessionTakesNothingElse(t *testing.T) {
	t.Parallel()
	s, _ := start(t)
	for range 10 {
		query, sid := s.open(t)
		c := s.dial(t, socket+"&sid="+sid)
		c.send("2probe")
		c.send("5") // at once, as a client does that no longer polls
		s.wants(t, http.MethodGet, query, "", http.StatusBadRequest, "")
		s.wants(t, http.MethodPost, query, "4hello", http.StatusBadRequest, "")
		s.dial(t, socket+"&sid="+sid).wantsEnd()
		c.wants("3probe")
		c.send("4hello")
		c.wants("4hello")
	}
}

// enter opens a session and enters the main namespace.
func (s suite) enter(t *testing.T) conn {
	t.Helper()
	c := s.dial(t, socket)
	c.next()
	c.send("40")
	if _, text := c.next(); !strings.HasPrefix(text, `40{"sid":"`) {
		t.Fatal(text)
	}
	c.wants(`42["auth",{}]`)
	return c
}

func TestNamespacesAreEntered(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	for _, c := range []struct{ send, welcome, auth string }{
		{"40", `40{"sid":"`, `42["auth",{}]`},
		{`40{"token":"123"}`, `40{"sid":"`, `42["auth",{"token":"123"}]`},
		{"40/custom,", `40/custom,{"sid":"`, `42/custom,["auth",{}]`},
		{`40/custom,{"token":"abc"}`, `40/custom,{"sid":"`, `42/custom,["auth",{"token":"abc"}]`},
	} {
		conn := s.dial(t, socket)
		conn.next()
		conn.send(c.send)
		if _, text := conn.next(); !strings.HasPrefix(text, c.welcome) || !strings.HasSuffix(text, `"}`) {
			t.Fatal(text)
		}
		conn.wants(c.auth)
	}
}

func TestAnUnknownNamespaceIsRefused(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	c := s.dial(t, socket)
	c.next()
	c.send("40/random")
	c.wants(`44/random,{"message":"Invalid namespace"}`)
}

func TestAClientThatEntersNoNamespaceIsClosed(t *testing.T) {
	t.Parallel()
	_, s := startWith(t, asSuitesExpect())
	for _, text := range []string{"4abc", `42["message"]`, "41"} {
		c := s.dial(t, socket)
		c.next()
		c.send(text)
		c.wantsEnd()
	}
	query, _ := s.open(t)
	for range 5 { // the client answers the heartbeat, and does nothing else
		status, text := s.ask(t, http.MethodGet, query, "")
		if text != "2" {
			if status != http.StatusBadRequest && text != "1" {
				t.Error(status, text)
			}
			return
		}
		if status, text := s.ask(t, http.MethodPost, query, "3"); status != http.StatusOK {
			if status != http.StatusBadRequest { // the session has been closed meanwhile
				t.Error(status, text)
			}
			return
		}
	}
	t.Error("it stays open")
}

func TestNamespacesAreLeft(t *testing.T) {
	t.Parallel()
	_, s := startWith(t, asSuitesExpect())
	c := s.enter(t)
	c.send("41")
	c.wants("2") // the connection stays
}

func TestOneNamespaceOfTwoIsLeft(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	c := s.enter(t)
	c.send("40/custom")
	c.next()
	c.wants(`42/custom,["auth",{}]`)
	c.send("41/custom")
	c.send(`42["message","message to main namespace"]`)
	c.wants(`42["message-back","message to main namespace"]`)
}

func TestEventsAreAnswered(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	c := s.enter(t)
	c.send(`42["message",1,"2",{"3":[true]}]`)
	c.wants(`42["message-back",1,"2",{"3":[true]}]`)
	c.send(`42456["message-with-ack",1,"2",{"3":[false]}]`)
	c.wants(`43456[1,"2",{"3":[false]}]`)
}

func TestAttachmentsAreAnswered(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	const places = `{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}`
	for send, want := range map[string]string{
		`452-["message",` + places + `]`:             `452-["message-back",` + places + `]`,
		`452-789["message-with-ack",` + places + `]`: `462-789[` + places + `]`,
	} {
		c := s.enter(t)
		c.send(send)
		c.sendBinary(1, 2, 3)
		c.sendBinary(4, 5, 6)
		c.wants(want)
		c.wantsBinary(1, 2, 3)
		c.wantsBinary(4, 5, 6)
	}

	query, _ := s.open(t)
	s.wants(t, http.MethodPost, query, "40", http.StatusOK, "ok")
	for text := ""; !strings.HasSuffix(text, `42["auth",{}]`); { // in a poll of its own, or in that of the packet before
		_, text = s.ask(t, http.MethodGet, query, "")
	}
	s.wants(t, http.MethodPost, query, `451-["message",{"_placeholder":true,"num":0}]`+"\x1ebAQID", http.StatusOK, "ok")
	s.wants(t, http.MethodGet, query, "", http.StatusOK, `451-["message-back",{"_placeholder":true,"num":0}]`+"\x1ebAQID")
}

func TestMalformedEventsEndTheSession(t *testing.T) {
	t.Parallel()
	_, s := start(t)
	for _, text := range []string{"4abc", "42{}", `42abc["message-with-ack",1,"2",{"3":[false]}]`} {
		c := s.enter(t)
		c.send(text)
		c.wantsEnd()
	}
}
