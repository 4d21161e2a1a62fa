// Putting a database in the place of another.

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

// PutInPlace makes the database at fresh the one at path. What was at path is kept at aside, when there
// was one, as one file. The caller keeps servers out; another process that has the database open, as a
// backup does, makes it fail. At every moment path is the old database or the new one.
func PutInPlace(fresh, path, aside string) (kept bool, err error) {
	if err := foldLog(path); err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	err = os.Link(path, aside)
	kept = err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("keep the old database: %w", err)
	}
	// A database that was moved away by hand has left these, or one that cannot be read. They must be gone
	// before the new one comes, since SQLite would play them into it.
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

// foldLog writes what a server left in the log into the database, and removes the log. That needs the
// database for itself alone. One that is missing or cannot be read is left as it is.
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

// Remove removes a database that no process uses, with all that SQLite may have put beside it.
func Remove(path string) error {
	return files.Remove(path, path+"-wal", path+"-shm", path+"-journal")
}
