// The headers of every answer.

package web

import (
	"github.com/labstack/echo/v4"

	"parley/internal/listen"
)

// setHeaders sets the headers that every answer has. It comes before everything that may refuse a request.
func (s *Server) setHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		listen.SetHeaders(c.Response().Header(), c.Request(), s.secure(c.Request()))
		return next(c)
	}
}
