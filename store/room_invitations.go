// Room invitations: who is asked before others bring them into a room, and what they answered. One that was
// declined is kept until it ends by itself, so that nobody asks again meanwhile, and nobody but the person who
// declined can tell it from one that waits.

package store

import (
	"slices"
	"time"

	"parley/chat"
)

// KeptRoomInvitations is how long a room invitation waits, and how long nobody asks again after it was declined.
const KeptRoomInvitations = 30 * 24 * time.Hour

// Adding returns a user's setting for who brings them into rooms.
func (tx *Tx) Adding(user chat.UserID) (chat.Adding, error) {
	var asks bool
	err := tx.row(into(&asks), `SELECT asks FROM users WHERE id = $1`, user)
	return addingOf(asks), orNotFound(err, "person")
}

func addingOf(asks bool) chat.Adding {
	if asks {
		return chat.AddingAsk
	}
	return chat.AddingAnyone
}

// SetAdding stores a user's setting for who brings them into rooms, and tells the user's sockets.
func (tx *WriteTx) SetAdding(user chat.UserID, adding chat.Adding) error {
	changed, err := tx.run(`
		UPDATE users
		SET asks = $2
		WHERE id = $1 AND asks <> $2`, user, adding == chat.AddingAsk)
	if err != nil || changed == 0 {
		return err
	}
	userRev, err := tx.raiseUserRev(user)
	if err == nil {
		tx.tell(chat.Change{
			Event: "adding.changed", Data: chat.AddingChanged{Adding: adding, UserRev: userRev},
			User: user, UserRev: userRev,
		})
	}
	return err
}

// WantsAsking tells whether others have to ask before they bring a user into a room. A member is not asked.
func (tx *Tx) WantsAsking(room chat.RoomID, user chat.UserID) (wants bool, err error) {
	err = tx.row(into(&wants), `
		SELECT u.asks = 1 AND NOT EXISTS (SELECT 1 FROM members WHERE user_id = $2 AND room_id = $1)
		FROM users u
		WHERE u.id = $2`, room, user)
	return wants, orNotFound(err, "person")
}

// RoomInvitations lists the room invitations that wait for a user's answer, in order of room, and the user_rev
// of the list.
func (tx *Tx) RoomInvitations(user chat.UserID) (chat.RoomInvitations, error) {
	var list chat.RoomInvitations
	var err error
	list.RoomInvitations, err = listOf(tx, func(row scanner) (i chat.RoomInvitation, err error) {
		var people string
		err = row.Scan(&i.RoomID, &i.Kind, &i.Name, &people, &i.InvitedBy, &i.CreatedAt)
		i.MemberIDs = splitIDs[chat.UserID](people)
		return i, err
	}, `
		SELECT r.id, r.kind, r.name, r.people, i.by_id, i.asked_at
		FROM room_invitations i
		JOIN rooms r ON r.id = i.room_id
		WHERE i.user_id = $1 AND i.declined = 0 AND i.asked_at > $2
		ORDER BY i.room_id`, user, tx.invitationsSince())
	if err == nil {
		list.UserRev, err = tx.userRev(user)
	}
	return list, err
}

// invitationsSince is the time of the oldest room invitation whose time is not over. Those before are dropped a
// little later.
func (tx *Tx) invitationsSince() int64 { return tx.now - KeptRoomInvitations.Milliseconds() }

// RoomInviter returns who asks a user into a room, 0 for nobody any more, and whether the user declined; NotFound when
// nobody asked in the last KeptRoomInvitations.
func (tx *Tx) RoomInviter(user chat.UserID, room chat.RoomID) (by chat.UserID, declined bool, err error) {
	err = tx.row(into(&by, &declined), `
		SELECT by_id, declined
		FROM room_invitations
		WHERE user_id = $1 AND room_id = $2 AND asked_at > $3`, user, room, tx.invitationsSince())
	return by, declined, orNotFound(err, "room invitation")
}

// AskedInto lists who is asked into a room and is no member yet, in order of id: at most limit, with an id above
// after. Those who declined are among them, since nobody is told, as long as they would be if they had not answered.
func (tx *Tx) AskedInto(room chat.RoomID, after chat.UserID, limit int) ([]chat.UserID, error) {
	return columnOf[chat.UserID](tx, `
		SELECT user_id
		FROM room_invitations
		WHERE room_id = $1 AND user_id > $2 AND by_id <> 0 AND asked_at > $3
		ORDER BY user_id
		LIMIT $4`, room, after, tx.invitationsSince(), limit)
}

// Asked counts room invitations.
type Asked struct {
	Waiting int // that wait for the answer of a user
	ByOne   int // of that user and of one person who asks, also those that were declined
	Asking  int // of that person who asks, in all
}

