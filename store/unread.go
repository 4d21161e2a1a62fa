// Unread: how many messages of a room a person has not read.
//
// They are the messages after the read position, without those that are deleted and without those of people whom
// the person has blocked. Counting them one by one would take as long as there are messages. So the count is
// taken from the numbers of the room, and only the exceptions are looked up, up to a bound.

package store

import (
	"encoding/json"

	"parley/access"
	"parley/chat"
)

// The bounds on what is looked up for one answer. Beyond them messages count as unread although they are deleted
// or of somebody who is blocked: too many show that there is something, too few would hide it.
const (
	maxDeleted       = 100_000 // deleted messages in all rooms together, which the index messages_deleted finds
	maxDeletedInRoom = 10_000  // … and in one room
	maxLookedAt      = 10_000  // messages in all rooms whose author is looked at, when the person blocks somebody
	maxLookedInRoom  = 500     // … and in one room: the newest
)

// unreadCounter counts for one person and one answer.
type unreadCounter struct {
	tx      *Tx
	user    chat.UserID
	blocks  bool // the person blocks somebody
	deleted int  // how many deleted messages may still be counted
	looked  int  // how many messages may still be looked at for their author
}

// CountUnread sets Unread in each of a user's rooms. It counts as of the Seq and the Rev that stand there, which
// may be older than the transaction.
func (tx *Tx) CountUnread(user chat.UserID, rooms []chat.RoomState) error {
	c, err := tx.newUnreadCounter(user)
	for i := 0; i < len(rooms) && err == nil; i++ {
		rooms[i].Unread, err = c.count(rooms[i].Room, rooms[i].ReadSeq)
	}
	return err
}

// CountUnreadIn is CountUnread for rooms that the user may not be in.
func (tx *Tx) CountUnreadIn(user chat.UserID, rooms []chat.RoomView) error {
	c, err := tx.newUnreadCounter(user)
	for i := 0; i < len(rooms) && err == nil; i++ {
		if rooms[i].Member {
			rooms[i].Unread, err = c.count(rooms[i].Room, rooms[i].ReadSeq)
		}
	}
	return err
}

// unread counts the messages of a room that a user who has read up to readSeq has not read.
func (tx *Tx) unread(user chat.UserID, room chat.Room, readSeq int64) (int64, error) {
	if room.Seq <= readSeq {
		return 0, nil
	}
	c, err := tx.newUnreadCounter(user)
	if err != nil {
		return 0, err
	}
	return c.count(room, readSeq)
}

func (tx *Tx) newUnreadCounter(user chat.UserID) (*unreadCounter, error) {
	c := &unreadCounter{tx: tx, user: user, deleted: maxDeleted, looked: maxLookedAt}
	err := tx.row(into(&c.blocks), `SELECT EXISTS (SELECT 1 FROM blocks WHERE user_id = $1)`, user)
	return c, err
}

// count counts the unread messages of a room as of its Seq and Rev. A tombstone has the rev of its deletion.
func (c *unreadCounter) count(room chat.Room, readSeq int64) (int64, error) {
	if room.Seq <= readSeq {
		return 0, nil
	}
	var deleted, blocked int64
	err := c.tx.row(into(&deleted), `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM messages `+c.tx.sql.IndexedBy("messages_deleted")+`
			WHERE id > $1 AND id <= $2 AND deleted_at <> 0 AND rev <= $3
			LIMIT $4) deleted`,
		messageKey(room.ID, readSeq), messageKey(room.ID, room.Seq), room.Rev, min(c.deleted, maxDeletedInRoom))
	if err != nil {
		return 0, err
	}
	c.deleted -= int(deleted)
	c.tx.looked += int(deleted)
	if c.blocks {
		err = c.tx.row(into(&blocked), `
			SELECT count(*)
			FROM messages
			WHERE id > $1 AND id <= $2 AND NOT (deleted_at <> 0 AND rev <= $3)
				AND author_id IN (SELECT blocked_id FROM blocks WHERE user_id = $4)`,
			messageKey(room.ID, c.lookAfter(readSeq, room.Seq)), messageKey(room.ID, room.Seq), room.Rev, c.user)
	}
	return room.Seq - readSeq - deleted - blocked, err
}

// lookAfter returns the seq after which the unread messages of a room are looked at for their author, and counts
// those as looked at.
func (c *unreadCounter) lookAfter(readSeq, seq int64) (after int64) {
	after = max(readSeq, seq-int64(min(maxLookedInRoom, c.looked)))
	c.looked -= int(seq - after)
	c.tx.looked += int(seq - after)
	return after
}

// UnreadOf returns the rooms of a user in which unread messages of some others are, among those that are looked at
// for their author.
func (tx *Tx) UnreadOf(user chat.UserID, authors []chat.UserID) ([]chat.RoomID, error) {
	those, err := json.Marshal(authors)
	if err != nil {
		return nil, err
	}
	type behind struct {
		room         chat.RoomID
		readSeq, seq int64
	}
	all, err := listOf(tx, func(row scanner) (b behind, err error) {
		err = row.Scan(&b.room, &b.readSeq, &b.seq)
		return b, err
	}, `
		SELECT m.room_id, m.read_seq, r.seq
		FROM members m
		JOIN rooms r ON r.id = m.room_id
		WHERE m.user_id = $1 AND r.seq > m.read_seq
		ORDER BY m.room_id`, user)
	if err != nil {
		return nil, err
	}
	var found []chat.RoomID
	c := unreadCounter{tx: tx, looked: maxLookedAt}
	for _, b := range all {
		if c.looked == 0 {
			break
		}
		var is bool
		err := tx.row(into(&is), `
			SELECT EXISTS (
				SELECT 1
				FROM messages
				WHERE id > $1 AND id <= $2 AND deleted_at = 0 AND author_id IN `+tx.sql.Numbers("$3")+`)`,
			messageKey(b.room, c.lookAfter(b.readSeq, b.seq)), messageKey(b.room, b.seq), string(those))
		if err != nil {
			return nil, err
		}
		if is {
			found = append(found, b.room)
		}
	}
	return found, nil
}

// TellUnread counts the unread messages of a user in rooms anew, and tells the user's sockets. It leaves out rooms
// that the user is not in any more.
func (tx *WriteTx) TellUnread(by access.Caller, rooms []chat.RoomID) error {
	for _, id := range rooms {
		seen, err := tx.RoomFor(by, id)
		if chat.IsCode(err, chat.NotFound) || (err == nil && !seen.Member) {
			continue
		}
		moved := chat.ReadMoved{RoomID: id, ReadSeq: seen.ReadSeq}
		if err == nil {
			moved.Unread, err = tx.unread(by.User, seen.Room, seen.ReadSeq)
		}
		if err == nil {
			_, err = tx.tellRead(by.User, moved)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
