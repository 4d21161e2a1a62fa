// Copies of the database: taken while a server uses it, and put in its place while none does.

package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/files"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A copy is made in steps, so that it can be interrupted and leaves the disk to others between them. Each
// is synced: what waits to be written would hold up a server's own sync, all of it at once.
const (
	pagesInStep = 1024
	stepPause   = 2 * time.Millisecond
)

// Copied is what a copy holds.
type Copied struct {
	Rooms    int64
	Messages int64
}

// What can be wrong with a file; the name of the file stands before it.
var (
	errNotParley   = errors.New("this is not a database of parley")
	errDamaged     = errors.New("the database is damaged")
	errNoSpace     = errors.New("there is not enough space left")
	errInOtherUse  = errors.New("another process is using the database")
	errCannotWrite = errors.New("the file cannot be written")
)

// CopyDatabase copies the database at from, as it is at one moment, into the file at to, and checks the
// copy. A server may be using from: it goes on writing, and the copy does not see that. The copy is one
// file, on disk when this returns, and has an identity of its own: see renew. progress is told of the
// pages. A file at to is what an interrupted copy left, and is replaced; of a failed one nothing is left.
func CopyDatabase(
	ctx context.Context, from, to string, progress func(done, total int),
) (c Copied, err error) {
	if err := RemoveDatabase(to); err != nil {
		return c, err
	}
	// Closed last of all: closing any handle of a file drops the locks that SQLite has on it.
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return c, err
	}
	defer func() {
		err = errors.Join(err, file.Close())
		if err != nil {
			err = errors.Join(err, RemoveDatabase(to))
		}
	}()
	err = copyPages(ctx, from, to, func(done, total int) error {
		progress(done, total)
		return file.Sync()
	})
	if err != nil {
		return c, err
	}
	if c, err = finishCopy(ctx, to); err != nil {
		return c, fmt.Errorf("the copy of %s: %w", from, explained(err))
	}
	return c, file.Sync()
}

// copyPages copies within one read transaction: without it, every commit of a server would make the copy
// begin anew. The copy is thrown away when anything fails, so it needs no journal. copied is called after
// each step but the last.
func copyPages(ctx context.Context, from, to string, copied func(done, total int) error) (err error) {
	defer func() {
		switch {
		case errors.Is(err, errNoSpace):
			err = fmt.Errorf("%s: %w", to, err)
		case err != nil:
			err = fmt.Errorf("%s: %w", from, err)
		}
	}()
	// Not read-only: reading a database in WAL mode writes into the files beside it.
	db, err := sql.Open("sqlite", dsn(from, "mode=rw&"+commonKeys+"&_query_only=1"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return explained(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return explained(err)
	}
	if err := checkParley(ctx, conn); err != nil {
		return explained(err)
	}
	return conn.Raw(func(driver any) error {
		source := driver.(interface {
			NewBackup(target string) (*sqlite.Backup, error)
		})
		backup, err := source.NewBackup(dsn(to, "mode=rw&_journal_mode=OFF&_synchronous=OFF"))
		if err != nil {
			return explained(err)
		}
		for more := true; more && err == nil; {
			if more, err = backup.Step(pagesInStep); err == nil && more {
				err = copied(backup.PageCount()-backup.Remaining(), backup.PageCount())
			}
			if err == nil && more {
				err = pause(ctx, stepPause)
			}
		}
		if finishErr := backup.Finish(); err == nil { // of a step that failed it says the same again
			err = finishErr
		}
		return explained(err)
	})
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// checkParley refuses a database that is not ours, or that a newer program wrote.
func checkParley(ctx context.Context, conn *sql.Conn) error {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return err
	}
	var version, tables int
	if err := conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	err = conn.QueryRowContext(ctx, `
		SELECT count(*)
		FROM sqlite_schema
		WHERE type = 'table' AND name IN ('server', 'rooms', 'messages')`).Scan(&tables)
	switch {
	case err != nil:
		return err
	case version == 0 || tables != 3:
		return errNotParley
	case version > len(files):
		return errNewerDatabase
	}
	return nil
}

// finishCopy makes the copy one that stands for itself, and checks it.
func finishCopy(ctx context.Context, path string) (c Copied, err error) {
	// DELETE: the copy is one file that can be read where nothing can be written. secure_delete: what renew
	// replaces is overwritten.
	db, err := sql.Open("sqlite", dsn(path,
		"mode=rw&"+commonKeys+"&_journal_mode=DELETE&_synchronous=OFF&_pragma=secure_delete(ON)"))
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return c, err
	}
	defer conn.Close()
	if err := renew(ctx, conn); err != nil {
		return c, err
	}
	return checkWhole(ctx, conn)
}

// renew gives a copy an epoch and a token key of its own, and ends its sessions and invites. By the epoch
// clients see that history may have gone backwards, and drop what they hold. A session or an invite that
// was ended after the copy was made would otherwise be good again with it. And who gets hold of a copy
// finds nothing in it that opens the running server.
func renew(ctx context.Context, conn *sql.Conn) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after the commit it does nothing
	key := make([]byte, 32)
	rand.Read(key) // never fails
	if _, err := tx.ExecContext(ctx, `
		UPDATE server
		SET epoch = $1, token_key = $2`, rand.Text(), key); err != nil {
		return err
	}
	for _, statement := range []string{`DELETE FROM sessions`, `DELETE FROM invites`} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// checkWhole checks the structure of a database, and that no room lacks a message.
func checkWhole(ctx context.Context, conn *sql.Conn) (c Copied, err error) {
	var verdict string
	if err := conn.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return c, err
	}
	if verdict != "ok" {
		return c, fmt.Errorf("%w: %s", errDamaged, strings.Join(strings.Fields(verdict), " "))
	}
	var holes int64
	err = conn.QueryRowContext(ctx, `
		SELECT count(*), coalesce(sum(r.seq), 0), coalesce(sum((
			SELECT count(*) <> r.seq OR coalesce(
				min(m.id) <> r.id << 32 | 1 OR max(m.id) <> r.id << 32 | r.seq OR max(m.rev) > r.rev, FALSE)
			FROM messages m
			WHERE m.id >= r.id << 32 AND m.id < (r.id + 1) << 32)), 0)
		FROM rooms r`).Scan(&c.Rooms, &c.Messages, &holes)
	if err == nil && holes > 0 {
		err = fmt.Errorf("%w: messages are missing in %d rooms", errDamaged, holes)
	}
	return c, err
}

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
	err = explained(db.QueryRowContext(context.Background(), `PRAGMA journal_mode = DELETE`).Scan(&mode))
	err = errors.Join(err, db.Close())
	switch {
	case errors.Is(err, errDamaged) || errors.Is(err, errNotParley):
		return nil
	case err == nil && mode != "delete":
		return errInOtherUse
	}
	return err
}

// explained turns what SQLite says of a file into what a person can do something about.
func explained(err error) error {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return errNotParley
	case sqlite3.SQLITE_CORRUPT:
		return errDamaged
	case sqlite3.SQLITE_FULL:
		return errNoSpace
	case sqlite3.SQLITE_BUSY:
		return errInOtherUse
	case sqlite3.SQLITE_READONLY:
		return errCannotWrite
	}
	return err
}

// RemoveDatabase removes a database that no process uses, with all that SQLite may have put beside it.
func RemoveDatabase(path string) error {
	return files.Remove(path, path+"-wal", path+"-shm", path+"-journal")
}
