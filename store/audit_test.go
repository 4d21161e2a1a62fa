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

// fillAudit stores entries of the user 0, who looks after the server or not.
func (s *testStore) fillAudit(t *testing.T, staff bool, n int) {
	t.Helper()
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.run(`
			WITH RECURSIVE n (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM n WHERE place < $1)
			INSERT INTO audit (at, by_id, act, user_id, room_id, seq, detail, staff, place)
			SELECT 0, 0, 'user.role', 0, 0, place, '', $2, place
			FROM n`, n, staff)
		return err
	})
}

func TestTheAuditLogKeepsTheNewest(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.fillAudit(t, true, MaxAudit)
	for n := range 3 {
		s.must(t, s.notes(chat.AuditEntry{Act: chat.ActRole, UserID: s.bob, Seq: int64(n + 1)}))
	}
	entries := s.audit(t, MaxAudit+10)
	if len(entries) != MaxAudit || entries[0].Seq != 3 || entries[MaxAudit-1].Seq != 4 {
		t.Errorf("%d entries, from %+v to %+v", len(entries), entries[0], entries[len(entries)-1])
	}
}

func TestOwnersOfRoomsPushOutNothingOfOthersInTheAuditLog(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.fillAudit(t, true, 5)
	s.fillAudit(t, false, 7)
	s.must(t, func(tx *WriteTx) error {
		for n := range maxAuditOfOwner + 3 {
			err := tx.Audit(access.Caller{User: s.bob}, chat.AuditEntry{Act: chat.ActArchive, Seq: int64(n + 1)})
			if err != nil {
				return err
			}
		}
		return nil
	})
	of := map[chat.UserID][]int64{}
	for _, entry := range s.audit(t, 2*maxAuditOfOwner) {
		of[entry.By] = append(of[entry.By], entry.Seq)
	}
	if own := of[s.bob]; len(of[0]) != 5+7 || len(own) != maxAuditOfOwner || own[len(own)-1] != 4 {
		t.Errorf("%d of others, %d of his, from %d", len(of[0]), len(own), own[len(own)-1])
	}
	// All who own rooms together.
	s = newStore(t)
	s.fillAudit(t, true, 5)
	s.fillAudit(t, false, maxAuditOfRooms)
	s.must(t, func(tx *WriteTx) error {
		return tx.Audit(access.Caller{User: s.bob}, chat.AuditEntry{Act: chat.ActArchive})
	})
	if entries := s.audit(t, maxAuditOfRooms+10); len(entries) != maxAuditOfRooms+5 || entries[0].By != s.bob {
		t.Errorf("%d entries, the newest of %d", len(entries), entries[0].By)
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
