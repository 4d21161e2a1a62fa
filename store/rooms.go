// Rooms: looking them up with the rights of the caller, making them and changing them.

package store

import (
	"cmp"
	"database/sql"
	"errors"
	"iter"
	"slices"
	"strings"

	"parley/access"
	"parley/chat"
)

// SeenRoom is a room together with one user's standing and read position in it.
type SeenRoom struct {
	access.Standing
	Room        chat.Room
	ReadSeq     int64
	HiddenUntil int64
	Favorite    bool
}

// View returns the room in the form for a caller who may see it. What is unread is not counted.
func (a SeenRoom) View() chat.RoomView {
	return chat.RoomView{Room: a.Room, Member: a.Member, Role: a.Role, ReadSeq: a.ReadSeq}
}

// StateOf returns a room in the form for one of its members.
func (tx *Tx) StateOf(a SeenRoom) (chat.RoomState, error) {
	unread, err := tx.unread(a.Caller, a.Room, a.ReadSeq)
	return chat.RoomState{
		Room: a.Room, Role: a.Role, ReadSeq: a.ReadSeq, Unread: unread, HiddenUntil: a.HiddenUntil,
		Favorite: a.Favorite,
	}, err
}

const roomCols = `r.id, r.kind, r.name, r.topic, r.member_count, r.created_at, r.meta, r.seq, r.rev,
	r.archived_at, r.people`

// scanRoom reads roomCols into room, and the columns after them into rest. A transaction that has raised the
// room's heads sees the raised ones.
func (tx *Tx) scanRoom(row scanner, room *chat.Room, rest ...any) error {
	var people string
	dest := append(into(&room.ID, &room.Kind, &room.Name, &room.Topic, &room.MemberCount, &room.CreatedAt,
		&room.Meta, &room.Seq, &room.Rev, &room.ArchivedAt, &people), rest...)
	if err := row.Scan(dest...); err != nil {
		return err
	}
	room.MemberIDs = splitIDs[chat.UserID](people)
	if staged := tx.staged[room.ID]; staged != nil {
		room.Seq, room.Rev, room.Meta = staged.Seq, staged.Rev, staged.Meta
	}
	return nil
}

// RoomFor looks up a room together with the caller's rights in it. It fails with NotFound when the room does
// not exist, when the caller may not see it, and when the caller's account does not exist or is deactivated.
func (tx *Tx) RoomFor(by access.Caller, id chat.RoomID) (SeenRoom, error) {
	if !by.Grant.Reaches(id) {
		return SeenRoom{}, errNoRoom
	}
	seen := SeenRoom{Standing: access.Standing{Caller: by.User, RoomID: id}}
	var role sql.NullString
	var readSeq, hidden sql.NullInt64
	var favorite sql.NullBool
	found, err := tx.one(func(row scanner) error {
		return tx.scanRoom(row, &seen.Room, &seen.ServerRole, &role, &readSeq, &hidden, &favorite)
	}, `
		SELECT `+roomCols+`, u.role, m.role, m.read_seq, m.hidden_until, m.favorite
		FROM users u
		JOIN rooms r ON r.id = $2 AND r.deleting = 0
		LEFT JOIN members m ON m.user_id = u.id AND m.room_id = r.id
		WHERE u.id = $1 AND u.deactivated_at = 0`, by.User, id)
	if err != nil {
		return SeenRoom{}, err
	}
	seen.Kind, seen.Member, seen.Role = seen.Room.Kind, role.Valid, chat.MemberRole(role.String)
	seen.Archived, seen.People = seen.Room.ArchivedAt != 0, max(seen.Room.MemberCount, len(seen.Room.MemberIDs))
	seen.ReadSeq, seen.HiddenUntil, seen.Favorite = readSeq.Int64, hidden.Int64, favorite.Bool
	seen.ServerRole = by.Grant.Capped(seen.ServerRole)
	if !found || !seen.Sees() {
		return SeenRoom{}, errNoRoom
	}
	seen.Apart, err = tx.apart(seen.Standing)
	return seen, err
}

