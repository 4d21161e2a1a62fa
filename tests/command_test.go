// The program as people start and stop it.

package tests

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
	"parley/tests/harness"
)

func TestCommandsEndWithOneClearLine(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	inUse := harness.StartIn(t, filepath.Join(folder, "in use"))
	file := write("file", "in the way")
	newer := filepath.Join(folder, "newer")
	noDatabase := filepath.Join(folder, "no database")
	for _, data := range []string{newer, noDatabase} {
		if err := os.Mkdir(data, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write("no database/parley.db", strings.Repeat("nonsense\n", 1000))
	harness.Execute(t, filepath.Join(newer, "parley.db"), `PRAGMA user_version = 1000`)

	for _, c := range []struct {
		name string
		args []string
		want string // in the one line on stderr
	}{
		{"an unknown flag", []string{"--nonsense"}, "unknown flag --nonsense (parley --help lists what there is)"},
		{"a flag that is nearly one", []string{"--lissten=:0"}, `did you mean "--listen"?`},
		{"a flag with one dash", []string{"-listen"}, "flags begin with two dashes: --listen"},
		{"an unknown command", []string{"nonsense"}, `there is no command "nonsense"; parley --help lists them`},
		{"a command that is nearly one", []string{"bakcup", "file"}, `there is no command "bakcup"; did you mean parley backup?`},
		{"a command below another that does not exist", []string{"user", "rest", "bob"}, "(parley user --help lists what there is)"},
		{"a port that is too large", []string{"--listen=localhost:99999"}, "want a port from 0 to 65535"},
		{"a port in use", []string{"--listen=" + ln.Addr().String()}, "is in use by another program; choose one with --listen"},
		{"an address without a port", []string{"--listen=localhost"}, "want an address with a port"},
		{"an address of another machine", []string{"--listen=203.0.113.1:0"}, "203.0.113.1"},
		{"a data folder in use", []string{"--data=" + inUse.Data}, "is in use by another process, as a running server: stop it first, or name another folder with --data"},
		{"a data folder that is a file", []string{"--data=" + file}, "data folder"},
		{"a data folder below a file", []string{"--data=" + filepath.Join(file, "below")}, "data folder"},
		{"a data folder that cannot be made", []string{"--data=/proc/parley"}, "/proc/parley"},
		{"a data folder that cannot be written", []string{"--data=/proc/self"}, "/proc/self"},
		{"a newer database", []string{"--data=" + newer}, "a newer version of parley"},
		{"a file that is no database", []string{"--data=" + noDatabase}, noDatabase},
		{"a settings file that is missing", []string{"--config=" + filepath.Join(folder, "none.json")}, "none.json"},
		{"a settings file that is no JSON", []string{"--config=" + write("text.json", "listen=:3000")}, "JSON"},
		{"a setting that does not exist", []string{"--config=" + write("typo.json", `{"lisen": ":3000"}`)}, `"lisen", which is not a setting; did you mean "listen"?`},
		{"a setting that is like no other", []string{"--config=" + write("other.json", `{"colour": "green"}`)}, `"colour", which is not a setting`},
		{"a setting of the wrong kind", []string{"--config=" + write("kind.json", `{"frame-bytes": "many"}`)}, `--frame-bytes: "many" is not a whole number`},
		{"a setting that is there twice", []string{"--config=" + write("twice.json", `{"listen": ":0", "sockets": 5, "listen": ":1"}`)}, `"listen" is there twice`},
		{"two objects of settings", []string{"--config=" + write("two.json", `{"sockets": 5} {"sockets": 6}`)}, "stands after it"},
		{"text after the settings", []string{"--config=" + write("rest.json", `{"sockets": 5} and more`)}, "invalid character"},
		{"settings in a list", []string{"--config=" + write("list.json", `["listen"]`)}, "one JSON object"},
		{"settings that are not UTF-8", []string{"--config=" + write("latin1.json", "{\"data\": \"caf\xe9\"}")}, "not UTF-8"},
		{"a url with a path", []string{"--url=https://chat.example.com/chat"}, "--url"},
		{"a url of another kind", []string{"--url=ftp://chat.example.com"}, "--url"},
		{"a wildcard origin", []string{"--allow-origin=*"}, "allowed origin"},
		{"a proxy that is no address", []string{"--trusted-proxy=nginx"}, "trusted proxy"},
		{"a log level that does not exist", []string{"--log-level=loud"}, "--log-level"},
		{"no messages", []string{"--messages-per-second=0"}, "--messages-per-second"},
		{"a word for a number", []string{"--messages-per-second=ten"}, `--messages-per-second: "ten" is not a number`},
		{"a number that is none", []string{"--messages-per-second=NaN"}, "--messages-per-second"},
		{"less than none", []string{"--sockets-per-user=-1"}, "--sockets-per-user"},
		{"a port of metrics in use", []string{"--metrics-listen=" + ln.Addr().String()}, "choose one with --metrics-listen"},
		{"an address of metrics without a port", []string{"--metrics-listen=localhost"}, "--metrics-listen=localhost: want an address"},
		{"a token of metrics that can be guessed", []string{"--metrics-token=secret"}, "--metrics-token: at least 16 characters"},
		{"a small outbox", []string{"--outbox-bytes=10"}, "--outbox-bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			args := c.args
			for _, more := range []string{"--listen=127.0.0.1:0", "--data=" + filepath.Join(t.TempDir(), "data")} {
				name, _, _ := strings.Cut(more, "=")
				if !slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, name) }) {
					args = append(args, more)
				}
			}
			harness.Launch(t, nil, args...).RefusesInOneLine(t, c.want)
		})
	}
}

