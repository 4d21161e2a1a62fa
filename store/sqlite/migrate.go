// Migrations: numbered SQL files that bring the schema up to date. They run in order, each once and as a
// whole.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrNewer refuses a database that a newer version of Parley wrote.
var ErrNewer = errors.New("a newer version of parley wrote it: run that one, or restore a backup")

// Migrate brings the schema of the database at path up to date, and makes the file when it is missing. Each
// migration runs in one transaction together with the new version number, so a migration that fails leaves
// nothing behind. Migrate refuses a database with ErrNewer when its version is above the number of
// migrations.
func Migrate(path string, migrations fs.FS) (err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	if err := makePrivate(path); err != nil {
		return err
	}
	db, err := OpenWriter(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer conn.Close()
	if err := checkSQLite(ctx, conn); err != nil {
		return err
	}
	var version int
	if err := conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	if version > len(files) {
		return ErrNewer
	}
	return migrateFrom(ctx, conn, migrations, files[version:], version)
}

// MigrateTo makes the schema of a version in an empty database.
func MigrateTo(ctx context.Context, conn *sql.Conn, migrations fs.FS, version int) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	return migrateFrom(ctx, conn, migrations, files[:version], 0)
}

// migrateFrom runs migrations on a database of the given version, the first of which makes the next version.
func migrateFrom(ctx context.Context, conn *sql.Conn, migrations fs.FS, files []string, version int) error {
	for i, file := range files {
		if err := migrateOne(ctx, conn, migrations, file, version+i+1); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// makePrivate makes a new database file that only its owner can read, whatever the folder allows. SQLite
// gives its other files the same mode. makePrivate does not open a file that exists: closing it would drop
// the locks that SQLite holds on it.
func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

func migrateOne(ctx context.Context, conn *sql.Conn, migrations fs.FS, file string, version int) error {
	text, err := fs.ReadFile(migrations, file)
	if err != nil {
		return err
	}
	statement := fmt.Sprintf("BEGIN EXCLUSIVE;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", text, version)
	if _, err := conn.ExecContext(ctx, statement); err != nil {
		_, rollback := conn.ExecContext(ctx, `ROLLBACK`)
		return errors.Join(err, rollback)
	}
	return nil
}

// checkSQLite refuses a version of SQLite below minSQLite.
func checkSQLite(ctx context.Context, conn *sql.Conn) error {
	var text string
	var major, minor, patch int
	if err := conn.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&text); err != nil {
		return err
	}
	if _, err := fmt.Sscanf(text, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return fmt.Errorf("SQLite version %q: %w", text, err)
	}
	if major*1_000_000+minor*1_000+patch < minSQLite {
		return fmt.Errorf("SQLite %s can corrupt a database in WAL mode", text)
	}
	return nil
}