// Asked counts the room invitations of a user, and those that by caused.
func (tx *Tx) Asked(user, by chat.UserID) (n Asked, err error) {
	err = tx.row(into(&n.Waiting, &n.ByOne, &n.Asking), `
		SELECT count(*) FILTER (WHERE declined = 0), count(*) FILTER (WHERE by_id = $2),
			(SELECT count(*) FROM room_invitations WHERE by_id = $2)
		FROM room_invitations
		WHERE user_id = $1`, user, by)
	return n, err
}

// AddRoomInvitation asks a user into a room, and tells the user's sockets. When the user declined what nobody asks any
// more, it stays declined and counts for by. One whose time is over is replaced.
func (tx *WriteTx) AddRoomInvitation(user, by chat.UserID, room chat.Room) error {
	declined, err := tx.returningKeepingRights(`
		INSERT INTO room_invitations (user_id, room_id, by_id, asked_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, room_id) DO UPDATE
		SET by_id = $3, asked_at = $4,
			declined = CASE WHEN room_invitations.asked_at > $5 THEN room_invitations.declined ELSE 0 END
		RETURNING declined`, user, room.ID, by, tx.stamp, tx.invitationsSince())
	if err != nil || declined != 0 {
		return err
	}
	return tx.tellInvitation(user, chat.RoomInvitation{
		RoomID: room.ID, Kind: room.Kind, Name: room.Name, MemberIDs: room.MemberIDs,
		InvitedBy: by, CreatedAt: tx.stamp,
	})
}

// maxTold bounds how many of those who are asked into a room are told at once what it is called now. The others see
// it when they connect, or ask for their invitations.
const maxTold = 200

// ToldOfName counts those whom another name of the room is told because they are asked into it.
func (tx *Tx) ToldOfName(room chat.RoomID) (n int, err error) {
	err = tx.row(into(&n), `
		SELECT count(*)
		FROM (
			SELECT 1
			FROM room_invitations
			WHERE room_id = $1 AND declined = 0 AND asked_at > $2
			LIMIT $3) told`, room, tx.invitationsSince(), maxTold)
	return n, err
}

// tellInvited tells those who are asked into a room what the room is called now, and for whom it is.
func (tx *WriteTx) tellInvited(room chat.Room) error {
	type asked struct {
		user, by chat.UserID
		at       int64
	}
	list, err := listOf(&tx.Tx, func(row scanner) (a asked, err error) {
		err = row.Scan(&a.user, &a.by, &a.at)
		return a, err
	}, `
		SELECT user_id, by_id, asked_at
		FROM room_invitations
		WHERE room_id = $1 AND declined = 0 AND asked_at > $2
		ORDER BY user_id
		LIMIT $3`, room.ID, tx.invitationsSince(), maxTold)
	for _, a := range list {
		if err == nil {
			err = tx.tellInvitation(a.user, chat.RoomInvitation{
				RoomID: room.ID, Kind: room.Kind, Name: room.Name, MemberIDs: room.MemberIDs,
				InvitedBy: a.by, CreatedAt: a.at,
			})
		}
	}
	return err
}

func (tx *WriteTx) tellInvitation(user chat.UserID, invitation chat.RoomInvitation) error {
	userRev, err := tx.raiseUserRev(user)
	if err != nil {
		return err
	}
	tx.tell(chat.Change{
		Event: "room_invitation.added", Data: chat.RoomInvitationAdded{RoomInvitation: invitation, UserRev: userRev},
		User: user, UserRev: userRev,
	})
	return nil
}

// DeclineRoomInvitation keeps a room invitation as declined, and tells the user's sockets that it is gone.
func (tx *WriteTx) DeclineRoomInvitation(user chat.UserID, room chat.RoomID) error {
	declined, err := tx.runKeepingRights(`
		UPDATE room_invitations
		SET declined = 1
		WHERE user_id = $1 AND room_id = $2 AND declined = 0`, user, room)
	if err != nil || declined == 0 {
		return err
	}
	return tx.tellInvitationRemoved(user, room)
}

func (tx *WriteTx) tellInvitationRemoved(user chat.UserID, room chat.RoomID) error {
	userRev, err := tx.raiseUserRev(user)
	if err == nil {
		tx.tell(chat.Change{
			Event: "room_invitation.removed", Data: chat.RoomInvitationRemoved{RoomID: room, UserRev: userRev},
			User: user, UserRev: userRev,
		})
	}
	return err
}

// DeclineRoomInvitationsOf has a user decline all that one person asks.
func (tx *WriteTx) DeclineRoomInvitationsOf(user, by chat.UserID) error {
	list, err := tx.RoomInvitations(user)
	for _, i := range list.RoomInvitations {
		if err == nil && i.InvitedBy == by {
			err = tx.DeclineRoomInvitation(user, i.RoomID)
		}
	}
	return err
}

