// The command backup as people use it: the real program, beside a server that is at work.

package tests

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
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
	engines.OnlySQLite(t)
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

func TestABackupCanBeReplaced(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
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
	engines.OnlySQLite(t)
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

// Anybody may have written into a file. The HTML in it, which clients show as it is, is never shown: it is rendered
// anew from the texts, whether the file was restored or put in place by hand.
func TestHTMLOfAFileFromOutsideIsRenderedAnew(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
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

// What people delete, and what an edited message said before, is in no file of the server's, and not in a backup.
func TestADeletedTextIsInNoFile(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
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
