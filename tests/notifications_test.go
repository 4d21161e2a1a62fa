// Notifications: whom they reach, what is kept of them, and who may send them.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// The bounds of notifications, as docs/notifications.md names them.
const (
	maxRecipients        = 10_000
	maxNotificationTitle = 200
	maxNotificationBody  = 4_000
	maxNotificationURL   = 2_048
	maxNotificationData  = 4 << 10
	maxNotificationKey   = 100
	maxNotifying         = 4
	maxInbox             = 500
	defaultPage          = 50
	notifyChunk          = 100 // inboxes that are written in one transaction
)

// notifier makes a program that may notify people.
func notifier(t *testing.T, owner *harness.Person) *harness.Person {
	t.Helper()
	return owner.Makes(t, "shop", []chat.Scope{chat.ScopeNotify})
}

// inboxOf is the newest page of a person's inbox.
func inboxOf(t *testing.T, who *harness.Person) chat.Notifications {
	t.Helper()
	var page chat.Notifications
	who.Get(t, "/api/notifications", &page)
	return page
}

func titles(list []chat.Notification) string {
	var all []string
	for _, n := range list {
		all = append(all, n.Title)
	}
	return strings.Join(all, " ")
}

func TestANotificationReachesThoseWhoAreThereAndWaitsForOthers(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob, eve := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "eve")
	shop := notifier(t, ann)
	annSock, eveSock := ann.Dial(t), eve.Dial(t)
	in := chat.NewNotification{
		To: []string{"Bob", " ann", "bob"}, Title: "Order 17 is on its way", Body: "It arrives\ntomorrow.", URL: "/orders/17",
		Data: json.RawMessage(`{"order": 17, "state": "sent <soon>"}`), Key: "order-17-sent",
	}
	var sent chat.NotificationSent
	shop.Post(t, "/api/notifications", in, http.StatusCreated, &sent)
	if sent.Key != in.Key || sent.Recipients != 2 || sent.CreatedAt == 0 {
		t.Errorf("the answer is %+v", sent)
	}
	var added chat.NotificationAdded
	annSock.ExpectInto(t, "notification.added", &added)
	check := func(who string, got chat.Notification) {
		t.Helper()
		if got.Seq != 1 || got.Title != in.Title || got.Body != in.Body || got.URL != in.URL || got.ReadAt != 0 ||
			!sameJSON(t, got.Data, in.Data) || got.SenderID != shop.User.ID || got.CreatedAt < sent.CreatedAt {
			t.Errorf("%s got %+v %s", who, got, got.Data)
		}
	}
	check("ann", added.Notification)
	if added.Unread != 1 || added.UserRev != annSock.Welcome.UserRev+1 {
		t.Errorf("ann is told %+v after %d", added, annSock.Welcome.UserRev)
	}

	// Bob was not there.
	bobSock, phone := bob.Dial(t), bob.Device(t).Dial(t)
	if got := bobSock.Welcome.Inbox; got != (chat.Inbox{Seq: 1, Unread: 1}) {
		t.Errorf("bob's inbox is %+v", got)
	}
	page := inboxOf(t, bob)
	if len(page.Notifications) != 1 || page.Inbox.Unread != 1 || page.Before || page.After || page.UserRev != bobSock.Welcome.UserRev {
		t.Fatalf("bob has %+v", page)
	}
	check("bob", page.Notifications[0])
	var read chat.NotificationsRead
	bob.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{Seq: new(int64(1))}, http.StatusOK, &read)
	for _, s := range []*harness.Sock{bobSock, phone} {
		var told chat.NotificationsRead
		if s.ExpectInto(t, "notification.read", &told); told != read || told.First != 1 || told.Last != 1 || told.Unread != 0 || told.UserRev != page.UserRev+1 {
			t.Errorf("bob is told %+v, want %+v", told, read)
		}
	}
	bob.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{Seq: new(int64(1))}, http.StatusOK, &read) // nothing changes
	if page := inboxOf(t, bob); page.Notifications[0].ReadAt == 0 || page.Inbox.Unread != 0 || page.UserRev != read.UserRev {
		t.Errorf("then bob has %+v", page)
	}
	if got := bob.Dial(t).Welcome.Inbox; got != (chat.Inbox{Seq: 1}) {
		t.Errorf("then bob's inbox is %+v", got)
	}

	eveSock.Settle(t)
	if got := inboxOf(t, eve); len(got.Notifications) != 0 || len(eveSock.Got("notification.added")) != 0 {
		t.Errorf("eve has %+v", got)
	}
	if inboxOf(t, ann).Inbox.Unread != 1 {
		t.Error("what bob read is read for ann")
	}
}

