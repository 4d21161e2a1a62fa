// The handlers of rooms and their members.

package main

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"parley/actions"
	"parley/chat"
)

// listRooms answers GET /api/rooms.
func (s *Server) listRooms(c echo.Context) error {
	rooms, err := s.actions.Rooms(c.Request().Context(), me(c))
	return answer(c, chat.Rooms{Rooms: rooms}, err)
}

// listPublicRooms answers GET /api/rooms/public?query=.
func (s *Server) listPublicRooms(c echo.Context) error {
	rooms, err := s.actions.PublicRooms(c.Request().Context(), me(c), c.QueryParam("query"))
	return answer(c, rooms, err)
}

// createRoom answers POST /api/rooms.
func (s *Server) createRoom(c echo.Context) error {
	var in chat.NewRoom
	if err := bind(c, &in); err != nil {
		return err
	}
	room, err := s.actions.CreateRoom(me(c), in)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, room)
}

// createDirect answers POST /api/directs.
func (s *Server) createDirect(c echo.Context) error {
	var in chat.NewDirect
	if err := bind(c, &in); err != nil {
		return err
	}
	room, err := s.actions.CreateDirect(me(c), in)
	return answer(c, room, err)
}

// showRoom answers GET /api/rooms/:room.
func (s *Server) showRoom(c echo.Context) error {
	id, err := number[chat.RoomID](c, "room")
	if err != nil {
		return err
	}
	room, err := s.actions.Room(c.Request().Context(), me(c), id)
	return answer(c, room, err)
}

// changeRoom answers PATCH /api/rooms/:room.
func (s *Server) changeRoom(c echo.Context) error {
	id, err := number[chat.RoomID](c, "room")
	if err != nil {
		return err
	}
	var in chat.RoomChange
	if err := bind(c, &in); err != nil {
		return err
	}
	room, err := s.actions.ChangeRoom(me(c), id, in)
	return answer(c, room, err)
}

// joinRoom answers POST /api/rooms/:room/join.
func (s *Server) joinRoom(c echo.Context) error {
	id, err := number[chat.RoomID](c, "room")
	if err != nil {
		return err
	}
	room, err := actions.Wait(func(done func(chat.RoomState, error)) { s.actions.Join(me(c), id, done) })
	return answer(c, room, err)
}

// leaveRoom answers POST /api/rooms/:room/leave.
func (s *Server) leaveRoom(c echo.Context) error {
	id, err := number[chat.RoomID](c, "room")
	if err != nil {
		return err
	}
	_, err = actions.Wait(func(done func(chat.Done, error)) { s.actions.Leave(me(c), id, done) })
	return nothing(c, err)
}

// listMembers answers GET /api/rooms/:room/members.
func (s *Server) listMembers(c echo.Context) error {
	id, err := number[chat.RoomID](c, "room")
	if err != nil {
		return err
	}
	members, err := s.actions.Members(c.Request().Context(), me(c), id)
	return answer(c, members, err)
}

// addMembers answers POST /api/rooms/:room/members.
func (s *Server) addMembers(c echo.Context) error {
	id, err := number[chat.RoomID](c, "room")
	if err != nil {
		return err
	}
	var in chat.NewMembers
	if err := bind(c, &in); err != nil {
		return err
	}
	return nothing(c, s.actions.AddMembers(me(c), id, in))
}

// memberOf reads the room and the user of an address.
func memberOf(c echo.Context) (room chat.RoomID, user chat.UserID, err error) {
	if room, err = number[chat.RoomID](c, "room"); err != nil {
		return 0, 0, err
	}
	user, err = number[chat.UserID](c, "user")
	return room, user, err
}

// changeMember answers PATCH /api/rooms/:room/members/:user.
func (s *Server) changeMember(c echo.Context) error {
	room, user, err := memberOf(c)
	if err != nil {
		return err
	}
	var in chat.MemberRoleChange
	if err := bind(c, &in); err != nil {
		return err
	}
	return nothing(c, s.actions.SetMemberRole(me(c), room, user, in))
}

// removeMember answers DELETE /api/rooms/:room/members/:user.
func (s *Server) removeMember(c echo.Context) error {
	room, user, err := memberOf(c)
	if err != nil {
		return err
	}
	return nothing(c, s.actions.RemoveMember(me(c), room, user))
}
