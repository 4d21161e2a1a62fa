//go:build unported

// The program as people start and stop it: processes of its own, made of the test binary.

package tests

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"parley/chat"
)

// process is the program as another process; TestMain makes the test binary be it.
type process struct {
	*harness.Program
	cmd    *exec.Cmd
	stderr *syncBuffer
	ended  chan struct{}
}

func newProcess(t *testing.T, env []string, args ...string) *harness.Program {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return harness.LaunchCommand(t, env, exec.Command(self, args...))
}

// launch starts a command line that runs the program.
func launch(t *testing.T, env []string, cmd *exec.Cmd) *harness.Program {
	t.Helper()
	p := &process{
		program: &program{output: &syncBuffer{}}, cmd: cmd, stderr: &syncBuffer{}, ended: make(chan struct{}),
	}
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.stderr
	p.cmd.Dir = t.TempDir()
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "PARLEY_") {
			p.cmd.Env = append(p.cmd.Env, entry)
		}
	}
	p.cmd.Env = append(append(p.cmd.Env, "PARLEY_TEST_COMMAND=1"), env...)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.cmd.Wait() // its status is asked for below
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill() // it may have ended already
		<-p.ended
	})
	return p
}

// wait gives the status that the process ends with.
func (p *harness.Program) wait(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(2 * wait.Patience):
		t.Fatalf("the process does not end\n%s%s", p.Stdout.String(), p.Stderr.String())
		return 0
	}
}

var runningAt = regexp.MustCompile(`running at (http\S+)`)

// startProcess runs the server and waits until it answers.
func startProcess(t *testing.T, data string, args ...string) *harness.Program {
	t.Helper()
	p := harness.Launch(t, nil, append([]string{"--listen=127.0.0.1:0", "--data=" + data}, args...)...)
	p.Data = data
	p.waitUntilRunning(t)
	return p
}

// waitUntilRunning waits until the server answers.
func (p *harness.Program) waitUntilRunning(t *testing.T) {
	t.Helper()
	wait.Until(t, "the server runs", func() bool {
		select {
		case <-p.ended:
			t.Fatalf("it ended: %s%s", p.Stdout.String(), p.Stderr.String())
		default:
		}
		return runningAt.MatchString(p.Stdout.String())
	})
	p.URL = runningAt.FindStringSubmatch(p.Stdout.String())[1]
	p.waitUntilReady(t)
}

func TestCommandsEndWithOneClearLine(t *testing.T) {
	t.Parallel()
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
	db, err := sql.Open("sqlite", writeDSN(filepath.Join(newer, "parley.db")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`PRAGMA user_version = 1000`); err != nil {
		t.Fatal(err)
	}
	db.Close()

	for _, c := range []struct {
		name string
		args []string
		want string // in the one line on stderr
	}{
		{"an unknown flag", []string{"--nonsense"}, "--nonsense"},
		{"an unknown command", []string{"nonsense"}, "nonsense"},
		{"a port in use", []string{"--listen=" + ln.Addr().String()}, "is in use by another program; choose one with --listen"},
		{"an address without a port", []string{"--listen=localhost"}, "want an address with a port"},
		{"an address of another machine", []string{"--listen=203.0.113.1:0"}, "203.0.113.1"},
		{"a data folder in use", []string{"--data=" + inUse.Data}, "is in use by another process"},
		{"a data folder that is a file", []string{"--data=" + file}, "data folder"},
		{"a data folder below a file", []string{"--data=" + filepath.Join(file, "below")}, "data folder"},
		{"a data folder that cannot be made", []string{"--data=/proc/parley"}, "/proc/parley"},
		{"a data folder that cannot be written", []string{"--data=/proc/self"}, "/proc/self"},
		{"a newer database", []string{"--data=" + newer}, "a newer version of parley"},
		{"a file that is no database", []string{"--data=" + noDatabase}, noDatabase},
		{"a settings file that is missing", []string{"--config=" + filepath.Join(folder, "none.json")}, "none.json"},
		{"a settings file that is no JSON", []string{"--config=" + write("text.json", "listen=:3000")}, "JSON"},
		{"a setting that does not exist", []string{"--config=" + write("typo.json", `{"lisen": ":3000"}`)}, `"lisen"`},
		{"a setting of the wrong kind", []string{"--config=" + write("kind.json", `{"frame-bytes": "many"}`)}, "frame-bytes"},
		{"a url with a path", []string{"--url=https://chat.example.com/chat"}, "--url"},
		{"a url of another kind", []string{"--url=ftp://chat.example.com"}, "--url"},
		{"a wildcard origin", []string{"--allow-origin=*"}, "allowed origin"},
		{"a proxy that is no address", []string{"--trusted-proxy=nginx"}, "trusted proxy"},
		{"a log level that does not exist", []string{"--log-level=loud"}, "--log-level"},
		{"no messages", []string{"--messages-per-second=0"}, "--messages-per-second"},
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
			refusesInOneLine(t, harness.Launch(t, nil, args...), c.want)
		})
	}
}