func TestTheSameKeyIsTheSameNotification(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	p.SignUp(t, ann, "bob")
	shop := notifier(t, ann)
	first := shop.Notifies(t, "key", "one", "ann", "bob")
	for _, again := range [][]string{{"ann", "bob"}, {"bob", "ann", "ANN"}} {
		if got := shop.Notifies(t, "key", "one", again...); got != first {
			t.Errorf("a resend got %+v, want %+v", got, first)
		}
	}
	for what, in := range map[string]chat.NewNotification{
		"another title": {To: []string{"ann", "bob"}, Title: "two", Key: "key"},
		"others":        {To: []string{"ann"}, Title: "one", Key: "key"},
		"a body":        {To: []string{"ann", "bob"}, Title: "one", Body: "body", Key: "key"},
		"an address":    {To: []string{"ann", "bob"}, Title: "one", URL: "/x", Key: "key"},
		"data":          {To: []string{"ann", "bob"}, Title: "one", Data: json.RawMessage(`1`), Key: "key"},
	} {
		if got := shop.Refused(t, chat.KeyReused, http.MethodPost, "/api/notifications", in); got.Field != "key" {
			t.Errorf("%s: got %+v", what, got)
		}
	}
	ann.Notifies(t, "key", "ann's own", "ann") // another sender's key is another one
	shop.Notifies(t, "other", "one", "ann")    // and so is another key
	if got := titles(inboxOf(t, ann).Notifications); got != "one ann's own one" {
		t.Errorf("ann has %q", got)
	}
}

func TestANameThatNobodyHasIsNamedAndNothingIsSent(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	shop := notifier(t, ann)
	in := chat.NewNotification{To: []string{"ann", "nobody", "no one", strings.Repeat("x", 1000)}, Title: "title", Key: "key"}
	for n := range 20 {
		in.To = append(in.To, fmt.Sprint("unknown", n))
	}
	got := shop.Refused(t, chat.Invalid, http.MethodPost, "/api/notifications", in)
	if got.Field != "to" || !strings.Contains(got.Message, `"nobody", "no one", "xxx`) ||
		!strings.HasSuffix(got.Message, " and 13 more") || len(got.Message) > 500 {
		t.Errorf("got %+v", got)
	}
	if page := inboxOf(t, ann); len(page.Notifications) != 0 {
		t.Errorf("ann has %+v", page)
	}
	shop.Notifies(t, "key", "title", "ann") // the key was not used
}

