// Presence and typing. Of these, only the time when somebody was last seen is stored.

package actions

import (
	"context"
	"maps"
	"slices"

	"parley/access"
	"parley/chat"
	"parley/rooms"
	"parley/store"
)

// maxWatched bounds how many people one socket watches.
const maxWatched = 500

// Typing tells the others in a room that the caller is writing, if the caller may post there.
func (a *Actions) Typing(ctx context.Context, by access.Caller, id chat.RoomID) error {
	_, err := readFor(ctx, a, by, func(tx *store.Tx) (chat.Done, error) {
		standing, err := tx.StandingIn(by, id)
		if err == nil {
			err = access.MayPost(standing)
		}
		return chat.Done{}, err
	})
	if err == nil {
		by.Charge.Wrote(a.rooms.Typing(id, by.User))
	}
	return err
}

// SetPresence notes whether the person at a socket is there (online) or not (away).
func (a *Actions) SetPresence(by access.Caller, sock *rooms.Socket, state chat.PresenceState) error {
	if state != chat.Online && state != chat.Away {
		return chat.InvalidField("state", "use online or away")
	}
	by.Charge.Wrote(a.rooms.SetAway(sock, state == chat.Away))
	return nil
}

// WatchPresence makes a socket watch these people instead of those before. It returns their state now, and
// how many people are online in all. It starts watching before it looks, so that no change between the two is
// missed.
func (a *Actions) WatchPresence(
	ctx context.Context, sock *rooms.Socket, users []chat.UserID,
) (chat.PresenceChanged, error) {
	if len(users) > maxWatched {
		return chat.PresenceChanged{}, chat.InvalidField("user_ids", "at most %d people", maxWatched)
	}
	users = eachOnce(users)
	a.rooms.Watch(sock, users)
	seen, err := readAs(ctx, a, sock.Caller, func(tx *store.Tx) (map[chat.UserID]int64, error) { return tx.LastSeen(users) })
	if err != nil {
		return chat.PresenceChanged{}, err
	}
	return a.rooms.Presence(users, seen), nil
}

// KeepLastSeen stores when people were last seen, in UTC milliseconds. It does not wait, and drops the times
// when they cannot be stored: nothing depends on them.
func (a *Actions) KeepLastSeen(seen map[chat.UserID]int64) {
	people := store.Of(slices.Collect(maps.Keys(seen))...)
	a.store.WriteTo(people, func(tx *store.WriteTx) error { return tx.SetLastSeen(seen) }, func(error) {})
}
