//go:build unported

// The Socket.IO door, spoken to by polling as its clients do.

package tests

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/chat"
)

// poller is a client of Socket.IO that polls.
type poller struct {
	who *harness.Person
	sid string
}

// polls opens a session and asks for the tutorial's namespace.
func (who *harness.Person) polls(t *testing.T, query, auth string) *poller {
	t.Helper()
	status, body := who.Try(t, http.MethodGet, "/socket.io/?EIO=4&transport=polling"+query, nil)
	_, rest, found := strings.Cut(string(body), `"sid":"`)
	if status != http.StatusOK || !found {
		t.Fatalf("got status %d: %s", status, body)
	}
	sid, _, _ := strings.Cut(rest, `"`)
	p := &poller{who, sid}
	p.Send(t, "40/chat,"+auth)
	return p
}

func (p *poller) path() string { return "/socket.io/?EIO=4&transport=polling&sid=" + p.sid }

func (p *poller) send(t *testing.T, packet string) {
	t.Helper()
	if status, body := p.who.Try(t, http.MethodPost, p.path(), packet); status != http.StatusOK {
		t.Fatalf("got status %d: %s", status, body)
	}
}

// wants polls until so many packets have come, each with what it has to hold.
func (p *poller) wants(t *testing.T, all ...string) {
	t.Helper()
	var got []string
	for len(got) < len(all) {
		status, body := p.who.Try(t, http.MethodGet, p.path(), nil)
		if status != http.StatusOK {
			t.Fatalf("got status %d: %s, after %q", status, body, got)
		}
		got = append(got, strings.Split(string(body), "\x1e")...)
	}
	for i, want := range all {
		if !strings.Contains(got[i], want) {
			t.Errorf("got %q, want %q", got[i], want)
		}
	}
	if len(got) > len(all) {
		t.Errorf("got %q, want no more than %q", got, all)
	}
}

func TestASocketIOClientTalksWithBrowsers(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	browser := ann.Dial(t)
	client := bob.polls(t, "&token="+bob.token(t), "")
	client.wants(t, `40/chat,{"sid":`)
	client.Send(t, `42/chat,["sendMessage",{"user":"ann","message":"hello"}]`)
	client.wants(t, `42/chat,["receiveMessage",{"user":"bob","message":"hello","room":"general","seq":1,"at":`)
	var added chat.MessageAdded
	browser.ExpectInto(t, "message.added", &added)
	if added.Message.Body != "hello" || added.Message.AuthorID != bob.User.ID {
		t.Errorf("the browser saw %+v", added.Message)
	}
	ann.Says(t, ann.Direct(t, bob).ID, "only you")
	client.wants(t, `42/chat,["receivePrivateMessage",{"from":"ann","message":"only you","room":"","seq":1,"at":`)

	client.Send(t, `42/chat,7["broadcast",{"message":"may not"}]`)
	client.wants(t, `43/chat,7[{"error":{"code":"forbidden"`)
	client.Send(t, `42/chat,["broadcast",{"message":"may not"}]`)
	client.wants(t, `42/chat,["exception",{"code":"forbidden"`)
	client.Send(t, `42/chat,8["privateMessage",{"toUserId":"ann","message":"answered"}]`)
	client.wants(t, `43/chat,8[{"seq":2}]`) // and no event: it is told to the others
}

func TestASocketIOClientThatComesBackIsToldWhatItMissed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	before := ann.Says(t, general, "before")
	for waited := before; waited.CreatedAt == before.CreatedAt; { // by the clock there is something after it
		waited = ann.Says(t, general, "missed")
	}
	ann.Says(t, ann.Direct(t, bob).ID, "and this")
	shop := ann.notifier(t)
	shop.notifies(t, "early", "read already", "bob")
	bob.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{Seq: 1}, http.StatusOK, nil)
	shop.notifies(t, "late", "on its way", "bob", "ann")
	auth := fmt.Sprintf(`{"token":%q,"since":%d}`, bob.token(t), before.CreatedAt)
	client := bob.polls(t, "", auth)
	client.wants(t, `40/chat,{"sid":`, `["receiveMessage",{"user":"ann","message":"missed"`, `["receivePrivateMessage",{"from":"ann","message":"and this"`,
		`["receiveNotification",{"from":"shop","title":"on its way","seq":2,`)
	ann.Says(t, general, "live")
	client.wants(t, `["receiveMessage",{"user":"ann","message":"live"`)
	shop.notifies(t, "live", "delivered", "bob")
	client.wants(t, `["receiveNotification",{"from":"shop","title":"delivered","seq":3,`)
}

