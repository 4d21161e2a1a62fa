// The engine for many machines: a PostgreSQL database, into which several servers write. Only the database knows the
// numbers: a batch locks the rows of the rooms and users that its writes named, and reads the heads from them.
//
// Transactions that named all they change run side by side. They hold a lock together that a transaction which has the
// database for itself holds alone. So no right changes while a transaction that asked for it runs, and what the writer
// remembers of rights stays true until a transaction that had the database for itself changes one. It is noticed by a
// number that each of these raises, server.rights.

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync/atomic"
	"time"

	"parley/chat"
	"parley/store/postgres"
)

// The numbers of locks in the database.
const (
	transactionLock = 0x7061726c // which transactions hold together, or alone
	serverLock      = 0x7061726d // which the write connection of a server holds
)

// errInUse refuses a database that a server uses already.
var errInUse = errors.New("another server uses the database: stop it first")

// findOutWithin bounds how long the writer tries to find out how a transaction ended whose COMMIT got no answer.
const findOutWithin = 5 * time.Second

// lookAtDatabase is the time between two looks whether the database is there, while nothing is stored.
const lookAtDatabase = 2 * time.Second

// onPostgres is the engine of a PostgreSQL database. The writer's goroutine uses its fields.
type onPostgres struct {
	address string
	size    atomic.Int64 // of the database, as it was measured last
	rights  int64        // server.rights when the writer last forgot what it remembers of them
}

func newOnPostgres(address string) *onPostgres { return &onPostgres{address: address} }

