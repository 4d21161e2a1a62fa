// Blocks: whom people do not want to hear from.

package store

import (
	"parley/access"
	"parley/chat"
)

// Blocks lists the people whom a user has blocked, in order of id, and the user_rev of the list.
func (tx *Tx) Blocks(user chat.UserID) (chat.Blocks, error) {
	var list chat.Blocks
	var err error
	list.UserIDs, err = columnOf[chat.UserID](tx, `
		SELECT blocked_id
		FROM blocks
		WHERE user_id = $1
		ORDER BY blocked_id`, user)
	if err == nil {
		list.UserRev, err = tx.userRev(user)
	}
	return list, err
}

// HasBlocked tells whether a user has blocked another.
func (tx *Tx) HasBlocked(user, other chat.UserID) (has bool, err error) {
	err = tx.row(into(&has), `
		SELECT EXISTS (SELECT 1 FROM blocks WHERE user_id = $1 AND blocked_id = $2)`, user, other)
	return has, err
}

// SetBlock has a user block another, or end that, and tells the user's sockets. When that is so already, it
// tells nobody.
func (tx *WriteTx) SetBlock(user, other chat.UserID, blocked bool) (chat.BlockChanged, error) {
	query := `DELETE FROM blocks WHERE user_id = $1 AND blocked_id = $2`
	if blocked {
		query = `INSERT INTO blocks (user_id, blocked_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`
	}
	change := chat.BlockChanged{UserID: other, Blocked: blocked}
	changed, err := tx.run(query, user, other)
	if err != nil {
		return chat.BlockChanged{}, err
	}
	if changed == 0 {
		change.UserRev, err = tx.userRev(user)
		return change, err
	}
	if change.UserRev, err = tx.raiseUserRev(user); err != nil {
		return chat.BlockChanged{}, err
	}
	tx.tell(chat.Change{Event: "block.changed", Data: change, User: user, UserRev: change.UserRev})
	return change, nil
}

// apart tells whether a room is a direct room of two, one of whom has blocked the other.
func (tx *Tx) apart(s access.Standing) (is bool, err error) {
	if s.Kind != chat.Direct || !s.Member {
		return false, nil
	}
	err = tx.row(into(&is), `
		SELECT EXISTS (
			SELECT 1
			FROM rooms r
			JOIN members o ON o.room_id = r.id AND o.user_id <> $2
			WHERE r.id = $1 AND r.member_count = 2 AND (
				EXISTS (SELECT 1 FROM blocks WHERE user_id = $2 AND blocked_id = o.user_id)
				OR EXISTS (SELECT 1 FROM blocks WHERE user_id = o.user_id AND blocked_id = $2)))`,
		s.RoomID, s.Caller)
	return is, err
}
