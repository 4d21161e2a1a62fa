// The attacks by what a request holds: texts that take long to understand, or that have no end.

package hostile

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"parley/chat"
)

// slowTexts are messages of 10,000 characters that a careless renderer looks through again and again.
var slowTexts = func() []string {
	var host strings.Builder // whose characters are all different
	for i := range 9_900 {
		host.WriteRune('一' + rune(i))
	}
	return []string{
		"[a](http://" + host.String() + ")",
		strings.Repeat("\u0301www.", 2_000),
		strings.Repeat("https://中http://a/(", 500),
		strings.Repeat("[a](\U0001f469", 2_000),
		strings.Repeat("<\\``    x\n/", 1_000),
	}
}()

// writesSlowText writes one of these messages.
func writesSlowText(t *Target, n int64) request {
	return request{http.MethodPost, fmt.Sprintf("/api/rooms/%d/messages", t.Room), chat.Draft{
		ClientID: chat.NewClientID(), Body: slowTexts[n%int64(len(slowTexts))],
	}}
}

// longName is a name of 16 kB, of which normalizing makes ten times as many.
var longName = strings.Repeat("\ufdfa", 5_000)

// takesLongNames searches and signs in with names that are far too long, on a connection for each.
func takesLongNames(a *attacker) {
	next := request{http.MethodPost, "/api/login", chat.Login{Name: longName, Password: "a password"}}
	if a.number.Add(1)%4 == 0 {
		next = request{http.MethodGet, "/api/rooms/public?query=" + url.QueryEscape(longName[:9_000]), nil}
	}
	status, err := a.ask(next)
	a.count(err == nil && status != http.StatusServiceUnavailable && status != http.StatusTooManyRequests)
	a.http.CloseIdleConnections()
}

// deepAuth is what a client of Socket.IO may send to sign in, with thousands of fields in each other.
var deepAuth = func() string {
	const deep = 1_500 // all that 16 KiB hold
	return `40/chat,{"x":` + strings.Repeat(`{"seven":`, deep) + `"\u0041"` + strings.Repeat("}", deep+1)
}()

// signsInDeep signs in to Socket.IO, without an account.
func signsInDeep(a *attacker) {
	session, err := a.session("")
	if err != nil {
		a.tally.Refused.Add(1)
		return
	}
	a.count(a.post(session, deepAuth))
}

// asksLongPaths asks for pages with long addresses, without an account, and reads what comes.
func asksLongPaths(a *attacker) {
	a.asksOn(fmt.Sprintf("GET /r/%s HTTP/1.1\r\nHost: %s\r\n\r\n", strings.Repeat("\u200b", 9_000), a.host()))
}

// asksOn sends a request again and again on one connection, and reads what comes.
func (a *attacker) asksOn(ask string) {
	conn, err := a.dial(a.ctx, "tcp", a.host())
	if err != nil {
		a.tally.Refused.Add(1)
		return
	}
	defer conn.Close()
	go io.Copy(io.Discard, conn) // ends when the connection does
	for a.ctx.Err() == nil {
		if _, err := io.WriteString(conn, ask); err != nil {
			a.tally.Refused.Add(1)
			return
		}
		a.tally.Done.Add(1)
	}
}

// The frames of WebSocket as they are on the wire: a head, and a mask of zeros.
var (
	blankFrame = []byte{0x81, 0x80, 0, 0, 0, 0}
	pongFrame  = []byte{0x8a, 0x80, 0, 0, 0, 0}
	// endless begins a frame of 128 KiB, and lacks its end.
	endless = append([]byte{0x81, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0}, make([]byte, 120<<10)...)
)

// sendsBlankFrames sends frames that hold nothing, and pongs, thousands at a time.
func sendsBlankFrames(a *attacker) {
	conn, err := a.open(a.dial)
	if err != nil {
		return
	}
	defer conn.Close()
	go func() {
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
	many := bytes.Repeat(append(bytes.Clone(blankFrame), pongFrame...), 1_000)
	for a.ctx.Err() == nil {
		if _, err := conn.NetConn().Write(many); err != nil {
			a.tally.Refused.Add(1)
			return
		}
		a.tally.Done.Add(2_000)
	}
}

// sendsEndlessParts sends messages in parts that hold nothing, and never the last part.
func sendsEndlessParts(a *attacker) {
	conn, err := a.open(a.dial)
	if err != nil {
		return
	}
	defer conn.Close()
	go io.Copy(io.Discard, conn.NetConn()) // until the server closes it
	begin, part := []byte{0x01, 0x80, 0, 0, 0, 0}, []byte{0, 0x80, 0, 0, 0, 0}
	if _, err := conn.NetConn().Write(begin); err != nil {
		a.tally.Refused.Add(1)
		return
	}
	for many := bytes.Repeat(part, 10_000); a.ctx.Err() == nil; {
		if _, err := conn.NetConn().Write(many); err != nil {
			a.tally.Refused.Add(1)
			return
		}
		a.tally.Done.Add(10_000)
	}
}

// sendsEndlessFrames opens sockets without an account, and sends frames and bodies of Socket.IO that lack their end.
func sendsEndlessFrames(a *attacker) {
	a.keep(func(conn io.ReadWriter) {
		ask, wrong := fmt.Sprintf("GET /ws HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"+
			"Sec-WebSocket-Protocol: %s\r\n\r\n", a.host(), chat.Subprotocol), error(nil)
		if a.number.Add(1)%2 == 0 {
			var session string
			if session, wrong = a.session(""); wrong != nil {
				return
			}
			ask = fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n",
				session[len(a.target.URL):], a.host(), 2*len(endless))
		}
		if _, wrong = io.WriteString(conn, ask); wrong == nil {
			_, wrong = conn.Write(endless)
		}
		if wrong == nil {
			a.tally.Done.Add(1)
		}
		io.Copy(io.Discard, conn) // until the server closes it
	})
}

// asksForFree asks for what is answered to anybody and costs them nothing, without an account, and reads what comes.
func asksForFree(a *attacker) {
	paths := []string{"/", "/healthz", "/api/openapi.json", "/socket.io/?EIO=4&transport=polling"}
	a.asksOn(fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nAccept-Language: %s\r\n\r\n",
		paths[a.number.Add(1)%int64(len(paths))], a.host(), strings.Repeat(",", 20_000)))
}

// sendsEndlessHeads sends heads of requests, without an account, that have thousands of lines and lack their end.
func sendsEndlessHeads(a *attacker) {
	var head strings.Builder
	fmt.Fprintf(&head, "GET / HTTP/1.1\r\nHost: %s\r\n", a.host())
	for i := range 5_000 {
		fmt.Fprintf(&head, "%x:\n", i)
	}
	a.keep(func(conn io.ReadWriter) {
		if _, err := io.WriteString(conn, head.String()); err == nil {
			a.tally.Done.Add(1)
		}
		io.Copy(io.Discard, conn) // until the server closes it
	})
}
