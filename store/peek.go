// Peek: reading a database that another process may be using.

package store

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"parley/store/sqlite"
)

// errOtherVersion refuses to read a database whose tables are those of another version.
var errOtherVersion = errors.New("another version of parley uses the database: run that one")

// Peek runs fn in one read transaction on a database that a server may be using. It changes nothing.
func Peek(path string, fn func(*Tx) error) (err error) {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return err
	}
	db, err := sqlite.OpenBeside(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(context.Background())
	if err != nil {
		return sqlite.Explain(err)
	}
	r := &reader{conn: conn, stmts: statements{}}
	defer func() {
		r.stmts.close()
		err = errors.Join(err, conn.Close())
	}()
	return r.read(&Tx{now: time.Now().UnixMilli()}, func(tx *Tx) error {
		var version int
		if err := tx.row(into(&version), `PRAGMA user_version`); err != nil {
			return sqlite.Explain(err)
		}
		if version != len(files) {
			return errOtherVersion
		}
		return fn(tx)
	})
}
