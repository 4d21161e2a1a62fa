//go:build proxies

package proxies

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/chat"
	"parley/client"
	"parley/internal/wait"
	"parley/tests/harness"
)

// away is where the clients of these tests come from. It must not be the proxy's address.
const away = "127.0.0.2"

// house is a server behind a proxy.
type house struct {
	listens string // where the server listens
	port    string // of the proxy
	data    string
	behind  *harness.Program // the server itself
	front   *harness.Program // the server as people reach it
}

func (h *house) start(t testing.TB) {
	t.Helper()
	h.behind = harness.StartBehind(t, h.data, "--listen="+h.listens, "--url=https://"+name+":"+h.port,
		"--trusted-proxy=127.0.0.1")
	front := *h.behind
	front.URL, front.Through = "https://"+name+":"+h.port, asIs(h.port, away)
	h.front = &front
}

// proxy starts a proxy in front of a server. seconds is how long it leaves a silent socket alone; pairs are further
// differences from what the document has.
type proxy = func(t testing.TB, server string, seconds int, pairs ...string) (port string)

func TestBehindAProxyAllGoesAsWithout(t *testing.T) {
	for proxyName, start := range map[string]proxy{"nginx": nginx, "Caddy": caddy, "Apache": apache, "Traefik": traefik} {
		t.Run(proxyName, func(t *testing.T) {
			t.Parallel()
			h := &house{data: t.TempDir(), listens: harness.FreeAddress(t)}
			h.port = start(t, h.listens, idle)
			h.start(t)
			ann := h.front.SetUp(t)
			bob := h.front.SignUp(t, ann, "bob")
			silent := ann.Dial(t)
			since := time.Now()

			t.Run("the cookie is secure", func(t *testing.T) { cookieIsSecure(t, h) })
			t.Run("a message comes", func(t *testing.T) { messageComes(t, ann, bob) })
			t.Run("sizes", func(t *testing.T) { sizes(t, ann) })
			t.Run("Socket.IO polls", func(t *testing.T) { polls(t, ann, bob) })
			t.Run("addresses are told apart", func(t *testing.T) { addresses(t, h) })
			t.Run("a foreign name is refused", func(t *testing.T) { foreignName(t, h) })
			t.Run("silence", func(t *testing.T) {
				<-time.After(time.Until(since.Add((idle + 10) * time.Second)))
				silent.Settle(t)
			})
			t.Run("a restart loses nothing", func(t *testing.T) { restart(t, h, ann, bob) })
		})
	}
}

// A proxy that waits for less than the time between two pings closes the socket: the settings above do work.
func TestAProxyClosesWhatIsSilentForTooLong(t *testing.T) {
	for proxyName, start := range map[string]proxy{"nginx": nginx, "Apache": apache} {
		t.Run(proxyName, func(t *testing.T) {
			t.Parallel()
			h := &house{data: t.TempDir(), listens: harness.FreeAddress(t)}
			h.port = start(t, h.listens, 3)
			h.start(t)
			silent := h.front.SetUp(t).Dial(t)
			select {
			case <-silent.Closed:
			case <-time.After(wait.Patience):
				t.Error("the socket is still open")
			}
		})
	}
}

// Without the lines for WebSockets, the log says what is wrong, and so does the answer.
func TestALineOfTheLogNamesAProxyThatDropsUpgrade(t *testing.T) {
	for proxyName, c := range map[string]struct {
		start proxy
		pairs []string
	}{
		"nginx": {nginx, []string{
			"proxy_set_header Upgrade    $http_upgrade;", "", "proxy_set_header Connection $connection_upgrade;", "",
		}},
		"Apache": {apache, []string{"upgrade=websocket ", ""}},
	} {
		t.Run(proxyName, func(t *testing.T) {
			t.Parallel()
			h := &house{data: t.TempDir(), listens: harness.FreeAddress(t)}
			h.port = c.start(t, h.listens, idle, c.pairs...)
			h.start(t)
			ann := h.front.SetUp(t)
			for range 3 {
				_, resp, err := ann.Upgrade(nil, chat.Subprotocol)
				if err == nil || resp == nil || resp.StatusCode != http.StatusUpgradeRequired {
					t.Fatalf("got %v (%v), want 426", resp, err)
				}
			}
			const line = "a proxy in front of the server may not pass on Upgrade"
			wait.Until(t, "the log says so", func() bool { return strings.Contains(h.behind.Stderr.String(), line) })
			if n := strings.Count(h.behind.Stderr.String(), line); n != 1 {
				t.Errorf("the log says it %d times", n)
			}
		})
	}
}

func cookieIsSecure(t *testing.T, h *house) {
	login := harness.AsJSON(t, chat.Login{Name: "ann", Password: harness.GoodPassword})
	resp, body := asks(t, h, http.MethodPost, "/api/login", login, nil)
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Strict-Transport-Security") == "" {
		t.Fatalf("got %d %v %s", resp.StatusCode, resp.Header, body)
	}
	if !slices.ContainsFunc(resp.Cookies(), func(c *http.Cookie) bool { return c.Name == "__Host-parley" && c.Secure }) {
		t.Errorf("the cookies are %v", resp.Cookies())
	}
}

