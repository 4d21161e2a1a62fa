// Direct rooms: making, finding and hiding them.

package actions

import (
	"slices"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// maxDirectPeople bounds the people of a direct room.
const maxDirectPeople = 20

// CreateDirect returns the direct room of the caller and others, and makes it when there is none. In a group of
// three or more, those who want to be asked become members when they accept. The room is for all of them from
// the beginning: so everyone in it knows who may come to read what they say, the same people are never asked
// into a second room, and nothing changes for the others when somebody declines.
func (a *Actions) CreateDirect(by access.Caller, in chat.NewDirect) (chat.DirectRoom, error) {
	people := slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(in.UserIDs), by.User))))
	if len(people) < 2 {
		return chat.DirectRoom{}, chat.InvalidField("user_ids", "name at least one other person")
	}
	if len(people) > maxDirectPeople {
		return chat.DirectRoom{}, &chat.Error{
			Code: chat.TooManyPeople, Field: "user_ids", Limit: maxDirectPeople,
			Message: "too many people for a direct room: make a private room instead",
		}
	}
	if err := by.MayMakeRooms(); err != nil {
		return chat.DirectRoom{}, err
	}
	return write(a.store, by, func(tx *store.WriteTx) (chat.DirectRoom, error) {
		if err := allExist(tx, people); err != nil {
			return chat.DirectRoom{}, err
		}
		id, err := tx.DirectRoom(people)
		if chat.IsCode(err, chat.NotFound) {
			id, err = addDirect(tx, by.User, people)
		}
		if err == nil { // who was asked into the room, and asks for it by themselves, comes in
			err = join(tx, id, by.User, chat.MemberPlain, by.User)
		}
		if err != nil {
			return chat.DirectRoom{}, err
		}
		found, err := tx.RoomFor(by, id)
		if err == nil && found.HiddenUntil > found.Room.Seq { // who asks for it wants to see it
			_, err = tx.Hide(found, 0)
			found.HiddenUntil = 0
		}
		var room chat.DirectRoom
		room.RoomState, err = stateOf(tx, found, err)
		if err == nil && room.MemberCount < len(room.MemberIDs) {
			room.Asked, err = tx.AskedInto(id, 0, maxDirectPeople)
		}
		return room, err
	})
}

// addDirect makes the direct room of some people, one of whom is its maker. It refuses deactivated people, who could
// not answer, and people who have blocked its maker or whom its maker has blocked.
func addDirect(tx *store.WriteTx, maker chat.UserID, people []chat.UserID) (chat.RoomID, error) {
	err := allActive(tx, people)
	if err == nil {
		err = mayBring(tx, maker, people, true)
	}
	if err == nil {
		err = mayMakeOneMore(tx, maker)
	}
	if err == nil {
		err = mayCauseMore(tx, maker, len(people)-1)
	}
	if err != nil {
		return 0, err
	}
	id, err := tx.AddDirect(maker, people)
	if err != nil {
		return 0, err
	}
	room, err := tx.AnyRoom(id)
	for _, user := range people {
		switch {
		case err != nil:
		case user == maker || len(people) == 2: // to write to somebody is not to bring them into a room
			err = join(tx, id, user, chat.MemberPlain, maker)
		default:
			_, err = bring(tx, room, user, maker)
		}
	}
	return id, err
}

// Hide takes a direct room out of the caller's own list, until somebody says something there or the caller asks
// for it again.
func (a *Actions) Hide(by access.Caller, id chat.RoomID, done func(chat.RoomHidden, error)) {
	queueWrite(a.store, by, func(tx *store.WriteTx) (chat.RoomHidden, error) {
		found, err := tx.RoomFor(by, id)
		if err == nil {
			err = access.MayHide(found.Standing)
		}
		if err != nil {
			return chat.RoomHidden{}, err
		}
		return tx.Hide(found, found.Room.Seq+1)
	}, done)
}
