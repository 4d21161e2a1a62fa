// What the owners of the server do to any room, also to one that they do not see, and what the owners of a room do
// to their own: archiving it, making it private, deleting it, naming owners, taking people out.
// Package access has the tables of who may.

package actions

import (
	"context"

	"parley/access"
	"parley/chat"
	"parley/store"
)

const (
	maxKeptRooms = 50  // rooms on a page of all rooms
	dropChunk    = 200 // messages of a deleted room that are dropped in one transaction
)

// KeptRooms returns a page of all rooms: those with an id above after. The owners of the server may. They get
// no name of a room that they do not see.
func (a *Actions) KeptRooms(ctx context.Context, by access.Caller, after chat.RoomID) (chat.KeptRooms, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.KeptRooms, error) {
		if err := ownsServer(tx, by); err != nil {
			return chat.KeptRooms{}, err
		}
		return tx.KeptRooms(by.User, after, maxKeptRooms, PageBytes)
	})
}

// KeptMembers returns a page of the members of any room, those with an id above after, to the owners of the
// server.
func (a *Actions) KeptMembers(
	ctx context.Context, by access.Caller, id chat.RoomID, after chat.UserID,
) (chat.Members, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.Members, error) {
		if err := ownsServer(tx, by); err != nil {
			return chat.Members{}, err
		}
		room, err := tx.AnyRoom(id)
		if err != nil {
			return chat.Members{}, err
		}
		members, more, err := tx.Members(id, after, PageBytes)
		return chat.Members{Members: members, Meta: room.Meta, More: more}, err
	})
}

// keptRoom finds any room for an act on it, if the caller's role on the server allows the act, and the room.
func keptRoom(tx *store.WriteTx, by access.Caller, act chat.Act, id chat.RoomID) (access.Actor, chat.Room, error) {
	actor, err := actorOf(&tx.Tx, by)
	if err == nil {
		err = actor.MayDoToRooms(act)
	}
	if err != nil {
		return actor, chat.Room{}, err
	}
	room, err := tx.AnyRoom(id)
	if err == nil {
		err = access.MustAllow(act, room)
	}
	return actor, room, err
}

