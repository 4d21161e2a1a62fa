// Members: who is in a room, with which role, and how far each has read.

package store

import "parley/chat"

func scanMember(row scanner) (m chat.Member, err error) {
	err = row.Scan(&m.UserID, &m.Role, &m.JoinedAt)
	return m, err
}

// Members lists the members of a room whose ids are above the given one, in order of id. It reads no further
// than the member who brings the sum to maxBytes; more tells whether there are more.
func (tx *Tx) Members(room chat.RoomID, after chat.UserID, maxBytes int) (list []chat.Member, more bool, err error) {
	return pageOf[chat.Member]{maxBytes: maxBytes, endless: true, scan: scanMember, size: memberBytes}.read(tx, `
		SELECT user_id, role, joined_at
		FROM members
		WHERE room_id = $1 AND user_id > $2
		ORDER BY user_id`, room, after)
}

// Member returns one member of a room; NotFound when the user is not a member.
func (tx *Tx) Member(room chat.RoomID, user chat.UserID) (chat.Member, error) {
	m := chat.Member{UserID: user}
	err := tx.row(into(&m.Role, &m.JoinedAt), `
		SELECT role, joined_at
		FROM members
		WHERE user_id = $1 AND room_id = $2`, user, room)
	return m, orNotFound(err, "member")
}

// OtherOwners counts the owners of a room except the user but, and except those who are deactivated.
func (tx *Tx) OtherOwners(room chat.RoomID, but chat.UserID) (n int, err error) {
	err = tx.row(into(&n), `
		SELECT count(*)
		FROM members m
		JOIN users u ON u.id = m.user_id
		WHERE m.room_id = $1 AND m.user_id <> $2 AND m.role = 'owner' AND u.deactivated_at = 0`, room, but)
	tx.looked += n
	return n, err
}

// Memberships counts the rooms that a user is in, by who caused it.
type Memberships struct {
	Own     int // rooms that the user made or joined
	Brought int // rooms that others, or the server, brought the user into
	ByOne   int // those of Brought into which the person asked about brought the user
}

// Memberships counts the rooms that a user is in. by is the person of ByOne.
func (tx *Tx) Memberships(user, by chat.UserID) (m Memberships, err error) {
	err = tx.row(into(&m.Own, &m.Brought, &m.ByOne), `
		SELECT count(*) FILTER (WHERE added_by = user_id), count(*) FILTER (WHERE added_by <> user_id),
			count(*) FILTER (WHERE added_by = $2 AND added_by <> user_id)
		FROM members
		WHERE user_id = $1`, user, by)
	tx.looked += m.Own + m.Brought
	return m, err
}

// IsMember tells whether a user is in a room.
func (tx *Tx) IsMember(room chat.RoomID, user chat.UserID) (is bool, err error) {
	err = tx.row(into(&is), `
		SELECT EXISTS (SELECT 1 FROM members WHERE user_id = $1 AND room_id = $2)`, user, room)
	return is, err
}

// Caused counts the memberships of others that a user caused and that still are, and those for which the user
// asks others.
func (tx *Tx) Caused(by chat.UserID) (n int, err error) {
	err = tx.row(into(&n), `
		SELECT (SELECT count(*) FROM members WHERE added_by = $1 AND user_id <> $1)
			+ (SELECT count(*) FROM room_invitations WHERE by_id = $1)`, by)
	tx.looked += n
	return n, err
}

// Made counts the rooms that a user made and that are not deleted, archived ones too.
func (tx *Tx) Made(by chat.UserID) (n int, err error) {
	err = tx.row(into(&n), `
		SELECT count(*)
		FROM rooms
		WHERE created_by = $1`, by)
	tx.looked += n
	return n, err
}

