// Who may do what in a room and on the server. Each rule looks at where somebody stands and says nil, or why not;
// finding that out is for the store, inside the transaction that acts.

package access

import "parley/chat"

var (
	errRoomOwnersOnly = chat.Errorf(chat.Forbidden, "only owners of the room may do that")
	errMembersOnly    = chat.Errorf(chat.Forbidden, "join the room first")
	errDirectFixed    = chat.Errorf(chat.Forbidden, "the people of a direct room never change")
	errEveryoneStays  = chat.Errorf(chat.Forbidden, "everyone stays in the announcements")
)

// MustBeMember is the rule for reading on, reacting, and one's own messages.
func MustBeMember(by Standing) error {
	if !by.Member {
		return errMembersOnly
	}
	return nil
}

// MayPost is the rule of who may write in which room.
func MayPost(by Standing) error {
	if !by.Member {
		return errMembersOnly
	}
	if by.Kind == chat.Announcements && !by.ServerRole.Administers() {
		return chat.Errorf(chat.Forbidden, "only owners and admins of the server post announcements")
	}
	return nil
}

// MayChangeMessage is for editing and deleting: only the author may.
func MayChangeMessage(by Caller, m chat.Message) error {
	if m.AuthorID != by.User {
		return chat.Errorf(chat.Forbidden, "only its author may change a message")
	}
	return nil
}

// MayAddMembers lets every member bring others in, except into a direct room.
func MayAddMembers(by Standing) error {
	if !by.Member {
		return errMembersOnly
	}
	if by.Kind == chat.Direct {
		return errDirectFixed
	}
	return nil
}

// MayManageMembers is for removing members and naming owners: the room's owners may.
func MayManageMembers(by Standing) error {
	if by.Kind == chat.Direct {
		return errDirectFixed
	}
	if by.Role != chat.MemberOwner {
		return errRoomOwnersOnly
	}
	return nil
}

// MayRemove is for whoever may manage members. Oneself one leaves.
func MayRemove(by Standing, user chat.UserID) error {
	if by.Kind == chat.Announcements {
		return errEveryoneStays
	}
	if user == by.Caller {
		return chat.InvalidField("user", "leave the room instead")
	}
	return nil
}

// MayLeave keeps everyone in the announcements and in direct rooms.
func MayLeave(by Standing) error {
	switch by.Kind {
	case chat.Announcements:
		return errEveryoneStays
	case chat.Direct:
		return errDirectFixed
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

// MayChangeRoom is for the name and the topic: the room's owners may.
func MayChangeRoom(by Standing) error {
	if by.Kind == chat.Direct {
		return chat.Errorf(chat.Forbidden, "a direct room has no name and no topic")
	}
	if by.Role != chat.MemberOwner {
		return errRoomOwnersOnly
	}
	return nil
}

// MustOwn is for the settings and the roles of the server.
func MustOwn(role chat.Role) error {
	if role != chat.RoleOwner {
		return chat.Errorf(chat.Forbidden, "only the owner of the server may do that")
	}
	return nil
}

// MustAdminister is for invites, tokens and what else owners and admins of the server look after.
func MustAdminister(role chat.Role) error {
	if !role.Administers() {
		return chat.Errorf(chat.Forbidden, "only owners and admins of the server may do that")
	}
	return nil
}

// MayChangeRole keeps the owner of the server what they are.
func MayChangeRole(of chat.User) error {
	if of.Role == chat.RoleOwner {
		return chat.Errorf(chat.Forbidden, "the owner stays the owner")
	}
	return nil
}
