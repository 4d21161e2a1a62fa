// Package engines starts real database servers for tests: PostgreSQL, on this machine alone, with ports and folders of
// their own. A server that it started ends with the process that started it, even when that is killed.
package engines

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// patience is how long a server may take to answer.
const patience = 60 * time.Second

// server is a process that ends with this one.
type server struct {
	cmd    *exec.Cmd
	alive  io.Closer // which the process waits for
	ended  chan struct{}
	output *output
}

// output is what a server printed.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(text)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start starts a server. The shell around it reads from a pipe that only this process holds: when that ends, however it
// ends, the shell stops the server. Then it removes the folder remove, unless that is empty.
func start(remove, stop string, args ...string) (*server, error) {
	around := fmt.Sprintf(`"$@" </dev/null & read _; kill -%s $!; wait $!; [ -z "$REMOVE" ] || rm -rf "$REMOVE"`, stop)
	s := &server{
		cmd:   exec.Command("sh", append([]string{"-c", around, "sh"}, args...)...),
		ended: make(chan struct{}), output: &output{},
	}
	s.cmd.Env = append(os.Environ(), "REMOVE="+remove)
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	alive, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	s.alive = alive
	asOther(s.cmd)
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.ended)
		s.cmd.Wait() // how it ended says nothing
	}()
	return s, nil
}

// stop ends the server and waits for it.
func (s *server) stop() {
	s.alive.Close()
	<-s.ended
}

// await waits until the server answers.
func (s *server) await(answers func() error) error {
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err = answers(); err == nil {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("it ended: %s", s.output)
		default:
		}
	}
	return fmt.Errorf("it does not answer: %w\n%s", err, s.output)
}

// freePort is a port of this machine that nobody listens on.
func freePort() (int, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port, nil
}

// errMissing means that a program is not installed.
var errMissing = errors.New("it is not installed")

// must skips a test for which a program is missing, except on a build machine, and fails it for any other error.
func must(t testing.TB, what string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, errMissing) && os.Getenv("CI") == "":
		t.Skipf("%s: %v", what, err)
	default:
		t.Fatalf("%s: %v", what, err)
	}
}