// StandingIn is RoomFor without the room's own fields. Every message that is sent asks it, and it is half the
// work.
func (tx *Tx) StandingIn(by access.Caller, id chat.RoomID) (access.Standing, error) {
	if !by.Grant.Reaches(id) {
		return access.Standing{}, errNoRoom
	}
	s := access.Standing{Caller: by.User, RoomID: id}
	var role sql.NullString
	found, err := tx.one(func(row scanner) error { return row.Scan(&s.Kind, &s.Archived, &s.ServerRole, &role) }, `
		SELECT r.kind, r.archived_at <> 0, u.role, m.role
		FROM users u
		JOIN rooms r ON r.id = $2 AND r.deleting = 0
		LEFT JOIN members m ON m.user_id = u.id AND m.room_id = r.id
		WHERE u.id = $1 AND u.deactivated_at = 0`, by.User, id)
	if err != nil {
		return access.Standing{}, err
	}
	s.Member, s.Role = role.Valid, chat.MemberRole(role.String)
	s.ServerRole = by.Grant.Capped(s.ServerRole)
	if !found || !s.Sees() {
		return access.Standing{}, errNoRoom
	}
	s.Apart, err = tx.apart(s)
	return s, err
}

// StandingOf tells where a user stands in a room, whether they may see it or not. It is for rules about the
// author of a message or a member, never for the rights of a caller.
func (tx *Tx) StandingOf(user chat.UserID, room chat.RoomID) (access.Standing, error) {
	s := access.Standing{Caller: user, RoomID: room}
	var role sql.NullString
	err := tx.row(into(&s.Kind, &s.ServerRole, &role), `
		SELECT r.kind, u.role, m.role
		FROM users u
		JOIN rooms r ON r.id = $2
		LEFT JOIN members m ON m.user_id = u.id AND m.room_id = r.id
		WHERE u.id = $1`, user, room)
	s.Member, s.Role = role.Valid, chat.MemberRole(role.String)
	return s, orNotFound(err, "person")
}

// errNoRoom is the one answer for rooms that do not exist and rooms that the caller may not see.
var errNoRoom = chat.Errorf(chat.NotFound, "there is no such room")

func (tx *Tx) scanRoomState(row scanner) (state chat.RoomState, err error) {
	err = tx.scanRoom(row, &state.Room, &state.Role, &state.ReadSeq, &state.HiddenUntil, &state.Favorite)
	return state, err
}

// RoomsOf lists the rooms with an id above after that the caller is a member of, in order of id. It reads no
// further than the room that brings the sum to maxBytes; more tells whether there are more.
func (tx *Tx) RoomsOf(by access.Caller, after chat.RoomID, maxBytes int) (list []chat.RoomState, more bool, err error) {
	return pageOf[chat.RoomState]{
		maxBytes: maxBytes, endless: true, scan: tx.scanRoomState, size: func(s chat.RoomState) int { return RoomBytes(s.Room) },
	}.read(tx, `
		SELECT `+roomCols+`, m.role, m.read_seq, m.hidden_until, m.favorite
		FROM members m
		JOIN rooms r ON r.id = m.room_id
		WHERE m.user_id = $1 AND m.room_id > $2
			AND ($3 = '' OR ',' || $3 || ',' LIKE '%,' || m.room_id || ',%')
		ORDER BY m.room_id`, by.User, after, grantRooms(by.Grant))
}

// RoomNamed returns the id of the room that a user means by a folded name: of the rooms that the user is in,
// or else the public one. Of several that the user is in, rooms that the user made or joined come before those
// that others brought them into, and then the oldest. So nobody can make a room to which somebody else posts by
// mistake. Archived rooms have no name. RoomNamed checks no other rights: ask RoomFor about the id.
func (tx *Tx) RoomNamed(by access.Caller, key string) (chat.RoomID, error) {
	id, err := tx.roomID(`
		SELECT r.id
		FROM rooms r
		JOIN members m ON m.room_id = r.id AND m.user_id = $1
		WHERE r.name_key = $2 AND r.archived_at = 0
			AND ($3 = '' OR ',' || $3 || ',' LIKE '%,' || r.id || ',%')
		ORDER BY m.added_by <> m.user_id AND r.everyone = 0, r.id
		LIMIT 1`, by.User, key, grantRooms(by.Grant))
	if errors.Is(err, errNoRoom) {
		return tx.publicNamed(key)
	}
	return id, err
}

