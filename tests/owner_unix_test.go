//go:build unix

// Commands of root's on a folder that a server uses which runs as another user.

package tests

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"parley/internal/engines"
	"parley/store/sqlite"
	"parley/tests/harness"
)

// Who is not root runs it as the user that the server runs as too.
func TestWhatRootDoesLeavesEveryFileToTheServersUser(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	p.SetUp(t)
	p.Stop()
	user := os.Geteuid()
	if user == 0 {
		user = 4242
	}
	all := func(do func(path string)) {
		do(data)
		for _, name := range harness.NamesIn(t, data) {
			do(filepath.Join(data, name))
		}
	}
	all(func(path string) {
		if err := os.Chown(path, user, -1); err != nil {
			t.Fatal(err)
		}
	})
	ownedByUser := func(after string) {
		t.Helper()
		all(func(path string) {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if owner := info.Sys().(*syscall.Stat_t).Uid; int(owner) != user {
				t.Errorf("after %s %s belongs to %d", after, filepath.Base(path), owner)
			}
		})
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	harness.Run(t, "backup", "--data", data, copied)
	ownedByUser("backup")
	harness.Run(t, "token", "add", "--data", data, "--scope=read", "builds")
	ownedByUser("token")
	harness.Run(t, "restore", "--data", data, copied)
	ownedByUser("restore")
	if err := sqlite.Remove(filepath.Join(data, "parley.db")); err != nil {
		t.Fatal(err)
	}
	harness.Run(t, "restore", "--data", data, copied)
	ownedByUser("restore of a database that was gone")
}