func messageComes(t *testing.T, ann, bob *harness.Person) {
	general := ann.Room(t, "general").ID
	one, other := ann.Dial(t), bob.Dial(t)
	sent := one.Says(t, general, "over the socket")
	if m := other.ExpectMessage(t); m.Seq != sent.Seq || m.Body != "over the socket" {
		t.Errorf("bob got %+v", m)
	}
	bob.Says(t, general, "over HTTP 你好")
	one.ExpectMessage(t) // ann's own
	if m := one.ExpectMessage(t); m.Body != "over HTTP 你好" {
		t.Errorf("ann got %+v", m)
	}
	path := harness.MessagePath(general, sent.Seq) + "/reactions/%E2%9D%A4%EF%B8%8F"
	bob.Call(t, http.MethodPut, path, nil, http.StatusOK, nil) // a proxy must not decode the path
	one.Expect(t, "message.changed")
}

// The largest requests that the server takes pass, and it says itself that a larger one is too big.
func sizes(t *testing.T, ann *harness.Person) {
	const most = 1 << 20
	padded := func(key string, bytes int) string {
		text := harness.AsJSON(t, chat.NewNotification{To: []string{"bob"}, Title: "large", Key: key})
		return text + strings.Repeat(" ", bytes-len(text))
	}
	ann.Post(t, "/api/notifications", padded("largest", most), http.StatusCreated, nil)
	if e := ann.Refused(t, chat.FrameTooBig, http.MethodPost, "/api/notifications", padded("larger", most+1)); e.Limit != most {
		t.Errorf("the limit is %d, want %d", e.Limit, most)
	}
	long := strings.Repeat("好", 10_000)
	sock, general := ann.Dial(t), ann.Room(t, "general").ID
	sock.Says(t, general, long)
	if page := ann.History(t, general, "?limit=1"); page.Messages[0].Body != long {
		t.Error("the longest message did not come back as it was")
	}
}

func polls(t *testing.T, ann, bob *harness.Person) {
	poller := bob.Polls(t, "&token="+bob.Token(t), "")
	poller.Wants(t, `40/chat,{"sid":`)
	ann.Says(t, ann.Room(t, "general").ID, "for the poller")
	poller.Wants(t, `["receiveMessage",{"user":"ann","message":"for the poller"`)
	poller.Send(t, `42/chat,7["privateMessage",{"toUserId":"ann","message":"from the poller"}]`)
	poller.Wants(t, `43/chat,7[{"seq":1}]`) // and no event: it is told to the others
}

// The server counts for the address of whoever connects to the proxy, whatever else the client says.
func addresses(t *testing.T, h *house) {
	for header, value := range map[string]string{
		"X-Forwarded-For": "198.51.100.1", "Forwarded": "for=198.51.100.1", "X-Real-Ip": "198.51.100.1", "X-Nothing": "",
	} {
		path := "/api/server?" + header // which marks the line in the log
		resp, _ := asks(t, h, http.MethodGet, path, "", http.Header{header: {value}})
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: got %d", header, resp.StatusCode)
		}
	}
	wait.Until(t, "the requests are in the log", func() bool {
		return strings.Count(h.behind.Stderr.String(), "path=/api/server ") >= 4
	})
	for line := range strings.Lines(h.behind.Stderr.String()) {
		if strings.Contains(line, "path=/api/server ") && !strings.Contains(line, "address="+away) {
			t.Errorf("the address is not that of the client: %s", line)
		}
	}
}

// Nobody reaches the server under a name that is not its own, also not by saying that the proxy was asked under it.
func foreignName(t *testing.T, h *house) {
	for _, header := range []string{"X-Forwarded-Host", "X-Nothing"} {
		resp, body := asks(t, h, http.MethodGet, "/api/server", "", http.Header{"Host": {"evil.example"}, header: {name}})
		if strings.Contains(body, `"version"`) {
			t.Errorf("%s: the server answered %d %s", header, resp.StatusCode, body)
		}
	}
}

// restart stops the server and starts it again while a program sends and another listens.
func restart(t *testing.T, h *house, ann, bob *harness.Person) {
	ctx, cancel := context.WithTimeout(t.Context(), wait.Patience)
	defer cancel()
	general := ann.Room(t, "general").ID
	var mu sync.Mutex
	var heard []string
	open := func(token string, on func(*client.Client, any)) *client.Client {
		c, err := client.Open(ctx, client.Options{URL: h.front.URL, Token: token, OnEvent: on, Dial: dialTo(h.port, away)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.Close)
		wait.Until(t, "the client has a socket", c.Online)
		return c
	}
	open(ann.Token(t), func(_ *client.Client, event any) {
		if added, ok := event.(chat.MessageAdded); ok {
			mu.Lock()
			defer mu.Unlock()
			heard = append(heard, added.Message.Body)
		}
	})
	sender := open(bob.Token(t), nil)
	var want []string
	say := func() {
		body := fmt.Sprintf("message %d", len(want))
		want = append(want, body)
		delivery, err := sender.Queue(chat.MessageSend{RoomID: general, Draft: harness.Draft(body)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { delivery.Wait(ctx) })
	}
	for range 5 {
		say()
	}
	h.behind.Process().Stop() // in a moment, whatever its sockets do
	// Somebody notices, and the proxy may remember that there is no server.
	if resp, _ := asks(t, h, http.MethodGet, "/readyz", "", nil); resp.StatusCode < 500 {
		t.Errorf("without a server the proxy answers %d", resp.StatusCode)
	}
	for range 5 {
		say()
	}
	h.start(t)
	for range 5 {
		say()
	}
	wait.Until(t, "everything has come", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(heard) >= len(want)
	})
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(heard, want) {
		t.Errorf("ann heard %q, want %q", heard, want)
	}
}

// asks makes a request without a browser. A header named Host replaces the host.
func asks(t testing.TB, h *house, method, path, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.front.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/json")
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	transport := asIs(h.port, away)
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}
