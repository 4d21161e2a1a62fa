// Faults that reach into the server's process with strace: kills within a COMMIT, slow writes, a failing
// disk. Where the server may not be traced, plain kills replace them.

package check

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/client"
)

const (
	commitWithin = 3 * time.Second        // when the server has made no such write by then, it is killed anyway
	slowFor      = 500 * time.Millisecond // before a kill, so that there is something to lose
	attachWithin = 5 * time.Second
	detachWithin = time.Second // then strace is killed, and the system detaches it
	mendedWithin = time.Minute // the time the server has to store again after its disk works again
)

// trouble is a way in which the disk fails for a while: some system calls of the server fail. Each line of
// inject names the calls and how they fail, in the syntax of strace.
type trouble struct {
	name   string
	inject []string
}

// troubles are the ways in which the disk fails. Where only some calls fail, counted for each thread, more
// can go wrong in the server. A read-only disk refuses to open a file for writing; SQLite then opens the file
// for reading. Hence only every second openat fails.
var troubles = []trouble{
	{"full", []string{"pwrite64:error=ENOSPC"}},
	{"read-only", []string{"pwrite64,fsync,fdatasync,ftruncate:error=EROFS", "openat:error=EROFS:when=1+2"}},
	{"not syncing", []string{"fsync,fdatasync:error=EIO:when=2+3"}},
	{"not reading", []string{"pread64:error=EIO:when=1+9"}},
}

// trouble is the trouble that a fault makes.
func (f Fault) trouble() trouble { return troubles[f.Nth%len(troubles)] }

// endsInKill reports whether the server is killed while its disk fails.
func (f Fault) endsInKill() bool { return f.Moment == atOnce }

// killInCommit kills the server when it begins one of its next writes to the database or syncs of it. It then
// dies within a COMMIT: a part of it is written, and none of it is certain.
func (r *run) killInCommit(ctx context.Context, nth int) error {
	detach, err := r.inject(ctx, fmt.Sprintf("pwrite64,fsync,fdatasync:signal=SIGKILL:when=%d", nth))
	if err != nil {
		r.strike(manyUnderWay)
		return r.start(ctx, -1)
	}
	how := killedInCommit
	select {
	case <-r.server.process.Ended:
	case <-time.After(commitWithin):
		how = killed
	}
	detach()
	r.server.kill()
	r.ended(how)
	return r.start(ctx, -1)
}

// killWhenSlow kills the server when it answers, while each of its writes to the database is slow. If the
// server answers before it has committed, the data is then not there.
func (r *run) killWhenSlow(ctx context.Context) error {
	if detach, err := r.inject(ctx, "pwrite64:delay_enter=500"); err == nil {
		defer detach()
		if err := r.sleepUntil(ctx, r.rec.now()+slowFor); err != nil {
			return err
		}
	}
	r.strike(acknowledgment)
	return r.start(ctx, -1)
}

// troubleDisk makes the disk fail for a while. The server must not acknowledge what it could not store, must
// undo what it could not finish, and must go on by itself when the disk works again. Or the server is killed
// before that, with unfinished writes on the disk.
func (r *run) troubleDisk(ctx context.Context, f Fault) error {
	began := r.rec.now()
	detach, err := r.inject(ctx, f.trouble().inject...)
	if err != nil {
		r.strike(atOnce)
		return r.start(ctx, -1)
	}
	err = r.sleepUntil(ctx, r.rec.now()+f.For)
	if f.endsInKill() {
		r.strike(atOnce)
	}
	detach()
	r.rec.change(func(h *History) {
		h.Troubles = append(h.Troubles, Trouble{f.trouble().name, began, r.rec.now()})
	})
	if err != nil {
		return err
	}
	if f.endsInKill() {
		return r.start(ctx, -1)
	}
	return r.awaitMended(ctx)
}

// awaitMended waits until the server says that it can store again.
func (r *run) awaitMended(ctx context.Context) error {
	for end := r.rec.now() + mendedWithin; ; {
		err := client.Call(ctx, r.server.url(), "", http.MethodGet, "/readyz", nil, nil)
		if err == nil {
			return nil
		}
		if r.rec.now() > end {
			r.wrong("I13", "the server does not store %s after its disk did: %v", mendedWithin, err)
			return nil
		}
		if err := r.sleepUntil(ctx, r.rec.now()+lookEvery); err != nil {
			return err
		}
	}
}

var errNotTraced = errors.New("nobody can be traced here")

// inject makes strace change system calls of the server until detach is called. Each string in what is
// CALLS:HOW.
func (r *run) inject(ctx context.Context, what ...string) (detach func(), err error) {
	if !r.rec.h.Traced {
		return nil, errNotTraced
	}
	return attach(ctx, r.server.process.Cmd.Process.Pid, what...)
}

// canBeTraced reports whether strace is installed and may trace a child of this process.
func (r *run) canBeTraced(ctx context.Context) bool {
	detach, err := attach(ctx, r.server.process.Cmd.Process.Pid, "fsync:delay_enter=1")
	if err != nil {
		return false
	}
	detach()
	return true
}

// attach starts strace on a running process, and waits until it traces every thread. The process goes on when
// detach is called or ctx ends. A strace that does not end then is killed, which also detaches it.
func attach(ctx context.Context, process int, what ...string) (detach func(), err error) {
	var calls, inject []string
	for _, one := range what {
		names, _, _ := strings.Cut(one, ":")
		calls, inject = append(calls, names), append(inject, "-e", "inject="+one)
	}
	ctx, cancel := context.WithCancel(ctx)
	args := append([]string{"-f", "-o", os.DevNull, "-e", "trace=" + strings.Join(calls, ",")}, inject...)
	cmd := exec.CommandContext(ctx, "strace", append(args, "-p", strconv.Itoa(process))...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = detachWithin
	says, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	attached, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		readUntilAttached(says, attached)
		cmd.Wait() // it was told to end, or the process that it traced has ended
	}()
	detach = func() {
		cancel()
		<-ended
	}
	select {
	case <-attached:
		return detach, nil
	case <-ended:
	case <-time.After(attachWithin):
	}
	detach()
	return nil, errNotTraced
}

// readUntilAttached closes attached when strace says that it has attached, and reads on until strace ends.
func readUntilAttached(says io.Reader, attached chan<- struct{}) {
	for lines := bufio.NewScanner(says); lines.Scan(); {
		if strings.Contains(lines.Text(), " attached") {
			close(attached)
			break
		}
	}
	io.Copy(io.Discard, says) // messages about threads that come and go
}
