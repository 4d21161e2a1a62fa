// Package child runs a Parley server as a process of its own, for the tools that check and measure it from
// outside.
package child

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"sync"
	"syscall"
	"time"
)

// Patience is how long a server may take to listen, and to stop. A server needs far less for either.
const Patience = 60 * time.Second

// Process is a process of the program, usually a server. Its methods are safe from any goroutine.
type Process struct {
	Cmd   *exec.Cmd
	Ended chan struct{} // closed once the process has ended and all of its output has been read

	listening chan struct{}
	mu        sync.Mutex // guards url
	url       string
}

var listensAt = regexp.MustCompile(`is running at (http\S+)$`)

// Launch starts a process and does not wait for it. told is called with each line that the process prints on
// stdout, one after the other; it may be nil.
func Launch(cmd *exec.Cmd, told func(line string)) (*Process, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	p := &Process{Cmd: cmd, Ended: make(chan struct{}), listening: make(chan struct{})}
	go p.read(out, told)
	return p, nil
}

// Start launches a server and waits until it listens. It kills a server that does not.
func Start(ctx context.Context, cmd *exec.Cmd, told func(line string)) (*Process, error) {
	p, err := Launch(cmd, told)
	if err != nil {
		return nil, err
	}
	if err := p.Await(ctx); err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}

// Await waits until the server listens.
func (p *Process) Await(ctx context.Context) error {
	select {
	case <-p.listening:
		return nil
	case <-p.Ended:
		return fmt.Errorf("the server did not start: %s", p.Cmd.ProcessState)
	case <-time.After(Patience):
		return fmt.Errorf("the server did not start within %s", Patience)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read reads the output of the process until it ends.
func (p *Process) read(out io.Reader, told func(string)) {
	defer close(p.Ended)
	lines := bufio.NewScanner(out)
	listening := sync.OnceFunc(func() { close(p.listening) })
	for lines.Scan() {
		if told != nil {
			told(lines.Text())
		}
		if at := listensAt.FindStringSubmatch(lines.Text()); at != nil {
			p.mu.Lock()
			p.url = at[1]
			p.mu.Unlock()
			listening()
		}
	}
	p.Cmd.Wait() // the process's state tells how it ended
}

// URL is the address where the server listens; empty until it does.
func (p *Process) URL() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.url
}

// ErrEnded is the error for a process that ended although nobody stopped it.
var ErrEnded = errors.New("the server ended by itself")

// Alive returns ErrEnded if the process has ended.
func (p *Process) Alive() error {
	select {
	case <-p.Ended:
		return ErrEnded
	default:
		return nil
	}
}

// Strike sends SIGKILL and does not wait for the end.
func (p *Process) Strike() { p.Cmd.Process.Kill() } // the process may have ended already

// Kill sends SIGKILL and waits for the end.
func (p *Process) Kill() {
	p.Strike()
	<-p.Ended
}

// Stop asks the process to stop, as its operator would, and waits for the end. It fails when the process ends
// with an error.
func (p *Process) Stop() error {
	err := p.Cmd.Process.Signal(syscall.SIGTERM)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("ask the server to stop: %w", err)
	}
	return p.Wait()
}

// Wait waits for the end of a process that has been asked to stop. It fails when the process ends with an
// error. It also fails when the process does not end in time, and then kills it.
func (p *Process) Wait() error {
	select {
	case <-p.Ended:
	case <-time.After(Patience):
		p.Kill()
		return fmt.Errorf("the server did not stop within %s and was killed", Patience)
	}
	if state := p.Cmd.ProcessState; !state.Success() {
		return fmt.Errorf("the server ended with %s", state)
	}
	return nil
}
