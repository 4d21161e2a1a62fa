package tree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/tests/harness"
)

// The modules that are used directly are those that go mod tidy leaves unmarked.
func TestEveryDependencyHasItsReason(t *testing.T) {
	t.Parallel()
	var direct []string
	for line := range strings.Lines(harness.Document(t, "go.mod")) {
		module, version, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok && strings.HasPrefix(version, "v") && !strings.HasSuffix(version, "// indirect") {
			direct = append(direct, module)
		}
	}
	var npm struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(harness.Document(t, "ui/package.json")), &npm); err != nil {
		t.Fatal(err)
	}
	direct = slices.AppendSeq(direct, maps.Keys(npm.Dependencies))
	direct = slices.AppendSeq(direct, maps.Keys(npm.DevDependencies))
	reasons := harness.Document(t, "docs/dependencies.md")
	for _, name := range direct {
		if !regexp.MustCompile(`[|,] ` + regexp.QuoteMeta(name) + ` ?[|,]`).MatchString(reasons) {
			t.Errorf("docs/dependencies.md gives no reason for %s", name)
		}
	}
	if len(direct) < 5 {
		t.Errorf("only %d dependencies were found", len(direct))
	}
}

// foreign are traces of the machine that a file was made on: they break on another one, and name what nobody else should
// need to know.
var foreign = regexp.MustCompile(`registry\.npm` + `js|proxy\.go` + `lang|` +
	`["'\s(=](?:/ro` + `ot|/ho` + `me|/wo` + `rk|/Users)/\w`)

// files lists all files that git does not ignore. Every folder below the top is opened, so that "go test" takes an
// earlier result only while no file has come: what git reads it does not see. The top is left out, since there is what
// git itself changes all the time.
func files(t *testing.T) (names []string) {
	t.Helper()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = harness.Module()
	out, err := list.Output()
	if err != nil {
		t.Skip("not a clone, so there is no list of what is in it: ", err)
	}
	seen := map[string]bool{".": true, "tests": true} // of tests, whose .build changes, go test knows the files by itself
	for name := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		names = append(names, name)
		if folder := filepath.Dir(name); !seen[folder] {
			seen[folder] = true
			opened, err := os.Open(filepath.Join(harness.Module(), folder))
			if err == nil { // it may have been deleted, and not be committed yet
				opened.Close()
			}
		}
	}
	return names
}

func TestNoFileNamesTheMachineItWasMadeOn(t *testing.T) {
	t.Parallel()
	read := 0
	for _, name := range files(t) {
		body, err := os.ReadFile(filepath.Join(harness.Module(), name))
		if err != nil || bytes.IndexByte(body, 0) >= 0 {
			continue // deleted but not committed yet, or not text
		}
		read++
		if found := foreign.Find(body); found != nil {
			t.Errorf("%s: %s", name, found)
		}
	}
	if read < 100 {
		t.Errorf("only %d files were read", read)
	}
}

func TestTracesOfAMachineAreFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		fmt.Sprint("resolved: https://registry.npm", "js.org/x"): true,
		fmt.Sprint("GOPROXY=https://proxy.go", "lang.org"):       true,
		fmt.Sprint("cd /ro", "ot/parley"):                        true,
		fmt.Sprint(`"/ho`, `me/ann/x"`):                          true,
		"see /rooms/1 and internal/home/x":                       false,
		"https://example.com/home/page":                          false,
	} {
		if got := foreign.MatchString(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
