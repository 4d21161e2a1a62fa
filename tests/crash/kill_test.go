//go:build crash

package crash

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

var syncs = flag.Int("syncs", 40, "at how many syncs, one after the other, a server is killed")

// killedAt are the flags of strace that kill a program as a thread of it syncs something for the nth time.
func killedAt(n int) []string {
	const calls = "fsync,fdatasync"
	return []string{
		"-f", "-qq", "-o", os.DevNull, "-e", "trace=" + calls, "-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", calls, n),
	}
}

// served is a data folder that a server has left in good order, and its owner.
func served(t *testing.T) (data string, ann *harness.Person) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	ann = p.SetUp(t)
	ann.Says(t, ann.Room(t, "general").ID, "before")
	p.Stop()
	return data, ann
}

// copied gives a copy of a folder.
func copied(t *testing.T, folder string) string {
	t.Helper()
	target := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(target, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return target
}

// answers waits until a server listens, and tells whether it does: it may be killed before.
func answers(t *testing.T, p *harness.Program) bool {
	t.Helper()
	if err := p.Process().Await(t.Context()); err != nil {
		<-p.Process().Ended
		return false
	}
	p.URL = p.Process().URL()
	return true
}

func TestKilledAtAnySyncWhilePeopleTalk(t *testing.T) {
	data, ann := served(t)
	room := chat.RoomID(1)
	for n := 1; n <= *syncs; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			data := copied(t, data)
			args := append([]string{"--listen=127.0.0.1:0", "--data=" + data}, harness.Unlimited...)
			p := traced(t, theProgram(t), killedAt(n), nil, args...)
			var acked []string
			var unknown []chat.MessageSend
			if answers(t, p) {
				acked, unknown = talkUntilItEnds(ann.On(p), room)
			}
			p.Wait(t)
			again := ann.On(harness.StartIn(t, data))
			want := append(acked, harness.Said(room, 1, "before"))
			for _, send := range unknown {
				sent, err := again.Sends(send)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, harness.Said(sent.RoomID, sent.Seq, send.Body))
			}
			got := again.Log(t, room)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("there is %q, want %q", got, want)
			}
		})
	}
}

// talkUntilItEnds has people post until the server does not answer any more. Each then has one message of
// which it is not known what came of it.
func talkUntilItEnds(who *harness.Person, room chat.RoomID) (acked []string, unknown []chat.MessageSend) {
	var mu sync.Mutex
	harness.Together(4, func(w int) {
		for i := 0; ; i++ {
			send := chat.MessageSend{RoomID: room, Draft: chat.Draft{
				ClientID: chat.NewClientID(), Body: fmt.Sprintf("writer %d message %d", w, i),
			}}
			sent, err := who.Sends(send)
			mu.Lock()
			if err != nil {
				unknown = append(unknown, send)
				mu.Unlock()
				return
			}
			acked = append(acked, harness.Said(room, sent.Seq, send.Body))
			mu.Unlock()
		}
	})
	return acked, unknown
}