// refusesInOneLine waits for a process that ends with status 1 and one line, which holds a text.
func refusesInOneLine(t *testing.T, p *harness.Program, want string) {
	t.Helper()
	status, text := p.wait(t), p.Stderr.String()
	if status != 1 || !strings.HasPrefix(text, "parley: ") || !strings.Contains(text, want) {
		t.Errorf("status %d and %q, want 1 and a line with %q", status, text, want)
	}
	if strings.Count(text, "\n") != 1 || len(text) > 300 {
		t.Errorf("got %q, want one line", text)
	}
}

func TestHelpListsEverySetting(t *testing.T) {
	t.Parallel()
	help := harness.Launch(t, nil, "serve", "--help")
	if status := help.wait(t); status != 0 || help.Stderr.String() != "" {
		t.Fatalf("status %d, %q", status, help.Stderr.String())
	}
	text := help.Stdout.String()
	for _, flag := range allFlags(t) {
		if !strings.Contains(text, "--"+flag.Name) || flag.Help == "" {
			t.Errorf("--help does not explain --%s", flag.Name)
		}
		if flag.Name != "help" && !strings.Contains(text, flag.Envs[0]) && !strings.Contains(text, "PARLEY_LOG_LEVEL") {
			t.Errorf("--help does not say how to set --%s from the environment", flag.Name)
		}
	}
	versioned := harness.Launch(t, nil, "version")
	if status := versioned.wait(t); status != 0 || versioned.Stdout.String() != "parley dev\n" {
		t.Errorf("version: status %d, %q", status, versioned.Stdout.String())
	}
}

