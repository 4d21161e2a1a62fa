// Resets: links by which people choose another password. The database keeps only a hash of each code.

package store

import "parley/chat"

// errNoReset is the one answer for every code that does not work: it was used, has ended, or never existed.
var errNoReset = &chat.Error{Code: chat.NotFound, Field: "code", Message: "this link does not work any more"}

// AddReset stores a link for a user's password until a time in UTC milliseconds, and who made it: 0 is the operator. An
// earlier link for the same user ends. The links that have expired are deleted.
func (tx *WriteTx) AddReset(user, by chat.UserID, code string, expiresAt int64) error {
	if _, err := tx.runKeepingRights(`DELETE FROM resets WHERE expires_at <= $1`, tx.now); err != nil {
		return err
	}
	_, err := tx.runKeepingRights(`
		INSERT INTO resets (user_id, by_id, code_hash, expires_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id) DO UPDATE
		SET by_id = excluded.by_id, code_hash = excluded.code_hash, expires_at = excluded.expires_at`,
		user, by, codeHash(code), expiresAt)
	return err
}

// ResetFor returns the user for whose password a link is; NotFound for a code that does not work.
func (tx *Tx) ResetFor(code string) (chat.User, error) {
	var u chat.User
	found, err := tx.one(func(row scanner) error { return scanUser(row, &u) }, `
		SELECT `+userCols+`
		FROM resets r
		JOIN users u ON u.id = r.user_id
		WHERE r.code_hash = $1 AND r.expires_at > $2`, codeHash(code), tx.now)
	if err == nil && !found {
		err = errNoReset
	}
	return u, err
}

// EndReset ends the link for a user's password. Without one it does nothing.
func (tx *WriteTx) EndReset(user chat.UserID) error {
	_, err := tx.runKeepingRights(`DELETE FROM resets WHERE user_id = $1`, user)
	return err
}

// EndResetsBy ends the links that a user made for others' passwords.
func (tx *WriteTx) EndResetsBy(by chat.UserID) error {
	_, err := tx.runKeepingRights(`DELETE FROM resets WHERE by_id = $1`, by)
	return err
}
