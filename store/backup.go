// Copies of the database: made while a server may be using it. Package sqlite puts a copy in the place of a
// database.

package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"parley/store/sqlite"
)

// Copied counts what a copy holds.
type Copied struct {
	Rooms    int64
	Messages int64
}

// CopyDatabase copies the database at from, as it is at one moment, into a new file at to, and checks the
// copy. A server may be using the database: it goes on writing, and the copy does not see what it writes
// meanwhile. The copy is one file. It is on disk when CopyDatabase returns, and has an epoch and a key of its
// own: see renew. CopyDatabase calls progress with the number of pages that it has copied. A file that exists
// at to was left by an interrupted copy; CopyDatabase replaces it. When the copy fails, no file is left at
// to.
func CopyDatabase(
	ctx context.Context, from, to string, progress func(done, total int),
) (c Copied, err error) {
	if err := sqlite.Remove(to); err != nil {
		return c, err
	}
	// This file is closed after everything else: closing any handle of a file drops the locks that SQLite
	// holds on it.
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return c, err
	}
	defer func() {
		err = errors.Join(err, file.Close())
		if err != nil {
			err = errors.Join(err, sqlite.Remove(to))
		}
	}()
	err = sqlite.CopyPages(ctx, from, to, checkParley, func(done, total int) error {
		progress(done, total)
		return file.Sync()
	})
	if err != nil {
		return c, err
	}
	if c, err = finishCopy(ctx, to); err == nil {
		err = cleanCopy(ctx, to)
	}
	if err != nil {
		return c, fmt.Errorf("the copy of %s: %w", from, sqlite.Explain(err))
	}
	return c, file.Sync()
}

// cleanCopy takes from a copy what was deleted from the database and still stands in its pages. The copy of a
// database that this version has not cleaned yet is written anew for that, and syncs itself.
func cleanCopy(ctx context.Context, path string) error {
	left, ofThisVersion := LeftoversOld, false
	err := withConn(ctx, path, sqlite.OpenCopy, func(conn *sql.Conn) error {
		err := conn.QueryRowContext(ctx, `
			SELECT count(*) > 0
			FROM pragma_table_info('server')
			WHERE name = 'leftovers'`).Scan(&ofThisVersion)
		if err != nil || !ofThisVersion {
			return err
		}
		if err := conn.QueryRowContext(ctx, `SELECT leftovers FROM server`).Scan(&left); err != nil {
			return err
		}
		_, err = conn.ExecContext(ctx, `
			UPDATE server
			SET leftovers = 0`)
		return err
	})
	if err != nil {
		return err
	}
	if left != LeftoversOld {
		return sqlite.EraseAllLeftovers(ctx, path)
	}
	return sqlite.Rebuild(ctx, path)
}

// checkParley refuses a database that is not Parley's, or that a newer program wrote.
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
		return sqlite.ErrNotParley
	case version > len(files):
		return sqlite.ErrNewer
	}
	return nil
}

// finishCopy gives the copy an identity of its own, and checks the copy.
func finishCopy(ctx context.Context, path string) (c Copied, err error) {
	db, err := sqlite.OpenCopy(path)
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

// renew gives a copy an epoch and a token key of its own, and ends its sessions, invites and links for passwords. A new epoch
// tells clients that history may have gone backwards, so that they drop their copies. A session, an invite or a
// link that was ended after the copy was made would otherwise work again once the copy is restored. And whoever
// gets hold of a copy finds neither a session nor a key for tokens in it that the running server accepts.
func renew(ctx context.Context, conn *sql.Conn) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after the commit
	key := make([]byte, 32)
	rand.Read(key) // never fails
	if _, err := tx.ExecContext(ctx, `
		UPDATE server
		SET epoch = $1, token_key = $2`, rand.Text(), key); err != nil {
		return err
	}
	for _, statement := range []string{`DELETE FROM sessions`, `DELETE FROM invites`, `DELETE FROM resets`} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// checkWhole checks the structure of a database, and that every room has all its messages.
func checkWhole(ctx context.Context, conn *sql.Conn) (c Copied, err error) {
	var verdict string
	if err := conn.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return c, err
	}
	if verdict != "ok" {
		return c, fmt.Errorf("%w: %s", sqlite.ErrDamaged, strings.Join(strings.Fields(verdict), " "))
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
		err = fmt.Errorf("%w: messages are missing in %d rooms", sqlite.ErrDamaged, holes)
	}
	return c, err
}
