// The data folder, its lock, and the database in it. Package store says what the database holds.

package main

import (
	"errors"
	"fmt"
	"io/fs"
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

// place says where a server keeps what it has: settings of the server, and of the commands that need what it keeps.
type place struct {
	Data     string `group:"Where" default:"./parley-data" placeholder:"FOLDER" help:"Folder for everything the server keeps (${default})."`
	Database string `group:"Where" placeholder:"URL" help:"A PostgreSQL database in place of the SQLite file in the folder, as postgres://parley@localhost/parley."`
}

// check refuses an address that names no database.
func (p place) check() error {
	if p.Database == "" {
		return nil
	}
	if !store.IsServer(p.Database) {
		return errors.New("--database: a URL that begins with postgres://; without it, the database is a file in the folder of --data")
	}
	if err := store.CheckAddress(p.Database); err != nil {
		return fmt.Errorf("--database: %w", err)
	}
	return nil
}

// database is the address of the database: a URL, or the path of the file in the data folder.
func (p place) database() string {
	if p.Database != "" {
		return p.Database
	}
	return filepath.Join(p.Data, databaseName)
}

// mustExist fails when there is no database yet, which a server would make.
func (p place) mustExist() error {
	if p.Database != "" {
		return nil
	}
	if _, err := os.Stat(p.database()); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database in %s; name the server's folder with --data", p.Data)
	}
	return nil
}

// dataFolder is the folder for everything the server keeps. While it is open, no other process can open it.
type dataFolder struct {
	place
	lock *datalock.Lock
}

// openData locks the data folder, so that other processes cannot use it. It makes the folder when it is
// missing.
func openData(in place) (*dataFolder, error) {
	path := in.Data
	if err := in.check(); err != nil {
		return nil, err
	}
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
	f := &dataFolder{in, lock}
	if err := files.Remove(f.addressFile()); err != nil { // left by a server that was killed
		return nil, errors.Join(err, lock.Release())
	}
	return f, nil
}

// close lets other processes use the folder. The database in it has to be closed before.
func (f *dataFolder) close() error {
	return errors.Join(files.Remove(f.addressFile()), f.lock.Release())
}

func (f *dataFolder) addressFile() string { return filepath.Join(f.Data, addressName) }

// shown is the database as a person may see it.
func (p place) shown() string {
	if p.Database != "" {
		return store.Shown(p.Database)
	}
	return "the database in " + p.Data
}

// openDatabase opens the database, and makes it when it is missing. onCommit is called with the committed
// changes, in the order of the commits.
func (f *dataFolder) openDatabase(onCommit store.OnCommit) (*store.Store, error) {
	db, err := store.Open(f.database(), onCommit)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f.shown(), err)
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
	if err := files.Replace(f.addressFile(), f.Data, address); err != nil {
		slog.Warn("commands will not find the server", "error", err)
	}
}
