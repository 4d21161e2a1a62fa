// The handlers of rooms and their members.

package web

import (
	"encoding/json"

	"parley/actions"
	"parley/chat"
)

// ListRooms gives the rooms that the caller is a member of. All are in one answer, which is made page by page.
func (s *Server) ListRooms(r *Request, _ None) (Parts[chat.Rooms], error) {
	last := chat.RoomID(0)
	return func() (part []byte, more bool, err error) {
		rooms, more, err := s.actions.Rooms(r.Ctx(), r.By, last)
		if err != nil {
			return nil, false, err
		}
		switch {
		case last == 0:
			if part, err = json.Marshal(s.actions.Past()); err != nil {
				return nil, false, err
			}
			part = append(part[:len(part)-1], `,"rooms":[`...)
		case len(rooms) > 0:
			part = []byte{','}
		}
		if part, err = chat.AppendRooms(part, rooms); err != nil {
			return nil, false, err
		}
		if !more {
			return append(part, "]}\n"...), false, nil
		}
		last = rooms[len(rooms)-1].ID
		return part, true, nil
	}, nil
}

// publicRooms asks for public rooms by a part of their name.
type publicRooms struct {
	Query string `query:"query"`
}

// ListPublicRooms finds public rooms.
func (s *Server) ListPublicRooms(r *Request, in publicRooms) (chat.PublicRooms, error) {
	return s.actions.PublicRooms(r.Ctx(), r.By, in.Query)
}

// CreateRoom makes a public or private room.
func (s *Server) CreateRoom(r *Request, in chat.NewRoom) (chat.RoomState, error) {
	return s.actions.CreateRoom(r.By, in)
}

// CreateDirect gives the direct room of a group of people. It makes the room if there is none.
func (s *Server) CreateDirect(r *Request, in chat.NewDirect) (chat.DirectRoom, error) {
	return s.actions.CreateDirect(r.By, in)
}

// ShowRoom gives a room that the caller may see.
func (s *Server) ShowRoom(r *Request, in atRoom) (chat.RoomView, error) {
	return s.actions.Room(r.Ctx(), r.By, in.Room)
}

// changeRoom is what a room is to have or to be instead.
type changeRoom struct {
	atRoom
	Change chat.RoomChange
}

// ChangeRoom renames a room, sets its topic, archives it or brings it back, or makes it private.
func (s *Server) ChangeRoom(r *Request, in changeRoom) (chat.Room, error) {
	return s.actions.ChangeRoom(r.By, in.Room, in.Change)
}

// DeleteRoom deletes an archived room with its messages.
func (s *Server) DeleteRoom(r *Request, in atRoom) (None, error) {
	return None{}, s.actions.DeleteRoom(r.By, in.Room)
}

// JoinRoom makes the caller a member of a public room.
func (s *Server) JoinRoom(r *Request, in atRoom) (chat.RoomState, error) {
	return actions.Wait(func(done func(chat.RoomState, error)) { s.actions.Join(r.By, in.Room, done) })
}

// LeaveRoom ends the caller's membership of a room.
func (s *Server) LeaveRoom(r *Request, in atRoom) (None, error) {
	_, err := actions.Wait(func(done func(chat.Done, error)) { s.actions.Leave(r.By, in.Room, done) })
	return None{}, err
}

// membersAfter asks for the members of a room whose ids are above one.
type membersAfter struct {
	Room  chat.RoomID `path:"room"`
	After chat.UserID `query:"after"`
}

// ListMembers gives a page of the members of a room.
func (s *Server) ListMembers(r *Request, in membersAfter) (chat.Members, error) {
	return s.actions.Members(r.Ctx(), r.By, in.Room, in.After)
}

// ListAsked gives a page of those who are asked into a room and are no members yet.
func (s *Server) ListAsked(r *Request, in membersAfter) (chat.Asked, error) {
	return s.actions.Asked(r.Ctx(), r.By, in.Room, in.After)
}

// HideRoom takes a direct room out of the caller's list, until something new is said.
func (s *Server) HideRoom(r *Request, in atRoom) (chat.RoomHidden, error) {
	return actions.Wait(func(done func(chat.RoomHidden, error)) { s.actions.Hide(r.By, in.Room, done) })
}

// addMembers are people to add to a room.
type addMembers struct {
	atRoom
	Members chat.NewMembers
}

// AddMembers adds people to a room, and asks those who want to be asked.
func (s *Server) AddMembers(r *Request, in addMembers) (chat.MembersAdded, error) {
	return s.actions.AddMembers(r.By, in.Room, in.Members)
}

// atMember is the part of a path that names a member of a room.
type atMember struct {
	Room chat.RoomID `path:"room"`
	User chat.UserID `path:"user"`
}

// changeMember sets a member's role in a room.
type changeMember struct {
	atMember
	Change chat.MemberRoleChange
}

// ChangeMember makes a member an owner of the room, or an owner a plain member again.
func (s *Server) ChangeMember(r *Request, in changeMember) (None, error) {
	return None{}, s.actions.SetMemberRole(r.By, in.Room, in.User, in.Change)
}

// RemoveMember removes a member from a room.
func (s *Server) RemoveMember(r *Request, in atMember) (None, error) {
	return None{}, s.actions.RemoveMember(r.By, in.Room, in.User)
}
