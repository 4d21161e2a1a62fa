// Making the faults of the plan, and afterwards more of those that a run still needs in order to count.

package check

import (
	"context"
	"slices"
	"time"
)

const (
	strikeWithin  = 500 * time.Millisecond // so long a kill waits for its moment
	leastProvoked = 12
)

// makeFaults follows the plan. If the run has not taken some of the paths that it must take, it then makes the faults
// that lead to these.
func (r *run) makeFaults(ctx context.Context) error {
	began := r.rec.now()
	traced := r.canBeTraced(ctx)
	r.rec.change(func(h *History) { h.Plan, h.Traced = describe(r.plan), traced })
	for _, f := range r.plan {
		if r.rec.now() > began+r.Time {
			break // the earlier ones took long
		}
		if err := r.makeFault(ctx, f, began); err != nil {
			return err
		}
	}
	if err := r.sleepUntil(ctx, began+r.Time); err != nil {
		return err
	}
	return r.provoke(ctx, began)
}

// provoke makes the faults that lead to paths that have not been taken, one after another, for half as long again as
// the run and a few times at least. What lasts for a time lasts longer each time: on a machine with other work an
// attack needs longer to come to all that it does.
func (r *run) provoke(ctx context.Context, began time.Duration) error {
	for i, end := 0, began+r.Time*3/2; i < leastProvoked || r.rec.now() < end; i++ {
		wanted := r.wantedFaults()
		if len(wanted) == 0 {
			return nil
		}
		f := wanted[i%len(wanted)]
		f.For <<= min(i/len(wanted), 4)
		f.At = r.rec.now() - began + faultEvery/2
		if err := r.makeFault(ctx, f, began); err != nil {
			return err
		}
		r.faults.Wait()
	}
	return nil
}

// wantedFaults are the faults that lead to the paths that have not been taken yet.
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
	case faultDisk:
		return r.troubleDisk(ctx, f)
	case faultStop:
		r.stop()
		return r.start(ctx, -1)
	case faultBackup:
		r.faults.Go(func() { r.backUp(ctx) })
	case faultCopy:
		return r.copyByHand(ctx)
	case faultRestore:
		return r.restore(ctx)
	case faultAttack:
		r.faults.Go(func() { r.attack(ctx, f) })
	default:
		r.disturb(ctx, f)
	}
	return nil
}

// disturb makes a fault on connections.
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

// start starts the server and records that. restored is the index of the backup that was restored before, or
// -1.
func (r *run) start(ctx context.Context, restored int) error {
	err := r.server.start(ctx)
	r.rec.change(func(h *History) {
		h.Lives = append(h.Lives, Life{Started: r.rec.now(), Restored: restored})
	})
	return err
}

// ended records how the server's life ended. It must be called right after the end, since it records the
// present as the time of the end.
func (r *run) ended(how Ending) {
	r.rec.change(func(h *History) {
		life := &h.Lives[len(h.Lives)-1]
		life.Ended, life.EndedWall, life.How = r.rec.now(), time.Now().UnixMilli(), how
	})
}

// strike kills the server at a moment, or after a short time when that moment does not come.
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

func (r *run) stop() {
	if err := r.server.terminate(); err != nil {
		r.wrong("I13", "%v", err)
	}
	r.ended(terminated)
}

// restartIfDead records the end of a server that ended by itself, and starts it again.
func (r *run) restartIfDead(ctx context.Context) error {
	select {
	case <-r.server.process.Ended:
	default:
		return nil
	}
	r.wrong("I13", "the server ended by itself: %s", r.server.process.Cmd.ProcessState)
	r.ended(killed)
	return r.start(ctx, -1)
}
