//go:build unported

// The commands backup and restore as people use them: the real program, beside a server that is at work.

package tests

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/chat"
)

// runCommand runs the program to its end and gives what it printed; it fails the test when that failed.
func runCommand(t *testing.T, args ...string) string {
	t.Helper()
	p := harness.Launch(t, nil, args...)
	if status := p.wait(t); status != 0 {
		t.Fatalf("%v: status %d: %s", args, status, p.Stderr.String())
	}
	return p.Stdout.String()
}

// namesIn lists the names in a folder.
func namesIn(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// talk has people post into rooms until stop is called, which gives what was acknowledged.
func talk(who *harness.Person, rooms ...chat.RoomID) (acknowledged func() []string, stop func() []string) {
	var mu sync.Mutex
	var acked []string
	var under sync.WaitGroup
	ended := make(chan struct{})
	acknowledged = func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(acked)
	}
	for w := range 4 {
		under.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-ended:
					return
				default:
				}
				room, body := rooms[i%len(rooms)], fmt.Sprintf("writer %d message %d", w, i)
				send := chat.MessageSend{RoomID: room, Draft: chat.Draft{ClientID: chat.NewClientID(), Body: body}}
				sent, err := postOnce(who, send)
				mu.Lock()
				if err == nil {
					acked = append(acked, said(sent.RoomID, sent.Seq, body))
				} else {
					acked = append(acked, err.Error())
				}
				mu.Unlock()
			}
		})
	}
	return acknowledged, func() []string {
		close(ended)
		under.Wait()
		return acknowledged()
	}
}

func said(room chat.RoomID, seq int64, body string) string {
	return fmt.Sprintf("%d/%d %s", room, seq, body)
}

// log lists all that was said in rooms, newest first, after checking that their numbers have no holes.
func (who *harness.Person) log(t *testing.T, rooms ...chat.RoomID) []string {
	t.Helper()
	var all []string
	for _, room := range rooms {
		page := who.History(t, room, "?limit=100")
		for next := page.Seq; next > 0; page = who.History(t, room, fmt.Sprintf("?limit=100&before=%d", next+1)) {
			if len(page.Messages) == 0 {
				t.Fatalf("room %d: %d and what is before it are missing", room, next)
			}
			for _, m := range slices.Backward(page.Messages) {
				if m.Seq != next {
					t.Fatalf("room %d: got %d, want %d", room, m.Seq, next)
				}
				all = append(all, said(room, m.Seq, m.Body))
				next--
			}
		}
	}
	return all
}

var unlimited = []string{"--messages-per-second=100000", "--messages-burst=100000", "--log-level=error"}

func TestABackupTakenUnderLoadIsWhole(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	live := harness.StartIn(t, filepath.Join(home, "live"), unlimited...)
	ann := live.SetUp(t)
	rooms := []chat.RoomID{ann.Room(t, "general").ID, ann.Creates(t, chat.Private, "plans").ID}
	acknowledged, stop := talk(ann, rooms...)
	wait.Until(t, "there is something to keep", func() bool { return len(acknowledged()) > 200 })

	before := acknowledged()
	file := filepath.Join(home, "kept")
	text := harness.Run(t, "backup", "--data", live.Data, file)
	during := len(acknowledged()) - len(before)
	after := stop()
	if during == 0 {
		t.Error("nothing was acknowledged while the backup was written")
	}
	if names := namesIn(t, home); !slices.Equal(names, []string{"kept", "live"}) {
		t.Errorf("beside the backup are %v", names)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup is %v, others can read it (%v)", info.Mode(), err)
	}

	other := filepath.Join(home, "other")
	restored := harness.Run(t, "restore", "--data", other, file)
	p := harness.StartIn(t, other)
	kept := p.signsIn(t, "ann").log(t, rooms...)
	want := fmt.Sprintf("%d messages in 3 rooms", len(kept))
	if !strings.Contains(text, want) || !strings.Contains(restored, want) {
		t.Errorf("got %q and %q, want %q", text, restored, want)
	}
	whole := ann.log(t, rooms...)
	for _, message := range before {
		if !slices.Contains(kept, message) {
			t.Errorf("acknowledged before, and not in the backup: %s", message)
		}
	}
	for _, message := range kept {
		if !slices.Contains(whole, message) {
			t.Errorf("in the backup, but not said: %s", message)
		}
	}
	for _, message := range after {
		if !slices.Contains(whole, message) {
			t.Errorf("acknowledged, and not there: %s", message)
		}
	}
}

