// What a notification must not do to those who get it, and what of it must not be lost.

package tests

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// A browser closes a socket on which text comes that is none, and would again whenever it comes back.
func TestDataOfANotificationIsText(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	shop := notifier(t, ann)
	for _, data := range []string{"\"\xff\"", "{\"\xc3\":1}", "[\"\xed\xa0\x80\"]", `"\ud800 é"`} {
		in := fmt.Sprintf(`{"to":["ann"],"title":"title","key":"key","data":%s}`, data)
		if got := shop.Refused(t, chat.Invalid, http.MethodPost, "/api/notifications", in); got.Field != "data" {
			t.Errorf("%q: got %+v", data, got)
		}
	}
	shop.Post(t, "/api/notifications", `{"to":["ann"],"title":"title","key":"key","data":"\ud83d\ude00 é"}`, http.StatusCreated, nil)
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
	ann.Notifies(t, "first", "title", "ann")
	ann.Notifies(t, "second", "title", "ann")
	page("?before=1", false, true)
	page("?after=2", true, false)
	page("?after=9007199254740991", true, false)
}

// Whoever sends the same from several places, each in an order of its own, sends it once.
func TestTheSameKeyFromManyAtOnceIsOneNotification(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	const people = 3*notifyChunk + 7
	names, token := peopleIn(t, data, people)
	p := harness.StartIn(t, data)
	owner := comesWith(t, p, token)
	s := owner.DialBearer(t, owner.Bearer)
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
			failed <- sendsNotification(owner, chat.NewNotification{To: append(to, names[n]), Title: "hello", Key: "all"})
		}()
	}
	for range maxNotifying {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	var inboxes, most, unread, delivered int
	harness.Query(t, p.Database(), `
		SELECT (SELECT count(*) FROM inbox), (SELECT max(seq) FROM inbox), (SELECT sum(inbox_unread) FROM users),
			(SELECT sum(delivered) FROM notifications)`, &inboxes, &most, &unread, &delivered)
	if inboxes != people || most != 1 || unread != people || delivered != people {
		t.Errorf("%d are in inboxes, up to %d in one; %d unread, %d delivered", inboxes, most, unread, delivered)
	}
	s.Settle(t)
	if told := s.Got("notification.added"); len(told) != 1 {
		t.Errorf("told %d times", len(told))
	}
}
