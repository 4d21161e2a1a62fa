// Copying: a database that a server may be using, page by page.

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
)

// A copy is made in steps of pagesInStep pages with a pause between them, so that it can be interrupted and
// others can use the disk. The copied callback of the store syncs the copy after each step: unsynced pages
// would gather, and a server's own sync would have to wait for all of them at once.
const (
	pagesInStep = 1024
	stepPause   = 2 * time.Millisecond
)

// CopyPages copies the database at from into the file at to, once check has accepted it. It copies within one
// read transaction: without that, every commit of a server would make the copy begin anew. The copy has no
// journal, so the caller must throw it away when CopyPages fails. CopyPages calls copied after each step
// except the last.
func CopyPages(
	ctx context.Context, from, to string,
	check func(context.Context, *sql.Conn) error, copied func(done, total int) error,
) (err error) {
	defer func() {
		switch {
		case errors.Is(err, ErrNoSpace):
			err = fmt.Errorf("%s: %w", to, err)
		case err != nil:
			err = fmt.Errorf("%s: %w", from, err)
		}
	}()
	db, err := OpenBeside(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return Explain(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return Explain(err)
	}
	if err := check(ctx, conn); err != nil {
		return Explain(err)
	}
	return conn.Raw(func(driver any) error {
		source := driver.(interface {
			NewBackup(target string) (*sqlite.Backup, error)
		})
		backup, err := source.NewBackup(dsn(to, "mode=rw&_journal_mode=OFF&_synchronous=OFF"))
		if err != nil {
			return Explain(err)
		}
		for more := true; more && err == nil; {
			if more, err = backup.Step(pagesInStep); err == nil && more {
				err = copied(backup.PageCount()-backup.Remaining(), backup.PageCount())
			}
			if err == nil && more {
				err = pause(ctx, stepPause)
			}
		}
		if finishErr := backup.Finish(); err == nil { // after a failed step it is the same error again
			err = finishErr
		}
		return Explain(err)
	})
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
