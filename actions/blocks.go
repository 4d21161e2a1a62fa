// Blocks: whom the caller does not want to hear from. Only the caller learns of them: others see no more than
// that they cannot write to somebody, or bring them into a room.

package actions

import (
	"context"
	"slices"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// maxBlocks bounds how many people one person blocks, since every welcome lists them.
const maxBlocks = 500

// Blocks lists whom the caller has blocked. Programs block nobody.
func (a *Actions) Blocks(ctx context.Context, by access.Caller) (chat.Blocks, error) {
	if err := by.MustBePerson(); err != nil {
		return chat.Blocks{}, err
	}
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.Blocks, error) { return tx.Blocks(by.User) })
}

// Block has the caller block somebody, or end that. In a direct room of the two, neither can write any more;
// the other cannot bring the caller into a room, and the caller gets no notifications of theirs. What they
// write elsewhere still comes: clients fold it. Everyone may be blocked but oneself. What is unread without the other is
// told afterwards: see Retell.
func (a *Actions) Block(by access.Caller, other chat.UserID, blocked bool) (chat.BlockChanged, error) {
	if err := by.MustBePerson(); err != nil {
		return chat.BlockChanged{}, err
	}
	if other == by.User {
		return chat.BlockChanged{}, chat.InvalidField("user", "nobody blocks themselves")
	}
	if err := a.retellings.reserve(); err != nil {
		return chat.BlockChanged{}, err
	}
	same := false
	change, err := write(a.store, by, func(tx *store.WriteTx) (chat.BlockChanged, error) {
		if _, err := tx.User(other); err != nil {
			return chat.BlockChanged{}, err
		}
		list, err := tx.Blocks(by.User)
		if err != nil {
			return chat.BlockChanged{}, err
		}
		same = slices.Contains(list.UserIDs, other) == blocked
		if blocked && !same && len(list.UserIDs) >= maxBlocks {
			return chat.BlockChanged{}, &chat.Error{
				Code: chat.TooManyPeople, Field: "user", Limit: maxBlocks, Message: "too many people are blocked; end some of these first",
			}
		}
		if blocked { // what they ask is declined, which they cannot tell
			if err := tx.DeclineRoomInvitationsOf(by.User, other); err != nil {
				return chat.BlockChanged{}, err
			}
		}
		return tx.SetBlock(by.User, other, blocked)
	})
	if err != nil || same {
		a.retellings.release()
		return change, err
	}
	a.retellings.add(by, other)
	return change, nil
}

// mayBring refuses when one of the users has blocked the caller. With both, it also refuses when the caller
// has blocked one of them.
func mayBring(tx *store.WriteTx, by chat.UserID, users []chat.UserID, both bool) error {
	for _, user := range users {
		blocked, err := tx.HasBlocked(user, by)
		if err == nil && both && !blocked {
			blocked, err = tx.HasBlocked(by, user)
		}
		if err == nil {
			err = access.MayBring(blocked)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// notBlocking returns those of some users who have not blocked another.
func notBlocking(tx *store.WriteTx, other chat.UserID, users []chat.UserID) ([]chat.UserID, error) {
	var rest []chat.UserID
	for _, user := range users {
		blocked, err := tx.HasBlocked(user, other)
		if err != nil {
			return nil, err
		}
		if !blocked {
			rest = append(rest, user)
		}
	}
	return rest, nil
}
