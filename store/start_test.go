// Tests of starting with a database that somebody put in place by hand.

package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/chat"
)

func TestAnOlderDatabasePutBackIsNoticed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		starts int                                              // before the copy is made
		act    func(t *testing.T, folder, copied string) string // returns the folder for the last start
		known  bool                                             // the store takes it for the same database
	}{
		"started again": {1, func(_ *testing.T, folder, _ string) string { return folder }, true},
		"the folder moved": {3, func(t *testing.T, folder, _ string) string {
			moved := filepath.Join(t.TempDir(), "moved")
			if err := os.Rename(folder, moved); err != nil {
				t.Fatal(err)
			}
			return moved
		}, true},
		"the copy of a stopped folder put back before anything changed": {2, func(t *testing.T, folder, copied string) string {
			putBack(t, copied, folder)
			return folder
		}, true},
		"the copy of an earlier run put back": {2, func(t *testing.T, folder, copied string) string {
			startAndStop(t, folder)
			putBack(t, copied, folder)
			return folder
		}, false},
		"the copy of the first run put back": {1, func(t *testing.T, folder, copied string) string {
			startAndStop(t, folder)
			putBack(t, copied, folder)
			return folder
		}, false},
		"the database alone moved": {2, func(t *testing.T, _, copied string) string {
			alone := t.TempDir()
			putBack(t, copied, alone)
			return alone
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, copied := t.TempDir(), t.TempDir()
			first := startAndStop(t, folder)
			for range c.starts - 1 {
				startAndStop(t, folder)
			}
			putBack(t, folder, copied)
			last := startAndStop(t, c.act(t, folder, copied))
			if (last.epoch == first.epoch) != c.known || last.signedIn != c.known {
				t.Errorf("the epoch was %s and is %s, the session of before is good: %v", first.epoch, last.epoch, last.signedIn)
			}
		})
	}
}

// putBack copies the database, and nothing else, from one folder to another.
func putBack(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(from, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(to, "parley.db"), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

type known struct {
	epoch    string
	signedIn bool
}

// startAndStop opens and closes a store, and returns what a client would recognize it by.
func startAndStop(t *testing.T, folder string) (k known) {
	t.Helper()
	st, err := Open(filepath.Join(folder, "parley.db"), TellNobody)
	if err != nil {
		t.Fatal(err)
	}
	err = st.WriteAndWait(func(tx *WriteTx) error {
		server, err := tx.EnsureServer("Home")
		if err != nil {
			return err
		}
		k.epoch = server.Epoch
		has, err := tx.HasUsers()
		if err != nil {
			return err
		}
		if !has {
			ann, err := tx.AddUser(StoredName{"ann", "ann"}, "Ann", chat.RoleOwner, "")
			hour := time.Now().Add(time.Hour).UnixMilli()
			return errors.Join(err, tx.AddSession(Session{ID: "SESSION", User: ann.ID, ExpiresAt: hour}))
		}
		_, err = tx.SessionUser("SESSION")
		k.signedIn = err == nil
		if chat.IsCode(err, chat.SignedOut) {
			err = nil
		}
		return err
	})
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	return k
}

// When a start ends while it is being noted, the next start still knows the database. And a store that cannot
// note its start starts all the same.
func TestAStartThatCannotBeNotedDoesNoHarm(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	first := startAndStop(t, folder)
	startAndStop(t, folder)
	file := startFile(filepath.Join(folder, "parley.db"))
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	word := strings.TrimSpace(string(before))
	for _, form := range []string{"%s\nnext\n", "previous\n%s\n"} {
		text := fmt.Sprintf(form, word)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if k := startAndStop(t, folder); k.epoch != first.epoch || !k.signedIn {
			t.Errorf("with %q the epoch was %s and is %s", text, first.epoch, k.epoch)
		}
		now, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		word = strings.TrimSpace(string(now))
	}
	if err := os.Mkdir(file+".new", 0o700); err != nil { // so that the file cannot be written
		t.Fatal(err)
	}
	for range 2 {
		if k := startAndStop(t, folder); k.epoch != first.epoch || !k.signedIn {
			t.Errorf("the epoch was %s and is %s", first.epoch, k.epoch)
		}
	}
}

func TestAHistoryRemembersSoManyRuns(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	startAndStop(t, folder)
	runs := func() (all int, listed []string) {
		t.Helper()
		st, err := Open(filepath.Join(folder, "parley.db"), TellNobody)
		if err != nil {
			t.Fatal(err)
		}
		err = st.WriteAndWait(func(tx *WriteTx) (err error) {
			if listed, err = tx.Runs(); err != nil {
				return err
			}
			if err := tx.row(into(&all), `SELECT count(*) FROM runs`); err != nil {
				return err
			}
			_, err = tx.run(`
				WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2 * $1)
				INSERT INTO runs (word)
				SELECT 'run' || n
				FROM numbers`, MaxRuns)
			return err
		})
		if err := errors.Join(err, st.Close()); err != nil {
			t.Fatal(err)
		}
		return all, listed
	}
	if all, listed := runs(); all != 2 || len(listed) != 2 || listed[0] == listed[1] {
		t.Errorf("after two starts there are %d runs: %q", all, listed)
	}
	all, listed := runs()
	if all != MaxRuns || len(listed) != MaxRuns {
		t.Fatalf("after many starts there are %d runs, of which %d are listed, want %d", all, len(listed), MaxRuns)
	}
	if now, before := listed[0], fmt.Sprint("run", 2*MaxRuns); strings.HasPrefix(now, "run") || listed[1] != before {
		t.Errorf("the newest runs are %q and %q, want the present one and %q", now, listed[1], before)
	}
}
