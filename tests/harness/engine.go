package harness

import (
	"os"
	"strings"
	"sync"
	"testing"

	"parley/internal/engines"
)

// databases are the PostgreSQL databases that stand for the files in data folders, by folder.
var databases sync.Map

// OnPostgres tells whether programs that tests start keep everything in PostgreSQL.
func OnPostgres() bool { return os.Getenv("PARLEY_TEST_ENGINE") == "postgres" }

// databaseOf is the PostgreSQL database of the data folder that a command line names, made when it is first asked for;
// empty when the program keeps a file there.
func databaseOf(t testing.TB, args []string) string {
	t.Helper()
	if !OnPostgres() {
		return ""
	}
	for _, arg := range args {
		if folder, named := strings.CutPrefix(arg, "--data="); named {
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
