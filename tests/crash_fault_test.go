//go:build unported && crash

package tests

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"parley/chat"
)

// suffers makes calls of a running server fail, those to its database alone, until the disk is mended.
func (p *harness.Program) suffers(t *testing.T, calls, fault string) (mended func()) {
	t.Helper()
	database := filepath.Join(p.Data, "parley.db")
	cmd := exec.Command("strace", "-f", "-p", strconv.Itoa(p.cmd.Process.Pid), "-o", os.DevNull,
		"-P", database, "-P", database+"-wal", "-e", "trace="+calls, "-e", "inject="+calls+":"+fault)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	mended = sync.OnceFunc(func() {
		cmd.Process.Signal(syscall.SIGTERM) // it lets go of the server
		io.Copy(io.Discard, stderr)
		cmd.Wait()
	})
	t.Cleanup(mended)
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "attached") {
			return mended
		}
	}
	t.Fatalf("strace does not follow the server: %v", lines.Err())
	return nil
}

// faults are what a disk may do to the calls of a server, as strace injects it.
var faults = []struct {
	name, calls, fault string
	code               chat.Code // what people are told of what they try to say
}{
	{"a sync that fails", "fsync,fdatasync", "error=EIO", chat.Unknown},
	{"a write that fails", "pwrite64", "error=EIO", chat.Unknown},
	{"a full disk", "pwrite64", "error=ENOSPC", chat.Unavailable},
	{"a disk that became read-only", "pwrite64,fsync,fdatasync,ftruncate", "error=EROFS", chat.Unknown},
}

// While the disk fails nothing is acknowledged, and what was before is read; once it is mended the server
// goes on by itself, and what was tried meanwhile can be sent again, once.
func TestADiskThatFailsForAWhile(t *testing.T) {
	for _, c := range faults {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := harness.StartIn(t, filepath.Join(t.TempDir(), "data"), unlimited...)
			ann := p.SetUp(t)
			room := ann.Room(t, "general").ID
			ann.Says(t, room, "before")
			witness := ann.Dial(t)
			mended := p.suffers(t, c.calls, c.fault)

			var tried []chat.Draft
			for range 3 {
				tried = append(tried, ann.triesInVain(t, room, c.code)...)
			}
			if c.code == chat.Unavailable {
				witness.Settle(t) // nothing may have happened unseen
			} else {
				witness.ExpectClosed(t, chat.CloseSlow)
			}
			listener := ann.Dial(t)
			if seq := listener.StateOf(t, room).Seq; seq != 1 {
				t.Errorf("a new socket is told of %d messages", seq)
			}
			if status := p.readiness(t); status != http.StatusServiceUnavailable {
				t.Errorf("readyz answers %d", status)
			}
			listener.Settle(t) // asking whether the server is ready cuts nobody off
			if got := ann.log(t, room); !slices.Equal(got, []string{said(room, 1, "before")}) {
				t.Errorf("while the disk fails there is %q", got)
			}

			mended()
			wait.Until(t, "the server is ready", func() bool { return p.readiness(t) == http.StatusOK })
			want := []string{said(room, 1, "before")}
			for _, draft := range tried {
				for range 2 {
					var sent chat.MessageSent
					ann.Post(t, harness.MessagesPath(room), draft, http.StatusCreated, &sent)
					want = append(want, said(room, sent.Seq, draft.Body))
				}
			}
			slices.Sort(want)
			want = slices.Compact(want)
			p.cmd.Process.Kill()
			<-p.ended
			again := ann.On(harness.StartIn(t, p.Data))
			got := again.log(t, room)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("in the end there is %q, want %q", got, want)
			}
		})
	}
}

// triesInVain has a person say several things at once, and checks that all are refused with the code.
func (who *harness.Person) triesInVain(t *testing.T, room chat.RoomID, code chat.Code) []chat.Draft {
	t.Helper()
	drafts := make([]chat.Draft, 8)
	inParallel(len(drafts), func(i int) {
		drafts[i] = chat.Draft{ClientID: chat.NewClientID(), Body: "said " + rand.Text()}
		status, body := who.Try(t, http.MethodPost, harness.MessagesPath(room), drafts[i])
		var refusal chat.Error
		if err := json.Unmarshal(body, &refusal); err != nil || refusal.Code != code {
			t.Errorf("got %d %s, want %s", status, body, code)
		}
	})
	return drafts
}

