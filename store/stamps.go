// Stamps: the times of what is stored. Clients of a gateway ask for what came after a time, so these times go on even
// when the clock of the server goes back.

package store

import (
	"context"
	"time"
)

// heldBack is how far the clock may go back without the stamps going back too. When it goes back further, it was wrong
// before rather than now, and the stamps follow: otherwise a clock that was years ahead for a moment would give
// everything the same wrong time for years.
const heldBack = 24 * time.Hour

// nextStamp returns the time for what is stored at a time of the clock, after the newest stamp so far. No two
// transactions that store something have the same. One that stores nothing uses none up: otherwise requests that
// change nothing, of which there may be thousands a second, would drive the stamps ahead of the clock.
func nextStamp(newest, clock int64) int64 {
	if clock <= newest && newest-clock <= heldBack.Milliseconds() {
		return newest + 1
	}
	return clock
}

// maxAhead is how far times may run ahead of the clock, in milliseconds, so that each message has its own: with more
// than 1,000 messages a second, some that are stored together share one.
const maxAhead = 1000

// ownStamp returns a time for a message or a notification in an inbox, after those of the transaction so far.
func (tx *WriteTx) ownStamp() int64 {
	if tx.stamped && tx.stamp < tx.now+maxAhead {
		tx.stamp++
	}
	tx.stamped = true
	return tx.stamp
}

// findStamp reads the newest stamp in the database: that of the last message of a room, or of the last notification
// in an inbox.
func (w *writer) findStamp() error {
	var newest int64
	latest := w.clock.now().Add(heldBack).UnixMilli()
	err := w.conn.QueryRowContext(context.Background(), `
		SELECT coalesce(max(stamp), 0)
		FROM (
			SELECT m.created_at AS stamp
			FROM rooms r
			CROSS JOIN messages m
			WHERE m.id = r.id << 32 | r.seq
			UNION ALL
			SELECT i.created_at
			FROM users u
			CROSS JOIN inbox i
			WHERE i.user_id = u.id AND i.seq = u.inbox_seq) newest
		WHERE stamp <= $1`, latest).Scan(&newest)
	w.stamp.Store(newest)
	return err
}

// sinceSlack is how far the clock of a client may be ahead of the server's.
const sinceSlack = 5 * time.Minute

// Since returns the time after which a client misses what is stored, when it asks for what came after a time. No
// client can have been told of a time that is still to come, except by a clock that was ahead: then nobody knows what
// it misses, and Since returns 0.
func (tx *Tx) Since(asked int64) int64 {
	if asked > max(tx.now, tx.stamp)+sinceSlack.Milliseconds() {
		return 0
	}
	return asked
}
