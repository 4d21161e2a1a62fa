// Package sqlite holds what the store needs only because its engine is SQLite: how to open, copy and replace
// database files, how to bring a schema up to date, and what errors mean. It knows no table of Parley: those
// are in package store.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"runtime"

	"modernc.org/sqlite" // also the driver named "sqlite"
)

// minSQLite is the first version without a race in resetting the WAL that could corrupt a database.
// https://www.sqlite.org/changes.html (3.51.3)
const minSQLite = 3_051_003

// OpenWriter opens a database for the one connection that writes.
func OpenWriter(path string) (*sql.DB, error) { return sql.Open("sqlite", WriteDSN(path)) }

// OpenReader opens a database for connections that read.
func OpenReader(path string) (*sql.DB, error) { return sql.Open("sqlite", ReadDSN(path)) }

// OpenBeside opens a database that a server may be using, to read it. The file is not opened as read-only,
// since reading a database in WAL mode writes into the files beside it.
func OpenBeside(path string) (*sql.DB, error) {
	return sql.Open("sqlite", dsn(path, "mode=rw&"+commonKeys+"&_query_only=1"))
}

// OpenCopy opens a copy that nobody uses yet, to finish it. The journal mode is DELETE, so that the copy is
// one file that can also be read in a place where nothing can be written. With secure_delete SQLite
// overwrites what it deletes, so that no ended session or old key stays in the file.
func OpenCopy(path string) (*sql.DB, error) {
	return sql.Open("sqlite", dsn(path,
		"mode=rw&"+commonKeys+"&_journal_mode=DELETE&_synchronous=OFF&_pragma=secure_delete(ON)"))
}

// OpenMemory opens an empty database in memory, for one connection. It ignores the path.
func OpenMemory(string) (*sql.DB, error) { return sql.Open("sqlite", "file::memory:?"+commonKeys) }

// WithConn opens a database by open, and calls fn with a connection, which ends with fn.
func WithConn(
	ctx context.Context, path string, open func(string) (*sql.DB, error), fn func(*sql.Conn) error,
) (err error) {
	db, err := open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(conn)
}

// DataVersion returns a number of a connection's that another one takes the place of with each transaction that it
// commits, and when it begins one after somebody else has changed the database.
func DataVersion(conn *sql.Conn) (version uint32, err error) {
	err = conn.Raw(func(driver any) error {
		version, err = driver.(sqlite.FileControl).FileControlDataVersion("main")
		return err
	})
	return version, err
}

// dsn makes the URI by which SQLite opens a file, with keys for its settings.
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

// The settings of a connection. The driver checks keys that begin with an underscore. Never build keys from
// anything that a person can set. With synchronous=FULL SQLite syncs the log at each commit, so that an
// acknowledged write is on disk. A checkpoint every 4,000 pages and a bounded log keep the files small under
// load. With secure_delete SQLite overwrites what it deletes; FAST would leave long texts, which have pages of
// their own.
const (
	commonKeys = "_defensive=1&_busy_timeout=5000&_foreign_keys=1&_dqs=0&_pragma=temp_store(MEMORY)"
	writeKeys  = commonKeys + "&_txlock=immediate&_journal_mode=WAL&_synchronous=FULL" +
		"&_pragma=cache_size(-16000)&_pragma=wal_autocheckpoint(4000)&_pragma=journal_size_limit(67108864)" +
		"&_pragma=secure_delete(ON)"
	readKeys = commonKeys + "&_query_only=1&_pragma=cache_size(-4000)"
)

// WriteDSN names a database for the one connection that writes.
func WriteDSN(path string) string { return dsn(path, writeKeys) }

// ReadDSN names a database for a connection that reads.
func ReadDSN(path string) string { return dsn(path, readKeys) }

// Words are the parts of statements that are written in another way than for PostgreSQL.
type Words struct{}

// IndexedBy has SQLite read a table by an index, which must be able to answer the query.
func (Words) IndexedBy(index string) string { return "INDEXED BY " + index }

// Texts is the list of the texts in a JSON list.
func (Words) Texts(param string) string { return `(SELECT value FROM json_each(` + param + `))` }

// Numbers is the list of the numbers in a JSON list.
func (Words) Numbers(param string) string { return `(SELECT value FROM json_each(` + param + `))` }

// AtMost says nothing: SQLite finds a row when it is asked for it.
func (Words) AtMost(int) string { return "" }

// Arg leaves an argument as it is.
func (Words) Arg(arg any) any { return arg }
