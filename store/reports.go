// Reports: what people reported to the owner and the admins.

package store

import (
	"parley/chat"
)

// keptReports is how long a report that was closed is kept, in milliseconds.
const keptReports = 90 * 24 * 60 * 60 * 1000

const reportCols = `p.id, p.room_id, r.kind, p.seq, p.author_id, p.reporter_id, p.reason, p.created_at,
	p.closed_at, p.closed_by`

func scanReport(row scanner) (p chat.Report, err error) {
	err = row.Scan(&p.ID, &p.RoomID, &p.Kind, &p.Seq, &p.AuthorID, &p.ReporterID, &p.Reason, &p.CreatedAt,
		&p.ClosedAt, &p.ClosedBy)
	return p, err
}

// HasReported tells whether a report of a message by a person is open.
func (tx *Tx) HasReported(at chat.MessageAt, reporter chat.UserID) (has bool, err error) {
	err = tx.row(into(&has), `
		SELECT EXISTS (
			SELECT 1 FROM reports WHERE room_id = $1 AND seq = $2 AND reporter_id = $3 AND closed_at = 0)`,
		at.RoomID, at.Seq, reporter)
	return has, err
}

// AddReport stores that somebody reports a message, and drops reports that were closed long ago. A message
// that the same person reported before has one report, which is open again.
func (tx *WriteTx) AddReport(m chat.Message, reporter chat.UserID, reason string) (chat.ReportID, error) {
	_, err := tx.runKeepingRights(`DELETE FROM reports WHERE closed_at BETWEEN 1 AND $1`, tx.now-keptReports)
	if err != nil {
		return 0, err
	}
	id, err := tx.returningKeepingRights(`
		INSERT INTO reports (room_id, seq, author_id, reporter_id, reason, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (room_id, seq, reporter_id) DO UPDATE
		SET reason = $5, created_at = $6, closed_at = 0, closed_by = 0
		RETURNING id`, m.RoomID, m.Seq, m.AuthorID, reporter, reason, tx.stamp)
	return chat.ReportID(id), err
}

// OpenReports counts the reports that nobody has closed: those of one person, and all.
func (tx *Tx) OpenReports(reporter chat.UserID) (own, all int, err error) {
	err = tx.row(into(&own, &all), `
		SELECT count(CASE WHEN reporter_id = $1 THEN 1 END), count(*)
		FROM reports
		WHERE closed_at = 0`, reporter)
	return own, all, err
}

// Report returns a report; NotFound when there is none with that id.
func (tx *Tx) Report(id chat.ReportID) (chat.Report, error) {
	var p chat.Report
	found, err := tx.one(func(row scanner) (err error) {
		p, err = scanReport(row)
		return err
	}, `
		SELECT `+reportCols+`
		FROM reports p
		JOIN rooms r ON r.id = p.room_id
		WHERE p.id = $1`, id)
	if err == nil && !found {
		err = chat.Errorf(chat.NotFound, "there is no such report")
	}
	return p, err
}

// ReportsBefore lists the newest reports with an id below the given one, newest first: at most limit, and no
// more than the one that brings the sum to maxBytes. It leaves out those about messages of one author (0:
// leaves out none), and with open those that were closed.
func (tx *Tx) ReportsBefore(id int64, but chat.UserID, open bool, limit, maxBytes int) (page chat.Reports, err error) {
	list := pageOf[chat.Report]{limit: limit, maxBytes: maxBytes, scan: scanReport, size: reportBytes}
	page.Reports, page.More, err = list.read(tx, `
		SELECT `+reportCols+`
		FROM reports p
		JOIN rooms r ON r.id = p.room_id
		WHERE p.id < $1 AND p.author_id <> $2 AND (p.closed_at = 0 OR $3 = 0)
		ORDER BY p.id DESC
		LIMIT $4`, id, but, open, limit+1)
	return page, err
}

// CloseReports closes all open reports about a message.
func (tx *WriteTx) CloseReports(room chat.RoomID, seq int64, by chat.UserID) error {
	_, err := tx.runKeepingRights(`
		UPDATE reports
		SET closed_at = $4, closed_by = $3
		WHERE room_id = $1 AND seq = $2 AND closed_at = 0`, room, seq, by, tx.stamp)
	return err
}

// Administrators lists the owners and the admins of the server whose accounts are active, in order of id.
func (tx *Tx) Administrators() ([]chat.User, error) {
	return listOf(tx, func(row scanner) (u chat.User, err error) {
		err = scanUser(row, &u)
		return u, err
	}, `
		SELECT `+userCols+`
		FROM users u
		WHERE u.role <> 'member' AND u.deactivated_at = 0
		ORDER BY u.id`)
}