func (e *onPostgres) prepare(ctx context.Context) (err error) {
	db, err := postgres.Open(e.address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := postgres.Migrate(ctx, db); err != nil {
		return postgres.OneLine(err)
	}
	var used bool
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM server)`).Scan(&used); err != nil || !used {
		return err
	}
	return noteRun(ctx, db) // the first is noted with the server's row
}

func (e *onPostgres) openReader() (*sql.DB, error) { return postgres.Open(e.address) }
func (e *onPostgres) openWriter() (*sql.DB, error) { return postgres.Open(e.address) }
func (e *onPostgres) openBeside() (*sql.DB, error) { return postgres.Open(e.address) }
func (e *onPostgres) words() words                 { return postgres.Words{} }
func (e *onPostgres) beginRead() string            { return `BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY` }
func (e *onPostgres) check() error                 { return nil }
func (e *onPostgres) every() time.Duration         { return lookAtDatabase }
func (e *onPostgres) isServer() bool               { return true }
func (e *onPostgres) sizes() (database, log int64) { return e.size.Load(), 0 }

// look asks whether the database is there.
func (e *onPostgres) look(w *writer) error {
	if w.db == nil {
		return nil // the next attempt connects
	}
	err := postgres.Ping(w.conn, answerWithin)
	if err != nil {
		w.db = w.closeBroken()
	}
	return err
}

// answerWithin bounds how long the database takes to say that it is there.
const answerWithin = 2 * time.Second

// opened keeps other servers away from the database. The lock ends with the connection. PostgreSQL may take a moment to
// notice that the one before has ended.
func (e *onPostgres) opened(w *writer) error {
	for tries := 0; ; tries++ {
		var ours bool
		err := w.conn.QueryRowContext(context.Background(), `SELECT pg_try_advisory_lock($1)`, serverLock).Scan(&ours)
		if err != nil || ours {
			return err
		}
		if tries == lockTries {
			return errInUse
		}
		time.Sleep(lockPause)
	}
}

// How long a server waits until the connection of the one before has ended.
const (
	lockTries = 20
	lockPause = 100 * time.Millisecond
)

func (e *onPostgres) servesUs(tx *Tx) (bool, error) {
	var version, serves int
	err := tx.row(into(&version, &serves), `SELECT version, serves FROM schema`)
	return version >= postgres.Newest() && serves <= postgres.Newest(), err
}

// begin locks what the batch named, and reads what it needs of it, in one round trip.
func (e *onPostgres) begin(w *writer, tx *WriteTx, batch []write) error {
	names := namesOf(batch)
	tx.alone = names.all()
	lock := `SELECT pg_advisory_xact_lock_shared($1)`
	if tx.alone {
		lock = `SELECT pg_advisory_xact_lock($1)`
	}
	var newest, clock int64
	rights := e.rights
	statements := []postgres.Statement{
		{SQL: `BEGIN`},
		{SQL: lock, Args: []any{transactionLock}},
		{
			SQL: `SELECT pg_current_xact_id()::text, (extract(epoch FROM clock_timestamp()) * 1000)::bigint`,
			Row: func(scan func(...any) error) error { return scan(&tx.number, &clock) },
		},
		{
			SQL: `SELECT rights, stamp FROM server`,
			Row: func(scan func(...any) error) error { return scan(&rights, &newest) },
		},
	}
	clear(w.heads)
	rooms, users := names.sorted()
	if len(rooms) > 0 {
		statements = append(statements, postgres.Statement{
			SQL: `
				SELECT id, seq, rev, meta, stamp
				FROM rooms
				WHERE id = ANY($1)
				ORDER BY id
				FOR NO KEY UPDATE`,
			Args: []any{rooms},
			Row: func(scan func(...any) error) error {
				var room chat.RoomID
				var heads chat.Heads
				var stamp int64
				err := scan(&room, &heads.Seq, &heads.Rev, &heads.Meta, &stamp)
				w.heads[room], newest = heads, max(newest, stamp)
				return err
			},
		})
	}
	if len(users) > 0 {
		statements = append(statements, postgres.Statement{
			SQL: `
				SELECT id
				FROM users
				WHERE id = ANY($1)
				ORDER BY id
				FOR NO KEY UPDATE`,
			Args: []any{users},
		})
	}
	tx.sends = &sends{fresh: map[sendKey]bool{}, reads: map[readKey]int64{}}
	if clientIDs, authors := names.columns(); len(authors) > 0 {
		for _, key := range names.sends {
			tx.sends.fresh[key] = true
		}
		statements = append(statements, postgres.Statement{
			SQL: `
				SELECT m.author_id, m.client_id
				FROM unnest($1::bytea[], $2::bigint[]) AS s (client, author)
				JOIN messages m ON m.client_id = s.client AND m.author_id = s.author`,
			Args: []any{clientIDs, authors},
			Row: func(scan func(...any) error) error {
				var author chat.UserID
				var client []byte
				err := scan(&author, &client)
				if err == nil {
					delete(tx.sends.fresh, sendKey{author, chat.ClientID(client)})
				}
				return err
			},
		})
	}
	if err := postgres.Send(context.Background(), tx.conn, statements); err != nil {
		return err
	}
	tx.first = func() error { return tx.sends.store(tx) }
	w.clock.follow(clock)
	tx.now = w.clock.now().UnixMilli()
	if rights != e.rights {
		w.rights.forget()
		e.rights = rights
	}
	tx.stamp = nextStamp(max(newest, w.stamp.Load()), tx.now)
	return nil
}

// beforeCommit notes when a transaction that had the database for itself may have changed a right, and the time of what
// it stored: the rooms have that of others.
func (e *onPostgres) beforeCommit(tx *WriteTx) error {
	if !tx.alone || !tx.changedRights && len(tx.changes) == 0 {
		return nil
	}
	_, err := tx.exec(`
		UPDATE server
		SET rights = rights + $2, stamp = CASE WHEN stamp > $1 THEN stamp ELSE $1 END`,
		tx.stamp, tx.changedRights)
	return err
}

// commit commits. When it gets no answer, it finds out on another connection what became of the transaction.
func (e *onPostgres) commit(w *writer, tx *WriteTx) (outcome, error) {
	err := postgres.Commit(context.Background(), tx.conn)
	switch {
	case err == nil:
		return stored, nil
	case postgres.IsRefusal(err):
		return notStored, err
	}
	ctx, stop := context.WithTimeout(context.Background(), findOutWithin)
	defer stop()
	how, asking := postgres.Ended(ctx, e.address, tx.number)
	slog.Warn("store: the database did not answer a COMMIT", "error", err, "transaction", tx.number, "became", how)
	switch how {
	case postgres.Committed:
		w.db = w.closeBroken()
		return stored, nil
	case postgres.Aborted:
		return notStored, fmt.Errorf("%w: %w", postgres.ErrNotCommitted, err)
	}
	return notKnown, errors.Join(err, asking)
}

// afterCommit notes what the writer changed itself. It has forgotten then what is not so any more.
func (e *onPostgres) afterCommit(_ *writer, tx *WriteTx) error {
	if tx.alone && tx.changedRights {
		e.rights++
	}
	return nil
}

func (e *onPostgres) mayGoBetterAgain(err error) bool { return postgres.MayGoBetterAgain(err) }

func (e *onPostgres) chores(u *upkeep) []chore {
	return []chore{
		{"measure the database", func() error { return e.measure(u) }},
		{"drop what has ended", u.dropEnded},
	}
}

// measure asks for the size of the database. Its log belongs to all databases of that PostgreSQL.
func (e *onPostgres) measure(u *upkeep) error {
	var size int64
	err := u.st.Read(u.ctx, func(tx *Tx) error {
		return tx.row(into(&size), `SELECT pg_database_size(current_database())`)
	})
	if err == nil {
		e.size.Store(size)
	}
	return err
}

// storeHeads stores the heads of all rooms that the transaction raised, with the time of the newest message.
func (e *onPostgres) storeHeads(tx *WriteTx) error {
	statements, check := tx.sends.statements()
	if len(tx.staged) == 0 {
		return nil
	}
	rooms := sortedRooms(maps.Keys(tx.staged))
	n := len(rooms)
	seqs, revs, metas := make([]int64, n), make([]int64, n), make([]int64, n)
	for i, room := range rooms {
		heads := tx.staged[room]
		seqs[i], revs[i], metas[i] = heads.Seq, heads.Rev, heads.Meta
	}
	stored := 0
	statements = append(statements, postgres.Statement{
		SQL: `
			UPDATE rooms r
			SET seq = h.seq, rev = h.rev, meta = h.meta, stamp = CASE WHEN stamp > $5 THEN stamp ELSE $5 END
			FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS h (id, seq, rev, meta)
			WHERE r.id = h.id
			RETURNING 1`,
		Args: []any{rooms, seqs, revs, metas, tx.stamp},
		Row:  func(scan func(...any) error) error { stored++; return scan(new(int)) },
	})
	err := postgres.Send(context.Background(), tx.conn, statements)
	if err == nil && check != nil {
		err = check()
	}
	if err == nil && stored != n {
		err = errors.New("a room is gone")
	}
	if err != nil {
		return fmt.Errorf("store the heads of rooms: %w", err)
	}
	return nil
}
