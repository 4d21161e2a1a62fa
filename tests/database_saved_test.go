// What can be saved of a database that was removed while the server runs.

package tests

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parley/internal/engines"
	"parley/tests/harness"
)

// What docs/operations.md tells an operator whose database was removed: the server still has the files open.
func TestARemovedDatabaseIsSavedFromTheRunningServer(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	if runtime.GOOS != "linux" {
		t.Skip("the way that the document names is that of Linux")
	}
	p := harness.StartIn(t, filepath.Join(t.TempDir(), "data"))
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	ann.Says(t, general, "saved")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		must(t, os.Remove(p.Database()+suffix))
	}
	saved := t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		copyOpen(t, p.Pid(), p.Database()+suffix, filepath.Join(saved, "parley.db"+suffix))
	}
	p.Stop()
	for _, suffix := range []string{"", "-wal"} {
		must(t, os.Rename(filepath.Join(saved, "parley.db"+suffix), p.Database()+suffix))
	}
	ann = ann.On(harness.StartIn(t, p.Data))
	if list := ann.History(t, general, "").Messages; len(list) != 1 || list[0].Body != "saved" {
		t.Errorf("there is %+v", list)
	}
}

// copyOpen copies a removed file that a process still has open.
func copyOpen(t *testing.T, pid int, removed, to string) {
	t.Helper()
	open, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	must(t, err)
	for _, fd := range open {
		if name, _ := os.Readlink(fd); strings.TrimSuffix(name, " (deleted)") != removed {
			continue
		}
		from, err := os.Open(fd)
		must(t, err)
		defer from.Close()
		out, err := os.Create(to)
		must(t, err)
		_, err = io.Copy(out, from)
		must(t, err)
		must(t, out.Close())
		return
	}
	t.Fatalf("nothing has %s open", removed)
}
