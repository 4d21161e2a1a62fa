//go:build crash

package crash

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"parley/chat"
	"parley/tests/harness"
	"parley/tools/crashdisk"
)

// saidAt is where a message is.
type saidAt struct{ room, seq int64 }

// recording is what a server wrote, and what it promised.
type recording struct {
	trace    *crashdisk.Trace
	said     map[saidAt]string // what was acknowledged, as its author knows it
	again    int               // how often something was said again
	epoch    string
	promises []promise // in order
}

// promise is a moment from which someone may have been told of a message.
type promise struct {
	moment int
	place  saidAt
}

// watch runs a program under strace and gives what it did to a folder, which had these files in it before.
// while is called as it runs.
func watch(
	t *testing.T, program, folder string, before map[string][]byte, flags []string, while func(*harness.Program), args ...string,
) *crashdisk.Trace {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	flags = slices.Concat(crashdisk.Flags(), flags, []string{"-o", "/dev/fd/3"})
	p := traced(t, program, flags, []*os.File{write}, args...)
	write.Close() // strace has its own
	var trace *crashdisk.Trace
	parsed := make(chan error, 1)
	go func() {
		var err error
		trace, err = crashdisk.Read(read, folder, slices.Collect(maps.Keys(before)))
		parsed <- err
	}()
	while(p)
	if status := p.Wait(t); status != 0 {
		t.Fatalf("status %d: %s", status, p.Stderr.String())
	}
	if err := <-parsed; err != nil {
		t.Fatal(err)
	}
	return trace
}

// record runs a server that is new, has people talk, and stops it.
func record(t *testing.T, program string, messages int, flags ...string) recording {
	t.Helper()
	var r recording
	data := emptyFolder(t)
	args := append([]string{"--listen=127.0.0.1:0", "--data=" + data}, harness.Unlimited...)
	r.trace = watch(t, program, data, nil, flags, func(p *harness.Program) {
		p.WaitUntilRunning(t)
		r.converse(t, p, messages)
		signal(t, p, syscall.SIGTERM)
	}, args...)
	r.findPromises(t)
	return r
}

// converse has eight writers say things of all lengths to someone who listens, each again until it is known
// to be stored.
func (r *recording) converse(t *testing.T, p *harness.Program, messages int) {
	t.Helper()
	ann := p.SetUp(t)
	rooms := []chat.RoomID{ann.Room(t, "general").ID, ann.Creates(t, chat.Private, "plans").ID}
	listener := ann.Dial(t)
	r.epoch = listener.Welcome.Epoch
	go func() {
		for _, ok := listener.Next(); ok; _, ok = listener.Next() { // so that the queue of the harness does not fill
		}
	}()
	var mu sync.Mutex
	r.said = map[saidAt]string{}
	harness.Together(8, func(w int) {
		random := rand.New(rand.NewPCG(uint64(w), 0))
		for i := range messages / 8 {
			body := fmt.Sprintf("%d/%d%s", w, i, strings.Repeat(" and so on", random.IntN(500)))
			send := chat.MessageSend{RoomID: rooms[i%2], Draft: chat.Draft{ClientID: chat.NewClientID(), Body: body}}
			sent, err := ann.Sends(send)
			again := 0
			for ; err != nil && again < 100; again++ {
				sent, err = ann.Sends(send)
			}
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			r.said[saidAt{int64(sent.RoomID), sent.Seq}] = body
			r.again += again
			mu.Unlock()
		}
	})
}

var named = regexp.MustCompile(`"room_id":(\d+),"seq":(\d+),"rev"`)

// findPromises looks for messages in all that left the process: replies and events.
func (r *recording) findPromises(t *testing.T) {
	t.Helper()
	told := map[saidAt]bool{}
	for _, sent := range r.trace.Sent() {
		for _, found := range named.FindAllSubmatch(sent.Data, -1) {
			room, _ := strconv.ParseInt(string(found[1]), 10, 64)
			seq, _ := strconv.ParseInt(string(found[2]), 10, 64)
			r.promises = append(r.promises, promise{sent.Moment, saidAt{room, seq}})
			told[saidAt{room, seq}] = true
		}
	}
	for place := range r.said {
		if !told[place] {
			t.Fatalf("the trace does not show that %v was acknowledged", place)
		}
	}
	if len(told) != len(r.said) {
		t.Fatalf("the trace shows that %d messages were told of; %d were acknowledged", len(told), len(r.said))
	}
}