// signsIn is a person of an earlier server at this one.
func (p *harness.Program) signsIn(t *testing.T, name string) *harness.Person {
	t.Helper()
	return (&person{p: p, name: name}).Device(t)
}

func TestARestoredServerIsKnownToBeAnother(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	live := harness.StartIn(t, filepath.Join(home, "live"))
	ann := live.SetUp(t)
	var invite chat.Invite
	ann.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	first := ann.Dial(t).Welcome
	row := serverRow(t, live.Data)
	file := filepath.Join(home, "kept")
	harness.Run(t, "backup", "--data", live.Data, file)
	live = live.Restart(t)
	if again := ann.On(live).Dial(t).Welcome; again.Epoch != first.Epoch {
		t.Error("the backup changed the epoch of the server")
	}
	live.stop()

	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, row.TokenKey) || bytes.Contains(content, []byte(row.Epoch)) {
		t.Error("the backup holds the key or the epoch of the running server")
	}
	epochs := []string{first.Epoch}
	for range 2 { // the same file twice
		harness.Run(t, "restore", "--data", live.Data, file)
		p := harness.StartIn(t, live.Data)
		old := ann.On(p)
		old.Refused(t, chat.SignedOut, http.MethodGet, "/api/rooms", nil)
		old.Refused(t, chat.NotFound, http.MethodPost, "/api/invites/check", chat.InviteCode{Code: invite.Code})
		epoch := p.signsIn(t, "ann").Dial(t).Welcome.Epoch
		if slices.Contains(epochs, epoch) {
			t.Errorf("the epoch %s is not a new one", epoch)
		}
		epochs = append(epochs, epoch)
		p.stop()
	}
	if keys := [][]byte{row.TokenKey, serverRow(t, live.Data).TokenKey}; bytes.Equal(keys[0], keys[1]) {
		t.Error("the tokens of before are signed with the same key")
	}
}

