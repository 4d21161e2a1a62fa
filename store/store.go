// The store opens the database and hands out transactions; the SQL of each noun is in store_NOUN.go.
// Nothing outside the store family speaks SQL, and nothing but the writer changes the database.

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/chat"
	"parley/internal/grown"
	"parley/store/sqlite"
)

// Readers is how many reads run at once; more only wait for each other's locks.
const Readers = 4

// Store keeps everything that outlives the process. All its methods are safe from any goroutine.
type Store struct {
	writer  *writer
	readers chan *reader
	readDB  *sql.DB
	now     func() time.Time
	counts  *counts
}

// reader is one read-only connection with its prepared statements, and a goroutine to use it on: the driver
// makes a stack grow.
type reader struct {
	conn  *sql.Conn
	stmts statements
	on    *grown.Goroutine
}

func (r *reader) close() error {
	r.on.Stop()
	r.stmts.close()
	return r.conn.Close()
}

// OnCommit gets what was committed, in commit order. It has to see to it that answer is called, once, when
// the changes are on their way to whom they are for; from any goroutine.
type OnCommit func(changes []chat.Change, answer func())

// Open opens the database file, made when missing, and brings its schema up to date. A database
// of a newer program is refused. onCommit is called from the writer's goroutine; while it blocks, nothing
// more is committed.
func Open(path string, onCommit OnCommit) (*Store, error) {
	return open(path, onCommit, time.Now)
}

func open(path string, onCommit OnCommit, now func() time.Time) (*Store, error) {
	if err := sqlite.Migrate(path, migrationFiles); err != nil {
		return nil, err
	}
	if err := noteStart(context.Background(), path); err != nil {
		return nil, err
	}
	st := &Store{readers: make(chan *reader, Readers), now: now, counts: newCounts()}
	var err error
	if st.readDB, err = sqlite.OpenReader(path); err != nil {
		return nil, err
	}
	st.readDB.SetMaxOpenConns(Readers)
	for range Readers {
		conn, err := st.readDB.Conn(context.Background())
		if err != nil {
			return nil, errors.Join(err, st.closeReaders(len(st.readers)))
		}
		st.readers <- &reader{conn: conn, stmts: statements{}, on: grown.Start()}
	}
	if st.writer, err = newWriter(path, onCommit, now, st.counts); err != nil {
		return nil, errors.Join(err, st.closeReaders(len(st.readers)))
	}
	return st, nil
}

// Close finishes the writes under way, refuses new ones as unavailable, and closes the file.
func (st *Store) Close() error {
	err := st.writer.close()
	return errors.Join(err, st.closeReaders(Readers))
}

// closeReaders waits for so many to be free, and closes them.
func (st *Store) closeReaders(n int) (err error) {
	for range n {
		err = errors.Join(err, (<-st.readers).close())
	}
	return errors.Join(err, st.readDB.Close())
}

// Read runs fn in one read transaction: all it sees is of one moment. ctx bounds the wait for a
// connection only; a read that has begun is finished, since interrupting SQLite drops the connection.
// fn must not wait for anything outside the database: while it runs the log cannot be trimmed.
func (st *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	r, err := st.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { st.readers <- r }()
	r.on.Run(func() { err = r.read(st.now().UnixMilli(), fn) })
	return err
}

func (r *reader) read(now int64, fn func(*Tx) error) error {
	tx := &Tx{conn: r.conn, stmts: r.stmts, now: now}
	if _, err := tx.exec(`BEGIN`); err != nil {
		return fmt.Errorf("begin read: %w", err)
	}
	defer tx.exec(`ROLLBACK`) // a read has nothing to lose
	return fn(tx)
}

// reader takes a connection, and waits for one when all are taken.
func (st *Store) reader(ctx context.Context) (*reader, error) {
	select {
	case r := <-st.readers:
		return r, nil
	default:
	}
	st.counts.waited.Add(1)
	st.counts.waiting.Add(1)
	defer st.counts.waiting.Add(-1)
	select {
	case r := <-st.readers:
		return r, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Write queues fn for the next batch and calls done once: with nil after the commit is on disk, with fn's
// refusal, or with Unknown. What was not stored but may be asked for again is told from the writer's
// goroutine, before anything that was queued later is stored; all else as OnCommit says. fn may run more than
// once, so it must set, never add to, what it captures; it finds what the caller may see, checks, and stores.
// When the queue is full done gets Busy at once, on the caller's goroutine. done must not block.
func (st *Store) Write(fn func(*WriteTx) error, done func(error)) {
	st.writer.queueWrite(fn, done)
}

// WriteAndWait is Write for callers that have a goroutine to wait with.
func (st *Store) WriteAndWait(fn func(*WriteTx) error) error {
	result := make(chan error, 1)
	st.Write(fn, func(err error) { result <- err })
	return <-result
}

// Tx is one transaction. What it reads is of one moment; it must not leave the function it was given to.
type Tx struct {
	conn  *sql.Conn
	stmts statements
	now   int64 // UTC milliseconds, the same for the whole transaction
	// staged are heads that the transaction has raised and not yet stored; nil when reading.
	staged map[chat.RoomID]*chat.Heads
}

// statements are the prepared statements of one connection, by their text.
type statements map[string]*sql.Stmt

func (s statements) close() {
	for _, stmt := range s {
		stmt.Close() // the connection goes next
	}
	clear(s)
}

func (tx *Tx) prepared(query string) (*sql.Stmt, error) {
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
	return stmt.ExecContext(context.Background(), args...)
}

// row reads exactly one row; no row is sql.ErrNoRows.
func (tx *Tx) row(dest []any, query string, args ...any) error {
	stmt, err := tx.prepared(query)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(context.Background(), args...).Scan(dest...)
}

// into is the list of places a row is read into.
func into(dest ...any) []any { return dest }

// rows calls scan for each row.
func (tx *Tx) rows(scan func(scanner) error, query string, args ...any) error {
	stmt, err := tx.prepared(query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(context.Background(), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
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

// scanner is a row of one or of many.
type scanner interface{ Scan(dest ...any) error }
