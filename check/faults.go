// Making the faults of the plan, and more of those that are still needed for a run to count.

package check

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"time"
)

const (
	strikeWithin = 500 * time.Millisecond // then a kill does not wait for its moment
	commitWithin = 3 * time.Second        // then there was no such write
	slowFor      = 700 * time.Millisecond // before a kill, so that there is something to lose
)

// makeFaults follows the plan. While paths that a run must have taken are missing it goes on for half as
// long again, with the faults that lead there.
func (r *run) makeFaults(ctx context.Context) error {
	began := r.rec.now()
	traced := straceWorks(ctx)
	r.rec.change(func(h *History) { h.Plan, h.Traced = describe(r.plan), traced })
	for _, f := range r.plan {
		if err := r.makeFault(ctx, f, began); err != nil {
			return err
		}
	}
	if err := r.sleepUntil(ctx, began+r.Time); err != nil {
		return err
	}
	for i, end := 0, began+r.Time*3/2; r.rec.now() < end; i++ {
		wanted := r.wantedFaults()
		if len(wanted) == 0 {
			return nil
		}
		f := wanted[i%len(wanted)]
		f.At = r.rec.now() - began + faultEvery/2
		if err := r.makeFault(ctx, f, began); err != nil {
			return err
		}
	}
	return nil
}

// wantedFaults are those that lead to what has not been seen yet.
func (r *run) wantedFaults() (wanted []Fault) {
	var paths []Path
	r.rec.change(func(h *History) { paths = Missing(h) })
	for _, path := range paths {
		for _, f := range path.provokedBy {
			if slices.Contains(r.Faults, f.Kind) {
				wanted = append(wanted, f)
			}
		}
	}
	return wanted
}

func (r *run) sleepUntil(ctx context.Context, at time.Duration) error {
	select {
	case <-time.After(at - r.rec.now()):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *run) makeFault(ctx context.Context, f Fault, began time.Duration) error {
	if err := r.sleepUntil(ctx, began+f.At); err != nil {
		return err
	}
	if err := r.restartIfDead(ctx); err != nil {
		return err
	}
	r.rec.change(func(h *History) { h.Faults[string(f.Kind)]++ })
	r.say("%s", f)
	switch f.Kind {
	case faultKill:
		r.strike(f.Moment)
		return r.start(ctx, -1)
	case faultKillCommit:
		return r.killInCommit(ctx, f.Nth)
	case faultKillSlow:
		return r.killWhenSlow(ctx)
	case faultStop:
		r.stop()
		return r.start(ctx, -1)
	case faultBackup:
		r.faults.Go(func() { r.backUp(ctx) })
	case faultCopy:
		return r.copyByHand(ctx)
	case faultRestore:
		return r.restore(ctx)
	default:
		r.disturb(ctx, f)
	}
	return nil
}

// disturb does something to connections.
func (r *run) disturb(ctx context.Context, f Fault) {
	for _, number := range f.Clients {
		p := r.actors[number].proxy
		switch f.Kind {
		case faultCut:
			p.cut()
		case faultReset:
			p.reset()
		case faultHalf:
			p.halfClose()
		case faultPause:
			p.pause()
		case faultTrickle:
			p.slow()
		}
	}
	if f.Kind != faultPause && f.Kind != faultTrickle {
		return
	}
	r.faults.Go(func() {
		r.sleepUntil(ctx, r.rec.now()+f.For) // when ctx ends they are healed too
		for _, number := range f.Clients {
			r.actors[number].proxy.heal()
		}
	})
}

// start starts the server and notes it. restored is the place of the backup that was put back, or -1.
func (r *run) start(ctx context.Context, restored int, wrap ...string) error {
	err := r.server.start(ctx, wrap...)
	r.rec.change(func(h *History) {
		h.Lives = append(h.Lives, Life{Started: r.rec.now(), Restored: restored})
	})
	return err
}

// ended notes how the server's life ended. Just before is when it was still alive for certain.
func (r *run) ended(how Ending) {
	r.rec.change(func(h *History) {
		life := &h.Lives[len(h.Lives)-1]
		life.Ended, life.EndedWall, life.How = r.rec.now(), time.Now().UnixMilli(), how
	})
}

// strike kills the server at a moment, or soon when that does not come.
func (r *run) strike(on moment) {
	struck := make(chan struct{})
	if on == atOnce {
		r.server.strike()
		close(struck)
	} else {
		forget := r.rec.when(on, func() {
			r.server.strike()
			close(struck)
		})
		defer forget()
	}
	select {
	case <-struck:
	case <-time.After(strikeWithin):
	}
	r.server.kill()
	r.ended(killed)
}

// killInCommit starts the server so that it is killed on entering one of its next writes to the database or
// syncs of it: so it dies within a COMMIT, with a part of it written and nothing of it certain.
func (r *run) killInCommit(ctx context.Context, nth int) error {
	if !r.rec.h.Traced {
		r.strike(manyUnderWay)
		return r.start(ctx, -1)
	}
	err := r.restartTraced(ctx, fmt.Sprintf("inject=pwrite64,fsync,fdatasync:signal=SIGKILL:when=%d", nth))
	how := killedInCommit
	if err == nil {
		select {
		case <-r.server.ended:
		case <-time.After(commitWithin):
			how = killed
		}
	}
	r.server.kill()
	r.ended(how)
	return r.start(ctx, -1)
}

// killWhenSlow kills the server when it answers, while each of its writes to the database takes longer:
// if it answers before it has committed, nothing is there then.
func (r *run) killWhenSlow(ctx context.Context) error {
	if r.rec.h.Traced {
		if err := r.restartTraced(ctx, "inject=pwrite64:delay_enter=500"); err != nil {
			return err
		}
		if err := r.sleepUntil(ctx, r.rec.now()+slowFor); err != nil {
			return err
		}
	}
	r.strike(acknowledgment)
	return r.start(ctx, -1)
}

// strace goes before the server's command line, and is followed by what it injects. It stays out of the
// way of the process it traces, which remains our child.
var strace = []string{
	"strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64,fsync,fdatasync", "-e",
}

func (r *run) restartTraced(ctx context.Context, inject string) error {
	r.server.kill()
	r.ended(killed)
	return r.start(ctx, -1, append(slices.Clone(strace), inject)...)
}

// straceWorks tells whether a process may be traced here.
func straceWorks(ctx context.Context) bool {
	harmless := append(slices.Clone(strace[1:]), "inject=fsync:delay_enter=1", "true")
	return exec.CommandContext(ctx, strace[0], harmless...).Run() == nil
}

func (r *run) stop() {
	if err := r.server.terminate(); err != nil {
		r.wrong("I13", "%v", err)
	}
	r.ended(terminated)
}

// restartIfDead notes a server that ended by itself.
func (r *run) restartIfDead(ctx context.Context) error {
	select {
	case <-r.server.ended:
	default:
		return nil
	}
	r.wrong("I13", "the server ended by itself: %s", r.server.cmd.ProcessState)
	r.ended(killed)
	return r.start(ctx, -1)
}
