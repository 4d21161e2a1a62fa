// The room that is left on a disk.

//go:build linux || darwin

package files

import "syscall"

// Room returns how many bytes can still be written to the disk of a folder.
func Room(folder string) (uint64, error) {
	var disk syscall.Statfs_t
	err := syscall.Statfs(folder, &disk)
	return disk.Bavail * uint64(disk.Bsize), err
}
