// Look-alikes: login names that look like one in another script, which nobody may choose any more.

package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"parley/chat"
	"parley/internal/lookalike"
	"parley/store/sqlite"
)

// maxLookalikes bounds how many names of one skeleton are looked at. One is enough but for names of earlier
// versions: those that were accepted since have the same scripts.
const maxLookalikes = 10

// mustNotLookLikeAnother refuses a name with NameTaken when somebody has one in another script that looks the same.
func (tx *Tx) mustNotLookLikeAnother(name StoredName) error {
	scripts := lookalike.Scripts(name.Shown)
	return tx.rows(func(row scanner) error {
		var other string
		err := row.Scan(&other)
		if err == nil && !slices.Equal(lookalike.Scripts(other), scripts) {
			err = &chat.Error{
				Code: chat.NameTaken, Field: "name",
				Message: fmt.Sprintf("somebody has the name %q, which looks the same; choose another", other),
			}
		}
		return err
	}, `
		SELECT name
		FROM users
		WHERE skeleton = $1
		LIMIT $2`, lookalike.Skeleton(name.Shown), maxLookalikes)
}

// fillSkeletons computes the skeletons of names of earlier versions, some in each transaction.
func fillSkeletons(ctx context.Context, database string) error {
	return sqlite.WithConn(ctx, database, sqlite.OpenWriter, func(conn *sql.Conn) error {
		const step = 500
		for found := step; found == step; {
			var err error
			if found, err = fillSome(ctx, conn, step); err != nil {
				return fmt.Errorf("compare login names: %w", err)
			}
		}
		return nil
	})
}

// fillSome computes up to limit skeletons, and returns how many.
func fillSome(ctx context.Context, conn *sql.Conn, limit int) (n int, err error) {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() // does nothing after the commit
	rows, err := tx.QueryContext(ctx, `SELECT id, name FROM users WHERE skeleton = '' LIMIT $1`, limit)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	names := map[int64]string{}
	for rows.Next() {
		var id int64
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return 0, err
		}
		names[id] = name
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	for id, name := range names {
		if _, err := tx.ExecContext(ctx, `UPDATE users SET skeleton = $2 WHERE id = $1`, id, lookalike.Skeleton(name)); err != nil {
			return 0, err
		}
	}
	return len(names), tx.Commit()
}
