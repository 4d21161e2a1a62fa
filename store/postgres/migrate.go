// Migrations: numbered SQL files that bring the schema up to date. They run in order, each once and as a whole, however
// many nodes start at the same time.

package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Errors of a schema that this program cannot use.
var (
	ErrNewer    = errors.New("a newer version of parley uses the database, with which this one cannot work: run that one")
	ErrNotEmpty = errors.New("the database is not empty, and it is not one of parley's: name one of its own")
)

// serves says for each migration, by its number, the oldest program that can use the schema after it: the number of that
// program's newest migration. So nodes of two versions that follow each other can run side by side.
var serves = map[int]int{24: 24}

// migrationLock is the number of the advisory lock that whoever migrates holds.
const migrationLock = 0x706172_6c6579 // "parley"

// Newest is the number of the newest migration.
func Newest() int {
	files, _ := steps()
	return files[len(files)-1].number
}

type step struct {
	number int
	file   string
}

func steps() (all []step, err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	for _, file := range files {
		number, err := strconv.Atoi(strings.SplitN(path.Base(file), "_", 2)[0])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, step{number, file})
	}
	return all, err
}

// Migrate brings the schema up to date. It refuses with ErrNewer a schema that does not serve this program any more, and
// with ErrNotEmpty a database of somebody else's.
func Migrate(ctx context.Context, db *sql.DB) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// A session's lock, since each migration has a transaction of its own.
	if _, err := conn.ExecContext(ctx, `SET lock_timeout = 0`); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `SET statement_timeout = 0`); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return err
	}
	defer func() {
		_, unlock := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
		_, reset := conn.ExecContext(ctx, `RESET ALL`)
		err = errors.Join(err, unlock, reset)
	}()
	version, oldest, err := versionOf(ctx, conn)
	if err != nil {
		return err
	}
	if oldest > Newest() {
		return ErrNewer
	}
	all, err := steps()
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.number <= version {
			continue
		}
		if err := migrate(ctx, conn, s); err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
	}
	return nil
}

// versionOf returns the version of a database's schema, and the oldest program that the schema serves; 0 for an empty
// database.
func versionOf(ctx context.Context, conn *sql.Conn) (version, serves int, err error) {
	err = conn.QueryRowContext(ctx, `SELECT version, serves FROM schema`).Scan(&version, &serves)
	var failure *pgconn.PgError
	const noTable = "42P01"
	if !errors.As(err, &failure) || failure.Code != noTable {
		return version, serves, err
	}
	var tables int
	err = conn.QueryRowContext(ctx, `
		SELECT count(*)
		FROM information_schema.tables
		WHERE table_schema = current_schema()`).Scan(&tables)
	if err == nil && tables > 0 {
		err = ErrNotEmpty
	}
	return 0, 0, err
}

func migrate(ctx context.Context, conn *sql.Conn, s step) error {
	text, err := migrations.ReadFile(s.file)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after the commit
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO schema (one, version, serves)
		VALUES (1, $1, $2)
		ON CONFLICT (one) DO UPDATE
		SET version = $1, serves = $2`, s.number, serves[s.number]); err != nil {
		return err
	}
	return tx.Commit()
}
