package harness

import (
	"database/sql"
	"os"
	"testing"

	"parley/store"
)

// NamesIn lists the names in a folder.
func NamesIn(t testing.TB, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// Execute changes a database behind the program's back. A file that is missing is made.
func Execute(t testing.TB, path, statement string) {
	t.Helper()
	driver := "sqlite" // the driver of store/sqlite, with none of its settings
	if store.IsServer(path) {
		driver = "pgx"
	}
	db, err := sql.Open(driver, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// Query reads one row of a database that a server may be using.
func Query(t testing.TB, path, query string, into ...any) {
	t.Helper()
	db := openBeside(t, path)
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), query).Scan(into...); err != nil {
		t.Fatal(err)
	}
}
