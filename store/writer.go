// The writer: the one goroutine that changes the database. It takes the writes that wait, runs them in one
// transaction, commits them durably, hands the committed changes on, and then answers.

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"parley/chat"
)

const (
	maxBatch = 512  // writes in one transaction
	maxQueue = 4096 // writes that may wait; more get Busy
)

// write is one queued write: see Store.Write.
type write struct {
	names Names
	run   func(*WriteTx) error
	done  func(error)
	err   error
}

type writer struct {
	engine   engine
	onCommit OnCommit
	clock    *clock
	counts   *counts

	mu      sync.RWMutex // guards closed, and keeps queue open while something is sent on it
	closed  bool
	queue   chan write
	stopped chan struct{}
	chores  chan func()
	// removals counts the commits that removed text; see WriteTx.removesText.
	removals atomic.Int64
	ability  *ability
	stamp    atomic.Int64 // the newest time that was given to what is stored
	changed  atomic.Int64 // commits with a change that somebody is told

	// Only the writer's goroutine uses the fields below.
	db    *sql.DB
	conn  *sql.Conn
	stmts statements
	heads map[chat.RoomID]chat.Heads // a cache of the committed heads of rooms
	// rights are who may do what, as far as it was asked; see rights.go.
	rights  *rights
	version uint32 // of an SQLite database after the last commit: see sqlite.DataVersion
}

// maxHeads bounds the cache of heads. A cache that is too full is dropped, and filled again from the
// database.
const maxHeads = 100_000

func newWriter(engine engine, onCommit OnCommit, clock *clock, counts *counts) (*writer, error) {
	w := &writer{
		engine: engine, onCommit: onCommit, clock: clock, counts: counts,
		queue: make(chan write, maxQueue), stopped: make(chan struct{}), chores: make(chan func()),
		ability: newAbility(),
	}
	if err := w.open(); err != nil {
		return nil, err
	}
	go w.run()
	return w, nil
}

// open opens another write connection, and drops what the one before has read.
func (w *writer) open() error {
	db, err := w.engine.openWriter()
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(context.Background())
	if err != nil {
		return errors.Join(err, db.Close())
	}
	w.db, w.conn, w.stmts, w.version = db, conn, statements{}, 0
	w.heads, w.rights = map[chat.RoomID]chat.Heads{}, newRights()
	if err := w.engine.opened(w); err != nil {
		w.db = w.closeBroken()
		return err
	}
	return nil
}

func (w *writer) queueWrite(names Names, run func(*WriteTx) error, done func(error)) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		done(errClosing)
		return
	}
	select {
	case w.queue <- write{names: names, run: run, done: done}:
	default:
		done(&chat.Error{Code: chat.Busy, Message: "too many changes wait to be stored", Limit: maxQueue})
	}
}