// invitation is a row of room_invitations.
type invitation struct {
	user     chat.UserID
	room     chat.RoomID
	declined bool
	direct   bool // into a direct room
}

const selectInvitations = `
	SELECT i.user_id, i.room_id, i.declined, r.kind = 'direct'
	FROM room_invitations i
	JOIN rooms r ON r.id = i.room_id
	`

func (tx *Tx) invitations(query string, args ...any) ([]invitation, error) {
	return listOf(tx, func(row scanner) (i invitation, err error) {
		err = row.Scan(&i.user, &i.room, &i.declined, &i.direct)
		return i, err
	}, query, args...)
}

// EndRoomInvitationsBy ends what a user asked in all rooms, since nobody may ask in their place.
func (tx *WriteTx) EndRoomInvitationsBy(by chat.UserID) error {
	list, err := tx.invitations(selectInvitations+`WHERE i.by_id = $1`, by)
	return tx.endInvitations(list, err)
}

// endInvitationsOf ends what a user asked in one room, which they leave.
func (tx *WriteTx) endInvitationsOf(by chat.UserID, room chat.RoomID) error {
	list, err := tx.invitations(selectInvitations+`WHERE i.by_id = $1 AND i.room_id = $2`, by, room)
	return tx.endInvitations(list, err)
}

// endInvitationsInto ends what anybody asked in a room, which is archived.
func (tx *WriteTx) endInvitationsInto(room chat.RoomID) error {
	list, err := tx.invitations(selectInvitations+`WHERE i.room_id = $1`, room)
	return tx.endInvitations(list, err)
}

// endInvitations ends invitations before their time: see endInvitation. Those that were declined stay, so that
// nobody can ask again by leaving and coming back, and count for nobody any more. err is the outcome of the
// look-up of the list.
func (tx *WriteTx) endInvitations(list []invitation, err error) error {
	for _, i := range list {
		switch {
		case err != nil:
		case i.declined && !i.direct:
			_, err = tx.runKeepingRights(`
				UPDATE room_invitations
				SET by_id = 0
				WHERE user_id = $1 AND room_id = $2`, i.user, i.room)
		default:
			err = tx.endInvitation(i)
		}
	}
	return err
}

// endInvitation drops an invitation, tells the user unless they declined it, and takes the user out of the
// people of a direct room.
func (tx *WriteTx) endInvitation(i invitation) error {
	if err := tx.dropInvitation(i); err != nil || !i.direct {
		return err
	}
	room, err := tx.room(i.room)
	if err == nil {
		room, err = tx.takeOutOfPeople(room, i.user)
	}
	if err == nil {
		_, err = tx.tellChanged(room, nil)
	}
	if err == nil {
		err = tx.tellInvited(room)
	}
	return err
}

func (tx *WriteTx) dropInvitation(i invitation) error {
	_, err := tx.runKeepingRights(`
		DELETE FROM room_invitations
		WHERE user_id = $1 AND room_id = $2`, i.user, i.room)
	if err == nil && !i.declined {
		err = tx.tellInvitationRemoved(i.user, i.room)
	}
	return err
}

// takeOutOfPeople has a direct room be for one person less. It is no more the room of the people for whom it was
// made: a new one is made when they are asked for again.
func (tx *WriteTx) takeOutOfPeople(room chat.Room, user chat.UserID) (chat.Room, error) {
	room.MemberIDs = slices.DeleteFunc(room.MemberIDs, func(id chat.UserID) bool { return id == user })
	return room, tx.runOne(`
		UPDATE rooms
		SET direct_key = NULL, people = $2
		WHERE id = $1`, room.ID, joinIDs(room.MemberIDs))
}

// joinsInvited drops the invitation of somebody who becomes a member of the room.
func (tx *WriteTx) joinsInvited(user chat.UserID, room chat.RoomID) error {
	list, err := tx.invitations(selectInvitations+`WHERE i.user_id = $1 AND i.room_id = $2`, user, room)
	if err == nil && len(list) > 0 {
		err = tx.dropInvitation(list[0])
	}
	return err
}

// dropInvitationsInto drops the invitations into a room that is deleted.
func (tx *WriteTx) dropInvitationsInto(room chat.RoomID) error {
	list, err := tx.invitations(selectInvitations+`WHERE i.room_id = $1`, room)
	for _, i := range list {
		if err == nil {
			err = tx.dropInvitation(i)
		}
	}
	return err
}

// dropOldInvitations drops invitations that nobody answered in time, and those that were declined long ago.
func (tx *WriteTx) dropOldInvitations() (int64, error) {
	list, err := tx.invitations(selectInvitations+`WHERE i.asked_at <= $1 LIMIT $2`,
		tx.invitationsSince(), endBatch)
	for _, i := range list {
		if err == nil {
			err = tx.endInvitation(i)
		}
	}
	return int64(len(list)), err
}