// allFlags are the settings of the server as kong knows them.
func allFlags(t *testing.T) []*kong.Flag {
	t.Helper()
	var cli commandLine
	parser, err := newParser(&cli, nil, nil, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Children {
		if command.Name == "serve" {
			return slices.Concat(parser.Model.Flags, command.Flags)
		}
	}
	t.Fatal("there is no command serve")
	return nil
}

// Not parallel: it changes the environment.
func TestFlagsBeatTheEnvironmentWhichBeatsTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	text := `{"listen": ":1", "socket-writes": 7, "messages-per-second": 1.5, "frame-bytes": 50000,
		"trusted-proxy": ["10.0.0.1", "10.0.1.0/24"], "log-format": "json", "sockets-per-user": 3}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PARLEY_FRAME_BYTES", "60000")
	t.Setenv("PARLEY_SOCKETS_PER_USER", "4")
	t.Setenv("PARLEY_SOCKETS_PER_ADDRESS", "8")
	t.Setenv("PARLEY_ALLOW_ORIGIN", "https://a.example,https://b.example")
	want := Config{
		Listen: ":1", LogFormat: "json", Data: "./parley-data", LogLevel: "info",
		Site: Site{
			TrustedProxy: []string{"10.0.0.1", "10.0.1.0/24"},                // from the file
			AllowOrigin:  []string{"https://a.example", "https://b.example"}, // from the environment
		},
		Limits: Limits{
			SocketWrites: 7, MessagesPerSecond: 1.5, // from the file
			FrameBytes: 60000, SocketsPerAddress: 8, // from the environment
			SocketsPerUser:    5, // from the flag
			MessageCharacters: 10_000, MessagesBurst: 50, SignInAttempts: 10, OutboxBytes: 1 << 20, Sockets: 20_000,
		},
	}
	if got := settings(t, "--config", file, "--sockets-per-user=5"); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	t.Setenv("PARLEY_CONFIG", file)
	if got := settings(t, "--sockets-per-user=5"); !reflect.DeepEqual(got, want) {
		t.Errorf("by PARLEY_CONFIG: got  %+v\nwant %+v", got, want)
	}
}

func TestAnyFolderNameWillDo(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"with space", "100%", "what?", "a#b", "数据", "a&b=c", "semi;colon"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), name)
			p := harness.StartIn(t, data)
			ann := p.SetUp(t)
			ann.Says(t, ann.Room(t, "general").ID, "text")
			p.stop()
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
			ann.stalled(t)
			s.Says(t, ann.Room(t, "general").ID, "acknowledged")
			started := time.Now()
			if err := p.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			s.ExpectClosed(t, chat.CloseRestart)
			if status := p.wait(t); status != 0 {
				t.Errorf("status %d, want 0: %s", status, p.Stderr.String())
			}
			if took := time.Since(started); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
			again := harness.StartIn(t, data)
			if page := ann.On(again.program).History(t, 1, ""); len(page.Messages) != 1 {
				t.Errorf("after the restart there are %q", harness.Bodies(page.Messages))
			}
			if info, err := os.Stat(data); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("the data folder is %v %v: others can read it", info.Mode(), err)
			}
		})
	}
}

// Whatever was acknowledged survives being killed at any moment.
func TestWhatWasAcknowledgedSurvivesBeingKilled(t *testing.T) {
	t.Parallel()
	const rounds, writers, acks = 10, 8, 60
	data := filepath.Join(t.TempDir(), "data")
	limits := []string{"--messages-per-second=100000", "--messages-burst=100000", "--log-level=error"}
	p := harness.StartIn(t, data, limits...)
	ann := p.SetUp(t)
	rooms := []chat.RoomID{ann.Room(t, "general").ID, ann.Creates(t, chat.Private, "a").ID, ann.Creates(t, chat.Private, "b").ID}
	var mu sync.Mutex
	acked := map[chat.ClientID]chat.MessageSent{}
	var unknown []chat.MessageSend
	for round := range rounds {
		var under sync.WaitGroup
		enough := make(chan struct{})
		count := 0
		for w := range writers {
			under.Go(func() {
				for i := 0; ; i++ {
					send := chat.MessageSend{RoomID: rooms[(w+i)%len(rooms)], Draft: chat.Draft{
						ClientID: chat.NewClientID(), Body: fmt.Sprintf("round %d writer %d message %d", round, w, i),
					}}
					sent, err := postOnce(ann, send)
					mu.Lock()
					if err != nil {
						unknown = append(unknown, send)
						mu.Unlock()
						return
					}
					acked[send.ClientID] = sent
					if count++; count == acks {
						close(enough)
					}
					mu.Unlock()
				}
			})
		}
		<-enough
		p.cmd.Process.Kill()
		<-p.ended
		under.Wait()
		p = harness.StartIn(t, data, limits...)
		ann = ann.On(p.program)
	}
	// What is not known is sent again, and is there once.
	for _, send := range unknown {
		sent, err := postOnce(ann, send)
		if err != nil {
			t.Fatal(err)
		}
		acked[send.ClientID] = sent
	}
	p.cmd.Process.Kill()
	<-p.ended

	st, err := OpenStore(filepath.Join(data, "parley.db"), func(_ []chat.Change, answer func()) { answer() })
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	checkNumbers(t, st)
	stored := map[chat.ClientID]chat.Message{}
	err = st.Read(context.Background(), func(tx *Tx) error {
		for _, room := range rooms {
			messages, err := tx.MessagesAfter(room, 0, 1_000_000)
			if err != nil {
				return err
			}
			for _, m := range messages {
				stored[m.ClientID] = m
			}
		}
		var verdict string
		if err := tx.row(into(&verdict), `PRAGMA integrity_check`); err != nil || verdict != "ok" {
			t.Errorf("integrity_check: %q %v", verdict, err)
		}
		return tx.rows(func(scanner) error { return errors.New("a foreign key is violated") }, `PRAGMA foreign_key_check`)
	})
	if err != nil {
		t.Error(err)
	}
	if len(acked) < rounds*acks || len(stored) != len(acked) {
		t.Errorf("%d are stored, %d were acknowledged", len(stored), len(acked))
	}
	for id, sent := range acked {
		if m, there := stored[id]; !there || m.RoomID != sent.RoomID || m.Seq != sent.Seq {
			t.Errorf("acknowledged %+v, stored %v %+v", sent, there, m)
		}
	}
}

// postOnce posts and gives an error for anything but an acknowledgement.
func postOnce(who *harness.Person, send chat.MessageSend) (sent chat.MessageSent, err error) {
	body, err := json.Marshal(send.Draft)
	if err != nil {
		return sent, err
	}
	req, err := http.NewRequest(http.MethodPost, who.p.URL+harness.MessagesPath(send.RoomID), bytes.NewReader(body))
	if err != nil {
		return sent, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", who.Origin)
	resp, err := who.Client.Do(req)
	if err != nil {
		return sent, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusCreated {
		return sent, errors.New(resp.Status)
	}
	return sent, json.NewDecoder(resp.Body).Decode(&sent)
}
