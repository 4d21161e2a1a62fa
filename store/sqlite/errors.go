// What SQLite's errors mean.

package sqlite

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What can be wrong with a file; the name of the file stands before it.
var (
	ErrNotParley   = errors.New("this is not a database of parley")
	ErrDamaged     = errors.New("the database is damaged")
	ErrNoSpace     = errors.New("there is not enough space left")
	ErrInOtherUse  = errors.New("another process is using the database")
	ErrCannotWrite = errors.New("the file cannot be written")
)

// IsDiskFull tells that there was no space left to write. A COMMIT that fails so has stored nothing: it is
// the last thing it writes that makes the rest count.
func IsDiskFull(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == sqlite3.SQLITE_FULL
}

// Explain turns what SQLite says of a file into what a person can do something about.
func Explain(err error) error {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return ErrNotParley
	case sqlite3.SQLITE_CORRUPT:
		return ErrDamaged
	case sqlite3.SQLITE_FULL:
		return ErrNoSpace
	case sqlite3.SQLITE_BUSY:
		return ErrInOtherUse
	case sqlite3.SQLITE_READONLY:
		return ErrCannotWrite
	}
	return err
}
