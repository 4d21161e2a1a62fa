// Seeded bugs: plausible mistakes that the checker has to catch, kept as patches.

package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

var breaks = regexp.MustCompile(`(?m)^Breaks: I\d+|^Fails: Test\w+`)

// A patch that no longer applies proves nothing any more; each says which promise it breaks, or which test.
func TestSeededBugsStillApply(t *testing.T) {
	patches, err := filepath.Glob("testdata/bugs/*.patch")
	if err != nil || len(patches) < 10 {
		t.Fatalf("%d patches were found: %v", len(patches), err)
	}
	for _, name := range patches {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !breaks.Match(text) {
			t.Errorf("%s does not say which promise it breaks", name)
		}
		apply := exec.Command("git", "apply", "--check", filepath.Join("check", name))
		apply.Dir = ".."
		if out, err := apply.CombinedOutput(); err != nil {
			t.Errorf("%s does not apply: %s", name, out)
		}
	}
}
