// The names under which the server answers: those nobody has confirmed are refused, which stops DNS rebinding.

package tests

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
	"parley/metrics"
	"parley/store/sqlite"
	"parley/tests/harness"
	"parley/web"
)

// under asks for a path as a browser that opened the server under a name.
func under(t *testing.T, p *harness.Program, host, method, path string, more http.Header) (*http.Response, string) {
	t.Helper()
	header := http.Header{"Host": {host}}
	for name, values := range more {
		header[name] = values
	}
	return p.Asks(t, method, path, "{}", header)
}

// answersUnder tells whether the server answers under a name.
func answersUnder(t *testing.T, p *harness.Program, host string) bool {
	t.Helper()
	resp, _ := under(t, p, host, http.MethodGet, "/api/server", nil)
	return resp.StatusCode == http.StatusOK
}

func TestEveryRouteRefusesNamesThatNobodyConfirmed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--metrics-token=a-token-of-16-bytes")
	p.SetUp(t)
	upgrade := http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}, "Origin": {"http://evil.example"},
	}
	probes := map[string]bool{"/healthz": true, "/readyz": true, metrics.Path: true}
	routes := append(harness.Routes(t),
		web.Description{Method: "GET", Path: "/api/nothing"}, web.Description{Method: "TRACE", Path: "/"},
		web.Description{Method: "OPTIONS", Path: "/api/me"}, web.Description{Method: "OPTIONS", Path: "*"},
		web.Description{Method: "GET", Path: "/socket.io/?EIO=4&transport=websocket"})
	for _, route := range routes {
		path := strings.ReplaceAll(strings.ReplaceAll(route.Path, "/:", "/1"), "/*", "/")
		if path == "*" {
			path = "/" // written by hand below: clients cannot ask for it
		}
		for name, header := range map[string]http.Header{"plain": nil, "an upgrade": upgrade} {
			resp, body := under(t, p, "evil.example:3000", route.Method, path, header)
			if probes[path] {
				if resp.StatusCode == http.StatusMisdirectedRequest {
					t.Errorf("%s %s, %s: the probe was refused", route.Method, path, name)
				}
				continue
			}
			if resp.StatusCode != http.StatusMisdirectedRequest {
				t.Errorf("%s %s, %s: got %d %s, want 421", route.Method, path, name, resp.StatusCode, body)
				continue
			}
			if route.Method != http.MethodHead &&
				(!strings.Contains(body, `"wrong_host"`) || !strings.Contains(body, "parley host add evil.example")) {
				t.Errorf("%s %s, %s: got %s, want the command that allows the name", route.Method, path, name, body)
			}
			if got := resp.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("%s %s: the type is %q", route.Method, path, got)
			}
			if len(resp.Header.Values("Set-Cookie"))+len(resp.Header.Values("Access-Control-Allow-Origin")) > 0 {
				t.Errorf("%s %s: got %v", route.Method, path, resp.Header)
			}
		}
	}
	resp, body := under(t, p, "evil.example", http.MethodGet, metrics.Path, http.Header{"Authorization": {"Bearer a-token-of-16-bytes"}})
	if resp.StatusCode != http.StatusOK || !strings.Contains(body, "parley_sockets") {
		t.Errorf("a scrape with its token got %d", resp.StatusCode)
	}
	if answer := written(t, p, "OPTIONS * HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 421 ") {
		t.Errorf("OPTIONS * got %s", answer)
	}
	if answer := written(t, p, "GET /api/server HTTP/1.0\r\n\r\n"); !strings.Contains(answer, "wrong_host") {
		t.Errorf("a request without a host got %s", answer)
	}
}

// written sends bytes to the server as they are, and returns all that comes back.
func written(t *testing.T, p *harness.Program, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(wait.Patience))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil && len(answer) == 0 {
		t.Fatal(err)
	}
	return string(answer)
}

