// Noticing at a start that an older database has been put in place by hand.

package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"

	"parley/internal/files"
	"parley/store/sqlite"
)

// startFile is the file beside a database that knows its last start. Each line is a word that the database
// may have: two while a start is under way, so that it may end anywhere.
func startFile(database string) string { return database + ".last-start" }

// noteStart gives the database and the file beside it a new word. A database whose word is not in the file
// was put there since the last start: history may have gone backwards, and the numbers that clients know will
// be given to other messages. It gets another identity, as a restored one does: see renew.
func noteStart(ctx context.Context, database string) (err error) {
	db, err := sqlite.OpenWriter(database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var word string
	err = conn.QueryRowContext(ctx, `SELECT last_start FROM server`).Scan(&word)
	if isNoRow(err) {
		return nil // nobody has used it yet
	}
	if err != nil {
		return err
	}
	known, err := startWords(database)
	if err != nil {
		return err
	}
	moved := known == nil && word != "" // it came without its file
	if moved || known != nil && !slices.Contains(known, word) {
		slog.Warn("the database is not that of the last start: new epoch, everyone signs in again")
		if err := renew(ctx, conn); err != nil {
			return fmt.Errorf("give the database a new epoch: %w", err)
		}
	}
	// When the disk is full, the words of the last start serve for one more.
	if err := changeStartWord(ctx, conn, database, word); err != nil {
		slog.Warn("the start cannot be noted", "error", err)
	}
	return nil
}

// startWords reads the file; nil when there is none.
func startWords(database string) ([]string, error) {
	text, err := os.ReadFile(startFile(database))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), err
}

func changeStartWord(ctx context.Context, conn *sql.Conn, database, word string) error {
	next := rand.Text()
	if err := files.Replace(startFile(database), database, word+"\n"+next+"\n"); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, `
		UPDATE server
		SET last_start = $1`, next); err != nil {
		return err
	}
	return files.Replace(startFile(database), database, next+"\n")
}
