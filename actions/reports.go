// Reports: telling the owner and the admins of the server about a message, and what they do about it.

package actions

import (
	"context"
	"encoding/json"
	"slices"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// The bounds of reports.
const (
	maxReportReason = 500   // characters
	maxOwnReports   = 20    // of one person, open at the same time
	maxReports      = 1_000 // of all people, open at the same time
	neighbours      = 5     // messages before and after the one that was reported
	maxReportTold   = 100   // owners and admins who are told of a report
)

// Report tells the owner and the admins of the server about a message that the caller sees. They get a
// notification, and from then on they see that message and its neighbours. A report that is open already
// stays as it is.
func (a *Actions) Report(by access.Caller, at chat.MessageAt, in chat.NewReport) error {
	if err := by.MustBePerson(); err != nil {
		return err
	}
	reason, err := checkLine("reason", in.Reason, maxReportReason)
	if err != nil {
		return err
	}
	return a.change(by, func(tx *store.WriteTx) error {
		found, err := tx.RoomFor(by, at.RoomID)
		if err != nil {
			return err
		}
		m, author, err := authoredMessage(tx, at)
		if err == nil && m.DeletedAt != 0 {
			err = errDeleted
		}
		if err == nil {
			err = access.MayReport(found.Standing, author)
		}
		if err != nil {
			return err
		}
		if open, err := tx.HasReported(at, by.User); err != nil || open {
			return err
		}
		if err := mayOpenReport(tx, by); err != nil {
			return err
		}
		id, err := tx.AddReport(m, by.User, reason)
		if err != nil {
			return err
		}
		return tellOfReport(tx, by, m, id, reason)
	})
}

// mayOpenReport refuses a report when too many are open.
func mayOpenReport(tx *store.WriteTx, by access.Caller) error {
	own, all, err := tx.OpenReports(by.User)
	switch {
	case err != nil:
		return err
	case own >= maxOwnReports:
		return &chat.Error{
			Code: chat.TooManyReports, Limit: maxOwnReports,
			Message: "wait until an admin has looked at your other reports",
		}
	case all >= maxReports:
		return &chat.Error{
			Code: chat.TooManyReports, Limit: maxReports, Message: "too many reports wait for an admin",
		}
	}
	return nil
}

// tellOfReport notifies those who may see the report.
func tellOfReport(tx *store.WriteTx, by access.Caller, m chat.Message, id chat.ReportID, reason string) error {
	all, err := tx.Administrators()
	if err != nil {
		return err
	}
	var to []chat.UserID
	for _, one := range all {
		if one.ID != by.User && len(to) < maxReportTold && access.SeesReports(one.ID, one.Role, m.AuthorID) {
			to = append(to, one.ID)
		}
	}
	data, err := json.Marshal(map[string]chat.ReportID{"report": id})
	if err != nil {
		return err
	}
	told := chat.NewNotification{
		Title: "A message was reported", Body: reason, URL: "/reports", Data: data,
		Key: "report " + newCode(), // nobody has sent that key
	}
	sent, err := tx.AddNotification(by.User, told, notificationHash(told, to), len(to))
	if err != nil {
		return err
	}
	return tx.Deliver(sent.ID, chat.Notification{
		SenderID: by.User, Title: told.Title, Body: told.Body, URL: told.URL, Data: told.Data,
	}, to)
}

// Reports returns a page of reports, newest first: those with an id below before, or the newest when before
// is 0. state is "open" for those that nobody has closed, or "" for all. limit is at most MaxPage; 0 means
// defaultPage. The owner and the admins of the server may.
func (a *Actions) Reports(
	ctx context.Context, by access.Caller, before int64, state string, limit int,
) (chat.Reports, error) {
	if err := checkPageBefore(&before, &limit); err != nil {
		return chat.Reports{}, err
	}
	if state != "" && state != "open" {
		return chat.Reports{}, chat.InvalidField("state", "use open, or leave it out")
	}
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.Reports, error) {
		user, err := tx.User(by.User)
		if err == nil {
			err = access.MustAdminister(user.Role)
		}
		if err != nil {
			return chat.Reports{}, err
		}
		but := by.User
		if access.SeesReports(by.User, user.Role, by.User) {
			but = 0
		}
		return tx.ReportsBefore(before, but, state == "open", limit, PageBytes)
	})
}

// seenReport finds a report that the caller may see.
func seenReport(tx *store.Tx, by access.Caller, id chat.ReportID) (chat.Report, chat.User, error) {
	user, err := tx.User(by.User)
	if err == nil {
		err = access.MustAdminister(user.Role)
	}
	if err != nil {
		return chat.Report{}, user, err
	}
	report, err := tx.Report(id)
	if err == nil && !access.SeesReports(by.User, user.Role, report.AuthorID) {
		err = chat.Errorf(chat.NotFound, "there is no such report")
	}
	return report, user, err
}

// ShowReport returns a report with the message and its neighbours. The owner and the admins of the server may,
// though they may not see the rest of the room.
func (a *Actions) ShowReport(ctx context.Context, by access.Caller, id chat.ReportID) (chat.ReportView, error) {
	return readFor(ctx, a, by, func(tx *store.Tx) (chat.ReportView, error) {
		report, _, err := seenReport(tx, by, id)
		if err != nil {
			return chat.ReportView{}, err
		}
		before, err := tx.MessagesBefore(report.RoomID, report.Seq, neighbours, PageBytes/2)
		if err != nil {
			return chat.ReportView{}, err
		}
		after, err := tx.MessagesAfter(report.RoomID, report.Seq-1, neighbours+1, PageBytes/2)
		return chat.ReportView{Report: report, Messages: slices.Concat(before, after)}, err
	})
}

// CloseReport closes a report, and every other open report about the same message. With Delete it deletes the
// message too. The owner and the admins of the server may; it stands in the audit log.
func (a *Actions) CloseReport(by access.Caller, id chat.ReportID, in chat.ReportClosing) error {
	return a.change(by, func(tx *store.WriteTx) error {
		report, user, err := seenReport(&tx.Tx, by, id)
		if err != nil {
			return err
		}
		if in.Delete {
			m, author, err := authoredMessage(tx, chat.MessageAt{RoomID: report.RoomID, Seq: report.Seq})
			if err != nil {
				return err
			}
			if err := access.MayDeleteReported(user.Role, author.ServerRole); err != nil {
				return err
			}
			if _, err := deleteMessage(tx, by, m); err != nil {
				return err
			}
		}
		if report.ClosedAt != 0 {
			return nil
		}
		err = tx.Audit(by, chat.AuditEntry{
			Act: chat.ActCloseReport, UserID: report.AuthorID, RoomID: report.RoomID, Seq: report.Seq,
			Detail: number(report.ID),
		})
		if err != nil {
			return err
		}
		return tx.CloseReports(report.RoomID, report.Seq, by.User)
	})
}