// publicNamed returns the id of the public room, or the announcements, with a folded name.
func (tx *Tx) publicNamed(key string) (chat.RoomID, error) {
	return tx.roomID(`
		SELECT r.id
		`+tx.fromPublic()+`
		`+wherePublic+` AND r.name_key = $1`, key)
}

// fromPublic reads the rooms that everyone may see and that are in use, and no others, by the index that has only
// these: of private and direct rooms there may be very many.
func (tx *Tx) fromPublic() string { return `FROM rooms r ` + tx.sql.IndexedBy("rooms_public_name") }

// wherePublic is the condition of that index, to the letter, or SQLite could not use it.
const wherePublic = `WHERE r.kind IN ('public', 'announcements') AND r.archived_at = 0`

// EveryonesRoom returns the id of the oldest room of a kind that every user becomes a member of.
func (tx *Tx) EveryonesRoom(kind chat.RoomKind) (chat.RoomID, error) {
	return tx.roomID(`
		SELECT r.id
		`+tx.fromPublic()+`
		`+wherePublic+` AND r.everyone = 1 AND r.kind = $1
		ORDER BY r.id
		LIMIT 1`, kind)
}

func (tx *Tx) roomID(query string, args ...any) (chat.RoomID, error) {
	var id chat.RoomID
	err := tx.row(into(&id), query, args...)
	if isNoRow(err) {
		err = errNoRoom
	}
	return id, err
}

func (tx *Tx) scanRoomView(row scanner) (view chat.RoomView, err error) {
	var role sql.NullString
	var readSeq sql.NullInt64
	err = tx.scanRoom(row, &view.Room, &role, &readSeq)
	view.Member, view.Role, view.ReadSeq = role.Valid, chat.MemberRole(role.String), readSeq.Int64
	return view, err
}

// PublicRooms lists at most limit public rooms whose folded name contains foldedText, in order of name. It
// reads no further than the room that brings the sum to maxBytes.
func (tx *Tx) PublicRooms(by access.Caller, foldedText string, limit, maxBytes int) (page chat.PublicRooms, err error) {
	list := pageOf[chat.RoomView]{
		limit: limit, maxBytes: maxBytes, scan: tx.scanRoomView,
		size: func(view chat.RoomView) int { return RoomBytes(view.Room) },
	}
	page.Rooms, page.More, err = list.read(tx, `
		SELECT `+roomCols+`, m.role, m.read_seq
		`+tx.fromPublic()+`
		LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $1
		`+wherePublic+` AND r.kind = 'public' AND r.deleting = 0 AND r.name_key LIKE $2 ESCAPE '\'
			AND ($4 = '' OR ',' || $4 || ',' LIKE '%,' || r.id || ',%')
		ORDER BY r.name_key
		LIMIT $3`, by.User, "%"+escapeLike(foldedText)+"%", limit+1, grantRooms(by.Grant))
	return page, err
}

// escapeLike escapes the characters that have a special meaning in a LIKE pattern.
func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// StoredName is a name as it is shown, with the folded form by which names are compared.
type StoredName struct {
	Shown string
	Key   string
}

// NewRoom is a room to be made. With Everyone, each new user becomes a member of it.
type NewRoom struct {
	Kind     chat.RoomKind // public, private or announcements
	Name     StoredName
	Topic    string
	Everyone bool
	Maker    chat.UserID
}

// AddRoom makes a room without members. It fails with NameTaken when the room is public and another public room
// has that name.
func (tx *WriteTx) AddRoom(in NewRoom) (chat.RoomID, error) {
	if err := tx.mustBeFree(in.Kind, in.Name, 0); err != nil {
		return 0, err
	}
	id, err := tx.returning(`
		INSERT INTO rooms (kind, name, name_key, topic, everyone, created_at, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`, in.Kind, in.Name.Shown, in.Name.Key, in.Topic, in.Everyone, tx.stamp, in.Maker)
	return chat.RoomID(id), err
}

var errRoomNameTaken = &chat.Error{Code: chat.NameTaken, Field: "name", Message: "a public room has that name"}

