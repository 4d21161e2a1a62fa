// Place: puts one database in the place of another, safely against a crash at any moment.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parley/internal/files"
)

// PutInPlace moves the database at fresh to path. When there is a database at path, PutInPlace keeps it at
// aside, as one file, and returns true for kept. The caller must keep servers out. PutInPlace fails when
// another process, such as a backup, has the database open. At every moment there is the old or the new
// database at path.
func PutInPlace(fresh, path, aside string) (kept bool, err error) {
	if err := foldLog(path); err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	err = os.Link(path, aside)
	kept = err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("keep the old database: %w", err)
	}
	// A database that somebody moved away by hand has left these files, or a database that cannot be read.
	// They must be gone before the new database comes, since SQLite would apply them to it.
	for _, log := range []string{"-wal", "-journal"} {
		if err := os.Rename(path+log, aside+log); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return kept, err
		}
	}
	if err := files.Remove(path + "-shm"); err != nil {
		return kept, err
	}
	folder := filepath.Dir(path)
	owned := path
	if !kept {
		owned = folder
	}
	if err := files.GiveTo(fresh, owned); err != nil {
		return kept, err
	}
	if err := files.Sync(folder); err != nil {
		return kept, err
	}
	if err := os.Rename(fresh, path); err != nil {
		return kept, err
	}
	return kept, files.Sync(folder)
}

// foldLog writes what a server left in the log into the database, and removes the log. It needs the database
// for itself alone, and fails with ErrInOtherUse otherwise. It leaves a database that is missing or cannot be
// read as it is.
func foldLog(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := sql.Open("sqlite", dsn(path, "mode=rw&"+commonKeys+"&_synchronous=FULL"))
	if err != nil {
		return err
	}
	var mode string
	err = Explain(db.QueryRowContext(context.Background(), `PRAGMA journal_mode = DELETE`).Scan(&mode))
	err = errors.Join(err, db.Close())
	switch {
	case errors.Is(err, ErrDamaged) || errors.Is(err, ErrNotParley):
		return nil
	case err == nil && mode != "delete":
		return ErrInOtherUse
	}
	return err
}

// Remove removes a database that no process uses, together with the files that SQLite may have put beside it.
func Remove(path string) error {
	return files.Remove(path, path+"-wal", path+"-shm", path+"-journal")
}
