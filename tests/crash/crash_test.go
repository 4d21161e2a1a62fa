//go:build crash

// Package crash has the tests that need strace: the real program while its disk fails, and what is on disk when the power
// does. "scripts/test.sh crash" runs them.
package crash

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"parley/tests/harness"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // an image is opened hundreds of times
	giveBack := inMemory()
	status := m.Run()
	giveBack()
	os.Exit(status)
}

// inMemory has temporary folders in memory, where it may: on disks that take long to sync nearly all of the time was a
// wait for them. What a program asked its disk for is in the trace, what a disk would keep of it is computed, and the
// disks that fail are made to by strace, or are small ones of their own.
func inMemory() (giveBack func()) {
	folder, err := os.MkdirTemp("", "crash")
	if err != nil {
		panic(err)
	}
	giveBack = func() { os.Remove(folder) }
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=2g"); err != nil {
		return giveBack // these tests also run where nobody may mount
	}
	os.Setenv("TMPDIR", folder)
	return func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			fmt.Fprintln(os.Stderr, "unmount:", err)
		}
		os.Remove(folder)
	}
}

// plain is the program without the race detector, which under strace would take most of the time.
var plain = sync.OnceValues(func() (string, error) {
	folder, err := harness.BuildFolder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "parley-plain")
	return path, harness.BuildPlainTo(path)
})

func theProgram(t *testing.T) string {
	t.Helper()
	path, err := plain()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// lessSynchronous is the program with another setting of SQLite's "synchronous" than ours, for tests that have to fail
// then.
func lessSynchronous(t *testing.T, synchronous string) string {
	t.Helper()
	const ours = "_synchronous=FULL"
	source := filepath.Join(harness.Module(), "store", "sqlite", "sqlite.go")
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), ours); n != 1 {
		t.Fatalf("%s has %q %d times, want once", source, ours, n)
	}
	folder := t.TempDir()
	changed, overlay := filepath.Join(folder, "sqlite.go"), filepath.Join(folder, "overlay.json")
	for name, content := range map[string]string{
		changed: strings.Replace(string(text), ours, "_synchronous="+synchronous, 1),
		overlay: harness.AsJSON(t, map[string]map[string]string{"Replace": {source: changed}}),
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(folder, "parley")
	if err := harness.BuildPlainTo(path, "-overlay="+overlay); err != nil {
		t.Fatal(err)
	}
	return path
}

// traced runs a program under strace. The two are a process group of their own, which ends with the test.
func traced(t *testing.T, program string, flags []string, extra []*os.File, args ...string) *harness.Program {
	t.Helper()
	cmd := exec.Command("strace", slices.Concat(flags, []string{program}, args)...)
	cmd.ExtraFiles = extra
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p := harness.LaunchCommand(t, nil, cmd)
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // they may have ended already
		<-p.Process().Ended
	})
	return p
}

// signal sends a signal to a program under strace.
func signal(t *testing.T, p *harness.Program, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(-p.Pid(), signal); err != nil {
		t.Fatal(fmt.Errorf("signal: %w", err))
	}
}

func emptyFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}
