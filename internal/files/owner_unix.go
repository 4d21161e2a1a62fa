// Files that root makes in the folder of another user.

//go:build unix

package files

import (
	"os"
	"syscall"
)

// GiveTo has root give a file of theirs to whoever owns another, as SQLite does with its own files: a server
// that runs as that user could not open it. Nobody else can give files away.
func GiveTo(path, owned string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(owned)
	if err != nil {
		return err
	}
	owner := info.Sys().(*syscall.Stat_t) // as on every unix
	if owner.Uid == 0 {
		return nil
	}
	return os.Chown(path, int(owner.Uid), int(owner.Gid))
}
