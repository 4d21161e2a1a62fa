// The handlers of what the owners of the server do to any room.

package web

import "parley/chat"

// roomsAfter asks for rooms whose ids are above one.
type roomsAfter struct {
	After chat.RoomID `query:"after"`
}

// ListAllRooms gives a page of all rooms of the server.
func (s *Server) ListAllRooms(r *Request, in roomsAfter) (chat.KeptRooms, error) {
	return s.actions.KeptRooms(r.Ctx(), r.By, in.After)
}

// ListAnyMembers gives a page of the members of any room.
func (s *Server) ListAnyMembers(r *Request, in membersAfter) (chat.Members, error) {
	return s.actions.KeptMembers(r.Ctx(), r.By, in.Room, in.After)
}

// changeAnyRoom archives a room, brings it back into use, or makes it private.
type changeAnyRoom struct {
	atRoom
	Change chat.KeptRoomChange
}

// ChangeAnyRoom archives any room, brings it back into use, or makes it private.
func (s *Server) ChangeAnyRoom(r *Request, in changeAnyRoom) (None, error) {
	return None{}, s.actions.ChangeKeptRoom(r.By, in.Room, in.Change)
}

// DeleteAnyRoom deletes any room with its messages.
func (s *Server) DeleteAnyRoom(r *Request, in atRoom) (None, error) {
	return None{}, s.actions.DeleteKeptRoom(r.By, in.Room)
}

// ChangeAnyMember names an owner of any room, or makes an owner a plain member.
func (s *Server) ChangeAnyMember(r *Request, in changeMember) (None, error) {
	return None{}, s.actions.SetKeptRole(r.By, in.Room, in.User, in.Change)
}

// TakeOut takes somebody out of any room.
func (s *Server) TakeOut(r *Request, in atMember) (None, error) {
	return None{}, s.actions.TakeOut(r.By, in.Room, in.User)
}
