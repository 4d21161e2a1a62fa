//go:build crash

package crash

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/chat"
	"parley/internal/wait"
	"parley/store"
	"parley/tests/harness"
)

// smallDisk is a file system of its own.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		t.Fatal("mount: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error("unmount: ", err)
		}
	})
	return folder
}

// fill takes all the space that is left on a disk, until it is given back.
func fill(t *testing.T, disk string) (giveBack func()) {
	t.Helper()
	name := filepath.Join(disk, "in the way")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0; {
		if _, err := file.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		if err := errors.Join(file.Close(), os.Remove(name)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADiskThatIsFullForAWhile(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, 16)
	p := harness.StartIn(t, filepath.Join(disk, "data"), harness.Unlimited...)
	t.Cleanup(p.Kill) // before the disk goes
	ann := p.SetUp(t)
	room := ann.Room(t, "general").ID
	witness := ann.Dial(t)
	giveBack := fill(t, disk)

	var want []string
	for full := false; !full; { // what the files of the database have already can still be written
		send := chat.MessageSend{RoomID: room, Draft: chat.Draft{
			ClientID: chat.NewClientID(), Body: strings.Repeat("there is room for this. ", 100),
		}}
		sent, err := ann.Sends(send)
		if full = err != nil; !full {
			want = append([]string{harness.Said(room, sent.Seq, send.Body)}, want...)
		}
	}
	drafts := triesInVain(t, ann, room, chat.Unavailable)
	wait.Until(t, "the server says that it cannot store", func() bool {
		return readiness(t, p) == http.StatusServiceUnavailable
	})
	if got := ann.Log(t, room); !slices.Equal(got, want) {
		t.Errorf("while the disk is full there are %d messages, want %d", len(got), len(want))
	}
	ann.Dial(t).Settle(t)
	witness.Settle(t)

	giveBack()
	wait.Until(t, "the server is ready", func() bool { return readiness(t, p) == http.StatusOK })
	for _, draft := range drafts {
		var sent chat.MessageSent
		ann.Post(t, harness.MessagesPath(room), draft, http.StatusCreated, &sent)
		want = append([]string{harness.Said(room, sent.Seq, draft.Body)}, want...)
	}
	witness.Settle(t)
	if got := len(witness.Got("message.added")); got != len(want) {
		t.Errorf("the witness was told of %d messages, want %d", got, len(want))
	}
	if got := ann.Log(t, room); !slices.Equal(got, want) {
		t.Errorf("in the end there are %d messages, want %d", len(got), len(want))
	}
}

// refusedForLackOfSpace waits for a command to say so.
func refusedForLackOfSpace(t *testing.T, p *harness.Program) {
	t.Helper()
	status, text := p.Wait(t), p.Stderr.String()
	if status != 1 || !strings.HasSuffix(text, ": there is not enough space left\n") {
		t.Errorf("status %d: %s", status, text)
	}
}

// seeded is the file of a database with many messages.
func seeded(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "parley.db")
	st, err := store.Open(path, store.TellNobody)
	if err != nil {
		t.Fatal(err)
	}
	seed := store.Seed{Teams: 1, People: 2, Rooms: 3, Messages: 20_000, Until: time.Now().Add(time.Hour)}
	if _, err := st.SeedNew(t.Context(), seed, func(int) {}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return path
}

func TestABackupOntoAFullDisk(t *testing.T) {
	t.Parallel()
	path := seeded(t)
	disk := smallDisk(t, 4)
	p := harness.Launch(t, nil, "backup", "--data", filepath.Dir(path), filepath.Join(disk, "kept"))
	refusedForLackOfSpace(t, p)
	if names := harness.NamesIn(t, disk); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestARestoreOntoAFullDisk(t *testing.T) {
	t.Parallel()
	path := seeded(t)
	disk := smallDisk(t, 4)
	data := filepath.Join(disk, "data")
	live := harness.StartIn(t, data)
	ann := live.SetUp(t)
	ann.Says(t, ann.Room(t, "general").ID, "still there")
	live.Stop()
	p := harness.Launch(t, nil, "restore", "--data", data, path)
	refusedForLackOfSpace(t, p)
	again := harness.StartIn(t, data)
	if got := len(ann.On(again).Log(t, 1)); got != 1 {
		t.Errorf("there are %d messages, want 1", got)
	}
	again.Stop()
}

func TestAServerDoesNotStartWhereItCannotWrite(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, 4)
	data := filepath.Join(disk, "data")
	harness.StartIn(t, data).Stop()
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal("mount again: ", err)
	}
	p := harness.Launch(t, nil, "--listen=127.0.0.1:0", "--data="+data)
	status, text := p.Wait(t), p.Stderr.String()
	if status != 1 || strings.Count(text, "\n") != 1 || !strings.Contains(text, data) {
		t.Errorf("status %d: %s", status, text)
	}
}
