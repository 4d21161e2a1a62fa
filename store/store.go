// Package store keeps everything that outlives the process in a database, and holds all SQL of the
// program. It opens the database and hands out transactions: reads run side by side, and one goroutine, the
// writer, makes every change. Transactions are in store.go; the SQL of each noun is in the file named after
// the noun. The store decides nothing about rights: package access has the rules, and package actions asks
// them. The same SQL serves two engines: what only SQLite has is in store/sqlite and on_sqlite.go, what only
// PostgreSQL has in store/postgres and on_postgres.go.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/chat"
	"parley/internal/grown"
)

// Readers is how many reads run at once. More would only wait for each other's locks.
const Readers = 4

// Store is an open database. All its methods are safe from any goroutine.
type Store struct {
	engine  engine
	writer  *writer
	upkeep  *upkeep
	readers chan *reader
	// takingAll is held by who takes all readers. Nobody may hold a reader who waits for it.
	takingAll sync.Mutex
	readDB    *sql.DB
	clock     *clock
	counts    *counts
	closing   atomic.Bool   // Close has been called
	closed    chan struct{} // closed with it
}

// OnCommit gets the changes of each committed transaction, in commit order. It must have answer called
// exactly once, from any goroutine, when the changes are on their way to the sockets that should get them.
type OnCommit func(changes []chat.Change, answer func())

// Open opens the database at an address, the path of an SQLite file or a URL of PostgreSQL. It makes the file when it is
// missing, and brings the schema up to date. It refuses a database that a newer program wrote. onCommit is called on the
// writer's goroutine; while it blocks, nothing more is committed.
func Open(address string, onCommit OnCommit) (*Store, error) {
	return open(address, onCommit, nil)
}

// open is Open with the clock of a test; nil for none.
func open(address string, onCommit OnCommit, test func() time.Time) (*Store, error) {
	engine := engineAt(address)
	if err := engine.prepare(context.Background()); err != nil {
		return nil, err
	}
	st := &Store{
		engine: engine, readers: make(chan *reader, Readers), clock: newClock(test), counts: newCounts(),
		closed: make(chan struct{}),
	}
	var err error
	if st.readDB, err = engine.openReader(); err != nil {
		return nil, err
	}
	st.readDB.SetMaxOpenConns(Readers)
	for range Readers {
		conn, err := st.readDB.Conn(context.Background())
		if err != nil {
			return nil, errors.Join(err, st.closeReaders(len(st.readers)))
		}
		st.readers <- &reader{
			conn: conn, stmts: statements{}, begin: engine.beginRead(), sql: engine.words(), on: grown.Start(),
			db: st.readDB, again: engine.mayGoBetterAgain,
		}
	}
	if st.writer, err = newWriter(engine, onCommit, st.clock, st.counts); err != nil {
		return nil, errors.Join(err, st.closeReaders(len(st.readers)))
	}
	st.upkeep = newUpkeep(st)
	go st.upkeep.run()
	return st, nil
}

// Close refuses new reads and writes as Unavailable, finishes the queued writes, ends the reads under way at
// their next row, and closes the database.
func (st *Store) Close() error {
	// First of all, reads under way end: the upkeep may be waiting for them.
	if !st.closing.Swap(true) {
		close(st.closed)
	}
	st.upkeep.close()
	if err := st.upkeep.last(); err != nil {
		slog.Warn("store: raise the mark", "error", err) // the next start notices less
	}
	err := st.writer.close()
	return errors.Join(err, st.closeReaders(Readers))
}

// closeReaders waits until n readers are free, and closes them.
func (st *Store) closeReaders(n int) (err error) {
	for range n {
		err = errors.Join(err, (<-st.readers).close())
	}
	return errors.Join(err, st.readDB.Close())
}

// Read runs fn in one read transaction: everything that fn sees is of one moment. When ctx ends, the wait for a
// connection ends, and so does a read that has begun: the next row or query that fn asks for fails with the
// error of ctx. The query itself is not interrupted, since SQLite would drop the connection; each is short. fn
// must not wait for anything outside the database: while it runs, SQLite cannot trim its log.
func (st *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	r, err := st.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { st.readers <- r }()
	tx := &Tx{ctx: ctx, closing: &st.closing, now: st.clock.now().UnixMilli(), stamp: st.writer.stamp.Load()}
	r.on.Run(func() { err = r.read(tx, fn) })
	if err != nil && st.engine.mayGoBetterAgain(err) {
		err = &storageError{chat.Errorf(chat.Unavailable, "the server cannot reach its database now; try again"), err}
	}
	return err
}

// errClosing refuses what comes while the store closes.
var errClosing = chat.Errorf(chat.Unavailable, "the server is stopping")

