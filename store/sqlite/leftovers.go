// Leftovers: text that was deleted and still stands in the file, in places that no table uses.
//
// With secure_delete SQLite overwrites a row that it deletes, and a page that it frees. But it leaves copies of
// rows behind when it moves them from a full page to another: in the gap of the first page, between the list of
// its rows and the rows. When such a row is deleted later, SQLite overwrites it where it is then, and the copy
// stays. The functions here find such gaps and overwrite them.

package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parley/internal/files"
)

// OpenPages opens a database that the server is using, to read and write its pages as such. This is the only kind
// of connection that is not defensive, since a defensive one cannot write pages. It does not wait for locks.
func OpenPages(path string) (*sql.DB, error) {
	return sql.Open("sqlite", dsn(path, "mode=rw&_dqs=0&_synchronous=NORMAL&_pragma=busy_timeout(0)"+
		"&_pragma=cache_size(-1000)&_pragma=temp_store(MEMORY)"))
}

// maxPages is the number of pages below which the first byte of a page tells whether it belongs to a b-tree. The
// other pages begin with the number of a page, which is then smaller than 0x02000000. With pages of 4 KiB these
// are 128 GiB.
const maxPages = 0x02000000

// PageCount returns how many pages a database has.
func PageCount(ctx context.Context, conn *sql.Conn) (n int64, err error) {
	err = conn.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&n)
	return n, err
}

// FindLeftovers returns those of n pages, from the page first on, that have something in their gap.
func FindLeftovers(ctx context.Context, conn *sql.Conn, first, n int64) (found []int64, err error) {
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return nil, err
	}
	defer func() { _, end := conn.ExecContext(context.Background(), `ROLLBACK`); err = errors.Join(err, end) }()
	read, err := readPages(ctx, conn)
	if err != nil {
		return nil, err
	}
	defer read.Close()
	for number := first; number < min(first+n, maxPages); number++ {
		page, err := pageAt(ctx, read, number)
		if err != nil {
			return nil, err
		}
		if page == nil {
			break // the file is shorter now
		}
		if from, to := gap(page, number); from < to {
			found = append(found, number)
		}
	}
	return found, nil
}

// EraseLeftovers overwrites the gaps of some pages with zeros, in one transaction.
func EraseLeftovers(ctx context.Context, conn *sql.Conn, pages []int64) (err error) {
	if _, err := conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, end := conn.ExecContext(context.Background(), `ROLLBACK`)
			err = errors.Join(err, end)
		}
	}()
	read, err := readPages(ctx, conn)
	if err != nil {
		return err
	}
	defer read.Close()
	for _, number := range pages {
		page, err := pageAt(ctx, read, number)
		if err != nil {
			return err
		}
		from, to := gap(page, number) // it may have changed since it was found
		if from >= to {
			continue
		}
		clear(page[from:to])
		if _, err := conn.ExecContext(ctx, `
			UPDATE sqlite_dbpage
			SET data = $2
			WHERE pgno = $1`, number, page); err != nil {
			return err
		}
	}
	_, err = conn.ExecContext(ctx, `COMMIT`)
	return err
}

func readPages(ctx context.Context, conn *sql.Conn) (*sql.Stmt, error) {
	return conn.PrepareContext(ctx, `
		SELECT data
		FROM sqlite_dbpage
		WHERE pgno = $1`)
}

// pageAt reads a page; nil when the file does not have it.
func pageAt(ctx context.Context, read *sql.Stmt, number int64) (page []byte, err error) {
	err = read.QueryRowContext(ctx, number).Scan(&page)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return page, err
}

// gap returns where the part of a page's gap begins and ends that is not zero; from is not below to when all of it
// is, or when the page is not one of a b-tree. https://www.sqlite.org/fileformat2.html#b_tree_pages
func gap(page []byte, number int64) (from, to int) {
	header := 0
	if number == 1 {
		header = 100 // the header of the file
	}
	if len(page) < 512 {
		return 0, 0
	}
	switch page[header] {
	case 10, 13: // leaves
		from = header + 8
	case 2, 5:
		from = header + 12
	default:
		return 0, 0
	}
	from += 2 * int(binary.BigEndian.Uint16(page[header+3:]))
	to = int(binary.BigEndian.Uint16(page[header+5:]))
	if to == 0 {
		to = 1 << 16
	}
	if to > len(page) {
		return 0, 0
	}
	for from < to && page[from] == 0 {
		from++
	}
	for from < to && page[to-1] == 0 {
		to--
	}
	return from, to
}

// EraseAllLeftovers does this for a whole database that nobody else uses.
func EraseAllLeftovers(ctx context.Context, path string) error {
	return WithConn(ctx, path, OpenPages, func(conn *sql.Conn) error {
		if _, err := conn.ExecContext(ctx, `PRAGMA synchronous = OFF`); err != nil { // the caller syncs the file
			return err
		}
		total, err := PageCount(ctx, conn)
		for first := int64(1); err == nil && first <= total; first += pagesInStep {
			var found []int64
			if found, err = FindLeftovers(ctx, conn, first, pagesInStep); err == nil && len(found) > 0 {
				err = EraseLeftovers(ctx, conn, found)
			}
		}
		return err
	})
}

// Rebuild writes a database anew, with nothing in it but what its tables hold, and puts it in the place of the old
// one in one step. Nobody else may write to it. It fails with ErrNoSpace when the disk has no room for a second
// one, and with ErrInOtherUse while another process, such as a backup, reads it. When it fails, or is interrupted,
// the old database is still there.
func Rebuild(ctx context.Context, path string) (err error) {
	if err := foldLog(path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fresh := path + ".cleaning"
	if err := Remove(fresh); err != nil { // an interrupted one
		return err
	}
	if room, err := files.Room(filepath.Dir(path)); err == nil && room < uint64(info.Size())+spareRoom {
		return fmt.Errorf("%w: it takes %d bytes", ErrNoSpace, info.Size())
	}
	if err := makePrivate(fresh); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, Remove(fresh))
		}
	}()
	db, err := sql.Open("sqlite", dsn(path, "mode=rw&"+commonKeys))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, fresh)
	if err = errors.Join(Explain(err), db.Close()); err != nil {
		return err
	}
	if err := errors.Join(files.GiveTo(fresh, path), files.Sync(fresh)); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return files.Sync(filepath.Dir(path))
}

// spareRoom is what Rebuild leaves free on the disk.
const spareRoom = 16 << 20
