// Tests of transactions: writes that share a commit, and failing writes, which must not harm the others.

package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
)

func TestWritesQueuedTogetherShareACommit(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	release := s.hold(t)
	var done []<-chan error
	for i := range maxBatch + 10 {
		done = append(done, s.queue(s.adds(fmt.Sprint(i))))
	}
	release()
	for i := range done {
		if err := answered(t, done[i]); err != nil {
			t.Fatal(err)
		}
	}
	commits := s.takeCommits()
	var sizes []int
	for _, commit := range commits {
		sizes = append(sizes, len(commit))
	}
	if !slices.Equal(sizes, []int{maxBatch, 10}) {
		t.Errorf("commits of %d, want %d and 10", sizes, maxBatch)
	}
	for i, body := range s.stored(t) {
		if body != fmt.Sprint(i) {
			t.Fatalf("place %d holds %q: not in the order of queueing", i+1, body)
		}
	}
}

func TestAFailingWriteHarmsNoOther(t *testing.T) {
	t.Parallel()
	refused := chat.Errorf(chat.Forbidden, "no")
	for _, c := range []struct {
		name string
		fail func(s *testStore, tx *WriteTx) error
		want chat.Code
	}{
		{"a refusal before anything was written", func(*testStore, *WriteTx) error { return refused }, chat.Forbidden},
		{
			"a refusal after a message was added",
			func(s *testStore, tx *WriteTx) error { return errors.Join(s.adds("refused")(tx), refused) },
			chat.Forbidden,
		},
		{
			"a panic after a message was added",
			func(s *testStore, tx *WriteTx) error {
				s.adds("panicked")(tx) //nolint:errcheck // it panics anyway
				panic("test")
			},
			chat.Internal,
		},
		{"a panic before anything was written", func(*testStore, *WriteTx) error { panic("test") }, chat.Internal},
		{
			"a broken constraint",
			func(_ *testStore, tx *WriteTx) error {
				_, err := tx.run(`INSERT INTO members (user_id, room_id, role, joined_at, read_seq) VALUES (999, 999, '', 0, 0)`)
				return err
			},
			chat.Unavailable,
		},
		{
			"statements that cannot be",
			func(_ *testStore, tx *WriteTx) error {
				_, err := tx.run(`INSERT INTO nowhere VALUES (1)`)
				return err
			},
			chat.Unavailable,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			release := s.hold(t)
			first := s.queue(s.adds("first"))
			failing := s.queue(func(tx *WriteTx) error { return c.fail(s, tx) })
			last := s.queue(s.adds("last"))
			release()
			if err := errors.Join(answered(t, first), answered(t, last)); err != nil {
				t.Errorf("the others: %v", err)
			}
			if err := answered(t, failing); !chat.IsCode(err, c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if got := s.stored(t); !slices.Equal(got, []string{"first", "last"}) {
				t.Errorf("stored %q, want the other two", got)
			}
			told := 0
			for _, commit := range s.takeCommits() {
				told += len(commit)
			}
			if told != 2 {
				t.Errorf("%d changes were told, want 2", told)
			}
		})
	}
}

// A client's failed message must be answered before a later message of the same connection is stored.
// Otherwise the later message would overtake it.
func TestAFailureIsAnsweredBeforeLaterWritesAreStored(t *testing.T) {
	t.Parallel()
	for _, wrote := range []bool{false, true} {
		t.Run(fmt.Sprint("after writing: ", wrote), func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			release := s.hold(t)
			line := &access.Order{}
			first := make(chan error, 1)
			s.Write(func(tx *WriteTx) error {
				if wrote {
					if err := s.adds("first")(tx); err != nil {
						return err
					}
				}
				return errors.New("the disk has trouble")
			}, func(err error) {
				line.Break()
				first <- err
			})
			second := s.queue(func(tx *WriteTx) error {
				if err := line.Check(); err != nil {
					return err
				}
				return s.adds("second")(tx)
			})
			release()
			if err := answered(t, first); !chat.IsCode(err, chat.Unavailable) {
				t.Errorf("the first: got %v, want unavailable", err)
			}
			if err := answered(t, second); !chat.IsCode(err, chat.Unavailable) {
				t.Errorf("the second: got %v, want unavailable", err)
			}
			if got := s.stored(t); len(got) != 0 {
				t.Errorf("stored %q, want nothing", got)
			}
		})
	}
}

func TestAFullQueueIsBusy(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	release := s.hold(t)
	var done []<-chan error
	for range maxQueue {
		done = append(done, s.queue(func(*WriteTx) error { return nil }))
	}
	err := answered(t, s.queue(func(*WriteTx) error { return nil }))
	var busy *chat.Error
	if !errors.As(err, &busy) || busy.Code != chat.Busy || busy.Limit != maxQueue {
		t.Errorf("got %v, want busy with the limit %d", err, maxQueue)
	}
	release()
	for i := range done {
		if err := answered(t, done[i]); err != nil {
			t.Fatalf("write %d: %v", i, err)
		}
	}
	s.must(t, s.adds("again"))
}

// breakCommit is a write that makes SQLite refuse the COMMIT, by a foreign key that is checked only then.
func breakCommit(tx *WriteTx) error {
	if _, err := tx.exec(`PRAGMA defer_foreign_keys = 1`); err != nil {
		return err
	}
	_, err := tx.run(`INSERT INTO members (user_id, room_id, role, joined_at, read_seq) VALUES (999, 999, '', 0, 0)`)
	return err
}

