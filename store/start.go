// The start: notices when somebody has put another database, such as an old backup, in place by hand.

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
	"strconv"
	"strings"

	"parley/internal/files"
	"parley/store/sqlite"
)

// cleanOnce rebuilds a database that may hold text which earlier versions deleted and did not overwrite. When the
// disk has no room for that, or a backup is reading the database, the next start tries again.
func cleanOnce(ctx context.Context, database string) error {
	left, err := leftoversIn(ctx, database)
	if err != nil || left != LeftoversOld {
		return err
	}
	slog.Info("writing the database anew, without what was deleted from it; this happens once", "database", database)
	if err := clean(ctx, database); err != nil {
		slog.Warn("what was deleted may still stand in the database; the next start tries again", "error", err)
		return nil
	}
	slog.Info("the database is written anew")
	return nil
}

// clean rebuilds a database and notes in it that it has no leftovers.
func clean(ctx context.Context, database string) error {
	if err := sqlite.Rebuild(ctx, database); err != nil {
		return err
	}
	return sqlite.WithConn(ctx, database, sqlite.OpenWriter, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, `
			UPDATE server
			SET leftovers = 0`)
		return err
	})
}

// leftoversIn reads what leftovers a database may have.
func leftoversIn(ctx context.Context, database string) (left Leftovers, err error) {
	err = sqlite.WithConn(ctx, database, sqlite.OpenWriter, func(conn *sql.Conn) error {
		err := conn.QueryRowContext(ctx, `
			SELECT leftovers
			FROM server`).Scan(&left)
		if isNoRow(err) {
			return nil // a new database
		}
		return err
	})
	return left, err
}

// startFile names the file beside a database that remembers its last start. Every start gives the database a
// new random word, in server.last_start. Each line of the file is a word that the database may have. While a
// start is under way there are two lines, so that the process may end at any moment.
func startFile(database string) string { return database + ".last-start" }

// noteStart gives the database and the file beside it a new word. A database whose word is not in the file
// was put there since the last start. Then history may have gone backwards, and the server will give numbers
// that clients know to other messages. So noteStart gives such a database a new epoch and key and ends its
// sessions, as for a restored backup: see renew.
func noteStart(ctx context.Context, database string) error {
	return sqlite.WithConn(ctx, database, sqlite.OpenWriter, func(conn *sql.Conn) error {
		return noteStartOn(ctx, conn, database)
	})
}

func noteStartOn(ctx context.Context, conn *sql.Conn, database string) error {
	var word string
	err := conn.QueryRowContext(ctx, `SELECT last_start FROM server`).Scan(&word)
	if isNoRow(err) {
		return nil // a new database: nobody has used it yet
	}
	if err != nil {
		return err
	}
	known, err := startWords(database)
	if err != nil {
		return err
	}
	var mark int64
	if err := conn.QueryRowContext(ctx, `SELECT mark FROM server`).Scan(&mark); err != nil {
		return err
	}
	noted := readMark(database)
	older := mark < noted               // a copy that was made while the last run went on
	moved := known == nil && word != "" // the database was used before, but its file is missing
	if older || moved || known != nil && !slices.Contains(known, word) {
		slog.Warn("the database is not that of the last start: new epoch, everyone signs in again")
		if err := errors.Join(distrustHTML(ctx, conn), renew(ctx, conn)); err != nil {
			return fmt.Errorf("give the database a new epoch: %w", err)
		}
		if _, err := conn.ExecContext(ctx, `UPDATE server SET mark = $1`, max(mark, noted)); err != nil {
			return err
		}
	}
	// When the disk is full, the words of the last start also do for this one.
	if err := changeStartWord(ctx, conn, database, word); err != nil {
		slog.Warn("the start cannot be noted", "error", err)
	}
	return nil
}

// startWords reads the words in the file of a database; nil when there is no file.
func startWords(database string) ([]string, error) {
	text, err := os.ReadFile(startFile(database))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), err
}

// changeStartWord gives the database a new word. At every moment the file holds the word that the database
// has.
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
	if err := noteRun(ctx, conn); err != nil {
		return err
	}
	return files.Replace(startFile(database), database, next+"\n")
}

// MaxRuns is how many runs of the server a database remembers: clients that have been away for longer drop their
// copies.
const MaxRuns = 64

// noteRun gives the run that begins a word, and forgets those of long ago.
func noteRun(ctx context.Context, conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
},
) error {
	if _, err := conn.ExecContext(ctx, `INSERT INTO runs (word) VALUES ($1)`, rand.Text()[:13]); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, `DELETE FROM runs WHERE id <= (SELECT max(id) FROM runs) - $1`, MaxRuns)
	return err
}

// markFile names the file beside a database with the mark that the database had last: see 0016_mark.sql. It is
// written after the database and never synced. So it costs nothing, and a power cut can only leave a lower mark in
// it, which says nothing.
func markFile(database string) string { return database + ".mark" }

// readMark reads the mark in the file of a database; 0 when there is none.
func readMark(database string) int64 {
	text, err := os.ReadFile(markFile(database))
	if err != nil {
		return 0
	}
	mark, err := strconv.ParseInt(strings.TrimLeft(strings.TrimSpace(string(text)), "0"), 10, 64)
	if err != nil {
		return 0
	}
	return mark
}

// writeMark writes a mark over the one before, all of it at once, since it has the same length.
func writeMark(database string, mark int64) error {
	file, err := os.OpenFile(markFile(database), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteAt(fmt.Appendf(nil, "%020d\n", mark), 0)
	return errors.Join(err, file.Close(), files.GiveTo(markFile(database), database))
}
