// Reports: messages that somebody reported to the owner and the admins of the server.

package chat

// ReportID identifies a report; it is never reused.
type ReportID int64

// NewReport says why somebody reports a message. The reason may be empty.
type NewReport struct {
	Reason string `json:"reason,omitempty"`
}

// Report says who reported which message, and whether an admin has closed the report. Times are UTC
// milliseconds.
type Report struct {
	ID         ReportID `json:"id"`
	RoomID     RoomID   `json:"room_id"`
	Kind       RoomKind `json:"kind"`
	Seq        int64    `json:"seq"`
	AuthorID   UserID   `json:"author_id"`
	ReporterID UserID   `json:"reporter_id"`
	Reason     string   `json:"reason,omitempty"`
	CreatedAt  int64    `json:"created_at"`
	ClosedAt   int64    `json:"closed_at,omitempty"`
	ClosedBy   UserID   `json:"closed_by,omitempty"`
}

// Reports is a page of reports, newest first. More tells whether there are older ones.
type Reports struct {
	Reports []Report `json:"reports"`
	More    bool     `json:"more"`
}

// ReportView is a report with the message as it is now, between its neighbours, in order of seq.
type ReportView struct {
	Report
	Messages []Message `json:"messages"`
}

// ReportClosing closes a report. With Delete it deletes the message too.
type ReportClosing struct {
	Delete bool `json:"delete,omitempty"`
}
