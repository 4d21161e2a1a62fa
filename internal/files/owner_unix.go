// Owners of files: for files that root makes in the folder of another user.

//go:build unix

package files

import (
	"os"
	"syscall"
)

// GiveTo gives the file at path to the owner of the file at owned, when the process runs as root. A server
// that runs as that owner could not open a file of root's. SQLite does the same with its own files. For other
// users GiveTo does nothing, since only root can give files away.
func GiveTo(path, owned string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(owned)
	if err != nil {
		return err
	}
	owner := info.Sys().(*syscall.Stat_t) // this type is the same on every Unix
	if owner.Uid == 0 {
		return nil
	}
	return os.Chown(path, int(owner.Uid), int(owner.Gid))
}
