//go:build bugs

// Building a server with each seeded bug, and having it caught. scripts/test.sh bugs runs these.

package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// tries bounds the runs with one bug: what meets is never quite the same, and no bug shows in each.
const tries = 10

// shortRun is what each run takes, unless the bug asks for something else. After less than ten seconds no
// smaller run is looked for.
var shortRun = []string{"--json", "--seconds=9", "--clients=6", "--rooms=4"}

// row prints a line of the table, as soon as it is known.
func row(bug, caughtBy, run, seconds any) {
	fmt.Printf("%-28v %-20v %3v %8v\n", bug, caughtBy, run, seconds)
}

func since(began time.Time) string { return fmt.Sprintf("%.1f", time.Since(began).Seconds()) }

// copyTree gives a copy of all files of the tree that are not ignored.
func copyTree(t *testing.T) string {
	t.Helper()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	files := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	files = slices.DeleteFunc(files, func(name string) bool { // deleted, and not committed yet
		_, err := os.Lstat(filepath.Join("../..", name))
		return err != nil
	})
	tree := t.TempDir()
	copyInto(t, tree, files)
	return tree
}

// goIn runs the go command in a copy of the tree, with what "make build" sets: packages that do not know
// where they were built are not built anew for each copy.
func goIn(tree string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = tree
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath -buildvcs=false")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// built is the program of a copy of the tree.
func built(t *testing.T, tree string) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "parley")
	if out, err := goIn(tree, "build", "-ldflags=-s -w", "-o", program, "."); err != nil {
		t.Fatalf("it does not build: %s", out)
	}
	return program
}

// checks makes one run of a program.
func checks(t *testing.T, program string, seed int, flags []string) (status int, report Report) {
	t.Helper()
	args := slices.Concat([]string{"check", fmt.Sprint("--seed=", seed)}, shortRun, flags)
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	var progress bytes.Buffer
	cmd.Stderr = &progress
	out, runErr := cmd.Output()
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v: no report, %v: %s", args, runErr, progress.String())
	}
	return cmd.ProcessState.ExitCode(), report
}

// brokenIn lists the invariants that a report says are violated.
func brokenIn(report Report) (names []string) {
	for _, found := range report.Violations {
		if !slices.Contains(names, found.Invariant) {
			names = append(names, found.Invariant)
		}
	}
	return names
}

func TestEverySeededBugIsCaught(t *testing.T) {
	t.Parallel()
	row("bug", "caught by", "run", "seconds")
	for _, bug := range seededBugs(t) {
		t.Run(bug.name, func(t *testing.T) {
			t.Parallel()
			tree := copyTree(t)
			bug.applyTo(t, tree)
			if bug.fails != "" {
				bug.isCaughtByATest(t, tree)
				return
			}
			bug.isCaught(t, built(t, tree))
		})
	}
}

// isCaught makes runs until one finds what the bug breaks.
func (b seededBug) isCaught(t *testing.T, program string) {
	t.Helper()
	began := time.Now()
	for try := 1; try <= tries; try++ {
		status, report := checks(t, program, try, b.flags)
		found := brokenIn(report)
		asked := func(name string) bool { return slices.Contains(b.breaks, name) }
		if status == StatusViolated && slices.ContainsFunc(found, asked) {
			row(b.name, strings.Join(found, " "), try, since(began))
			return
		}
		t.Logf("run %d: status %d, %v", try, status, report.Violations)
	}
	t.Errorf("none of %d runs found any of %v broken", tries, b.breaks)
}

var lackMessages = regexp.MustCompile(`[1-9]\d* lack messages`)

// isCaughtByATest is for what no run can tell: what is on the disk when the power goes.
func (b seededBug) isCaughtByATest(t *testing.T, tree string) {
	t.Helper()
	began := time.Now()
	out, err := goIn(tree, "test", "-short", "-count=1", "-timeout=60m", "-tags=crash", "-run=^"+b.fails+"$", "./tests/crash")
	if err == nil || !strings.Contains(out, "--- FAIL: "+b.fails) || !lackMessages.MatchString(out) {
		t.Fatalf("%s had to find that messages are gone: %s", b.fails, out)
	}
	row(b.name, "images of the disk", 1, since(began))
}

func TestWithoutABugNothingIsFound(t *testing.T) {
	t.Parallel()
	program := built(t, copyTree(t))
	made := map[string]bool{}
	for _, bug := range seededBugs(t) {
		flags := strings.Join(bug.flags, " ")
		if made[flags] || bug.fails != "" {
			continue
		}
		made[flags] = true
		t.Run("as with "+bug.name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			if status, report := checks(t, program, 1, bug.flags); status == StatusViolated {
				t.Errorf("%v", report.Violations)
			}
			row("no bug", "nothing", 1, since(began))
		})
	}
}
