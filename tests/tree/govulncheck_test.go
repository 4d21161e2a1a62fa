package tree

import (
	"archive/zip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/tests/harness"
)

// standIn is built in place of govulncheck: it says what a test wants and exits with the status that it wants.
const standIn = `package main

import (
	"fmt"
	"os"
	"strconv"
)

func main() {
	fmt.Println("asked for", os.Args[1:])
	fmt.Println(os.Getenv("STAND_IN_SAYS"))
	status, _ := strconv.Atoi(os.Getenv("STAND_IN_STATUS"))
	os.Exit(status)
}
`

// clone is a copy of the scripts of the tree with nothing beside it, and an empty cache of modules.
func clone(t *testing.T) (top, modules string) {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("the script needs bash: ", err)
	}
	beside := t.TempDir()
	top, modules = filepath.Join(beside, "clone"), filepath.Join(beside, "modules")
	for _, name := range []string{"scripts/test.sh", "scripts/tools.env"} {
		put(t, filepath.Join(top, name), harness.Document(t, name))
	}
	return top, modules
}

func put(t *testing.T, path, content string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(content), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// hasTool puts the stand-in where Go keeps what it has fetched of govulncheck.
func hasTool(t *testing.T, modules string) {
	t.Helper()
	pinned := regexp.MustCompile(`(?m)^GOVULNCHECK=(\S+)/cmd/govulncheck@(\S+)$`).FindStringSubmatch(harness.Document(t, "scripts/tools.env"))
	if pinned == nil {
		t.Fatal("scripts/tools.env names no govulncheck")
	}
	module, version := pinned[1], pinned[2]
	mod := fmt.Sprintf("module %s\n\ngo 1.21\n", module)
	versions := filepath.Join(modules, "cache/download", module, "@v")
	put(t, filepath.Join(versions, "list"), version+"\n")
	put(t, filepath.Join(versions, version+".info"), fmt.Sprintf(`{"Version":%q}`, version))
	put(t, filepath.Join(versions, version+".mod"), mod)
	file, err := os.Create(filepath.Join(versions, version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	packed := zip.NewWriter(file)
	for name, content := range map[string]string{"go.mod": mod, "cmd/govulncheck/main.go": standIn} {
		w, err := packed.Create(module + "@" + version + "/" + name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
}

// checksVulnerabilities runs the stage in a clone, where nothing on the network answers, and gives its exit status and
// all that it printed.
func checksVulnerabilities(t *testing.T, top, modules string, env ...string) (ok bool, printed string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "scripts/test.sh", "govulncheck")
	cmd.Dir = top
	const refuses = "http://127.0.0.1:1" // nobody listens there
	cmd.Env = append(os.Environ(), append([]string{
		"GOMODCACHE=" + modules, "GOPROXY=" + refuses, "HTTP_PROXY=" + refuses, "HTTPS_PROXY=" + refuses, "NO_PROXY=",
		"GOFLAGS=-modcacherw", "GOTOOLCHAIN=local", "GOSUMDB=off", "GOVCS=*:off", "TMPDIR=" + t.TempDir(), "LAST_LINE=",
	}, env...)...)
	out, err := cmd.CombinedOutput()
	return err == nil, string(out)
}

func lastLine(printed string) string {
	lines := strings.Split(strings.TrimSpace(printed), "\n")
	return lines[len(lines)-1]
}

// Without a network and without what serves in its place, the last line says that nothing was checked for
// vulnerabilities. What was found, or went wrong otherwise, fails, whatever words it has.
func TestTheLastLineSaysWhenVulnerabilitiesWereNotLookedFor(t *testing.T) {
	t.Parallel()
	const refused = `dial tcp 127.0.0.1:1: connect: connection refused`
	for name, c := range map[string]struct {
		status, says string // of the tool; without a status it cannot be fetched, and says is where it would be
		ok           bool
		want         string
	}{
		"no tool":                {"", "", true, "0 passed, 0 failed, NOT CHECKED: govulncheck"},
		"no tool, and no asking": {"", "off", true, "0 passed, 0 failed, NOT CHECKED: govulncheck"},
		"no database": {
			"1", `govulncheck: fetching vulnerabilities: Get "https://vuln.example.com/index.json": ` + refused,
			true, "0 passed, 0 failed, NOT CHECKED: govulncheck",
		},
		"a vulnerability": {
			"3", "Vulnerability #1: GO-2026-0001\n    Reading stops with a timeout after " + refused, false, "0 passed, 1 failed",
		},
		"a tree that does not build": {"1", "govulncheck: loading packages: undefined: x", false, "0 passed, 1 failed"},
		"nothing found":              {"0", "No vulnerabilities found.", true, "1 passed, 0 failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			top, modules := clone(t)
			if c.status != "" {
				hasTool(t, modules)
			}
			env := []string{"STAND_IN_STATUS=" + c.status, "STAND_IN_SAYS=" + c.says}
			if c.status == "" && c.says != "" {
				env = []string{"GOPROXY=" + c.says}
			}
			ok, printed := checksVulnerabilities(t, top, modules, env...)
			if got := lastLine(printed); ok != c.ok || got != c.want {
				t.Errorf("it ended with %q, and well: %v; want %q, %v; it printed:\n%s", got, ok, c.want, c.ok, printed)
			}
			if c.status != "" && !strings.Contains(printed, "asked for [./...]") {
				t.Errorf("the tool was not asked about the whole tree: %s", printed)
			}
		})
	}
}
