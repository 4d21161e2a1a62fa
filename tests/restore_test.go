// Databases of an earlier time: put back by the command restore, or by hand.

package tests

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/chat"
	"parley/client"
	"parley/internal/engines"
	"parley/internal/wait"
	"parley/store/sqlite"
	"parley/tests/harness"
)

func TestARestoredServerIsKnownToBeAnother(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	home := t.TempDir()
	live := harness.StartIn(t, filepath.Join(home, "live"))
	ann := live.SetUp(t)
	var invite chat.Invite
	ann.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	first := ann.Dial(t).Welcome
	key := live.TokenKey(t)
	file := filepath.Join(home, "kept")
	harness.Run(t, "backup", "--data", live.Data, file)
	live = live.Restart(t)
	if again := ann.On(live).Dial(t).Welcome; again.Epoch != first.Epoch {
		t.Error("the backup changed the epoch of the server")
	}
	live.Stop()

	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, key) || bytes.Contains(content, []byte(first.Epoch)) {
		t.Error("the backup holds the key or the epoch of the running server")
	}
	epochs := []string{first.Epoch}
	for range 2 { // the same file twice
		harness.Run(t, "restore", "--data", live.Data, file)
		p := harness.StartIn(t, live.Data)
		old := ann.On(p)
		old.Refused(t, chat.SignedOut, http.MethodGet, "/api/rooms", nil)
		old.Refused(t, chat.NotFound, http.MethodPost, "/api/invites/check", chat.InviteCode{Code: invite.Code})
		epoch := p.SignsIn(t, "ann").Dial(t).Welcome.Epoch
		if slices.Contains(epochs, epoch) {
			t.Errorf("the epoch %s is not a new one", epoch)
		}
		epochs = append(epochs, epoch)
		p.Stop()
	}
	if bytes.Equal(key, live.TokenKey(t)) {
		t.Error("the tokens of before are signed with the same key")
	}
}

// A program that only polls over HTTP sees no welcome: the list of its rooms says the same as one.
func TestWhoPollsNoticesThatABackupWasRestored(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	home := t.TempDir()
	p := harness.StartIn(t, filepath.Join(home, "live"))
	ann := p.SetUp(t)
	file := filepath.Join(home, "kept")
	polled := func(ann *harness.Person) (list chat.Rooms) {
		t.Helper()
		ann.Get(t, "/api/rooms", &list)
		if w := ann.Dial(t).Welcome; list.Epoch != w.Epoch || !slices.Equal(list.Runs, w.Runs) || len(list.Rooms) != len(w.Rooms) {
			t.Errorf("the list of rooms is of %+v, the welcome of %+v", list.History, w.History)
		}
		return list
	}
	first := polled(ann)
	harness.Run(t, "backup", "--data", p.Data, file)
	p = p.Restart(t)
	again := polled(ann.On(p))
	if again.Epoch != first.Epoch || !slices.Contains(again.Runs, first.Runs[0]) || again.Runs[0] == first.Runs[0] {
		t.Errorf("after a restart: %+v, before %+v", again.History, first.History)
	}
	p.Stop()
	harness.Run(t, "restore", "--data", p.Data, file)
	p = harness.StartIn(t, p.Data)
	if back := polled(p.SignsIn(t, "ann")); back.Epoch == first.Epoch {
		t.Errorf("after a restore: still %+v", back.History)
	}
}

// The server was killed, so its last messages are in the log beside the database.
func TestARestoreKeepsWhatWasThereBefore(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	home := t.TempDir()
	data, file := filepath.Join(home, "data"), filepath.Join(home, "kept")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	room := ann.Room(t, "general").ID
	ann.Says(t, room, "kept")
	harness.Run(t, "backup", "--data", data, file)
	ann.Says(t, room, "said later")
	p.Kill()
	harness.Run(t, "restore", "--data", data, file)

	names := harness.NamesIn(t, data)
	if len(names) != 3 || names[0] != "lock" || names[1] != "parley.db" ||
		!strings.HasPrefix(names[2], "parley.db"+".before-restore-2") {
		t.Fatalf("in the folder are %v", names)
	}
	back := harness.StartIn(t, data)
	if got := back.SignsIn(t, "ann").Log(t, room); !slices.Equal(got, []string{harness.Said(room, 1, "kept")}) {
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
	want := []string{harness.Said(room, 2, "said later"), harness.Said(room, 1, "kept")}
	if got := ann.On(old).Log(t, room); !slices.Equal(got, want) {
		t.Errorf("what was set aside has %q, want %q", got, want)
	}
}

// A log that belongs to what was there must not be played into what comes.
func TestALogThatWasLeftBehindIsSetAside(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
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
			harness.Execute(t, database, `PRAGMA wal_checkpoint(TRUNCATE)`) // so that the log has no page of before
			ann.Says(t, room, "only in the log")
			p.Kill()
			if err := spoil(database); err != nil {
				t.Fatal(err)
			}
			harness.Run(t, "restore", "--data", data, file)
			names := harness.NamesIn(t, data)
			aside := names[min(2, len(names)):] // the database, the log, or both
			if len(aside) == 0 || slices.ContainsFunc(aside, func(name string) bool { return !strings.Contains(name, ".before-restore-") }) {
				t.Errorf("in the folder are %v", names)
			}
			if got := harness.StartIn(t, data).SignsIn(t, "ann").Log(t, room); len(got) != 0 {
				t.Errorf("after the restore there is %q", got)
			}
		})
	}
}

