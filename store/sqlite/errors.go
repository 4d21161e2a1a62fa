// Errors: what an error of SQLite means.

package sqlite

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What can be wrong with a database file. Callers put the name of the file before it.
var (
	ErrNotParley   = errors.New("this is not a database of parley")
	ErrDamaged     = errors.New("the database is damaged")
	ErrNoSpace     = errors.New("there is not enough space left")
	ErrInOtherUse  = errors.New("another process is using the database")
	ErrCannotWrite = errors.New("the file cannot be written")
)

// IsDiskFull tells whether err means that there was no space left on the disk. A COMMIT that fails with such
// an error has stored nothing: the commit counts only once the last thing it writes is there.
func IsDiskFull(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == sqlite3.SQLITE_FULL
}

// Explain turns an error of SQLite about a file into one that tells a person what is wrong. It returns any
// other error as it is.
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
