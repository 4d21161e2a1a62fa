// Members of a room: listing them, bringing people in, removing members, and naming owners.

package actions

import (
	"context"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// Members returns a page of the members of a room that the caller may see: those with an id above after.
func (a *Actions) Members(
	ctx context.Context, by access.Caller, id chat.RoomID, after chat.UserID,
) (chat.Members, error) {
	return readAs(ctx, a, by, func(tx *store.Tx) (chat.Members, error) {
		found, err := tx.RoomFor(by, id)
		if err != nil {
			return chat.Members{}, err
		}
		members, more, err := tx.Members(id, after, PageBytes)
		return chat.Members{Members: members, Meta: found.Room.Meta, More: more}, err
	})
}

// AddMembers makes people members of a room, and asks those who want to be asked. Members of the room may.
func (a *Actions) AddMembers(by access.Caller, id chat.RoomID, in chat.NewMembers) (chat.MembersAdded, error) {
	if len(in.UserIDs) == 0 || len(in.UserIDs) > maxNewMembers {
		return chat.MembersAdded{}, chat.InvalidField("user_ids", "name 1 to %d people", maxNewMembers)
	}
	users := eachOnce(in.UserIDs)
	return write(a.store, by, func(tx *store.WriteTx) (chat.MembersAdded, error) {
		done := chat.MembersAdded{Added: []chat.UserID{}, Asked: []chat.UserID{}}
		found, err := tx.RoomFor(by, id)
		if err != nil {
			return done, err
		}
		if err := access.MayAddMembers(found.Standing); err != nil {
			return done, err
		}
		others, err := notIn(tx, id, users)
		if err == nil {
			err = allActive(tx, others)
		}
		if err == nil {
			err = mayCauseMore(tx, by.User, len(others))
		}
		if err == nil {
			err = mayBring(tx, by.User, others, false)
		}
		if err != nil {
			return done, err
		}
		for _, user := range users {
			asked, err := bring(tx, found.Room, user, by.User)
			if err != nil {
				return done, err
			}
			if asked {
				done.Asked = append(done.Asked, user)
			} else {
				done.Added = append(done.Added, user)
			}
		}
		return done, nil
	})
}

// eachOnce leaves out who was named before.
func eachOnce(users []chat.UserID) (once []chat.UserID) {
	named := make(map[chat.UserID]bool, len(users))
	for _, user := range users {
		if !named[user] {
			named[user], once = true, append(once, user)
		}
	}
	return once
}

// notIn returns those of some users who are not members of a room: the others are brought nowhere.
func notIn(tx *store.WriteTx, room chat.RoomID, users []chat.UserID) (rest []chat.UserID, err error) {
	for _, user := range users {
		is, err := tx.IsMember(room, user)
		if err != nil {
			return nil, err
		}
		if !is {
			rest = append(rest, user)
		}
	}
	return rest, nil
}

// RemoveMember removes a member from a room. Owners of the room may, and it stands in the audit log. It refuses to
// remove the caller: see Leave.
func (a *Actions) RemoveMember(by access.Caller, id chat.RoomID, user chat.UserID) error {
	return a.change(by, func(tx *store.WriteTx) error {
		found, member, err := ownedMember(tx, by, id, user)
		if err != nil {
			return err
		}
		if err := access.MayRemove(found.Standing, member.UserID); err != nil {
			return err
		}
		return takeOut(tx, by, id, user)
	})
}

// takeOut ends somebody's membership in place of themselves, and notes that.
func takeOut(tx *store.WriteTx, by access.Caller, id chat.RoomID, user chat.UserID) error {
	if err := tx.Leave(id, user); err != nil {
		return err
	}
	return tx.Audit(by, chat.AuditEntry{Act: chat.ActTakeOut, RoomID: id, UserID: user})
}

// SetMemberRole makes a member an owner of the room, or a plain member again. Owners of the room may, and it stands
// in the audit log.
func (a *Actions) SetMemberRole(by access.Caller, id chat.RoomID, user chat.UserID, in chat.MemberRoleChange) error {
	if in.Role != chat.MemberOwner && in.Role != chat.MemberPlain {
		return chat.InvalidField("role", "use owner or member")
	}
	return a.change(by, func(tx *store.WriteTx) error {
		found, member, err := ownedMember(tx, by, id, user)
		if err != nil {
			return err
		}
		if member.Role == chat.MemberOwner && in.Role == chat.MemberPlain {
			if err := mustNotBeLastOwner(tx, id, user); err != nil {
				return err
			}
		}
		return giveRole(tx, by, found.RoomID, member, in.Role)
	})
}

// giveRole gives a member another role in a room, and notes that. When the member has the role it does nothing.
func giveRole(tx *store.WriteTx, by access.Caller, id chat.RoomID, member chat.Member, role chat.MemberRole) error {
	if member.Role == role {
		return nil
	}
	if err := tx.SetMemberRole(id, member, role); err != nil {
		return err
	}
	return tx.Audit(by, chat.AuditEntry{
		Act: chat.ActRoomRole, RoomID: id, UserID: member.UserID, Detail: string(role),
	})
}

// ownedMember finds a member of a room that the caller is an owner of.
func ownedMember(tx *store.WriteTx, by access.Caller, id chat.RoomID, user chat.UserID) (store.SeenRoom, chat.Member, error) {
	found, err := tx.RoomFor(by, id)
	if err != nil {
		return store.SeenRoom{}, chat.Member{}, err
	}
	if err := access.MayManageMembers(found.Standing); err != nil {
		return store.SeenRoom{}, chat.Member{}, err
	}
	member, err := tx.Member(id, user)
	return found, member, err
}
