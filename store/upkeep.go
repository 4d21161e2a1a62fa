// Upkeep: what the store does now and then by itself, so that nothing stays in its files for ever.

package store

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

const (
	// upkeepEvery is the time between two rounds. The log of SQLite still has the text of a deleted message until the
	// next round, when nobody keeps the log in use.
	upkeepEvery = time.Minute
	// endingsEvery is the time between two looks for what has ended.
	endingsEvery = time.Hour
)

// upkeep runs rounds until it is stopped. Only its goroutine uses its fields.
type upkeep struct {
	st       *Store
	ctx      context.Context
	stop     context.CancelFunc
	stopped  chan struct{}
	chores   []chore
	last     func() error // what has to be done once more when the store closes
	lookedAt time.Time    // for what has ended
}

// newUpkeep makes the upkeep of a store; run runs it.
func newUpkeep(st *Store) *upkeep {
	u := &upkeep{st: st, stopped: make(chan struct{}), last: func() error { return nil }}
	u.ctx, u.stop = context.WithCancel(context.Background())
	u.chores = st.engine.chores(u)
	return u
}

// close stops the upkeep and waits for the round under way. The writer must still run.
func (u *upkeep) close() {
	u.stop()
	<-u.stopped
}

// StopUpkeep ends what the store does now and then by itself, as Close does. It is for tests of other packages that
// count what the store does, or keep its readers: the upkeep reads and writes too, and waits for all readers.
func (st *Store) StopUpkeep() { st.upkeep.close() }

func (u *upkeep) run() {
	defer close(u.stopped)
	for pause(u.ctx, 0) {
		u.round()
		if !pause(u.ctx, upkeepEvery) {
			return
		}
	}
}

// pause waits, and tells whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return ctx.Err() == nil
	}
}

// round does everything once that is due.
func (u *upkeep) round() {
	for _, step := range u.chores {
		if err := step.do(); err != nil && u.ctx.Err() == nil {
			slog.Warn("store: "+step.what, "error", err)
		}
	}
}

// dropEnded drops what has ended, a little in each transaction.
func (u *upkeep) dropEnded() error {
	now := u.st.clock.now()
	if !u.lookedAt.IsZero() && now.Sub(u.lookedAt) < endingsEvery {
		return nil
	}
	ended := endedAt(u.lookedAt, now, now.Sub(u.lookedAt)).UnixMilli()
	for more := true; more; {
		err := u.st.WriteAndWait(func(tx *WriteTx) (err error) {
			more, err = tx.dropEnded(ended)
			return err
		})
		if err = errors.Join(err, u.ctx.Err()); err != nil {
			return err
		}
	}
	u.lookedAt = now
	return nil
}

// endedAt returns the time up to which things have ended: what the clock says, or, when it was put ahead since the
// last look, what it would say without that. So a clock that is ahead for a moment drops nothing; one that stays
// ahead is believed at the next look. passed is the time that really went by.
func endedAt(looked, now time.Time, passed time.Duration) time.Time {
	if expected := looked.Round(0).Add(passed); !looked.IsZero() && expected.Before(now.Round(0)) {
		return expected
	}
	return now
}
