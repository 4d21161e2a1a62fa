// Rewinds: copies of the data, made by the server's own command or by hand, and restored later.

package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// saved is a copy of the data. Its index is that of its Backup in the history.
type saved struct {
	file   string
	byHand bool
}

// backUp copies the data, while the server may run, die and come back.
func (r *run) backUp(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files++
	file := filepath.Join(r.Folder, fmt.Sprintf("backup-%d", r.files))
	began := r.rec.now()
	if err := r.server.backup(ctx, file); err != nil {
		if ctx.Err() == nil {
			r.wrong("I14", "%v", err)
		}
		return
	}
	r.keepLocked(saved{file, false}, began)
}

// copyByHand stops the server, copies its database as anybody might, and starts the server again.
func (r *run) copyByHand(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files++
	file := filepath.Join(r.Folder, fmt.Sprintf("copy-%d", r.files))
	began := r.rec.now()
	r.stop()
	if err := copyFile(file, r.server.database()); err != nil {
		return err
	}
	r.keepLocked(saved{file, true}, began)
	return r.start(ctx, -1)
}

func (r *run) keepLocked(s saved, began time.Duration) {
	r.saved = append(r.saved, s)
	r.rec.change(func(h *History) { h.Backups = append(h.Backups, Backup{began, r.rec.now()}) })
}

// restore restores the newest copy. It makes a copy when there is none.
func (r *run) restore(ctx context.Context) error {
	r.faults.Wait() // for a backup that is being made, and for connections that are disturbed
	if len(r.saved) == 0 {
		r.backUp(ctx)
		return nil
	}
	newest := len(r.saved) - 1
	s := r.saved[newest]
	if s.byHand {
		r.stop()
		if err := copyFile(r.server.database(), s.file); err != nil {
			return err
		}
		return r.start(ctx, newest)
	}
	r.strike(acknowledgment)
	if err := r.server.restore(ctx, s.file); err != nil {
		return err
	}
	return r.start(ctx, newest)
}

func copyFile(to, from string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	_, err = io.Copy(target, source)
	return err
}
