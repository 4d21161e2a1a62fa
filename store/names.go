// Names: the rooms and users whose numbers a write raises. Where several servers write into one database, writes of
// different rooms and users run side by side, and each batch first locks what its writes named, in one order.

package store

import (
	"errors"
	"fmt"
	"slices"

	"parley/chat"
)

// Names are the rooms and the users whose numbers a write may raise, and whose members, messages and read positions it
// may change. The zero Names are everything: the write has the database for itself, and so it may change anyone's
// rights.
type Names struct {
	some  bool
	rooms []chat.RoomID
	users []chat.UserID
	sends []sendKey
}

// In names rooms.
func In(rooms ...chat.RoomID) Names { return Names{some: true, rooms: rooms} }

// Of names users.
func Of(users ...chat.UserID) Names { return Names{some: true, users: users} }

// And adds the names of others.
func (n Names) And(others Names) Names {
	if !n.some || !others.some {
		return Names{}
	}
	return Names{
		true, slices.Concat(n.rooms, others.rooms), slices.Concat(n.users, others.users),
		slices.Concat(n.sends, others.sends),
	}
}

// all tells whether the names are everything.
func (n Names) all() bool { return !n.some }

// sorted returns the names in the order in which they are locked, each once.
func (n Names) sorted() (rooms []chat.RoomID, users []chat.UserID) {
	return slices.Compact(slices.Sorted(slices.Values(n.rooms))), slices.Compact(slices.Sorted(slices.Values(n.users)))
}

// namesOf are those of all writes of a batch.
func namesOf(batch []write) Names {
	names := Names{some: true}
	for i := range batch {
		own := batch[i].names
		names.some = names.some && own.some
		names.rooms = append(names.rooms, own.rooms...)
		names.users = append(names.users, own.users...)
		names.sends = append(names.sends, own.sends...)
	}
	return names
}

// errAlone has the writer run a batch again, with the database for itself.
var errAlone = errors.New("this write needs the database for itself")

// Alone says that the write changes more than it named, such as anyone's rights. Its error has to be returned: the
// write is then run again, with the database for itself. It costs nothing when the write has that already.
func (tx *WriteTx) Alone() error {
	if tx.names.all() {
		return nil
	}
	if !tx.alone {
		return errAlone
	}
	tx.names = Names{}
	return nil
}

// numbersRoom fails when the write raises numbers of a room that it did not name.
func (tx *WriteTx) numbersRoom(room chat.RoomID) error {
	if tx.names.all() || slices.Contains(tx.names.rooms, room) {
		return nil
	}
	return fmt.Errorf("a write changes room %d, which it did not name", room)
}

// numbersUser fails when the write raises numbers of a user that it did not name.
func (tx *WriteTx) numbersUser(user chat.UserID) error {
	if tx.names.all() || slices.Contains(tx.names.users, user) {
		return nil
	}
	return fmt.Errorf("a write changes user %d, whom it did not name", user)
}
