// What the owners of the server, and the owners of a room, do to rooms: listing all of them, archiving, making
// private, and deleting.

package store

import (
	"errors"

	"parley/chat"
)

const (
	maxListedOwners = 20  // owners of a room that a list names
	measured        = 100 // newest messages by which the bytes of a room are told
)

func scanKeptRoom(row scanner) (room chat.KeptRoom, err error) {
	var owners string
	err = row.Scan(&room.ID, &room.Kind, &room.Name, &room.MemberCount, &room.Messages, &room.CreatedAt,
		&room.ArchivedAt, &owners)
	room.OwnerIDs = append([]chat.UserID{}, splitIDs[chat.UserID](owners)...)
	return room, err
}

// KeptRooms lists the rooms with an id above after, in order of id: at most limit, and no more than the one that
// brings the sum to maxBytes. It leaves out the names of rooms that the user by may not see.
func (tx *Tx) KeptRooms(by chat.UserID, after chat.RoomID, limit, maxBytes int) (page chat.KeptRooms, err error) {
	list := pageOf[chat.KeptRoom]{limit: limit, maxBytes: maxBytes, scan: scanKeptRoom, size: keptRoomBytes}
	page.Rooms, page.More, err = list.read(tx, `
		SELECT r.id, r.kind,
			CASE WHEN r.kind IN ('public', 'announcements') OR EXISTS (
				SELECT 1 FROM members v WHERE v.user_id = $1 AND v.room_id = r.id) THEN r.name ELSE '' END,
			r.member_count, r.seq, r.created_at, r.archived_at,
			(SELECT coalesce(string_agg(CAST(o.user_id AS TEXT), ',' ORDER BY o.user_id), '') FROM (
				SELECT user_id FROM members WHERE room_id = r.id AND role = 'owner' ORDER BY user_id LIMIT $4) o)
		FROM rooms r
		WHERE r.id > $2 AND r.deleting = 0
		ORDER BY r.id
		LIMIT $3`, by, after, limit+1, maxListedOwners)
	for i := range page.Rooms {
		if err == nil {
			page.Rooms[i].Bytes, err = tx.roomBytes(page.Rooms[i].ID, page.Rooms[i].Messages)
		}
	}
	return page, err
}

// roomBytes returns about how many bytes of text a room has. SQLite knows the length of a text without reading it.
func (tx *Tx) roomBytes(room chat.RoomID, messages int64) (int64, error) {
	var bytes, counted int64
	err := tx.row(into(&bytes, &counted), `
		SELECT coalesce(sum(bytes), 0), count(*)
		FROM (
			SELECT octet_length(body) + octet_length(html) AS bytes
			FROM messages
			WHERE id > $1 AND id <= $2
			ORDER BY id DESC
			LIMIT $3) newest`,
		messageKey(room, 0), messageKey(room, MaxSeq), measured)
	if counted < messages && counted > 0 {
		bytes = bytes / counted * messages
	}
	return bytes, err
}

// AnyRoom returns a room without checking anyone's rights; NotFound when there is none.
func (tx *Tx) AnyRoom(id chat.RoomID) (chat.Room, error) {
	var room chat.Room
	found, err := tx.one(func(row scanner) error { return tx.scanRoom(row, &room) }, `
		SELECT `+roomCols+`
		FROM rooms r
		WHERE r.id = $1 AND r.deleting = 0`, id)
	if err == nil && !found {
		err = errNoRoom
	}
	return room, err
}

// Archive archives a room, or brings an archived one back into use, and tells its members. The people of an
// archived direct room get a new one when they ask for it. Who was asked into an archived room is asked no more.
// It fails with NameTaken when another public room has the name by now.
func (tx *WriteTx) Archive(room chat.Room, archived bool) (chat.Room, error) {
	if (room.ArchivedAt != 0) == archived {
		return room, nil
	}
	room.ArchivedAt = 0
	if archived {
		if err := tx.endInvitationsInto(room.ID); err != nil {
			return chat.Room{}, err
		}
		var err error
		if room, err = tx.room(room.ID); err != nil { // a direct one may have fewer people now
			return chat.Room{}, err
		}
		room.ArchivedAt = tx.stamp
	} else if err := tx.mustBeFreeAgain(room); err != nil {
		return chat.Room{}, err
	}
	err := tx.runOne(`
		UPDATE rooms
		SET archived_at = $2, direct_key = CASE WHEN CAST($2 AS BIGINT) = 0 THEN direct_key END
		WHERE id = $1`, room.ID, room.ArchivedAt)
	return tx.tellChanged(room, err)
}