// Join makes a user a member of a room, and tells the room and the user. by is who caused that: the user, who
// made the room or joined it; somebody else, who brought the user in; or 0, the server. A new member starts
// with nothing unread. Someone who is a member already keeps their role, and nobody is told.
func (tx *WriteTx) Join(room chat.RoomID, user chat.UserID, role chat.MemberRole, by chat.UserID) error {
	heads, err := tx.headsOf(room)
	if err != nil {
		return err
	}
	added, err := tx.run(`
		INSERT INTO members (user_id, room_id, role, joined_at, read_seq, added_by)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, user, room, role, tx.stamp, heads.Seq, by)
	if err != nil || added == 0 {
		return err
	}
	if err := tx.joinsInvited(user, room); err != nil {
		return err
	}
	about, err := tx.changeMembers(room, +1)
	if err != nil {
		return err
	}
	userRev, err := tx.raiseUserRev(user)
	if err != nil {
		return err
	}
	tx.tell(chat.Change{
		Event: "member.joined",
		Data: chat.MemberJoined{
			RoomID: room, Meta: about.Meta, MemberCount: about.MemberCount,
			Member: chat.Member{UserID: user, Role: role, JoinedAt: tx.stamp},
		},
		Room: room, Heads: *heads, About: &about,
	})
	tx.tell(chat.Change{
		Event: "room.added",
		Data: chat.RoomAdded{
			Room:    chat.RoomState{Room: about, Role: role, ReadSeq: about.Seq},
			UserRev: userRev,
		},
		Room: room, User: user, UserRev: userRev, Membership: chat.Joins,
		Heads: *heads, About: &about,
	})
	return nil
}

// Leave ends a membership, and tells the user and the room. For a user who is not a member it does nothing.
func (tx *WriteTx) Leave(room chat.RoomID, user chat.UserID) error {
	removed, err := tx.run(`
		DELETE FROM members
		WHERE user_id = $1 AND room_id = $2`, user, room)
	if err != nil || removed == 0 {
		return err
	}
	if err := tx.afterLeaving(room, user); err != nil {
		return err
	}
	about, err := tx.changeMembers(room, -1)
	if err != nil {
		return err
	}
	userRev, err := tx.raiseUserRev(user)
	if err != nil {
		return err
	}
	heads := chat.Heads{Seq: about.Seq, Rev: about.Rev, Meta: about.Meta}
	tx.tell(chat.Change{
		Event: "room.removed", Data: chat.RoomRemoved{RoomID: room, UserRev: userRev},
		Room: room, User: user, UserRev: userRev, Membership: chat.Leaves,
		Heads: heads, About: &about,
	})
	tx.tell(chat.Change{
		Event: "member.left",
		Data: chat.MemberLeft{
			RoomID: room, Meta: about.Meta, MemberCount: about.MemberCount, UserID: user,
		},
		Room: room, Heads: heads, About: &about,
	})
	return tx.endInvitationsOf(user, room)
}

// afterLeaving keeps true what depends on who is in a room. A direct room has one person less: see
// takeOutOfPeople. A room that its last member has left is archived, which frees its name.
func (tx *WriteTx) afterLeaving(room chat.RoomID, left chat.UserID) error {
	about, err := tx.room(room)
	if err != nil {
		return err
	}
	if about.Kind == chat.Direct {
		fewer, err := tx.takeOutOfPeople(about, left)
		if err == nil {
			err = tx.tellInvited(fewer)
		}
		if err != nil {
			return err
		}
	}
	if about.MemberCount > 1 || about.ArchivedAt != 0 {
		return nil
	}
	return tx.runOne(`
		UPDATE rooms
		SET archived_at = $2
		WHERE id = $1`, room, tx.stamp)
}

// changeMembers adds by to the room's count of members, raises the room's meta, and returns the changed room.
func (tx *WriteTx) changeMembers(room chat.RoomID, by int) (chat.Room, error) {
	err := tx.runOne(`
		UPDATE rooms
		SET member_count = member_count + $2
		WHERE id = $1`, room, by)
	if err != nil {
		return chat.Room{}, err
	}
	if _, err := tx.raiseMeta(room); err != nil {
		return chat.Room{}, err
	}
	return tx.room(room)
}

// SetMemberRole gives a member another role and tells the room. When the member has the role already it does
// nothing.
func (tx *WriteTx) SetMemberRole(room chat.RoomID, member chat.Member, role chat.MemberRole) error {
	if member.Role == role {
		return nil
	}
	err := tx.runOne(`
		UPDATE members
		SET role = $3
		WHERE user_id = $1 AND room_id = $2`, member.UserID, room, role)
	if err != nil {
		return err
	}
	heads, err := tx.raiseMeta(room)
	if err != nil {
		return err
	}
	about, err := tx.room(room)
	if err != nil {
		return err
	}
	member.Role = role
	tx.tell(chat.Change{
		Event: "member.changed", Data: chat.MemberChanged{RoomID: room, Meta: heads.Meta, Member: member},
		Room: room, Heads: heads, About: &about,
	})
	return nil
}

// MoveRead moves a member's read position, forwards or backwards, and tells the member's sockets. When the
// position stays the same it tells nobody.
func (tx *WriteTx) MoveRead(seen SeenRoom, readSeq int64) (chat.ReadMoved, error) {
	moved := chat.ReadMoved{RoomID: seen.RoomID, ReadSeq: readSeq}
	var err error
	if moved.Unread, err = tx.unread(seen.Caller, seen.Room, readSeq); err != nil {
		return moved, err
	}
	if readSeq == seen.ReadSeq {
		moved.UserRev, err = tx.userRev(seen.Caller)
		return moved, err
	}
	if err := tx.setRead(seen.RoomID, seen.Caller, readSeq); err != nil {
		return moved, err
	}
	return tx.tellRead(seen.Caller, moved)
}

// tellRead tells a user's sockets how far the user has read a room, and returns what they are told.
func (tx *WriteTx) tellRead(user chat.UserID, moved chat.ReadMoved) (chat.ReadMoved, error) {
	var err error
	if moved.UserRev, err = tx.raiseUserRev(user); err != nil {
		return moved, err
	}
	tx.tell(chat.Change{
		Event: "read.moved", Data: moved,
		Room: moved.RoomID, User: user, UserRev: moved.UserRev,
	})
	return moved, nil
}

// Hide hides a room from a member's list until it has a message with the seq until; 0 shows it again. It tells
// the member's sockets, unless nothing changes.
func (tx *WriteTx) Hide(seen SeenRoom, until int64) (chat.RoomHidden, error) {
	hidden := chat.RoomHidden{RoomID: seen.RoomID, HiddenUntil: until}
	var err error
	if until == seen.HiddenUntil {
		hidden.UserRev, err = tx.userRev(seen.Caller)
		return hidden, err
	}
	err = tx.runOne(`
		UPDATE members
		SET hidden_until = $3
		WHERE user_id = $1 AND room_id = $2`, seen.Caller, seen.RoomID, until)
	if err != nil {
		return hidden, err
	}
	if hidden.UserRev, err = tx.raiseUserRev(seen.Caller); err != nil {
		return hidden, err
	}
	tx.tell(chat.Change{
		Event: "room.hidden", Data: hidden,
		Room: seen.RoomID, User: seen.Caller, UserRev: hidden.UserRev,
	})
	return hidden, nil
}

func (tx *WriteTx) setRead(room chat.RoomID, user chat.UserID, readSeq int64) error {
	return tx.runOneKeepingRights(`
		UPDATE members
		SET read_seq = $3
		WHERE user_id = $1 AND room_id = $2`, user, room, readSeq)
}
