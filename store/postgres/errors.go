// Errors: what an error of PostgreSQL means.

package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ErrNotCommitted means that nothing of a transaction is stored, although its COMMIT was sent.
var ErrNotCommitted = errors.New("the COMMIT came to nothing")

// ErrAborted means that a transaction was rolled back where it should have been committed.
var ErrAborted = errors.New("the transaction was rolled back, since a statement in it had failed")

// MayGoBetterAgain tells whether an error says that the same transaction may succeed when it is tried again: others were
// in its way, or the connection ended. Nothing of it is stored.
func MayGoBetterAgain(err error) bool {
	var failure *pgconn.PgError
	if !errors.As(err, &failure) {
		return errors.Is(err, ErrNotCommitted) || isGone(err)
	}
	switch failure.Code {
	case "40001", "40P01", "55P03": // serialization failure, deadlock, a lock that was not to be had in time
		return true
	case "57P01", "57P02", "57P03", "25P03": // the server stops or starts, a transaction that was idle for too long
		return true
	}
	return strings.HasPrefix(failure.Code, "08") // connections
}

// isGone tells whether an error is one of the connection and not of a statement.
func isGone(err error) bool {
	for _, gone := range []error{
		sql.ErrConnDone, driver.ErrBadConn, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE,
	} {
		if errors.Is(err, gone) {
			return true
		}
	}
	var failed *pgconn.ConnectError
	return errors.As(err, &failed) || err != nil && pgconn.SafeToRetry(err)
}

// IsRefusal tells whether PostgreSQL itself said that a COMMIT failed, so that nothing is stored for sure.
func IsRefusal(err error) bool {
	var failure *pgconn.PgError
	if errors.Is(err, ErrAborted) {
		return true
	}
	// While it stops it may say so after the commit is on disk, so that says nothing.
	return errors.As(err, &failure) && !strings.HasPrefix(failure.Code, "57P") && !strings.HasPrefix(failure.Code, "08")
}

// OneLine is an error with its text in one line: that of a connection that fails has one for each address that was tried.
func OneLine(err error) error { return &oneLine{err} }

type oneLine struct{ err error }

func (e *oneLine) Error() string { return strings.Join(strings.Fields(e.err.Error()), " ") }
func (e *oneLine) Unwrap() error { return e.err }

// How a transaction ended.
const (
	Committed = "committed"
	Aborted   = "aborted"
)

// askAgain is the time between two questions for a transaction that has not ended yet.
const askAgain = 50 * time.Millisecond

// Ended finds out on another connection how a transaction ended, by its number as pg_current_xact_id tells it. It waits
// while the transaction is under way, or the database cannot be reached, until ctx ends.
func Ended(ctx context.Context, address, transaction string) (how string, err error) {
	for {
		how, err = endedOnce(ctx, address, transaction)
		if err == nil && (how == Committed || how == Aborted) {
			return how, nil
		}
		select {
		case <-ctx.Done():
			return "", errors.Join(ctx.Err(), err)
		case <-time.After(askAgain):
		}
	}
}

func endedOnce(ctx context.Context, address, transaction string) (how string, err error) {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx)) // its error does not matter: the answer is there
	err = conn.QueryRow(ctx, `SELECT pg_xact_status($1::text::xid8)`, transaction).Scan(&how)
	return how, err
}
