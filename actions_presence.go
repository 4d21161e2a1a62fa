// Presence and typing: what is told while it lasts and stored hardly at all.

package main

import (
	"context"

	"parley/chat"
)

// maxWatched bounds whom one socket watches.
const maxWatched = 500

// Typing tells the others in a room that the caller is writing, where the caller may write.
func (a *Actions) Typing(ctx context.Context, by Caller, id chat.RoomID) error {
	_, err := read(ctx, a.store, func(tx *Tx) (chat.Done, error) {
		access, err := tx.RoomFor(by.User, id)
		if err == nil {
			err = mayPost(access)
		}
		return chat.Done{}, err
	})
	if err == nil {
		a.rooms.Typing(id, by.User)
	}
	return err
}

// Presence gives the state of people now, and how many are online in all.
func (a *Actions) Presence(ctx context.Context, users []chat.UserID) (chat.PresenceChanged, error) {
	if len(users) > maxWatched {
		return chat.PresenceChanged{}, chat.InvalidField("user_ids", "at most %d people", maxWatched)
	}
	seen, err := read(ctx, a.store, func(tx *Tx) (map[chat.UserID]int64, error) { return tx.LastSeen(users) })
	if err != nil {
		return chat.PresenceChanged{}, err
	}
	return a.rooms.Presence(users, seen), nil
}

// KeepLastSeen stores when people were last seen. What cannot be stored is forgotten: nothing depends on it.
func (a *Actions) KeepLastSeen(seen map[chat.UserID]int64) {
	a.store.Write(func(tx *WriteTx) error { return tx.SetLastSeen(seen) }, func(error) {})
}
