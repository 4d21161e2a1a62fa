// Seeded bugs: each patch in testdata/bugs makes the server break one promise, as someone might do it in good
// faith. A checker that lets one of them pass proves nothing by finding nothing.

package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// seededBug is one patch. What stands above its first file says what it is, and in lines of their own what it
// breaks and how it is looked for.
type seededBug struct {
	name   string
	patch  string   // its absolute path
	files  []string // that it changes, from the top of the tree
	breaks []string // invariants, one of which has to be found broken
	fails  string   // or, where no run can tell, the test that has to fail
	flags  []string // for the run
}

var (
	patchedFile = regexp.MustCompile(`(?m)^--- a/(\S+)$`)
	bugLine     = regexp.MustCompile(`(?m)^(Breaks|Fails|Run): (.+)$`)
)

// seededBugs reads the patches.
func seededBugs(t *testing.T) []seededBug {
	t.Helper()
	patches, err := filepath.Glob("testdata/bugs/*.patch")
	if err != nil {
		t.Fatal(err)
	}
	var bugs []seededBug
	for _, name := range patches {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		bug := seededBug{name: strings.TrimSuffix(filepath.Base(name), ".patch")}
		if bug.patch, err = filepath.Abs(name); err != nil {
			t.Fatal(err)
		}
		for _, found := range patchedFile.FindAllStringSubmatch(string(text), -1) {
			bug.files = append(bug.files, found[1])
		}
		for _, found := range bugLine.FindAllStringSubmatch(string(text), -1) {
			switch words := strings.Fields(found[2]); found[1] {
			case "Breaks":
				bug.breaks = words
			case "Fails":
				bug.fails = words[0]
			case "Run":
				bug.flags = words
			}
		}
		bugs = append(bugs, bug)
	}
	return bugs
}

// copyInto copies files of the tree into another folder.
func copyInto(t *testing.T, tree string, files []string) {
	t.Helper()
	for _, name := range files {
		content, err := os.ReadFile(filepath.Join("../..", name))
		if err == nil {
			err = os.MkdirAll(filepath.Join(tree, filepath.Dir(name)), 0o700)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(tree, name), content, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// applyTo seeds the bug into a copy of the tree.
func (b seededBug) applyTo(t *testing.T, tree string) {
	t.Helper()
	apply := exec.Command("git", "apply", b.patch)
	apply.Dir = tree
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("make the patch anew, the code that it changes is another: %s", out)
	}
}

// In the tree itself git would read the files, and "go test" not know that its result depends on them.
func TestEverySeededBugStillApplies(t *testing.T) {
	t.Parallel()
	bugs := seededBugs(t)
	if len(bugs) < 20 {
		t.Errorf("there are only %d bugs", len(bugs))
	}
	for _, bug := range bugs {
		t.Run(bug.name, func(t *testing.T) {
			t.Parallel()
			if (len(bug.breaks) == 0) == (bug.fails == "") {
				t.Errorf("it has to say what it breaks, or else which test fails: %+v", bug)
			}
			for _, name := range bug.breaks {
				if !slices.ContainsFunc(Invariants, func(i Invariant) bool { return i.Name == name }) {
					t.Errorf("there is no invariant %s", name)
				}
			}
			tree := t.TempDir()
			copyInto(t, tree, bug.files)
			bug.applyTo(t, tree)
		})
	}
}
