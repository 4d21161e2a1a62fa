// The handlers of programs' tokens.

package web

import "parley/chat"

// tokensBefore asks for the tokens that were made before one.
type tokensBefore struct {
	Before *chat.TokenID `query:"before"`
}

// ListTokens gives a page of the tokens that are still valid.
func (s *Server) ListTokens(r *Request, in tokensBefore) (chat.Tokens, error) {
	return s.actions.Tokens(r.Ctx(), r.By, below(in.Before))
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