func TestAnInboxKeepsTheNewest(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=1000")
	ann := p.SetUp(t)
	shop := notifier(t, ann)
	sock := ann.Dial(t)
	const extra = 3
	for n := range maxInbox {
		shop.Notifies(t, fmt.Sprint(n), fmt.Sprint(n+1), "ann")
	}
	ann.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{UpTo: new(int64(2))}, http.StatusOK, nil)
	for n := range extra { // two that were read go, and one that was not
		shop.Notifies(t, fmt.Sprint(maxInbox+n), fmt.Sprint(maxInbox+n+1), "ann")
	}
	inbox := chat.Inbox{Seq: maxInbox + extra, Unread: maxInbox}
	page := inboxOf(t, ann)
	if page.Inbox != inbox || len(page.Notifications) != defaultPage || !page.Before || page.After {
		t.Fatalf("the inbox is %+v, with %d on the page", page.Inbox, len(page.Notifications))
	}
	seen, oldest := 0, page.Notifications[0].Seq
	for page.Before {
		ann.Get(t, fmt.Sprintf("/api/notifications?limit=100&before=%d", oldest), &page)
		seen, oldest = seen+len(page.Notifications), page.Notifications[0].Seq
	}
	if oldest != extra+1 || seen != maxInbox-defaultPage {
		t.Errorf("the oldest is %d, and %d are older than the first page", oldest, seen)
	}
	ann.Get(t, "/api/notifications?limit=2&after=10", &page)
	if titles(page.Notifications) != "11 12" || !page.Before || !page.After {
		t.Errorf("after 10 come %+v", page)
	}
	var last chat.NotificationAdded
	for range maxInbox + extra {
		sock.ExpectInto(t, "notification.added", &last)
	}
	if last.Unread != inbox.Unread || last.Notification.Seq != inbox.Seq {
		t.Errorf("the last event is %+v", last)
	}
	var read chat.NotificationsRead
	ann.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{UpTo: new(inbox.Seq)}, http.StatusOK, &read)
	if read.Unread != 0 || ann.Dial(t).Welcome.Inbox != (chat.Inbox{Seq: inbox.Seq}) {
		t.Errorf("when all is read, %+v", read)
	}
}

func TestNotificationsAreForThoseWhoMayNotify(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	shopToken := ann.MakesToken(t, chat.NewToken{Bot: "shop", Scopes: []chat.Scope{"notify"}})
	shop := p.Bot(t, shopToken)
	others := p.Bot(t, ann.MakesToken(t, chat.NewToken{Bot: "shop", Scopes: []chat.Scope{"read", "post", "admin"}}))
	known := chat.NewNotification{To: []string{"ann"}, Title: "title", Key: "key"}
	unknown := chat.NewNotification{To: []string{"nobody"}, Title: "title", Key: "key"}
	for _, in := range []chat.NewNotification{known, unknown} { // who may not learns nothing of names
		bob.Refused(t, chat.Forbidden, http.MethodPost, "/api/notifications", in)
		others.Refused(t, chat.Forbidden, http.MethodPost, "/api/notifications", in)
	}
	shop.Refused(t, chat.Forbidden, http.MethodGet, "/api/notifications", nil)
	shop.Notifies(t, "key", "title", "ann", "bob", "shop")
	ann.Notifies(t, "key", "title", "bob")
	ann.Call(t, http.MethodPatch, fmt.Sprintf("/api/users/%d", bob.User.ID), chat.RoleChange{Role: chat.RoleAdmin}, http.StatusOK, nil)
	bob.Notifies(t, "key", "title", "ann")
	ann.Call(t, http.MethodPatch, fmt.Sprintf("/api/users/%d", bob.User.ID), chat.RoleChange{Role: chat.RoleMember}, http.StatusOK, nil)
	bob.Refused(t, chat.Forbidden, http.MethodPost, "/api/notifications", known)
	if got := inboxOf(t, others); got.Inbox.Unread != 1 {
		t.Errorf("the program's own inbox is %+v", got)
	}
	ann.Call(t, http.MethodDelete, harness.TokenPath(shopToken), nil, http.StatusNoContent, nil)
	shop.Refused(t, chat.SignedOut, http.MethodPost, "/api/notifications", known)
}

// sameJSON tells whether two texts are the same value, however each is written.
func sameJSON(t *testing.T, a, b json.RawMessage) bool {
	t.Helper()
	var values [2]any
	for i, text := range []json.RawMessage{a, b} {
		if err := json.Unmarshal(text, &values[i]); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}
