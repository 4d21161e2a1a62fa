package tests

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
	"parley/tests/harness"
)

// While PostgreSQL is away, a server stores nothing and says so, and after a while sends everybody away. It goes on by
// itself when PostgreSQL is back.
func TestAServerWithoutItsDatabaseGoesOnByItself(t *testing.T) {
	t.Parallel()
	database := engines.OwnPostgres(t, true)
	p := harness.Start(t, "--database="+database.Database(t))
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	ann.Says(t, general, "before")
	sock := ann.Dial(t)
	ready := func() int {
		resp, err := http.Get(p.URL + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}

	database.Stop()
	wait.Until(t, "the server says that it is not ready", func() bool { return ready() == http.StatusServiceUnavailable })
	lost := chat.MessageSend{RoomID: general, Draft: harness.Draft("while it is away")}
	if _, err := ann.Sends(lost); err == nil {
		t.Error("a message is acknowledged without a database")
	}
	sock.ExpectClosed(t, chat.CloseLater)

	if err := database.Start(); err != nil {
		t.Fatal(err)
	}
	wait.Until(t, "the server is ready again", func() bool { return ready() == http.StatusOK })
	if _, err := ann.Sends(lost); err != nil {
		t.Errorf("sent again: %v", err)
	}
	if got := harness.Bodies(ann.History(t, general, "").Messages); !slices.Equal(got, []string{"before", "while it is away"}) {
		t.Errorf("general has %q", got)
	}
	ann.Dial(t)
}

// What is wrong with the address of a database is said in one line, without the password in it.
func TestADatabaseThatCannotBeReachedIsNamedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	database := engines.OwnPostgres(t, false)
	address := database.Database(t)
	database.Stop()
	for given, want := range map[string]string{
		strings.Replace(address, "postgres@", "postgres:hidden@", 1): "connection refused",
		"postgres://parley:hidden/word@127.0.0.1/parley":             "--database",
		"mysql://parley:hidden@127.0.0.1/parley":                     "--database",
	} {
		p := harness.Launch(t, nil, "--listen=127.0.0.1:0", "--data="+t.TempDir(), "--database="+given)
		p.RefusesInOneLine(t, want)
		if text := p.Stderr.String(); strings.Contains(text, "hidden") {
			t.Errorf("it repeats the password: %s", text)
		}
	}
}
