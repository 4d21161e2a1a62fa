// The handler of the audit log.

package web

import "parley/chat"

// auditBefore asks for a page of the audit log.
type auditBefore struct {
	Before *int64 `query:"before"`
	Limit  *int64 `query:"limit"`
}

// ListAudit gives a page of the audit log, newest first.
func (s *Server) ListAudit(r *Request, in auditBefore) (chat.Audit, error) {
	return s.actions.AuditLog(r.Ctx(), r.By, below(in.Before), pageLimit(in.Limit))
}
