// Socket.IO clients beside people with browsers. They poll, as these clients do first.

package tests

import (
	"fmt"
	"net/http"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

func TestASocketIOClientTalksWithBrowsers(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	browser := ann.Dial(t)
	client := bob.Polls(t, "&token="+bob.Token(t), "")
	client.Wants(t, `40/chat,{"sid":`)
	client.Send(t, `42/chat,["sendMessage",{"user":"ann","message":"hello"}]`)
	client.Wants(t, `42/chat,["receiveMessage",{"user":"bob","message":"hello","room":"general","seq":1,"at":`)
	var added chat.MessageAdded
	browser.ExpectInto(t, "message.added", &added)
	if added.Message.Body != "hello" || added.Message.AuthorID != bob.User.ID {
		t.Errorf("the browser saw %+v", added.Message)
	}
	ann.Says(t, ann.Direct(t, bob).ID, "only you")
	client.Wants(t, `42/chat,["receivePrivateMessage",{"from":"ann","message":"only you","room":"","seq":1,"at":`)

	client.Send(t, `42/chat,7["broadcast",{"message":"may not"}]`)
	client.Wants(t, `43/chat,7[{"error":{"code":"forbidden"`)
	client.Send(t, `42/chat,["broadcast",{"message":"may not"}]`)
	client.Wants(t, `42/chat,["exception",{"code":"forbidden"`)
	client.Send(t, `42/chat,8["privateMessage",{"toUserId":"ann","message":"answered"}]`)
	client.Wants(t, `43/chat,8[{"seq":2}]`) // and no event: it is told to the others
}

func TestASocketIOClientThatComesBackIsToldWhatItMissed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	before := ann.Says(t, general, "before")
	ann.Says(t, general, "missed")
	ann.Says(t, ann.Direct(t, bob).ID, "and this")
	shop := ann.Makes(t, "shop", []chat.Scope{chat.ScopeNotify})
	shop.Notifies(t, "early", "read already", "bob")
	bob.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{Seq: new(int64(1))}, http.StatusOK, nil)
	shop.Notifies(t, "late", "on its way", "bob", "ann")
	auth := fmt.Sprintf(`{"token":%q,"since":%d}`, bob.Token(t), before.CreatedAt)
	client := bob.Polls(t, "", auth)
	client.Wants(t, `40/chat,{"sid":`, `["receiveMessage",{"user":"ann","message":"missed"`, `["receivePrivateMessage",{"from":"ann","message":"and this"`,
		`["receiveNotification",{"from":"shop","title":"on its way","seq":2,`)
	ann.Says(t, general, "live")
	client.Wants(t, `["receiveMessage",{"user":"ann","message":"live"`)
	shop.Notifies(t, "live", "delivered", "bob")
	client.Wants(t, `["receiveNotification",{"from":"shop","title":"delivered","seq":3,`)
}

func TestASocketIOClientHasToSayWhoItIs(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--allow-origin=https://app.example")
	ann := p.SetUp(t)
	nobody := p.Visitor(t, "nobody")
	nobody.Polls(t, "", "").Wants(t, `44/chat,{"message":"sign in first"`)
	nobody.Polls(t, "&token=wrong", "").Wants(t, `44/chat,{"message":"sign in first"`)
	nobody.Polls(t, "", `{"token":"wrong"}`).Wants(t, `44/chat,{"message":"sign in first"`)

	// A cookie counts only for a page of ours, and a page of another site has to be on the list.
	ann.Polls(t, "", "").Wants(t, `40/chat,{"sid":`)
	nowhere := *ann
	nowhere.Origin = ""
	nowhere.Polls(t, "", "").Wants(t, `44/chat,{"message":"sign in first"`)
	// Nor does a browser name the origin of a page that only reads from its own site.
	for site, want := range map[string]string{"same-origin": `40/chat,{"sid":`, "cross-site": `44/chat,{"message":"sign in first"`} {
		ownPage := nowhere
		client := *ann.Client
		client.Transport = fetching{site, ann.Client.Transport}
		ownPage.Client = &client
		ownPage.Polls(t, "", "").Wants(t, want)
	}
	elsewhere := *ann
	elsewhere.Origin = "https://app.example"
	elsewhere.Polls(t, "", "").Wants(t, `40/chat,{"sid":`)
	elsewhere.Origin = "https://other.example"
	if status, body := elsewhere.Try(t, http.MethodGet, harness.Handshake, nil); status != http.StatusForbidden {
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

// Nobody was told of a time that is still to come, except by a clock that was ahead. So nobody knows what such a
// client missed, and it gets what there is.
func TestASocketIOClientFromTheFarFutureMayHaveMissedAnything(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	ann.Says(t, general, "before")
	client := ann.Polls(t, "", `{"since":1e300}`)
	client.Wants(t, `40/chat,{"sid":`)
	client.Wants(t, `["receiveMessage",{"user":"ann","message":"before"`)
	ann.Says(t, general, "live")
	client.Wants(t, `["receiveMessage",{"user":"ann","message":"live"`)
}

func TestASessionThatEndsEndsItsSocketIOClients(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	client := ann.Polls(t, "", "")
	client.Wants(t, `40/chat,{"sid":`)
	ann.Post(t, "/api/logout", nil, http.StatusNoContent, nil)
	client.Wants(t, `41/chat,`)
	client.IsOver(t)
}

func TestSocketIOSessionsCountWithAllSockets(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sockets-per-user=3")
	ann := p.SetUp(t)
	browser := ann.Dial(t)
	first := ann.Polls(t, "", "")
	first.Wants(t, `40/chat,{"sid":`)
	ann.Polls(t, "", "")
	if status, _ := ann.Try(t, http.MethodGet, harness.Handshake, nil); status != http.StatusForbidden {
		t.Errorf("got status %d for one too many", status)
	}
	browser.Conn.Close()
	first.Send(t, "1") // leaves
	wait.Until(t, "there is a place again", func() bool {
		status, _ := ann.Try(t, http.MethodGet, harness.Handshake, nil)
		return status == http.StatusOK
	})
}
