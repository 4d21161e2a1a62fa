package store

import (
	"database/sql"
	"errors"
	"testing"

	"parley/internal/engines"
	"parley/store/sqlite"
)

// A database of another version may have other tables.
func TestPeekRefusesADatabaseOfAnotherVersion(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	look := func() error {
		return Peek(s.path, func(tx *Tx) error {
			_, err := tx.Server()
			return err
		})
	}
	if err := look(); err != nil {
		t.Fatal(err)
	}
	err := Peek(s.path, func(tx *Tx) error {
		_, err := tx.exec(`DELETE FROM sessions`)
		return err
	})
	if err == nil {
		t.Error("it can be written")
	}
	db, err := sql.Open("sqlite", sqlite.WriteDSN(s.path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `PRAGMA user_version = 3`); err != nil {
		t.Fatal(err)
	}
	if err := look(); !errors.Is(err, errOtherVersion) {
		t.Errorf("got %v", err)
	}
}
