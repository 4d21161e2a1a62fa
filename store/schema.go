// The schema of a file that somebody wants to restore: whether it is ours to the letter. A trigger, a view or an
// index of somebody else's would run inside our transactions.

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"parley/store/sqlite"
)

// errForeignSchema refuses a file whose tables are not made by our migrations alone.
var errForeignSchema = errors.New("the schema is not that of parley")

// object is a row of sqlite_schema. SQLite makes it of the text of a migration, and the same text makes the same
// row.
type object struct{ kind, name, table, sql string }

// checkSchema compares the schema of a database with the one that our migrations make for its version, text for
// text. Its error names the first object that is missing, another, or somebody else's.
func checkSchema(ctx context.Context, conn *sql.Conn, version int) error {
	ours, err := schemaOf(ctx, version)
	if err != nil {
		return err
	}
	theirs, err := schemaIn(ctx, conn)
	if err != nil {
		return err
	}
	for _, o := range theirs {
		i := slices.IndexFunc(ours, func(known object) bool { return known.kind == o.kind && known.name == o.name })
		if i < 0 {
			return fmt.Errorf("%w: it has the %s %q, which parley does not make", errForeignSchema, o.kind, o.name)
		}
		if ours[i] != o {
			return fmt.Errorf("%w: the %s %q is another than parley makes", errForeignSchema, o.kind, o.name)
		}
	}
	for _, o := range ours {
		if !slices.Contains(theirs, o) {
			return fmt.Errorf("%w: the %s %q is missing", errForeignSchema, o.kind, o.name)
		}
	}
	return nil
}

// schemaOf makes the schema of a version anew, in memory.
func schemaOf(ctx context.Context, version int) (objects []object, err error) {
	err = sqlite.WithConn(ctx, "", sqlite.OpenMemory, func(conn *sql.Conn) error {
		if err := sqlite.MigrateTo(ctx, conn, migrationFiles, version); err != nil {
			return err
		}
		objects, err = schemaIn(ctx, conn)
		return err
	})
	return objects, err
}

func schemaIn(ctx context.Context, conn *sql.Conn) (objects []object, err error) {
	rows, err := conn.QueryContext(ctx, `
		SELECT coalesce(type, ''), coalesce(name, ''), coalesce(tbl_name, ''), coalesce(sql, '')
		FROM sqlite_schema
		ORDER BY rowid`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var o object
		if err := rows.Scan(&o.kind, &o.name, &o.table, &o.sql); err != nil {
			return nil, err
		}
		objects = append(objects, o)
	}
	return objects, rows.Err()
}
