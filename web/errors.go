// The error reply: every error that is answered over HTTP goes through replyError.

package web

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"parley/actions"
	"parley/chat"
)

// problem is an error in the format of RFC 9457.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	*chat.Error
}

// replyError is Echo's error handler, and the only function that answers an error over HTTP.
func (s *Server) replyError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	refused := s.refusalOf(err)
	s.refusals.Add(refused.Code)
	status := StatusOf(refused.Code)
	body, err := json.Marshal(problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Error: refused,
	})
	if err != nil {
		slog.Error("encode a problem", "error", err)
	}
	if refused.RetryAfter > 0 {
		seconds := (refused.RetryAfter + 999) / 1000
		c.Response().Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	if refused.Code == chat.UpgradeRequired {
		c.Response().Header().Set("Upgrade", "websocket") // which RFC 9110 wants with this status
	}
	c.Response().Header().Set("Cache-Control", uncached)
	if err := c.Blob(status, "application/problem+json", body); err != nil {
		slog.Debug("answer an error", "error", err)
	}
}

// refusalOf turns an error into one for the caller. It also understands the errors of Echo's routing.
func (s *Server) refusalOf(err error) *chat.Error {
	var he *echo.HTTPError
	if !errors.As(err, &he) {
		return actions.Refusal(err)
	}
	switch he.Code {
	case http.StatusNotFound:
		return chat.Errorf(chat.NotFound, "there is no such address")
	case http.StatusMethodNotAllowed:
		return chat.Errorf(chat.BadRequest, "this address does not take that method")
	}
	return chat.Errorf(chat.BadRequest, "%v", he.Message)
}

// statuses are the HTTP statuses of the error codes, as in docs/protocol.md, "Errors".
var statuses = map[chat.Code]int{
	chat.BadRequest: http.StatusBadRequest, chat.Invalid: http.StatusUnprocessableEntity,
	chat.SignedOut: http.StatusUnauthorized, chat.WrongCredentials: http.StatusUnauthorized,
	chat.Forbidden: http.StatusForbidden, chat.Deactivated: http.StatusForbidden, chat.NotFound: http.StatusNotFound,
	chat.NameTaken: http.StatusConflict, chat.AlreadySetUp: http.StatusConflict,
	chat.ClientIDReused: http.StatusConflict, chat.KeyReused: http.StatusConflict,
	chat.LastOwner: http.StatusConflict, chat.Archived: http.StatusConflict, chat.WrongHost: http.StatusMisdirectedRequest,
	chat.UpgradeRequired: http.StatusUpgradeRequired,
	chat.Deleted:         http.StatusConflict, chat.TooManyReactions: http.StatusConflict,
	chat.MessageTooLong: http.StatusRequestEntityTooLarge, chat.FrameTooBig: http.StatusRequestEntityTooLarge,
	chat.TooManyPeople: http.StatusUnprocessableEntity, chat.TooManyRooms: http.StatusConflict,
	chat.TooManyInvitations: http.StatusConflict,
	chat.TooManyReports:     http.StatusConflict,
	chat.TooManyAttempts:    http.StatusTooManyRequests, chat.RateLimited: http.StatusTooManyRequests,
	chat.Busy: http.StatusServiceUnavailable, chat.Unavailable: http.StatusServiceUnavailable,
	chat.Unknown: http.StatusInternalServerError, chat.Internal: http.StatusInternalServerError,
}

// StatusOf is the HTTP status for an error code: 500 for a code that it does not know.
func StatusOf(code chat.Code) int {
	if status, ok := statuses[code]; ok {
		return status
	}
	return http.StatusInternalServerError
}
