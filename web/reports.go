// The handlers of reports.

package web

import "parley/chat"

// reportMessage is a report about a message.
type reportMessage struct {
	atMessage
	Report chat.NewReport
}

// ReportMessage reports a message to the owner and the admins.
func (s *Server) ReportMessage(r *Request, in reportMessage) (None, error) {
	return None{}, s.actions.Report(r.By, chat.MessageAt{RoomID: in.Room, Seq: in.Seq}, in.Report)
}

// reportsBefore asks for a page of reports.
type reportsBefore struct {
	Before *int64 `query:"before"`
	State  string `query:"state"` // "open", or "" for all
	Limit  *int64 `query:"limit"`
}

// ListReports gives a page of reports, newest first.
func (s *Server) ListReports(r *Request, in reportsBefore) (chat.Reports, error) {
	return s.actions.Reports(r.Ctx(), r.By, below(in.Before), in.State, pageLimit(in.Limit))
}

// atReport is the part of a path that names a report.
type atReport struct {
	Report chat.ReportID `path:"report"`
}

// ShowReport gives a report with the message and its neighbours.
func (s *Server) ShowReport(r *Request, in atReport) (chat.ReportView, error) {
	return s.actions.ShowReport(r.Ctx(), r.By, in.Report)
}

// closeReport says what to do with a report.
type closeReport struct {
	atReport
	Closing chat.ReportClosing
}

// CloseReport closes the reports about a message, and deletes the message if asked.
func (s *Server) CloseReport(r *Request, in closeReport) (None, error) {
	return None{}, s.actions.CloseReport(r.By, in.Report, in.Closing)
}
