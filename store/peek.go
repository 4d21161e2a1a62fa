// Peek: reading a database that another process may be using.

package store

import (
	"cmp"
	"context"
	"errors"
	"time"

	"parley/store/sqlite"
)

// errOtherVersion refuses to read a database whose tables are those of another version.
var errOtherVersion = errors.New("another version of parley uses the database: run that one")

// Peek runs fn in one read transaction on a database that a server may be using. It changes nothing.
func Peek(address string, fn func(*Tx) error) (err error) {
	engine := engineAt(address)
	db, err := engine.openBeside()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(context.Background())
	if err != nil {
		return sqlite.Explain(err)
	}
	r := &reader{conn: conn, stmts: statements{}, begin: engine.beginRead(), sql: engine.words()}
	defer func() {
		r.stmts.close()
		err = errors.Join(err, conn.Close())
	}()
	return r.read(&Tx{now: time.Now().UnixMilli()}, func(tx *Tx) error {
		if serves, err := engine.servesUs(tx); err != nil || !serves {
			return cmp.Or(err, errOtherVersion)
		}
		return fn(tx)
	})
}
