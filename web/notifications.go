// The handlers of notifications.

package web

import (
	"parley/actions"
	"parley/chat"
)

// Notify adds a notification to the inboxes of people.
func (s *Server) Notify(r *Request, in chat.NewNotification) (chat.NotificationSent, error) {
	return s.actions.Notify(r.Ctx(), r.By, in)
}

// inboxPageOf asks for a page of the caller's inbox.
type inboxPageOf struct {
	Before *int64 `query:"before"`
	After  *int64 `query:"after"`
	Limit  *int64 `query:"limit"`
}

// ListNotifications gives a page of the caller's inbox.
func (s *Server) ListNotifications(r *Request, in inboxPageOf) (chat.Notifications, error) {
	return s.actions.Notifications(r.Ctx(), r.By, actions.PageOf{
		Before: in.Before, After: in.After, Limit: pageLimit(in.Limit),
	})
}

// ReadNotifications marks one of the caller's notifications as read, or all up to one.
func (s *Server) ReadNotifications(r *Request, in chat.NotificationRead) (chat.NotificationsRead, error) {
	return s.actions.ReadNotifications(r.By, in)
}
