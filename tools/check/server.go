// The server's process: started, killed, stopped, backed up and restored, as anyone could do by hand.

package check

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	startWithin = 30 * time.Second
	stopWithin  = 20 * time.Second
)

// serverSettings make the server's bounds easy to reach.
var serverSettings = []string{
	"--listen=127.0.0.1:0", "--log-level=warn", "--outbox-bytes=65536", "--socket-writes=8",
	"--messages-per-second=120", "--messages-burst=80", "--sign-in-attempts=100000",
	"--sockets-per-user=200", "--sockets-per-address=10000",
}

// server is one data folder, and the process that serves it when there is one.
type server struct {
	command func(ctx context.Context, args ...string) *exec.Cmd
	data    string
	log     io.Writer              // stderr of every process
	address atomic.Pointer[string] // host and port of the last process
	setup   chan string            // gets the one-time code that the first prints

	cmd   *exec.Cmd
	ended chan struct{} // closed when cmd has ended
}

var (
	runningAt = regexp.MustCompile(`running at http://(\S+)`)
	setupCode = regexp.MustCompile(`/setup#([A-Z0-9]+)`)
)

// start runs the server and waits until it listens.
func (s *server) start(ctx context.Context) error {
	cmd := s.command(ctx, append([]string{"serve", "--data=" + s.data}, serverSettings...)...)
	cmd.Stderr = s.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	s.cmd, s.ended = cmd, make(chan struct{})
	listening := make(chan struct{})
	go s.read(out, cmd, listening, s.ended)
	select {
	case <-listening:
		return nil
	case <-s.ended:
		return fmt.Errorf("the server ended at once: %s", cmd.ProcessState)
	case <-time.After(startWithin):
		s.kill()
		return fmt.Errorf("the server did not start within %s", startWithin)
	}
}

// read takes what the server prints until it ends.
func (s *server) read(out io.Reader, cmd *exec.Cmd, listening, ended chan struct{}) {
	defer close(ended)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := setupCode.FindStringSubmatch(lines.Text()); found != nil {
			s.setup <- found[1]
		}
		if found := runningAt.FindStringSubmatch(lines.Text()); found != nil {
			s.address.Store(&found[1])
			close(listening)
		}
	}
	cmd.Wait() // its state is looked at
}

// url is where the last process was reached.
func (s *server) url() string { return "http://" + *s.address.Load() }

// strike sends SIGKILL and does not wait.
func (s *server) strike() { s.cmd.Process.Kill() } // it may have ended by itself

// kill sends SIGKILL and waits.
func (s *server) kill() {
	s.strike()
	<-s.ended
}

// terminate asks the server to stop and waits; it fails when the server does not end well or in time.
func (s *server) terminate() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("ask the server to stop: %w", err)
	}
	select {
	case <-s.ended:
	case <-time.After(stopWithin):
		s.kill()
		return fmt.Errorf("the server did not stop within %s of SIGTERM", stopWithin)
	}
	if status := s.cmd.ProcessState; !status.Success() {
		return fmt.Errorf("the server ended with %s after SIGTERM", status)
	}
	return nil
}

// backup copies the data to a file, whether the server runs or not.
func (s *server) backup(ctx context.Context, file string) error {
	return s.run(ctx, "backup", "--data="+s.data, "--overwrite", file)
}

// restore puts a backup in the place of the data. The server must not run.
func (s *server) restore(ctx context.Context, file string) error {
	return s.run(ctx, "restore", "--data="+s.data, file)
}

// database is the file that people copy when they do not use the command for it.
func (s *server) database() string { return filepath.Join(s.data, "parley.db") }

func (s *server) run(ctx context.Context, args ...string) error {
	out, err := s.command(ctx, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("parley %s: %w: %s", args[0], err, out)
	}
	return nil
}

// usage is what a process has taken; zero where the system does not tell.
type usage struct {
	descriptors int
	memory      int64 // bytes
	wal         int64 // bytes of the database's log
}

func (s *server) usage() (u usage, err error) {
	process := filepath.Join("/proc", strconv.Itoa(s.cmd.Process.Pid))
	open, err := os.ReadDir(filepath.Join(process, "fd"))
	if errors.Is(err, os.ErrNotExist) {
		return u, nil
	}
	if err != nil {
		return u, err
	}
	u.descriptors = len(open)
	statm, err := os.ReadFile(filepath.Join(process, "statm"))
	if err != nil {
		return u, err
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(statm), &size, &resident); err != nil {
		return u, err
	}
	u.memory = resident * int64(os.Getpagesize())
	logs, err := filepath.Glob(filepath.Join(s.data, "*-wal"))
	for _, name := range logs {
		if info, err := os.Stat(name); err == nil {
			u.wal += info.Size()
		}
	}
	return u, err
}
