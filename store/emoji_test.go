package store

import (
	"database/sql"
	"os"
	"reflect"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/store/sqlite"
)

// Runs the migration on a database in which older versions stored what people's devices wrote.
func TestFormsOfOneEmojiAreMerged(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	const heart, red = "❤", "❤\ufe0f"
	bob := chat.UserID(2)
	for range 3 {
		s.must(t, s.adds("a"))
	}
	s.must(t, func(tx *WriteTx) error {
		if _, err := tx.AddUser(StoredName{"bo", "bo"}, "Bo", chat.RoleMember, ""); err != nil {
			return err
		}
		for _, r := range []struct {
			seq   int64
			emoji string
			user  chat.UserID
		}{
			{1, heart, s.ann},
			{1, red, bob},
			{1, "👍🏽", s.ann},
			{1, red, s.ann},
			{1, "🧔🏽\u200d♂", bob},
			{2, red, s.ann},
			{2, "👍", s.ann},
			{3, "1\u20e3", s.ann},
			{3, "☝\ufe0f🏽", bob},
		} {
			m, err := tx.Message(s.room, r.seq)
			if err != nil {
				return err
			}
			if _, err := tx.AddReaction(m, r.user, r.emoji); err != nil {
				return err
			}
		}
		return nil
	})
	before := s.reactionsOf(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("migrations/0017_emoji.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", sqlite.WriteDSN(s.path))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time nothing is left to do
		if _, err := db.Exec("BEGIN;" + string(text) + "COMMIT;"); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if s.Store, err = Open(s.path, func(_ []chat.Change, answer func()) { answer() }); err != nil {
		t.Fatal(err)
	}
	after := s.reactionsOf(t)
	for i, want := range [][]chat.Reaction{
		{
			{Emoji: red, UserIDs: []chat.UserID{bob, s.ann}},
			{Emoji: "👍🏽", UserIDs: []chat.UserID{s.ann}},
			{Emoji: "🧔🏽\u200d♂\ufe0f", UserIDs: []chat.UserID{bob}},
		},
		before[1].Reactions,
		{
			{Emoji: "1\ufe0f\u20e3", UserIDs: []chat.UserID{s.ann}},
			{Emoji: "☝🏽", UserIDs: []chat.UserID{bob}},
		},
	} {
		if got := after[i].Reactions; !reflect.DeepEqual(got, want) {
			t.Errorf("message %d has %+v, want %+v", i+1, got, want)
		}
	}
	head := before[2].Rev
	for i, want := range []int64{head + 1, before[1].Rev, head + 2} {
		if got := after[i]; got.Rev != want {
			t.Errorf("message %d has rev %d, want %d", i+1, got.Rev, want)
		}
	}
	s.must(t, s.adds("b")) // goes on after the revs that were given
	checkNumbers(t, s.Store)
}

// reactionsOf returns all messages of the room.
func (s *testStore) reactionsOf(t *testing.T) (list []chat.Message) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *Tx) (err error) {
		list, err = tx.MessagesAfter(s.room, 0, 10, 1<<20)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
