// The handlers of programs' tokens.

package web

import "parley/chat"

// ListTokens gives the tokens that are still valid.
func (s *Server) ListTokens(r *Request, _ None) (chat.Tokens, error) {
	return s.actions.Tokens(r.Ctx(), r.By)
}

// CreateToken makes a token for a program, and the program's user.
func (s *Server) CreateToken(r *Request, in chat.NewToken) (chat.Token, error) {
	return s.actions.AddToken(r.By, in)
}

// atToken is the part of a path that names a token.
type atToken struct {
	Token chat.TokenID `path:"token"`
}

// EndToken ends a token.
func (s *Server) EndToken(r *Request, in atToken) (None, error) {
	return None{}, s.actions.EndToken(r.By, in.Token)
}
