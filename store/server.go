// The server's own row: its name, how people register, its epoch and its key.

package store

import (
	"crypto/rand"

	"parley/chat"
)

// ServerRow is what the database says of the server itself.
type ServerRow struct {
	Name         string
	Registration chat.Registration
	Epoch        string
	TokenKey     []byte
	Directory    int64
}

// EnsureServer makes the server's row when the database is new, with a key and an epoch of its own, and
// gives it back.
func (tx *WriteTx) EnsureServer(name string) (ServerRow, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	_, err := tx.run(`
		INSERT INTO server (one, name, registration, epoch, token_key, directory)
		VALUES (1, $1, $2, $3, $4, 0)
		ON CONFLICT DO NOTHING`, name, chat.RegistrationInvite, rand.Text(), key)
	if err != nil {
		return ServerRow{}, err
	}
	return tx.Server()
}

// Server reads the server's row.
func (tx *Tx) Server() (ServerRow, error) {
	var s ServerRow
	err := tx.row(into(&s.Name, &s.Registration, &s.Epoch, &s.TokenKey, &s.Directory), `
		SELECT name, registration, epoch, token_key, directory
		FROM server`)
	return s, err
}

// Touch stores something that changes nothing, which fails when the disk does: reading, and a transaction in
// which nothing was written, would not notice. SQLite does not write a row that is the same as before.
func (tx *WriteTx) Touch() error {
	for _, by := range []int{1, -1} {
		err := tx.runOne(`
			UPDATE server
			SET directory = directory + $1`, by)
		if err != nil {
			return err
		}
	}
	return nil
}

// SetServer stores other settings and tells everyone.
func (tx *WriteTx) SetServer(server chat.Server) error {
	err := tx.runOne(`
		UPDATE server
		SET name = $1, registration = $2`, server.Name, server.Registration)
	if err != nil {
		return err
	}
	tx.tell(chat.Change{Event: "server.changed", Data: chat.ServerChanged{Server: server}})
	return nil
}
