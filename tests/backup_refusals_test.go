// What backup and restore refuse, and that it harms nothing.

package tests

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/engines"
	"parley/tests/harness"
)

func TestBackupAndRestoreRefuseInOneLineAndChangeNothing(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	home := t.TempDir()
	live := harness.StartIn(t, filepath.Join(home, "live"))
	ann := live.SetUp(t)
	ann.Says(t, ann.Room(t, "general").ID, "kept")
	file := func(name string) string { return filepath.Join(home, name) }
	harness.Run(t, "backup", "--data", live.Data, file("kept"))
	stopped := filepath.Join(home, "stopped")
	harness.Run(t, "restore", "--data", stopped, file("kept"))

	write := func(name string, content []byte) {
		if err := os.WriteFile(file(name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file("kept"))
	if err != nil {
		t.Fatal(err)
	}
	write("text", bytes.Repeat([]byte("not a database\n"), 1000))
	write("empty", nil)
	write("half", kept[:len(kept)/2])
	spoiled := bytes.Clone(kept)
	clear(spoiled[len(spoiled)-4096:]) // a page, and not one that has the messages
	write("spoiled", spoiled)
	for name, statement := range map[string]string{
		"foreign":   `CREATE TABLE birds (name TEXT); PRAGMA user_version = 1`,
		"like ours": `CREATE TABLE server (x); CREATE TABLE rooms (x); PRAGMA user_version = 1`,
		"newer":     `CREATE TABLE server (x); CREATE TABLE rooms (x); CREATE TABLE messages (x); PRAGMA user_version = 1000`,
	} {
		harness.Execute(t, file(name), statement)
	}
	for name, statement := range map[string]string{
		"with a hole":      `UPDATE rooms SET seq = seq + 1`,
		"with a wrong rev": `UPDATE rooms SET rev = 0`,
		"with a trigger": `CREATE TRIGGER spy AFTER INSERT ON messages BEGIN
			UPDATE users SET role = 'owner' WHERE id = new.author_id; END`,
		"with a view":        `CREATE VIEW birds AS SELECT * FROM users`,
		"with an index":      `CREATE INDEX sorted ON users (lower(display_name))`,
		"with a table":       `CREATE TABLE birds (name TEXT)`,
		"without an index":   `DROP INDEX sessions_user`,
		"with another table": `ALTER TABLE rooms ADD COLUMN more TEXT NOT NULL DEFAULT ''`,
		"with a stranger":    `UPDATE members SET user_id = 77`,
	} {
		write(name, kept)
		harness.Execute(t, file(name), statement)
	}
	if err := os.Mkdir(file("folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	before := others(t, home)

	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"a backup of nothing", []string{"backup", "--data", file("none"), file("x")}, "there is no database in"},
		{"a backup that is there", []string{"backup", "--data", live.Data, file("kept")}, "--overwrite replaces it"},
		{"a backup onto a folder", []string{"backup", "--data", live.Data, file("folder")}, "is a folder"},
		{"a backup into no folder", []string{"backup", "--data", live.Data, file("none/x")}, "no such file"},
		{"a backup below a file", []string{"backup", "--data", live.Data, file("text/x")}, "not a directory"},
		{"a backup without a name", []string{"backup", "--data", live.Data}, "<file>"},
		{"a backup onto the database", []string{
			"backup", "--data", live.Data, "--overwrite", filepath.Join(live.Data, "parley.db"),
		}, "is the database itself"},
		{"a restore into a running server", []string{"restore", "--data", live.Data, file("kept")}, "in use by another process"},
		{"a restore of nothing", []string{"restore", "--data", stopped, file("none")}, "no such file"},
		{"a restore of a folder", []string{"restore", "--data", stopped, file("folder")}, "is a folder"},
		{"a restore of text", []string{"restore", "--data", stopped, file("text")}, "text: this is not a database of parley"},
		{"a restore of an empty file", []string{"restore", "--data", stopped, file("empty")}, "not a database of parley"},
		{"a restore of another program's", []string{"restore", "--data", stopped, file("foreign")}, "not a database of parley"},
		{"a restore of one with some of our tables", []string{"restore", "--data", stopped, file("like ours")}, "not a database of parley"},
		{"a restore of one with a page that was lost", []string{"restore", "--data", stopped, file("spoiled")}, "spoiled: the database is damaged"},
		{"a restore of half a file", []string{"restore", "--data", stopped, file("half")}, "half: the database is damaged"},
		{"a restore of a newer one", []string{"restore", "--data", stopped, file("newer")}, "a newer version of parley"},
		{"a restore of one with a hole", []string{"restore", "--data", stopped, file("with a hole")}, "messages are missing in 2"},
		{"a restore of one with a trigger", []string{"restore", "--data", stopped, file("with a trigger")}, `the trigger "spy"`},
		{"a restore of one with a view", []string{"restore", "--data", stopped, file("with a view")}, `the view "birds"`},
		{"a restore of one with an index", []string{"restore", "--data", stopped, file("with an index")}, `the index "sorted"`},
		{"a restore of one with a table", []string{"restore", "--data", stopped, file("with a table")}, `the table "birds"`},
		{"a restore of one without an index", []string{"restore", "--data", stopped, file("without an index")}, `"sessions_user" is missing`},
		{"a restore of one with another table", []string{"restore", "--data", stopped, file("with another table")}, `the table "rooms" is another`},
		{"a restore of one with a stranger", []string{"restore", "--data", stopped, file("with a stranger")}, "a row of members refers to one that is not there"},
		{"a restore of one with a wrong rev", []string{"restore", "--data", stopped, file("with a wrong rev")}, "in 1 rooms"},
	} {
		t.Run(c.name, func(t *testing.T) {
			harness.Launch(t, nil, c.args...).RefusesInOneLine(t, c.want)
			after := others(t, home)
			for name := range after {
				if !bytes.Equal(after[name], before[name]) {
					t.Errorf("%s is another than before", name)
				}
			}
			if len(after) != len(before) {
				t.Errorf("there were %d files, and are %d", len(before), len(after))
			}
		})
	}
	ann.Says(t, ann.Room(t, "general").ID, "still there")
}

// others are the contents of all files below a folder but those that the running server writes each minute by itself:
// the log and the mark.
func others(t *testing.T, root string) map[string][]byte {
	t.Helper()
	all := contents(t, root)
	maps.DeleteFunc(all, func(path string, _ []byte) bool {
		return strings.HasSuffix(path, "-wal") || strings.HasSuffix(path, ".mark")
	})
	return all
}

// contents reads all files below a folder but the index of a log, in which readers leave their marks.
func contents(t *testing.T, root string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "-shm") {
			return err
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // the server removed it just now
		}
		all[path] = content
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
