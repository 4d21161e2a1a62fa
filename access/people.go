// The rules on people: which act each role on the server may do, and on whom.

package access

import "parley/chat"

// Actor is somebody who acts on the account of a user.
type Actor struct {
	User     chat.UserID
	Role     chat.Role
	Program  bool // acts by a token
	Operator bool // a command that can read the data folder: it may do everything
}

// needed is the table of acts on people. For each act it has the lowest role that may do it, to people of a
// lower role. Where programs is false, programs may not, whatever their role.
var needed = map[chat.Act]struct {
	role     chat.Role
	programs bool
}{
	chat.ActRole:        {chat.RoleOwner, true},
	chat.ActDeactivate:  {chat.RoleAdmin, true},
	chat.ActReactivate:  {chat.RoleAdmin, true},
	chat.ActEndSessions: {chat.RoleAdmin, true},
	chat.ActReset:       {chat.RoleAdmin, false}, // whoever has the link can sign in as the person
}

// MayDo refuses an actor whose role is too low for an act on people, whoever it is done to.
func (by Actor) MayDo(act chat.Act) error {
	need, known := needed[act]
	switch {
	case by.Operator:
		return nil
	case !known || by.Program && !need.programs:
		return chat.Errorf(chat.Forbidden, "only people may do that, not programs")
	case need.role == chat.RoleOwner:
		return MustOwn(by.Role)
	}
	return MustAdminister(by.Role)
}

// MayActOn refuses to act on somebody whose role is as high as that of the actor, or higher. That includes
// the actor's own account. Ask MayDo first.
func (by Actor) MayActOn(on chat.User) error {
	switch {
	case by.Operator:
		return nil
	case by.User == on.ID:
		return chat.Errorf(chat.Forbidden, "nobody does that to their own account")
	case !by.Role.Above(on.Role):
		return chat.Errorf(chat.Forbidden, "only somebody with a higher role may do that")
	}
	return nil
}

// MayGive refuses a change of a role. Owners name other owners and admins among those below them, and step
// down themselves. A program never becomes an owner, and nobody becomes one while their account is
// deactivated. Ask MayDo first, and MayLoseServerOwner when an owner becomes something else.
func (by Actor) MayGive(on chat.User, role chat.Role) error {
	if role == chat.RoleOwner && (on.Bot || on.Deactivated) {
		return chat.InvalidField("role", "a program or a deactivated account cannot own the server")
	}
	if by.User == on.ID && !by.Operator {
		return nil
	}
	return by.MayActOn(on)
}

// MayBring refuses to bring somebody into a room, or into a direct room, who does not want to hear from the
// caller. The answer is the same for everyone who could not be brought in, and names nobody.
func MayBring(blocked bool) error {
	if blocked {
		return chat.Errorf(chat.Forbidden, "you cannot bring one of these people into a room")
	}
	return nil
}

// MayLoseServerOwner refuses to take away the only owner of the server whose account is active.
func MayLoseServerOwner(otherOwners int) error {
	if otherOwners == 0 {
		return chat.Errorf(chat.LastOwner, "name another owner of the server first")
	}
	return nil
}

// MustBeActive refuses a deactivated account where somebody is to be brought in, or to get something new.
func MustBeActive(field string, user chat.User) error {
	if user.Deactivated {
		return chat.InvalidField(field, "the account of %s is deactivated", user.Name)
	}
	return nil
}
