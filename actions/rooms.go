// Rooms: making, finding and changing them, and joining and leaving.

package actions

import (
	"context"
	"slices"
	"strings"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// The bounds of a request about many people or rooms.
const (
	maxNewMembers  = 500
	maxPublicRooms = 200
)

// The bounds of rooms for one person. Rooms that others brought somebody into are counted apart, so that they
// never use up the places for rooms that somebody makes or joins.
const (
	maxOwn     = 2000   // rooms that one person made or joined, and is in
	maxBrought = 1000   // rooms that others brought one person into
	maxByOne   = 250    // … and those that one and the same person did
	maxCaused  = 20_000 // memberships of others that one person caused and that still are
	maxMade    = 4000   // rooms that one person made and that are not deleted
)

// Rooms returns a page of the rooms that the caller is a member of: those with an id above after, in order of id.
// more tells whether there are more. All pages together have every room that the caller is in all the while.
func (a *Actions) Rooms(
	ctx context.Context, by access.Caller, after chat.RoomID,
) (page []chat.RoomState, more bool, err error) {
	page, err = readAs(ctx, a, by, func(tx *store.Tx) (page []chat.RoomState, err error) {
		if page, more, err = tx.RoomsOf(by, after, PageBytes); err != nil {
			return nil, err
		}
		return page, tx.CountUnread(by.User, page)
	})
	return page, more, err
}

// stateOf is a room for one of its members, once it was found.
func stateOf(tx *store.WriteTx, found store.SeenRoom, err error) (chat.RoomState, error) {
	if err != nil {
		return chat.RoomState{}, err
	}
	return tx.StateOf(found)
}

// PublicRooms finds public rooms whose name contains the query.
func (a *Actions) PublicRooms(ctx context.Context, by access.Caller, query string) (chat.PublicRooms, error) {
	return readAs(ctx, a, by, func(tx *store.Tx) (chat.PublicRooms, error) {
		page, err := tx.PublicRooms(by, Fold(strings.TrimSpace(query)), maxPublicRooms, PageBytes)
		if err != nil {
			return page, err
		}
		return page, tx.CountUnreadIn(by.User, page.Rooms)
	})
}

// Room returns a room that the caller may see.
func (a *Actions) Room(ctx context.Context, by access.Caller, id chat.RoomID) (chat.RoomView, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.RoomView, error) {
		found, err := tx.RoomFor(by, id)
		if err != nil {
			return chat.RoomView{}, err
		}
		view := []chat.RoomView{found.View()}
		err = tx.CountUnreadIn(by.User, view)
		return view[0], err
	})
}

// CreateRoom makes a public or private room with the caller as its owner.
func (a *Actions) CreateRoom(by access.Caller, in chat.NewRoom) (chat.RoomState, error) {
	if in.Kind != chat.Public && in.Kind != chat.Private {
		return chat.RoomState{}, chat.InvalidField("kind", "use public or private")
	}
	name, err := checkRoomName("name", in.Name)
	if err != nil {
		return chat.RoomState{}, err
	}
	topic, err := checkLine("topic", in.Topic, maxTopic)
	if err == nil {
		err = by.MayMakeRooms()
	}
	if err != nil {
		return chat.RoomState{}, err
	}
	return write(a.store, by, func(tx *store.WriteTx) (chat.RoomState, error) {
		if err := mayMakeOneMore(tx, by.User); err != nil {
			return chat.RoomState{}, err
		}
		id, err := tx.AddRoom(store.NewRoom{Kind: in.Kind, Name: name, Topic: topic, Maker: by.User})
		if err != nil {
			return chat.RoomState{}, err
		}
		if err := join(tx, id, by.User, chat.MemberOwner, by.User); err != nil {
			return chat.RoomState{}, err
		}
		found, err := tx.RoomFor(by, id)
		return stateOf(tx, found, err)
	})
}

// mayMakeOneMore refuses with TooManyRooms to make another room for somebody who made maxMade.
func mayMakeOneMore(tx *store.WriteTx, by chat.UserID) error {
	made, err := tx.Made(by)
	if err == nil && made >= maxMade {
		err = tooManyRooms(maxMade, "you made as many rooms as one person can; delete some that are archived")
	}
	return err
}

