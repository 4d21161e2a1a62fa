// What the tests in store_test see of the store's insides. They stand outside of this package, since they use the
// actions, which import it.

package store

import (
	"database/sql"
	"maps"
	"slices"
)

// EachConnection calls fn with every connection, and with the queries that have been prepared on it.
func (st *Store) EachConnection(fn func(conn *sql.Conn, queries []string)) error {
	err := st.WriteAndWait(func(tx *WriteTx) error {
		fn(st.writer.conn, slices.Sorted(maps.Keys(st.writer.stmts)))
		return nil
	})
	for range Readers {
		r := <-st.readers
		fn(r.conn, slices.Sorted(maps.Keys(r.stmts)))
		defer func() { st.readers <- r }()
	}
	return err
}
