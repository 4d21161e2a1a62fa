// Reports, and what those who look after the server do about messages.

package tests

import (
	"fmt"
	"net/http"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

func messagePath(at chat.MessageSent) string {
	return fmt.Sprintf("%s/messages/%d", harness.RoomPath(at.RoomID), at.Seq)
}

// reports lists the reports that somebody sees.
func reports(t *testing.T, who *harness.Person, query string) chat.Reports {
	t.Helper()
	var found chat.Reports
	who.Get(t, "/api/reports"+query, &found)
	return found
}

// reportHouse is a server with people of each role.
type reportHouse struct {
	*harness.Program
	owner, admin, ann, bob *harness.Person
}

func newReportHouse(t *testing.T) *reportHouse {
	t.Helper()
	p := harness.Start(t)
	h := &reportHouse{Program: p, owner: p.SetUp(t)}
	h.admin, h.ann, h.bob = p.SignUp(t, h.owner, "admin"), p.SignUp(t, h.owner, "amy"), p.SignUp(t, h.owner, "ben")
	h.owner.Gives(t, h.admin.User.ID, chat.RoleAdmin)
	return h
}

func TestAnAdminSeesAReportedMessageWithItsNeighboursAndNothingElseOfTheRoom(t *testing.T) {
	t.Parallel()
	h := newReportHouse(t)
	direct := h.ann.Direct(t, h.bob)
	var said []chat.MessageSent
	for i := range 20 {
		said = append(said, h.ann.Says(t, direct.ID, fmt.Sprint("words ", i+1)))
	}
	admin := h.admin.Dial(t)
	h.bob.Post(t, messagePath(said[9])+"/report", chat.NewReport{Reason: "it hurts"}, http.StatusNoContent, nil)

	var told chat.NotificationAdded
	admin.ExpectInto(t, "notification.added", &told)
	if n := told.Notification; n.SenderID != h.bob.User.ID || n.Body != "it hurts" || n.URL != "/reports" {
		t.Errorf("the admin was told %+v", n)
	}
	all := reports(t, h.admin, "?state=open")
	if len(all.Reports) != 1 || all.More {
		t.Fatalf("the admin sees %+v", all)
	}
	got := all.Reports[0]
	want := chat.Report{
		ID: got.ID, RoomID: direct.ID, Kind: chat.Direct, Seq: said[9].Seq, AuthorID: h.ann.User.ID,
		ReporterID: h.bob.User.ID, Reason: "it hurts", CreatedAt: got.CreatedAt,
	}
	if got != want || got.CreatedAt == 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	path := fmt.Sprint("/api/reports/", got.ID)
	var view chat.ReportView
	h.admin.Get(t, path, &view)
	if len(view.Messages) != 11 || view.Messages[0].Body != "words 5" || view.Messages[10].Body != "words 15" {
		t.Errorf("the admin sees %d messages: %+v", len(view.Messages), view.Messages)
	}
	h.admin.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(direct.ID)+"/messages", nil)
	h.admin.Refused(t, chat.NotFound, http.MethodDelete, messagePath(said[9]), nil)
	h.ann.Refused(t, chat.Forbidden, http.MethodGet, path, nil)

	h.admin.Post(t, path+"/close", chat.ReportClosing{Delete: true}, http.StatusNoContent, nil)
	m := h.bob.History(t, direct.ID, "").Messages[9]
	if m.DeletedAt == 0 || m.DeletedBy != h.admin.User.ID || m.Body != "" {
		t.Errorf("the message is now %+v", m)
	}
	if open := reports(t, h.admin, "?state=open"); len(open.Reports) != 0 {
		t.Errorf("still open: %+v", open)
	}
	closed := reports(t, h.admin, "").Reports[0]
	if closed.ClosedBy != h.admin.User.ID || closed.ClosedAt == 0 {
		t.Errorf("closed: %+v", closed)
	}
	var log chat.Audit
	h.owner.Get(t, "/api/audit", &log)
	acts := map[chat.Act]chat.AuditEntry{}
	for _, entry := range log.Entries {
		acts[entry.Act] = entry
	}
	for _, act := range []chat.Act{chat.ActDeleteMessage, chat.ActCloseReport} {
		if e := acts[act]; e.By != h.admin.User.ID || e.UserID != h.ann.User.ID || e.Seq != said[9].Seq {
			t.Errorf("%s in the audit log: %+v", act, e)
		}
	}
}

