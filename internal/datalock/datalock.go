// Package datalock keeps a second process out of a data folder.
package datalock

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrInUse says that another process (or another Lock of this one) holds the folder.
var ErrInUse = errors.New("in use by another process")

// Lock is held until Release, or until the process ends in any way: the system frees it, so there is no
// stale lock to clean up after a crash or a power cut.
type Lock struct{ file *flock.Flock }

// Acquire locks the folder dir, which must exist, by an empty file named "lock" in it, and does not wait.
// It fails with an ErrInUse, or with the reason why the file could not be opened.
//
// It uses gofrs/flock rather than golang.org/x/sys: flock on Unix and LockFileEx on Windows are behind
// one call there, tested on systems that we do not have.
func Acquire(dir string) (*Lock, error) {
	file := flock.New(filepath.Join(dir, "lock"), flock.SetPermissions(0o600))
	ok, err := file.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	if !ok {
		return nil, fmt.Errorf("%s is %w", dir, ErrInUse)
	}
	return &Lock{file}, nil
}

// Release frees the folder. The file stays: removing it would let two processes lock two files of the
// same name.
func (l *Lock) Release() error {
	return l.file.Unlock()
}
