package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

func TestNotificationsAreBounded(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=1000")
	ann := p.SetUp(t)
	shop := notifier(t, ann)
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
	for _, in := range []chat.NotificationRead{{}, {Seq: new(int64(1)), UpTo: new(int64(1))}, {Seq: new(int64(0))}, {UpTo: new(int64(-1))}} {
		ann.Refused(t, chat.Invalid, http.MethodPut, "/api/notifications/read", in)
	}
	ann.Refused(t, chat.NotFound, http.MethodPut, "/api/notifications/read", chat.NotificationRead{Seq: new(int64(6))})
	for _, query := range []string{"?limit=101", "?limit=x", "?before=2&after=1", "?before=-1"} {
		ann.Refused(t, chat.Invalid, http.MethodGet, "/api/notifications"+query, nil)
	}
}
