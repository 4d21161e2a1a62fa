// What the tests of the store have in common: a store with two people and a room, and what to ask of it.

package store

import (
	"context"
	"errors"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
)

// testStore is a store with one room, which has two members.
type testStore struct {
	*Store
	path string
	room chat.RoomID
	ann  chat.UserID
	bob  chat.UserID

	mu      sync.Mutex
	commits [][]chat.Change
}

func newStore(t testing.TB) *testStore {
	t.Helper()
	return newStoreAt(t, nil)
}

// newStoreAt is newStore with another clock.
func newStoreAt(t testing.TB, now func() time.Time) *testStore {
	t.Helper()
	return newStoreOn(t, engines.Wanted(t), now)
}

// newStoreOn is newStoreAt on a database; now may be nil.
func newStoreOn(t testing.TB, address string, now func() time.Time) *testStore {
	t.Helper()
	s := &testStore{path: address}
	var err error
	if s.Store, err = open(s.path, s.committed, now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	s.must(t, func(tx *WriteTx) error {
		if _, err := tx.EnsureServer("Home"); err != nil {
			return err
		}
		ann, err := tx.AddUser(StoredName{"ann", "ann"}, "Ann", chat.RoleOwner, "")
		if err != nil {
			return err
		}
		bob, err := tx.AddUser(StoredName{"bob", "bob"}, "Bob", chat.RoleMember, "")
		if err != nil {
			return err
		}
		s.ann, s.bob = ann.ID, bob.ID
		if s.room, err = tx.AddRoom(NewRoom{Kind: chat.Public, Name: StoredName{"general", "general"}, Everyone: true}); err != nil {
			return err
		}
		return errors.Join(tx.Join(s.room, s.ann, chat.MemberOwner, 0), tx.Join(s.room, s.bob, chat.MemberPlain, 0))
	})
	s.takeCommits()
	return s
}

func (s *testStore) committed(changes []chat.Change, answer func()) {
	defer answer()
	if len(changes) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commits = append(s.commits, slices.Clone(changes))
}

func (s *testStore) takeCommits() [][]chat.Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	commits := s.commits
	s.commits = nil
	return commits
}

func (s *testStore) must(t testing.TB, fn func(*WriteTx) error) {
	t.Helper()
	if err := s.WriteAndWait(fn); err != nil {
		t.Fatal(err)
	}
}

// hold keeps the writer busy until release is called. The writes that are queued meanwhile become one batch.
func (s *testStore) hold(t testing.TB) (release func()) {
	t.Helper()
	held, let := make(chan struct{}), make(chan struct{})
	s.Write(func(*WriteTx) error {
		close(held)
		<-let
		return nil
	}, func(error) {})
	<-held
	release = sync.OnceFunc(func() { close(let) })
	t.Cleanup(release)
	return release
}

// adds returns a write that posts a message of ann's.
func (s *testStore) adds(body string) func(*WriteTx) error { return s.addsBy(s.ann, body) }

// addsBy is adds for another author.
func (s *testStore) addsBy(author chat.UserID, body string) func(*WriteTx) error {
	draft := RenderedDraft{Draft: chat.Draft{ClientID: chat.NewClientID(), Body: body}}
	return func(tx *WriteTx) error {
		access, err := tx.RoomFor(access.Caller{User: author}, s.room)
		if err == nil {
			_, err = tx.AddMessage(access.Standing, draft)
		}
		return err
	}
}

// queue queues a write, and returns a channel for its outcome.
func (s *testStore) queue(fn func(*WriteTx) error) <-chan error {
	done := make(chan error, 1)
	s.Write(fn, func(err error) { done <- err })
	return done
}

func answered(t testing.TB, done <-chan error) error {
	t.Helper()
	select {
	case err := <-done:
		return err
	case <-time.After(wait.Patience):
		t.Fatal("a write was never answered")
		return nil
	}
}

// stored returns the bodies of the messages in the room, and checks every number: see checkNumbers.
func (s *testStore) stored(t testing.TB) []string {
	t.Helper()
	var list []string
	err := s.Read(context.Background(), func(tx *Tx) error {
		messages, err := tx.MessagesAfter(s.room, 0, 10_000, math.MaxInt)
		list = bodies(messages)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	checkNumbers(t, s.Store)
	return list
}

// checkNumbers compares every number that the database stores with a count of what it stands for.
func checkNumbers(t testing.TB, st *Store) {
	t.Helper()
	err := st.Read(context.Background(), func(tx *Tx) error {
		return tx.rows(func(row scanner) error {
			var room, seq, rev, count, top, revs, topRev, members, counted, reacted, reactions int64
			err := row.Scan(&room, &seq, &rev, &count, &top, &revs, &topRev, &members, &counted, &reacted, &reactions)
			if count != seq || top != seq {
				t.Errorf("room %d: %d messages up to place %d, the room says %d", room, count, top, seq)
			}
			if revs != count || topRev != rev {
				t.Errorf("room %d: %d revs up to %d on %d messages, the room says %d", room, revs, topRev, count, rev)
			}
			if members != counted {
				t.Errorf("room %d has %d members and says %d", room, counted, members)
			}
			if reacted != reactions {
				t.Errorf("room %d has %d reactions and says %d", room, reactions, reacted)
			}
			return err
		}, `
			SELECT r.id, r.seq, r.rev, count(m.id), coalesce(max(m.id & 4294967295), 0),
				count(DISTINCT m.rev), coalesce(max(m.rev), 0),
				r.member_count, (SELECT count(*) FROM members WHERE room_id = r.id),
				coalesce(sum(m.reacted), 0), (SELECT count(*) FROM reactions WHERE message_id >> 32 = r.id)
			FROM rooms r
			LEFT JOIN messages m ON m.room_id = r.id
			GROUP BY r.id`)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// bodies returns the bodies of messages.
func bodies(messages []chat.Message) []string {
	list := make([]string, len(messages))
	for i, m := range messages {
		list[i] = m.Body
	}
	return list
}
