// The server's own row: its name, how people register, its epoch and its key for tokens.

package store

import (
	"crypto/rand"

	"parley/chat"
)

// ServerRow is what the database holds about the server itself.
type ServerRow struct {
	Name         string
	Registration chat.Registration
	Epoch        string
	TokenKey     []byte
	Directory    int64
}

// EnsureServer returns the server's row. In a new database it first makes the row, with a random key and
// epoch.
func (tx *WriteTx) EnsureServer(name string) (ServerRow, error) {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	added, err := tx.run(`
		INSERT INTO server (one, name, registration, epoch, token_key, directory, leftovers)
		VALUES (1, $1, $2, $3, $4, 0, 0)
		ON CONFLICT DO NOTHING`, name, chat.RegistrationInvite, rand.Text(), key)
	if err == nil && added > 0 {
		_, err = tx.run(`INSERT INTO runs (word) VALUES ($1)`, rand.Text()[:13])
	}
	if err != nil {
		return ServerRow{}, err
	}
	return tx.Server()
}

// Runs lists the runs of the server in this history by their words, the present one first.
func (tx *Tx) Runs() ([]string, error) {
	return columnOf[string](tx, `
		SELECT word
		FROM runs
		ORDER BY id DESC
		LIMIT $1`, MaxRuns)
}

// Server reads the server's row.
func (tx *Tx) Server() (ServerRow, error) {
	var s ServerRow
	err := tx.row(into(&s.Name, &s.Registration, &s.Epoch, &s.TokenKey, &s.Directory), `
		SELECT name, registration, epoch, token_key, directory
		FROM server`)
	return s, err
}

// touch raises a number and lowers it again, to find out whether the database can store anything. A read, or
// a transaction that writes nothing, would succeed even on a full or broken disk. Storing the same number
// would not do either, since SQLite does not write a row that stays the same.
func (tx *WriteTx) touch() error {
	for _, by := range []int{1, -1} {
		err := tx.runOneKeepingRights(`
			UPDATE server
			SET directory = directory + $1`, by)
		if err != nil {
			return err
		}
	}
	return nil
}

// SetServer stores the settings of the server and tells everyone.
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

// Leftovers is what may stand in the files of a database although it was deleted.
type Leftovers int

// The kinds of leftovers.
const (
	LeftoversNone  Leftovers = 0
	LeftoversMaybe Leftovers = 1 // text was removed since the last search: see upkeep
	LeftoversOld   Leftovers = 2 // of versions that did not overwrite what they deleted: see sqlite.Rebuild
)

// SetLeftovers stores what leftovers there may be. Those of old versions stay until the database is rebuilt.
func (tx *WriteTx) SetLeftovers(now Leftovers) error {
	_, err := tx.runKeepingRights(`
		UPDATE server
		SET leftovers = $1
		WHERE leftovers NOT IN ($1, 2)`, now)
	return err
}

// Leftovers reads what leftovers there may be.
func (tx *Tx) Leftovers() (now Leftovers, err error) {
	err = tx.row(into(&now), `
		SELECT leftovers
		FROM server`)
	if isNoRow(err) {
		err = nil
	}
	return now, err
}
