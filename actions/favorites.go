// Favorites: the rooms that a person wants to see first, on all their devices.

package actions

import (
	"parley/access"
	"parley/chat"
	"parley/store"
)

// SetFavorite makes a room one of the caller's favorites, or no more. Its members may; nobody else is told.
func (a *Actions) SetFavorite(
	by access.Caller, id chat.RoomID, favorite bool, done func(chat.FavoriteChanged, error),
) {
	queueWrite(a.store, by, func(tx *store.WriteTx) (chat.FavoriteChanged, error) {
		found, err := tx.RoomFor(by, id)
		if err == nil {
			err = access.MustBeMember(found.Standing)
		}
		if err != nil {
			return chat.FavoriteChanged{}, err
		}
		return tx.SetFavorite(found, favorite)
	}, done)
}