// Write queues fn for the next batch and calls done once: with nil after the commit is on disk, with the
// refusal when nothing was stored, or with Unknown when nobody knows whether the commit is on disk.
//
// fn looks up what the caller may see, checks the rules, and stores. It may run more than once, so it must
// set the variables that it captures and never add to them. It has the database for itself: nobody else changes
// anything while it runs.
//
// done must not block. When the batch is committed, it is called as OnCommit says. When the transaction
// fails, it is called on the writer's goroutine before anything that was queued later is stored, so that a
// client can keep its messages in order. When the queue is full it gets Busy, and when the store is closed
// Unavailable, both at once and on the goroutine that calls Write.
func (st *Store) Write(fn func(*WriteTx) error, done func(error)) { st.WriteTo(Names{}, fn, done) }

// WriteTo is Write for what changes only what it names, and nobody's rights. It runs beside the writes of other servers
// that name others. Whoever changes somebody's rights has the database for themselves, so no right changes while it
// runs.
func (st *Store) WriteTo(names Names, fn func(*WriteTx) error, done func(error)) {
	st.writer.queueWrite(names, fn, done)
}

// WriteAndWait queues fn like Write and waits for its outcome.
func (st *Store) WriteAndWait(fn func(*WriteTx) error) error {
	result := make(chan error, 1)
	st.Write(fn, func(err error) { result <- err })
	return <-result
}

// Tx is one transaction. Everything it reads is of one moment. The function that gets it must not keep it.
type Tx struct {
	conn  *sql.Conn
	stmts statements
	sql   words
	now   int64 // UTC milliseconds by the clock, the same for the whole transaction: what has ended is told by it
	// stamp is the time that everything gets which the transaction stores: see nextStamp. In a read it is the
	// latest that anything stored has.
	stamp int64
	// ctx and closing end a read early; ctx is nil in a write, which is finished whatever happens.
	ctx     context.Context
	closing *atomic.Bool
	// staged holds the heads of rooms that the transaction has raised and not yet stored; nil in a read.
	staged map[chat.RoomID]*chat.Heads
	// first is called before a statement runs; nil for nothing.
	first func() error
	// looked counts the rows that were read, also those that were only counted: see WriteTx.Looked.
	looked int
}

// statements are the prepared statements of one connection, by the text of the query.
type statements map[string]*sql.Stmt

func (s statements) close() {
	for _, stmt := range s {
		stmt.Close() // its error does not matter: the connection is closed next
	}
	clear(s)
}

// ended tells why a read has to end now; nil when it may go on.
func (tx *Tx) ended() error {
	if tx.ctx == nil {
		return nil
	}
	if tx.closing.Load() {
		return errClosing
	}
	return tx.ctx.Err()
}

func (tx *Tx) prepared(query string) (*sql.Stmt, error) {
	if err := tx.ended(); err != nil {
		return nil, err
	}
	if tx.first != nil {
		if err := tx.first(); err != nil {
			return nil, err
		}
	}
	if stmt := tx.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := tx.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", firstLine(query), err)
	}
	tx.stmts[query] = stmt
	return stmt, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func (tx *Tx) exec(query string, args ...any) (sql.Result, error) {
	stmt, err := tx.prepared(query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(context.Background(), tx.args(args)...)
}

// args makes of arguments what the driver takes.
func (tx *Tx) args(args []any) []any {
	for i := range args {
		args[i] = tx.sql.Arg(args[i])
	}
	return args
}

// row reads one row into dest. It fails with sql.ErrNoRows when there is none.
func (tx *Tx) row(dest []any, query string, args ...any) error {
	stmt, err := tx.prepared(query)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(context.Background(), tx.args(args)...).Scan(dest...)
}

// into makes the list of variables that a row is read into.
func into(dest ...any) []any { return dest }

// rows calls scan for each row, until it returns an error. errEnough ends the reading without being an error.
func (tx *Tx) rows(scan func(scanner) error, query string, args ...any) error {
	stmt, err := tx.prepared(query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(context.Background(), tx.args(args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		tx.looked++
		if err := tx.ended(); err != nil {
			return err
		}
		err := scan(rows)
		if err == errEnough {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

// listOf reads each row of a query with scan. It returns an empty list, never nil, when there are none. pageOf is for
// lists that have to be bounded in bytes.
func listOf[T any](tx *Tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	list := []T{}
	err := tx.rows(func(row scanner) error {
		thing, err := scan(row)
		list = append(list, thing)
		return err
	}, query, args...)
	return list, err
}

// columnOf is listOf for rows of one value, such as an id.
func columnOf[T any](tx *Tx, query string, args ...any) ([]T, error) {
	return listOf(tx, func(row scanner) (value T, err error) {
		err = row.Scan(&value)
		return value, err
	}, query, args...)
}

// one calls scan for the first row and tells whether there was one.
func (tx *Tx) one(scan func(scanner) error, query string, args ...any) (found bool, err error) {
	err = tx.rows(func(row scanner) error {
		if found {
			return nil
		}
		found = true
		return scan(row)
	}, query, args...)
	return found, err
}

// scanner is one row of a result.
type scanner interface{ Scan(dest ...any) error }
