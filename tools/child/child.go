// Package child runs a Parley server as a process, for what proves and measures it from outside.
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

// Patience is how long a server may take to listen, and to stop. It is far more than either takes.
const Patience = 60 * time.Second

// Process is a process of the program, and usually a server. Its methods are safe from any goroutine.
type Process struct {
	Cmd   *exec.Cmd
	Ended chan struct{} // closed once the process has ended and all that it printed has been read

	listening chan struct{}
	mu        sync.Mutex // guards url
	url       string
}

var listensAt = regexp.MustCompile(`is running at (http\S+)$`)

// Launch starts a process and does not wait. told gets each line that it prints on stdout, one after the other; it may
// be nil.
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

// Start is Launch for a server: it waits until the server listens. When it does not, it is killed.
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

// read takes what the process prints until it ends.
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
	p.Cmd.Wait() // how it ended is in its state
}

// URL is where the server listens; empty before it does.
func (p *Process) URL() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.url
}

// ErrEnded tells that a process has ended that nobody stopped.
var ErrEnded = errors.New("the server ended by itself")

// Alive gives ErrEnded when the process has ended.
func (p *Process) Alive() error {
	select {
	case <-p.Ended:
		return ErrEnded
	default:
		return nil
	}
}

// Strike sends SIGKILL and does not wait.
func (p *Process) Strike() { p.Cmd.Process.Kill() } // it may have ended already

// Kill sends SIGKILL and waits.
func (p *Process) Kill() {
	p.Strike()
	<-p.Ended
}

// Stop asks the process to stop, as its operator would, and waits. It fails when the process does not end well.
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

// Wait waits for a process that has been asked to stop. It fails when the process does not end well, or not in time:
// then it is killed.
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
