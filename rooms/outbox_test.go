// Outboxes: what waits leaves as one frame, in order, and each frame has its header.

package rooms

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

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
	if first, fits := o.putCorked(NewLine([]byte("a\nb"))); !first || !fits {
		t.Errorf("got %v and %v for the first, want true and true", first, fits)
	}
	if first, _ := o.putCorked(NewLine([]byte("c"))); first {
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
		if _, fits := o.putCorked(NewLine([]byte(line))); !fits {
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
	o.putCorked(NewLine([]byte(line)))
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
	o.putAll("first")
	w.during = o.uncork
	line := strings.Repeat("x", 96)
	if first, _ := o.putCorked(NewLine([]byte(line))); first {
		o.uncork()
	}
	checkFrames(t, w, "welcome\nfirst", line)
}

// What the dispatcher still has for a socket that was cut does not hold the close frame back.
func TestOutboxThatIsClosedIsNotCorkedAgain(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(100)
	o.open([]byte("welcome"))
	o.close()
	if first, fits := o.putCorked(NewLine([]byte("late"))); first || !fits {
		t.Errorf("got %v and %v, want nothing to let go and nobody to cut", first, fits)
	}
	o.putControl([]byte{0x89, 0})
	checkFrames(t, w, "welcome", "ping")
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
				if first, _ := o.putCorked(NewLine(line)); first {
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

func TestSeparateFramesLeaveTogether(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(1000)
	o.separate = true
	o.open(nil)
	long := strings.Repeat("x", 200)
	for i, line := range []string{"a", long, "b"} {
		if first, fits := o.putCorked(NewLine([]byte(line))); first != (i == 0) || !fits {
			t.Fatalf("line %d: first %v, fits %v", i, first, fits)
		}
	}
	o.uncork()
	checkFrames(t, w, "a", long, "b")
	if w.writes != 1 || o.frames != 3 || o.bytes != 0 {
		t.Errorf("%d writes of %d frames; %d bytes wait", w.writes, o.frames, o.bytes)
	}
}

// The header of a frame has another form from 126 bytes on, and again from 65,536.
func TestFramesOfEverySizeHaveTheirHeader(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(1 << 20)
	o.open([]byte("welcome"))
	want := []string{"welcome"}
	for _, size := range []int{1, 125, 126, 127, 1<<16 - 1, 1 << 16, 1<<16 + 1} {
		line := strings.Repeat("x", size)
		o.putAll(line)
		want = append(want, line)
	}
	if got := w.frames(t); !slices.Equal(got, want) {
		t.Errorf("%d frames came, want %d, each as it was put", len(got), len(want))
	}
}
