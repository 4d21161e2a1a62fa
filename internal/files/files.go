// Package files changes files so that a crash at any moment leaves the old or the new state.
package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Replace writes a small file so that at every moment the old or the new file is there. The new file gets the
// owner of the file owned.
func Replace(path, owned, text string) (err error) {
	fresh := path + ".new"
	file, err := os.OpenFile(fresh, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteAt([]byte(text), 0)
	if err = errors.Join(err, GiveTo(fresh, owned), file.Sync(), file.Close()); err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return errors.Join(err, Remove(fresh))
	}
	return Sync(filepath.Dir(path))
}

// Remove removes the files that exist. It goes on after an error, and returns all errors.
func Remove(paths ...string) error {
	var all error
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			all = errors.Join(all, err)
		}
	}
	return all
}

// Sync waits until the contents of a file, or the names in a folder, are on disk.
func Sync(path string) error {
	flag := os.O_RDWR // some systems sync only files that are open for writing
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		if runtime.GOOS == "windows" {
			return nil // Windows has no such call, and stores names by itself
		}
		flag = os.O_RDONLY
	}
	file, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
