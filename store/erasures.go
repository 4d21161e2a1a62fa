// Erasures: deleting all messages of a deactivated person, a few in each transaction, and before them, if asked, the
// rooms that nobody else wrote in.

package store

import (
	"errors"

	"parley/chat"
)

// Erasure is how far the deletion of a person's messages has come: up to the message with the key After, all
// of theirs are tombstones. Before that come their rooms: those up to AfterRoom are done, and up to the message After
// nobody else wrote in the next one. With -1 there are none to do. By asked for it; 0 is the operator.
type Erasure struct {
	User      chat.UserID
	By        chat.UserID
	After     int64
	AfterRoom chat.RoomID
}

// BeginErasure makes the messages of a user be deleted, for by, and if asked the rooms of NextErasedRoom. It begins
// anew when that is under way.
func (tx *WriteTx) BeginErasure(user, by chat.UserID, rooms bool) error {
	_, err := tx.runKeepingRights(`
		INSERT INTO erasures (user_id, by_id, after_id, after_room)
		VALUES ($1, $2, 0, CASE WHEN $3 = 0 THEN -1 ELSE 0 END)
		ON CONFLICT (user_id) DO UPDATE
		SET by_id = excluded.by_id, after_id = 0, after_room = excluded.after_room`, user, by, rooms)
	return err
}

// EndErasure ends the deletion of a user's messages. What is deleted stays deleted.
func (tx *WriteTx) EndErasure(user chat.UserID) error {
	_, err := tx.runKeepingRights(`DELETE FROM erasures WHERE user_id = $1`, user)
	return err
}

// FinishErasure ends an erasure that has deleted everything, unless it has begun anew meanwhile.
func (tx *WriteTx) FinishErasure(e Erasure) error {
	_, err := tx.runKeepingRights(`DELETE FROM erasures WHERE user_id = $1 AND after_id = $2`, e.User, e.After)
	return err
}

// NextErasure returns an erasure that is under way; NotFound when there is none.
func (tx *Tx) NextErasure() (Erasure, error) {
	var e Erasure
	err := tx.row(into(&e.User, &e.By, &e.After, &e.AfterRoom), `
		SELECT user_id, by_id, after_id, after_room
		FROM erasures
		ORDER BY user_id
		LIMIT 1`)
	return e, orNotFound(err, "erasure")
}

// NextErasedRoom looks at the next room that an erasure may delete: one that its person made, and that no new users
// become members of. It looks at no more than span messages of it. next is how far the erasure comes with that. room is
// the room when nobody else has written in it, and has no ID when somebody has, when there is more to look at, or when
// there are no more rooms.
func (tx *Tx) NextErasedRoom(e Erasure, span int) (room chat.Room, next Erasure, err error) {
	next = e
	id, err := tx.roomID(`
		SELECT id
		FROM rooms
		WHERE created_by = $1 AND id > $2 AND everyone = 0 AND deleting = 0
		ORDER BY id
		LIMIT 1`, e.User, e.AfterRoom)
	if errors.Is(err, errNoRoom) {
		next.AfterRoom, next.After = -1, 0
		return room, next, nil
	}
	if err != nil {
		return room, next, err
	}
	var others bool
	var looked int
	err = tx.row(into(&looked, &next.After, &others), `
		SELECT count(*), coalesce(max(id), 0), coalesce(max(CASE WHEN author_id <> $4 THEN 1 ELSE 0 END), 0)
		FROM (SELECT id, author_id FROM messages WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3) looked`,
		max(e.After, messageKey(id, 0)), messageKey(id, MaxSeq), span, e.User)
	if err != nil || (looked == span && !others) {
		return room, next, err
	}
	next.AfterRoom, next.After = id, 0
	if !others {
		room, err = tx.AnyRoom(id)
	}
	return room, next, err
}

// PassRoom notes how far an erasure has come with the rooms. done is false when the erasure has ended or begun anew
// meanwhile.
func (tx *WriteTx) PassRoom(e, next Erasure) (done bool, err error) {
	moved, err := tx.runKeepingRights(`
		UPDATE erasures
		SET after_room = $4, after_id = $5
		WHERE user_id = $1 AND after_room = $2 AND after_id = $3`, e.User, e.AfterRoom, e.After, next.AfterRoom, next.After)
	return moved > 0, err
}

// ToErase returns the keys of messages that an erasure has yet to delete: at most limit, found among the next
// span messages of the server. upTo is the key up to which it looked; 0 when there are no more messages.
func (tx *Tx) ToErase(e Erasure, span, limit int) (keys []int64, upTo int64, err error) {
	err = tx.row(into(&upTo), `
		SELECT coalesce(max(id), 0)
		FROM (SELECT id FROM messages WHERE id > $1 ORDER BY id LIMIT $2) looked`, e.After, span)
	if err != nil || upTo == 0 {
		return nil, 0, err
	}
	keys, err = columnOf[int64](tx, `
		SELECT id
		FROM messages
		WHERE id > $1 AND id <= $2 AND author_id = $3 AND deleted_at = 0
		ORDER BY id
		LIMIT $4`, e.After, upTo, e.User, limit)
	if len(keys) == limit {
		upTo = keys[limit-1]
	}
	return keys, upTo, err
}

// Erase turns the messages with these keys into tombstones, which say by whom, tells their rooms, and notes that the
// erasure has come to upTo. It does nothing when the erasure has ended or begun anew meanwhile.
func (tx *WriteTx) Erase(e Erasure, keys []int64, upTo int64) error {
	moved, err := tx.runKeepingRights(`
		UPDATE erasures
		SET after_id = $3
		WHERE user_id = $1 AND after_id = $2`, e.User, e.After, upTo)
	if err != nil || moved == 0 {
		return err
	}
	for _, key := range keys {
		m, err := tx.Message(chat.RoomID(key>>32), key&MaxSeq)
		if err != nil {
			return err
		}
		if m.DeletedAt != 0 {
			continue
		}
		if _, err := tx.DeleteMessage(m, e.By); err != nil {
			return err
		}
	}
	return nil
}
