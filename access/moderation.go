// Moderation: deleting what others wrote, and seeing what was reported.

package access

import "parley/chat"

var errMayNotDelete = chat.Errorf(chat.Forbidden,
	"only its author, an owner of the room or an admin may delete a message, and nobody that of an equal or higher role")

// MayDeleteMessage lets three kinds of people delete a message, also in an archived room. Its author may while a member
// of the room. The owners and admins of the server may in every room they see, except in direct rooms: there a message
// has to be reported. The owners of the room may. Nobody but its author may delete a message of somebody with an equal
// or a higher role: an admin's is deleted by the owner of the server, and that of a room's owner by an admin.
func MayDeleteMessage(by, author Standing) error {
	if by.Caller == author.Caller {
		return MustBeMember(by)
	}
	if by.Kind != chat.Direct && by.ServerRole.Administers() && by.ServerRole.Above(author.ServerRole) {
		return nil
	}
	if by.Role == chat.MemberOwner && author.Role != chat.MemberOwner && !author.ServerRole.Above(by.ServerRole) {
		return nil
	}
	if !by.Member {
		return errMembersOnly
	}
	return errMayNotDelete
}

// MayReport lets everyone who sees a message report it, except its author.
func MayReport(by, author Standing) error {
	if by.Caller == author.Caller {
		return chat.Errorf(chat.Forbidden, "nobody reports their own message")
	}
	return nil
}

// SeesReports tells whether somebody with that role sees the reports about a message of an author. An admin
// sees those about everyone's messages but their own; the owner sees all.
func SeesReports(by chat.UserID, role chat.Role, author chat.UserID) bool {
	return role == chat.RoleOwner || role == chat.RoleAdmin && by != author
}

// MayDeleteReported lets the owner and the admins delete a message that was reported, whatever its room,
// except a message of somebody with an equal or a higher role. The owner may delete an owner's.
func MayDeleteReported(role, author chat.Role) error {
	if role.Above(author) || role == chat.RoleOwner {
		return nil
	}
	return chat.Errorf(chat.Forbidden, "nobody may delete a message of somebody with an equal or higher role")
}