func TestAPersonReadsWhyANameIsRefused(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SetUp(t)
	page := http.Header{"Accept": {"text/html,*/*;q=0.8"}, "Sec-Fetch-Mode": {"navigate"}}
	resp, body := under(t, p, "chat.lan:3000", http.MethodGet, "/rooms/1", page)
	if resp.StatusCode != http.StatusMisdirectedRequest || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") ||
		strings.Count(body, "parley host add chat.lan") != 2 {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	for range 3 { // whoever runs the server reads it too, once in a while
		under(t, p, "chat.lan:3000", http.MethodGet, "/api/me", nil)
	}
	if log := p.Stderr.String(); strings.Count(log, "parley host add chat.lan") != 1 {
		t.Errorf("the log does not name the command once: %s", log)
	}
	_, body = under(t, p, `<script>alert(1)</script>`, http.MethodGet, "/", page)
	if strings.Contains(body, "alert") {
		t.Errorf("the page has a name that is no name: %s", body)
	}
}

// Strangers choose the names that they ask under, and write no more than a few lines by that.
func TestNamesThatAreRefusedFillNoLog(t *testing.T) {
	t.Parallel()
	const most = 32
	p := harness.Start(t)
	p.SetUp(t)
	for i := range 3 * most {
		under(t, p, fmt.Sprintf("n%d.example", i), http.MethodGet, "/api/server", nil)
	}
	if n := strings.Count(p.Stderr.String(), "parley host add"); n == 0 || n > most {
		t.Errorf("%d names stand in the log, want at most %d", n, most)
	}
}

func TestLocalNamesAndAddressesAreAlwaysAnswered(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SetUp(t)
	for host, want := range map[string]bool{
		"localhost": true, "localhost:1": true, "LOCALHOST.:80": true, "chat.localhost": true,
		"127.0.0.1": true, "192.168.1.5:3000": true, "[::1]:3000": true, "[fe80::1]": true, "8.8.8.8": true,
		"chat.lan": false, "127.0.0.1.nip.io": false, "localhost.evil.example": false, "a.example, localhost": false,
	} {
		if got := answersUnder(t, p, host); got != want {
			t.Errorf("%q: answered %v, want %v", host, got, want)
		}
	}
}

func TestTheSetUpConfirmsTheNameItIsOpenedUnder(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	wait.Until(t, "the server prints a link for its owner", func() bool { return p.SetupCode() != "" })
	for _, host := range []string{"chat.lan", "other.lan"} { // nothing to protect yet, and the set-up asks for its code
		if !answersUnder(t, p, host) {
			t.Fatalf("%s is refused before the set-up", host)
		}
	}
	setup := harness.AsJSON(t, chat.Setup{Code: p.SetupCode(), ServerName: "Home", NewAccount: harness.Account("ann")})
	setsUp := func(want int) {
		t.Helper()
		resp, body := p.Asks(t, http.MethodPost, "/api/setup", setup, http.Header{"Host": {"Chat.LAN:3000"}, "Origin": {"http://chat.lan:3000"}})
		if resp.StatusCode != want {
			t.Fatalf("got %d %s, want %d", resp.StatusCode, body, want)
		}
	}
	// A name that cannot be confirmed leaves nothing of the set-up behind: nobody could open the server under it.
	harness.Execute(t, p.Database(), `WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 100)
		INSERT INTO hosts (name, added_at) SELECT value || '.lan', 0 FROM n`)
	setsUp(http.StatusUnprocessableEntity)
	if !answersUnder(t, p, "other.lan") {
		t.Error("the server is set up although its set-up was refused")
	}
	harness.Execute(t, p.Database(), `DELETE FROM hosts`)
	setsUp(http.StatusCreated)
	if !answersUnder(t, p, "chat.lan") || answersUnder(t, p, "other.lan") {
		t.Error("want chat.lan answered, other.lan refused")
	}
	p = p.Restart(t)
	if !answersUnder(t, p, "chat.lan") || answersUnder(t, p, "other.lan") {
		t.Error("after a restart: want chat.lan answered, other.lan refused")
	}
}

func TestTheOperatorConfirmsNamesWhetherTheServerRunsOrNot(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	p.SetUp(t)
	harness.Run(t, "host", "add", "--data", data, "Chat.LAN:3000")
	if !answersUnder(t, p, "chat.lan") {
		t.Error("the name is refused after it was added while the server runs")
	}
	if got := harness.Run(t, "host", "list", "--data", data); got != "chat.lan\n" {
		t.Errorf("the list is %q", got)
	}
	harness.Run(t, "host", "remove", "--data", data, "chat.lan")
	if answersUnder(t, p, "chat.lan") {
		t.Error("the name is answered after it was removed")
	}
	harness.Launch(t, nil, "host", "remove", "--data", data, "chat.lan").RefusesInOneLine(t, "there is no such name")
	harness.Launch(t, nil, "host", "add", "--data", data, "a b").RefusesInOneLine(t, "use the name of a host")
	harness.Launch(t, nil, "host", "add", "--data", data, "127.0.0.1").RefusesInOneLine(t, "always answers under 127.0.0.1")
	p.Stop()
	harness.Run(t, "host", "add", "--data", data, "chat.lan")
	harness.Run(t, "host", "add", "--data", data, "other.lan")
	harness.Run(t, "host", "remove", "--data", data, "other.lan")
	if got := harness.Run(t, "host", "list", "--data", data); got != "chat.lan\n" {
		t.Errorf("the list is %q", got)
	}
	p = harness.StartIn(t, data)
	if !answersUnder(t, p, "chat.lan") || answersUnder(t, p, "other.lan") {
		t.Error("want chat.lan answered, other.lan refused")
	}
}

func TestTheSettingNamesTheServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := harness.StartIn(t, data)
	p.SetUp(t)
	p.Stop()
	p = harness.StartBehind(t, data, "--url=https://Chat.example.com:8443", "--trusted-proxy=127.0.0.1")
	for host, want := range map[string]bool{
		"chat.example.com": true, "chat.example.com:8443": true, "localhost": true, "127.0.0.1": true,
		"other.example.com": false, "example.com": false,
	} {
		if got := answersUnder(t, p, host); got != want {
			t.Errorf("%q: answered %v, want %v", host, got, want)
		}
		// What a trusted proxy says of the name counts instead of the Host that it sends.
		resp, _ := under(t, p, "upstream", http.MethodGet, "/api/server", http.Header{"X-Forwarded-Host": {host}})
		if got := resp.StatusCode == http.StatusOK; got != want {
			t.Errorf("%q through the proxy: answered %v, want %v", host, got, want)
		}
	}
	p.Process().Stop()
	p = harness.StartIn(t, data)
	resp, _ := under(t, p, "evil.example", http.MethodGet, "/api/server", http.Header{"X-Forwarded-Host": {"localhost"}})
	if resp.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a forged X-Forwarded-Host got %d", resp.StatusCode)
	}
}

