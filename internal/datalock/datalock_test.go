package datalock

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets this binary also be the other process. That process tries to lock the folder, prints the
// outcome, and holds the lock until its input ends.
func TestMain(m *testing.M) {
	dir := os.Getenv("DATALOCK_TEST_FOLDER")
	if dir == "" {
		os.Exit(m.Run())
	}
	_, err := Acquire(dir)
	fmt.Println(err)
	io.Copy(io.Discard, os.Stdin)
}

// other starts a second process on the folder and returns what its Acquire answered.
func other(t *testing.T, dir string) (answer string, cmd *exec.Cmd, input io.Closer) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "DATALOCK_TEST_FOLDER="+dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), cmd, in
}

func TestOtherProcessIsKeptOutUntilRelease(t *testing.T) {
	dir := t.TempDir()
	lock, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, _, _ := other(t, dir); !strings.Contains(got, "in use by another process") {
		t.Errorf("the other process got %q", got)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := other(t, dir); got != "<nil>" {
		t.Errorf("after release the other process got %q, want no error", got)
	}
}

func TestLockEndsWithItsProcess(t *testing.T) {
	dir := t.TempDir()
	for name, end := range map[string]func(*exec.Cmd, io.Closer){
		"leaving":  func(_ *exec.Cmd, in io.Closer) { in.Close() },
		"by force": func(cmd *exec.Cmd, _ io.Closer) { cmd.Process.Kill() },
	} {
		answer, cmd, in := other(t, dir)
		if answer != "<nil>" {
			t.Fatalf("%s: the other process got %q", name, answer)
		}
		if _, err := Acquire(dir); !errors.Is(err, ErrInUse) {
			t.Errorf("%s: while it lives: got %v, want ErrInUse", name, err)
		}
		end(cmd, in)
		cmd.Wait()
		lock, err := Acquire(dir)
		if err != nil {
			t.Fatalf("%s: after its end: %v", name, err)
		}
		if err := lock.Release(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSecondLockInTheSameProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	lock, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if _, err := Acquire(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v, want ErrInUse", err)
	}
}

func TestMissingFolderIsNotInUse(t *testing.T) {
	_, err := Acquire(filepath.Join(t.TempDir(), "missing"))
	if err == nil || errors.Is(err, ErrInUse) {
		t.Errorf("got %v, want an error that is not ErrInUse", err)
	}
}
