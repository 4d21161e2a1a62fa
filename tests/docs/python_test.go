package docs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/wait"
	"parley/tests/harness"
)

// python finds a Python that has libraries, and skips the test where there is none.
func python(t testing.TB, libraries string) string {
	t.Helper()
	for _, candidate := range []string{"/usr/bin/python3", "python3"} { // Debian's, which its packages are for, first
		if exec.Command(candidate, "-c", "import "+libraries).Run() == nil {
			return candidate
		}
	}
	t.Skipf("skipped: there is no Python with %s", libraries)
	return ""
}

// runPython starts a program in Python. It is killed when the test ends.
func runPython(t testing.TB, interpreter, program string, env ...string) *harness.Output {
	t.Helper()
	file := filepath.Join(t.TempDir(), "client.py")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	var said harness.Output
	cmd := exec.Command(interpreter, file)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), env...), &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("Python said:\n%s", &said)
		}
	})
	return &said
}

func TestTheClientOfSocketIOInPythonWorks(t *testing.T) {
	t.Parallel()
	interpreter := python(t, "socketio, requests, websocket")
	for name, transports := range map[string]string{"by WebSocket": "", "by polling": `, transports=["polling"]`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			socketIOInPython(t, interpreter, transports)
		})
	}
}

func socketIOInPython(t *testing.T, interpreter, transports string) {
	_, program, _ := strings.Cut(harness.Document(t, "docs/gateway.md"), "\n```python\n")
	program, _, found := strings.Cut(program, "\n```\n")
	if !found {
		t.Fatal("docs/gateway.md has no example in Python")
	}
	const namespaces = `namespaces=["/chat"]`
	program = strings.Replace(program, namespaces, namespaces+transports, 1)
	address, data := harness.FreeAddress(t), t.TempDir()
	p := harness.StartAt(t, address, data)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general").ID
	sock := ann.Dial(t)
	said := runPython(t, interpreter, program, "SERVER="+p.URL, "TOKEN="+bob.Token(t))
	says := func(what string) {
		t.Helper()
		wait.Until(t, "the client says "+what, func() bool { return strings.Contains(said.String(), what) })
	}
	if m := sock.ExpectMessage(t); m.Body != "hello from Python" || m.AuthorID != bob.User.ID {
		t.Errorf("ann got %+v", m)
	}
	says("stored as 1")
	stranger := runPython(t, interpreter, program, "SERVER="+p.URL, "TOKEN=wrong")
	wait.Until(t, "the client says why it may not connect", func() bool {
		return strings.Contains(stranger.String(), "not connected: {'message': 'sign in first'")
	})
	ann.Says(t, general, "hello, Python")
	says("ann: hello, Python")
	p.Stop()
	p = harness.StartAt(t, address, data)
	ann = ann.On(p)
	const many = 40 // more than the library reads from the answer to one poll
	for i := range many {
		ann.Says(t, general, fmt.Sprintf("%d: said while it was away, or after", i))
	}
	for i := range many {
		says(fmt.Sprintf("ann: %d: said while it was away, or after", i))
	}
	if n := strings.Count(said.String(), "ann: hello, Python"); n != 1 {
		t.Errorf("what came before came %d times:\n%s", n, said)
	}
}

// The program is as somebody wrote it who knew the document and nothing else.
func TestAClientWrittenFromTheProtocolAloneWorks(t *testing.T) {
	t.Parallel()
	interpreter := python(t, "websocket")
	program, err := os.ReadFile(filepath.Join("testdata", "reader.py"))
	if err != nil {
		t.Fatal(err)
	}
	address, data := harness.FreeAddress(t), t.TempDir()
	p := harness.StartAt(t, address, data)
	ann := p.SetUp(t)
	p.SignUp(t, ann, "bob")
	said := runPython(t, interpreter, string(program), "SERVER="+p.URL, "PASSWORD="+harness.GoodPassword)
	says := func(line string) {
		t.Helper()
		wait.Until(t, "the client says "+line, func() bool {
			if strings.Contains(said.String(), "Traceback") {
				t.Fatal("the client has failed")
			}
			return strings.Contains(said.String(), line+"\n")
		})
	}
	says("RESTART")
	p.Stop()
	harness.StartAt(t, address, data)
	says("OK")
}

// The same by Python's own library, with more than a person may send, and both ways to be told of reactions.
func TestAClientThatSendsTooMuchNeedsFewSocketsAndLosesNothing(t *testing.T) {
	t.Parallel()
	interpreter := python(t, "socket")
	program, err := os.ReadFile(filepath.Join("testdata", "sender.py"))
	if err != nil {
		t.Fatal(err)
	}
	for _, deltas := range []string{"no", "yes"} {
		t.Run("deltas: "+deltas, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t, "--messages-per-second=20", "--messages-burst=50")
			ann := p.SetUp(t)
			p.SignUp(t, ann, "bob")
			said := runPython(t, interpreter, string(program),
				"SERVER="+p.URL, "PASSWORD="+harness.GoodPassword, "DELTAS="+deltas)
			wait.Within(t, 5*time.Minute, "the client says OK", func() bool {
				if strings.Contains(said.String(), "Traceback") {
					t.Fatal("the client has failed")
				}
				return strings.Contains(said.String(), "OK\n")
			})
		})
	}
}
