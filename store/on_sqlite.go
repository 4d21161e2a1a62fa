// The engine for one machine: an SQLite file beside the program.

package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"maps"
	"time"

	"parley/store/sqlite"
)

// onSQLite is the engine of a file. The writer is the only one that changes it, so each transaction has the database for
// itself.
type onSQLite struct {
	path  string
	place *place
	noted bool // the database says that it may hold leftovers; see Tx.SetLeftovers
}

func (e *onSQLite) prepare(ctx context.Context) error {
	if err := sqlite.Migrate(e.path, migrationFiles); err != nil {
		return err
	}
	for _, step := range []func(context.Context, string) error{cleanOnce, fillSkeletons, noteStart} {
		if err := step(ctx, e.path); err != nil {
			return err
		}
	}
	return nil
}

func (e *onSQLite) openReader() (*sql.DB, error) { return sqlite.OpenReader(e.path) }
func (e *onSQLite) openWriter() (*sql.DB, error) { return sqlite.OpenWriter(e.path) }
func (e *onSQLite) openBeside() (*sql.DB, error) { return sqlite.OpenBeside(e.path) }
func (e *onSQLite) words() words                 { return sqlite.Words{} }
func (e *onSQLite) beginRead() string            { return `BEGIN` }
func (e *onSQLite) every() time.Duration         { return lookEvery }
func (e *onSQLite) isServer() bool               { return false }

func (e *onSQLite) servesUs(tx *Tx) (bool, error) {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return false, err
	}
	var version int
	err = tx.row(into(&version), `PRAGMA user_version`)
	return version == len(files), sqlite.Explain(err)
}

func (e *onSQLite) opened(w *writer) (err error) {
	if e.place != nil {
		return nil
	}
	if e.place, err = newPlace(e.path); err != nil {
		return err
	}
	return w.findStamp()
}

func (e *onSQLite) check() error       { return e.place.check() }
func (e *onSQLite) look(*writer) error { return e.place.check() }

func (e *onSQLite) begin(w *writer, tx *WriteTx, _ []write) error {
	tx.now, tx.alone = w.clock.now().UnixMilli(), true
	_, err := tx.exec(`BEGIN IMMEDIATE`)
	version := w.version
	if err == nil {
		version, err = sqlite.DataVersion(w.conn)
	}
	if err != nil {
		return err
	}
	if version != w.version { // somebody else has changed the database
		clear(w.heads)
		w.rights.forget()
	}
	tx.stamp = nextStamp(w.stamp.Load(), tx.now)
	return nil
}

// storeHeads stores them room by room.
func (e *onSQLite) storeHeads(tx *WriteTx) error {
	for _, room := range sortedRooms(maps.Keys(tx.staged)) {
		heads := tx.staged[room]
		err := tx.runOneKeepingRights(`
			UPDATE rooms
			SET seq = $2, rev = $3, meta = $4
			WHERE id = $1`, room, heads.Seq, heads.Rev, heads.Meta)
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *onSQLite) beforeCommit(tx *WriteTx) error {
	if tx.removed && !e.noted {
		return tx.SetLeftovers(LeftoversMaybe)
	}
	return nil
}

func (e *onSQLite) commit(_ *writer, tx *WriteTx) (outcome, error) {
	_, err := tx.exec(`COMMIT`)
	switch {
	case err == nil:
		return stored, nil
	case sqlite.IsDiskFull(err):
		return notStored, err
	}
	return notKnown, err
}

func (e *onSQLite) afterCommit(w *writer, tx *WriteTx) error {
	if version, err := sqlite.DataVersion(w.conn); err == nil { // else what is remembered counts as outdated
		w.version = version
	}
	if err := e.place.check(); err != nil { // it is in a file that somebody took away meanwhile
		return err
	}
	e.noted = e.noted || tx.removed
	return nil
}

func (e *onSQLite) mayGoBetterAgain(error) bool { return false }

func (e *onSQLite) chores(u *upkeep) []chore {
	files := &fileUpkeep{upkeep: u, engine: e, log: -1, searched: -1}
	u.last = files.raiseMark
	return []chore{
		{"raise the mark", files.raiseMark},
		{"drop what has ended", u.dropEnded},
		{"search the database for deleted text", files.search},
		{"free the log of deleted text", files.freeLog},
	}
}

func (e *onSQLite) sizes() (database, log int64) { return fileSize(e.path), fileSize(e.path + "-wal") }

// isGone tells whether an error says that the files of the database are gone.
func isGone(err error) bool { return errors.Is(err, errGone) }