func TestACommandThatLacksSomethingNamesItsHelp(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{
		"backup": `expected "<file>" (parley backup --help`, "user": "(parley user --help",
		"token add builds": "--scope=SCOPE,... (parley token add --help", "user reset": `expected "<name>" (parley user reset --help`,
	} {
		harness.Launch(t, nil, strings.Fields(command)...).RefusesInOneLine(t, want)
	}
}

func TestAVariableThatIsNotUTF8IsRefusedByItsName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"PARLEY_DATA", "PARLEY_URL", "PARLEY_CONFIG", "PARLEY_TRUSTED_PROXY"} {
		harness.Launch(t, []string{name + "=caf\xe9"}, "--listen=127.0.0.1:0").RefusesInOneLine(t, name)
	}
}

func TestTheVersionIsPrinted(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"version", "--version"} {
		if got := harness.Run(t, way); got != "parley dev\n" {
			t.Errorf("parley %s: got %q", way, got)
		}
	}
}

func TestHelpIsACommandToo(t *testing.T) {
	t.Parallel()
	for _, of := range [][]string{{}, {"backup"}, {"user", "reset"}} {
		got := harness.Run(t, append([]string{"help"}, of...)...)
		if want := harness.Run(t, append(of, "--help")...); got != want || !strings.HasPrefix(got, "Usage: parley "+strings.Join(of, " ")) {
			t.Errorf("parley help %q: got %q, want %q", of, got, want)
		}
	}
}

// A misspelled variable would silently do nothing. Kubernetes makes up others for a service that is called parley.
func TestAVariableThatIsNearlyASettingIsWarnedOf(t *testing.T) {
	t.Parallel()
	p := harness.Launch(t, []string{"PARLEY_LISTTEN=:1", "PARLEY_SERVICE_PORT=3000", "PARLEY_PORT=tcp://10.0.0.1:3000"},
		"--listen=127.0.0.1:0", "--data="+t.TempDir())
	wait.Until(t, "the server warns", func() bool {
		return strings.Contains(p.Stderr.String(), "PARLEY_LISTTEN is no setting; did you mean PARLEY_LISTEN?")
	})
	p.WaitUntilRunning(t)
	if said := p.Stderr.String(); strings.Contains(said, "PARLEY_SERVICE_PORT") || strings.Contains(said, "PARLEY_PORT") {
		t.Errorf("the log warns of another program's variable: %s", said)
	}
}

func TestAnyFolderNameWillDo(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	for _, name := range []string{"with space", "100%", "what?", "a#b", "数据", "a&b=c", "semi;colon"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), name)
			p := harness.StartIn(t, data)
			ann := p.SetUp(t)
			ann.Says(t, ann.Room(t, "general").ID, "text")
			p.Stop()
			if _, err := os.Stat(filepath.Join(data, "parley.db")); err != nil {
				t.Error(err)
			}
			entries, err := os.ReadDir(filepath.Dir(data))
			if err != nil || len(entries) != 1 {
				t.Errorf("beside the folder are %v %v", entries, err)
			}
		})
	}
}

func TestSignalsStopTheServerInOrder(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			p := harness.StartIn(t, data)
			ann := p.SetUp(t)
			s := ann.Dial(t)
			ann.Stalled(t)
			s.Says(t, ann.Room(t, "general").ID, "acknowledged")
			if err := p.Process().Cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			s.ExpectClosed(t, chat.CloseRestart)
			if status := p.Wait(t); status != 0 {
				t.Errorf("status %d, want 0: %s", status, p.Stderr.String())
			}
			again := harness.StartIn(t, data)
			if page := ann.On(again).History(t, 1, ""); len(page.Messages) != 1 {
				t.Errorf("after the restart there are %q", harness.Bodies(page.Messages))
			}
			if info, err := os.Stat(data); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("the data folder is %v %v: others can read it", info.Mode(), err)
			}
		})
	}
}
