// Write transactions: what a write may do in the transaction of its batch, besides reading.

package store

import (
	"fmt"

	"parley/chat"
)

// WriteTx is the writer's transaction. It raises the heads of rooms in memory and stores them once, at its
// end.
type WriteTx struct {
	Tx
	heads         map[chat.RoomID]chat.Heads // the writer's cache of committed heads
	changes       []chat.Change
	wrote         bool    // the current write has run a statement that changes something
	changed       bool    // … and it changed a row, or there is something to tell: see Changed
	stores        bool    // a write has changed something
	removed       bool    // see removesText
	stamped       bool    // something has the time stamp already; see ownStamp
	rights        *rights // what the writer remembers
	names         Names   // of the current write
	alone         bool    // the transaction has the database for itself
	sends         *sends  // messages that are stored later; nil for an engine that stores each at once
	changedRights bool    // a statement may have changed who may do what
	number        string  // of the transaction, where the engine numbers them
}

// changesRights is called before a statement that may change who may do what.
func (tx *WriteTx) changesRights() error {
	if err := tx.Alone(); err != nil {
		return err
	}
	tx.wrote, tx.changedRights = true, true
	tx.rights.forget()
	return nil
}

// run runs a statement that changes something, and returns how many rows it changed.
func (tx *WriteTx) run(query string, args ...any) (int64, error) {
	if err := tx.changesRights(); err != nil {
		return 0, err
	}
	return tx.runKeepingRights(query, args...)
}

// runKeepingRights is run for statements that cannot change anyone's standing or session, so that these stay
// remembered.
func (tx *WriteTx) runKeepingRights(query string, args ...any) (int64, error) {
	tx.wrote = true
	result, err := tx.exec(query, args...)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	tx.changed = tx.changed || n > 0
	return n, err
}

// Changed tells whether the write has changed anything so far. What sets something to what it is already changes
// nothing: it must touch no row, take no number, and tell nobody.
func (tx *WriteTx) Changed() bool { return tx.changed }

// Looked tells how many rows the write has looked at so far. It is about how long the write takes, also when it changes
// nothing.
func (tx *WriteTx) Looked() int { return tx.looked }

// runOne runs a statement that must change exactly one row.
func (tx *WriteTx) runOne(query string, args ...any) error {
	if err := tx.changesRights(); err != nil {
		return err
	}
	return tx.runOneKeepingRights(query, args...)
}

// runOneKeepingRights is runOne for statements that cannot change anyone's standing or session.
func (tx *WriteTx) runOneKeepingRights(query string, args ...any) error {
	n, err := tx.runKeepingRights(query, args...)
	if err == nil && n != 1 {
		err = fmt.Errorf("%q changed %d rows instead of one", firstLine(query), n)
	}
	return err
}

// returning runs a statement that ends with RETURNING one number, and returns that number.
func (tx *WriteTx) returning(query string, args ...any) (n int64, err error) {
	if err := tx.changesRights(); err != nil {
		return 0, err
	}
	return tx.returningKeepingRights(query, args...)
}

// returningKeepingRights is returning for statements that cannot change anyone's standing or session.
func (tx *WriteTx) returningKeepingRights(query string, args ...any) (n int64, err error) {
	tx.wrote = true
	err = tx.row(into(&n), query, args...)
	tx.changed = tx.changed || err == nil
	return n, err
}

// removesText says that this transaction deletes or replaces text that somebody wrote, so that nothing of it may
// stay in the files: see upkeep.
func (tx *WriteTx) removesText() { tx.removed = true }

// tell adds a change about which the sockets are told once the transaction is committed.
func (tx *WriteTx) tell(change chat.Change) {
	tx.changed = true
	tx.changes = append(tx.changes, change)
}

// headsOf returns a room's heads for the caller to read and raise. The transaction stores them at its end.
func (tx *WriteTx) headsOf(room chat.RoomID) (*chat.Heads, error) {
	if err := tx.numbersRoom(room); err != nil {
		return nil, err
	}
	if staged := tx.staged[room]; staged != nil {
		return staged, nil
	}
	heads, known := tx.heads[room]
	if !known {
		err := tx.row(into(&heads.Seq, &heads.Rev, &heads.Meta), `
			SELECT seq, rev, meta
			FROM rooms
			WHERE id = $1`, room)
		if err != nil {
			return nil, orNotFound(err, "room")
		}
	}
	tx.wrote = true
	tx.staged[room] = &heads
	return &heads, nil
}
