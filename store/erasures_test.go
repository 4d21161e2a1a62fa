// Tests of erasures: how much one step looks at.

package store

import (
	"slices"
	"testing"

	"parley/chat"
)

// A room may have any number of messages, so whether nobody else wrote in it is found out in as many steps as that
// takes. None looks again at what another has looked at.
func TestAStepOfAnErasureLooksAtSoManyMessagesOfARoom(t *testing.T) {
	t.Parallel()
	const span = 10
	s := newStore(t)
	var made []chat.RoomID
	for _, room := range []struct {
		name string
		say  []chat.UserID // who says something, in turn
	}{
		{"empty", nil},
		{"own", repeated(s.bob, 2*span+1)},
		{"to the brim", repeated(s.bob, span)},
		{"other at the end", append(repeated(s.bob, 3*span), s.ann)},
		{"other at the beginning", append([]chat.UserID{s.ann}, repeated(s.bob, 3*span)...)},
	} {
		s.must(t, func(tx *WriteTx) error {
			id, err := tx.AddRoom(NewRoom{Kind: chat.Private, Name: StoredName{room.name, room.name}, Maker: s.bob})
			if err == nil {
				err = tx.Join(id, s.bob, chat.MemberOwner, s.bob)
			}
			if err == nil {
				err = tx.Join(id, s.ann, chat.MemberPlain, s.bob)
			}
			made, s.room = append(made, id), id
			return err
		})
		for _, author := range room.say {
			s.must(t, s.addsBy(author, "a message"))
		}
	}
	s.must(t, func(tx *WriteTx) error { return tx.BeginErasure(s.bob, s.ann, true) })
	for i, want := range []struct {
		deletes          bool
		afterRoom, after int // rooms that were made, and messages of the next one
	}{
		{true, 1, 0},
		{false, 1, span},
		{false, 1, 2 * span},
		{true, 2, 0},
		{false, 2, span},
		{true, 3, 0},
		{false, 3, span},
		{false, 3, 2 * span},
		{false, 3, 3 * span},
		{false, 4, 0},
		{false, 5, 0},
		{false, -1, 0},
	} {
		s.must(t, func(tx *WriteTx) error {
			e, err := tx.NextErasure()
			if err != nil {
				return err
			}
			room, next, err := tx.NextErasedRoom(e, span)
			if err != nil {
				return err
			}
			wanted := Erasure{User: s.bob, By: s.ann, AfterRoom: -1}
			if want.afterRoom > 0 {
				wanted.AfterRoom = made[want.afterRoom-1]
			}
			if want.after > 0 {
				wanted.After = messageKey(made[want.afterRoom], int64(want.after))
			}
			if next != wanted || (room.ID != 0) != want.deletes || want.deletes && room.ID != next.AfterRoom {
				t.Errorf("step %d: got %+v and room %d, want %+v and a room: %v", i, next, room.ID, wanted, want.deletes)
			}
			if done, err := tx.PassRoom(e, next); err != nil || !done {
				t.Errorf("step %d: %v, %v", i, done, err)
			}
			if again, err := tx.PassRoom(e, next); err != nil || again {
				t.Errorf("step %d once more: %v, %v", i, again, err)
			}
			return nil
		})
	}
}

func repeated(user chat.UserID, n int) []chat.UserID { return slices.Repeat([]chat.UserID{user}, n) }
