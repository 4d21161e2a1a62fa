// The caller's favorites among the rooms.

package web

import (
	"parley/actions"
	"parley/chat"
)

// AddFavorite makes a room one of the caller's favorites.
func (s *Server) AddFavorite(r *Request, in atRoom) (chat.FavoriteChanged, error) {
	return s.setFavorite(r, in, true)
}

// RemoveFavorite takes a room out of the caller's favorites.
func (s *Server) RemoveFavorite(r *Request, in atRoom) (chat.FavoriteChanged, error) {
	return s.setFavorite(r, in, false)
}

func (s *Server) setFavorite(r *Request, in atRoom, favorite bool) (chat.FavoriteChanged, error) {
	return actions.Wait(func(done func(chat.FavoriteChanged, error)) {
		s.actions.SetFavorite(r.By, in.Room, favorite, done)
	})
}
