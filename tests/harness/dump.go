package harness

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"parley/store"
)

// Dump gives all rows of a database that a server may be using, as text. It leaves out the columns of each table
// in aside.
func Dump(t testing.TB, path string, aside map[string][]string) string {
	t.Helper()
	db := openBeside(t, path)
	defer db.Close()
	if store.IsServer(path) {
		return dumpServer(t, db, aside)
	}
	var columns string
	err := db.QueryRowContext(t.Context(), `
		SELECT json_group_array(json_object('table', m.name, 'column', c.name))
		FROM sqlite_schema m
		JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`).Scan(&columns)
	var list []struct{ Table, Column string }
	if err == nil {
		err = json.Unmarshal([]byte(columns), &list)
	}
	if err != nil || len(list) == 0 {
		t.Fatalf("the columns: %q %v", columns, err)
	}
	tables := map[string][]string{}
	for _, c := range list {
		if !slices.Contains(aside[c.Table], c.Column) {
			tables[c.Table] = append(tables[c.Table], "quote("+c.Column+")")
		}
	}
	var all strings.Builder
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		var rows string
		err := db.QueryRowContext(t.Context(), fmt.Sprintf(`SELECT coalesce(group_concat(%s, char(10)), '') FROM %s`,
			strings.Join(tables[table], "||' '||"), table)).Scan(&rows)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s:\n%s\n", table, rows)
	}
	return all.String()
}

// dumpServer is Dump for PostgreSQL.
func dumpServer(t testing.TB, db *sql.DB, aside map[string][]string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `
		SELECT table_name, column_name
		FROM information_schema.columns
		WHERE table_schema = 'public'
		ORDER BY table_name, ordinal_position`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	tables := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(aside[table], column) {
			tables[table] = append(tables[table], column)
		}
	}
	if err := rows.Err(); err != nil || len(tables) == 0 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	var all strings.Builder
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		var text string
		err := db.QueryRowContext(t.Context(), fmt.Sprintf(`
			SELECT coalesce(string_agg(r::text, chr(10) ORDER BY r::text), '')
			FROM (SELECT %s FROM %s) r`, strings.Join(tables[table], ", "), table)).Scan(&text)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&all, "%s:\n%s\n", table, text)
	}
	return all.String()
}
