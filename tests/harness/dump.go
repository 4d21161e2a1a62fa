package harness

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"parley/store/sqlite"
)

// Dump gives all rows of a database that a server may be using, as text. It leaves out the columns of each table
// in aside.
func Dump(t testing.TB, path string, aside map[string][]string) string {
	t.Helper()
	db, err := sqlite.OpenBeside(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var columns string
	err = db.QueryRowContext(t.Context(), `
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
