// The handlers of the people whom the caller has blocked.

package web

import "parley/chat"

// ListBlocks gives whom the caller has blocked.
func (s *Server) ListBlocks(r *Request, _ None) (chat.Blocks, error) {
	return s.actions.Blocks(r.Ctx(), r.By)
}

// Block has the caller block somebody.
func (s *Server) Block(r *Request, in atUser) (chat.BlockChanged, error) {
	return s.actions.Block(r.By, in.User, true)
}

// Unblock ends that.
func (s *Server) Unblock(r *Request, in atUser) (chat.BlockChanged, error) {
	return s.actions.Block(r.By, in.User, false)
}
