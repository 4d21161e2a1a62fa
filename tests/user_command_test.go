// The operator's commands for people's accounts: on a folder that a server uses, and on one that none does.

package tests

import (
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

func TestTheOperatorLooksAfterPeopleWhetherTheServerRunsOrNot(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	p.SignUp(t, ann, "aaron")
	general := bob.Room(t, "general").ID
	bob.Says(t, general, "from bob")
	s := bob.Dial(t)
	user := func(args ...string) string {
		t.Helper()
		return harness.Run(t, append([]string{"user", args[0], "--data", data}, args[1:]...)...)
	}
	refuses := func(why string, args ...string) {
		t.Helper()
		harness.Launch(t, nil, append([]string{"user", args[0], "--data", data}, args[1:]...)...).RefusesInOneLine(t, why)
	}
	listed := func(line string) {
		t.Helper()
		if text := user("list"); !regexp.MustCompile(`(?m)^` + line).MatchString(text) {
			t.Errorf("the list has no line %s: %s", line, text)
		}
	}

	// While the server runs.
	wait.Until(t, "bob has been seen", func() bool {
		return regexp.MustCompile(`(?m)^bob +Bob +member +active +1 +\d{4}-`).MatchString(user("list"))
	})
	refuses("nobody has the login name", "owner", "carl")
	refuses("name another owner", "deactivate", ann.Name)
	if said := user("deactivate", "bob"); !strings.Contains(said, "bob is deactivated. Their messages stay.") {
		t.Errorf("the command says %q", said)
	}
	s.ExpectClosed(t, chat.CloseBanned)
	listed(`bob +Bob +member +deactivated +0 `)
	refuses("is deactivated", "reset", "bob")
	user("reactivate", "@Bob")
	link := strings.TrimSpace(user("reset", "bob"))
	address, code, _ := strings.Cut(link, "/reset#")
	if address != p.URL {
		t.Errorf("the link is %q", link)
	}
	bob = p.Visitor(t, "bob")
	bob.Post(t, "/api/reset", chat.ResetPassword{Code: code, Password: harness.GoodPassword}, http.StatusOK, nil)
	user("owner", "bob")
	bob.Get(t, "/api/audit", nil)
	expectAudit(
		t, bob,
		chat.AuditEntry{Act: chat.ActReset, UserID: audit(t, bob, "?limit=1").Entries[0].UserID},
		chat.AuditEntry{Act: chat.ActRole, UserID: audit(t, bob, "?limit=1").Entries[0].UserID, Detail: "owner"},
	)

	// While none does.
	p.Stop()
	listed(`bob +Bob +owner +active +1 `)
	if said := user("deactivate", "--messages=delete", "bob"); !strings.Contains(said, "Their messages are deleted") {
		t.Errorf("the command says %q", said)
	}
	listed(`bob +Bob +owner +deactivated +0 `)
	// By name, and not by who was there or was changed last.
	if text := user("list"); strings.Index(text, "aaron") > strings.Index(text, ann.Name) {
		t.Errorf("the list is not in the order of the names: %s", text)
	}
	refuses("name another owner", "deactivate", ann.Name)
	user("reactivate", "bob")
	if link := strings.TrimSpace(user("reset", "--url=https://chat.example.com/", "bob")); !strings.HasPrefix(link, "https://chat.example.com/reset#") {
		t.Errorf("the link is %q", link)
	}
	refuses("--url=chat.example.com", "reset", "--url=chat.example.com", "bob")

	// Without an address, the link works on this machine, and the command says what to change about it.
	port := freePort(t)
	reset := harness.Launch(t, []string{"PARLEY_LISTEN=:" + port}, "user", "reset", "--data", data, "bob")
	if status := reset.Wait(t); status != 0 {
		t.Fatal(status, reset.Stderr.String())
	}
	said := "put your server's address in front"
	if !strings.Contains(reset.Stderr.String(), said) {
		t.Errorf("the command says %q, want %q", reset.Stderr.String(), said)
	}
	link = strings.TrimSpace(reset.Stdout.String())
	address, code, _ = strings.Cut(link, "/reset#")
	if address != "http://localhost:"+port {
		t.Errorf("the link is %q", link)
	}
	p = harness.StartAt(t, "localhost:"+port, data)
	response, err := http.Post(address+"/api/reset", "application/json",
		strings.NewReader(`{"code": "`+code+`", "password": "`+harness.GoodPassword+`"}`))
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("the link of a stopped server does not work: %v %v", response, err)
	} else {
		response.Body.Close()
	}
	ann = ann.On(p)
	if m := ann.History(t, general, "").Messages[0]; m.DeletedAt == 0 || m.Body != "" {
		t.Errorf("bob's message is %+v", m)
	}
}

// freePort is a port on which nothing listens now.
func freePort(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
