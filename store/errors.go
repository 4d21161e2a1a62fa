// What the database's errors mean to the rest of the program.

package store

import (
	"database/sql"
	"errors"

	"parley/chat"
)

// isNoRow tells that nothing was found.
func isNoRow(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// orNotFound turns "no row" into the refusal that a caller sees.
func orNotFound(err error, what string) error {
	if isNoRow(err) {
		return chat.Errorf(chat.NotFound, "there is no such %s", what)
	}
	return err
}

// isRefusal tells that a write was refused by a rule, and not by trouble with the database.
func isRefusal(err error) bool {
	var refusal *chat.Error
	return errors.As(err, &refusal)
}

// rolledBack is what a write is told whose transaction did not happen: its own refusal, or that the
// server cannot store now. Either way nothing was stored.
func rolledBack(err error) error {
	var refusal *chat.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	return &storageError{chat.Errorf(chat.Unavailable, "the server cannot store anything now; try again"), err}
}

// storageError is a refusal for the caller with its cause for the log.
type storageError struct {
	refusal *chat.Error
	cause   error
}

func (e *storageError) Error() string   { return e.refusal.Error() + ": " + e.cause.Error() }
func (e *storageError) Unwrap() []error { return []error{e.refusal, e.cause} }
