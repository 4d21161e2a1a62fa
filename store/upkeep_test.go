// Tests that nothing of a deleted text stays in the files, and that what has an end goes.

package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/store/sqlite"
)

// canary is part of every text that the tests delete.
const canary = "canary-"

// keptCanary is part of the texts that stay.
const keptCanary = "kept-bird-"

// inFiles counts the canaries in each file of a folder.
func inFiles(t *testing.T, folder string) (found map[string]int) {
	t.Helper()
	found = map[string]int{}
	for _, name := range namesIn(t, folder) {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(content, []byte(canary)); n > 0 {
			found[name] = n
		}
	}
	return found
}

// fillAndRemove posts texts of many lengths into several rooms in turn, so that pages are split between them, and
// then deletes some and edits the others. Every tenth stays.
func fillAndRemove(t *testing.T, s *testStore, messages int) {
	t.Helper()
	const perRoom = 300
	var rooms []chat.RoomID
	s.must(t, func(tx *WriteTx) error {
		for i := range messages / perRoom {
			name := fmt.Sprint("room", i)
			room, err := tx.AddRoom(NewRoom{Kind: chat.Public, Name: StoredName{name, name}})
			if err = errors.Join(err, tx.Join(room, s.ann, chat.MemberOwner, 0)); err != nil {
				return err
			}
			rooms = append(rooms, room)
		}
		return nil
	})
	each := func(do func(tx *WriteTx, i int) error) {
		for first := 0; first < messages; first += 50 {
			s.must(t, func(tx *WriteTx) error {
				for i := first; i < first+50; i++ {
					if err := do(tx, i); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	each(func(tx *WriteTx, i int) error {
		text := canary
		if i%10 == 0 {
			text = keptCanary
		}
		text += fmt.Sprintf("%05d ", i) + strings.Repeat("x", i*37%300)
		if i%40 == 7 {
			text += strings.Repeat("y", i*31%9000)
		}
		in, err := tx.RoomFor(access.Caller{User: s.ann}, rooms[i%len(rooms)])
		if err == nil {
			draft := chat.Draft{ClientID: chat.NewClientID(), Body: text}
			_, err = tx.AddMessage(in.Standing, RenderedDraft{Draft: draft, HTML: "<p>" + text})
		}
		return err
	})
	each(func(tx *WriteTx, i int) error {
		if i%10 == 0 {
			return nil
		}
		m, err := tx.Message(rooms[i%len(rooms)], int64(i/len(rooms)+1))
		switch {
		case err != nil:
		case i%3 == 0:
			_, err = tx.EditMessage(m, "edited", "")
		default:
			_, err = tx.DeleteMessage(m, s.ann)
		}
		return err
	})
}

func TestNothingOfADeletedTextStaysInTheFiles(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	s.upkeep.close()
	fillAndRemove(t, s, 3000)
	folder := filepath.Dir(s.path)
	if found := inFiles(t, folder); len(found) == 0 {
		t.Error("the texts were not even in the log")
	}

	copied := copyOf(t, s.path)
	if found := inFiles(t, copied); len(found) > 0 {
		t.Errorf("a backup has deleted texts: %v", found)
	}

	u := newUpkeep(s.Store)
	u.round()
	if found := inFiles(t, folder); len(found) > 0 {
		t.Errorf("after a round there are deleted texts in %v", found)
	}
	content, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(content, []byte(keptCanary)); n < 600 { // body and html of each
		t.Errorf("of the texts that stay only %d are there", n)
	}
	err = sqlite.WithConn(context.Background(), s.path, sqlite.OpenReader, func(conn *sql.Conn) error {
		var verdict string
		err := conn.QueryRowContext(context.Background(), `PRAGMA integrity_check`).Scan(&verdict)
		if err == nil && verdict != "ok" {
			err = errors.New(verdict)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// copyOf makes a backup and returns the folder that it is in.
func copyOf(t *testing.T, path string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if _, err := CopyDatabase(context.Background(), path, filepath.Join(folder, "copy"), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	return folder
}

// A reader of another process, such as a backup, keeps the log. The next round after it has gone empties it.
func TestALogThatAnotherReadsIsFreedLater(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	s.upkeep.close()
	fillAndRemove(t, s, 1200)
	u := newUpkeep(s.Store)
	err := sqlite.WithConn(context.Background(), s.path, sqlite.OpenBeside, func(conn *sql.Conn) error {
		ctx := context.Background()
		if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
			return err
		}
		var n int
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM rooms`).Scan(&n); err != nil {
			return err
		}
		u.round()
		if found := inFiles(t, filepath.Dir(s.path)); found["parley.db-wal"] == 0 {
			t.Errorf("the log was freed under a reader: %v", found)
		}
		s.must(t, s.adds("nobody waits for the reader"))
		_, err := conn.ExecContext(ctx, `ROLLBACK`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	u.round()
	if found := inFiles(t, filepath.Dir(s.path)); len(found) > 0 {
		t.Errorf("there are deleted texts in %v", found)
	}
}

// A deleted text is gone within the time that docs/operations.md names.
func TestADeletedTextIsGoneWithinAMinute(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	synctest.Test(t, func(t *testing.T) {
		s := newStore(t)
		time.Sleep(upkeepEvery / 2) // after the first round
		synctest.Wait()
		fillAndRemove(t, s, 1200)
		time.Sleep(upkeepEvery)
		synctest.Wait()
		if found := inFiles(t, filepath.Dir(s.path)); found["parley.db-wal"] > 0 {
			t.Errorf("after a minute there are deleted texts in %v", found)
		}
		time.Sleep(searchEvery + upkeepEvery)
		synctest.Wait()
		if found := inFiles(t, filepath.Dir(s.path)); len(found) > 0 {
			t.Errorf("after an hour and a minute there are deleted texts in %v", found)
		}
	})
}

// Earlier versions did not overwrite what they deleted. The first start of this one does, and says so.
func TestADatabaseOfAnEarlierVersionIsCleanedOnce(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	s.upkeep.close()
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.exec(`PRAGMA secure_delete = OFF`)
		return err
	})
	fillAndRemove(t, s, 1200)
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.run(`UPDATE server SET leftovers = 2`) // as after the migration
		return err
	})
	if err := s.Store.Close(); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(s.path)
	before := inFiles(t, folder)["parley.db"]
	copied := copyOf(t, s.path)
	if found := inFiles(t, copied); len(found) > 0 || len(namesIn(t, copied)) != 1 {
		t.Errorf("a backup has deleted texts: %v", found)
	}
	// What a start that was interrupted left behind.
	if err := os.WriteFile(s.path+".cleaning", []byte("half a "+canary), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.Store, err = Open(s.path, s.committed); err != nil {
		t.Fatal(err)
	}
	if found := inFiles(t, folder); before < 100 || len(found) > 0 {
		t.Errorf("there were %d deleted texts, and are %v", before, found)
	}
	var left Leftovers
	s.must(t, func(tx *WriteTx) (err error) { left, err = tx.Leftovers(); return err })
	if left != LeftoversNone {
		t.Errorf("the database says %d", left)
	}
}
