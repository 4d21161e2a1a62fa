// Outboxes: what waits leaves as one frame, in order, bounded in bytes, and nobody waits for a slow
// connection.

package rooms

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// testWire is a connection that takes everything at once, or, when stalled, only what the test lets through.
type testWire struct {
	stalled bool
	takes   int           // bytes that a stalled one takes at once
	let     chan struct{} // lets one waiting write through
	fail    error
	during  func() // what others do while it is written to without waiting

	mu     sync.Mutex
	bytes  []byte
	writes int
	closed bool
}

func (w *testWire) took(p []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes = append(w.bytes, p...)
	w.writes++
}

func (w *testWire) try(p []byte) (int, error) {
	if w.stalled {
		p = p[:min(w.takes, len(p))]
	}
	w.took(p)
	if w.during != nil {
		w.during()
	}
	return len(p), w.fail
}

func (w *testWire) write(p []byte) error {
	<-w.let
	w.took(p)
	return w.fail
}

func (w *testWire) close() { w.closed = true }

func newOutbox(limit int) (*outbox, *testWire) {
	w := &testWire{let: make(chan struct{})}
	return &outbox{limit: limit, wire: w}, w
}

// stall makes the wire take nothing but the first bytes of each write from now on.
func (w *testWire) stall(takes int) { w.stalled, w.takes = true, takes }

// pass lets one waiting write through.
func (w *testWire) pass() {
	w.let <- struct{}{}
	synctest.Wait()
}

// frames cuts what was written into the texts of its frames; pings are "ping".
func (w *testWire) frames(t *testing.T) []string {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var texts []string
	for rest := w.bytes; len(rest) > 0; {
		size, header := int(rest[1]), 2
		switch size {
		case 126:
			size, header = int(binary.BigEndian.Uint16(rest[2:])), 4
		case 127:
			size, header = int(binary.BigEndian.Uint64(rest[2:])), 10
		}
		switch rest[0] {
		case 0x81:
			texts = append(texts, string(rest[header:header+size]))
		case 0x89:
			texts = append(texts, "ping")
		default:
			t.Fatalf("a frame begins with %#x", rest[0])
		}
		rest = rest[header+size:]
	}
	return texts
}

func (w *testWire) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes = nil
}

func checkFrames(t *testing.T, w *testWire, want ...string) {
	t.Helper()
	if got := w.frames(t); !slices.Equal(got, want) {
		t.Errorf("got the frames %q, want %q", got, want)
	}
}

func (o *outbox) putAll(lines ...string) {
	for _, line := range lines {
		o.put([]byte(line))
	}
}

func TestOutboxMergesWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, w := newOutbox(1 << 20)
		o.putAll("a", "b")
		checkFrames(t, w)
		o.open([]byte("welcome"))
		o.putAll("c")
		checkFrames(t, w, "welcome\na\nb", "c")
		w.stall(0)
		o.putAll("d", "e", "f")
		checkFrames(t, w, "welcome\na\nb", "c")
		w.pass()
		checkFrames(t, w, "welcome\na\nb", "c", "d")
		w.pass()
		checkFrames(t, w, "welcome\na\nb", "c", "d", "e\nf")
		w.stalled = false
		o.putAll("g")
		checkFrames(t, w, "welcome\na\nb", "c", "d", "e\nf", "g")
	})
}

func TestOutboxSendsWhatWasCorkedAsOne(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(1 << 20)
	o.open([]byte("welcome"))
	if first, fits := o.putCorked([]byte("a\nb")); !first || !fits {
		t.Errorf("got %v and %v for the first, want true and true", first, fits)
	}
	if first, _ := o.putCorked([]byte("c")); first {
		t.Error("two were the first")
	}
	o.putAll("the answer")
	checkFrames(t, w, "welcome")
	o.uncork()
	checkFrames(t, w, "welcome", "a\nb\nc\nthe answer")
	o.putAll("d")
	checkFrames(t, w, "welcome", "a\nb\nc\nthe answer", "d")
}

// One batch may be larger than what may wait: a socket that reads is not closed for it.
func TestOutboxThatIsCorkedMakesRoomBeforeItIsFull(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(100)
	o.open([]byte("welcome"))
	line := strings.Repeat("x", 60)
	for range 5 {
		if _, fits := o.putCorked([]byte(line)); !fits {
			t.Fatal("a line was refused")
		}
	}
	o.uncork()
	checkFrames(t, w, "welcome", line, line, line, line, line)
}

// An answer that comes while the dispatcher gathers makes room as the dispatcher does.
func TestOutboxThatIsCorkedMakesRoomForAnAnswer(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(100)
	o.open([]byte("welcome"))
	line := strings.Repeat("x", 60)
	o.putCorked([]byte(line))
	if !o.put([]byte(line)) {
		t.Error("an answer was refused, though the connection takes everything")
	}
	o.putAll("more")
	checkFrames(t, w, "welcome", line)
	o.uncork()
	checkFrames(t, w, "welcome", line, line+"\nmore")
}

