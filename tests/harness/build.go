// Package harness is what the tests of the whole program share: the program, built with the race detector, people with
// browsers' cookies, and real sockets. Helpers are verbs, take t first, and fail the test by themselves.
package harness

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/gofrs/flock"
)

// Binary is the program as it is in this tree. It is built when the first test asks for it. "go test -short", which
// "make check" runs, leaves out the tests that do.
func Binary(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the whole program")
	}
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Module is the folder of the module.
var Module = sync.OnceValue(func() string {
	folder, err := os.Getwd() // "go test" runs a test in the folder of its package
	for err == nil {
		if _, statErr := os.Stat(filepath.Join(folder, "go.mod")); statErr == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			break
		}
		folder = parent
	}
	panic("the tests are not in a module")
})

var build = sync.OnceValues(func() (string, error) {
	name := "parley"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	folder, err := BuildFolder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, name)
	lock := flock.New(path + ".lock") // "go test" runs several packages at once, and none may start half a program
	if err := lock.Lock(); err != nil {
		return "", err
	}
	err = BuildTo(path)
	if err := errors.Join(err, lock.Unlock()); err != nil {
		return "", err
	}
	return path, dependOnSource()
})

// Plain is the program without the race detector, which needs several times the memory.
func Plain(t testing.TB) string {
	t.Helper()
	Binary(t) // skips, and makes the result depend on the source
	folder, err := BuildFolder()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "parley-plain")
	if err := BuildPlainTo(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// BuildPlainTo builds the program into a file, without the race detector and with more arguments for "go build". It
// sets what "make build" sets, so that what was built for that is not built once more.
func BuildPlainTo(path string, args ...string) error {
	cmd := exec.Command("go", append(append([]string{"build", "-o", path}, args...), ".")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath -buildvcs=false")
	return run(cmd)
}

// run runs a "go build" of the module.
func run(cmd *exec.Cmd) error {
	cmd.Dir = Module()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return nil
}

// BuildFolder is where the tests of this module build the program. It is outside the module, since "go build" gives its
// file a new time whenever it runs: inside, Go's test cache would take that for a change.
func BuildFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	folder := filepath.Join(cache, fmt.Sprintf("parley-tests-%x", sha256.Sum256([]byte(Module()))))
	return folder, os.MkdirAll(folder, 0o700)
}

// CoverDir is where the program writes which of its lines were run, when "make cover" asks for it.
func CoverDir() string { return os.Getenv("COVER_DIR") }

// BuildTo builds the program into a file, with the race detector and more arguments for "go build".
func BuildTo(path string, args ...string) error {
	if CoverDir() != "" {
		args = append([]string{"-cover", "-covermode=atomic", "-coverpkg=./..."}, args...)
	}
	return run(exec.Command("go", append(append([]string{"build", "-race", "-o", path}, args...), ".")...))
}

// dependOnSource makes the result of the test depend on what the program is built of. "go test" remembers the files and
// folders that a test opens, and takes an earlier result only while they are as they were; what "go build" reads it
// does not see.
func dependOnSource() error {
	cmd := exec.Command("go", "list", "-deps", "-json=Dir,Standard,Module,GoFiles,EmbedFiles", ".")
	cmd.Dir = Module()
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("list what the program is built of: %w", err)
	}
	files := []string{"go.mod", "go.sum"}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var pkg struct {
			Dir                 string
			Standard            bool
			Module              *struct{ Main bool }
			GoFiles, EmbedFiles []string
		}
		if err := dec.Decode(&pkg); err != nil {
			return err
		}
		if pkg.Standard || pkg.Module == nil || !pkg.Module.Main {
			continue // go.sum tells when one of these changes
		}
		folder, err := filepath.Rel(Module(), pkg.Dir)
		if err != nil {
			return err
		}
		if folder != "." {
			files = append(files, folder) // for files that come or go; at the top there are many that are no source
		}
		for _, name := range append(pkg.GoFiles, pkg.EmbedFiles...) {
			files = append(files, filepath.Join(folder, name))
		}
	}
	for _, name := range files {
		file, err := os.Open(filepath.Join(Module(), name))
		if err != nil {
			return err
		}
		file.Close() // it was only to be seen
	}
	return nil
}
