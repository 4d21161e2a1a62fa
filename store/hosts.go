// Hosts: the names under which the server is reached and answers.

package store

import "parley/chat"

var (
	errNoHost       = chat.Errorf(chat.NotFound, "there is no such name")
	errTooManyHosts = chat.InvalidField("name", "the server has as many names as it can have; remove one first")
)

// Hosts lists the confirmed names, sorted.
func (tx *Tx) Hosts() ([]chat.Host, error) {
	return listOf(tx, func(row scanner) (h chat.Host, err error) {
		err = row.Scan(&h.Name, &h.AddedAt)
		return h, err
	}, `
		SELECT name, added_at
		FROM hosts
		ORDER BY name`)
}

// HostsSince returns when a server that was used before it checked host names began to check them, in UTC
// milliseconds; 0 when it always did.
func (tx *Tx) HostsSince() (since int64, err error) {
	err = tx.row(into(&since), `SELECT hosts_since FROM server`)
	return since, err
}

// SessionBegan returns the user of a session and when it began, in UTC milliseconds; SignedOut when the
// session does not exist.
func (tx *Tx) SessionBegan(id chat.SessionID) (user chat.User, began int64, err error) {
	found, err := tx.one(func(row scanner) error { return scanUser(row, &user, &began) }, `
		SELECT `+userCols+`, s.created_at
		FROM sessions s
		JOIN users u ON u.id = s.user_id
		WHERE s.id = $1`, id)
	if err == nil && !found {
		err = ErrSignedOut
	}
	return user, began, err
}

// AddHost confirms a name, of which there may be most. It does nothing when the name is confirmed already.
func (tx *WriteTx) AddHost(name string, most int) (h chat.Host, err error) {
	var many int
	if err := tx.row(into(&many), `SELECT count(*) FROM hosts WHERE name <> $1`, name); err != nil {
		return h, err
	}
	if many >= most {
		return h, errTooManyHosts
	}
	if _, err := tx.run(`
		INSERT INTO hosts (name, added_at)
		VALUES ($1, $2)
		ON CONFLICT DO NOTHING`, name, tx.stamp); err != nil {
		return h, err
	}
	err = tx.row(into(&h.Name, &h.AddedAt), `SELECT name, added_at FROM hosts WHERE name = $1`, name)
	return h, err
}

// RemoveHost takes a name back; NotFound when it is not confirmed.
func (tx *WriteTx) RemoveHost(name string) error {
	n, err := tx.run(`DELETE FROM hosts WHERE name = $1`, name)
	if err == nil && n == 0 {
		err = errNoHost
	}
	return err
}