// close refuses new writes, finishes the queued ones, and closes the connection. The second time it only waits.
func (w *writer) close() error {
	w.mu.Lock()
	again := w.closed
	if !again {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.stopped
	if again || w.db == nil {
		return nil
	}
	w.stmts.close()
	return errors.Join(w.conn.Close(), w.db.Close())
}

func (w *writer) run() {
	defer close(w.stopped)
	look := time.NewTicker(w.engine.every())
	defer look.Stop()
	for {
		select {
		case first, open := <-w.queue:
			if !open {
				return
			}
			batch := make([]write, 1, min(1+len(w.queue), maxBatch))
			batch[0] = first
			w.attempt(w.drain(batch))
		case chore := <-w.chores:
			chore()
		case <-look.C:
			if err := w.engine.look(w); err != nil {
				w.ability.note(err)
			} else if w.ability.due() {
				w.attempt([]write{{run: (*WriteTx).touch, done: func(error) {}}}) // ability has noted how that ended
			}
		}
	}
}

// attempt commits a batch, and has ability know since when that is under way.
func (w *writer) attempt(batch []write) {
	w.ability.begin()
	defer w.ability.end()
	w.commit(batch)
}

// between runs fn on the writer's goroutine between two transactions, so that nothing else of this process writes
// meanwhile. It does nothing when the writer has stopped.
func (w *writer) between(fn func()) {
	done := make(chan struct{})
	select {
	case w.chores <- func() { defer close(done); fn() }:
		<-done
	case <-w.stopped:
	}
}

// drain adds the writes that wait already to a batch, without waiting for more.
func (w *writer) drain(batch []write) []write {
	for len(batch) < cap(batch) {
		select {
		case next, ok := <-w.queue:
			if !ok {
				return batch
			}
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction. A write that is refused before it changed anything stays out of it,
// and the others go on. When a write fails after it changed something, or with an error that is no refusal,
// commit rolls the whole batch back and tries its writes one by one. So a failing write harms no other; it is
// answered before a later write of the same connection is stored; and nothing is written in a transaction
// that the database may have ended by itself. A batch that others were in the way of is tried again, a few times.
func (w *writer) commit(batch []write) {
	for tries := 1; ; tries++ {
		err := w.commitOnce(batch)
		if err == nil {
			return
		}
		if tries == maxTries || !w.engine.mayGoBetterAgain(err) {
			w.refuse(batch, err)
			return
		}
	}
}

// maxTries is how often a batch is tried that others were in the way of.
const maxTries = 4

// commitOnce is commit. It fails when nothing of the batch is stored and none of its writes is answered.
func (w *writer) commitOnce(batch []write) error {
	tx, err := w.begin(batch)
	if err != nil {
		return err
	}
	for i := range batch {
		tx.wrote, tx.changed, tx.looked, tx.names = false, false, 0, batch[i].names
		batch[i].err = runWrite(tx, batch[i].run)
		tx.stores = tx.stores || tx.wrote
		if err := batch[i].err; err == nil || (!tx.wrote && isRefusal(err)) {
			continue
		}
		w.rollback(tx)
		if errors.Is(batch[i].err, errAlone) {
			batch[i].names = Names{}
			return w.commitOnce(batch)
		}
		if len(batch) == 1 || w.engine.mayGoBetterAgain(batch[i].err) {
			return batch[i].err
		}
		for j := range batch {
			w.commit(batch[j : j+1])
		}
		return nil
	}
	return w.finish(tx, batch)
}

// finish commits the batch, hands its changes on, and has each write answered. It fails as commitOnce does.
func (w *writer) finish(tx *WriteTx, batch []write) error {
	tx.names = Names{}
	err := w.engine.storeHeads(tx)
	if err == nil {
		err = w.engine.beforeCommit(tx)
	}
	if err != nil {
		w.rollback(tx)
		if len(batch) == 1 || w.engine.mayGoBetterAgain(err) {
			return err
		}
		for i := range batch { // one of them may be the reason
			w.commit(batch[i : i+1])
		}
		return nil
	}
	started := time.Now()
	outcome, err := w.engine.commit(w, tx)
	w.counts.commits.Observe(int64(time.Since(started)))
	if outcome == notStored {
		w.db = w.closeBroken()
		return err
	}
	if tx.stores {
		w.stamp.Store(tx.stamp)
	}
	if outcome == notKnown {
		w.unknown(tx, batch, err)
		return nil
	}
	if err := w.engine.afterCommit(w, tx); err != nil {
		w.unknown(tx, batch, err)
		return nil
	}
	if tx.stores { // else nothing may have come to the disk
		w.ability.note(nil)
	}
	if len(tx.changes) > 0 {
		w.changed.Add(1)
	}
	if tx.removed {
		w.removals.Add(1)
	}
	w.counts.committed(len(batch), tx.changes)
	for room, heads := range tx.staged {
		w.heads[room] = *heads
	}
	if len(w.heads) > maxHeads {
		clear(w.heads)
	}
	w.onCommit(tx.changes, func() {
		for _, wr := range batch {
			if wr.err != nil {
				wr.err = rolledBack(wr.err)
			}
			wr.answer(wr.err)
		}
	})
	return nil
}

// answer calls done. A panic in done is logged and does not stop the writer.
func (wr write) answer(err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("store: panic in an answer", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	wr.done(err)
}

// refuse answers writes that were rolled back or never ran: nothing of them is stored.
func (w *writer) refuse(batch []write, err error) {
	if storage := new(storageError); isGone(err) || errors.As(rolledBack(err), &storage) {
		w.ability.note(err)
		if !isGone(err) { // which the log has been told
			slog.Error("store: write refused", "error", err)
		}
	}
	for _, wr := range batch {
		wr.answer(rolledBack(err))
	}
}

// unknown answers writes whose COMMIT failed: they may be on disk or not. It opens the connection anew before
// anything else is written, since after a failed sync a second try proves nothing. It does not hand the
// changes on, since they may not have happened. Instead, if there were any, it tells all sockets to come back
// and ask.
func (w *writer) unknown(tx *WriteTx, batch []write, err error) {
	w.counts.unknown.Add(1)
	w.ability.note(err)
	slog.Error("store: commit failed, its outcome is unknown", "error", err, "writes", len(batch))
	w.db = w.closeBroken() // begin opens another
	if len(tx.changes) > 0 {
		w.onCommit([]chat.Change{{Lost: true}}, func() {})
	}
	for _, wr := range batch {
		wr.answer(&storageError{chat.Errorf(chat.Unknown, "the server does not know whether it stored this; try again"), err})
	}
}

func (w *writer) begin(batch []write) (*WriteTx, error) {
	if err := w.engine.check(); err != nil {
		return nil, err
	}
	if w.db == nil {
		if err := w.open(); err != nil {
			return nil, err
		}
	}
	tx := &WriteTx{Tx: Tx{
		conn: w.conn, stmts: w.stmts, sql: w.engine.words(), staged: map[chat.RoomID]*chat.Heads{},
	}, heads: w.heads, rights: w.rights}
	if err := w.engine.begin(w, tx, batch); err != nil {
		w.db = w.closeBroken()
		return nil, fmt.Errorf("begin: %w", err)
	}
	return tx, nil
}

func (w *writer) rollback(tx *WriteTx) {
	w.counts.rolledBack.Add(1)
	tx.first = nil // what is to be stored first is not to be stored any more
	if _, err := tx.exec(`ROLLBACK`); err != nil {
		slog.Error("store: roll back", "error", err)
		w.db = w.closeBroken()
	}
	w.rights.forget()
}

// closeBroken closes a connection that cannot be trusted any more. begin opens another.
func (w *writer) closeBroken() *sql.DB {
	w.stmts.close()
	w.conn.Close() // it is broken
	w.db.Close()   // it is broken
	w.conn = nil
	return nil
}

// runWrite runs one write. A panic in it fails that write, and does not stop the writer.
func runWrite(tx *WriteTx, run func(*WriteTx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("store: panic in a write", "panic", p, "stack", string(debug.Stack()))
			tx.wrote = true // nobody knows what it did before the panic, so roll all of it back
			err = chat.ErrInternal
		}
	}()
	return run(tx)
}