// mustBeFree refuses a name with NameTaken when the room is public and another public room has the name. The
// name of a private room collides with nothing, so that nobody learns what private rooms there are.
func (tx *WriteTx) mustBeFree(kind chat.RoomKind, name StoredName, room chat.RoomID) error {
	if kind != chat.Public && kind != chat.Announcements {
		return nil
	}
	holder, err := tx.publicNamed(name.Key)
	if errors.Is(err, errNoRoom) || (err == nil && holder == room) {
		return nil
	}
	if err == nil {
		err = errRoomNameTaken
	}
	return err
}

// DirectRoom returns the direct room of exactly these users; NotFound when there is none. A direct room that
// somebody has left is nobody's in this sense: it holds what that person wrote, so those who remain start with
// a new one.
func (tx *Tx) DirectRoom(users []chat.UserID) (chat.RoomID, error) {
	return tx.roomID(`SELECT id FROM rooms WHERE direct_key = $1`, directKey(users))
}

// AddDirect makes the direct room of these users, without members.
func (tx *WriteTx) AddDirect(maker chat.UserID, users []chat.UserID) (chat.RoomID, error) {
	id, err := tx.returning(`
		INSERT INTO rooms (kind, name, direct_key, people, topic, everyone, created_at, created_by)
		VALUES ('direct', '', $1, $1, '', 0, $2, $3)
		RETURNING id`, directKey(users), tx.stamp, maker)
	return chat.RoomID(id), err
}

// directKey returns the members of a direct room as text. The same set of users always has the same text.
func directKey(users []chat.UserID) string {
	return joinIDs(slices.Compact(slices.Sorted(slices.Values(users))))
}

// ChangeRoom sets the name and the topic of a room, and tells its members. When both stay the same it does
// nothing. It fails with NameTaken when both rooms are public and another has the name.
func (tx *WriteTx) ChangeRoom(seen SeenRoom, name StoredName, topic string) (chat.Room, error) {
	room := seen.Room
	if name.Shown == room.Name && topic == room.Topic {
		return room, nil
	}
	if err := tx.mustBeFree(room.Kind, name, room.ID); err != nil {
		return chat.Room{}, err
	}
	err := tx.runOne(`
		UPDATE rooms
		SET name = $2, name_key = $3, topic = $4
		WHERE id = $1`, room.ID, name.Shown, name.Key, topic)
	if err != nil {
		return chat.Room{}, err
	}
	renamed := room.Name != name.Shown
	room.Name, room.Topic = name.Shown, topic
	heads, err := tx.raiseMeta(room.ID)
	if err != nil {
		return chat.Room{}, err
	}
	room.Meta = heads.Meta
	tx.tell(chat.Change{
		Event: "room.changed", Data: chat.RoomChanged{Room: room},
		Room: room.ID, Heads: heads, About: &room,
	})
	if renamed {
		err = tx.tellInvited(room)
	}
	return room, err
}

// raiseMeta gives a change to the room itself the next meta, and returns the room's heads with it.
func (tx *WriteTx) raiseMeta(room chat.RoomID) (chat.Heads, error) {
	heads, err := tx.headsOf(room)
	if err != nil {
		return chat.Heads{}, err
	}
	heads.Meta++
	return *heads, nil
}

// room reads a room without checking anyone's rights, for changes that are about the room itself.
func (tx *Tx) room(id chat.RoomID) (chat.Room, error) {
	var room chat.Room
	found, err := tx.one(func(row scanner) error { return tx.scanRoom(row, &room) }, `
		SELECT `+roomCols+`
		FROM rooms r
		WHERE r.id = $1`, id)
	if err == nil && !found {
		err = errors.New("a room is gone")
	}
	return room, err
}

// RoomsForEveryone lists the rooms that each new user becomes a member of, in order of id.
func (tx *Tx) RoomsForEveryone() ([]chat.RoomID, error) {
	return columnOf[chat.RoomID](tx, `
		SELECT r.id
		`+tx.fromPublic()+`
		`+wherePublic+` AND r.everyone = 1
		ORDER BY r.id`)
}

func sortedRooms(ids iter.Seq[chat.RoomID]) []chat.RoomID {
	return slices.SortedFunc(ids, cmp.Compare[chat.RoomID])
}
