// The commands that copy the database and restore a copy.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"parley/internal/console"
	"parley/internal/files"
	"parley/store"
	"parley/store/sqlite"
)

// backupCommand is "parley backup".
type backupCommand struct {
	place     `embed:""`
	Overwrite bool   `env:"-" help:"Replace FILE if it is there."`
	File      string `arg:"" name:"file" help:"The file to write. It is there only once it is whole and checked."`
}

// Run writes the backup; kong calls it.
func (b *backupCommand) Run(c *console.Console) error {
	if b.Database != "" {
		return errBackupElsewhere
	}
	if err := b.mustExist(); err != nil {
		return err
	}
	database := b.database()
	source, err := os.Stat(database)
	if err != nil {
		return err
	}
	switch target, err := os.Stat(b.File); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case target.IsDir():
		return fmt.Errorf("%s is a folder; name a file in it", b.File)
	case os.SameFile(source, target):
		return fmt.Errorf("%s is the database itself", b.File)
	case !b.Overwrite:
		return fmt.Errorf("%s is there already; --overwrite replaces it", b.File)
	}
	partial := b.File + ".partial"
	copied, err := store.CopyDatabase(c.Ctx, database, partial, showProgress(c.Stderr, time.Now))
	if err == nil {
		err = os.Rename(partial, b.File)
	}
	if err != nil {
		return errors.Join(interrupted(c.Ctx, err), sqlite.Remove(partial))
	}
	if err := files.Sync(filepath.Dir(b.File)); err != nil {
		return err
	}
	if copied.Foreign != nil {
		fmt.Fprintf(c.Stderr, "parley restore will refuse this backup: %v\n", copied.Foreign)
	}
	fmt.Fprintf(c.Stdout, "Backed up %d messages in %d rooms to %s\n", copied.Messages, copied.Rooms, b.File)
	return nil
}

// errBackupElsewhere says who makes the backups of a PostgreSQL database.
var errBackupElsewhere = errors.New("PostgreSQL makes its own backups: pg_dump --format=custom copies the database while " +
	"servers use it, and continuous archiving brings back any moment (docs/operations.md, \"Backups of PostgreSQL\")")

// restoreCommand is "parley restore".
type restoreCommand struct {
	place `embed:""`
	File  string `arg:"" name:"file" help:"A file that parley backup wrote."`
}

// Run replaces the database with a backup; kong calls it.
func (r *restoreCommand) Run(c *console.Console) (err error) {
	switch info, err := os.Stat(r.File); {
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a folder; name the file of a backup", r.File)
	}
	if r.Database != "" {
		return errBackupElsewhere
	}
	data, err := openData(r.place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()
	database := r.database()
	fresh := database + ".restoring"
	copied, err := store.RestoreDatabase(c.Ctx, r.File, fresh, showProgress(c.Stderr, time.Now))
	if err != nil {
		return interrupted(c.Ctx, err)
	}
	aside := database + ".before-restore-" + time.Now().UTC().Format("20060102T150405.000Z")
	kept, err := sqlite.PutInPlace(fresh, database, aside)
	if err != nil {
		return errors.Join(err, sqlite.Remove(fresh))
	}
	fmt.Fprintf(c.Stdout, "Restored %d messages in %d rooms.\n", copied.Messages, copied.Rooms)
	if kept {
		fmt.Fprintf(c.Stdout, "What was there before is kept as %s\n", aside)
	}
	fmt.Fprintln(c.Stdout,
		"Everyone signs in again, with the password of the day of the backup. Invites and programs' tokens have ended.")
	return nil
}

// interrupted replaces the error of a copy that stopped because the person asked the program to stop.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.New("interrupted; nothing has changed")
	}
	return err
}

// showProgress makes a function that prints the progress of a copy every second, from the first second on.
func showProgress(out io.Writer, now func() time.Time) func(done, total int) {
	shown := now()
	return func(done, total int) {
		if now().Sub(shown) < time.Second {
			return
		}
		shown = now()
		fmt.Fprintf(out, "copied %d of %d pages, %d %%\n", done, total, done*100/total)
	}
}
