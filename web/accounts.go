// The handlers of accounts: setting up, registering, signing in and out, the caller's own profile.

package web

import (
	"time"

	"parley/chat"
	"parley/store"
)

// SetUp makes the owner's account and signs them in.
func (s *Server) SetUp(r *Request, in chat.Setup) (chat.SignedIn, error) {
	user, session, err := s.actions.SetUp(r.Ctx(), r.network(), in)
	return s.welcome(r, user, session, err)
}

// Register makes an account and signs its owner in.
func (s *Server) Register(r *Request, in chat.Registering) (chat.SignedIn, error) {
	user, session, err := s.actions.Register(r.Ctx(), r.network(), in)
	return s.welcome(r, user, session, err)
}

// Login starts a session. A browser gets its token in a cookie; a program that asks for the token gets it in
// the answer.
func (s *Server) Login(r *Request, in chat.Login) (chat.SignedIn, error) {
	user, session, err := s.actions.SignIn(r.Ctx(), r.network(), in)
	if err != nil || !in.Token {
		return s.welcome(r, user, session, err)
	}
	token, err := s.tokens.Issue(session)
	return chat.SignedIn{User: user, Token: token}, err
}

// welcome answers a new session with its cookie.
func (s *Server) welcome(r *Request, user chat.User, session store.Session, err error) (chat.SignedIn, error) {
	if err != nil {
		return chat.SignedIn{}, err
	}
	return chat.SignedIn{User: user}, s.setCookie(r.echo, session)
}

// Logout ends the caller's session.
func (s *Server) Logout(r *Request, _ None) (None, error) {
	if err := s.actions.SignOut(r.By); err != nil {
		return None{}, err
	}
	cookie := sessionCookie(s.secure(r.echo.Request()), "", time.Unix(1, 0))
	cookie.MaxAge = -1
	r.echo.SetCookie(cookie)
	return None{}, nil
}

// ShowMe gives the caller's own account.
func (s *Server) ShowMe(r *Request, _ None) (chat.SignedIn, error) {
	user, err := s.actions.SignedIn(r.Ctx(), r.By.Session)
	return chat.SignedIn{User: user}, err
}

// ChangeProfile changes the caller's display name.
func (s *Server) ChangeProfile(r *Request, in chat.ProfileChange) (chat.User, error) {
	return s.actions.ChangeProfile(r.By, in)
}

// ChangePassword replaces the caller's password.
func (s *Server) ChangePassword(r *Request, in chat.PasswordChange) (None, error) {
	return None{}, s.actions.ChangePassword(r.Ctx(), r.By, r.network(), in)
}
