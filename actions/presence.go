// Presence and typing: what is told while it lasts and stored hardly at all.

package actions

import (
	"context"

	"parley/access"
	"parley/chat"
	"parley/rooms"
	"parley/store"
)

// maxWatched bounds whom one socket watches.
const maxWatched = 500

// Typing tells the others in a room that the caller is writing, where the caller may write.
func (a *Actions) Typing(ctx context.Context, by access.Caller, id chat.RoomID) error {
	_, err := read(ctx, a.store, func(tx *store.Tx) (chat.Done, error) {
		standing, err := tx.StandingIn(by, id)
		if err == nil {
			err = access.MayPost(standing)
		}
		return chat.Done{}, err
	})
	if err == nil {
		a.rooms.Typing(id, by.User)
	}
	return err
}

// SetPresence notes whether the person at a socket is there.
func (a *Actions) SetPresence(sock *rooms.Socket, state chat.PresenceState) error {
	if state != chat.Online && state != chat.Away {
		return chat.InvalidField("state", "online or away")
	}
	a.rooms.SetAway(sock, state == chat.Away)
	return nil
}

// WatchPresence tells a socket of these people from now on, instead of those before, and gives their state
// and how many are online in all. Watching starts before looking, so that no change falls between.
func (a *Actions) WatchPresence(
	ctx context.Context, sock *rooms.Socket, users []chat.UserID,
) (chat.PresenceChanged, error) {
	if len(users) > maxWatched {
		return chat.PresenceChanged{}, chat.InvalidField("user_ids", "at most %d people", maxWatched)
	}
	a.rooms.Watch(sock, users)
	seen, err := read(ctx, a.store, func(tx *store.Tx) (map[chat.UserID]int64, error) { return tx.LastSeen(users) })
	if err != nil {
		return chat.PresenceChanged{}, err
	}
	return a.rooms.Presence(users, seen), nil
}

// KeepLastSeen stores when people were last seen. What cannot be stored is forgotten: nothing depends on it.
func (a *Actions) KeepLastSeen(seen map[chat.UserID]int64) {
	a.store.Write(func(tx *store.WriteTx) error { return tx.SetLastSeen(seen) }, func(error) {})
}