// The answer to the upgrade is let go while the dispatcher makes room: what it puts next is its own to let
// go.
func TestOutboxIsUncorkedByWhoCorkedItLast(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(100)
	o.corked = true
	o.open([]byte("welcome"))
	w.during = o.uncork
	line := strings.Repeat("x", 95)
	if first, _ := o.putCorked([]byte(line)); first {
		o.uncork()
	}
	checkFrames(t, w, "welcome", line)
}

// What the dispatcher still has for a socket that was cut does not hold the close frame back.
func TestOutboxThatIsClosedIsNotCorkedAgain(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(100)
	o.open([]byte("welcome"))
	o.close()
	if first, fits := o.putCorked([]byte("late")); first || !fits {
		t.Errorf("got %v and %v, want nothing to let go and nobody to cut", first, fits)
	}
	o.putControl([]byte{0x89, 0})
	checkFrames(t, w, "welcome", "ping")
}

// Whoever writes is not kept by a socket for which there is always more.
func TestOutboxKeepsNobodyForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, w := newOutbox(1 << 20)
		o.open([]byte("welcome"))
		more := 1000
		w.during = func() {
			if more--; more > 0 {
				o.put([]byte("more"))
			}
		}
		o.putAll("first")
		if more < 900 {
			t.Errorf("one who put a line wrote %d others", 1000-more)
		}
		w.during = nil
		close(w.let)
		o.stalled.Wait()
		o.putAll("last")
		if got := w.frames(t); got[len(got)-1] != "last" {
			t.Errorf("the last frame is %q", got[len(got)-1])
		}
	})
}

func TestOutboxFramesAreBoundedAndKeepTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, w := newOutbox(10 << 20)
		w.stall(5)
		o.open([]byte("welcome"))
		var want []string
		for i := range 400 {
			line := fmt.Sprintf("%d %s", i, strings.Repeat("x", i*i%7000))
			if i == 200 {
				line = strings.Repeat("y", maxFrame+1) // longer than a frame of many: one of its own
			}
			want = append(want, line)
			o.putAll(line)
		}
		w.stalled = false
		close(w.let)
		o.stalled.Wait()
		frames := w.frames(t)
		var got []string
		for _, frame := range frames[1:] {
			parts := strings.Split(frame, "\n")
			if len(frame) > maxFrame && len(parts) > 1 {
				t.Errorf("a frame of %d lines has %d bytes, want at most %d", len(parts), len(frame), maxFrame)
			}
			got = append(got, parts...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d lines left in another order or form than %d that came", len(got), len(want))
		}
		if len(frames) > 40 {
			t.Errorf("%d frames for 400 lines that waited: they were not merged", len(frames))
		}
		if o.bytes != 0 || o.sending != 0 || len(o.lines) != 0 || o.writing {
			t.Errorf("%d bytes and %d lines are left, %d under way; want none", o.bytes, len(o.lines), o.sending)
		}
	})
}

func TestOutboxFinishesAFrameBeforeAnything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, w := newOutbox(1 << 20)
		o.open([]byte("welcome"))
		w.stall(3)
		o.putAll("a long line")
		ping := []byte{0x89, 0}
		for range 10_000 {
			o.putControl(ping)
		}
		o.putAll("another")
		if n := len(o.control); n > maxControl {
			t.Errorf("%d bytes of pings wait, want at most %d", n, maxControl)
		}
		w.stalled = false
		close(w.let)
		o.stalled.Wait()
		o.putControl(ping)
		got := w.frames(t)
		if n := len(got); got[1] != "a long line" || got[2] != "ping" || got[n-2] != "another" || got[n-1] != "ping" {
			t.Errorf("got %q … %q", got[:3], got[n-2:])
		}
	})
}

func TestOutboxRefusesWhatDoesNotFit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, w := newOutbox(100)
		w.stall(0)
		o.open([]byte(strings.Repeat("w", 150))) // a welcome always fits
		if o.put([]byte("a")) {
			t.Error("a line was taken behind what fills the outbox")
		}
		w.pass()
		if o.bytes != 0 {
			t.Fatalf("%d bytes are counted, want 0", o.bytes)
		}
		if !o.put([]byte(strings.Repeat("a", 150))) {
			t.Error("a long line into an empty outbox was refused")
		}
		if o.put([]byte("b")) {
			t.Error("a line that does not fit was taken")
		}
		w.pass()
		for i := range 10 {
			if !o.put([]byte("0123456789")) {
				t.Errorf("line %d was refused", i)
			}
		}
		if o.put([]byte("x")) {
			t.Error("byte 101 was taken")
		}
		close(w.let)
		o.stalled.Wait()
	})
}

func TestOutboxDropsTheEphemeralFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, w := newOutbox(100)
		o.putEphemeral([]byte("before the welcome"))
		o.open([]byte("welcome"))
		w.stall(0)
		o.putAll(strings.Repeat("a", 45))
		o.putEphemeral([]byte("typing"))
		if !o.put([]byte("durable")) {
			t.Error("a durable line was refused at half of the bound")
		}
		w.pass()
		w.pass()
		w.stalled = false
		o.putEphemeral([]byte("typing"))
		checkFrames(t, w, "welcome", strings.Repeat("a", 45), "durable", "typing")
	})
}

func TestOutboxTellsWhenItIsEmpty(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, w := newOutbox(1 << 20)
		empty := 0
		o.open([]byte("welcome"))
		w.stall(0)
		o.putAll("a", "b")
		o.onEmpty(func() { empty++ })
		w.pass()
		if empty != 0 {
			t.Error("told before the last frame was written")
		}
		w.pass()
		if empty != 1 {
			t.Errorf("told %d times, want once", empty)
		}
		closed, _ := newOutbox(1 << 20)
		closed.close()
		closed.onEmpty(func() { t.Error("a closed outbox told that it is empty") })
		if !closed.put([]byte("a")) || len(closed.lines) != 0 {
			t.Error("a closed outbox kept a line or asked to be cut again")
		}
	})
}

func TestOutboxClosesAConnectionThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, stalled := range []bool{false, true} {
			o, w := newOutbox(1 << 20)
			o.open([]byte("welcome"))
			if stalled {
				w.stall(0)
				o.putAll("a")
				w.fail = errors.New("broken")
				w.pass()
			} else {
				w.fail = errors.New("broken")
				o.putAll("a")
			}
			if !w.closed {
				t.Errorf("stalled %v: the connection is not closed", stalled)
			}
			written := w.writes
			o.putAll("b")
			if w.writes != written {
				t.Errorf("stalled %v: it was written to again", stalled)
			}
		}
	})
}

func TestOutboxKeepsTheOrderOfEachWriter(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(100 << 20)
	w.stall(1000)
	close(w.let)
	o.open([]byte("welcome"))
	var writers sync.WaitGroup
	for writer := range 8 {
		writers.Go(func() {
			for i := range 500 {
				line := fmt.Appendf(nil, "%d %d", writer, i)
				if writer != 0 { // one is the dispatcher
					o.put(line)
					continue
				}
				if first, _ := o.putCorked(line); first {
					o.uncork()
				}
			}
		})
	}
	writers.Wait()
	o.stalled.Wait()
	next := map[int]int{}
	for _, line := range strings.Split(strings.Join(w.frames(t), "\n"), "\n")[1:] {
		var writer, i int
		if _, err := fmt.Sscan(line, &writer, &i); err != nil {
			t.Fatal(err)
		}
		if next[writer] != i {
			t.Fatalf("line %d of writer %d came in the place of %d", i, writer, next[writer])
		}
		next[writer]++
	}
	for writer := range 8 {
		if next[writer] != 500 {
			t.Errorf("%d lines of writer %d came, want 500", next[writer], writer)
		}
	}
}

// The race detector sees who begins to wait for the connection while end waits for the last to do so.
func TestOutboxThatHasEndedRunsNothing(t *testing.T) {
	t.Parallel()
	for range 1000 {
		o, w := newOutbox(1 << 20)
		o.open([]byte("welcome"))
		w.stall(0)
		close(w.let)
		var both sync.WaitGroup
		both.Go(func() { o.put([]byte("late")) })
		both.Go(o.end)
		both.Wait()
		o.stalled.Wait()
	}
}

// A long answer on a slow line takes its time; what ends the socket is that nothing is taken any more.
func TestASlowConnectionIsNotAStalledOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		defer there.Close()
		o := &outbox{limit: 1 << 20}
		w := newWire(here, o)
		o.uncork()
		o.open(bytes.Repeat([]byte("x"), 1<<20))
		buffer := make([]byte, 32<<10)
		for read := 0; read < 1<<20; {
			time.Sleep(writeWait / 10)
			n, err := there.Read(buffer)
			if err != nil {
				t.Fatalf("after %d bytes: %v", read, err)
			}
			read += n
		}
		o.putAll("not read")
		time.Sleep(writeWait + time.Second)
		if !o.late.Load() {
			t.Error("a write that stalls did not end the socket")
		}
		o.stalled.Wait()
		w.close()
	})
}

func TestSeparateFramesLeaveTogether(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(1000)
	o.separate = true
	o.open(nil)
	long := strings.Repeat("x", 200)
	for i, line := range []string{"a", long, "b"} {
		if first, fits := o.putCorked([]byte(line)); first != (i == 0) || !fits {
			t.Fatalf("line %d: first %v, fits %v", i, first, fits)
		}
	}
	o.uncork()
	checkFrames(t, w, "a", long, "b")
	if w.writes != 1 || o.frames != 3 || o.bytes != 0 {
		t.Errorf("%d writes of %d frames; %d bytes wait", w.writes, o.frames, o.bytes)
	}
}
