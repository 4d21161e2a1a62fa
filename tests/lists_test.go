// Lists: every answer that may have many things is bounded in bytes, whatever its things are.

package tests

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/markdown"
	"parley/store"
	"parley/tests/harness"
)

// listing is an answer with many things, as ann asks for it.
type listing struct {
	path string
	body any
	more string // what the answer has when it ends early
	// few is why the list ends by the number of its things, before it has many bytes.
	few string
}

// oneThing are the routes that answer with one thing.
var oneThing = map[string]bool{
	"GET /api/server": true, "GET /api/me": true, "GET /api/users/:user": true, "GET /api/rooms/:room": true,
	"POST /api/invites/check": true, "POST /api/reset/check": true,
	"POST /api/setup": true, "POST /api/register": true, "POST /api/reset": true,
}

// whole are the lists that are not read in pages, and why.
var whole = map[string]string{
	"GET /api/rooms":     "a room that is missing was left",
	"GET /api/me/blocks": "500 ids at most",
	"GET /api/hosts":     "100 names at most",

	"GET /api/me/room-invitations": "50 at most, each with the name of a room or 20 ids",
}

// A new route that reads fails this test until it is asked here for as much as there may be, or is said to answer
// with one thing.
func TestEveryListIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	p.Stop()
	loud := fillLists(t, p, ann.User.ID)
	p = harness.StartIn(t, p.Data)
	ann = ann.On(p)
	lists := map[string]listing{
		"GET /api/users":                      {path: "/api/users", more: `"more":true`},
		"GET /api/invites":                    {path: "/api/invites", more: `"more":true`},
		"GET /api/tokens":                     {path: "/api/tokens", more: `"more":true`},
		"GET /api/audit":                      {path: "/api/audit?limit=100", more: `"more":true`, few: "an entry has 200 bytes of text"},
		"GET /api/reports":                    {path: "/api/reports?limit=100", more: `"more":true`, few: "a reason has 500 characters"},
		"GET /api/reports/:report":            {path: "/api/reports/1"},
		"GET /api/server/rooms":               {path: "/api/server/rooms", more: `"more":true`, few: "50 rooms"},
		"GET /api/rooms/public":               {path: "/api/rooms/public", more: `"more":true`},
		"GET /api/rooms/:room/members":        {path: harness.RoomPath(loud) + "/members", more: `"more":true`},
		"GET /api/rooms/:room/asked":          {path: harness.RoomPath(loud) + "/asked", few: "1,000 ids"},
		"GET /api/server/rooms/:room/members": {path: fmt.Sprintf("/api/server/rooms/%d/members", loud), more: `"more":true`},
		"GET /api/rooms/:room/messages":       {path: harness.MessagesPath(loud) + "?limit=100", more: `"before":true`},
		"GET /api/notifications":              {path: "/api/notifications?limit=100", more: `"before":true`},
		"POST /api/changes": {path: "/api/changes", more: `"more":true`, body: chat.ChangesSince{
			Rooms: []chat.RoomRev{{RoomID: loud, Rev: 0}},
		}},
	}
	const largest = 125 << 10 // the first and the last thing, which may go beyond
	for _, route := range harness.Routes(t) {
		name := route.Method + " " + route.Path
		if !harness.OfAPI(route) || !strings.Contains(route.Cost, "read") || oneThing[name] || whole[name] != "" {
			continue
		}
		of, known := lists[name]
		if !known {
			t.Errorf("%s answers with %s: ask for as much as there may be in this test, or say that it is one thing", name, route.Answer)
			continue
		}
		delete(lists, name)
		status, body := ann.Try(t, route.Method, of.path, of.body)
		if status != http.StatusOK {
			t.Errorf("%s: status %d, %.200s", name, status, body)
			continue
		}
		t.Logf("%s: %d bytes", name, len(body))
		if len(body) > actions.PageBytes+2*largest {
			t.Errorf("%s: %d bytes in an answer", name, len(body))
		}
		if len(body) < actions.PageBytes/2 && of.few == "" {
			t.Errorf("%s: only %d bytes, so this does not ask for as much as there may be", name, len(body))
		}
		if !strings.Contains(string(body), of.more) {
			t.Errorf("%s: the answer has no %s: %.200s", name, of.more, body)
		}
	}
	for name := range lists {
		t.Errorf("there is no route %s that reads", name)
	}
	for name := range whole {
		if _, body := ann.Try(t, http.MethodGet, strings.TrimPrefix(name, "GET "), nil); name != "GET /api/rooms" && len(body) > actions.PageBytes {
			t.Errorf("%s: %d bytes, although it is not read in pages", name, len(body))
		}
	}
}