// ChangeKeptRoom archives any room, brings it back into use, or makes it private.
func (a *Actions) ChangeKeptRoom(by access.Caller, id chat.RoomID, in chat.KeptRoomChange) error {
	acts, err := actsOf(in.Archived, in.Kind)
	if err != nil {
		return err
	}
	pay := a.payForRoom(by, id)
	return a.change(by, func(tx *store.WriteTx) error {
		for _, act := range acts {
			_, room, err := keptRoom(tx, by, act, id)
			if err == nil {
				_, err = changeUse(tx, by, act, room, pay)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// actsOf returns the acts that a change of a room asks for.
func actsOf(archived *bool, kind *chat.RoomKind) (acts []chat.Act, err error) {
	if kind != nil && *kind != chat.Private {
		return nil, chat.InvalidField("kind", "a room can be made private, and nothing else")
	}
	if kind != nil {
		acts = append(acts, chat.ActMakePrivate)
	}
	switch {
	case archived == nil:
	case *archived:
		acts = append(acts, chat.ActArchive)
	default:
		acts = append(acts, chat.ActUnarchive)
	}
	return acts, nil
}

// changeUse archives a room, brings it back into use or makes it private, and notes that. When the room is so
// already it does nothing.
func changeUse(
	tx *store.WriteTx, by access.Caller, act chat.Act, room chat.Room, pay payFor,
) (chat.Room, error) {
	if err := pay(act, store.RoomBytes(room), 0); err != nil {
		return chat.Room{}, err
	}
	meta := room.Meta
	var err error
	if act == chat.ActMakePrivate {
		if room.Kind != chat.Private {
			room, err = tx.MakePrivate(room)
		}
	} else {
		room, err = tx.Archive(room, act == chat.ActArchive)
	}
	if err == nil && room.Meta != meta {
		err = tx.Audit(by, chat.AuditEntry{Act: act, RoomID: room.ID})
	}
	return room, err
}

// DeleteKeptRoom deletes any room with its messages. Its people are told at once that it is gone; its messages
// are dropped bit by bit: see Erase.
func (a *Actions) DeleteKeptRoom(by access.Caller, id chat.RoomID) error {
	return a.deleteRoom(by, func(tx *store.WriteTx) (chat.Room, error) {
		_, room, err := keptRoom(tx, by, chat.ActDeleteRoom, id)
		return room, err
	})
}

// DeleteRoom deletes an archived room with its messages, as DeleteKeptRoom does. Owners of the room may.
func (a *Actions) DeleteRoom(by access.Caller, id chat.RoomID) error {
	return a.deleteRoom(by, func(tx *store.WriteTx) (chat.Room, error) {
		found, err := tx.RoomFor(by, id)
		if err == nil {
			err = access.MustAllow(chat.ActDeleteRoom, found.Room)
		}
		if err == nil {
			err = access.MayDeleteOwn(found.Standing)
		}
		return found.Room, err
	})
}

func (a *Actions) deleteRoom(by access.Caller, find func(*store.WriteTx) (chat.Room, error)) error {
	err := a.change(by, func(tx *store.WriteTx) error {
		room, err := find(tx)
		if err != nil {
			return err
		}
		if err := tx.DeleteRoom(room); err != nil {
			return err
		}
		return tx.Audit(by, chat.AuditEntry{Act: chat.ActDeleteRoom, RoomID: room.ID})
	})
	if err == nil {
		a.wakeErasing()
	}
	return err
}

// dropStep drops the next messages of a room that is being deleted; more tells whether there was any.
func (a *Actions) dropStep(ctx context.Context) (more bool, err error) {
	room, err := read(ctx, a.store, (*store.Tx).RoomToDrop)
	if chat.IsCode(err, chat.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, a.store.WriteAndWait(func(tx *store.WriteTx) error { return tx.DropMessages(room, dropChunk) })
}

// SetKeptRole makes a member of any room an owner of it, or a plain member again. The last owner stays.
func (a *Actions) SetKeptRole(by access.Caller, id chat.RoomID, user chat.UserID, in chat.MemberRoleChange) error {
	if in.Role != chat.MemberOwner && in.Role != chat.MemberPlain {
		return chat.InvalidField("role", "use owner or member")
	}
	return a.onKeptMember(by, chat.ActRoomRole, id, user, func(tx *store.WriteTx, member chat.Member) error {
		return giveRole(tx, by, id, member, in.Role)
	})
}

// TakeOut takes somebody out of any room, also out of a direct one. The last owner of a room with others stays.
func (a *Actions) TakeOut(by access.Caller, id chat.RoomID, user chat.UserID) error {
	return a.onKeptMember(by, chat.ActTakeOut, id, user, func(tx *store.WriteTx, _ chat.Member) error {
		return takeOut(tx, by, id, user)
	})
}

// onKeptMember finds a member of any room on whom the caller may act, and calls do. It refuses to take the last
// owner away from a room with others.
func (a *Actions) onKeptMember(
	by access.Caller, act chat.Act, id chat.RoomID, user chat.UserID, do func(*store.WriteTx, chat.Member) error,
) error {
	return a.change(by, func(tx *store.WriteTx) error {
		actor, room, err := keptRoom(tx, by, act, id)
		if err != nil {
			return err
		}
		on, err := tx.User(user)
		if err == nil {
			err = actor.MayActOn(on)
		}
		if err != nil {
			return err
		}
		member, err := tx.Member(id, user)
		if err == nil && member.Role == chat.MemberOwner && room.MemberCount > 1 {
			err = mustNotBeLastOwner(tx, id, user)
		}
		if err != nil {
			return err
		}
		return do(tx, member)
	})
}
