// Tests of lists that are read only as far as they fit into an answer.

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
)

// walk reads a list page by page. read gets the last of the page before, and returns a page and whether there
// is more.
func walk[T any](t *testing.T, s *testStore, read func(tx *Tx, last *T) ([]T, bool, error)) (all []T, pages int) {
	t.Helper()
	for more := true; more; pages++ {
		var page []T
		err := s.Read(context.Background(), func(tx *Tx) (err error) {
			var last *T
			if len(all) > 0 {
				last = &all[len(all)-1]
			}
			page, more, err = read(tx, last)
			return err
		})
		if err != nil || len(page) == 0 && len(all) > 0 {
			t.Fatalf("page %d: %d of them, %v", pages+1, len(page), err)
		}
		all = append(all, page...)
	}
	return all, pages
}

// Each list is read in pages of a few bytes: together the pages have everything once, in order, whatever fits
// into one, and a page has at least one thing.
func TestPagesOfAFewBytesHaveEverythingOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	const many = 7
	s.must(t, func(tx *WriteTx) error {
		for n := range many {
			name := StoredName{fmt.Sprint("p", n), fmt.Sprint("p", n)}
			user, err := tx.AddUser(name, strings.Repeat("x", 100*n), chat.RoleMember, "")
			if err != nil {
				return err
			}
			if err := tx.Join(s.room, user.ID, chat.MemberPlain, 0); err != nil {
				return err
			}
			if _, err := tx.AddInvite(chat.Invite{CreatedBy: s.ann, ExpiresAt: math.MaxInt64, Code: name.Key}); err != nil {
				return err
			}
			if err := tx.Audit(access.Caller{User: user.ID}, chat.AuditEntry{Act: chat.ActRole, Detail: user.DisplayName}); err != nil {
				return err
			}
			m := chat.Message{RoomID: s.room, Seq: 1, AuthorID: s.ann}
			if _, err := tx.AddReport(m, user.ID, user.DisplayName); err != nil {
				return err
			}
			id, err := tx.AddRoom(NewRoom{Kind: chat.Public, Name: StoredName{user.DisplayName, name.Key}, Maker: user.ID})
			if err == nil {
				err = tx.Join(id, s.bob, chat.MemberOwner, 0)
			}
			if err != nil {
				return err
			}
			session := Session{ID: chat.SessionID(name.Key), User: user.ID, ExpiresAt: Never}
			if _, err := tx.AddToken(session, chat.Token{Token: name.Key, Name: name.Key}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, bytes := range []int{0, 1, 300, 500, 1 << 20} {
		members, pages := walk(t, s, func(tx *Tx, last *chat.Member) ([]chat.Member, bool, error) {
			after := chat.UserID(0)
			if last != nil {
				after = last.UserID
			}
			return tx.Members(s.room, after, bytes)
		})
		if !slices.IsSortedFunc(members, func(a, b chat.Member) int { return int(a.UserID - b.UserID) }) ||
			len(slices.Compact(members)) != many+2 || bytes < 2 && pages != many+2 || bytes == 1<<20 && pages != 1 {
			t.Errorf("members in %d bytes: %d pages, %+v", bytes, pages, members)
		}
		since := int64(0)
		users, pages := walk(t, s, func(tx *Tx, _ *chat.User) ([]chat.User, bool, error) {
			found, err := tx.UsersSince(since, bytes)
			since = found.Directory
			return found.Users, found.More, err
		})
		if len(users) != many+2 || bytes < 2 && pages != many+2 || bytes == 1<<20 && pages != 1 {
			t.Errorf("users in %d bytes: %d pages, %+v", bytes, pages, users)
		}
		invites, pages := walk(t, s, func(tx *Tx, last *chat.Invite) ([]chat.Invite, bool, error) {
			before := chat.InviteID(0)
			if last != nil {
				before = last.ID
			}
			found, err := tx.Invites(before, bytes)
			return found.Invites, found.More, err
		})
		if len(invites) != many || invites[0].ID != many || bytes < 2 && pages != many {
			t.Errorf("invites in %d bytes: %d pages, %+v", bytes, pages, invites)
		}
		tokens, pages := walk(t, s, func(tx *Tx, last *chat.Token) ([]chat.Token, bool, error) {
			before := chat.TokenID(0)
			if last != nil {
				before = last.ID
			}
			found, err := tx.Tokens(before, bytes)
			return found.Tokens, found.More, err
		})
		if len(tokens) != many || tokens[0].ID != many || bytes < 2 && pages != many {
			t.Errorf("tokens in %d bytes: %d pages, %+v", bytes, pages, tokens)
		}
		audit, pages := walk(t, s, func(tx *Tx, last *chat.AuditEntry) ([]chat.AuditEntry, bool, error) {
			before := int64(math.MaxInt64)
			if last != nil {
				before = last.ID
			}
			found, err := tx.AuditBefore(before, many-1, bytes)
			return found.Entries, found.More, err
		})
		if len(audit) != many || audit[0].ID != many || bytes < 2 && pages != many || bytes == 1<<20 && pages != 2 {
			t.Errorf("the audit log in %d bytes: %d pages, %+v", bytes, pages, audit)
		}
		reports, pages := walk(t, s, func(tx *Tx, last *chat.Report) ([]chat.Report, bool, error) {
			before := int64(math.MaxInt64)
			if last != nil {
				before = int64(last.ID)
			}
			found, err := tx.ReportsBefore(before, 0, true, many-1, bytes)
			return found.Reports, found.More, err
		})
		if len(reports) != many || reports[0].ID != many || bytes < 2 && pages != many || bytes == 1<<20 && pages != 2 {
			t.Errorf("reports in %d bytes: %d pages, %+v", bytes, pages, reports)
		}
		rooms, pages := walk(t, s, func(tx *Tx, last *chat.KeptRoom) ([]chat.KeptRoom, bool, error) {
			after := s.room
			if last != nil {
				after = last.ID
			}
			found, err := tx.KeptRooms(s.ann, after, many-1, bytes)
			return found.Rooms, found.More, err
		})
		if len(rooms) != many || len(rooms[0].OwnerIDs) != 1 || bytes < 2 && pages != many || bytes == 1<<20 && pages != 2 {
			t.Errorf("rooms of the server in %d bytes: %d pages, %+v", bytes, pages, rooms)
		}
	}
}

// What sizes.go counts is at least what JSON needs, and not several times as much.
func TestSizesAreThoseOnTheWire(t *testing.T) {
	t.Parallel()
	const id, at = 1<<31 - 1, 1 << 45
	odd := strings.Repeat("\"\\\n\t\x01\x7f\u2028é中𝄞<&", 20)
	user := chat.User{ID: id, Name: odd, DisplayName: odd, Role: chat.RoleMember, CreatedAt: at, Bot: true}
	room := chat.Room{
		ID: id, Kind: chat.Announcements, Name: odd, Topic: odd, MemberCount: id, CreatedAt: at,
		Meta: at, Seq: MaxSeq, Rev: at, MemberIDs: []chat.UserID{id, id, id},
	}
	message := chat.Message{
		RoomID: id, Seq: MaxSeq, Rev: at, AuthorID: id, ClientID: chat.NewClientID(), Body: odd, HTML: odd,
		CreatedAt: at, EditedAt: at, DeletedAt: at,
		Reactions: []chat.Reaction{
			{Emoji: strings.Repeat("👍", 16), UserIDs: []chat.UserID{id}}, {Emoji: "👍", UserIDs: []chat.UserID{id}},
		},
	}
	notification := chat.Notification{
		Seq: at, SenderID: id, Title: odd, Body: odd, URL: odd, Data: []byte(`{"a":1}`), CreatedAt: at, ReadAt: at,
	}
	token := chat.Token{
		ID: id, Bot: user, Name: odd, Scopes: []chat.Scope{chat.ScopeNotify, chat.ScopeAdmin}, RoomIDs: []chat.RoomID{id, id},
		CreatedBy: id, CreatedAt: at, ExpiresAt: at, LastUsedAt: at,
	}
	for name, c := range map[string]struct {
		thing any
		size  int
	}{
		"text":         {odd, jsonBytes(odd) + 2},
		"user":         {user, userBytes(user)},
		"room":         {chat.RoomView{Room: room, Member: true, Role: chat.MemberOwner, ReadSeq: MaxSeq}, RoomBytes(room)},
		"message":      {message, MessageBytes(message)},
		"notification": {notification, NotificationBytes(notification)},
		"token":        {token, tokenBytes(token)},
		"room of the server": {chat.KeptRoom{
			ID: id, Kind: chat.Announcements, Name: odd, MemberCount: id, Messages: MaxSeq, Bytes: at, CreatedAt: at,
			ArchivedAt: at, OwnerIDs: []chat.UserID{id, id},
		}, keptRoomBytes(chat.KeptRoom{Name: odd, OwnerIDs: []chat.UserID{id, id}})},
		"report": {chat.Report{
			ID: id, RoomID: id, Kind: chat.Announcements, Seq: MaxSeq, AuthorID: id, ReporterID: id, Reason: odd,
			CreatedAt: at, ClosedAt: at, ClosedBy: id,
		}, reportBytes(chat.Report{Reason: odd})},
		"entry of the audit log": {chat.AuditEntry{
			ID: id, At: at, By: id, Act: chat.ActMakePrivate, UserID: id, RoomID: id, Seq: MaxSeq, Detail: odd,
		}, auditBytes(chat.AuditEntry{Detail: odd})},
		"member": {chat.Member{UserID: id, Role: chat.MemberPlain, JoinedAt: at}, aroundMember},
		"invite": {
			chat.Invite{ID: id, CreatedBy: id, CreatedAt: at, ExpiresAt: at, MaxUses: 10_000, Uses: 10_000},
			aroundInvite,
		},
		"reactions": {message.Reactions, reactionsBytes(2)},
	} {
		var wire strings.Builder
		encoder := json.NewEncoder(&wire)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(c.thing); err != nil {
			t.Fatal(err)
		}
		if got := wire.Len() - 1; c.size < got || c.size > 3*got {
			t.Errorf("%s: counted %d, on the wire %d", name, c.size, got)
		}
	}
}
