// The handlers of what others ask the caller: whether they want to be brought into a room.

package web

import (
	"parley/actions"
	"parley/chat"
)

// ListRoomInvitations gives the room invitations that wait for the caller's answer.
func (s *Server) ListRoomInvitations(r *Request, _ None) (chat.RoomInvitations, error) {
	return s.actions.RoomInvitations(r.Ctx(), r.By)
}

// AcceptRoomInvitation makes the caller a member of a room into which somebody asks them.
func (s *Server) AcceptRoomInvitation(r *Request, in atRoom) (chat.RoomState, error) {
	return actions.Wait(func(done func(chat.RoomState, error)) { s.actions.AcceptRoomInvitation(r.By, in.Room, done) })
}

// DeclineRoomInvitation answers no.
func (s *Server) DeclineRoomInvitation(r *Request, in atRoom) (None, error) {
	_, err := actions.Wait(func(done func(chat.Done, error)) { s.actions.DeclineRoomInvitation(r.By, in.Room, done) })
	return None{}, err
}