func TestAFailedCommitIsUnknownAndTheNextWorks(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	s.must(t, s.adds("before"))
	s.takeCommits()
	release := s.hold(t)
	first := s.queue(s.adds("in the same batch"))
	failing := s.queue(breakCommit)
	release()
	for _, done := range []<-chan error{first, failing} {
		if err := answered(t, done); !chat.IsCode(err, chat.Unknown) {
			t.Errorf("got %v, want unknown", err)
		}
	}
	if told := s.takeCommits(); len(told) != 1 || len(told[0]) != 1 || !told[0][0].Lost {
		t.Errorf("told %+v, want only that nobody knows what was stored", told)
	}
	s.must(t, s.adds("after"))
	if got := s.stored(t); !slices.Equal(got, []string{"before", "after"}) {
		t.Errorf("stored %q, want what came before and after", got)
	}
}

// When the disk is full SQLite ends the transaction by itself, so the writer opens its connection anew.
func TestAFullDiskRefusesAndRecovers(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	s.must(t, s.adds("before"))
	s.must(t, func(tx *WriteTx) error {
		var n int
		if err := tx.row(into(&n), `PRAGMA page_count`); err != nil {
			return err
		}
		return tx.row(into(&n), fmt.Sprintf(`PRAGMA max_page_count = %d`, n+2))
	})
	big := s.adds(strings.Repeat("big ", 1<<16))
	if err := s.WriteAndWait(big); !chat.IsCode(err, chat.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
	if got := s.stored(t); !slices.Equal(got, []string{"before"}) {
		t.Errorf("stored %d messages, want the one before", len(got))
	}
	s.must(t, s.adds("after"))
	s.must(t, big)
	if got := s.stored(t); len(got) != 3 || got[1] != "after" {
		t.Errorf("stored %d messages, want three", len(got))
	}
}

func TestAClosedStoreIsUnavailable(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	release := s.hold(t)
	last := s.queue(s.adds("queued before closing"))
	closed := make(chan error, 1)
	go func() { closed <- s.writer.close() }()
	wait.Until(t, "closing has begun", func() bool {
		s.writer.mu.RLock()
		defer s.writer.mu.RUnlock()
		return s.writer.closed
	})
	if err := answered(t, s.queue(s.adds("too late"))); !chat.IsCode(err, chat.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
	release()
	if err := errors.Join(answered(t, last), answered(t, closed)); err != nil {
		t.Error(err)
	}
	if got := s.stored(t); !slices.Equal(got, []string{"queued before closing"}) {
		t.Errorf("stored %q", got)
	}
}

func TestNobodyElseCanReadTheFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	st, err := Open(filepath.Join(folder, "parley.db"), func(_ []chat.Change, answer func()) { answer() })
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	err = st.WriteAndWait(func(tx *WriteTx) error {
		_, err := tx.EnsureServer("Home")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "parley.db*"))
	if err != nil || len(files) != 3 {
		t.Fatalf("got %v, %v, want the database, its log and its index", files, err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o, want 600", filepath.Base(file), mode)
		}
	}
}

// A read ends with its context at the next row that it asks for, and the connection goes on being used.
func TestAReadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t) // PostgreSQL computes all rows before the first is read
	s := newStore(t)
	for range Readers + 1 {
		ctx, cancel := context.WithCancel(t.Context())
		rows := 0
		err := s.Read(ctx, func(tx *Tx) error {
			return tx.rows(func(scanner) error {
				rows++
				cancel()
				return nil
			}, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT i FROM n`)
		})
		if !errors.Is(err, context.Canceled) || rows != 1 {
			t.Errorf("after %d rows: %v", rows, err)
		}
	}
	for range 2 * Readers {
		if err := s.Read(t.Context(), func(tx *Tx) error { _, err := tx.Server(); return err }); err != nil {
			t.Error(err)
		}
	}
}

func TestClosingEndsReadsAndRefusesNewOnes(t *testing.T) {
	t.Parallel()
	s, err := Open(filepath.Join(t.TempDir(), "parley.db"), func(_ []chat.Change, answer func()) { answer() })
	if err != nil {
		t.Fatal(err)
	}
	s.upkeep.close() // it waits for all reads to end, and those below have no end
	began, ended := make(chan struct{}), make(chan error, 2*Readers)
	for range Readers { // each would never end
		go func() {
			ended <- s.Read(context.Background(), func(tx *Tx) error {
				began <- struct{}{}
				for {
					if err := tx.row(into(new(int)), `SELECT 1`); err != nil {
						return err
					}
				}
			})
		}()
		<-began
	}
	for range Readers { // and these wait for one that does
		go func() { ended <- s.Read(context.Background(), func(*Tx) error { t.Error("it was read"); return nil }) }()
	}
	wait.Until(t, "others wait", func() bool { return s.Counts().Reads == Readers })
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	for range 2 * Readers {
		if err := <-ended; !chat.IsCode(err, chat.Unavailable) {
			t.Errorf("got %v, want unavailable", err)
		}
	}
	if err := s.Read(t.Context(), func(*Tx) error { return nil }); !chat.IsCode(err, chat.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
}
