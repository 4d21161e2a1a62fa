// The bounds of lists: what requests name, and what a page of an answer has.

package tests

import (
	"fmt"
	"net/http"
	"testing"

	"parley/actions"
	"parley/chat"
	"parley/tests/harness"
)

func TestListsInRequestsAreBounded(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sign-in-attempts=1000", "--messages-burst=1000")
	ann := p.SetUp(t)
	var others []*harness.Person
	for i := range maxDirectPeople {
		others = append(others, ann.Makes(t, fmt.Sprint("guest", i), scopes(chat.ScopeRead)))
	}
	if room := ann.Direct(t, others[:maxDirectPeople-1]...); room.MemberCount != maxDirectPeople {
		t.Errorf("got %+v", room)
	}
	var tooMany chat.NewDirect
	for _, who := range others {
		tooMany.UserIDs = append(tooMany.UserIDs, who.User.ID)
	}
	if e := ann.Refused(t, chat.TooManyPeople, http.MethodPost, "/api/directs", tooMany); e.Limit != maxDirectPeople {
		t.Errorf("got %+v", e)
	}
	ann.Refused(t, chat.Invalid, http.MethodPost, "/api/directs", chat.NewDirect{})
	ann.Refused(t, chat.Invalid, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: []chat.UserID{ann.User.ID}})
	ann.Refused(t, chat.NotFound, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: []chat.UserID{999}})
	secret := ann.Creates(t, chat.Private, "secret")
	ann.Refused(t, chat.Invalid, http.MethodPost, harness.RoomPath(secret.ID)+"/members", chat.NewMembers{UserIDs: make([]chat.UserID, maxNewMembers+1)})
	ann.Refused(t, chat.Invalid, http.MethodPost, harness.RoomPath(secret.ID)+"/members", chat.NewMembers{})
	ann.Refused(t, chat.NotFound, http.MethodPost, harness.RoomPath(secret.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{2, 999}})
	if members := ann.Room(t, "secret").MemberCount; members != 1 {
		t.Errorf("half of a refused list was brought in: %d members", members)
	}
	s := ann.Dial(t)
	s.Ask(t, "room.changes", chat.ChangesSince{Rooms: make([]chat.RoomRev, actions.MaxChangesRooms)}, nil)
	s.AskRefused(t, chat.Invalid, "room.changes", chat.ChangesSince{Rooms: make([]chat.RoomRev, actions.MaxChangesRooms+1)})
	s.Ask(t, "presence.watch", chat.PresenceWatch{UserIDs: make([]chat.UserID, maxWatched)}, nil)
	s.AskRefused(t, chat.Invalid, "presence.watch", chat.PresenceWatch{UserIDs: make([]chat.UserID, maxWatched+1)})
	for _, in := range []chat.NewInvite{{MaxUses: -1}, {MaxUses: maxInviteUses + 1}, {ExpiresIn: -1}, {ExpiresIn: 31 * 24 * 3600}, {ExpiresIn: 1 << 62}} {
		ann.Refused(t, chat.Invalid, http.MethodPost, "/api/invites", in)
	}
}

func TestPagesAreBoundedAndTellWhetherThereIsMore(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-burst=1000")
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	empty := ann.History(t, general, "")
	if len(empty.Messages) != 0 || empty.Before || empty.After {
		t.Errorf("an empty room: %+v", empty)
	}
	for i := range 120 {
		ann.Says(t, general, fmt.Sprint(i+1))
	}
	for _, c := range []struct {
		query         string
		first, last   int64
		before, after bool
	}{
		{"", 71, 120, true, false},
		{"?limit=100", 21, 120, true, false},
		{"?before=121", 71, 120, true, false},
		{"?before=51", 1, 50, false, true},
		{"?before=2", 1, 1, false, true},
		{"?before=1", 0, 0, false, true},
		{"?after=120", 0, 0, true, false},
		{"?after=1000", 0, 0, true, false},
		{"?after=119", 120, 120, true, false},
		{"?after=1&limit=10", 2, 11, true, true},
		{"?around=60&limit=10", 55, 64, true, true},
		{"?around=1&limit=10", 1, 10, false, true},
		{"?around=120&limit=10", 115, 120, true, false},
		{"?around=60&limit=1", 60, 60, true, true},
		{"?before=4294967295&limit=1", 120, 120, true, false},
		{"?after=0", 1, 50, false, true},
		{"?before=0", 0, 0, false, true},
		{"?around=0&limit=10", 1, 10, false, true},
		{"?after=&before=&around=&limit=", 71, 120, true, false},
	} {
		page := ann.History(t, general, c.query)
		var first, last int64
		if n := len(page.Messages); n > 0 {
			first, last = page.Messages[0].Seq, page.Messages[n-1].Seq
			if int64(n) != last-first+1 {
				t.Errorf("%s: %d messages from %d to %d", c.query, n, first, last)
			}
		}
		if first != c.first || last != c.last || page.Before != c.before || page.After != c.after || page.Seq != 120 {
			t.Errorf("%s: got %d to %d, before %v, after %v; want %d to %d, %v, %v",
				c.query, first, last, page.Before, page.After, c.first, c.last, c.before, c.after)
		}
	}
	for _, query := range []string{
		"?limit=101", "?limit=-1", "?limit=0", "?limit=x", "?before=-1", "?before=4294967296", "?before=1&after=1",
		"?before=0&after=1", "?around=0&after=0", "?around=1.5",
	} {
		ann.Refused(t, chat.Invalid, http.MethodGet, harness.MessagesPath(general)+query, nil)
	}
}

// A place that is given as 0 is before the first element, and not the same as none.
func TestListsBeforeTheFirstElementAreEmpty(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	ann.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: harness.AllScopes()})
	p.SignUp(t, ann, "bob")
	said := ann.Says(t, ann.Room(t, "general").ID, "hello")
	p.SignUp(t, ann, "eve").Reports(t, said.RoomID, said.Seq)
	ann.Call(t, http.MethodPost, "/api/invites", chat.NewInvite{}, http.StatusCreated, nil)
	for path, list := range map[string]string{
		"/api/notifications": "notifications", "/api/invites": "invites", "/api/tokens": "tokens",
		"/api/audit": "entries", "/api/reports": "reports",
	} {
		for query, want := range map[string]bool{"": true, "?before=0": false, "?before=1": false} {
			var page map[string]any
			ann.Get(t, path+query, &page)
			if got := page[list].([]any); (len(got) > 0) != want {
				t.Errorf("%s%s: got %v", path, query, page)
			}
		}
	}
	var inbox chat.Notifications
	ann.Get(t, "/api/notifications?after=0&limit=1", &inbox)
	if len(inbox.Notifications) != 1 || inbox.Notifications[0].Seq != 1 || inbox.Before || inbox.After {
		t.Errorf("the first of the inbox: got %+v", inbox)
	}
	for _, path := range []string{"/api/audit", "/api/reports", "/api/notifications"} {
		ann.Refused(t, chat.Invalid, http.MethodGet, path+"?limit=0", nil)
	}
	var read chat.NotificationsRead
	ann.Call(t, http.MethodPut, "/api/notifications/read", chat.NotificationRead{UpTo: new(int64(0))}, http.StatusOK, &read)
	if read.Unread != 1 {
		t.Errorf("all up to none were read: %+v", read)
	}
}
