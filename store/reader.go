// Readers: the few connections on which reads run side by side.

package store

import (
	"context"
	"database/sql"
	"fmt"

	"parley/internal/grown"
)

// reader is one read-only connection with its prepared statements. It has a goroutine of its own on which the
// connection is used, since the driver needs a large stack: so only these few goroutines grow one.
type reader struct {
	conn  *sql.Conn
	stmts statements
	begin string // the statement that begins a transaction
	sql   words
	on    *grown.Goroutine
	// db and again are for an engine whose connections may end: where another comes from, and whether it may help.
	db    *sql.DB
	again func(error) bool
}

func (r *reader) close() error {
	r.on.Stop()
	r.stmts.close()
	return r.conn.Close()
}

func (r *reader) read(tx *Tx, fn func(*Tx) error) error {
	tx.sql = r.sql
	err := r.beginOn(tx)
	if err != nil && r.again != nil && r.again(err) { // its connection ended since it was last used
		if err = r.reopen(); err == nil {
			err = r.beginOn(tx)
		}
	}
	if err != nil {
		return fmt.Errorf("begin read: %w", err)
	}
	defer func() {
		tx.ctx = nil        // this query has to run
		tx.exec(`ROLLBACK`) // a read has nothing to commit
	}()
	return fn(tx)
}

func (r *reader) beginOn(tx *Tx) error {
	tx.conn, tx.stmts = r.conn, r.stmts
	_, err := tx.exec(r.begin)
	return err
}

// reopen takes another connection.
func (r *reader) reopen() error {
	r.stmts.close()
	r.conn.Close() // it is broken
	conn, err := r.db.Conn(context.Background())
	if err == nil {
		r.conn = conn
	}
	return err
}

// reader takes a free reader, and waits for one when all are taken.
func (st *Store) reader(ctx context.Context) (*reader, error) {
	if st.closing.Load() {
		return nil, errClosing
	}
	st.counts.reads.Add(1)
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
	case <-st.closed:
		return nil, errClosing
	}
}

// takeReaders waits for the reads under way and keeps others waiting until giveBack is called. Two who take all
// readers at once would wait for each other, so the second waits for the first.
func (st *Store) takeReaders() (taken []*reader, giveBack func()) {
	st.takingAll.Lock()
	for range Readers {
		taken = append(taken, <-st.readers)
	}
	return taken, func() {
		for _, r := range taken {
			st.readers <- r
		}
		st.takingAll.Unlock()
	}
}
