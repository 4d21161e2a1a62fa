// Errors: what an error of the database means to the rest of the program.

package store

import (
	"database/sql"
	"errors"

	"parley/chat"
)

// isNoRow tells whether a query found no row.
func isNoRow(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// orNotFound turns "no row" into a NotFound refusal, and returns any other error as it is.
func orNotFound(err error, what string) error {
	if isNoRow(err) {
		return chat.Errorf(chat.NotFound, "there is no such %s", what)
	}
	return err
}

// isRefusal tells whether a rule refused a write, as opposed to an error of the database.
func isRefusal(err error) bool {
	var refusal *chat.Error
	return errors.As(err, &refusal)
}

// rolledBack returns the answer to a write whose transaction was rolled back: the refusal in err, or else
// that the server cannot store anything now. Either way nothing was stored.
func rolledBack(err error) error {
	var refusal *chat.Error
	if errors.As(err, &refusal) {
		return refusal
	}
	return &storageError{chat.Errorf(chat.Unavailable, "the server cannot store anything now; try again"), err}
}

// storageError is a refusal for the caller, together with its cause for the log.
type storageError struct {
	refusal *chat.Error
	cause   error
}

func (e *storageError) Error() string   { return e.refusal.Error() + ": " + e.cause.Error() }
func (e *storageError) Unwrap() []error { return []error{e.refusal, e.cause} }
