// Tests of the audit log: its bound, and that it holds what was done and nothing else.

package store

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
)

// audit reads the newest entries.
func (s *testStore) audit(t *testing.T, limit int) (entries []chat.AuditEntry) {
	t.Helper()
	err := s.Read(context.Background(), func(tx *Tx) (err error) {
		page, err := tx.AuditBefore(math.MaxInt64, limit, math.MaxInt)
		entries = page.Entries
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func (s *testStore) notes(entry chat.AuditEntry) func(*WriteTx) error {
	return func(tx *WriteTx) error { return tx.Audit(access.Caller{User: s.ann}, entry) }
}

func TestTheAuditLogKeepsTheNewest(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.run(`
			WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < $1)
			INSERT INTO audit (id, at, by_id, act, user_id, room_id, seq, detail)
			SELECT id, 0, 0, 'user.role', 0, 0, 0, ''
			FROM n`, MaxAudit)
		return err
	})
	for n := range 3 {
		s.must(t, s.notes(chat.AuditEntry{Act: chat.ActRole, UserID: s.bob, Seq: int64(n + 1)}))
	}
	entries := s.audit(t, MaxAudit+10)
	if len(entries) != MaxAudit || entries[0].Seq != 3 || entries[MaxAudit-1].ID != 4 {
		t.Errorf("%d entries, from %+v to %+v", len(entries), entries[0], entries[len(entries)-1])
	}
}

func TestAnEntryOfTheAuditLogIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.must(t, s.notes(chat.AuditEntry{Act: chat.ActServer, Detail: strings.Repeat("小", 1000)}))
	if got := s.audit(t, 1)[0].Detail; got != strings.Repeat("小", maxAuditDetail/3) {
		t.Errorf("the detail is %q", got)
	}
}

func TestAnActThatFailsIsNotInTheAuditLog(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	fails := errors.New("no")
	err := s.WriteAndWait(func(tx *WriteTx) error {
		return errors.Join(s.notes(chat.AuditEntry{Act: chat.ActRole, UserID: s.bob})(tx), fails)
	})
	if !errors.Is(err, fails) {
		t.Fatal(err)
	}
	if entries := s.audit(t, 10); len(entries) > 0 {
		t.Errorf("the audit log has %+v", entries)
	}
}
