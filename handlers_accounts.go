// The handlers of accounts: setting up, registering, signing in and out, one's own profile.

package main

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"parley/chat"
	"parley/store"
)

// setUp answers POST /api/setup.
func (s *Server) setUp(c echo.Context) error {
	var in chat.Setup
	if err := bind(c, &in); err != nil {
		return err
	}
	user, session, err := s.actions.SetUp(c.Request().Context(), networkOf(c.RealIP()), in)
	return s.welcomeAccount(c, http.StatusCreated, user, session, err)
}

// register answers POST /api/register.
func (s *Server) register(c echo.Context) error {
	var in chat.Registering
	if err := bind(c, &in); err != nil {
		return err
	}
	user, session, err := s.actions.Register(c.Request().Context(), networkOf(c.RealIP()), in)
	return s.welcomeAccount(c, http.StatusCreated, user, session, err)
}

// login answers POST /api/login.
func (s *Server) login(c echo.Context) error {
	var in chat.Login
	if err := bind(c, &in); err != nil {
		return err
	}
	user, session, err := s.actions.SignIn(c.Request().Context(), networkOf(c.RealIP()), in)
	if err != nil || !in.Token {
		return s.welcomeAccount(c, http.StatusOK, user, session, err)
	}
	token, err := s.tokens.Issue(session)
	return answer(c, chat.SignedIn{User: user, Token: token}, err)
}

// welcomeAccount gives the browser its cookie.
func (s *Server) welcomeAccount(c echo.Context, status int, user chat.User, session store.Session, err error) error {
	if err != nil {
		return err
	}
	if err := s.setCookie(c, session); err != nil {
		return err
	}
	return c.JSON(status, chat.SignedIn{User: user})
}

// logout answers POST /api/logout.
func (s *Server) logout(c echo.Context) error {
	if err := s.actions.SignOut(me(c)); err != nil {
		return err
	}
	cookie := sessionCookie(s.secure(c.Request()), "", time.Unix(1, 0))
	cookie.MaxAge = -1
	c.SetCookie(cookie)
	return nothing(c, nil)
}

// showMe answers GET /api/me.
func (s *Server) showMe(c echo.Context) error {
	user, err := s.actions.SignedIn(c.Request().Context(), me(c).Session)
	return answer(c, chat.SignedIn{User: user}, err)
}

// changeProfile answers PATCH /api/me.
func (s *Server) changeProfile(c echo.Context) error {
	var in chat.ProfileChange
	if err := bind(c, &in); err != nil {
		return err
	}
	user, err := s.actions.ChangeProfile(me(c), in)
	return answer(c, user, err)
}

// changePassword answers POST /api/me/password.
func (s *Server) changePassword(c echo.Context) error {
	var in chat.PasswordChange
	if err := bind(c, &in); err != nil {
		return err
	}
	return nothing(c, s.actions.ChangePassword(c.Request().Context(), me(c), networkOf(c.RealIP()), in))
}
