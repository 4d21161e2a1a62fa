// The rules: who may do what in a room and on the server. Each rule takes a Standing or a role, and returns
// nil or the reason for the refusal. The store looks the Standing up, inside the transaction that acts.

package access

import "parley/chat"

var (
	errRoomOwnersOnly = chat.Errorf(chat.Forbidden, "only owners of the room may do that")
	errMembersOnly    = chat.Errorf(chat.Forbidden, "join the room first")
	errDirectFixed    = chat.Errorf(chat.Forbidden, "nobody is added to a direct room; make a new one instead")
	errHideInstead    = chat.Errorf(chat.Forbidden, "a direct room of two is hidden, not left")
	errArchived       = chat.Errorf(chat.Archived, "the room is archived: it can be read, and no more changed")
	errApart          = chat.Errorf(chat.Forbidden, "you and this person cannot write to each other")
	errEveryoneStays  = chat.Errorf(chat.Forbidden, "nobody can leave the announcements")
)

// MustBeMember lets only members of the room do what is for its members, such as moving their read position.
func MustBeMember(by Standing) error {
	if !by.Member {
		return errMembersOnly
	}
	return nil
}

// MustBeInUse refuses to change an archived room, and what was said there.
func MustBeInUse(by Standing) error {
	if by.Archived {
		return errArchived
	}
	return nil
}

// MayReact lets members react in a room that is in use, except in a direct room of two, one of whom has
// blocked the other.
func MayReact(by Standing) error {
	if err := MustBeMember(by); err != nil {
		return err
	}
	if by.Apart {
		return errApart
	}
	return MustBeInUse(by)
}

// MayPost lets members write in a room that is in use. In the announcements, only the owner and the admins of
// the server may. In a direct room of two, nobody may after one has blocked the other: both get the same
// answer.
func MayPost(by Standing) error {
	if err := MayReact(by); err != nil {
		return err
	}
	if by.Kind == chat.Announcements && !by.ServerRole.Administers() {
		return chat.Errorf(chat.Forbidden, "only owners and admins of the server post announcements")
	}
	return nil
}

// MayChangeMessage lets only the author edit a message; for deleting one see MayDeleteMessage.
func MayChangeMessage(by Caller, m chat.Message) error {
	if m.AuthorID != by.User {
		return chat.Errorf(chat.Forbidden, "only its author may edit a message")
	}
	return nil
}

// MayAddMembers lets every member of a room in use bring others in, except into a direct room.
func MayAddMembers(by Standing) error {
	if !by.Member {
		return errMembersOnly
	}
	if by.Kind == chat.Direct {
		return errDirectFixed
	}
	return MustBeInUse(by)
}

// MayBeAskedInto lets somebody accept what a member of a room in use asks them. The invitation is gone when its
// inviter has left, when the room is archived, and when the inviter is blocked.
func MayBeAskedInto(inviter Standing, blocked bool) error {
	if !inviter.Member || inviter.Archived || blocked {
		return chat.Errorf(chat.NotFound, "there is no such room invitation")
	}
	return nil
}

// MayManageMembers lets the owners of a room remove members and name owners.
func MayManageMembers(by Standing) error {
	if by.Kind == chat.Direct {
		return errDirectFixed
	}
	if by.Role != chat.MemberOwner {
		return errRoomOwnersOnly
	}
	return nil
}

// MayRemove refuses to remove a member from the announcements, and refuses to remove the caller: callers
// leave instead. Ask MayManageMembers first.
func MayRemove(by Standing, user chat.UserID) error {
	if by.Kind == chat.Announcements {
		return errEveryoneStays
	}
	if user == by.Caller {
		return chat.InvalidField("user", "leave the room instead")
	}
	return nil
}

// MayLeave refuses to let anyone leave the announcements or a direct room of two. It needs People.
func MayLeave(by Standing) error {
	switch {
	case by.Kind == chat.Announcements:
		return errEveryoneStays
	case by.Kind == chat.Direct && by.People == 2:
		return errHideInstead
	}
	return nil
}

// MayHide lets the people of a direct room take it out of their own list, until something new is said.
func MayHide(by Standing) error {
	if !by.Member {
		return errMembersOnly
	}
	if by.Kind != chat.Direct {
		return chat.Errorf(chat.Forbidden, "only direct rooms are hidden; leave the room instead")
	}
	return nil
}

// MayLoseOwner refuses to take away the only owner of a room.
func MayLoseOwner(otherOwners int) error {
	if otherOwners == 0 {
		return chat.Errorf(chat.LastOwner, "name another owner of the room first")
	}
	return nil
}

// MayChangeRoom lets the owners of a room in use change its name and its topic.
func MayChangeRoom(by Standing) error {
	if by.Kind == chat.Direct {
		return chat.Errorf(chat.Forbidden, "a direct room has no name and no topic")
	}
	if by.Role != chat.MemberOwner {
		return errRoomOwnersOnly
	}
	return MustBeInUse(by)
}

// MustOwn lets only the owner of the server change its settings and the roles of its users.
func MustOwn(role chat.Role) error {
	if role != chat.RoleOwner {
		return chat.Errorf(chat.Forbidden, "only the owner of the server may do that")
	}
	return nil
}

// MustAdminister lets only the owner and the admins of the server look after invites, tokens and the like.
func MustAdminister(role chat.Role) error {
	if !role.Administers() {
		return chat.Errorf(chat.Forbidden, "only owners and admins of the server may do that")
	}
	return nil
}