// mayCauseMore refuses with TooManyRooms to bring people into rooms for somebody who caused maxCaused
// memberships of others.
func mayCauseMore(tx *store.WriteTx, by chat.UserID, more int) error {
	caused, err := tx.Caused(by)
	if err == nil && caused+more > maxCaused {
		err = tooManyRooms(maxCaused, "you brought people into as many rooms as one person can")
	}
	return err
}

func tooManyRooms(limit int64, message string) error {
	return &chat.Error{Code: chat.TooManyRooms, Limit: limit, Message: message}
}

// allExist refuses with NotFound when one of the users does not exist.
func allExist(tx *store.WriteTx, users []chat.UserID) error {
	for _, id := range users {
		if _, err := tx.User(id); err != nil {
			return err
		}
	}
	return nil
}

// allActive refuses with NotFound when one of the users does not exist, and with Invalid when the account of
// one is deactivated.
func allActive(tx *store.WriteTx, users []chat.UserID) error {
	for _, id := range users {
		user, err := tx.User(id)
		if err == nil {
			err = access.MustBeActive("user_ids", user)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ChangeRoom renames a room, sets its topic, makes it private, archives it or brings it back into use: whatever
// of these the caller asks for. Owners of the room may.
func (a *Actions) ChangeRoom(by access.Caller, id chat.RoomID, in chat.RoomChange) (chat.Room, error) {
	acts, err := actsOf(in.Archived, in.Kind)
	if err != nil {
		return chat.Room{}, err
	}
	pay := a.payForRoom(by, id)
	return write(a.store, by, func(tx *store.WriteTx) (chat.Room, error) {
		found, err := tx.RoomFor(by, id)
		if err != nil {
			return chat.Room{}, err
		}
		if in.Name != nil || in.Topic != nil || len(acts) == 0 {
			found.Archived = found.Archived && !slices.Contains(acts, chat.ActUnarchive) // its name may be taken by now
			if found.Room, err = rename(tx, found, in, pay); err != nil {
				return chat.Room{}, err
			}
		}
		for _, act := range acts {
			err := access.MayKeepOwn(found.Standing, act)
			if err == nil {
				err = access.MustAllow(act, found.Room)
			}
			if err == nil {
				found.Room, err = changeUse(tx, by, act, found.Room, pay)
			}
			if err != nil {
				return chat.Room{}, err
			}
		}
		return found.Room, nil
	})
}

// payFor takes from the caller's budget what one part of a change of a room sends to its people beyond what the
// request brought. act names the part, "" for another name or topic. It may be called more than once for a part, but
// takes once. asked is how many are told besides, who are asked into the room.
type payFor func(act chat.Act, bytes, asked int) error

// bytesPerAsked is what telling one person of an invitation counts for. Each is a write besides that of the room.
const bytesPerAsked = bytesPerChange / 10

func (a *Actions) payForRoom(by access.Caller, id chat.RoomID) payFor {
	native, _ := a.rooms.Told(id)
	paid := map[chat.Act]bool{}
	return func(act chat.Act, bytes, asked int) error {
		if paid[act] {
			return nil
		}
		err := a.notTooMuch(by, bytes*native+asked*bytesPerAsked)
		paid[act] = err == nil
		return err
	}
}

// rename gives a room the name and the topic that a change asks for.
func rename(tx *store.WriteTx, found store.SeenRoom, in chat.RoomChange, pay payFor) (chat.Room, error) {
	if err := access.MayChangeRoom(found.Standing); err != nil {
		return chat.Room{}, err
	}
	again := found.Room // what the request did not bring
	name, topic := again.Name, again.Topic
	if in.Name != nil {
		name, again.Name = *in.Name, ""
	}
	if in.Topic != nil {
		topic, again.Topic = *in.Topic, ""
	}
	check := checkName // a name of an earlier version stays while the topic changes
	if in.Name != nil {
		check = checkRoomName
	}
	stored, err := check("name", name)
	if err != nil {
		return chat.Room{}, err
	}
	if topic, err = checkLine("topic", topic, maxTopic); err != nil {
		return chat.Room{}, err
	}
	if stored.Shown == found.Room.Name && topic == found.Room.Topic {
		return found.Room, nil // nobody is told
	}
	asked := 0 // who is told each on their own
	if stored.Shown != found.Room.Name {
		if asked, err = tx.ToldOfName(found.RoomID); err != nil {
			return chat.Room{}, err
		}
	}
	if err := pay("", store.RoomBytes(again), asked); err != nil {
		return chat.Room{}, err
	}
	return tx.ChangeRoom(found, stored, topic)
}

// Join makes the caller a member of a public room that is in use. For a member it does nothing.
func (a *Actions) Join(by access.Caller, id chat.RoomID, done func(chat.RoomState, error)) {
	queueWrite(a.store, by, func(tx *store.WriteTx) (chat.RoomState, error) {
		found, err := tx.RoomFor(by, id)
		if err != nil || found.Member {
			return stateOf(tx, found, err)
		}
		if err := access.MustBeInUse(found.Standing); err != nil {
			return chat.RoomState{}, err
		}
		if err := join(tx, id, by.User, roleOfNext(found.Room), by.User); err != nil {
			return chat.RoomState{}, err
		}
		found, err = tx.RoomFor(by, id)
		return stateOf(tx, found, err)
	}, done)
}

// roleOfNext returns the role of a user who joins a room without being brought in by a member. The first to
// join an empty room becomes its owner, since nobody else could name one.
func roleOfNext(room chat.Room) chat.MemberRole {
	if room.MemberCount == 0 {
		return chat.MemberOwner
	}
	return chat.MemberPlain
}

// join makes a user a member of a room. by is who causes that: the user or somebody else. It refuses with
// TooManyRooms when the user is in too many others already. For a member it does nothing.
func join(tx *store.WriteTx, room chat.RoomID, user chat.UserID, role chat.MemberRole, by chat.UserID) error {
	is, err := tx.IsMember(room, user)
	if err == nil && !is {
		err = mayBeInOneMore(tx, user, by)
	}
	if err != nil {
		return err
	}
	return tx.Join(room, user, role, by)
}

// mayBeInOneMore refuses with TooManyRooms when a user is in too many rooms to be in one more because of by: the
// user or somebody else.
func mayBeInOneMore(tx *store.WriteTx, user, by chat.UserID) error {
	in, err := tx.Memberships(user, by)
	switch {
	case err != nil:
	case user == by && in.Own >= maxOwn:
		err = tooManyRooms(maxOwn, "nobody can be in so many rooms; leave some first")
	case user != by && in.Brought >= maxBrought:
		err = tooManyRooms(maxBrought, "others brought this person into so many rooms that they have to join by themselves")
	case user != by && in.ByOne >= maxByOne:
		err = tooManyRooms(maxByOne, "you brought this person into so many rooms that they have to join by themselves")
	}
	return err
}

// Leave ends the caller's membership. Nobody can leave the announcements or a direct room of two. The last
// owner of a room must name another owner first, unless they are its only member. A room that nobody is left
// in is archived.
func (a *Actions) Leave(by access.Caller, id chat.RoomID, done func(chat.Done, error)) {
	queueWrite(a.store, by, func(tx *store.WriteTx) (chat.Done, error) {
		found, err := tx.RoomFor(by, id)
		if err != nil {
			return chat.Done{}, err
		}
		if !found.Member {
			return chat.Done{}, nil
		}
		if err := access.MayLeave(found.Standing); err != nil {
			return chat.Done{}, err
		}
		if found.Role == chat.MemberOwner && found.Room.MemberCount > 1 {
			if err := mustNotBeLastOwner(tx, id, by.User); err != nil {
				return chat.Done{}, err
			}
		}
		return chat.Done{}, tx.Leave(id, by.User)
	}, done)
}

// mustNotBeLastOwner refuses to take away the only owner of a room.
func mustNotBeLastOwner(tx *store.WriteTx, room chat.RoomID, owner chat.UserID) error {
	others, err := tx.OtherOwners(room, owner)
	if err == nil {
		err = access.MayLoseOwner(others)
	}
	return err
}
