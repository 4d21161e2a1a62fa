// The rules on rooms for the owners of the server, and for the owners of a room: which acts each may do.

package access

import "parley/chat"

// onRooms is the table of acts on rooms. The owners of the server do all of them in any room, also in one that
// they do not see. It says which of them the owners of the room do there by these same words.
var onRooms = map[chat.Act]struct{ roomOwners bool }{
	chat.ActArchive:     {true},
	chat.ActUnarchive:   {true},
	chat.ActMakePrivate: {true},
	chat.ActDeleteRoom:  {true}, // see MayDeleteOwn
	chat.ActRoomRole:    {false},
	chat.ActTakeOut:     {false},
}

// MayDoToRooms lets the owners of the server do an act of the table to any room.
func (by Actor) MayDoToRooms(act chat.Act) error {
	if _, known := onRooms[act]; !known {
		return chat.Errorf(chat.Forbidden, "nobody may do that to a room")
	}
	if by.Operator {
		return nil
	}
	return MustOwn(by.Role)
}

// MayKeepOwn lets the owners of a room do an act there.
func MayKeepOwn(by Standing, act chat.Act) error {
	if !onRooms[act].roomOwners || by.Role != chat.MemberOwner {
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
