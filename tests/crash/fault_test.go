//go:build crash

package crash

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
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
	"parley/internal/wait"
	"parley/tests/harness"
)

// suffers makes calls of a running server fail, those to its database alone, until the disk is mended.
func suffers(t *testing.T, p *harness.Program, calls, fault string) (mended func()) {
	t.Helper()
	database := p.Database()
	cmd := exec.Command("strace", "-f", "-p", strconv.Itoa(p.Pid()), "-o", os.DevNull,
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
			p := harness.StartIn(t, filepath.Join(t.TempDir(), "data"), harness.Unlimited...)
			ann := p.SetUp(t)
			room := ann.Room(t, "general").ID
			ann.Says(t, room, "before")
			witness := ann.Dial(t)
			mended := suffers(t, p, c.calls, c.fault)

			var tried []chat.Draft
			for range 3 {
				tried = append(tried, triesInVain(t, ann, room, c.code)...)
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
			wait.Until(t, "the server says that it cannot store", func() bool {
				return readiness(t, p) == http.StatusServiceUnavailable
			})
			listener.Settle(t) // asking whether the server is ready cuts nobody off
			if got := ann.Log(t, room); !slices.Equal(got, []string{harness.Said(room, 1, "before")}) {
				t.Errorf("while the disk fails there is %q", got)
			}

			mended()
			wait.Until(t, "the server is ready", func() bool { return readiness(t, p) == http.StatusOK })
			want := []string{harness.Said(room, 1, "before")}
			for _, draft := range tried {
				for range 2 {
					var sent chat.MessageSent
					ann.Post(t, harness.MessagesPath(room), draft, http.StatusCreated, &sent)
					want = append(want, harness.Said(room, sent.Seq, draft.Body))
				}
			}
			slices.Sort(want)
			want = slices.Compact(want)
			p.Kill()
			again := ann.On(harness.StartIn(t, p.Data))
			got := again.Log(t, room)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("in the end there is %q, want %q", got, want)
			}
		})
	}
}

// triesInVain has a person say several things at once, and checks that all are refused with the code.
func triesInVain(t *testing.T, who *harness.Person, room chat.RoomID, code chat.Code) []chat.Draft {
	t.Helper()
	drafts := make([]chat.Draft, 8)
	harness.Together(len(drafts), func(i int) {
		drafts[i] = chat.Draft{ClientID: chat.NewClientID(), Body: "said " + rand.Text()}
		status, body := who.Try(t, http.MethodPost, harness.MessagesPath(room), drafts[i])
		var refusal chat.Error
		if err := json.Unmarshal(body, &refusal); err != nil || refusal.Code != code {
			t.Errorf("got %d %s, want %s", status, body, code)
		}
	})
	return drafts
}

func readiness(t *testing.T, p *harness.Program) int {
	t.Helper()
	resp, err := http.Get(p.URL + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}
