// Exports for the tests in package store_test. These tests are not in package store, since they use package
// actions, which imports it.

package store

import (
	"database/sql"
	"maps"
	"slices"
)

// EachConnection calls fn for every connection, with the texts of the statements that are prepared on it.
func (st *Store) EachConnection(fn func(conn *sql.Conn, queries []string)) error {
	err := st.WriteAndWait(func(tx *WriteTx) error {
		fn(st.writer.conn, slices.Sorted(maps.Keys(st.writer.stmts)))
		return nil
	})
	readers, giveBack := st.takeReaders()
	defer giveBack()
	for _, r := range readers {
		fn(r.conn, slices.Sorted(maps.Keys(r.stmts)))
	}
	return err
}