// upgraded has a data folder look as one that an earlier version used until a while ago.
func upgraded(t *testing.T, data string, ago time.Duration) {
	t.Helper()
	db, err := sql.Open("sqlite", sqlite.WriteDSN(filepath.Join(data, "parley.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE server SET hosts_since = $1`, time.Now().Add(-ago).UnixMilli()); err != nil {
		t.Fatal(err)
	}
}

func TestAServerThatIsUpgradedWarnsFirstAndLearnsItsNames(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	early := bob.Token(t)
	p.Stop()
	upgraded(t, data, 0)
	p = harness.StartIn(t, data)
	late := bob.On(p).Token(t)
	bot := ann.On(p).MakesToken(t, chat.NewToken{Bot: "builds", Scopes: harness.AllScopes()}).Token
	owner := ann.On(p).Token(t)
	for host, token := range map[string]string{
		"evil.example": "", "late.lan": late, "bot.lan": bot, "wrong.lan": "nonsense", "bob.lan": early, "ann.lan": owner,
	} {
		resp, body := under(t, p, host, http.MethodGet, "/api/me", http.Header{"Authorization": {"Bearer " + token}})
		if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: got %d %s; a server that learns answers under every name", host, resp.StatusCode, body)
		}
	}
	wait.Until(t, "the names are learned", func() bool {
		return harness.Run(t, "host", "list", "--data", data) == "ann.lan\nbob.lan\n"
	})
	if log := p.Stderr.String(); strings.Count(log, "host=evil.example") != 1 || !strings.Contains(log, "parley host add") {
		t.Errorf("the log has no warning, or several: %s", log)
	}
	p.Stop()
	upgraded(t, data, access.LearnHostsFor)
	p = harness.StartIn(t, data)
	for host, want := range map[string]bool{"ann.lan": true, "bob.lan": true, "late.lan": false, "bot.lan": false, "evil.example": false} {
		resp, _ := under(t, p, host, http.MethodGet, "/api/me", http.Header{"Authorization": {"Bearer " + owner}})
		if got := resp.StatusCode == http.StatusOK; got != want {
			t.Errorf("%s, after the time to learn: answered %v, want %v", host, got, want)
		}
	}
}

// The warnings of a server that learns, and what it learns, are bounded.
func TestNamesOfTheServerAreBounded(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	p.Stop()
	upgraded(t, data, 0)
	p = harness.StartIn(t, data, "--messages-per-second=1000", "--messages-burst=10000")
	bearer := http.Header{"Authorization": {"Bearer " + ann.On(p).Token(t)}}
	for i := range 50 {
		under(t, p, fmt.Sprintf("n%d.lan", i), http.MethodGet, "/api/me", bearer)
	}
	wait.Until(t, "names are learned", func() bool {
		return strings.Count(harness.Run(t, "host", "list", "--data", data), "\n") == 16
	})
	if n := strings.Count(p.Stderr.String(), "nobody has confirmed"); n != 32 {
		t.Errorf("%d warnings, want 32", n)
	}
	owner := ann.On(p)
	for i := range 100 - 16 {
		owner.Post(t, "/api/hosts", chat.NewHost{Name: fmt.Sprintf("m%d.lan", i)}, http.StatusCreated, nil)
	}
	owner.Refused(t, chat.Invalid, http.MethodPost, "/api/hosts", chat.NewHost{Name: "more.lan"})
	owner.Post(t, "/api/hosts", chat.NewHost{Name: "m1.lan"}, http.StatusCreated, nil) // it is there already
	if _, err := os.Stat(data); err != nil {
		t.Fatal(err)
	}
}
