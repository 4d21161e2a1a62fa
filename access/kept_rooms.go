// The rules on rooms for those who look after the server, and for the owners of a room: which acts each may do.

package access

import "parley/chat"

// onRooms is the table of acts on rooms. For each act it has the lowest role on the server that may do it in
// any room, also in one that the actor does not see; and whether the owners of the room may do it there.
var onRooms = map[chat.Act]struct {
	role   chat.Role
	owners bool
}{
	chat.ActArchive:     {chat.RoleAdmin, true},
	chat.ActUnarchive:   {chat.RoleAdmin, true},
	chat.ActMakePrivate: {chat.RoleAdmin, true},
	chat.ActDeleteRoom:  {chat.RoleOwner, true},
	chat.ActRoomRole:    {chat.RoleOwner, true},
	chat.ActTakeOut:     {chat.RoleAdmin, true},
}

// MayDoToRooms refuses an actor whose role is too low for an act on rooms that are not their own.
func (by Actor) MayDoToRooms(act chat.Act) error {
	switch need, known := onRooms[act]; {
	case by.Operator:
		return nil
	case !known || need.role == chat.RoleOwner:
		return MustOwn(by.Role)
	}
	return MustAdminister(by.Role)
}

// MayKeepOwn lets the owners of a room do an act there.
func MayKeepOwn(by Standing, act chat.Act) error {
	if !onRooms[act].owners || by.Role != chat.MemberOwner {
		return errRoomOwnersOnly
	}
	return nil
}

// MustAllow refuses an act that a room does not allow, whoever does it. The announcements are there for
// everyone, only a public room is made private, and a private room never becomes public: what was said there
// was said to its members. An archived room of which nobody is a member is brought back only when people can
// join it.
func MustAllow(act chat.Act, room chat.Room) error {
	switch {
	case room.Kind == chat.Announcements && act != chat.ActRoomRole:
		return chat.Errorf(chat.Forbidden, "the announcements stay as they are, for everyone")
	case act == chat.ActMakePrivate && room.Kind == chat.Direct:
		return chat.Errorf(chat.Forbidden, "a direct room is private already")
	case act == chat.ActRoomRole && room.Kind == chat.Direct:
		return chat.Errorf(chat.Forbidden, "a direct room has no owners")
	case act == chat.ActUnarchive && room.MemberCount == 0 && room.Kind != chat.Public:
		return chat.Errorf(chat.Forbidden, "nobody is in the room, and nobody could join it")
	}
	return nil
}

// MayDeleteOwn lets the owners of a room delete it once it is archived, so that its people have seen it end.
func MayDeleteOwn(by Standing) error {
	if err := MayKeepOwn(by, chat.ActDeleteRoom); err != nil {
		return err
	}
	if !by.Archived {
		return chat.Errorf(chat.Forbidden, "archive the room first")
	}
	return nil
}
