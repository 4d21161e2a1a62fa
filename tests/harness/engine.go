package harness

import (
	"database/sql"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"parley/internal/engines"
	"parley/store"
	"parley/store/sqlite"
)

// databases are the PostgreSQL databases that stand for the files in data folders, by folder.
var databases sync.Map

// databaseOf is the PostgreSQL database of the data folder that a command line names, made when it is first asked for;
// empty when the program keeps a file there.
func databaseOf(t testing.TB, args []string) string {
	t.Helper()
	if !engines.OnPostgres() {
		return ""
	}
	for i, arg := range args {
		folder, named := strings.CutPrefix(arg, "--data=")
		if arg == "--data" && i+1 < len(args) {
			folder, named = args[i+1], true
		}
		if named {
			if made, ok := databases.Load(folder); ok {
				return made.(string)
			}
			made := engines.Database(t)
			databases.Store(folder, made)
			return made
		}
	}
	return ""
}

// DatabaseIn is the address of the database of a data folder. In PostgreSQL it is made when it is first asked for.
func DatabaseIn(t testing.TB, folder string) string {
	t.Helper()
	if made := databaseOf(t, []string{"--data=" + folder}); made != "" {
		return made
	}
	return filepath.Join(folder, "parley.db")
}

// openBeside opens a database that a server may be using. The caller closes it.
func openBeside(t testing.TB, address string) *sql.DB {
	t.Helper()
	open := sqlite.OpenBeside
	if store.IsServer(address) {
		open = func(address string) (*sql.DB, error) { return sql.Open("pgx", address) }
	}
	db, err := open(address)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
