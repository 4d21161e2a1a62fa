// Whoever is not signed in keeps nobody out, however many connections, sockets and sessions they hold, and nobody
// holds more of them than their own share.

package tests

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

// connects opens a connection and sends it something; it stays as it is until the test ends.
func connects(t *testing.T, p *harness.Program, first string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprint(conn, first) // it may be closed already
}

// allWorksFor has people do what they do: sign in, open sockets of each kind, post and read.
func allWorksFor(t *testing.T, p *harness.Program, people ...*harness.Person) {
	t.Helper()
	for _, who := range people {
		device := who.Device(t) // over new connections
		general := device.Room(t, "general").ID
		browser := device.Dial(t)
		client := device.Polls(t, "", "")
		client.Wants(t, `40/chat,{"sid":`)
		text := "from " + who.Name
		device.Says(t, general, text)
		if m := browser.ExpectMessage(t); m.Body != text {
			t.Errorf("got %q", m.Body)
		}
		client.Wants(t, `"message":"`+text+`"`)
		if page := device.History(t, general, ""); page.Messages[len(page.Messages)-1].Body != text {
			t.Errorf("the last message is not %q", text)
		}
		client.Send(t, "1")
		client.Wants(t, "6") // a client has a poll on its way when it leaves; the session waits for it
		browser.Conn.Close()
		device.Client.CloseIdleConnections()
	}
}

// Attackers and people share an address here.
func TestNobodyIsKeptOutByConnectionsSocketsAndSessionsOfStrangers(t *testing.T) {
	t.Parallel()
	const places, ofAddress, ofPerson = 80, 20, 6
	p := harness.Start(t, fmt.Sprint("--sockets=", places), fmt.Sprint("--sockets-per-address=", ofAddress),
		fmt.Sprint("--sockets-per-user=", ofPerson), "--sign-in-attempts=1000", harness.WithMetrics)
	ann := p.SetUp(t)
	bob, mallory := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "mallory")
	stays := ann.Dial(t)

	const healthy = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, first := range []string{
		"", "GET / HTTP", healthy, // silent, in the middle of a request, idle after one
		"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{", // slow
	} {
		for range 2 * places {
			connects(t, p, first)
		}
		allWorksFor(t, p, ann, bob)
	}
	nobody := p.Visitor(t, "nobody")
	for range 2 * places {
		nobody.DialAnyhow(t, http.Header{}).Conn.SetReadLimit(1 << 20)
	}
	allWorksFor(t, p, ann, bob)
	for range 2 * places {
		nobody.Try(t, http.MethodGet, harness.Handshake, nil)
	}
	allWorksFor(t, p, ann, bob)

	open := 0 // sessions of mallory's, who enters the namespace, leaves it, and keeps the session
	for range 3 * ofPerson {
		if status, _ := mallory.Try(t, http.MethodGet, harness.Handshake, nil); status != http.StatusOK {
			continue
		}
		open++
	}
	if open > ofPerson {
		t.Errorf("one person has %d sessions", open)
	}
	mallory.DialAnyhow(t, nil).ExpectClosed(t, chat.CloseTooMany) // one bound for all doors
	allWorksFor(t, p, ann, bob)
	stays.Settle(t)
	wait.Until(t, "strangers hold no more than their share", func() bool { return p.OpenSockets(t) <= ofAddress+1 })
}
