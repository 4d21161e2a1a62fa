// Favorites: the rooms that a member wants to see first.

package store

import "parley/chat"

// SetFavorite makes a room one of a member's favorites, or no more. It tells the member's sockets, unless nothing
// changes. It ends with the membership.
func (tx *WriteTx) SetFavorite(seen SeenRoom, favorite bool) (chat.FavoriteChanged, error) {
	changed := chat.FavoriteChanged{RoomID: seen.RoomID, Favorite: favorite}
	var err error
	if favorite == seen.Favorite {
		changed.UserRev, err = tx.userRev(seen.Caller)
		return changed, err
	}
	err = tx.runOne(`
		UPDATE members
		SET favorite = $3
		WHERE user_id = $1 AND room_id = $2`, seen.Caller, seen.RoomID, favorite)
	if err != nil {
		return changed, err
	}
	if changed.UserRev, err = tx.raiseUserRev(seen.Caller); err != nil {
		return changed, err
	}
	tx.tell(chat.Change{
		Event: "favorite.changed", Data: changed,
		Room: seen.RoomID, User: seen.Caller, UserRev: changed.UserRev,
	})
	return changed, nil
}
