// The data folder, its lock, and the database in it. Package store says what the database holds.

package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"parley/internal/datalock"
	"parley/internal/files"
	"parley/store"
)

// databaseName is the file name of the database in the data folder.
const databaseName = "parley.db"

// addressName is the file in the data folder that holds the address of the server that uses the folder. The
// operator's commands read it to find that server.
const addressName = "parley.address"

// dataFolder is the folder for everything the server keeps. While it is open, no other process can open it.
type dataFolder struct {
	path string
	lock *datalock.Lock
}

// openData locks the data folder, so that other processes cannot use it. It makes the folder when it is
// missing.
func openData(path string) (*dataFolder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	lock, err := datalock.Acquire(path)
	if errors.Is(err, datalock.ErrInUse) {
		return nil, fmt.Errorf("the data folder %w, as a running server: stop it first, or name another folder with --data", err)
	}
	if err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be written: %w", path, err)
	}
	f := &dataFolder{path, lock}
	if err := files.Remove(f.addressFile()); err != nil { // left by a server that was killed
		return nil, errors.Join(err, lock.Release())
	}
	return f, nil
}

// noDatabase says that a folder is not the one of a server.
func noDatabase(folder string) error {
	return fmt.Errorf("there is no database in %s; name the server's folder with --data", folder)
}

// close lets other processes use the folder. The database in it has to be closed before.
func (f *dataFolder) close() error {
	return errors.Join(files.Remove(f.addressFile()), f.lock.Release())
}

func (f *dataFolder) database() string    { return filepath.Join(f.path, databaseName) }
func (f *dataFolder) addressFile() string { return filepath.Join(f.path, addressName) }

// openDatabase opens the database, and makes it when it is missing. onCommit is called with the committed
// changes, in the order of the commits.
func (f *dataFolder) openDatabase(onCommit store.OnCommit) (*store.Store, error) {
	db, err := store.Open(f.database(), onCommit)
	if err != nil {
		return nil, fmt.Errorf("open the database in %s: %w", f.path, err)
	}
	return db, nil
}

// noteAddress writes down where the server answers, for the operator's commands. When that fails, those
// commands do not work until the server has stopped.
func (f *dataFolder) noteAddress(ln net.Listener) {
	address := ln.Addr().String()
	if tcp, ok := ln.Addr().(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		host := "127.0.0.1"
		if tcp.IP.To4() == nil {
			host = "::1"
		}
		address = net.JoinHostPort(host, strconv.Itoa(tcp.Port))
	}
	if err := files.Replace(f.addressFile(), f.database(), address); err != nil {
		slog.Warn("commands will not find the server", "error", err)
	}
}
