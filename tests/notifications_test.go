//go:build unported

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
)

// notifier makes a program that may notify people.
func (who *harness.Person) notifier(t testing.TB) *harness.Person {
	t.Helper()
	return who.p.bot(t, who.makesToken(t, chat.NewToken{Bot: "shop", Scopes: scopes("notify")}))
}

// notifies sends a notification.
func (who *harness.Person) notifies(t testing.TB, key, title string, to ...string) chat.NotificationSent {
	t.Helper()
	var sent chat.NotificationSent
	in := chat.NewNotification{To: to, Title: title, Key: key}
	who.Post(t, "/api/notifications", in, http.StatusCreated, &sent)
	return sent
}

// inbox is the newest page of the person's inbox.
func (who *harness.Person) inbox(t testing.TB) chat.Notifications {
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
	shop := ann.notifier(t)
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
	page := bob.inbox(t)
	if len(page.Notifications) != 1 || page.Inbox.Unread != 1 || page.Before || page.After || page.UserRev != bobSock.Welcome.UserRev {
		t.Fatalf("bob has %+v", page)
	}
	check("bob", page.Notifications[0])
	var read chat.NotificationsRead
	bob.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{Seq: 1}, http.StatusOK, &read)
	for _, s := range []*harness.Sock{bobSock, phone} {
		var told chat.NotificationsRead
		if s.ExpectInto(t, "notification.read", &told); told != read || told.First != 1 || told.Last != 1 || told.Unread != 0 || told.UserRev != page.UserRev+1 {
			t.Errorf("bob is told %+v, want %+v", told, read)
		}
	}
	bob.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{Seq: 1}, http.StatusOK, &read) // nothing changes
	if page := bob.inbox(t); page.Notifications[0].ReadAt == 0 || page.Inbox.Unread != 0 || page.UserRev != read.UserRev {
		t.Errorf("then bob has %+v", page)
	}
	if got := bob.Dial(t).Welcome.Inbox; got != (chat.Inbox{Seq: 1}) {
		t.Errorf("then bob's inbox is %+v", got)
	}

	eveSock.Settle(t)
	if got := eve.inbox(t); len(got.Notifications) != 0 || len(eveSock.Got("notification.added")) != 0 {
		t.Errorf("eve has %+v", got)
	}
	if ann.inbox(t).Inbox.Unread != 1 {
		t.Error("what bob read is read for ann")
	}
}

func TestTheSameKeyIsTheSameNotification(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	p.SignUp(t, ann, "bob")
	shop := ann.notifier(t)
	first := shop.notifies(t, "key", "one", "ann", "bob")
	for _, again := range [][]string{{"ann", "bob"}, {"bob", "ann", "ANN"}} {
		if got := shop.notifies(t, "key", "one", again...); got != first {
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
	ann.notifies(t, "key", "ann's own", "ann") // another sender's key is another one
	shop.notifies(t, "other", "one", "ann")    // and so is another key
	if got := titles(ann.inbox(t).Notifications); got != "one ann's own one" {
		t.Errorf("ann has %q", got)
	}
}

func TestANameThatNobodyHasIsNamedAndNothingIsSent(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	shop := ann.notifier(t)
	in := chat.NewNotification{To: []string{"ann", "nobody", "no one", strings.Repeat("x", 1000)}, Title: "title", Key: "key"}
	for n := range 20 {
		in.To = append(in.To, fmt.Sprint("unknown", n))
	}
	got := shop.Refused(t, chat.Invalid, http.MethodPost, "/api/notifications", in)
	if got.Field != "to" || !strings.Contains(got.Message, `"nobody", "no one", "xxx`) ||
		!strings.HasSuffix(got.Message, " and 13 more") || len(got.Message) > 500 {
		t.Errorf("got %+v", got)
	}
	if page := ann.inbox(t); len(page.Notifications) != 0 {
		t.Errorf("ann has %+v", page)
	}
	shop.notifies(t, "key", "title", "ann") // the key was not used
}

func TestNotificationsAreBounded(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	shop := ann.notifier(t)
	for _, c := range []struct {
		field  string
		change func(*chat.NewNotification)
	}{
		{"to", func(in *chat.NewNotification) { in.To = nil }},
		{"to", func(in *chat.NewNotification) { in.To = make([]string, maxRecipients+1) }},
		{"title", func(in *chat.NewNotification) { in.Title = " " }},
		{"title", func(in *chat.NewNotification) { in.Title = "a\nb" }},
		{"title", func(in *chat.NewNotification) { in.Title = strings.Repeat("x", maxNotificationTitle+1) }},
		{"body", func(in *chat.NewNotification) { in.Body = "\x00" }},
		{"body", func(in *chat.NewNotification) { in.Body = strings.Repeat("x", maxNotificationBody+1) }},
		{"key", func(in *chat.NewNotification) { in.Key = "" }},
		{"key", func(in *chat.NewNotification) { in.Key = strings.Repeat("x", maxNotificationKey+1) }},
		{"data", func(in *chat.NewNotification) {
			in.Data = json.RawMessage(`"` + strings.Repeat("x", maxNotificationData) + `"`)
		}},
		{"url", func(in *chat.NewNotification) { in.URL = "/" + strings.Repeat("x", maxNotificationURL) }},
	} {
		in := chat.NewNotification{To: []string{"ann"}, Title: "title", Key: "key"}
		c.change(&in)
		if got := shop.Refused(t, chat.Invalid, http.MethodPost, "/api/notifications", in); got.Field != c.field {
			t.Errorf("got the field %q (%s), want %q", got.Field, got.Message, c.field)
		}
	}
	for _, link := range []string{
		"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//evil.example/x", "/\\evil.example", "\\\\evil.example",
		"\t//evil.example", "/\t/evil.example", "https://user@evil.example", "https://", "http:evil.example", "https:///x", "orders/17",
		"?x", "#x", "ftp://evil.example", " https://evil.example", "https://evil.example/\n", "https://evil.example/\u0085", "blob:https://x", ":",
	} {
		in := chat.NewNotification{To: []string{"ann"}, Title: "title", URL: link, Key: "key"}
		if got := shop.Refused(t, chat.Invalid, http.MethodPost, "/api/notifications", in); got.Field != "url" {
			t.Errorf("%q: got %+v", link, got)
		}
	}
	for n, link := range []string{"/", "/orders/17?x=1#y", "https://shop.example/orders/17", "http://shop.example:8080", "https://例子.example/订单"} {
		in := chat.NewNotification{To: []string{"ann"}, Title: "title", URL: link, Key: fmt.Sprint(n)}
		shop.Post(t, "/api/notifications", in, http.StatusCreated, nil)
	}
	for _, in := range []chat.NotificationRead{{}, {Seq: 1, UpTo: 1}, {Seq: -1}, {UpTo: -1}} {
		ann.Refused(t, chat.Invalid, http.MethodPut, "/api/notifications/read", in)
	}
	ann.Refused(t, chat.NotFound, http.MethodPut, "/api/notifications/read", chat.NotificationRead{Seq: 6})
	for _, query := range []string{"?limit=101", "?limit=x", "?before=2&after=1", "?before=-1"} {
		ann.Refused(t, chat.Invalid, http.MethodGet, "/api/notifications"+query, nil)
	}
}

func TestAnInboxKeepsTheNewest(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=1000")
	ann := p.SetUp(t)
	shop := ann.notifier(t)
	sock := ann.Dial(t)
	const extra = 3
	for n := range maxInbox {
		shop.notifies(t, fmt.Sprint(n), fmt.Sprint(n+1), "ann")
	}
	ann.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{UpTo: 2}, http.StatusOK, nil)
	for n := range extra { // two that were read go, and one that was not
		shop.notifies(t, fmt.Sprint(maxInbox+n), fmt.Sprint(maxInbox+n+1), "ann")
	}
	inbox := chat.Inbox{Seq: maxInbox + extra, Unread: maxInbox}
	page := ann.inbox(t)
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
	ann.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{UpTo: inbox.Seq}, http.StatusOK, &read)
	if read.Unread != 0 || ann.Dial(t).Welcome.Inbox != (chat.Inbox{Seq: inbox.Seq}) {
		t.Errorf("when all is read, %+v", read)
	}
}

