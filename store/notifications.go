// Notifications: each is stored once, with an entry in the inbox of every recipient.

package store

import (
	"slices"
	"time"

	"parley/chat"
)

// MaxInbox is how many notifications an inbox keeps; the oldest are dropped.
const MaxInbox = 500

// MaxNotificationBytes bounds the texts of all notifications that are kept.
const MaxNotificationBytes = 256 << 20

// SentNotification tells the sender of a notification how far its delivery has come.
type SentNotification struct {
	ID         int64
	Hash       []byte
	CreatedAt  int64
	Recipients int
	Delivered  int // recipients that have it so far; they are served in order of id
}

// SentNotification returns the notification that a sender sent with a key; NotFound when there is none.
func (tx *Tx) SentNotification(sender chat.UserID, key string) (SentNotification, error) {
	var n SentNotification
	err := tx.row(into(&n.ID, &n.Hash, &n.CreatedAt, &n.Recipients, &n.Delivered), `
		SELECT id, hash, created_at, recipients, delivered
		FROM notifications
		WHERE sender_id = $1 AND key = $2`, sender, key)
	return n, orNotFound(err, "notification")
}

// AddNotification stores a notification. It is in nobody's inbox yet: see Deliver. It fails with Busy when the
// server keeps as many as it may; they end after a time.
func (tx *WriteTx) AddNotification(
	sender chat.UserID, in chat.NewNotification, hash []byte, recipients int,
) (SentNotification, error) {
	n := SentNotification{Hash: hash, CreatedAt: tx.stamp, Recipients: recipients}
	var kept int64
	if err := tx.row(into(&kept), `SELECT notification_bytes FROM server`); err != nil {
		return n, err
	}
	size := int64(len(in.Key) + len(in.Title) + len(in.Body) + len(in.URL) + len(in.Data))
	if kept+size > MaxNotificationBytes {
		return n, &chat.Error{
			Code: chat.Busy, Limit: MaxNotificationBytes, Message: "the server keeps too many notifications",
			RetryAfter: time.Hour.Milliseconds(), // when it drops old ones next
		}
	}
	if err := tx.runOneKeepingRights(`
		UPDATE server
		SET notification_bytes = $1`, kept+size); err != nil {
		return n, err
	}
	var err error
	n.ID, err = tx.returningKeepingRights(`
		INSERT INTO notifications
			(sender_id, key, hash, created_at, recipients, delivered, title, body, url, data)
		VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9)
		RETURNING id`,
		sender, in.Key, hash, tx.stamp, recipients, in.Title, in.Body, in.URL, string(in.Data))
	return n, err
}

// Deliver puts a notification into the inboxes of the next recipients, with the time of this transaction, and
// tells their sockets.
func (tx *WriteTx) Deliver(id int64, n chat.Notification, to []chat.UserID) error {
	n.CreatedAt = tx.ownStamp()
	for _, user := range to {
		if err := tx.deliverTo(id, n, user); err != nil {
			return err
		}
	}
	return tx.PassOver(id, len(to))
}

// PassOver counts the next recipients as those who have a notification, without giving it to them.
func (tx *WriteTx) PassOver(id int64, recipients int) error {
	return tx.runOneKeepingRights(`
		UPDATE notifications
		SET delivered = delivered + $2
		WHERE id = $1`, id, recipients)
}

func (tx *WriteTx) deliverTo(id int64, n chat.Notification, user chat.UserID) error {
	tx.wrote = true
	added := chat.NotificationAdded{Notification: n}
	err := tx.row(into(&added.Notification.Seq, &added.Unread, &added.UserRev), `
		UPDATE users
		SET inbox_seq = inbox_seq + 1, inbox_unread = inbox_unread + 1, rev = rev + 1
		WHERE id = $1
		RETURNING inbox_seq, inbox_unread, rev`, user)
	if err != nil {
		return orNotFound(err, "person")
	}
	_, err = tx.runKeepingRights(`
		INSERT INTO inbox (user_id, seq, notification_id, created_at)
		VALUES ($1, $2, $3, $4)`, user, added.Notification.Seq, id, n.CreatedAt)
	if err != nil {
		return err
	}
	if added.Notification.Seq > MaxInbox {
		if added.Unread, err = tx.dropOldest(user, added.Notification.Seq-MaxInbox, added.Unread); err != nil {
			return err
		}
	}
	tx.tell(chat.Change{Event: "notification.added", Data: added, User: user, UserRev: added.UserRev})
	return nil
}

// dropOldest removes the notifications of an inbox up to a seq, and returns how many of the rest are unread.
func (tx *WriteTx) dropOldest(user chat.UserID, upTo int64, unread int) (int, error) {
	before := unread
	err := tx.rows(func(row scanner) error {
		var readAt int64
		err := row.Scan(&readAt)
		if readAt == 0 {
			unread--
		}
		return err
	}, `
		DELETE FROM inbox
		WHERE user_id = $1 AND seq <= $2
		RETURNING read_at`, user, upTo)
	if err != nil || unread == before {
		return unread, err
	}
	_, err = tx.runKeepingRights(`
		UPDATE users
		SET inbox_unread = $2
		WHERE id = $1`, user, unread)
	return unread, err
}

