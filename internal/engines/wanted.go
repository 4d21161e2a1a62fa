package engines

import (
	"os"
	"path/filepath"
	"testing"
)

// OnPostgres tells whether the tests that work on either engine run on PostgreSQL.
func OnPostgres() bool { return os.Getenv("PARLEY_TEST_ENGINE") == "postgres" }

// Wanted is the address of a new database for a test, on the engine that the tests run on: the path of a file that is
// not there yet, or the URL of an empty database.
func Wanted(t testing.TB) string {
	t.Helper()
	if OnPostgres() {
		return Database(t)
	}
	return filepath.Join(t.TempDir(), "parley.db")
}

// OnlySQLite skips a test of what only SQLite has, when the tests run on PostgreSQL.
func OnlySQLite(t testing.TB) {
	t.Helper()
	if OnPostgres() {
		t.Skip("this is about SQLite and its files")
	}
}
