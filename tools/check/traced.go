// Faults that reach into the server's process by strace: kills within a COMMIT, slow writes, a disk that
// fails. Where nobody may be traced, plain kills stand in.

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
	commitWithin = 3 * time.Second        // then there was no such write
	slowFor      = 500 * time.Millisecond // before a kill, so that there is something to lose
	attachWithin = 5 * time.Second
	detachWithin = time.Second      // then strace is killed, and the system lets go in its place
	mendedWithin = 10 * time.Second // for the server to store again after its disk does
)

// trouble is what a disk may do for a while: some calls of the server fail. Each line of inject names them
// and how, as strace takes it.
type trouble struct {
	name   string
	inject []string
}

// troubles are disks that fail. Where only some calls do, counted for each thread, the server has more to go
// wrong with. A disk that can only be read refuses to open a file for writing; SQLite then opens it to read,
// hence every second call.
var troubles = []trouble{
	{"full", []string{"pwrite64:error=ENOSPC"}},
	{"read-only", []string{"pwrite64,fsync,fdatasync,ftruncate:error=EROFS", "openat:error=EROFS:when=1+2"}},
	{"not syncing", []string{"fsync,fdatasync:error=EIO:when=2+3"}},
	{"not reading", []string{"pread64:error=EIO:when=1+9"}},
}

// trouble is which of them a fault makes.
func (f Fault) trouble() trouble { return troubles[f.Nth%len(troubles)] }

// endsInKill tells whether the server is killed while its disk fails.
func (f Fault) endsInKill() bool { return f.Moment == atOnce }

// killInCommit kills the server on entering one of its next writes to the database or syncs of it: so it
// dies within a COMMIT, with a part of it written and nothing of it certain.
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

// killWhenSlow kills the server when it answers, while each of its writes to the database takes longer: if
// it answers before it has committed, nothing is there then.
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

// troubleDisk has the disk fail for a while. The server must not acknowledge what it could not store, undo
// what it could not finish, and go on by itself when the disk does; unless it is killed before, with whatever
// it could not finish on the disk.
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

// awaitMended waits until the server says that it can store.
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

// inject has strace put something into system calls of the server, until detach. Each of what is CALLS:HOW.
func (r *run) inject(ctx context.Context, what ...string) (detach func(), err error) {
	if !r.rec.h.Traced {
		return nil, errNotTraced
	}
	return attach(ctx, r.server.process.Cmd.Process.Pid, what...)
}

// canBeTraced tells whether strace is there, and may look into a child of ours.
func (r *run) canBeTraced(ctx context.Context) bool {
	detach, err := attach(ctx, r.server.process.Cmd.Process.Pid, "fsync:delay_enter=1")
	if err != nil {
		return false
	}
	detach()
	return true
}

// attach starts strace on a process that runs, and waits until it has every thread of it. The process goes
// on when detach is called or ctx ends; a strace that does not end then is killed, which lets it go too.
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
		cmd.Wait() // it was told to end, or whom it traced has
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

// readUntilAttached closes attached when strace says that it is, and reads on until it ends.
func readUntilAttached(says io.Reader, attached chan<- struct{}) {
	for lines := bufio.NewScanner(says); lines.Scan(); {
		if strings.Contains(lines.Text(), " attached") {
			close(attached)
			break
		}
	}
	io.Copy(io.Discard, says) // what it says of threads that come and go
}
