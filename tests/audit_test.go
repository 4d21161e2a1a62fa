// The audit log of the whole program: what is done to others stands in it, and who may read it.

package tests

import (
	"fmt"
	"net/http"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// audit reads the newest entries of the audit log.
func audit(t *testing.T, who *harness.Person, query string) chat.Audit {
	t.Helper()
	var page chat.Audit
	who.Get(t, "/api/audit"+query, &page)
	return page
}

// expectAudit compares the newest entries, oldest of them first, apart from their ids and times.
func expectAudit(t *testing.T, who *harness.Person, want ...chat.AuditEntry) {
	t.Helper()
	page := audit(t, who, fmt.Sprintf("?limit=%d", len(want)))
	if len(page.Entries) != len(want) {
		t.Fatalf("the audit log has %+v, want %+v", page.Entries, want)
	}
	for i, entry := range page.Entries {
		if entry.ID == 0 || entry.At == 0 {
			t.Errorf("%+v has no id or no time", entry)
		}
		entry.ID, entry.At = 0, 0
		if w := want[len(want)-1-i]; entry != w {
			t.Errorf("the audit log has %+v, want %+v", entry, w)
		}
	}
}

func TestWhatIsDoneToOthersStandsInTheAuditLog(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	me := owner.User.ID
	owner.Call(t, http.MethodPatch, "/api/server", map[string]string{"registration": "closed"}, http.StatusOK, nil)
	expectAudit(t, owner, chat.AuditEntry{By: me, Act: chat.ActServer, Detail: "closed"})
	owner.Call(t, http.MethodPatch, "/api/server", map[string]string{"registration": "closed"}, http.StatusOK, nil)
	both := map[string]string{"name": "Ours", "registration": "invite"}
	owner.Call(t, http.MethodPatch, "/api/server", both, http.StatusOK, nil)
	owner.Gives(t, bob.User.ID, chat.RoleAdmin)
	var invite chat.Invite
	bob.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	bob.Call(t, http.MethodDelete, fmt.Sprintf("/api/invites/%d", invite.ID), nil, http.StatusNoContent, nil)
	token := owner.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: []chat.Scope{chat.ScopeRead}})
	owner.Call(t, http.MethodDelete, fmt.Sprintf("/api/tokens/%d", token.ID), nil, http.StatusNoContent, nil)
	owner.Post(t, "/api/hosts", chat.NewHost{Name: "chat.lan"}, http.StatusCreated, nil)
	owner.Call(t, http.MethodDelete, "/api/hosts/chat.lan", nil, http.StatusNoContent, nil)
	id := fmt.Sprint(invite.ID)
	expectAudit(
		t, bob,
		chat.AuditEntry{By: me, Act: chat.ActServer, Detail: "closed"}, // once: the second changed nothing
		chat.AuditEntry{By: me, Act: chat.ActServer, Detail: "name"},
		chat.AuditEntry{By: me, Act: chat.ActServer, Detail: "invite"},
		chat.AuditEntry{By: me, Act: chat.ActRole, UserID: bob.User.ID, Detail: "admin"},
		chat.AuditEntry{By: bob.User.ID, Act: chat.ActInvite, Detail: id},
		chat.AuditEntry{By: bob.User.ID, Act: chat.ActEndInvite, Detail: id},
		chat.AuditEntry{By: me, Act: chat.ActToken, UserID: token.Bot.ID, Detail: fmt.Sprint(token.ID) + " [read]"},
		chat.AuditEntry{By: me, Act: chat.ActEndToken, UserID: token.Bot.ID, Detail: fmt.Sprint(token.ID)},
		chat.AuditEntry{By: me, Act: chat.ActHost, Detail: "chat.lan"},
		chat.AuditEntry{By: me, Act: chat.ActEndHost, Detail: "chat.lan"},
	)
}

func TestTheAuditLogHasPages(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	for _, role := range []chat.Role{chat.RoleAdmin, chat.RoleMember, chat.RoleAdmin} {
		owner.Gives(t, bob.User.ID, role)
	}
	all := audit(t, owner, "")
	if len(all.Entries) < 3 || all.More {
		t.Fatalf("all: %+v", all)
	}
	var seen []chat.AuditEntry
	page := audit(t, owner, "?limit=1")
	for page.More {
		seen = append(seen, page.Entries...)
		page = audit(t, owner, fmt.Sprintf("?limit=1&before=%d", page.Entries[0].ID))
	}
	if seen = append(seen, page.Entries...); fmt.Sprint(seen) != fmt.Sprint(all.Entries) {
		t.Errorf("the pages have %+v, want %+v", seen, all.Entries)
	}
	for _, query := range []string{"?limit=101", "?limit=-1", "?before=x"} {
		owner.Refused(t, chat.Invalid, http.MethodGet, "/api/audit"+query, nil)
	}
}
