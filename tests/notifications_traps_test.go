//go:build unported

// What a notification must not do to those who get it, and what of it must not be lost.

package tests

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/chat"
)

// A browser closes a socket on which text comes that is none, and would again whenever it comes back.
func TestDataOfANotificationIsText(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	shop := ann.notifier(t)
	for _, data := range []string{"\"\xff\"", "{\"\xc3\":1}", "[\"\xed\xa0\x80\"]"} {
		in := fmt.Sprintf(`{"to":["ann"],"title":"title","key":"key","data":%s}`, data)
		if got := shop.Refused(t, chat.Invalid, http.MethodPost, "/api/notifications", in); got.Field != "data" {
			t.Errorf("%q: got %+v", data, got)
		}
	}
	shop.Post(t, "/api/notifications", `{"to":["ann"],"title":"title","key":"key","data":"\ud800 é"}`, http.StatusCreated, nil)
}

// What shows nothing, or turns round what follows it, makes an address look like another.
func TestALinkIsWhatItLooksLike(t *testing.T) {
	t.Parallel()
	for _, link := range []string{
		"https://shop.example/\u202egpj.exe", "https://shop.example\u200b.evil.example", "/\u2066/x", "/\u00adx", "/x\u00a0y", "http://:80/", "https://:443",
	} {
		if err := checkLink("url", link); !chat.IsCode(err, chat.Invalid) {
			t.Errorf("%q: got %v", link, err)
		}
	}
	for _, link := range []string{"", "/x", "https://[::1]:8080/x", "https://例子.example/订单?q=é#ß"} {
		if err := checkLink("url", link); err != nil {
			t.Errorf("%q: got %v", link, err)
		}
	}
}

func TestAnEmptyPageOfAnInboxTellsWhatIsBeyond(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	page := func(query string, before, after bool) {
		t.Helper()
		var got chat.Notifications
		ann.Get(t, "/api/notifications"+query, &got)
		if len(got.Notifications) != 0 || got.Before != before || got.After != after {
			t.Errorf("%q: %d on the page, before %v, after %v", query, len(got.Notifications), got.Before, got.After)
		}
	}
	page("", false, false)
	page("?before=1", false, false)
	page("?after=1", false, false)
	ann.notifies(t, "first", "title", "ann")
	ann.notifies(t, "second", "title", "ann")
	page("?before=1", false, true)
	page("?after=2", true, false)
	page("?after=9007199254740991", true, false)
}

// A notification for many is in the inboxes of the last of them some time after it was made; when it was
// interrupted, long after.
func TestANotificationIsMissedByWhenItCameIntoTheInbox(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	var sent SentNotification
	in := chat.NewNotification{Title: "late", Key: "key"}
	write := func(fn func(tx *WriteTx) error) {
		t.Helper()
		if err := p.store.WriteAndWait(fn); err != nil {
			t.Fatal(err)
		}
	}
	write(func(tx *WriteTx) (err error) {
		sent, err = tx.AddNotification(ann.User.ID, in, []byte("hash"), 1)
		return err
	})
	later := func() int64 {
		now := time.Now().UnixMilli()
		wait.Until(t, "the clock moves", func() bool { return time.Now().UnixMilli() > now+1 })
		return now + 1
	}
	left := later()
	write(func(tx *WriteTx) error {
		n := chat.Notification{SenderID: ann.User.ID, Title: in.Title}
		return tx.Deliver(sent.ID, n, []chat.UserID{bob.User.ID})
	})
	missedSince := func(since int64) int {
		t.Helper()
		opened := chat.Welcome{Inbox: chat.Inbox{Seq: 1, Unread: 1}}
		all, err := p.actions.Missed(context.Background(), Caller{User: bob.User.ID}, opened, since, maxMissed, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if n := missedSince(left); n != 1 {
		t.Errorf("after %d, with it made at %d, bob missed %d", left, sent.CreatedAt, n)
	}
	if n := missedSince(later()); n != 0 {
		t.Errorf("later he missed %d", n)
	}
}

// Whoever sends the same from several places, each in an order of its own, sends it once.
func TestTheSameKeyFromManyAtOnceIsOneNotification(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	const people = 3*notifyChunk + 7
	names, token := peopleIn(t, data, people)
	p := harness.StartIn(t, data)
	owner := p.withBearer(t, token)
	s := owner.DialBearer(t)
	failed := make(chan error, maxNotifying)
	for n := range maxNotifying {
		to := slices.Clone(names)
		for i := range to {
			if (i+n)%2 == 0 {
				to[i] = strings.ToUpper(to[i])
			}
		}
		if n%2 == 1 {
			slices.Reverse(to)
		}
		go func() {
			failed <- owner.sends(chat.NewNotification{To: append(to, names[n]), Title: "hello", Key: "all"})
		}()
	}
	for range maxNotifying {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	err := Peek(filepath.Join(data, "parley.db"), func(tx *Tx) error {
		var inboxes, most, unread, delivered int
		err := tx.row(into(&inboxes, &most, &unread, &delivered), `
			SELECT (SELECT count(*) FROM inbox), (SELECT max(seq) FROM inbox), (SELECT sum(inbox_unread) FROM users), (SELECT sum(delivered) FROM notifications)`)
		if inboxes != people || most != 1 || unread != people || delivered != people {
			t.Errorf("%d are in inboxes, up to %d in one; %d unread, %d delivered", inboxes, most, unread, delivered)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	s.Settle(t)
	if told := s.Got("notification.added"); len(told) != 1 {
		t.Errorf("told %d times", len(told))
	}
}

// The parts that are still to come are not sent.
func TestATokenThatEndsOnTheWaySendsNoMore(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil)
	ann := p.SetUp(t)
	made := ann.makesToken(t, chat.NewToken{Bot: "shop", Scopes: scopes(chat.ScopeNotify)})
	program, _, err := p.actions.Program(context.Background(), made.Token)
	if err != nil {
		t.Fatal(err)
	}
	device := ann.Device(t)
	device.Bearer, device.Origin = ann.token(t), ""
	ticket, err := p.server.tokens.Check(device.Bearer)
	if err != nil {
		t.Fatal(err)
	}
	to := slices.Repeat([]chat.UserID{ann.User.ID}, 2*notifyChunk)
	in := chat.NewNotification{Title: "title", Key: "key"}
	part := func(by Caller) error {
		return p.store.WriteAndWait(func(tx *WriteTx) error {
			_, err := deliverNext(tx, by, in, []byte("hash"), to)
			return err
		})
	}
	for by, end := range map[*Caller]func(){
		&program:       func() { ann.Call(t, http.MethodDelete, tokenPath(made), nil, http.StatusNoContent, nil) },
		&ticket.Caller: func() { device.Post(t, "/api/logout", nil, http.StatusNoContent, nil) },
	} {
		before := ann.inbox(t).Inbox.Seq
		if err := part(*by); err != nil {
			t.Fatal(err)
		}
		end()
		if err := part(*by); !chat.IsCode(err, chat.SignedOut) {
			t.Errorf("the next part of %d: got %v", by.User, err)
		}
		if got := ann.inbox(t).Inbox; got.Seq != before+notifyChunk {
			t.Errorf("of %d the inbox is %+v", by.User, got)
		}
	}
}
