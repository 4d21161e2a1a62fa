// The handlers of the server's settings, the people on the server, and invites.

package web

import (
	"net/http"

	"parley/chat"
)

// ShowServer gives what anyone may know about the server.
func (s *Server) ShowServer(r *Request, _ None) (chat.Server, error) {
	return s.actions.Server(r.Ctx())
}

// ChangeServer changes the server's settings.
func (s *Server) ChangeServer(r *Request, in chat.ServerChange) (chat.Server, error) {
	return s.actions.ChangeServer(r.By, in)
}

// peopleSince asks for the changes of the directory after a number; 0 asks for the whole directory.
type peopleSince struct {
	Since int64 `query:"since"`
}

// ListUsers gives the directory of people, or its changes.
func (s *Server) ListUsers(r *Request, in peopleSince) (chat.Users, error) {
	return s.actions.People(r.Ctx(), r.By, in.Since)
}

// invitesBefore asks for the invites that were made before one.
type invitesBefore struct {
	Before *chat.InviteID `query:"before"`
}

// ListInvites gives a page of the invites that are still valid.
func (s *Server) ListInvites(r *Request, in invitesBefore) (chat.Invites, error) {
	return s.actions.Invites(r.Ctx(), r.By, below(in.Before))
}

// CreateInvite makes an invite, which is a link for registering.
func (s *Server) CreateInvite(r *Request, in chat.NewInvite) (chat.Invite, error) {
	invite, err := s.actions.Invite(r.By, in)
	if err != nil {
		return chat.Invite{}, err
	}
	scheme, host := s.publicAddress(r.echo.Request())
	invite.URL = scheme + "://" + host + "/invite#" + invite.Code
	return invite, nil
}

// atInvite is the part of a path that names an invite.
type atInvite struct {
	Invite chat.InviteID `path:"invite"`
}

// EndInvite ends an invite.
func (s *Server) EndInvite(r *Request, in atInvite) (None, error) {
	return None{}, s.actions.EndInvite(r.By, in.Invite)
}

// CheckInvite checks an invite's code, and gives who made the invite.
func (s *Server) CheckInvite(r *Request, in chat.InviteCode) (chat.InviteCheck, error) {
	return s.actions.CheckInvite(r.Ctx(), r.addressRange(), in)
}

// Alive answers as soon as the process runs.
func (s *Server) Alive(w http.ResponseWriter, _ *http.Request) error { return ok(w) }

// Ready answers whether the server could store when it last tried: see store.Store.Ready.
func (s *Server) Ready(w http.ResponseWriter, _ *http.Request) error {
	if err := s.actions.Ready(); err != nil {
		return err
	}
	return ok(w)
}

func ok(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	_, err := w.Write([]byte("ok\n"))
	return err
}
