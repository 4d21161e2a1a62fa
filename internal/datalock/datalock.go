// Package datalock locks a data folder, so that no second process uses it at the same time.
package datalock

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrInUse says that another process (or another Lock of this process) has locked the folder.
var ErrInUse = errors.New("in use by another process")

// Lock is a locked folder. It stays locked until Release is called or the process ends in any way. Then the
// system frees the lock, so there is no stale lock to clean up after a crash or a power cut.
type Lock struct{ file *flock.Flock }

// Acquire locks the folder dir, which must exist, by an empty file named "lock" in it. It does not wait: it
// fails with ErrInUse when somebody else has the lock, or with the reason why the file could not be opened.
//
// It uses gofrs/flock rather than golang.org/x/sys, since gofrs/flock has flock on Unix and LockFileEx on
// Windows behind one call, and is tested on systems that Parley's authors do not have.
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

// Release unlocks the folder. It leaves the file in place: if it removed the file, two processes could lock
// two different files of the same name.
func (l *Lock) Release() error {
	return l.file.Unlock()
}
