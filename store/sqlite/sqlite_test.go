package sqlite

import (
	"context"
	"path/filepath"
	"testing"
)

// The SQLite in the driver must not be a version that can corrupt a database.
func TestSQLiteIsNewEnough(t *testing.T) {
	t.Parallel()
	db, err := OpenWriter(filepath.Join(t.TempDir(), "new.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := checkSQLite(context.Background(), conn); err != nil {
		t.Error(err)
	}
}
