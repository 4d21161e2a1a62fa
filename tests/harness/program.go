package harness

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/wait"
	"parley/tools/child"
)

// Program is a process of the program: mostly a server that answers.
type Program struct {
	URL    string // where it answers
	Data   string // its data folder
	Stdout *Output
	Stderr *Output // the log
	Limits access.Limits
	// Through is how browsers reach the server, when that is not just by its address.
	Through *http.Transport

	process *child.Process
	stop    func()
}

// Launch starts the program with any arguments and waits for nothing. env is added to an environment without settings.
// It is killed when the test ends.
func Launch(t testing.TB, env []string, args ...string) *Program {
	t.Helper()
	return LaunchCommand(t, env, exec.Command(Binary(t), args...))
}

// LaunchCommand is Launch for a command line that runs the program.
func LaunchCommand(t testing.TB, env []string, cmd *exec.Cmd) *Program {
	t.Helper()
	p := &Program{Stdout: &Output{}, Stderr: &Output{}}
	cmd.Dir = t.TempDir()
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "PARLEY_") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	if database := databaseOf(t, cmd.Args); database != "" {
		cmd.Env = append(cmd.Env, "PARLEY_DATABASE="+database)
	}
	cmd.Env = append(append(cmd.Env, "GORACE=halt_on_error=1 atexit_sleep_ms=0", "GOCOVERDIR="+CoverDir()), env...)
	cmd.Stderr = p.Stderr
	var err error
	p.process, err = child.Launch(cmd, func(line string) { p.Stdout.Write([]byte(line + "\n")) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.process.Kill()
		if text := p.Stderr.String(); strings.Contains(text, "DATA RACE") {
			t.Errorf("the program has a race:\n%s", text)
		}
	})
	return p
}

// Start runs a server on a port of its own, with an empty data folder, until the test ends.
func Start(t testing.TB, args ...string) *Program {
	t.Helper()
	return StartIn(t, t.TempDir(), args...)
}

// FreeAddress is an address of this machine on which nobody listens now.
func FreeAddress(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// StartIn runs a server on a data folder that may have been used before.
func StartIn(t testing.TB, data string, args ...string) *Program {
	t.Helper()
	return StartAt(t, "127.0.0.1:0", data, args...)
}

// StartAt runs a server at an address.
func StartAt(t testing.TB, address, data string, args ...string) *Program {
	t.Helper()
	args = append([]string{"--listen=" + address, "--data=" + data}, args...)
	p := Launch(t, nil, args...)
	p.Data, p.Limits = data, limitsOf(t, args)
	p.WaitUntilRunning(t)
	p.stop = sync.OnceFunc(func() {
		if err := p.process.Stop(); err != nil {
			t.Errorf("%v\n%s", err, p.Stderr)
		}
	})
	t.Cleanup(func() { p.stop() }) // which Kill replaces
	return p
}

// WaitUntilRunning waits until the server answers.
func (p *Program) WaitUntilRunning(t testing.TB) {
	t.Helper()
	if err := p.process.Await(context.Background()); err != nil {
		t.Fatalf("%v\n%s%s", err, p.Stdout, p.Stderr)
	}
	p.URL = p.process.URL()
	wait.Until(t, "the server is ready", func() bool {
		resp, err := http.Get(p.URL + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// Stop stops the server as its operator would, and fails the test when it does not end well.
func (p *Program) Stop() { p.stop() }

// Kill ends the process as a crash would.
func (p *Program) Kill() {
	p.process.Kill()
	p.stop = func() {}
}

// Pid is the number of the process.
func (p *Program) Pid() int { return p.process.Cmd.Process.Pid }

// Process is what runs the program.
func (p *Program) Process() *child.Process { return p.process }

// Restart stops the server and starts it again on the same data.
func (p *Program) Restart(t testing.TB, args ...string) *Program {
	t.Helper()
	p.Stop()
	return StartIn(t, p.Data, args...)
}

// Wait gives the status that the process ends with.
func (p *Program) Wait(t testing.TB) int {
	t.Helper()
	p.process.Wait() // how it ended is the answer
	return p.process.Cmd.ProcessState.ExitCode()
}

// Run runs a command to its end and gives what it printed; it fails the test when the command fails.
func Run(t testing.TB, args ...string) (stdout string) {
	t.Helper()
	p := Launch(t, nil, args...)
	if status := p.Wait(t); status != 0 {
		t.Fatalf("parley %s: status %d\n%s%s", strings.Join(args, " "), status, p.Stdout, p.Stderr)
	}
	return p.Stdout.String()
}

var setupLink = regexp.MustCompile(`/setup#([A-Z0-9]+)`)

// SetupCode is the code of the link that the program printed; empty when it printed none.
func (p *Program) SetupCode() string {
	found := setupLink.FindStringSubmatch(p.Stdout.String())
	if found == nil {
		return ""
	}
	return found[1]
}

// SetUp makes the owner, ann.
func (p *Program) SetUp(t testing.TB) *Person {
	t.Helper()
	wait.Until(t, "the server prints a link for its owner", func() bool { return p.SetupCode() != "" })
	ann := p.Visitor(t, "ann")
	var in chat.SignedIn
	ann.Post(t, "/api/setup", chat.Setup{
		Code: p.SetupCode(), ServerName: "Home", NewAccount: Account("ann"),
	}, http.StatusCreated, &in)
	ann.User = in.User
	return ann
}

// SignUp makes an account by an invite of the owner's.
func (p *Program) SignUp(t testing.TB, owner *Person, name string) *Person {
	t.Helper()
	var invite chat.Invite
	owner.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	who := p.Visitor(t, name)
	var in chat.SignedIn
	who.Post(t, "/api/register", chat.Registering{Invite: invite.Code, NewAccount: Account(name)},
		http.StatusCreated, &in)
	who.User = in.User
	return who
}

// limitsOf are the defaults with what the arguments change about them.
func limitsOf(t testing.TB, args []string) (limits access.Limits) {
	t.Helper()
	v := reflect.ValueOf(&limits).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		text := field.Tag.Get("default")
		for _, arg := range args {
			if value, ok := strings.CutPrefix(arg, "--"+flagName(field.Name)+"="); ok {
				text = value
			}
		}
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatalf("the limit %s: %v", field.Name, err)
		}
		if v.Field(i).CanInt() {
			v.Field(i).SetInt(int64(n))
		} else {
			v.Field(i).SetFloat(n)
		}
	}
	return limits
}

var inner = regexp.MustCompile(`([a-z])([A-Z])`)

// flagName writes a field's name as a flag: MessagesBurst is messages-burst.
func flagName(field string) string {
	return strings.ToLower(inner.ReplaceAllString(field, "$1-$2"))
}

// Output is what a process prints, read while it is written.
type Output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write takes more of it.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

// String is all of it so far.
func (o *Output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