func TestASocketIOClientHasToSayWhoItIs(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--allow-origin=https://app.example")
	ann := p.SetUp(t)
	nobody := p.Visitor(t, "nobody")
	nobody.polls(t, "", "").wants(t, `44/chat,{"message":"sign in first"`)
	nobody.polls(t, "&token=wrong", "").wants(t, `44/chat,{"message":"sign in first"`)
	nobody.polls(t, "", `{"token":"wrong"}`).wants(t, `44/chat,{"message":"sign in first"`)

	// A cookie counts only for a page of ours, and a page of another site has to be on the list.
	ann.polls(t, "", "").wants(t, `40/chat,{"sid":`)
	nowhere := *ann
	nowhere.Origin = ""
	nowhere.polls(t, "", "").wants(t, `44/chat,{"message":"sign in first"`)
	// Nor does a browser name the origin of a page that only reads from its own site.
	for site, want := range map[string]string{"same-origin": `40/chat,{"sid":`, "cross-site": `44/chat,{"message":"sign in first"`} {
		ownPage := nowhere
		client := *ann.client
		client.Transport = fetching{site, ann.client.Transport}
		ownPage.client = &client
		ownPage.polls(t, "", "").wants(t, want)
	}
	elsewhere := *ann
	elsewhere.Origin = "https://app.example"
	elsewhere.polls(t, "", "").wants(t, `40/chat,{"sid":`)
	elsewhere.Origin = "https://other.example"
	if status, body := elsewhere.Try(t, http.MethodGet, "/socket.io/?EIO=4&transport=polling", nil); status != http.StatusForbidden {
		t.Errorf("got status %d: %s", status, body)
	}
}

// fetching says of each request what a browser says of it.
type fetching struct {
	site string
	http.RoundTripper
}

func (f fetching) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Sec-Fetch-Site", f.site)
	return f.RoundTripper.RoundTrip(r)
}

func TestASocketIOClientFromTheFarFutureMissedNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	ann.Says(t, general, "before")
	client := ann.polls(t, "", `{"since":1e300}`)
	client.wants(t, `40/chat,{"sid":`)
	ann.Says(t, general, "live")
	client.wants(t, `["receiveMessage",{"user":"ann","message":"live"`)
}

func TestAPanicWhileASocketIOClientConnectsEndsThatOneAlone(t *testing.T) {
	t.Parallel()
	var panics atomic.Int64 // at the second look on the clock, which is when the client is noted already
	p := startParts(t, func(p *parts) {
		now := p.server.tokens.now
		p.server.tokens.now = func() time.Time {
			if panics.Add(-1) == 0 {
				panic("in a test")
			}
			return now()
		}
	})
	ann := p.SetUp(t)
	client := ann.polls(t, "", "")
	client.wants(t, `40/chat,{"sid":`)
	panics.Store(2)
	unlucky := ann.polls(t, "", "")
	if status, body := ann.Try(t, http.MethodGet, unlucky.path(), nil); status != http.StatusBadRequest {
		t.Errorf("the session goes on: %d %s", status, body)
	}
	ann.Says(t, ann.Room(t, "general").ID, "hello")
	client.wants(t, `"message":"hello"`)
	sockets := p.server.sockets
	sockets.mu.Lock()
	defer sockets.mu.Unlock()
	if len(sockets.all) != 1 {
		t.Errorf("%d sockets are remembered", len(sockets.all))
	}
}

func TestASessionThatEndsEndsItsSocketIOClients(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	client := ann.polls(t, "", "")
	client.wants(t, `40/chat,{"sid":`)
	ann.Post(t, "/api/logout", nil, http.StatusNoContent, nil)
	client.wants(t, `41/chat,`, "1")
}

func TestSocketIOSessionsCountWithAllSockets(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sockets-per-address=3")
	ann := p.SetUp(t)
	browser := ann.Dial(t)
	first := ann.polls(t, "", "")
	first.wants(t, `40/chat,{"sid":`)
	ann.polls(t, "", "")
	if status, _ := ann.Try(t, http.MethodGet, "/socket.io/?EIO=4&transport=polling", nil); status != http.StatusForbidden {
		t.Errorf("got status %d for one too many", status)
	}
	browser.Conn.Close()
	first.Send(t, "1") // leaves
	wait.Until(t, "there is a place again", func() bool {
		status, _ := ann.Try(t, http.MethodGet, "/socket.io/?EIO=4&transport=polling", nil)
		return status == http.StatusOK
	})
}
