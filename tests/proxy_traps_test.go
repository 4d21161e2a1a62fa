// What a proxy in front of the server does to requests unless somebody has set it up, pinned on the program.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

// withoutUpgrade is what a proxy leaves of a request that opens a WebSocket when it drops what is for one connection.
func withoutUpgrade(host string) http.Header {
	return http.Header{
		"Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Protocol": {chat.Subprotocol}, "Origin": {host},
	}
}

func TestAWebSocketWithoutUpgradeIsToldWhatToChange(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SetUp(t)
	for name, header := range map[string]http.Header{
		"of a proxy":                         withoutUpgrade(p.URL),
		"of somebody who looks at the page":  {},
		"of a proxy that drops half of them": {"Upgrade": {"websocket"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}},
	} {
		resp, body := p.Asks(t, http.MethodGet, "/ws", "", header)
		var got chat.Error
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatalf("%s: %v: %s", name, err, body)
		}
		if resp.StatusCode != http.StatusUpgradeRequired || resp.Header.Get("Upgrade") != "websocket" ||
			got.Code != chat.UpgradeRequired || !strings.Contains(got.Message, "proxy") {
			t.Errorf("%s: got %d %v %s", name, resp.StatusCode, resp.Header, body)
		}
	}
	resp, body := p.Asks(t, http.MethodGet, "/socket.io/?EIO=4&transport=websocket", "", withoutUpgrade(p.URL))
	if resp.StatusCode != http.StatusUpgradeRequired || resp.Header.Get("Upgrade") != "websocket" || !strings.Contains(body, "proxy") {
		t.Errorf("Socket.IO: got %d %v %s", resp.StatusCode, resp.Header, body)
	}
}

func TestTheLogSaysOnceThatAProxyDropsUpgrade(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SetUp(t)
	const line = "may not pass on Upgrade"
	p.Asks(t, http.MethodGet, "/ws", "", http.Header{})
	if strings.Contains(p.Stderr.String(), line) {
		t.Error("the log blames a proxy for somebody who looks at the address")
	}
	for range 20 {
		p.Asks(t, http.MethodGet, "/ws", "", withoutUpgrade(p.URL))
		p.Asks(t, http.MethodGet, "/socket.io/?EIO=4&transport=websocket", "", withoutUpgrade(p.URL))
		p.Asks(t, http.MethodPost, "/api/login", "{}", http.Header{"Origin": {"https://evil.example"}})
	}
	wait.Until(t, "the log says so", func() bool { return strings.Contains(p.Stderr.String(), line) })
	for _, what := range []string{line, "refused a page of another site"} {
		if n := strings.Count(p.Stderr.String(), what); n != 1 {
			t.Errorf("%q stands there %d times, want once", what, n)
		}
	}
}

// Warnings of one kind take no place from those of another, and nobody makes a long line of the log.
func TestStrangersCannotKeepAWarningOutOfTheLog(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SetUp(t)
	for i := range 40 {
		page := fmt.Sprintf("https://%d.%s.example", i, strings.Repeat("x", 2000))
		p.Asks(t, http.MethodPost, "/api/login", "{}", http.Header{"Origin": {page}})
	}
	p.Asks(t, strings.Repeat("GET", 5000), "/api/me", "", nil)
	for _, path := range []string{"/r/", "/api/rooms/"} {
		p.Asks(t, http.MethodGet, path+strings.Repeat("%E2%80%8B", 3000), "", nil) // the log has six bytes for each
	}
	p.Asks(t, http.MethodGet, "/ws", "", withoutUpgrade(p.URL))
	wait.Until(t, "the log warns of a proxy, and has the requests", func() bool {
		log := p.Stderr.String()
		return strings.Contains(log, "may not pass on Upgrade") && strings.Contains(log, "path=\"/api/rooms/") &&
			strings.Contains(log, "GETGET")
	})
	for line := range strings.Lines(p.Stderr.String()) {
		if len(line) > 1000 {
			t.Fatalf("a line of %d bytes: %.200s", len(line), line)
		}
	}
}
