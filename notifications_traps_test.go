// What a notification must not do to those who get it, and what of it must not be lost.

package main

import (
	"fmt"
	"net/http"
	"testing"

	"parley/chat"
)

// A browser closes a socket on which text comes that is none, and would again whenever it comes back.
func TestDataOfANotificationIsText(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	shop := ann.notifier(t)
	for _, data := range []string{"\"\xff\"", "{\"\xc3\":1}", "[\"\xed\xa0\x80\"]"} {
		in := fmt.Sprintf(`{"to":["ann"],"title":"title","key":"key","data":%s}`, data)
		if got := shop.refused(t, chat.Invalid, http.MethodPost, "/api/notifications", in); got.Field != "data" {
			t.Errorf("%q: got %+v", data, got)
		}
	}
	shop.post(t, "/api/notifications", `{"to":["ann"],"title":"title","key":"key","data":"\ud800 é"}`, http.StatusCreated, nil)
}

// What shows nothing, or turns round what follows it, makes an address look like another.
func TestALinkIsWhatItLooksLike(t *testing.T) {
	t.Parallel()
	for _, link := range []string{
		"https://shop.example/\u202egpj.exe", "https://shop.example\u200b.evil.example", "/\u2066/x", "/\u00adx", "/x\u00a0y", "http://:80/", "https://:443",
	} {
		if err := checkLink("url", link); !errorIs(err, chat.Invalid) {
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
	p := start(t)
	ann := p.setUp(t)
	page := func(query string, before, after bool) {
		t.Helper()
		var got chat.Notifications
		ann.get(t, "/api/notifications"+query, &got)
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