// A process that has the database open would later put its own log beside the new one.
func TestARestoreWaitsForNobodyElse(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	home := t.TempDir()
	data, file := filepath.Join(home, "data"), filepath.Join(home, "kept")
	p := harness.StartIn(t, data)
	p.SetUp(t)
	harness.Run(t, "backup", "--data", data, file)
	p.Stop()
	db, err := sqlite.OpenReader(p.Database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var users int
	if err := db.QueryRow(`SELECT count(*) FROM users`).Scan(&users); err != nil {
		t.Fatal(err)
	}
	harness.Launch(t, nil, "restore", "--data", data, file).RefusesInOneLine(t, "another process is using the database")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if names := harness.NamesIn(t, data); !slices.Equal(names, []string{"lock", "parley.db", "parley.db.mark"}) {
		t.Errorf("in the folder are %v", names)
	}
	harness.Run(t, "restore", "--data", data, file)
}

// Somebody copies the database while the server runs, and later puts the copy back. The server had gone on, so
// clients hold numbers that it will give to other messages. They get another epoch, and drop their copies.
func TestASnapshotOfTheLastRunPutBackIsNoticed(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	room := ann.Room(t, "general").ID
	first := ann.Dial(t).Welcome
	ann.Says(t, room, "in the snapshot")
	snapshot := map[string][]byte{}
	for _, name := range []string{"parley.db", "parley.db-wal"} {
		content, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		snapshot[name] = content
	}
	last := ann.Says(t, room, "after the snapshot")
	p.Stop()
	for name, content := range snapshot {
		if err := os.WriteFile(filepath.Join(data, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p = harness.StartIn(t, data)
	ann.On(p).Refused(t, chat.SignedOut, http.MethodGet, "/api/rooms", nil)
	back := p.SignsIn(t, "ann")
	if again := back.Says(t, room, "another message"); again.Seq != last.Seq {
		t.Errorf("it got the place %d, and the test means %d", again.Seq, last.Seq)
	}
	if welcome := back.Dial(t).Welcome; welcome.Epoch == first.Epoch {
		t.Error("the epoch is that of before, although old numbers are given to new messages")
	}
	p.Stop()
	p = harness.StartIn(t, data) // it is noticed once
	back.On(p).Dial(t)
}

// Somebody copies the whole folder while the server is stopped, and later puts it back. Nothing in the folder tells.
// But the run in between is missing from the list in the welcome, and by that clients know that what they hold of it
// is lost: they drop it, although the epoch is the same.
func TestAWholeFolderPutBackIsNoticedByThoseWhoSawMore(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	home := t.TempDir()
	data, copied := filepath.Join(home, "data"), filepath.Join(home, "copied")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	room := ann.Room(t, "general").ID
	ann.Says(t, room, "in the copy")
	first := ann.Dial(t).Welcome
	token, err := client.SignIn(t.Context(), p.URL, "ann", harness.GoodPassword)
	if err != nil {
		t.Fatal(err)
	}
	p.Stop()
	if err := os.CopyFS(copied, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	p = harness.StartIn(t, data)
	lost := ann.On(p).Dial(t).Welcome
	var at atomic.Value // the address of the server that runs
	at.Store(strings.TrimPrefix(p.URL, "http://"))
	heard := make(chan any, 100)
	bot, err := client.Open(t.Context(), client.Options{
		URL: p.URL, Token: token, OnEvent: func(_ *client.Client, event any) { heard <- event },
		Wait: func(client.Comeback, int) time.Duration { return 10 * time.Millisecond },
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, at.Load().(string))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer bot.Close()
	for welcomed := false; !welcomed; {
		_, welcomed = (<-heard).(chat.Welcome)
	}
	last := ann.On(p).Says(t, room, "lost")
	for known := false; !known; {
		e, added := (<-heard).(chat.MessageAdded)
		known = added && e.Message.Seq == last.Seq
	}
	p.Stop()
	if err := errors.Join(os.RemoveAll(data), os.Rename(copied, data)); err != nil {
		t.Fatal(err)
	}
	p = harness.StartIn(t, data)
	again := ann.On(p).Says(t, room, "another message")
	at.Store(strings.TrimPrefix(p.URL, "http://"))
	wait.Until(t, "the client drops what it held", func() bool {
		select {
		case event := <-heard:
			if e, added := event.(chat.MessageAdded); added {
				t.Fatalf("the client took %q before it dropped what it held", e.Message.Body)
			}
			_, reset := event.(client.Reset)
			return reset
		default:
			return false
		}
	})
	now := ann.On(p).Dial(t).Welcome
	if again.Rev != last.Rev || now.Epoch != first.Epoch {
		t.Errorf("the test means the same number %d and epoch, got %d", last.Rev, again.Rev)
	}
	if !slices.Contains(lost.Runs, first.Runs[0]) || !slices.Contains(now.Runs, first.Runs[0]) {
		t.Errorf("who saw the first run alone would drop copies: %q, %q, %q", first.Runs, lost.Runs, now.Runs)
	}
	if slices.Contains(now.Runs, lost.Runs[0]) {
		t.Errorf("who saw the lost run would keep copies: %q, %q", lost.Runs, now.Runs)
	}
}