// verdict is how many images held what they must.
type verdict struct {
	images, broken, lossy int
	lost                  int    // most that an image lacked
	example               string // of what is wrong
}

// cutPower looks at images of moments by chance: most of them of when people talked.
func (r *recording) cutPower(t *testing.T, seed uint64, images int) verdict {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	var moments []int
	for i := range images {
		from := r.promises[0].moment
		if i%10 == 0 {
			from = 1
		}
		moments = append(moments, from+random.IntN(r.trace.Moments()-from+1))
	}
	slices.Sort(moments)
	type found struct {
		moment int
		image  map[string][]byte
	}
	made := make(chan found)
	go func() {
		defer close(made)
		disk := r.trace.Disk(nil)
		for _, moment := range moments {
			disk.Advance(moment)
			made <- found{moment, disk.Image(random)}
		}
	}()
	var mu sync.Mutex
	v := verdict{images: images}
	var under sync.WaitGroup
	for range 2 {
		under.Go(func() {
			for f := range made {
				stored, epoch, err := lookInto(t, f.image)
				if err == nil && epoch != r.epoch && r.promises[0].moment <= f.moment {
					err = fmt.Errorf("the epoch is %q instead of %q", epoch, r.epoch)
				}
				lost := 0
				for _, p := range r.promises {
					if p.moment <= f.moment && stored[p.place] != r.said[p.place] {
						lost++
					}
				}
				mu.Lock()
				switch {
				case err != nil:
					v.broken++
					v.example = fmt.Sprintf("seed %d, moment %d: %v", seed, f.moment, err)
				case lost > 0:
					v.lossy++
					v.lost = max(v.lost, lost)
					v.example = fmt.Sprintf("seed %d, moment %d: %d promises broken", seed, f.moment, lost)
				}
				mu.Unlock()
			}
		})
	}
	under.Wait()
	return v
}

// expectWhole cuts the power and checks that nothing is missing.
func (r *recording) expectWhole(t *testing.T, images int) {
	t.Helper()
	v := r.cutPower(t, rand.Uint64(), images)
	if v.broken > 0 || v.lossy > 0 {
		t.Errorf("of %d images %d are broken and %d lack messages (%d at most): %s",
			v.images, v.broken, v.lossy, v.lost, v.example)
	}
	t.Logf("%d moments, %d promises, %d said again, %d images", r.trace.Moments(), len(r.promises), r.again, v.images)
}

func TestNothingThatWasAcknowledgedGoesWithThePower(t *testing.T) {
	messages, images := 2400, 500
	if testing.Short() {
		messages, images = 1200, 50
	}
	r := record(t, theProgram(t), messages)
	if r.again > 0 || len(r.promises) < 2*len(r.said) {
		t.Errorf("%d were said again; replies and events tell %d times of %d messages", r.again, len(r.promises), len(r.said))
	}
	disk := r.trace.Disk(nil)
	disk.Advance(r.promises[0].moment)
	atFirst := len(disk.Now()["parley.db"])
	disk.Advance(r.promises[len(r.promises)-1].moment)
	if inTheEnd := len(disk.Now()["parley.db"]); inTheEnd <= atFirst {
		t.Errorf("the log was not written into the database while people talked: %d bytes, then %d", atFirst, inTheEnd)
	}
	r.expectWhole(t, images)
}

// What was written before a sync that failed is not on disk because a later one succeeded.
func TestNothingThatWasAcknowledgedGoesAfterSyncsThatFailed(t *testing.T) {
	r := record(t, theProgram(t), 1600, "-e", "inject=fsync,fdatasync:error=EIO:when=40+9")
	if r.again == 0 {
		t.Error("no sync failed while people talked")
	}
	r.expectWhole(t, 100)
}

// Without syncing at each commit the same test has to fail, else it proves nothing.
func TestWithoutFullSyncMessagesGoWithThePower(t *testing.T) {
	for _, synchronous := range []string{"NORMAL", "OFF"} {
		t.Run(synchronous, func(t *testing.T) {
			r := record(t, lessSynchronous(t, synchronous), 800)
			v := r.cutPower(t, rand.Uint64(), 60)
			if v.lossy == 0 {
				t.Errorf("of %d images none lacks a message", v.images)
			}
			t.Logf("of %d images %d are broken and %d lack messages: %s", v.images, v.broken, v.lossy, v.example)
		})
	}
}