// mustBeFreeAgain refuses the name of an archived room with NameTaken when another public room has it by now.
func (tx *WriteTx) mustBeFreeAgain(room chat.Room) error {
	if room.Kind == chat.Direct {
		return nil
	}
	var key string
	if err := tx.row(into(&key), `SELECT name_key FROM rooms WHERE id = $1`, room.ID); err != nil {
		return err
	}
	return tx.mustBeFree(room.Kind, StoredName{Shown: room.Name, Key: key}, room.ID)
}

// MakePrivate makes a public room private, and tells its members. New users become members of it no more.
func (tx *WriteTx) MakePrivate(room chat.Room) (chat.Room, error) {
	room.Kind = chat.Private
	err := tx.runOne(`
		UPDATE rooms
		SET kind = 'private', everyone = 0
		WHERE id = $1`, room.ID)
	return tx.tellChanged(room, err)
}

// tellChanged raises the meta of a room that a statement changed, and tells the members. err is the outcome of
// the statement.
func (tx *WriteTx) tellChanged(room chat.Room, err error) (chat.Room, error) {
	if err != nil {
		return chat.Room{}, err
	}
	heads, err := tx.raiseMeta(room.ID)
	if err != nil {
		return chat.Room{}, err
	}
	room.Seq, room.Rev, room.Meta = heads.Seq, heads.Rev, heads.Meta
	tx.tell(chat.Change{
		Event: "room.changed", Data: chat.RoomChanged{Room: room},
		Room: room.ID, Heads: heads, About: &room,
	})
	return room, nil
}

// DeleteRoom takes everybody out of a room and tells them. From then on nobody sees it, and DropMessages
// deletes what is left of it.
func (tx *WriteTx) DeleteRoom(room chat.Room) error {
	heads, err := tx.raiseMeta(room.ID)
	if err != nil {
		return err
	}
	_, err = tx.run(`
		UPDATE users
		SET rev = rev + 1
		WHERE id IN (SELECT user_id FROM members WHERE room_id = $1)`, room.ID)
	if err != nil {
		return err
	}
	err = tx.rows(func(row scanner) error {
		var user chat.UserID
		var userRev int64
		if err := row.Scan(&user, &userRev); err != nil {
			return err
		}
		tx.tell(chat.Change{
			Event: "room.removed", Data: chat.RoomRemoved{RoomID: room.ID, UserRev: userRev},
			Room: room.ID, User: user, UserRev: userRev, Membership: chat.Leaves, Heads: heads,
		})
		return nil
	}, `
		SELECT u.id, u.rev
		FROM members m
		JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1
		ORDER BY m.user_id`, room.ID)
	if err != nil {
		return err
	}
	if _, err := tx.run(`DELETE FROM members WHERE room_id = $1`, room.ID); err != nil {
		return err
	}
	if err := tx.dropInvitationsInto(room.ID); err != nil {
		return err
	}
	return tx.runOne(`
		UPDATE rooms
		SET deleting = 1, everyone = 0, member_count = 0, name = '', name_key = NULL, topic = '', direct_key = NULL,
			people = '', archived_at = $2
		WHERE id = $1`, room.ID, tx.stamp)
}

// RoomToDrop returns a room that DeleteRoom has begun to delete; NotFound when there is none.
func (tx *Tx) RoomToDrop() (chat.RoomID, error) {
	return tx.roomID(`SELECT id FROM rooms WHERE deleting = 1 ORDER BY id LIMIT 1`)
}

// DropMessages deletes the next messages of a room that is being deleted, at most limit, with their reactions,
// and with the last of them the room. Its number is not given again.
func (tx *WriteTx) DropMessages(room chat.RoomID, limit int) error {
	var last int64
	err := tx.row(into(&last), `
		SELECT coalesce(max(id), 0)
		FROM (SELECT id FROM messages WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3) dropped`,
		messageKey(room, 0), messageKey(room, MaxSeq), limit)
	if err != nil {
		return err
	}
	tx.removesText()
	if last == 0 {
		delete(tx.staged, room) // no row is left to store its heads in
		return tx.runOne(`DELETE FROM rooms WHERE id = $1 AND deleting = 1`, room)
	}
	_, reactionsErr := tx.run(`
		DELETE FROM reactions
		WHERE message_id > $1 AND message_id <= $2`, messageKey(room, 0), last)
	_, err = tx.run(`
		DELETE FROM messages
		WHERE id > $1 AND id <= $2`, messageKey(room, 0), last)
	return errors.Join(reactionsErr, err)
}
