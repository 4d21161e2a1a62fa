//go:build linux

package memory

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/markdown"
	"parley/store"
	"parley/store/sqlite"
	"parley/tests/harness"
)

// How much the server holds.
const (
	manyRooms = 1_998 // of each attacker, as many as one may be in
	messages  = 200   // of 10,000 characters in one room
	people    = 3_000
	inbox     = 200
	invites   = 150 // one person may not have many more
)

// fill starts a server, fills its database while it is stopped, and starts it again.
func fill(t *testing.T) *house {
	t.Helper()
	data := t.TempDir()
	first := harness.StartIn(t, data)
	owner := first.SetUp(t)
	var users []*harness.Person
	for n := range attackers {
		users = append(users, first.SignUp(t, owner, fmt.Sprint("mallory", n)))
	}
	bob, cat := first.SignUp(t, owner, "bob"), first.SignUp(t, owner, "cat")
	first.Stop()

	h := &house{}
	db, err := store.Open(filepath.Join(data, "parley.db"), func(_ []chat.Change, answer func()) { answer() })
	if err != nil {
		t.Fatal(err)
	}
	must := func(fn func(*store.WriteTx) error) {
		t.Helper()
		if err := db.WriteAndWait(fn); err != nil {
			t.Fatal(err)
		}
	}
	room := func(tx *store.WriteTx, name string, in ...chat.UserID) (chat.RoomID, error) {
		id, err := tx.AddRoom(store.NewRoom{Kind: chat.Public, Name: store.StoredName{Shown: name, Key: name}})
		for _, user := range in {
			if err == nil {
				err = tx.Join(id, user, chat.MemberOwner, user)
			}
		}
		return id, err
	}
	ids := func(of ...*harness.Person) (ids []chat.UserID) {
		for _, who := range of {
			ids = append(ids, who.User.ID)
		}
		return ids
	}
	hostile := ids(users...)
	must(func(tx *store.WriteTx) (err error) {
		if h.quiet, err = room(tx, "quiet", ids(bob, cat)...); err != nil {
			return err
		}
		if h.wanted, err = room(tx, "wanted", hostile...); err != nil {
			return err
		}
		h.loud, err = room(tx, "loud", append(hostile, cat.User.ID)...)
		return err
	})
	text := strings.Repeat("a@b.c ", 1_666)
	html := markdown.Render(text)
	for n := range messages {
		must(func(tx *store.WriteTx) error {
			author := hostile[n%attackers]
			_, err := tx.AddMessage(access.Standing{Caller: author, RoomID: h.loud, Member: true}, store.RenderedDraft{
				Draft: chat.Draft{ClientID: chat.NewClientID(), Body: text}, HTML: html,
			})
			return err
		})
	}
	must(func(tx *store.WriteTx) error {
		for n := range people {
			name := store.StoredName{Shown: fmt.Sprint("person", n), Key: fmt.Sprint("person", n)}
			user, err := tx.AddUser(name, strings.Repeat("𝄞", 64), chat.RoleMember, "")
			if err != nil {
				return err
			}
			if err := tx.Join(h.loud, user.ID, chat.MemberPlain, owner.User.ID); err != nil {
				return err
			}
			if n >= 1000 { // so that each of the ids is long
				wanted := chat.Room{ID: h.wanted, Kind: chat.Public, Name: "wanted"}
				if err := tx.AddRoomInvitation(user.ID, owner.User.ID, wanted); err != nil {
					return err
				}
			}
			if n < invites {
				if _, err := tx.AddInvite(chat.Invite{CreatedBy: owner.User.ID, ExpiresAt: store.Never, Code: name.Key}); err != nil {
					return err
				}
			}
			token := chat.Token{Token: name.Key, Name: name.Shown, CreatedBy: owner.User.ID, Scopes: []chat.Scope{chat.ScopeRead}}
			session := store.Session{ID: chat.SessionID(name.Key), User: user.ID, ExpiresAt: store.Never}
			if _, err := tx.AddToken(session, token); err != nil {
				return err
			}
			err = tx.Audit(access.Caller{User: owner.User.ID}, chat.AuditEntry{
				Act: chat.ActServer, UserID: user.ID, Detail: strings.Repeat("x", 1000),
			})
			if err != nil {
				return err
			}
			if n >= messages {
				continue
			}
			m := chat.Message{RoomID: h.loud, Seq: int64(n + 1), AuthorID: hostile[n%attackers]}
			if _, err := tx.AddReport(m, user.ID, strings.Repeat("𝄞", 500)); err != nil {
				return err
			}
		}
		return nil
	})
	must(func(tx *store.WriteTx) error {
		for n := range inbox {
			told := chat.NewNotification{Title: "t", Body: strings.Repeat("𝄞", 4_000), Key: fmt.Sprint(n)}
			sent, err := tx.AddNotification(owner.User.ID, told, []byte{1}, attackers)
			if err != nil {
				return err
			}
			err = tx.Deliver(sent.ID, chat.Notification{SenderID: owner.User.ID, Title: "t", Body: told.Body}, hostile)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	addRooms(t, filepath.Join(data, "parley.db"), hostile)

	h.Program = start(t, data)
	address, err := url.Parse(h.URL)
	if err != nil {
		t.Fatal(err)
	}
	h.host = address.Host
	h.ann, h.bob, h.cat = h.signsIn(t, "ann"), h.SignsIn(t, "bob"), h.SignsIn(t, "cat")
	for _, who := range users {
		h.hostile = append(h.hostile, h.signsIn(t, who.Name))
	}
	return h
}

// addRooms makes many rooms with the same members in a database that nobody uses, all at once.
func addRooms(t *testing.T, path string, members []chat.UserID) {
	t.Helper()
	db, err := sqlite.OpenWriter(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	list, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	topic := strings.Repeat("t", 1024)
	_, err = db.ExecContext(t.Context(), `
		WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT $1)
		INSERT INTO rooms (kind, name, name_key, topic, everyone, member_count, created_at)
		SELECT 'public', 'room' || value, 'room' || value, $2, 0, $3, 1
		FROM n`, manyRooms-10, topic, len(members))
	if err == nil {
		_, err = db.ExecContext(t.Context(), `
			INSERT INTO members (user_id, room_id, role, joined_at, read_seq, added_by)
			SELECT j.value, r.id, 'owner', 1, 0, j.value
			FROM rooms r
			CROSS JOIN json_each($1) j
			WHERE r.topic = $2`, string(list), topic)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// signsIn gives a person with the token of a new login.
func (h *house) signsIn(t *testing.T, name string) *harness.Person {
	t.Helper()
	who := h.SignsIn(t, name)
	return who.WithBearer(t, who.Token(t))
}
