// The handlers of what those who look after the server do to people's accounts.

package web

import "parley/chat"

// atUser is the part of a path that names a user.
type atUser struct {
	User chat.UserID `path:"user"`
}

// ShowAccount gives the state of somebody's account.
func (s *Server) ShowAccount(r *Request, in atUser) (chat.Account, error) {
	return s.actions.Account(r.Ctx(), r.By, in.User)
}

// changeUser sets a person's role on the server.
type changeUser struct {
	atUser
	Change chat.RoleChange
}

// ChangeUser gives somebody another role on the server.
func (s *Server) ChangeUser(r *Request, in changeUser) (chat.User, error) {
	return s.actions.SetRole(r.By, in.User, in.Change)
}

// deactivateUser says what becomes of the messages of somebody who is deactivated.
type deactivateUser struct {
	atUser
	Deactivation chat.Deactivation
}

// DeactivateUser closes somebody's account.
func (s *Server) DeactivateUser(r *Request, in deactivateUser) (chat.User, error) {
	return s.actions.Deactivate(r.By, in.User, in.Deactivation)
}

// ReactivateUser lets somebody sign in again.
func (s *Server) ReactivateUser(r *Request, in atUser) (chat.User, error) {
	return s.actions.Reactivate(r.By, in.User)
}

// EndSessions signs somebody out everywhere.
func (s *Server) EndSessions(r *Request, in atUser) (None, error) {
	return None{}, s.actions.EndSessionsOf(r.By, in.User)
}

// CreateReset makes a link by which somebody chooses another password.
func (s *Server) CreateReset(r *Request, in atUser) (chat.Reset, error) {
	reset, err := s.actions.MakeReset(r.By, in.User)
	if err != nil {
		return chat.Reset{}, err
	}
	scheme, host := s.publicAddress(r.echo.Request())
	reset.URL = scheme + "://" + host + "/reset#" + reset.Code
	return reset, nil
}

// CheckReset checks the code of a link for another password, and gives whose password it is for.
func (s *Server) CheckReset(r *Request, in chat.ResetCode) (chat.ResetCheck, error) {
	return s.actions.CheckReset(r.Ctx(), r.addressRange(), in)
}

// ChoosePassword replaces a password by a link, and signs the person in.
func (s *Server) ChoosePassword(r *Request, in chat.ResetPassword) (chat.SignedIn, error) {
	user, session, err := s.actions.UseReset(r.Ctx(), r.addressRange(), in)
	return s.welcome(r, user, session, err)
}
