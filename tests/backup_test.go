// The commands backup and restore as people use them: the real program, beside a server that is at work.

package tests

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/chat"
	"parley/client"
	"parley/internal/wait"
	"parley/store/sqlite"
	"parley/tests/harness"
)

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
				sent, err := who.Sends(send)
				mu.Lock()
				if err == nil {
					acked = append(acked, harness.Said(sent.RoomID, sent.Seq, body))
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

func TestABackupTakenUnderLoadIsWhole(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	live := harness.StartIn(t, filepath.Join(home, "live"), harness.Unlimited...)
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
	if names := harness.NamesIn(t, home); !slices.Equal(names, []string{"kept", "live"}) {
		t.Errorf("beside the backup are %v", names)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup is %v, others can read it (%v)", info.Mode(), err)
	}

	other := filepath.Join(home, "other")
	restored := harness.Run(t, "restore", "--data", other, file)
	p := harness.StartIn(t, other)
	kept := p.SignsIn(t, "ann").Log(t, rooms...)
	want := fmt.Sprintf("%d messages in 3 rooms", len(kept))
	if !strings.Contains(text, want) || !strings.Contains(restored, want) {
		t.Errorf("got %q and %q, want %q", text, restored, want)
	}
	whole := ann.Log(t, rooms...)
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

func TestARestoredServerIsKnownToBeAnother(t *testing.T) {
	t.Parallel()
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
	if names := harness.NamesIn(t, home); !slices.Equal(names, []string{"data", "kept"}) {
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
	if names := harness.NamesIn(t, shelf); !slices.Equal(names, []string{"kept"}) {
		t.Errorf("beside the backup are %v", names)
	}
}

// A process that has the database open would later put its own log beside the new one.
func TestARestoreWaitsForNobodyElse(t *testing.T) {
	t.Parallel()
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

// Anybody may have written into a file. The HTML in it, which clients show as it is, is never shown: it is rendered
// anew from the texts, whether the file was restored or put in place by hand.
func TestHTMLOfAFileFromOutsideIsRenderedAnew(t *testing.T) {
	t.Parallel()
	const forged = `<img src=x onerror=alert(1)>`
	home := t.TempDir()
	data, file := filepath.Join(home, "data"), filepath.Join(home, "kept")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	room := ann.Room(t, "general").ID
	ann.Says(t, room, "**bold**")
	ann.Says(t, room, "plain")
	gone := ann.Says(t, room, "deleted")
	ann.Call(t, http.MethodDelete, fmt.Sprintf("/api/rooms/%d/messages/%d", room, gone.Seq), nil, http.StatusOK, nil)
	harness.Run(t, "backup", "--data", data, file)
	p.Stop()
	harness.Execute(t, file, `UPDATE messages SET html = '`+forged+`', html_version = 99`)

	check := func(t *testing.T, data string) {
		t.Helper()
		p := harness.StartIn(t, data)
		defer p.Stop()
		back := p.SignsIn(t, "ann")
		page := back.History(t, room, "")
		var changes chat.Changes
		back.Post(t, "/api/changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: room}}}, http.StatusOK, &changes)
		for _, messages := range [][]chat.Message{page.Messages, changes.Rooms[0].Messages} {
			var shown []string
			for _, m := range messages {
				shown = append(shown, m.HTML)
			}
			if len(shown) != 3 || !slices.Contains(shown, "<p><strong>bold</strong></p>\n") ||
				strings.Contains(strings.Join(shown, ""), forged) {
				t.Errorf("got %q", shown)
			}
		}
	}
	restored := filepath.Join(home, "restored")
	harness.Run(t, "restore", "--data", restored, file)
	check(t, restored)

	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "parley.db"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	check(t, data)
}

// Somebody copies the database while the server runs, and later puts the copy back. The server had gone on, so
// clients hold numbers that it will give to other messages. They get another epoch, and drop their copies.
func TestASnapshotOfTheLastRunPutBackIsNoticed(t *testing.T) {
	t.Parallel()
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

// What people delete, and what an edited message said before, is in no file of the server's, and not in a backup.
func TestADeletedTextIsInNoFile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data, file := filepath.Join(home, "data"), filepath.Join(home, "kept")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	room := ann.Room(t, "general").ID
	const canary = "canary-in-the-mine"
	said := 0
	in := func(file []byte) int { return bytes.Count(file, []byte(canary)) }
	all := func() (n int) {
		for _, content := range contents(t, data) {
			n += in(content)
		}
		return n
	}
	for i := range 20 {
		sent := ann.Says(t, room, strings.Repeat("*"+canary+"* ", 1+i%4*100))
		if said += all(); said == 0 {
			t.Fatal("the text is not even in the log")
		}
		path := fmt.Sprintf("/api/rooms/%d/messages/%d", room, sent.Seq)
		if i%2 == 0 {
			ann.Call(t, http.MethodDelete, path, nil, http.StatusOK, nil)
		} else {
			ann.Call(t, http.MethodPatch, path, chat.NewText{Body: "edited"}, http.StatusOK, nil)
		}
	}
	harness.Run(t, "backup", "--data", data, file)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := in(content); n > 0 {
		t.Errorf("the backup has it %d times", n)
	}
	p.Kill() // so that the log stays as it is
	if all() == 0 {
		t.Error("there is nothing left to free")
	}
	harness.StartIn(t, data)
	wait.Until(t, "no file has it", func() bool { return all() == 0 })
}
