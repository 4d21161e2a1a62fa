// Tests of opening a database: its settings and its versions.

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parley/chat"
	"parley/internal/engines"
	"parley/internal/markdown"
	"parley/store/sqlite"
)

// A pragma that is set on one connection of a pool does not hold for the others, so the test asks each
// connection.
func TestEveryConnectionHasItsSettings(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	common := map[string]string{
		"journal_mode": "wal", "busy_timeout": "5000", "foreign_keys": "1", "temp_store": "2", "trusted_schema": "",
		"page_size": "4096", "auto_vacuum": "0", "encoding": "UTF-8", "mmap_size": "0",
	}
	writer := map[string]string{
		"synchronous": "2", "query_only": "0", "cache_size": "-16000", "wal_autocheckpoint": "4000",
		"journal_size_limit": "67108864", "secure_delete": "1",
	}
	reader := map[string]string{"query_only": "1", "cache_size": "-4000"}
	check := func(who string, conn *sql.Conn, wanted ...map[string]string) {
		for _, settings := range wanted {
			for name, want := range settings {
				var got string
				err := conn.QueryRowContext(context.Background(), "PRAGMA "+name).Scan(&got)
				if want != "" && (err != nil || got != want) {
					t.Errorf("%s: %s is %q (%v), want %q", who, name, got, err, want)
				}
			}
		}
		// Text in double quotes is a name, so that a misspelled column is an error.
		if _, err := conn.ExecContext(context.Background(), `SELECT "no_such_column"`); err == nil {
			t.Errorf("%s takes a name in double quotes for a text", who)
		}
		// Nobody may write SQLite's own tables.
		if _, err := conn.ExecContext(context.Background(), `PRAGMA writable_schema = 1`); err == nil {
			if _, err := conn.ExecContext(context.Background(), `UPDATE sqlite_schema SET sql = ''`); err == nil {
				t.Errorf("%s may write the schema: it is not defensive", who)
			}
		}
	}
	release := s.hold(t)
	check("the writer", s.writer.conn, common, writer)
	release()
	readers, giveBack := s.takeReaders()
	defer giveBack()
	for i, r := range readers {
		check(fmt.Sprint("reader ", i), r.conn, common, reader)
		if _, err := r.conn.ExecContext(context.Background(), `DELETE FROM users`); err == nil {
			t.Errorf("reader %d can write", i)
		}
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	path := filepath.Join(t.TempDir(), "newer.db")
	db, err := sql.Open("sqlite", sqlite.WriteDSN(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`PRAGMA user_version = 1000`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(path, s.committed); !errors.Is(err, sqlite.ErrNewer) {
		t.Errorf("got %v, want %v", err, sqlite.ErrNewer)
	}
}

func TestAFileThatIsNoDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, nil); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want an error of one line", err)
	}
	if text, _ := os.ReadFile(path); !strings.HasPrefix(string(text), "not a database\n") {
		t.Error("the file was written to")
	}
}

func TestAHalfFailedMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	files := fstest.MapFS{
		"migrations/0001_one.sql": {Data: []byte(`CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT; INSERT INTO one VALUES (1);`)},
		"migrations/0002_two.sql": {Data: []byte(`CREATE TABLE two (id INTEGER) STRICT; UPDATE one SET id = 2; INSERT INTO nowhere VALUES (1);`)},
	}
	if err := sqlite.Migrate(path, files); err == nil || !strings.Contains(err.Error(), "0002_two.sql") {
		t.Errorf("got %v, want an error that names the file", err)
	} else if strings.Contains(err.Error(), "\n") {
		t.Errorf("got %q, want one line", err)
	}
	check := func(version, id int, tables string) {
		t.Helper()
		db, err := sql.Open("sqlite", sqlite.WriteDSN(path))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var gotVersion, gotID int
		var gotTables string
		err = errors.Join(
			db.QueryRow(`PRAGMA user_version`).Scan(&gotVersion), db.QueryRow(`SELECT id FROM one`).Scan(&gotID),
			db.QueryRow(`SELECT group_concat(name) FROM sqlite_schema`).Scan(&gotTables),
		)
		if err != nil || gotVersion != version || gotID != id || gotTables != tables {
			t.Errorf("version %d, id %d, tables %q (%v), want %d, %d, %q", gotVersion, gotID, gotTables, err, version, id, tables)
		}
	}
	check(1, 1, "one")
	files["migrations/0002_two.sql"].Data = []byte(`CREATE TABLE two (id INTEGER) STRICT; UPDATE one SET id = 2;`)
	for range 2 {
		if err := sqlite.Migrate(path, files); err != nil {
			t.Error(err)
		}
		check(2, 2, "one,two")
	}
}

