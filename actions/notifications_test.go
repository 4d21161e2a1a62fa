package actions

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/wait"
	"parley/store"
)

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

// A notification for many is in the inboxes of the last of them some time after it was made; when it was
// interrupted, long after.
func TestANotificationIsMissedByWhenItCameIntoTheInbox(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	var sent store.SentNotification
	in := chat.NewNotification{Title: "late", Key: "key"}
	p.must(t, func(tx *store.WriteTx) (err error) {
		sent, err = tx.AddNotification(ann.User, in, []byte("hash"), 1)
		return err
	})
	later := func() int64 {
		now := time.Now().UnixMilli()
		wait.Until(t, "the clock moves", func() bool { return time.Now().UnixMilli() > now+1 })
		return now + 1
	}
	left := later()
	p.must(t, func(tx *store.WriteTx) error {
		n := chat.Notification{SenderID: ann.User, Title: in.Title}
		return tx.Deliver(sent.ID, n, []chat.UserID{bob.User})
	})
	missedSince := func(since int64) int {
		t.Helper()
		opened := chat.Welcome{Inbox: chat.Inbox{Seq: 1, Unread: 1}}
		all, err := p.Missed(t.Context(), bob, opened, since, 1000, 1<<20)
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

func TestANotificationIsWrittenInParts(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	const people = 3*notifyChunk + 1
	var to []chat.UserID
	p.must(t, func(tx *store.WriteTx) error {
		to = nil
		for n := range people {
			name := store.StoredName{Shown: fmt.Sprint("person", n), Key: fmt.Sprint("person", n)}
			u, err := tx.AddUser(name, name.Shown, chat.RoleMember, "")
			if err != nil {
				return err
			}
			to = append(to, u.ID)
		}
		return nil
	})
	in := chat.NewNotification{Title: "title", Key: "key"}
	for delivered, n := 0, 1; delivered < people; n++ {
		before := delivered
		p.must(t, func(tx *store.WriteTx) error {
			sent, err := deliverNext(tx, ann, in, []byte("hash"), to)
			delivered = sent.Delivered
			return err
		})
		if part := delivered - before; part < 1 || part > notifyChunk {
			t.Fatalf("part %d is for %d people", n, part)
		}
	}
	for _, user := range to {
		page, err := p.Notifications(t.Context(), access.Caller{User: user}, PageOf{})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(page.Notifications); n != 1 {
			t.Errorf("%d has it %d times", user, n)
		}
	}
}

func TestCallsThatNotifyAreBounded(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	for range maxNotifying {
		p.notifying <- struct{}{}
	}
	in := chat.NewNotification{To: []string{"ann"}, Title: "title", Key: "key"}
	_, err := p.Notify(t.Context(), ann, in)
	if got := Refusal(err); got.Code != chat.Busy || got.Limit != maxNotifying {
		t.Errorf("got %+v", got)
	}
	<-p.notifying
	if _, err := p.Notify(t.Context(), ann, in); err != nil {
		t.Errorf("when one has ended: %v", err)
	}
}

// The parts that are still to come are not sent.
func TestATokenThatEndsOnTheWaySendsNoMore(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	made, err := p.AddToken(ann, chat.NewToken{Bot: "shop", Scopes: []chat.Scope{chat.ScopeNotify}})
	if err != nil {
		t.Fatal(err)
	}
	program, _, err := p.Program(t.Context(), made.Token)
	if err != nil {
		t.Fatal(err)
	}
	device := p.signsIn(t, "ann")
	to := slices.Repeat([]chat.UserID{ann.User}, 2*notifyChunk)
	in := chat.NewNotification{Title: "title", Key: "key"}
	part := func(by access.Caller) error {
		_, err := write(p.store, by, func(tx *store.WriteTx) (store.SentNotification, error) {
			return deliverNext(tx, by, in, []byte("hash"), to)
		})
		return err
	}
	inbox := func() int64 {
		t.Helper()
		page, err := p.Notifications(t.Context(), ann, PageOf{})
		if err != nil {
			t.Fatal(err)
		}
		return page.Inbox.Seq
	}
	for _, c := range []struct {
		by  access.Caller
		end func() error
	}{
		{program, func() error { return p.EndToken(ann, made.ID) }},
		{device, func() error { return p.SignOut(device) }},
	} {
		before := inbox()
		if err := part(c.by); err != nil {
			t.Fatal(err)
		}
		if err := c.end(); err != nil {
			t.Fatal(err)
		}
		if err := part(c.by); !chat.IsCode(err, chat.SignedOut) {
			t.Errorf("the next part of %d: got %v", c.by.User, err)
		}
		if got := inbox(); got != before+notifyChunk {
			t.Errorf("of %d the inbox is at %d, want %d", c.by.User, got, before+notifyChunk)
		}
	}
}