// Inbox returns the state of a person's inbox, and their user_rev.
func (tx *Tx) Inbox(user chat.UserID) (inbox chat.Inbox, userRev int64, err error) {
	err = tx.row(into(&inbox.Seq, &inbox.Unread, &userRev), `
		SELECT inbox_seq, inbox_unread, rev
		FROM users
		WHERE id = $1`, user)
	return inbox, userRev, orNotFound(err, "person")
}

// OldestNotification returns the seq of the oldest notification in an inbox; 0 when the inbox is empty.
func (tx *Tx) OldestNotification(user chat.UserID) (seq int64, err error) {
	err = tx.row(into(&seq), `
		SELECT coalesce(min(seq), 0)
		FROM inbox
		WHERE user_id = $1`, user)
	return seq, err
}

const notificationCols = `i.seq, i.read_at, n.sender_id, i.created_at, n.title, n.body, n.url, n.data`

func scanNotification(row scanner) (n chat.Notification, err error) {
	var data string
	err = row.Scan(&n.Seq, &n.ReadAt, &n.SenderID, &n.CreatedAt, &n.Title, &n.Body, &n.URL, &data)
	if data != "" {
		n.Data = []byte(data)
	}
	return n, err
}

// notifications runs a query for notificationCols. It reads no further than the notification that brings the
// sum to maxBytes.
func (tx *Tx) notifications(maxBytes int, query string, args ...any) ([]chat.Notification, error) {
	list := pageOf[chat.Notification]{maxBytes: maxBytes, scan: scanNotification, size: NotificationBytes}
	page, _, err := list.read(tx, query, args...)
	return page, err
}

// NotificationsBefore returns the newest notifications of an inbox with a seq below the given one, in order
// of seq: at most limit, and no more than the one that brings the sum to maxBytes.
func (tx *Tx) NotificationsBefore(user chat.UserID, seq int64, limit, maxBytes int) ([]chat.Notification, error) {
	list, err := tx.notifications(maxBytes, `
		SELECT `+notificationCols+`
		FROM inbox i
		JOIN notifications n ON n.id = i.notification_id
		WHERE i.user_id = $1 AND i.seq < $2
		ORDER BY i.seq DESC
		LIMIT $3`, user, seq, limit)
	slices.Reverse(list)
	return list, err
}

// NotificationsAfter returns the oldest notifications of an inbox with a seq above the given one, in order of
// seq: at most limit, and no more than the one that brings the sum to maxBytes.
func (tx *Tx) NotificationsAfter(user chat.UserID, seq int64, limit, maxBytes int) ([]chat.Notification, error) {
	return tx.notifications(maxBytes, `
		SELECT `+notificationCols+`
		FROM inbox i
		JOIN notifications n ON n.id = i.notification_id
		WHERE i.user_id = $1 AND i.seq > $2
		ORDER BY i.seq
		LIMIT $3`, user, seq, limit)
}

// NotificationsMissed returns unread notifications of an inbox that came after a time and have a seq of at
// most upTo, in order of seq. When there are more than limit, or when they have more than
// maxBytes, it returns the newest.
func (tx *Tx) NotificationsMissed(
	user chat.UserID, upTo, since int64, limit, maxBytes int,
) ([]chat.Notification, error) {
	list, err := tx.notifications(maxBytes, `
		SELECT `+notificationCols+`
		FROM inbox i
		JOIN notifications n ON n.id = i.notification_id
		WHERE i.user_id = $1 AND i.seq <= $2 AND i.read_at = 0 AND i.created_at > $3
		ORDER BY i.seq DESC
		LIMIT $4`, user, upTo, since, limit)
	slices.Reverse(list)
	return list, err
}

// SetNotificationsRead marks the notifications of an inbox from one seq to another as read, and tells the
// person's sockets. When all of them were read before, it tells nobody.
func (tx *WriteTx) SetNotificationsRead(user chat.UserID, first, last int64) (chat.NotificationsRead, error) {
	read := chat.NotificationsRead{First: first, Last: last}
	marked, err := tx.runKeepingRights(`
		UPDATE inbox
		SET read_at = $4
		WHERE user_id = $1 AND seq BETWEEN $2 AND $3 AND read_at = 0`, user, first, last, tx.stamp)
	if err != nil {
		return chat.NotificationsRead{}, err
	}
	if marked == 0 {
		var inbox chat.Inbox
		inbox, read.UserRev, err = tx.Inbox(user)
		read.Unread = inbox.Unread
		return read, err
	}
	err = tx.row(into(&read.Unread, &read.UserRev), `
		UPDATE users
		SET inbox_unread = inbox_unread - $2, rev = rev + 1
		WHERE id = $1
		RETURNING inbox_unread, rev`, user, marked)
	if err != nil {
		return chat.NotificationsRead{}, orNotFound(err, "person")
	}
	tx.tell(chat.Change{Event: "notification.read", Data: read, User: user, UserRev: read.UserRev})
	return read, nil
}
