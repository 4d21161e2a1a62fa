// The place of the database: whether its files are still those that the server opened. Somebody may remove or replace
// them while it runs. Everything would seem to go on, in files that nobody finds any more, and be lost at the end.
//
// What the files hold tells nothing of that kind for sure: while somebody reads, a checkpoint leaves the file of a
// healthy database a mixture of older and newer pages. So only which files they are counts, never their content.

package store

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"parley/chat"
)

const (
	// lookEvery is the time between two looks at the files while nothing is stored.
	lookEvery = time.Second
	// complainEvery is the time between two lines of the log about files that are gone.
	complainEvery = time.Minute
)

// suffixes are what follows the path of the database in the names of its files.
var suffixes = []string{"", "-wal", "-shm"}

// place remembers which files the database had when it was opened. Only the writer's goroutine uses it.
type place struct {
	path       string
	files      map[string]os.FileInfo // by suffix
	complained time.Time              // when the log last said that the files are gone
}

// newPlace looks at the files of a database that is open. While it is open, SQLite neither removes nor replaces
// any of them; the connections that read keep it open when the one that writes is opened anew.
func newPlace(path string) (*place, error) {
	p := &place{path: path, files: map[string]os.FileInfo{}}
	for _, suffix := range suffixes {
		info, err := os.Stat(path + suffix)
		if err != nil {
			return nil, fmt.Errorf("look at the files of the database: %w", err)
		}
		os.SameFile(info, info) // has Windows find out now which file it is, and not when it is compared
		p.files[suffix] = info
	}
	return p, nil
}

// check fails, as Unavailable, while a file of the database is not the one that was opened. It costs the time of
// three looks at the file system, some microseconds.
func (p *place) check() error {
	err := p.sameFiles()
	if err == nil {
		return nil
	}
	if now := time.Now(); p.complained.IsZero() || now.Sub(p.complained) >= complainEvery {
		p.complained = now
		slog.Error("store: a file of the database was removed or replaced while the server runs, so it stores nothing: "+
			"move the same files back, and the server goes on; do not stop it before they are there, since what it has "+
			"open is then gone (docs/operations.md, \"When the disk fails\")", "error", err)
	}
	return &storageError{errGone, err}
}

// errGone refuses what would be lost.
var errGone = chat.Errorf(chat.Unavailable, "the server's database was removed or replaced while the server runs; "+
	"it stores nothing until its operator puts the same files back")

// sameFiles fails when a file is gone or another one for sure. Whatever else keeps it from looking says nothing.
func (p *place) sameFiles() error {
	for _, suffix := range suffixes {
		info, err := os.Stat(p.path + suffix)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s is not there", p.path+suffix)
		case err == nil && !os.SameFile(info, p.files[suffix]):
			return fmt.Errorf("%s is another file", p.path+suffix)
		}
	}
	return nil
}
