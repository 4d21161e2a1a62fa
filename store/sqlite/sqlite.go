// Package sqlite is what the store needs of SQLite and another engine would not have: how its files are opened, copied,
// checked and put in place, how its schema is brought up to date, and what its errors mean. It knows no table of ours.
package sqlite

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"runtime"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// minSQLite is the first version without the WAL-reset race that could corrupt a database.
// https://www.sqlite.org/changes.html (3.51.3)
const minSQLite = 3_051_003

// OpenWriter opens a database for the one connection that writes.
func OpenWriter(path string) (*sql.DB, error) { return sql.Open("sqlite", WriteDSN(path)) }

// OpenReader opens a database for connections that read.
func OpenReader(path string) (*sql.DB, error) { return sql.Open("sqlite", ReadDSN(path)) }

// OpenBeside opens a database that a server may be using, to read it. It is not opened as read-only, since reading a
// database in WAL mode writes into the files beside it.
func OpenBeside(path string) (*sql.DB, error) {
	return sql.Open("sqlite", dsn(path, "mode=rw&"+commonKeys+"&_query_only=1"))
}

// OpenCopy opens a database that nobody uses yet, to finish it. DELETE: a copy is one file that can be read where
// nothing can be written. secure_delete: what is replaced in it is overwritten.
func OpenCopy(path string) (*sql.DB, error) {
	return sql.Open("sqlite", dsn(path,
		"mode=rw&"+commonKeys+"&_journal_mode=DELETE&_synchronous=OFF&_pragma=secure_delete(ON)"))
}

// dsn turns a file's name into the form SQLite reads URI keys from.
func dsn(path, keys string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	abs = filepath.ToSlash(abs)
	if runtime.GOOS == "windows" {
		abs = "/" + abs
	}
	return (&url.URL{Scheme: "file", Path: abs}).String() + "?" + keys
}

// The keys of a connection. Those with an underscore are checked by the driver; they must not be put
// together from anything a person can set. FULL syncs the log at each commit: acknowledged means on
// disk. A checkpoint every 4,000 pages and a bounded log keep the file small under load.
const (
	commonKeys = "_defensive=1&_busy_timeout=5000&_foreign_keys=1&_dqs=0&_pragma=temp_store(MEMORY)"
	writeKeys  = commonKeys + "&_txlock=immediate&_journal_mode=WAL&_synchronous=FULL" +
		"&_pragma=cache_size(-16000)&_pragma=wal_autocheckpoint(4000)&_pragma=journal_size_limit(67108864)"
	readKeys = commonKeys + "&_query_only=1&_pragma=cache_size(-4000)"
)

// WriteDSN names a database for the one connection that writes.
func WriteDSN(path string) string { return dsn(path, writeKeys) }

// ReadDSN names a database for a connection that reads.
func ReadDSN(path string) string { return dsn(path, readKeys) }
