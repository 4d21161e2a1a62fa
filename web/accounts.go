// The handlers of accounts: setting up, registering, signing in and out, the caller's own profile.

package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/auth"
	"parley/chat"
	"parley/store"
)

// SetUp makes the owner's account and signs them in. It confirms the name under which they opened the server.
func (s *Server) SetUp(r *Request, in chat.Setup) (chat.SignedIn, error) {
	user, session, err := s.actions.SetUp(r.Ctx(), r.addressRange(), s.unconfirmed(r.echo), in)
	return s.welcome(r, user, session, err)
}

// Register makes an account and signs its owner in.
func (s *Server) Register(r *Request, in chat.Registering) (chat.SignedIn, error) {
	user, session, err := s.actions.Register(r.Ctx(), r.addressRange(), in)
	return s.welcome(r, user, session, err)
}

// Login starts a session. A browser gets its token in a cookie; a program that asks for the token gets it in
// the answer.
func (s *Server) Login(r *Request, in chat.Login) (chat.SignedIn, error) {
	user, session, err := s.actions.SignIn(r.Ctx(), r.addressRange(), in, devicesOf(r.echo.Request())...)
	if err != nil || !in.Token {
		return s.welcome(r, user, session, err)
	}
	token, err := s.tokens.Issue(session)
	return chat.SignedIn{User: user, Token: token}, err
}

// welcome answers a new session with its cookie, and with the one by which the browser is known later.
func (s *Server) welcome(r *Request, user chat.User, session store.Session, err error) (chat.SignedIn, error) {
	if err == nil {
		err = s.setCookie(r.echo, session)
	}
	if err != nil {
		return chat.SignedIn{}, err
	}
	return chat.SignedIn{User: user}, s.setDevice(r, user.ID)
}

// deviceLife is as long as browsers keep a cookie at most.
const deviceLife = 400 * 24 * time.Hour

// deviceName begins the names of the cookies that prove that a browser has signed in to an account; the id of
// the user follows, since people share browsers. With TLS, __Host- comes before it: see auth.CookieName.
const deviceName = "-device-"

// setDevice gives a browser the cookie by which it is known later as one that has signed in as a user. The
// cookie gives no right, and outlives the session.
func (s *Server) setDevice(r *Request, user chat.UserID) error {
	mark, err := s.actions.Device(r.Ctx(), user)
	if err != nil {
		return err
	}
	secure := s.secure(r.echo.Request())
	r.echo.SetCookie(&http.Cookie{
		Name: auth.CookieName(secure) + deviceName + strconv.FormatInt(int64(user), 10), Value: mark, Path: "/",
		MaxAge: int(deviceLife.Seconds()), HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
	})
	return nil
}

// devicesOf returns what a browser shows of all accounts that it has signed in to.
func devicesOf(r *http.Request) (marks []string) {
	for _, cookie := range r.Cookies() {
		if strings.HasPrefix(strings.TrimPrefix(cookie.Name, "__Host-"), "parley"+deviceName) {
			marks = append(marks, cookie.Value)
		}
	}
	return marks
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
	user, adding, err := s.actions.Me(r.Ctx(), r.By.Session)
	return chat.SignedIn{User: user, Adding: adding}, err
}

// ChangeProfile changes the caller's display name, and who brings them into rooms.
func (s *Server) ChangeProfile(r *Request, in chat.ProfileChange) (chat.User, error) {
	return s.actions.ChangeProfile(r.By, in)
}

// ChangePassword replaces the caller's password. The browser gets the cookie of the new session.
func (s *Server) ChangePassword(r *Request, in chat.PasswordChange) (None, error) {
	session, err := s.actions.ChangePassword(r.Ctx(), r.By, in)
	_, err = s.welcome(r, chat.User{ID: session.User}, session, err)
	return None{}, err
}
