// The server's process: starting, killing, stopping, backing up and restoring it, as anybody could do by
// hand.

package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"

	"parley/tools/child"
)

// serverSettings make the server's limits easy to reach.
var serverSettings = []string{
	"--listen=127.0.0.1:0", "--log-level=warn", "--outbox-bytes=65536", "--socket-writes=8",
	"--messages-per-second=120", "--messages-burst=80", "--sign-in-attempts=100000",
	"--sockets-per-user=200", "--sockets-per-address=10000",
}

// server is a data folder, and the process that serves it if one runs.
type server struct {
	command func(ctx context.Context, args ...string) *exec.Cmd
	data    string
	log     io.Writer              // stderr of every process
	address atomic.Pointer[string] // host and port of the last process
	setup   chan string            // receives the setup code that the first process prints

	process *child.Process
}

var setupCode = regexp.MustCompile(`/setup#([A-Z0-9]+)`)

// start runs the server and waits until it listens.
func (s *server) start(ctx context.Context) error {
	cmd := s.command(ctx, append([]string{"serve", "--data=" + s.data}, serverSettings...)...)
	cmd.Stderr = s.log
	process, err := child.Start(ctx, cmd, func(line string) {
		if found := setupCode.FindStringSubmatch(line); found != nil {
			s.setup <- found[1]
		}
	})
	if err != nil {
		return err
	}
	address := strings.TrimPrefix(process.URL(), "http://")
	s.process = process
	s.address.Store(&address)
	return nil
}

// url is the address of the last process.
func (s *server) url() string { return "http://" + *s.address.Load() }

// strike sends SIGKILL and does not wait for the end.
func (s *server) strike() { s.process.Strike() }

// kill sends SIGKILL and waits for the end.
func (s *server) kill() { s.process.Kill() }

// terminate asks the server to stop, and waits. It fails when the server ends with an error or not in time.
func (s *server) terminate() error { return s.process.Stop() }

// backup copies the data to a file, whether the server runs or not.
func (s *server) backup(ctx context.Context, file string) error {
	return s.run(ctx, "backup", "--data="+s.data, "--overwrite", file)
}

// restore replaces the data with a backup. The server must not run.
func (s *server) restore(ctx context.Context, file string) error {
	return s.run(ctx, "restore", "--data="+s.data, file)
}

// database is the file that people copy when they do not use the command.
func (s *server) database() string { return filepath.Join(s.data, "parley.db") }

func (s *server) run(ctx context.Context, args ...string) error {
	out, err := s.command(ctx, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("parley %s: %w: %s", args[0], err, out)
	}
	return nil
}

// usage is what a process uses; zero where the system does not tell.
type usage struct {
	descriptors int
	memory      int64 // bytes
	wal         int64 // bytes of the database's log
}

func (s *server) usage() (u usage, err error) {
	process := filepath.Join("/proc", strconv.Itoa(s.process.Cmd.Process.Pid))
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
