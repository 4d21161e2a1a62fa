// Upkeep: what the store does now and then by itself, so that nothing stays in its files for ever.

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"parley/store/sqlite"
)

const (
	// upkeepEvery is the time between two rounds. The log still has the text of a deleted message until the next
	// round, when nobody keeps the log in use.
	upkeepEvery = time.Minute
	// endingsEvery is the time between two looks for what has ended.
	endingsEvery = time.Hour
	// searchEvery is the least time between two searches of all pages for leftovers.
	searchEvery = time.Hour
	// A search reads searchPages pages, and then pauses, so that it takes little of the processor and of the disk.
	searchPages = 512
	searchPause = 20 * time.Millisecond
	// erasePages is how many pages one transaction of a search overwrites.
	erasePages = 64
)

// upkeep runs rounds until it is stopped. Only its goroutine uses its fields.
type upkeep struct {
	st        *Store
	path      string
	ctx       context.Context
	stop      context.CancelFunc
	stopped   chan struct{}
	log       int64 // removals of the writer of which the log has been freed
	searched  int64 // removals of the writer of which the pages have been searched
	searchEnd time.Time
	lookedAt  time.Time // for what has ended
	marked    int64     // changes of the writer that the mark counts
}

// newUpkeep makes the upkeep of a store; run runs it.
func newUpkeep(st *Store, path string) *upkeep {
	u := &upkeep{st: st, path: path, stopped: make(chan struct{}), log: -1, searched: -1}
	u.ctx, u.stop = context.WithCancel(context.Background())
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

// raiseMark raises the mark when something was changed since it was last raised.
func (u *upkeep) raiseMark() error {
	changed := u.st.writer.changed.Load()
	if changed == u.marked {
		return nil
	}
	var mark int64
	err := u.st.WriteAndWait(func(tx *WriteTx) (err error) {
		mark, err = tx.returningKeepingRights(`
			UPDATE server
			SET mark = mark + 1
			RETURNING mark`)
		return err
	})
	if err == nil {
		err = writeMark(u.path, mark)
	}
	if err == nil {
		u.marked = changed
	}
	return err
}

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
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"raise the mark", u.raiseMark},
		{"drop what has ended", u.dropEnded},
		{"search the database for deleted text", u.search},
		{"free the log of deleted text", u.freeLog},
	} {
		if err := step.do(); err != nil && u.ctx.Err() == nil {
			slog.Warn("store: "+step.what, "error", err)
		}
	}
}

// dropEnded drops what has ended, a little in each transaction.
func (u *upkeep) dropEnded() error {
	now := u.st.now()
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

// search looks through all pages for leftovers and overwrites them, when text was removed since the last search
// began. It reads beside everything else. Only to overwrite what it found it takes turns with the writer.
func (u *upkeep) search() error {
	removals := u.st.writer.removals.Load()
	if removals == u.searched || !u.searchEnd.IsZero() && u.st.now().Sub(u.searchEnd) < searchEvery {
		return nil
	}
	var left Leftovers
	if err := u.st.Read(u.ctx, func(tx *Tx) (err error) { left, err = tx.Leftovers(); return err }); err != nil {
		return err
	}
	if left == LeftoversMaybe {
		if err := u.withPages(u.searchPages); err != nil {
			return err
		}
		err := u.st.WriteAndWait(func(tx *WriteTx) error {
			if w := u.st.writer; w.removals.Load() == removals {
				w.noted = false
				return tx.SetLeftovers(LeftoversNone)
			}
			return nil
		})
		if err != nil {
			return err
		}
		u.log = -1 // what was overwritten is in the log
	}
	u.searched, u.searchEnd = removals, u.st.now()
	return nil
}

// withPages calls fn with a connection of its own to the pages of the database.
func (u *upkeep) withPages(fn func(*sql.Conn) error) (err error) {
	db, err := sqlite.OpenPages(u.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(u.ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(conn)
}

func (u *upkeep) searchPages(conn *sql.Conn) error {
	total, err := sqlite.PageCount(u.ctx, conn)
	for first := int64(1); err == nil && first <= total; first += searchPages {
		var found []int64
		if found, err = sqlite.FindLeftovers(u.ctx, conn, first, searchPages); err != nil {
			break
		}
		for len(found) > 0 && err == nil {
			n := min(len(found), erasePages)
			u.st.writer.between(func() { err = sqlite.EraseLeftovers(u.ctx, conn, found[:n]) })
			found = found[n:]
		}
		if err == nil && !pause(u.ctx, searchPause) {
			err = u.ctx.Err()
		}
	}
	return err
}

// freeLog writes all of the log into the database and empties it, when text was removed since it was last emptied.
// It writes most of it while everybody works. Then it lets the reads under way finish and empties the log between
// two of them. A reader of another process, such as a backup, keeps the log; then the next round tries again.
func (u *upkeep) freeLog() error {
	removals := u.st.writer.removals.Load()
	if removals == u.log {
		return nil
	}
	return u.withPages(func(conn *sql.Conn) error {
		if _, err := checkpoint(u.ctx, conn, "PASSIVE"); err != nil {
			return err
		}
		emptied := false
		var err error
		u.st.writer.between(func() {
			_, giveBack := u.st.takeReaders()
			defer giveBack()
			emptied, err = checkpoint(u.ctx, conn, "TRUNCATE")
		})
		if err == nil && emptied {
			u.log = removals
		}
		return err
	})
}

// checkpoint writes the log into the database, and tells whether nobody was in its way.
func checkpoint(ctx context.Context, conn *sql.Conn, mode string) (whole bool, err error) {
	var busy, frames, written int
	err = conn.QueryRowContext(ctx, fmt.Sprintf(`PRAGMA wal_checkpoint(%s)`, mode)).Scan(&busy, &frames, &written)
	return busy == 0, err
}
