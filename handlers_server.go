// The handlers of the server's settings, its people and its invites.

package main

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"parley/chat"
)

// showServer answers GET /api/server.
func (s *Server) showServer(c echo.Context) error {
	server, err := s.actions.Server(c.Request().Context())
	return answer(c, server, err)
}

// changeServer answers PATCH /api/server.
func (s *Server) changeServer(c echo.Context) error {
	var in chat.ServerChange
	if err := bind(c, &in); err != nil {
		return err
	}
	server, err := s.actions.ChangeServer(me(c), in)
	return answer(c, server, err)
}

// listUsers answers GET /api/users?since=.
func (s *Server) listUsers(c echo.Context) error {
	since, err := queryNumber(c, "since")
	if err != nil {
		return err
	}
	users, err := s.actions.People(c.Request().Context(), me(c), since)
	return answer(c, users, err)
}

// changeUser answers PATCH /api/users/:user.
func (s *Server) changeUser(c echo.Context) error {
	id, err := number[chat.UserID](c, "user")
	if err != nil {
		return err
	}
	var in chat.RoleChange
	if err := bind(c, &in); err != nil {
		return err
	}
	user, err := s.actions.SetRole(me(c), id, in)
	return answer(c, user, err)
}

// listInvites answers GET /api/invites.
func (s *Server) listInvites(c echo.Context) error {
	invites, err := s.actions.Invites(c.Request().Context(), me(c))
	return answer(c, invites, err)
}

// createInvite answers POST /api/invites.
func (s *Server) createInvite(c echo.Context) error {
	var in chat.NewInvite
	if err := bind(c, &in); err != nil {
		return err
	}
	invite, err := s.actions.Invite(me(c), in)
	if err != nil {
		return err
	}
	scheme, host := s.publicAddress(c.Request())
	invite.URL = scheme + "://" + host + "/invite#" + invite.Code
	return c.JSON(http.StatusCreated, invite)
}

// endInvite answers DELETE /api/invites/:invite.
func (s *Server) endInvite(c echo.Context) error {
	id, err := number[chat.InviteID](c, "invite")
	if err != nil {
		return err
	}
	return nothing(c, s.actions.EndInvite(me(c), id))
}

// checkInvite answers POST /api/invites/check.
func (s *Server) checkInvite(c echo.Context) error {
	var in chat.InviteCode
	if err := bind(c, &in); err != nil {
		return err
	}
	check, err := s.actions.CheckInvite(c.Request().Context(), networkOf(c.RealIP()), in)
	return answer(c, check, err)
}
