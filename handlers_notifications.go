// The handlers of notifications.

package main

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"parley/actions"
	"parley/chat"
)

// notify answers POST /api/notifications.
func (s *Server) notify(c echo.Context) error {
	var in chat.NewNotification
	if err := bind(c, &in); err != nil {
		return err
	}
	sent, err := s.actions.Notify(c.Request().Context(), me(c), in)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, sent)
}

// listNotifications answers GET /api/notifications?before=&after=&limit=.
func (s *Server) listNotifications(c echo.Context) error {
	of := actions.InboxPageOf{}
	var err error
	var limit int64
	for name, into := range map[string]*int64{"before": &of.Before, "after": &of.After, "limit": &limit} {
		if *into, err = queryNumber(c, name); err != nil {
			return err
		}
	}
	of.Limit = int(min(limit, actions.MaxPage+1))
	page, err := s.actions.Notifications(c.Request().Context(), me(c), of)
	return answer(c, page, err)
}

// readNotifications answers PUT /api/notifications/read.
func (s *Server) readNotifications(c echo.Context) error {
	var in chat.NotificationRead
	if err := bind(c, &in); err != nil {
		return err
	}
	read, err := s.actions.ReadNotifications(me(c), in)
	return answer(c, read, err)
}
