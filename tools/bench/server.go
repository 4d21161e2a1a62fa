// The server that a bench measures. It is a process of its own on a temporary data folder, which is filled
// before the start and removed at the end. The process ends with the bench, however the bench ends.

package bench

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"parley/auth"
	"parley/store"
	"parley/tools/child"
)

// Obey reads orders to write profiles, and answers each order with one line, until the orders end. The server
// process calls it.
func Obey(orders io.Reader, answers io.Writer) {
	var cpu *os.File
	lines := bufio.NewScanner(orders)
	for lines.Scan() {
		var err error
		switch verb, file, _ := strings.Cut(lines.Text(), " "); verb {
		case "cpu":
			if cpu, err = os.Create(file); err == nil {
				err = pprof.StartCPUProfile(cpu)
			}
		case "stop":
			pprof.StopCPUProfile()
			err = cpu.Close()
		case "heap":
			err = writeHeapProfile(file)
		}
		fmt.Fprintln(answers, "obeyed", err)
	}
}

func writeHeapProfile(name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	runtime.GC() // so that the profile is of the heap after this collection
	return errors.Join(pprof.WriteHeapProfile(file), file.Close())
}

// server is a server that is measured. Only one goroutine may start and end it.
type server struct {
	bench       *Command
	seed        store.Seed
	data        string
	tokens      *auth.Signer
	stderr      io.Writer
	environment func() ([]string, error)
	settings    []string // that it always starts with
	url         string   // set once the server has run
	profiles    int      // how many were begun

	process *child.Process // nil while it does not run
	orders  io.WriteCloser
	answers chan string
}

// seedServer makes a data folder and fills its database.
func (r *scene) seedServer(seed store.Seed) (*server, error) {
	data, err := os.MkdirTemp(r.bench.Folder, "parley-bench-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the data: %w", err)
	}
	r.atEnd(func() error { return os.RemoveAll(data) })
	s := &server{
		seed: seed, data: data, bench: r.bench, stderr: r.stderr, environment: r.environment,
		settings: serverSettings,
	}
	r.atEnd(s.stop)
	return s, s.fill(r)
}

// seedLife is how long the seeded people stay signed in.
const seedLife = 24 * time.Hour

func (s *server) database() string { return filepath.Join(s.data, "parley.db") }

func (s *server) fill(r *scene) error {
	s.seed.Until = time.Now().Add(seedLife)
	db, err := store.Open(s.database(), store.TellNobody)
	if err != nil {
		return err
	}
	if s.seed.AllMessages() == 0 {
		r.tell("making the database")
	}
	filled := func(n int) {
		if s.seed.AllMessages() == 0 {
			return
		}
		r.tell("filling the database: %s of %s messages", grouped(n), grouped(s.seed.AllMessages()))
	}
	filled(0)
	row, err := db.SeedNew(r.ctx, s.seed, filled)
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("fill the database: %w", err)
	}
	s.tokens, err = auth.NewSigner(row.TokenKey, time.Now)
	return err
}

// serverSettings raise the limits that protect a server from one machine: the load generator is one machine
// that acts as many people.
var serverSettings = []string{
	"--log-level=error", "--messages-per-second=1000000", "--messages-burst=1000000",
	"--sockets=1000000", "--sockets-per-address=1000000", "--sockets-per-user=1000000",
	"--socket-writes=4096",
}

// start runs the server and waits until it listens. A server that ran before gets its old address again.
func (s *server) start(r *scene, settings ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	address := strings.TrimPrefix(s.url, "http://")
	if address == "" {
		address = "127.0.0.1:0"
	}
	args := append([]string{"bench", "server", "--listen=" + address, "--data=" + s.data}, s.settings...)
	environment, err := s.environment()
	if err != nil {
		return err
	}
	line := append(append([]string{self}, args...), settings...)
	if n := s.bench.CPUs; n > 0 {
		line = append([]string{"taskset", "-c", fmt.Sprintf("0-%d", n-1)}, line...) // taskset then becomes the server
	}
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Env = append(environment, s.bench.serverEnvironment()...)
	cmd.Stderr = s.stderr
	if s.orders, err = cmd.StdinPipe(); err != nil {
		return err
	}
	answers := make(chan string, 1)
	process, err := child.Start(r.ctx, cmd, func(line string) {
		if answer, ok := strings.CutPrefix(line, "obeyed "); ok {
			answers <- answer
		}
	})
	if err != nil {
		return err
	}
	s.process, s.answers, s.url = process, answers, process.URL()
	return nil
}

// serverEnvironment limits what the server may use of the machine.
func (b *Command) serverEnvironment() []string {
	var env []string
	if b.Memory != "" {
		env = append(env, "GOMEMLIMIT="+b.Memory)
	}
	return env
}

// profile orders the server to write a profile to a file, if a flag asks for profiles.
func (s *server) profile(r *scene, verb, file string) error {
	folder := r.bench.Profile
	if folder == "" {
		return nil
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(s.orders, verb, filepath.Join(folder, file)); err != nil {
		return err
	}
	select {
	case answer := <-s.answers:
		if answer != fmt.Sprint(nil) {
			return errors.New(answer)
		}
		return nil
	case <-s.process.Ended:
		return child.ErrEnded
	}
}

// alive returns an error if the server ended by itself.
func (s *server) alive() error { return s.process.Alive() }

// remove stops the server and deletes its data, before the run ends.
func (s *server) remove() error { return errors.Join(s.stop(), os.RemoveAll(s.data)) }

// kill ends the server as a crash would.
func (s *server) kill() {
	if s.process == nil {
		return
	}
	s.process.Kill()
	s.process = nil
}

// stop ends the server and waits for its end. The server stops when its orders end.
func (s *server) stop() error {
	if s.process == nil {
		return nil
	}
	defer func() { s.process = nil }()
	s.orders.Close() // it may be closed already
	return s.process.Wait()
}
