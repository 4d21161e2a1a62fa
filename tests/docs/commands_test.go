// The commands of README.md and docs/, run as they are written.

package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

// documentsForUsers are the documents of whoever runs a server or writes a program.
func documentsForUsers(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(harness.Module(), "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	documents := []string{"README.md"}
	for _, path := range found {
		documents = append(documents, "docs/"+filepath.Base(path))
	}
	return documents
}

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```")

// commandsIn are the blocks of commands in a document.
func commandsIn(t *testing.T, document string) (blocks []string) {
	t.Helper()
	for _, found := range shellBlock.FindAllStringSubmatch(harness.Document(t, document), -1) {
		blocks = append(blocks, found[1])
	}
	return blocks
}

// A home is where somebody runs the program: ./parley is there, and what it keeps.
type home struct {
	folder string
	*harness.Program
	ann *harness.Person
}

func newHome(t *testing.T) *home {
	t.Helper()
	for _, needed := range []string{"bash", "curl", "jq"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("skipped: there is no %s here", needed)
		}
	}
	h := &home{folder: t.TempDir()}
	if err := os.Symlink(harness.Binary(t), filepath.Join(h.folder, "parley")); err != nil {
		t.Fatal(err)
	}
	h.Program = harness.StartIn(t, filepath.Join(h.folder, "parley-data"))
	h.ann = h.SetUp(t)
	return h
}

// runs has a shell run commands in the home, at the address of its server, and stop at the first that fails.
func (h *home) runs(t *testing.T, commands string) string {
	t.Helper()
	commands = strings.NewReplacer("https://chat.example.com", h.URL,
		"localhost:3000", strings.TrimPrefix(h.URL, "http://"), "curl ", "curl --fail-with-body -sS ").Replace(commands)
	shell := exec.Command("bash", "-euo", "pipefail", "-c", commands)
	shell.Dir = h.folder
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "PARLEY_") {
			shell.Env = append(shell.Env, entry)
		}
	}
	shell.Env = append(shell.Env, "GOCOVERDIR="+harness.CoverDir(),
		"PATH="+h.folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	said, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, commands, said)
	}
	return string(said)
}

// serves starts the server by a command of a document, on a port of its own.
func serves(t *testing.T, command string) *harness.Program {
	t.Helper()
	args := strings.Fields(strings.Replace(command, "--listen 127.0.0.1:3000", "", 1))[1:]
	p := harness.Launch(t, nil, append(args, "--listen=127.0.0.1:0", "--data="+t.TempDir())...)
	wait.Until(t, "the server says that it runs", func() bool {
		return strings.Contains(p.Stdout.String(), "is running at")
	})
	return p
}

var flagNames = regexp.MustCompile(`--[a-z-]+`)

// helped looks up every flag of some commands in the help of its command.
func helped(t *testing.T, commands string) {
	t.Helper()
	for line := range strings.Lines(commands) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 || words[0] != "parley" {
			continue
		}
		end := slices.IndexFunc(words, func(word string) bool { return strings.HasPrefix(word, "-") })
		if end < 0 {
			end = len(words)
		}
		help := harness.Run(t, append(words[1:end], "--help")...)
		for _, name := range flagNames.FindAllString(line, -1) {
			if !strings.Contains(help, name) {
				t.Errorf("%s: the help has no %s", strings.TrimSpace(line), name)
			}
		}
	}
}

// tried has a line for each block of commands, by how it begins: what runs it. A block that no test can run here
// says where it is run.
var tried = []struct {
	document, begins string
	run              func(t *testing.T, commands string)
}{
	{"README.md", "make run", nil}, // stages binary and smoke of scripts/test.sh
	{"README.md", "./parley --url", func(t *testing.T, commands string) {
		if p := serves(t, commands); !strings.Contains(p.Stdout.String(), "https://chat.example.com/setup#") {
			t.Errorf("it says %s", p.Stdout)
		}
	}},
	{"README.md", "./parley backup", func(t *testing.T, commands string) {
		h := newHome(t)
		h.ann.Says(t, h.ann.Room(t, "general").ID, "in the backup")
		backup, restore, _ := strings.Cut(commands, "\n")
		if said := h.runs(t, backup); !strings.Contains(said, "Backed up 1 messages") {
			t.Errorf("it says %s", said)
		}
		h.Stop()
		if said := h.runs(t, restore); !strings.Contains(said, "Restored 1 messages") {
			t.Errorf("it says %s", said)
		}
	}},
	{"README.md", "TOKEN=$(./parley token add", func(t *testing.T, commands string) {
		h := newHome(t)
		for range 2 { // as somebody does who copies it again
			h.runs(t, commands)
		}
		got := harness.Bodies(h.ann.History(t, h.ann.Room(t, "general").ID, "").Messages)
		if want := []string{"Build 17 is green", "Build 17 is green"}; !slices.Equal(got, want) {
			t.Errorf("general has %q", got)
		}
	}},
	{"docs/tokens.md", "parley token add builds", func(t *testing.T, commands string) {
		h := newHome(t)
		h.ann.Creates(t, chat.Public, "deploys")
		h.runs(t, "parley token add one --scope read; parley token add two --scope read")
		said := h.runs(t, commands)
		if !strings.Contains(said, "\nparley_") || !strings.Contains(said, "Token 3 has stopped working.") {
			t.Errorf("it says %s", said)
		}
	}},
	{"docs/tokens.md", "curl https", func(t *testing.T, commands string) {
		h := newHome(t)
		h.runs(t, "export TOKEN=$(parley token add builds --scope post)\n"+commands)
		got := harness.Bodies(h.ann.History(t, h.ann.Room(t, "general").ID, "").Messages)
		if !slices.Equal(got, []string{"Build 17 is green"}) {
			t.Errorf("general has %q", got)
		}
	}},
	{"docs/protocol.md", "TOKEN=$(curl", func(t *testing.T, commands string) {
		h := newHome(t)
		said := h.runs(t, commands)
		if !strings.Contains(said, `"name":"general"`) || !strings.Contains(said, `"body":"hello"`) {
			t.Errorf("it says %s", said)
		}
	}},
	{"docs/operations.md", "parley backup", func(t *testing.T, commands string) { fillsIn(t, commands, "Backed up") }},
	{"docs/operations.md", "parley restore", func(t *testing.T, commands string) { fillsIn(t, commands, "Restored") }},
	{"docs/operations.md", "psql --command", nil},            // TestTheCommandsAboutPostgreSQL
	{"docs/operations.md", "PARLEY_DATABASE=", nil},          // TestTheCommandsAboutPostgreSQL
	{"docs/operations.md", "pg_dump", nil},                   // TestTheCommandsAboutPostgreSQL
	{"docs/operations.md", "psql \"$PARLEY_DATABASE\"", nil}, // TestTheCommandsAboutPostgreSQL
	{"docs/operations.md", "parley --listen", func(t *testing.T, commands string) {
		if p := serves(t, commands); !strings.Contains(p.Stdout.String(), "is running at https://chat.example.com") {
			t.Errorf("it says %s", p.Stdout)
		}
	}},
	{"docs/checking.md", "parley check", helped}, // it takes minutes: stage check
	{"docs/checking.md", "zcat", nil},            // of a history that breaks a promise
	{"docs/performance.md", "parley bench", helped},
	{"docs/notifications.md", "", nil}, // TestTheExamplesOfNotificationsWork
}

// fillsIn runs a command with a folder and a file in place of the names that stand for them.
func fillsIn(t *testing.T, command, want string) {
	t.Helper()
	h := newHome(t)
	h.runs(t, "parley backup saved")
	h.Stop()
	file := "saved"
	if strings.Contains(command, "backup") {
		file = "another"
	}
	said := h.runs(t, strings.NewReplacer("FOLDER", "parley-data", "FILE", file).Replace(command))
	if !strings.Contains(said, want) {
		t.Errorf("it says %s", said)
	}
}

func TestEveryCommandOfTheDocumentsIsRun(t *testing.T) {
	t.Parallel()
	used := map[int]bool{}
	for _, document := range documentsForUsers(t) {
		for _, commands := range commandsIn(t, document) {
			first, _, _ := strings.Cut(commands, "\n")
			i := slices.IndexFunc(tried, func(known struct {
				document, begins string
				run              func(t *testing.T, commands string)
			},
			) bool {
				return known.document == document && strings.HasPrefix(commands, known.begins)
			})
			if i < 0 {
				t.Errorf("nothing runs these commands of %s: %s", document, first)
				continue
			}
			used[i] = true
			if run := tried[i].run; run != nil {
				t.Run(document+" "+first, func(t *testing.T) {
					t.Parallel()
					run(t, commands)
				})
			}
		}
	}
	for i, known := range tried {
		if !used[i] {
			t.Errorf("%s has no commands that begin with %q", known.document, known.begins)
		}
	}
}

// The unit is checked by systemd itself where it is installed, and its settings by the program.
func TestTheServiceOfSystemdStarts(t *testing.T) {
	t.Parallel()
	_, unit, _ := strings.Cut(harness.Document(t, "docs/operations.md"), "\n```ini\n")
	unit, _, found := strings.Cut(unit, "```")
	if !found || !strings.Contains(unit, "ExecStart=/usr/local/bin/parley\n") {
		t.Fatalf("docs/operations.md has no unit: %s", unit)
	}
	data := t.TempDir()
	var env []string
	for _, setting := range regexp.MustCompile(`(?m)^Environment=(.*)$`).FindAllStringSubmatch(unit, -1) {
		here := strings.NewReplacer("/var/lib/parley", data, "127.0.0.1:3000", "127.0.0.1:0")
		env = append(env, here.Replace(setting[1]))
	}
	p := harness.Launch(t, env)
	wait.Until(t, "the server says that it runs", func() bool {
		return strings.Contains(p.Stdout.String(), "is running at https://chat.example.com")
	})
	if _, err := os.Stat(filepath.Join(data, "parley.db")); err != nil {
		t.Errorf("the data is elsewhere: %v", err)
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("there is no systemd-analyze here")
		return
	}
	file := filepath.Join(t.TempDir(), "parley.service")
	unit = strings.Replace(unit, "/usr/local/bin/parley", harness.Binary(t), 1)
	if err := os.WriteFile(file, []byte(unit), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(analyze, "verify", file).CombinedOutput()
	if err != nil || strings.Contains(string(said), "parley.service") {
		t.Errorf("systemd-analyze: %v\n%s", err, said)
	}
}