func serverRow(t *testing.T, data string) ServerRow {
	t.Helper()
	db, err := sql.Open("sqlite", readDSN(filepath.Join(data, "parley.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var row ServerRow
	if err := db.QueryRow(`SELECT epoch, token_key FROM server`).Scan(&row.Epoch, &row.TokenKey); err != nil {
		t.Fatal(err)
	}
	return row
}

// The server was killed, so its last messages are in the log beside the database.
func TestARestoreKeepsWhatWasThereBefore(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data, file := filepath.Join(home, "data"), filepath.Join(home, "kept")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	room := ann.Room(t, "general").ID
	ann.Says(t, room, "kept")
	harness.Run(t, "backup", "--data", data, file)
	ann.Says(t, room, "said later")
	p.cmd.Process.Kill()
	<-p.ended
	harness.Run(t, "restore", "--data", data, file)

	names := namesIn(t, data)
	if len(names) != 3 || names[0] != "lock" || names[1] != "parley.db" ||
		!strings.HasPrefix(names[2], "parley.db"+".before-restore-2") {
		t.Fatalf("in the folder are %v", names)
	}
	back := harness.StartIn(t, data)
	if got := back.signsIn(t, "ann").log(t, room); !slices.Equal(got, []string{said(room, 1, "kept")}) {
		t.Errorf("after the restore there is %q", got)
	}
	before := filepath.Join(home, "before")
	if err := os.Mkdir(before, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(data, names[2]), filepath.Join(before, "parley.db")); err != nil {
		t.Fatal(err)
	}
	old := harness.StartIn(t, before)
	want := []string{said(room, 2, "said later"), said(room, 1, "kept")}
	if got := ann.On(old.program).log(t, room); !slices.Equal(got, want) {
		t.Errorf("what was set aside has %q, want %q", got, want)
	}
}

// A log that belongs to what was there must not be played into what comes.
func TestALogThatWasLeftBehindIsSetAside(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(database string) error{
		"moved away": os.Remove,
		"broken": func(database string) error {
			return os.WriteFile(database, bytes.Repeat([]byte("broken "), 1000), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			data, file := filepath.Join(home, "data"), filepath.Join(home, "kept")
			p := harness.StartIn(t, data)
			ann := p.SetUp(t)
			room := ann.Room(t, "general").ID
			harness.Run(t, "backup", "--data", data, file)
			database := filepath.Join(data, "parley.db")
			execute(t, database, `PRAGMA wal_checkpoint(TRUNCATE)`) // so that the log has no page of before
			ann.Says(t, room, "only in the log")
			p.cmd.Process.Kill()
			<-p.ended
			if err := spoil(database); err != nil {
				t.Fatal(err)
			}
			harness.Run(t, "restore", "--data", data, file)
			names := namesIn(t, data)
			aside := names[min(2, len(names)):] // the database, the log, or both
			if len(aside) == 0 || slices.ContainsFunc(aside, func(name string) bool { return !strings.Contains(name, ".before-restore-") }) {
				t.Errorf("in the folder are %v", names)
			}
			if got := harness.StartIn(t, data).signsIn(t, "ann").log(t, room); len(got) != 0 {
				t.Errorf("after the restore there is %q", got)
			}
		})
	}
}

func TestABackupCanBeReplaced(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	p := harness.StartIn(t, filepath.Join(home, "data"))
	ann := p.SetUp(t)
	room := ann.Room(t, "general").ID
	file := filepath.Join(home, "kept")
	for _, name := range []string{file, file + ".partial", file + ".partial-journal", file + ".partial-wal"} {
		if err := os.WriteFile(name, []byte("what an interrupted backup left"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ann.Says(t, room, "kept")
	harness.Run(t, "backup", "--data", p.Data, "--overwrite", file)
	if names := namesIn(t, home); !slices.Equal(names, []string{"data", "kept"}) {
		t.Errorf("beside the backup are %v", names)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup is %v, others can read it (%v)", info.Mode(), err)
	}
	harness.Run(t, "restore", "--data", filepath.Join(home, "other"), file)
}

func TestABackupIsReadWhereNothingCanBeWritten(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	p := harness.StartIn(t, filepath.Join(home, "data"))
	p.SetUp(t)
	shelf := filepath.Join(home, "shelf")
	if err := os.Mkdir(shelf, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(shelf, "kept")
	harness.Run(t, "backup", "--data", p.Data, file)
	for _, path := range []string{file, shelf} {
		if err := os.Chmod(path, 0o500); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(shelf, 0o700) })
	harness.Run(t, "restore", "--data", filepath.Join(home, "other"), file)
	if names := namesIn(t, shelf); !slices.Equal(names, []string{"kept"}) {
		t.Errorf("beside the backup are %v", names)
	}
}

func TestProgressIsShownWhenItTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		progress := showProgress(&out, time.Now)
		for done := range 4 {
			progress(1000*done, 4000)
			time.Sleep(600 * time.Millisecond)
		}
		if want := "copied 2000 of 4000 pages, 50 %\n"; out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	})
}

// A process that has the database open would later put its own log beside the new one.
func TestARestoreWaitsForNobodyElse(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data, file := filepath.Join(home, "data"), filepath.Join(home, "kept")
	p := harness.StartIn(t, data)
	p.SetUp(t)
	harness.Run(t, "backup", "--data", data, file)
	p.stop()
	db, err := sql.Open("sqlite", readDSN(filepath.Join(data, "parley.db")))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var users int
	if err := db.QueryRow(`SELECT count(*) FROM users`).Scan(&users); err != nil {
		t.Fatal(err)
	}
	refused := harness.Launch(t, nil, "restore", "--data", data, file)
	status, text := refused.wait(t), refused.Stderr.String()
	if status != 1 || !strings.Contains(text, "another process is using the database") {
		t.Errorf("status %d: %s", status, text)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if names := namesIn(t, data); !slices.Equal(names, []string{"lock", "parley.db"}) {
		t.Errorf("in the folder are %v", names)
	}
	harness.Run(t, "restore", "--data", data, file)
}