func TestAReportStaysOpenUntilItIsClosedAndMayComeAgain(t *testing.T) {
	t.Parallel()
	h := newReportHouse(t)
	said := h.ann.Says(t, h.ann.Room(t, "general").ID, "words")
	h.bob.Reports(t, said.RoomID, said.Seq)
	h.bob.Reports(t, said.RoomID, said.Seq)
	h.admin.Reports(t, said.RoomID, said.Seq)
	all := reports(t, h.owner, "").Reports
	if len(all) != 2 || all[0].ReporterID != h.admin.User.ID {
		t.Fatalf("got %+v", all)
	}
	var inbox chat.Notifications
	h.owner.Get(t, "/api/notifications", &inbox)
	if len(inbox.Notifications) != 2 {
		t.Errorf("the owner was told %d times, want once by each", len(inbox.Notifications))
	}
	h.owner.Post(t, fmt.Sprintf("/api/reports/%d/close", all[1].ID), chat.ReportClosing{}, http.StatusNoContent, nil)
	if open := reports(t, h.owner, "?state=open").Reports; len(open) != 0 {
		t.Errorf("open after closing one about the same message: %+v", open)
	}
	if m := h.bob.History(t, said.RoomID, "").Messages[0]; m.DeletedAt != 0 {
		t.Errorf("closing deleted %+v", m)
	}
	h.bob.Reports(t, said.RoomID, said.Seq)
	if open := reports(t, h.owner, "?state=open").Reports; len(open) != 1 || open[0].ID != all[1].ID {
		t.Errorf("open when it came again: %+v", open)
	}
	h.ann.Call(t, http.MethodDelete, messagePath(said), nil, http.StatusOK, nil)
	h.admin.Refused(t, chat.Deleted, http.MethodPost, messagePath(said)+"/report", chat.NewReport{})
}

func TestAnAdminDoesNotSeeReportsAboutThemselves(t *testing.T) {
	t.Parallel()
	h := newReportHouse(t)
	said := h.admin.Says(t, h.ann.Room(t, "general").ID, "words")
	h.ann.Reports(t, said.RoomID, said.Seq)
	if seen := reports(t, h.admin, "").Reports; len(seen) != 0 {
		t.Errorf("the admin sees %+v", seen)
	}
	var inbox chat.Notifications
	h.admin.Get(t, "/api/notifications", &inbox)
	if len(inbox.Notifications) != 0 {
		t.Errorf("the admin was told %+v", inbox.Notifications)
	}
	seen := reports(t, h.owner, "").Reports
	if len(seen) != 1 {
		t.Fatalf("the owner sees %+v", seen)
	}
	path := fmt.Sprint("/api/reports/", seen[0].ID)
	h.admin.Refused(t, chat.NotFound, http.MethodGet, path, nil)
	h.admin.Refused(t, chat.NotFound, http.MethodPost, path+"/close", chat.ReportClosing{})
}

func TestADeactivatedAdminIsToldOfNoReport(t *testing.T) {
	t.Parallel()
	h := newReportHouse(t)
	id := h.admin.User.ID
	path := fmt.Sprint("/api/users/", id)
	h.owner.Call(t, http.MethodPost, path+"/deactivate", chat.Deactivation{Messages: chat.KeepMessages}, http.StatusOK, nil)
	said := h.ann.Says(t, h.ann.Room(t, "general").ID, "words")
	h.bob.Reports(t, said.RoomID, said.Seq)
	h.owner.Call(t, http.MethodPost, path+"/reactivate", nil, http.StatusOK, nil)
	admin := h.Visitor(t, "admin")
	admin.Post(t, "/api/login", chat.Login{Name: "admin", Password: harness.GoodPassword}, http.StatusOK, nil)
	var inbox chat.Notifications
	admin.Get(t, "/api/notifications", &inbox)
	if len(inbox.Notifications) != 0 {
		t.Errorf("the admin was told %+v", inbox.Notifications)
	}
}

func TestReportsOfOnePersonAreBounded(t *testing.T) {
	t.Parallel()
	h := newReportHouse(t)
	general := h.ann.Room(t, "general").ID
	for range 20 {
		said := h.ann.Says(t, general, "words")
		h.bob.Reports(t, general, said.Seq)
	}
	said := h.ann.Says(t, general, "one more")
	refused := h.bob.Refused(t, chat.TooManyReports, http.MethodPost, messagePath(said)+"/report", chat.NewReport{})
	if refused.Limit != 20 {
		t.Errorf("got %+v, want the limit 20", refused)
	}
	h.admin.Reports(t, general, said.Seq)
	h.bob.Reports(t, general, said.Seq-1) // a report that is open already adds nothing
}

func TestATombstoneSaysWhoDeletedTheMessage(t *testing.T) {
	t.Parallel()
	h := newReportHouse(t)
	general := h.ann.Room(t, "general").ID
	own, others := h.ann.Says(t, general, "mine"), h.ann.Says(t, general, "rude")
	bob := h.bob.Dial(t)
	h.ann.Call(t, http.MethodDelete, messagePath(own), nil, http.StatusOK, nil)
	h.admin.Call(t, http.MethodDelete, messagePath(others), nil, http.StatusOK, nil)
	for _, want := range []chat.UserID{0, h.admin.User.ID} {
		var event chat.MessageChanged
		bob.ExpectInto(t, "message.changed", &event)
		if changed := event.Message; changed.DeletedAt == 0 || changed.DeletedBy != want || changed.Body != "" {
			t.Errorf("got %+v, want it deleted by %d", changed, want)
		}
	}
	h.admin.Refused(t, chat.Forbidden, http.MethodDelete, messagePath(h.owner.Says(t, general, "the owner's")), nil)
	h.bob.Refused(t, chat.Forbidden, http.MethodDelete, messagePath(h.ann.Says(t, general, "words")), nil)
}
