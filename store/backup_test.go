// Tests of copying: interrupted copies, damaged databases, and writes during a copy.

package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/store/sqlite"
)

// severalSteps is how many messages make a database that is copied in several steps, in each of three rooms.
const severalSteps = 12_000

// seeded makes a store with so many messages in each of three rooms.
func seeded(t *testing.T, messages int) (st *Store, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "parley.db")
	st, err := Open(path, TellNobody)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	seed := Seed{Teams: 1, People: 2, Rooms: 3, Messages: messages, Until: time.Now().Add(time.Hour)}
	if _, err := st.SeedNew(context.Background(), seed, func(int) {}); err != nil {
		t.Fatal(err)
	}
	return st, path
}

func TestAnInterruptedCopyLeavesNothing(t *testing.T) {
	t.Parallel()
	_, path := seeded(t, severalSteps)
	target := filepath.Join(t.TempDir(), "copy")
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	_, err := CopyDatabase(ctx, path, target, func(done, total int) {
		calls++
		if done <= 0 || done >= total {
			t.Errorf("told of %d of %d pages", done, total)
		}
		cancel()
	})
	if !errors.Is(err, context.Canceled) || calls != 1 {
		t.Errorf("got %v after %d steps", err, calls)
	}
	if names := namesIn(t, filepath.Dir(target)); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

// The test commits in every pause of the copy. A copy that was not of one moment would begin anew each time,
// or have the new messages.
func TestACopyIsOfOneMoment(t *testing.T) {
	t.Parallel()
	st, path := seeded(t, severalSteps)
	steps := 0
	copied, err := CopyDatabase(context.Background(), path, filepath.Join(t.TempDir(), "copy"), func(int, int) {
		steps++
		err := st.WriteAndWait(func(tx *WriteTx) error {
			access, err := tx.RoomFor(access.Caller{User: 1}, 1)
			if err == nil {
				_, err = tx.AddMessage(access.Standing, RenderedDraft{Draft: chat.Draft{ClientID: chat.NewClientID(), Body: "more"}})
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	if err != nil || copied != (Copied{Rooms: 3, Messages: 3 * severalSteps}) || steps < 2 {
		t.Errorf("got %+v after %d steps, %v", copied, steps, err)
	}
}

func TestADamagedDatabaseIsNotCopied(t *testing.T) {
	t.Parallel()
	_, path := seeded(t, 2_000)
	whole := filepath.Join(t.TempDir(), "whole")
	if _, err := CopyDatabase(context.Background(), path, whole, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for page := 2; page*4096 < len(content); page += 50 {
		broken := filepath.Join(t.TempDir(), "broken")
		damaged := append([]byte(nil), content...)
		clear(damaged[page*4096:][:4096])
		if err := os.WriteFile(broken, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(t.TempDir(), "copy")
		if _, err := CopyDatabase(context.Background(), broken, target, func(int, int) {}); !errors.Is(err, sqlite.ErrDamaged) {
			t.Errorf("page %d: got %v", page, err)
		}
		if names := namesIn(t, filepath.Dir(target)); len(names) != 0 {
			t.Errorf("left behind: %v", names)
		}
	}
}

func namesIn(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
