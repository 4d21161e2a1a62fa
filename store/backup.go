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
	"math"
	"os"
	"strings"

	"parley/store/sqlite"
)

// Copied counts what a copy holds.
type Copied struct {
	Rooms    int64
	Messages int64
	// Foreign says why RestoreDatabase would refuse the copy; nil when it would not.
	Foreign error
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
	var foreign error
	check := func(ctx context.Context, conn *sql.Conn) error {
		err := checkParley(ctx, conn)
		if errors.Is(err, errForeignSchema) {
			foreign, err = err, nil
		}
		return err
	}
	c, err = copyDatabase(ctx, from, to, progress, check, finishCopy)
	c.Foreign = foreign
	return c, err
}

// RestoreDatabase is CopyDatabase for a file that anybody may have changed. It refuses a file whose schema is not
// ours to the letter, or whose rows break our constraints. It trusts no HTML in it: see distrustHTML.
func RestoreDatabase(
	ctx context.Context, from, to string, progress func(done, total int),
) (Copied, error) {
	return copyDatabase(ctx, from, to, progress, checkParley, finishRestore)
}

// copyDatabase copies a database that check accepts, and has the copy finished.
func copyDatabase(
	ctx context.Context, from, to string, progress func(done, total int),
	check func(context.Context, *sql.Conn) error, finish func(context.Context, *sql.Conn) (Copied, error),
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
	err = sqlite.CopyPages(ctx, from, to, check, func(done, total int) error {
		progress(done, total)
		return file.Sync()
	})
	if err != nil {
		return c, err
	}
	err = sqlite.WithConn(ctx, to, sqlite.OpenCopy, func(conn *sql.Conn) error {
		c, err = finish(ctx, conn)
		return err
	})
	if err == nil {
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
	err := sqlite.WithConn(ctx, path, sqlite.OpenCopy, func(conn *sql.Conn) error {
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

// checkParley refuses a database that is not Parley's, that a newer program wrote, or whose schema is not ours to
// the letter.
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
	return checkSchema(ctx, conn, version)
}

// finishCopy gives the copy an identity of its own, and checks the copy.
func finishCopy(ctx context.Context, conn *sql.Conn) (c Copied, err error) {
	if err := renew(ctx, conn); err != nil {
		return c, err
	}
	return checkWhole(ctx, conn)
}

// finishRestore first checks what nobody has to check in a copy of our own: every index, and every reference.
func finishRestore(ctx context.Context, conn *sql.Conn) (c Copied, err error) {
	if err := checkVerdict(ctx, conn, `PRAGMA integrity_check(1)`); err != nil {
		return c, err
	}
	var table string
	err = conn.QueryRowContext(ctx, `PRAGMA foreign_key_check`).Scan(&table, new(any), new(any), new(any))
	if err == nil {
		return c, fmt.Errorf("%w: a row of %s refers to one that is not there", sqlite.ErrDamaged, table)
	}
	if !isNoRow(err) {
		return c, err
	}
	if err := distrustHTML(ctx, conn); err != nil {
		return c, err
	}
	return finishCopy(ctx, conn)
}

// distrustHTML has the HTML of every message rendered anew from its text when it is read: clients show HTML as it
// is, and anybody may have written it into the file. A tombstone shows nothing.
func distrustHTML(ctx context.Context, conn *sql.Conn) error {
	const step = 10_000 // messages in a transaction, so that it stays small
	for after, last := int64(math.MinInt64), int64(0); ; after = last {
		var found int
		err := conn.QueryRowContext(ctx, `
			SELECT count(*), coalesce(max(id), 0)
			FROM (
				SELECT id
				FROM messages
				WHERE id > $1
				ORDER BY id
				LIMIT $2)`, after, step).Scan(&found, &last)
		if err != nil || found == 0 {
			return err
		}
		if _, err := conn.ExecContext(ctx, `
			UPDATE messages
			SET html_version = 0, body = iif(deleted_at = 0, body, ''), html = iif(deleted_at = 0, html, '')
			WHERE id > $1 AND id <= $2 AND html <> '' OR id > $1 AND id <= $2 AND deleted_at <> 0 AND body <> ''`,
			after, last); err != nil {
			return err
		}
	}
}

// renew gives a copy an epoch and a token key of its own, and ends its sessions, invites and links for passwords. A
// new epoch tells clients that history may have gone backwards, so that they drop their copies. A session, an invite
// or a link that was ended after the copy was made would otherwise work again once the copy is restored. And whoever
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
	for _, statement := range []string{`DELETE FROM sessions`, `DELETE FROM invites`} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	// A database of an earlier version lacks what these are about.
	for _, later := range []struct {
		column, statement string
		args              []any
	}{
		// No start has given this word, so that the copy is noticed when somebody puts it in place by hand.
		{"server.last_start", `UPDATE server SET last_start = $1`, []any{rand.Text()}},
		{"resets.user_id", `DELETE FROM resets`, nil},
	} {
		table, column, _ := strings.Cut(later.column, ".")
		has := false
		if err := tx.QueryRowContext(ctx, `
			SELECT count(*) > 0
			FROM pragma_table_info($1)
			WHERE name = $2`, table, column).Scan(&has); err != nil {
			return err
		}
		if !has {
			continue
		}
		if _, err := tx.ExecContext(ctx, later.statement, later.args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// checkWhole checks the structure of a database, and that every room has all its messages.
func checkWhole(ctx context.Context, conn *sql.Conn) (c Copied, err error) {
	if err := checkVerdict(ctx, conn, `PRAGMA quick_check(1)`); err != nil {
		return c, err
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

// checkVerdict runs a check of SQLite's.
func checkVerdict(ctx context.Context, conn *sql.Conn, check string) error {
	var verdict string
	err := conn.QueryRowContext(ctx, check).Scan(&verdict)
	if err == nil && verdict != "ok" {
		err = fmt.Errorf("%w: %s", sqlite.ErrDamaged, strings.Join(strings.Fields(verdict), " "))
	}
	return err
}
