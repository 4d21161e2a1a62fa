// Tests of seeding: except for times and ids, seeded rows are the same as those that the store itself writes.

package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/markdown"
)

// emptyStore makes a store without the server's row.
func emptyStore(t testing.TB) *Store {
	t.Helper()
	st, err := Open(engines.Wanted(t), TellNobody)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// written makes a store and fills it as people would, by one write after another.
func written(t testing.TB, s Seed) *Store {
	t.Helper()
	st := emptyStore(t)
	err := st.WriteAndWait(func(tx *WriteTx) error {
		_, err := tx.EnsureServer("Parley")
		for n := range s.Teams * s.People {
			name := fmt.Sprint("person", n+1)
			role := chat.RoleMember
			if n == 0 {
				role = chat.RoleOwner
			}
			_, addErr := tx.AddUser(StoredName{name, name}, fmt.Sprint("Person ", n+1), role, "")
			err = errors.Join(err, addErr)
		}
		for n := range s.Teams * s.Rooms {
			name := fmt.Sprint("room", n+1)
			_, addErr := tx.AddRoom(NewRoom{Kind: chat.Private, Name: StoredName{name, name}})
			err = errors.Join(err, addErr)
		}
		for n := range s.Teams * s.Rooms * s.People {
			team, place, person := n/s.People/s.Rooms, n/s.People%s.Rooms, n%s.People
			role := chat.MemberPlain
			if person == 0 {
				role = chat.MemberOwner
			}
			err = errors.Join(err, tx.Join(s.Room(team, place), s.User(team, person), role, 0))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range s.AllMessages() {
		room, seq := n/s.Messages, n%s.Messages+1
		err := st.WriteAndWait(func(tx *WriteTx) error {
			access, err := tx.RoomFor(access.Caller{User: s.User(room/s.Rooms, seq%s.People)}, chat.RoomID(room+1))
			if err != nil {
				return err
			}
			body := SeedText(int64(seq))
			_, err = tx.AddMessage(access.Standing, RenderedDraft{
				Draft: chat.Draft{ClientID: chat.NewClientID(), Body: body}, HTML: markdown.Render(body),
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return st
}

// dump returns the rows of a query, each as text.
func dump(t testing.TB, st *Store, query string) []string {
	t.Helper()
	var list []string
	err := st.Read(context.Background(), func(tx *Tx) error {
		return tx.rows(func(row scanner) error {
			var text string
			err := row.Scan(&text)
			list = append(list, text)
			return err
		}, query)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSeededRowsAreAsTheStoreWritesThem(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := Seed{Teams: 3, People: 4, Rooms: 2, Messages: 25, Until: time.Now().Add(time.Hour)}
	st, reference := emptyStore(t), written(t, s)
	told := 0
	if _, err := st.SeedNew(context.Background(), s, func(n int) { told = n }); err != nil {
		t.Fatal(err)
	}
	if told != s.AllMessages() {
		t.Errorf("progress ends at %d messages, want %d", told, s.AllMessages())
	}
	checkNumbers(t, st)
	for _, query := range []string{
		`SELECT format('%s %d', registration, directory) FROM server`,
		`SELECT format('%d %s %s %s %s %d %d', id, name, name_key, display_name, role, rev, directory) FROM users`,
		`SELECT format('%d %s %s %s %d %d %d %d', id, kind, name, name_key, member_count, seq, rev, meta) FROM rooms`,
		`SELECT format('%d %d %s', user_id, room_id, role) FROM members`,
		`SELECT format('%d %d %d %d %s %d %s %s',
			id, rev, added_rev, author_id, hex(draft_hash), html_version, body, html) FROM messages`,
	} {
		got, want := dump(t, st, query), dump(t, reference, query)
		if !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", query, got, want)
		}
	}
	for query, want := range map[string]string{
		`PRAGMA integrity_check`:                        "ok",
		`SELECT count(*) FROM pragma_foreign_key_check`: "0",
		`SELECT count(*) FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.read_seq <> r.seq`: "0",
		`SELECT count(*) FROM messages m JOIN rooms r ON r.id = m.room_id
			WHERE m.created_at NOT BETWEEN r.created_at + 1 AND unixepoch('subsec') * 1000`: "0",
	} {
		if got := dump(t, st, query); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: got %q, want %s", query, got, want)
		}
	}
}

func TestSeededMessagesAndSessionsWork(t *testing.T) {
	t.Parallel()
	s := Seed{Teams: 2, People: 3, Rooms: 2, Messages: 10, Until: time.Now().Add(time.Hour)}
	st := emptyStore(t)
	if _, err := st.SeedNew(context.Background(), s, func(int) {}); err != nil {
		t.Fatal(err)
	}
	room, author := s.Room(1, 0), s.User(1, 7%3)
	err := st.WriteAndWait(func(tx *WriteTx) error {
		user, err := tx.SessionUser(s.Session(author).ID)
		if err != nil || user.ID != author {
			t.Errorf("the session is %v's %v, want %d's", user.ID, err, author)
		}
		m, err := tx.Message(room, 7)
		if err != nil {
			return err
		}
		access, err := tx.RoomFor(access.Caller{User: author}, room)
		if err != nil {
			return err
		}
		again, err := tx.AddMessage(access.Standing, RenderedDraft{Draft: chat.Draft{ClientID: m.ClientID, Body: m.Body}})
		if err != nil || again.Seq != 7 || again.Rev != 7 {
			t.Errorf("a resend of 7 gave %+v %v", again, err)
		}
		next, err := tx.AddMessage(access.Standing, RenderedDraft{Draft: chat.Draft{ClientID: chat.NewClientID(), Body: "next"}})
		if err != nil || next.Seq != 11 || next.Rev != 11 {
			t.Errorf("the next one is %+v %v, want 11", next, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	checkNumbers(t, st)
}

func TestSeedingMoreThanOneTransactionLeavesNoHole(t *testing.T) {
	t.Parallel()
	st := emptyStore(t)
	s := Seed{Teams: 1, People: 2, Rooms: 3, Messages: seedBatch/3 + 1000, Until: time.Now().Add(time.Hour)}
	if _, err := st.SeedNew(context.Background(), s, func(int) {}); err != nil {
		t.Fatal(err)
	}
	checkNumbers(t, st)
	want := slices.Repeat([]string{fmt.Sprint(s.Messages)}, s.Rooms)
	if got := dump(t, st, `SELECT seq FROM rooms`); !slices.Equal(got, want) {
		t.Errorf("the rooms have %q messages, want %d each", got, s.Messages)
	}
}

func TestOnlyAnEmptyDatabaseIsSeeded(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	_, err := s.SeedNew(context.Background(), Seed{Teams: 1, People: 1, Rooms: 1, Messages: 1}, func(int) {})
	if err == nil {
		t.Error("a database with users was filled")
	}
	if users := dump(t, s.Store, `SELECT name FROM users`); !slices.Equal(users, []string{"ann", "bob"}) {
		t.Errorf("the users are %q now", users)
	}
}

func TestSeedingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	st := emptyStore(t)
	ctx, cancel := context.WithCancel(context.Background())
	s := Seed{Teams: 1, People: 2, Rooms: 1, Messages: 3 * seedBatch, Until: time.Now()}
	_, err := st.SeedNew(ctx, s, func(int) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := dump(t, st, `SELECT count(*) FROM messages`)[0]; got != fmt.Sprint(seedBatch) {
		t.Errorf("%s messages are there, want those of the first transaction", got)
	}
}