// fillLists puts into the database of a program that is stopped more than any page holds, with the longest texts
// that may be. It returns the room with most of it.
func fillLists(t *testing.T, p *harness.Program, owner chat.UserID) (loud chat.RoomID) {
	t.Helper()
	const (
		people, rooms, messages, others = 3_500, 150, 30, 110
		hosts, blocks, tokens, asked    = 100, 500, 600, 50
	)
	long := func(characters int) string { return strings.Repeat("𝄞", characters) }
	text := "x" + strings.Repeat("\x01", 9_999) // six bytes each on the wire
	draft := store.RenderedDraft{Draft: chat.Draft{Body: text}, HTML: markdown.Render(text)}
	db, err := store.Open(p.Database(), store.TellNobody)
	if err != nil {
		t.Fatal(err)
	}
	err = db.WriteAndWait(func(tx *store.WriteTx) (err error) {
		for n := range rooms {
			name := store.StoredName{Shown: long(64), Key: fmt.Sprint("room", n)}
			loud, err = tx.AddRoom(store.NewRoom{Kind: chat.Public, Name: name, Topic: long(1024)})
			if err == nil {
				err = tx.Join(loud, owner, chat.MemberOwner, owner)
			}
			if err != nil {
				return err
			}
		}
		for range asked {
			room, err := tx.AddRoom(store.NewRoom{Kind: chat.Private, Name: store.StoredName{Shown: long(64), Key: "asked"}})
			if err == nil {
				err = tx.AddRoomInvitation(owner, owner, chat.Room{ID: room})
			}
			if err != nil {
				return err
			}
		}
		for range messages {
			draft.ClientID = chat.NewClientID()
			at := access.Standing{Caller: owner, RoomID: loud, Member: true}
			if _, err := tx.AddMessage(at, draft); err != nil {
				return err
			}
		}
		for n := range others {
			told := chat.NewNotification{Title: long(200), Body: long(4_000), Key: fmt.Sprint(n)}
			sent, err := tx.AddNotification(owner, told, []byte{1}, 1)
			if err == nil {
				err = tx.Deliver(sent.ID, chat.Notification{SenderID: owner, Title: told.Title, Body: told.Body}, []chat.UserID{owner})
			}
			if err == nil {
				entry := chat.AuditEntry{Act: chat.ActMakePrivate, UserID: owner, RoomID: loud, Seq: 1, Detail: strings.Repeat("\x01", 200)}
				err = tx.Audit(access.Caller{User: owner}, entry)
			}
			if err != nil {
				return err
			}
		}
		for n := range hosts {
			if _, err := tx.AddHost(fmt.Sprint(strings.Repeat("h", 250), n), hosts); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = db.WriteAndWait(func(tx *store.WriteTx) error {
			for n := range people {
				name := store.StoredName{Shown: fmt.Sprint("person", n), Key: fmt.Sprint("person", n)}
				user, err := tx.AddUser(name, long(64), chat.RoleMember, "")
				if err == nil {
					err = tx.Join(loud, user.ID, chat.MemberPlain, owner)
				}
				if err == nil && n < store.MaxInvites {
					_, err = tx.AddInvite(chat.Invite{CreatedBy: user.ID, ExpiresAt: store.Never, Code: name.Key})
				}
				if err == nil && n < tokens {
					token := chat.Token{Token: name.Key, Name: long(64), CreatedBy: owner, Scopes: []chat.Scope{chat.ScopeRead}}
					_, err = tx.AddToken(store.Session{ID: chat.SessionID(name.Key), User: user.ID, ExpiresAt: store.Never}, token)
				}
				if err == nil && n < others {
					m := chat.Message{RoomID: loud, Seq: messages / 2, AuthorID: owner}
					_, err = tx.AddReport(m, user.ID, long(500))
				}
				if err == nil && n < blocks {
					_, err = tx.SetBlock(owner, user.ID, true)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return loud
}
