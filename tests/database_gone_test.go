// Somebody removes or replaces the files of the database while the server runs.

package tests

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/auth"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
	"parley/store"
	"parley/store/sqlite"
	"parley/tests/harness"
)

// What would be lost is not acknowledged: it is refused, and the operator learns why.
func TestAServerWhoseDatabaseIsTakenAwayStoresNothing(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	for name, act := range map[string]func(t *testing.T, p *harness.Program, older string){
		"all files removed": func(t *testing.T, p *harness.Program, _ string) {
			for _, suffix := range []string{"", "-wal", "-shm"} {
				must(t, os.Remove(p.Database()+suffix))
			}
		},
		"the database alone removed": func(t *testing.T, p *harness.Program, _ string) { must(t, os.Remove(p.Database())) },
		"its log removed":            func(t *testing.T, p *harness.Program, _ string) { must(t, os.Remove(p.Database()+"-wal")) },
		"the index of its log removed": func(t *testing.T, p *harness.Program, _ string) {
			must(t, os.Remove(p.Database()+"-shm"))
		},
		"the folder moved away": func(t *testing.T, p *harness.Program, _ string) { must(t, os.Rename(p.Data, p.Data+"-away")) },
		"another file in its place": func(t *testing.T, p *harness.Program, older string) {
			must(t, os.Rename(older, p.Database()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := harness.StartIn(t, filepath.Join(t.TempDir(), "data"))
			ann := p.SetUp(t)
			general := ann.Room(t, "general").ID
			ann.Says(t, general, "before")
			older := filepath.Join(t.TempDir(), "older.db")
			harness.Run(t, "backup", "--data="+p.Data, older)
			ann.Says(t, general, "after the backup")

			act(t, p, older)

			refusal := ann.Refused(t, chat.Unavailable, http.MethodPost, harness.MessagesPath(general),
				chat.Draft{ClientID: chat.NewClientID(), Body: "this would be lost"})
			if !strings.Contains(refusal.Message, "removed or replaced") {
				t.Errorf("the client is told %q", refusal.Message)
			}
			var ready string
			wait.Until(t, "the probe says that the server cannot store", func() bool {
				var status int
				status, ready = probe(t, p)
				return status == http.StatusServiceUnavailable
			})
			if !strings.Contains(ready, "removed or replaced") {
				t.Errorf("the probe says %q", ready)
			}
			wait.Until(t, "the log says it", func() bool { return strings.Contains(p.Stderr.String(), "removed or replaced") })
			p.Kill()
		})
	}
}

// Nobody is kept from reading by what the server would store besides, such as a later end of their session.
func TestPeopleGoOnReadingWhileTheServerCannotStore(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := harness.StartIn(t, filepath.Join(t.TempDir(), "data"))
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	ann.Says(t, general, "before")
	signer := p.Signer(t)
	session := store.Session{
		ID: sessionIn(t, p, ann.Token(t)), User: ann.User.ID, ExpiresAt: time.Now().Add(time.Hour).UnixMilli(),
	}
	signer.Now = func() time.Time { return time.Now().Add(-auth.RenewAfter - time.Minute) }
	old, err := signer.Issue(session)
	must(t, err)
	reads := func() (renewed bool) {
		t.Helper()
		resp, body := p.Asks(t, http.MethodGet, harness.MessagesPath(general), "",
			http.Header{"Cookie": {auth.CookieName(false) + "=" + old}})
		if resp.StatusCode != http.StatusOK || !strings.Contains(body, "before") {
			t.Fatalf("got %d %s", resp.StatusCode, body)
		}
		return len(resp.Cookies()) > 0
	}
	must(t, os.Rename(p.Data, p.Data+"-away"))
	if reads() {
		t.Error("the cookie was renewed, and the session was not")
	}
	wait.Until(t, "the server knows that it cannot store", func() bool {
		status, _ := probe(t, p)
		return status == http.StatusServiceUnavailable
	})
	reads()
	must(t, os.Rename(p.Data+"-away", p.Data))
	ann.Says(t, general, "it can again")
	if !reads() {
		t.Error("the cookie is not renewed once the server can store")
	}
}

// Files that are moved away and come back are the same files.
func TestAServerGoesOnWhenTheFilesOfItsDatabaseAreBack(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := harness.StartIn(t, filepath.Join(t.TempDir(), "data"))
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	must(t, os.Rename(p.Data, p.Data+"-away"))
	draft := chat.Draft{ClientID: chat.NewClientID(), Body: "sent again"}
	ann.Refused(t, chat.Unavailable, http.MethodPost, harness.MessagesPath(general), draft)
	must(t, os.Rename(p.Data+"-away", p.Data))
	ann.Post(t, harness.MessagesPath(general), draft, http.StatusCreated, nil)
	ann = ann.On(p.Restart(t))
	var page chat.Page
	ann.Get(t, harness.MessagesPath(general), &page)
	if len(page.Messages) != 1 || page.Messages[0].Body != "sent again" {
		t.Errorf("after a restart there is %+v", page.Messages)
	}
}

// A server that nobody writes to notices too.
func TestAnIdleServerNoticesThatItsDatabaseIsGone(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := harness.Start(t)
	p.SetUp(t)
	must(t, os.Remove(p.Database()))
	wait.Until(t, "the log says it", func() bool { return strings.Contains(p.Stderr.String(), "removed or replaced") })
}

// Somebody who works on the database with SQLite, as its own programs do, takes nothing away.
func TestAnotherProgramMayWriteIntoTheDatabase(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	db, err := sqlite.OpenWriter(p.Database())
	must(t, err)
	defer db.Close()
	for i := range 20 {
		ann.Says(t, general, strings.Repeat("long text ", 500))
		for _, statement := range []string{
			`CREATE TABLE other (text BLOB)`,
			`INSERT INTO other VALUES (randomblob(3000000))`,
			`DROP TABLE other`,
			`PRAGMA wal_checkpoint(PASSIVE)`,
		} {
			_, err := db.ExecContext(t.Context(), statement)
			must(t, err)
		}
		if i == 10 {
			_, err := db.ExecContext(t.Context(), `VACUUM`)
			must(t, err)
		}
	}
	ann.Says(t, general, "still stored")
	if log := p.Stderr.String(); strings.Contains(log, "removed or replaced") {
		t.Error(log)
	}
}

// While somebody reads, a checkpoint writes only some of the newer pages: the file alone is then a mixture of two moments,
// shorter than it says itself, and the database is as healthy as before.
func TestAServerDoesNotMistakeAHalfwayCheckpointForSomebodyElsesWork(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	ann := p.SetUp(t)
	general := ann.Room(t, "general").ID
	for range 60 {
		ann.Says(t, general, strings.Repeat("long text ", 100))
	}
	reader, err := sqlite.OpenBeside(p.Database())
	must(t, err)
	defer reader.Close()
	reading, err := reader.BeginTx(t.Context(), nil)
	must(t, err)
	defer reading.Rollback()
	var n int
	must(t, reading.QueryRowContext(t.Context(), `SELECT count(*) FROM messages`).Scan(&n))
	for range 3 {
		ann.Says(t, general, "short")
		harness.Execute(t, p.Database(), `PRAGMA wal_checkpoint(PASSIVE)`)
		ann.Says(t, general, "after the checkpoint")
	}
	harness.Run(t, "backup", "--data="+p.Data, filepath.Join(t.TempDir(), "backup.db"))
	must(t, reading.Rollback())
	ann.Says(t, general, "after the reader")
	if log := p.Stderr.String(); strings.Contains(log, "removed or replaced") {
		t.Error(log)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func probe(t *testing.T, p *harness.Program) (status int, body string) {
	t.Helper()
	resp, err := http.Get(p.URL + "/readyz")
	must(t, err)
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(content)
}
