// Endings: what the store keeps for a time only, and drops when the time is over: sessions, invites, links for
// passwords, notifications with their keys, and room invitations. Everything else stays until somebody deletes it.

package store

import (
	"time"

	"parley/chat"
)

const (
	// KeptNotifications is how long a notification stays in inboxes, read or not.
	KeptNotifications = 90 * 24 * time.Hour
	// KeptKeys is how long at least the key of a notification is known, so that a resend is told from another
	// notification. It is known for longer while the notification is in an inbox.
	KeptKeys = 30 * 24 * time.Hour
	// endBatch bounds the rows that one transaction drops, so that a message which is sent meanwhile waits no
	// longer than for one commit to disk.
	endBatch = 200
)

// dropEnded drops up to endBatch rows of each kind whose time is over at the time now. more tells that there may be
// others.
func (tx *WriteTx) dropEnded(now int64) (more bool, err error) {
	defer func(clock int64) { tx.now = clock }(tx.now) // other writes share the transaction
	tx.now = now
	for _, drop := range []func() (int64, error){
		tx.dropEndedSessions, tx.dropEndedInvites, tx.dropOldInboxes, tx.dropOldNotifications, tx.dropOldInvitations,
	} {
		n, err := drop()
		if err != nil {
			return false, err
		}
		more = more || n >= endBatch
	}
	return more, nil
}

// dropEndedSessions drops sessions that have expired, with their tokens, and links for passwords.
func (tx *WriteTx) dropEndedSessions() (int64, error) {
	n, err := tx.run(`
		DELETE FROM sessions
		WHERE id IN (
			SELECT id
			FROM sessions
			WHERE expires_at <= $1
			LIMIT $2)`, tx.now, endBatch)
	if err != nil {
		return 0, err
	}
	links, err := tx.runKeepingRights(`
		DELETE FROM resets
		WHERE user_id IN (
			SELECT user_id
			FROM resets
			WHERE expires_at <= $1
			LIMIT $2)`, tx.now, endBatch)
	return max(n, links), err
}

// dropEndedInvites drops invites that have expired or are used up.
func (tx *WriteTx) dropEndedInvites() (int64, error) {
	return tx.runKeepingRights(`
		DELETE FROM invites
		WHERE id IN (
			SELECT id
			FROM invites
			WHERE expires_at <= $1 OR (max_uses > 0 AND uses >= max_uses)
			LIMIT $2)`, tx.now, endBatch)
}

// dropOldInboxes takes notifications that are too old out of inboxes. To the sockets of their people those count
// as read.
func (tx *WriteTx) dropOldInboxes() (int64, error) {
	type entry struct {
		user        chat.UserID
		seq, readAt int64
	}
	old, err := listOf(&tx.Tx, func(row scanner) (e entry, err error) {
		err = row.Scan(&e.user, &e.seq, &e.readAt)
		return e, err
	}, `
		SELECT i.user_id, i.seq, i.read_at
		FROM notifications n
		CROSS JOIN inbox i
		WHERE i.notification_id = n.id AND n.created_at <= $1
		LIMIT $2`, tx.now-KeptNotifications.Milliseconds(), endBatch)
	if err != nil {
		return 0, err
	}
	for _, e := range old {
		if e.readAt == 0 {
			if _, err := tx.SetNotificationsRead(e.user, e.seq, e.seq); err != nil {
				return 0, err
			}
		}
		if _, err := tx.runKeepingRights(`
			DELETE FROM inbox
			WHERE user_id = $1 AND seq = $2`, e.user, e.seq); err != nil {
			return 0, err
		}
	}
	return int64(len(old)), nil
}

// dropOldNotifications drops notifications that are in no inbox any more, with their keys.
func (tx *WriteTx) dropOldNotifications() (n int64, err error) {
	var bytes int64
	tx.wrote = true
	err = tx.rows(func(row scanner) error {
		var size int64
		err := row.Scan(&size)
		n++
		bytes += size
		return err
	}, `
		DELETE FROM notifications
		WHERE id IN (
			SELECT n.id
			FROM notifications n
			WHERE n.created_at <= $1 AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.notification_id = n.id)
			LIMIT $2)
		RETURNING octet_length(key) + octet_length(title) + octet_length(body) + octet_length(url)
			+ octet_length(data)`, tx.now-KeptKeys.Milliseconds(), endBatch)
	if err != nil || n == 0 {
		return n, err
	}
	tx.removesText()
	_, err = tx.runKeepingRights(`
		UPDATE server
		SET notification_bytes = CASE WHEN notification_bytes > $1 THEN notification_bytes - $1 ELSE 0 END`, bytes)
	return n, err
}
