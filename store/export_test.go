// Exports for the tests in package store_test. These tests are not in package store, since they use package
// actions, which imports it.

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"parley/access"
	"parley/chat"
)

// CheckRights fails when a right that the writer remembers is not what the database says. Then it has the writer remember
// all that there are. It is for OnCommit, on the writer's goroutine.
func (st *Store) CheckRights() error {
	rights := st.writer.rights
	return st.Read(context.Background(), func(tx *Tx) (wrong error) {
		for key, standing := range rights.standings {
			is, err := tx.StandingIn(access.Caller{User: key.user}, key.room)
			if err != nil || is != standing {
				wrong = errors.Join(wrong, fmt.Errorf("it remembers %+v and not %+v, %w", standing, is, err))
			}
		}
		for id, end := range rights.sessions {
			is, err := tx.sessionEnd(access.Caller{Session: id})
			if err != nil || is != end {
				wrong = errors.Join(wrong, fmt.Errorf("it remembers session %s until %d and not %d, %w", id, end, is, err))
			}
		}
		users, usersErr := tx.UsersSince(0, math.MaxInt)
		rooms, roomsErr := columnOf[chat.RoomID](tx, `SELECT id FROM rooms`)
		for _, user := range users.Users {
			for _, room := range rooms {
				if standing, err := tx.StandingIn(access.Caller{User: user.ID}, room); err == nil {
					rights.standings[standingKey{user: user.ID, room: room}] = standing
				}
			}
		}
		sessions, sessionsErr := columnOf[chat.SessionID](tx, `SELECT id FROM sessions`)
		for _, id := range sessions {
			if end, err := tx.sessionEnd(access.Caller{Session: id}); err == nil {
				rights.sessions[id] = end
			}
		}
		return errors.Join(wrong, usersErr, roomsErr, sessionsErr)
	})
}

// KeepUp does everything once that the upkeep does now and then, and ends it.
func (st *Store) KeepUp() {
	st.upkeep.close()
	st.upkeep = newUpkeep(st)
	close(st.upkeep.stopped) // it never runs by itself
	st.upkeep.round()
}

// EachConnection calls fn for every connection, with the texts of the statements that are prepared on it.
func (st *Store) EachConnection(fn func(conn *sql.Conn, queries []string)) error {
	err := st.WriteAndWait(func(tx *WriteTx) error {
		fn(st.writer.conn, slices.Sorted(maps.Keys(st.writer.stmts)))
		return nil
	})
	readers, giveBack := st.takeReaders()
	defer giveBack()
	for _, r := range readers {
		fn(r.conn, slices.Sorted(maps.Keys(r.stmts)))
	}
	return err
}
