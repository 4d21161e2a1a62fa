// The engine: what the store needs of a database besides the SQL that all have in common. sqlite.go and postgres.go have
// the two there are.

package store

import (
	"context"
	"database/sql"
	"time"

	"parley/store/postgres"
)

// engine is a database of some kind, by its address.
type engine interface {
	// prepare brings the schema up to date, and whatever else has to be so before the store opens.
	prepare(ctx context.Context) error
	// openReader and openWriter name the database for connections that read, and for the one that writes.
	openReader() (*sql.DB, error)
	openWriter() (*sql.DB, error)
	// openBeside names it for one connection that reads, while a server may be using it.
	openBeside() (*sql.DB, error)
	// servesUs tells whether the schema is one that this program can read.
	servesUs(tx *Tx) (bool, error)
	// opened is called when the write connection is open, for the first time or again.
	opened(w *writer) error
	// words are the parts of statements that engines write in different ways.
	words() words
	// beginRead is the statement that begins a transaction in which everything is of one moment.
	beginRead() string

	// check fails while nothing may be stored although the database seems to be there. It is called before each batch.
	check() error
	// look fails while nothing can be stored, as far as that can be seen without storing anything. It is called now
	// and then while nothing is stored.
	look(w *writer) error
	// begin begins the transaction of a batch. It sets the times of the transaction. It forgets what the writer
	// remembers of the database and is not so any more.
	begin(w *writer, tx *WriteTx, batch []write) error
	// storeHeads stores the heads that the transaction raised.
	storeHeads(tx *WriteTx) error
	// beforeCommit is called when all writes of the transaction have run.
	beforeCommit(tx *WriteTx) error
	// commit commits, and tells what became of the transaction.
	commit(w *writer, tx *WriteTx) (outcome, error)
	// afterCommit is called when a transaction is stored.
	afterCommit(w *writer, tx *WriteTx) error
	// mayGoBetterAgain tells whether a transaction that failed with err, of which nothing is stored, should be tried
	// again.
	mayGoBetterAgain(err error) bool

	// chores are what has to be done now and then.
	chores(u *upkeep) []chore
	// every is the time between two looks whether the database can store, while nothing is stored.
	every() time.Duration
	// sizes are those of what the database has on the disk, and of its log; 0 where that is not known.
	sizes() (database, log int64)
	// isServer tells whether the database is one that the server reaches over a network.
	isServer() bool
}

// outcome is what became of a transaction.
type outcome int

const (
	stored outcome = iota
	notStored
	notKnown
)

// words are the parts of statements that engines write in different ways.
type words interface {
	// IndexedBy goes behind the name of a table that must be read by an index.
	IndexedBy(index string) string
	// Texts and Numbers make of a parameter with a JSON list what IN takes.
	Texts(param string) string
	Numbers(param string) string
	// AtMost ends a query of which no more rows are read.
	AtMost(rows int) string
	// Arg makes of an argument what the driver takes.
	Arg(arg any) any
}

// chore is something that has to be done now and then.
type chore struct {
	what string
	do   func() error
}

// engineAt returns the engine of an address: a URL of PostgreSQL, or else the path of an SQLite file.
func engineAt(address string) engine {
	if postgres.IsAddress(address) {
		return newOnPostgres(address)
	}
	return &onSQLite{path: address}
}

// IsServer tells whether an address is that of a database server, and not the path of a file.
func IsServer(address string) bool { return postgres.IsAddress(address) }

// Shown is the address of a database server without its password, as a person may see it.
func Shown(address string) string { return postgres.Shown(address) }

// CheckAddress refuses an address of a database server that cannot be read. Its error does not repeat the password.
func CheckAddress(address string) error { return postgres.Check(address) }
