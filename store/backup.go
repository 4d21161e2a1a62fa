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
	"strings"

	"parley/store/sqlite"
)

// Copied is what a copy holds.
type Copied struct {
	Rooms    int64
	Messages int64
}

// CopyDatabase copies the database at from, as it is at one moment, into the file at to, and checks the
// copy. A server may be using from: it goes on writing, and the copy does not see that. The copy is one
// file, on disk when this returns, and has an identity of its own: see renew. progress is told of the
// pages. A file at to is what an interrupted copy left, and is replaced; of a failed one nothing is left.
func CopyDatabase(
	ctx context.Context, from, to string, progress func(done, total int),
) (c Copied, err error) {
	if err := sqlite.Remove(to); err != nil {
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
	if c, err = finishCopy(ctx, to); err != nil {
		return c, fmt.Errorf("the copy of %s: %w", from, sqlite.Explain(err))
	}
	return c, file.Sync()
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
		return sqlite.ErrNotParley
	case version > len(files):
		return sqlite.ErrNewer
	}
	return nil
}

// finishCopy makes the copy one that stands for itself, and checks it.
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
