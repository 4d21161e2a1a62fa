// The upkeep of an SQLite database, so that nothing that was deleted stays in its files.

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"parley/store/sqlite"
)

const (
	// searchEvery is the least time between two searches of all pages for leftovers.
	searchEvery = time.Hour
	// A search reads searchPages pages, and then pauses, so that it takes little of the processor and of the disk.
	searchPages = 512
	searchPause = 20 * time.Millisecond
	// erasePages is how many pages one transaction of a search overwrites.
	erasePages = 64
)

// fileUpkeep is the part of the upkeep for the files of a database. Only the goroutine of the upkeep uses it.
type fileUpkeep struct {
	*upkeep
	engine    *onSQLite
	log       int64 // removals of the writer of which the log has been freed
	searched  int64 // removals of the writer of which the pages have been searched
	searchEnd time.Time
	marked    int64 // changes of the writer that the mark counts
}

// raiseMark raises the mark when something was changed since it was last raised.
func (u *fileUpkeep) raiseMark() error {
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
		err = writeMark(u.engine.path, mark)
	}
	if err == nil {
		u.marked = changed
	}
	return err
}

// search looks through all pages for leftovers and overwrites them, when text was removed since the last search
// began. It reads beside everything else. Only to overwrite what it found it takes turns with the writer.
func (u *fileUpkeep) search() error {
	removals := u.st.writer.removals.Load()
	if removals == u.searched || !u.searchEnd.IsZero() && u.st.clock.now().Sub(u.searchEnd) < searchEvery {
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
			if u.st.writer.removals.Load() == removals {
				u.engine.noted = false
				return tx.SetLeftovers(LeftoversNone)
			}
			return nil
		})
		if err != nil {
			return err
		}
		u.log = -1 // what was overwritten is in the log
	}
	u.searched, u.searchEnd = removals, u.st.clock.now()
	return nil
}

// withPages calls fn with a connection of its own to the pages of the database.
func (u *fileUpkeep) withPages(fn func(*sql.Conn) error) (err error) {
	db, err := sqlite.OpenPages(u.engine.path)
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

func (u *fileUpkeep) searchPages(conn *sql.Conn) error {
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
func (u *fileUpkeep) freeLog() error {
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