func TestNotificationsAreForThoseWhoMayNotify(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	shopToken := ann.makesToken(t, chat.NewToken{Bot: "shop", Scopes: scopes("notify")})
	shop := p.bot(t, shopToken)
	others := p.bot(t, ann.makesToken(t, chat.NewToken{Bot: "shop", Scopes: scopes("read", "post", "admin")}))
	known := chat.NewNotification{To: []string{"ann"}, Title: "title", Key: "key"}
	unknown := chat.NewNotification{To: []string{"nobody"}, Title: "title", Key: "key"}
	for _, in := range []chat.NewNotification{known, unknown} { // who may not learns nothing of names
		bob.Refused(t, chat.Forbidden, http.MethodPost, "/api/notifications", in)
		others.Refused(t, chat.Forbidden, http.MethodPost, "/api/notifications", in)
	}
	shop.Refused(t, chat.Forbidden, http.MethodGet, "/api/notifications", nil)
	shop.notifies(t, "key", "title", "ann", "bob", "shop")
	ann.notifies(t, "key", "title", "bob")
	ann.Call(t, http.MethodPatch, fmt.Sprintf("/api/users/%d", bob.User.ID), chat.RoleChange{Role: chat.RoleAdmin}, http.StatusOK, nil)
	bob.notifies(t, "key", "title", "ann")
	ann.Call(t, http.MethodPatch, fmt.Sprintf("/api/users/%d", bob.User.ID), chat.RoleChange{Role: chat.RoleMember}, http.StatusOK, nil)
	bob.Refused(t, chat.Forbidden, http.MethodPost, "/api/notifications", known)
	if got := others.inbox(t); got.Inbox.Unread != 1 {
		t.Errorf("the program's own inbox is %+v", got)
	}
	ann.Call(t, http.MethodDelete, tokenPath(shopToken), nil, http.StatusNoContent, nil)
	shop.Refused(t, chat.SignedOut, http.MethodPost, "/api/notifications", known)
}

func TestWhatComesIntoTheInboxWhileOpeningIsKnown(t *testing.T) {
	t.Parallel()
	r := newTestRooms(t)
	ann := newListener(1)
	if err := r.Opening(ann.Socket); err != nil {
		t.Fatal(err)
	}
	added := func(seq int64, unread int, userRev int64) chat.Change {
		return chat.Change{
			Event: "notification.added", User: 1, UserRev: userRev,
			Data: chat.NotificationAdded{Notification: chat.Notification{Seq: seq}, Unread: unread, UserRev: userRev},
		}
	}
	told(r, added(4, 2, 7), added(5, 3, 8), chat.Change{
		Event: "notification.read", User: 1, UserRev: 9, Data: chat.NotificationsRead{Unread: 1, UserRev: 9},
	})
	ann.opensWith(t, r, Snapshot{UserRev: 7, Inbox: chat.Inbox{Seq: 4, Unread: 2}})
	told(r, added(6, 2, 10))
	checkEvents(t, "ann", ann, "welcome", "notification.added")
	if got := ann.welcome(t); got.Inbox != (chat.Inbox{Seq: 5, Unread: 1}) || got.UserRev != 9 {
		t.Errorf("she is welcomed with %+v at %d", got.Inbox, got.UserRev)
	}
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