func (p *harness.Program) readiness(t *testing.T) int {
	t.Helper()
	resp, err := http.Get(p.URL + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

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
	p := harness.StartIn(t, filepath.Join(disk, "data"), unlimited...)
	t.Cleanup(func() { // before the disk goes
		p.cmd.Process.Kill()
		<-p.ended
	})
	ann := p.SetUp(t)
	room := ann.Room(t, "general").ID
	witness := ann.Dial(t)
	giveBack := fill(t, disk)

	var want []string
	for full := false; !full; { // what the files of the database have already can still be written
		send := chat.MessageSend{RoomID: room, Draft: chat.Draft{
			ClientID: chat.NewClientID(), Body: strings.Repeat("there is room for this. ", 100),
		}}
		sent, err := postOnce(ann, send)
		if full = err != nil; !full {
			want = append([]string{said(room, sent.Seq, send.Body)}, want...)
		}
	}
	drafts := ann.triesInVain(t, room, chat.Unavailable)
	if status := p.readiness(t); status != http.StatusServiceUnavailable {
		t.Errorf("readyz answers %d", status)
	}
	if got := ann.log(t, room); !slices.Equal(got, want) {
		t.Errorf("while the disk is full there are %d messages, want %d", len(got), len(want))
	}
	ann.Dial(t).Settle(t)
	witness.Settle(t)

	giveBack()
	wait.Until(t, "the server is ready", func() bool { return p.readiness(t) == http.StatusOK })
	for _, draft := range drafts {
		var sent chat.MessageSent
		ann.Post(t, harness.MessagesPath(room), draft, http.StatusCreated, &sent)
		want = append([]string{said(room, sent.Seq, draft.Body)}, want...)
	}
	witness.Settle(t)
	if got := len(witness.Got("message.added")); got != len(want) {
		t.Errorf("the witness was told of %d messages, want %d", got, len(want))
	}
	if got := ann.log(t, room); !slices.Equal(got, want) {
		t.Errorf("in the end there are %d messages, want %d", len(got), len(want))
	}
}

// refusedForLackOfSpace waits for a command to say so.
func (p *harness.Program) refusedForLackOfSpace(t *testing.T) {
	t.Helper()
	status, text := p.wait(t), p.Stderr.String()
	if status != 1 || !strings.HasSuffix(text, ": there is not enough space left\n") {
		t.Errorf("status %d: %s", status, text)
	}
}

func TestABackupOntoAFullDisk(t *testing.T) {
	t.Parallel()
	_, path := seeded(t)
	disk := smallDisk(t, 4)
	p := harness.Launch(t, nil, "backup", "--data", filepath.Dir(path), filepath.Join(disk, "kept"))
	p.refusedForLackOfSpace(t)
	if names := namesIn(t, disk); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

func TestARestoreOntoAFullDisk(t *testing.T) {
	t.Parallel()
	_, path := seeded(t)
	disk := smallDisk(t, 4)
	data := filepath.Join(disk, "data")
	live := harness.StartIn(t, data)
	ann := live.SetUp(t)
	ann.Says(t, ann.Room(t, "general").ID, "still there")
	live.stop()
	p := harness.Launch(t, nil, "restore", "--data", data, path)
	p.refusedForLackOfSpace(t)
	again := harness.StartIn(t, data)
	if got := len(ann.On(again).log(t, 1)); got != 1 {
		t.Errorf("there are %d messages, want 1", got)
	}
	again.stop()
}

func TestAServerDoesNotStartWhereItCannotWrite(t *testing.T) {
	t.Parallel()
	disk := smallDisk(t, 4)
	data := filepath.Join(disk, "data")
	harness.StartIn(t, data).stop()
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal("mount again: ", err)
	}
	p := harness.Launch(t, nil, "--listen=127.0.0.1:0", "--data="+data)
	status, text := p.wait(t), p.Stderr.String()
	if status != 1 || strings.Count(text, "\n") != 1 || !strings.Contains(text, data) {
		t.Errorf("status %d: %s", status, text)
	}
}