// openFirstVersion opens a database that an earlier version left: testdata/version1.sql, which is one of the first
// version and must never change, and what further statements put into it.
func openFirstVersion(t *testing.T, statements string) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley.db")
	text, err := os.ReadFile("testdata/version1.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", sqlite.WriteDSN(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(string(text) + statements); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	st, err := Open(path, TellNobody)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func TestTheFirstVersionStillOpens(t *testing.T) {
	t.Parallel()
	st := openFirstVersion(t, "")
	checkNumbers(t, st)
	err := st.Read(context.Background(), func(tx *Tx) error {
		messages, err := tx.MessagesAfter(1, 0, 10, math.MaxInt)
		if err != nil {
			return err
		}
		if got := bodies(messages); !slices.Equal(got, []string{"Hello **Bob**", "", "你好"}) {
			t.Errorf("messages are %q", got)
		}
		if r := messages[2].Reactions; len(r) != 1 || r[0].Emoji != "👍" || len(r[0].UserIDs) != 2 {
			t.Errorf("reactions are %+v", r)
		}
		u, err := tx.SessionUser("SESSION")
		if u.Name != "ann" {
			t.Errorf("the session is of %+v", u)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestHTMLOfAnOlderRendererIsRenderedAgain(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.must(t, s.adds("**bold**"))
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.run(`UPDATE messages SET html = '<script>', html_version = $1`, markdown.Version-1)
		return err
	})
	read := func() (m chat.Message) {
		err := s.Read(context.Background(), func(tx *Tx) (err error) { m, err = tx.Message(s.room, 1); return err })
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	const want = "<p><strong>bold</strong></p>\n"
	if m := read(); m.HTML != want {
		t.Errorf("got %q, want %q", m.HTML, want)
	}
	s.must(t, func(tx *WriteTx) error {
		m, err := tx.Message(s.room, 1)
		if err == nil {
			_, err = tx.AddReaction(m, s.bob, "👍")
		}
		return err
	})
	if m := read(); m.HTML != want || m.Reactions == nil {
		t.Errorf("after a reaction: %+v", m)
	}
}

func TestTimesComeFromTheStoresClock(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1_000_000_000_123)
	st, err := open(filepath.Join(t.TempDir(), "parley.db"), func(_ []chat.Change, answer func()) { answer() }, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	if err := st.WriteAndWait(func(tx *WriteTx) error {
		if tx.now != now.UnixMilli() {
			t.Errorf("a write is at %d, want %d", tx.now, now.UnixMilli())
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// What stands in rooms and members comes along when the tables are made anew, and says who caused a membership as far
// as one can tell. A room that nobody is in is archived, and no number is given twice.
func TestRoomsOfAnEarlierVersionComeAlong(t *testing.T) {
	t.Parallel()
	st := openFirstVersion(t, `
		INSERT INTO rooms (id, kind, name, name_key, topic, everyone, member_count, created_at, seq, rev, meta) VALUES
			(90, 'private', 'team', 'team', 'tea', 0, 2, 1, 0, 0, 2), (91, 'public', 'left', 'left', '', 0, 0, 1, 0, 0, 2),
			(92, 'public', 'open', 'open', '', 0, 1, 1, 0, 0, 1);
		INSERT INTO members VALUES (1, 90, 'owner', 1, 0), (2, 90, 'member', 1, 0), (2, 92, 'member', 1, 0)`)
	checkNumbers(t, st)
	err := st.WriteAndWait(func(tx *WriteTx) error {
		for room, want := range map[chat.RoomID]bool{1: false, 90: false, 91: true, 92: false} {
			if about, err := tx.room(room); err != nil || (about.ArchivedAt != 0) != want {
				t.Errorf("room %d is %+v, %v; want it archived: %v", room, about, err, want)
			}
		}
		for user, want := range map[chat.UserID]Memberships{1: {Own: 2, Brought: 1}, 2: {Own: 1, Brought: 3}} {
			if got, err := tx.Memberships(user, 1); err != nil || got != want {
				t.Errorf("the rooms of user %d are %+v, %v; want %+v", user, got, err, want)
			}
		}
		for _, statement := range []string{`DELETE FROM members WHERE room_id = 92`, `DELETE FROM rooms WHERE id = 92`} {
			if _, err := tx.run(statement); err != nil {
				return err
			}
		}
		id, err := tx.AddRoom(NewRoom{Kind: chat.Public, Name: StoredName{"left", "left"}})
		if id != 93 {
			t.Errorf("the next room is %d, want 93", id)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Who upgrades the program has backups of the one before, and makes one of the old database before the first start.
func TestDatabasesOfEveryEarlierVersionAreBackedUpAndRestored(t *testing.T) {
	t.Parallel()
	first, err := os.ReadFile("testdata/version1.sql")
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	migrations := fstest.MapFS{}
	for i, file := range files {
		text, err := migrationFiles.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		migrations[file] = &fstest.MapFile{Data: text}
		version, upToHere := i+1, maps.Clone(migrations)
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			old, backup, restored := filepath.Join(folder, "old.db"), filepath.Join(folder, "backup"), filepath.Join(folder, "parley.db")
			db, err := sql.Open("sqlite", sqlite.WriteDSN(old))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(string(first)); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if err := sqlite.Migrate(old, upToHere); err != nil {
				t.Fatal(err)
			}
			progress := func(int, int) {}
			if copied, err := CopyDatabase(t.Context(), old, backup, progress); err != nil || copied.Messages != 3 || copied.Foreign != nil {
				t.Fatalf("the backup is %+v, %v", copied, err)
			}
			if copied, err := RestoreDatabase(t.Context(), backup, restored, progress); err != nil || copied.Messages != 3 {
				t.Fatalf("what is restored is %+v, %v", copied, err)
			}
			st, err := Open(restored, TellNobody)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { st.Close() })
			checkNumbers(t, st)
			if err := st.Read(t.Context(), func(tx *Tx) error {
				messages, err := tx.MessagesAfter(1, 0, 10, math.MaxInt)
				if got := bodies(messages); !slices.Equal(got, []string{"Hello **Bob**", "", "你好"}) {
					t.Errorf("messages are %q", got)
				}
				if _, gone := tx.SessionUser("SESSION"); !chat.IsCode(gone, chat.SignedOut) {
					t.Errorf("the session of the time before is found: %v", gone)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// Who upgrades from a version that checked no names of the server is warned first; a new server checks them at once.
func TestOnlyAServerOfAnEarlierVersionLearnsItsNames(t *testing.T) {
	t.Parallel()
	since := func(st *Store) (at int64) {
		t.Helper()
		if err := st.Read(t.Context(), func(tx *Tx) (err error) { at, err = tx.HostsSince(); return err }); err != nil {
			t.Fatal(err)
		}
		return at
	}
	before := time.Now().Add(-time.Second).UnixMilli()
	if at := since(openFirstVersion(t, "")); at < before || at > time.Now().UnixMilli() {
		t.Errorf("a server that is upgraded checks names since %d, want now", at)
	}
	if at := since(newStore(t).Store); at != 0 {
		t.Errorf("a new server checks names since %d, want always", at)
	}
}
