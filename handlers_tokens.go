// The handlers of programs' tokens.

package main

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"parley/chat"
)

// listTokens answers GET /api/tokens.
func (s *Server) listTokens(c echo.Context) error {
	tokens, err := s.actions.Tokens(c.Request().Context(), me(c))
	return answer(c, tokens, err)
}

// createToken answers POST /api/tokens.
func (s *Server) createToken(c echo.Context) error {
	var in chat.NewToken
	if err := bind(c, &in); err != nil {
		return err
	}
	token, err := s.actions.AddToken(me(c), in)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, token)
}

// endToken answers DELETE /api/tokens/:token.
func (s *Server) endToken(c echo.Context) error {
	id, err := number[chat.TokenID](c, "token")
	if err != nil {
		return err
	}
	return nothing(c, s.actions.EndToken(me(c), id))
}
