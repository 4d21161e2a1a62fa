// Tests of login names that look the same in different scripts.

package store

import (
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/lookalike"
)

func TestNobodyTakesANameThatLooksLikeAnother(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	add := func(name string) error {
		return s.WriteAndWait(func(tx *WriteTx) error {
			_, err := tx.AddUser(StoredName{name, strings.ToLower(name)}, name, chat.RoleMember, "")
			return err
		})
	}
	for _, c := range []struct {
		name string
		want chat.Code
	}{
		{"coco", ""},
		{"сосо", chat.NameTaken}, // Cyrillic
		{"СОСО", chat.NameTaken},
		{"мама", ""},
		{"Ivan", ""},
		{"lvan", ""}, // letters of one script are not compared
	} {
		if err := add(c.name); c.want == "" && err != nil || c.want != "" && !chat.IsCode(err, c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// Names of an earlier version are compared from the first start on. Those that look alike already stay.
func TestNamesOfAnEarlierVersionAreCompared(t *testing.T) {
	t.Parallel()
	st := openFirstVersion(t, `
		INSERT INTO users
		SELECT 9, 'coco', 'coco', display_name, role, password_hash, created_at, last_seen_at, rev, 9
		FROM users
		WHERE id = 2;
		INSERT INTO users
		SELECT 10, 'сосо', 'сосо', display_name, role, password_hash, created_at, last_seen_at, rev, 10
		FROM users
		WHERE id = 2;
		WITH RECURSIVE numbers (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1300)
		INSERT INTO users
		SELECT n, 'person' || n, 'person' || n, display_name, role, password_hash, created_at, last_seen_at, rev, n
		FROM numbers
		CROSS JOIN users
		WHERE id = 2`)
	err := st.Read(t.Context(), func(tx *Tx) error {
		if err := tx.MustBeFree(StoredName{"СОСО", "сосо2"}); !chat.IsCode(err, chat.NameTaken) {
			t.Errorf("a third name that looks the same: got %v", err)
		}
		return tx.rows(func(row scanner) error {
			var name, skeleton string
			if err := row.Scan(&name, &skeleton); err != nil {
				return err
			}
			if skeleton != lookalike.Skeleton(name) {
				t.Errorf("%s has the skeleton %q", name, skeleton)
			}
			return nil
		}, `SELECT name, skeleton FROM users`)
	})
	if err != nil {
		t.Error(err)
	}
}
