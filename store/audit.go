// The audit log: what was done to others by those who look after the server.

package store

import (
	"unicode/utf8"

	"parley/access"
	"parley/chat"
)

// How many entries the audit log keeps: with the oldest gone, the newest have their place. What people do in the rooms that
// they own has a bound of its own, and so have each of them, so that nobody can push out what an admin did, or another.
const (
	MaxAudit        = 100_000 // of those who look after the server
	maxAuditOfRooms = 20_000  // of those who look after rooms only
	maxAuditOfOwner = 1_000   // of each of these
)

// maxAuditDetail bounds the text of an entry, in bytes.
const maxAuditDetail = 200

// Audit notes in the audit log what by does, as a part of the transaction that does it: either both are
// stored or neither. entry says what; its id, its time and who did it are set here. An operator's act is by
// the user 0.
func (tx *WriteTx) Audit(by access.Caller, entry chat.AuditEntry) error {
	if err := tx.Alone(); err != nil {
		return err
	}
	staff := by.Operator
	if !staff {
		user, err := tx.User(by.User)
		if err != nil {
			return err
		}
		staff = user.Role.Administers()
	}
	place, err := tx.returningKeepingRights(`
		INSERT INTO audit (at, by_id, act, user_id, room_id, seq, detail, staff, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT coalesce(max(place), 0) + 1 FROM audit WHERE staff = $8))
		RETURNING place`,
		tx.stamp, by.User, entry.Act, entry.UserID, entry.RoomID, entry.Seq, shortened(entry.Detail), staff)
	if err != nil {
		return err
	}
	bound := int64(MaxAudit)
	if !staff {
		bound = maxAuditOfRooms
		_, err = tx.runKeepingRights(`
			DELETE FROM audit
			WHERE id = (
				SELECT id
				FROM audit
				WHERE staff = 0 AND by_id = $1
				ORDER BY place DESC
				LIMIT 1 OFFSET $2)`, by.User, maxAuditOfOwner)
		if err != nil {
			return err
		}
	}
	_, err = tx.runKeepingRights(`DELETE FROM audit WHERE staff = $1 AND place <= $2`, staff, place-bound)
	return err
}

// shortened cuts a text to maxAuditDetail bytes, between two characters.
func shortened(text string) string {
	if len(text) <= maxAuditDetail {
		return text
	}
	end := maxAuditDetail
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

func scanAuditEntry(row scanner) (e chat.AuditEntry, err error) {
	err = row.Scan(&e.ID, &e.At, &e.By, &e.Act, &e.UserID, &e.RoomID, &e.Seq, &e.Detail)
	return e, err
}

// AuditBefore lists the newest entries of the audit log with an id below the given one, newest first: at most
// limit, and no more than the one that brings the sum to maxBytes.
func (tx *Tx) AuditBefore(id int64, limit, maxBytes int) (page chat.Audit, err error) {
	list := pageOf[chat.AuditEntry]{limit: limit, maxBytes: maxBytes, scan: scanAuditEntry, size: auditBytes}
	page.Entries, page.More, err = list.read(tx, `
		SELECT id, at, by_id, act, user_id, room_id, seq, detail
		FROM audit
		WHERE id < $1
		ORDER BY id DESC
		LIMIT $2`, id, limit+1)
	return page, err
}
