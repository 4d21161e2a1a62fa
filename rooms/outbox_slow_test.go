// Outboxes of slow connections: they are bounded in bytes, and nobody waits for them.

package rooms

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

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
		o.open([]byte(strings.Repeat("w", 150))) // a welcome always fits, and is not of the outbox's bytes
		if !o.put([]byte(strings.Repeat("a", 100))) || o.put([]byte("b")) {
			t.Error("behind a welcome the outbox did not take its bytes, or more")
		}
		w.pass()
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

// The connection takes nothing, and while it is asked, the outbox is ended: nobody begins to wait for it then.
func TestOutboxThatHasEndedRunsNothing(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(1 << 20)
	o.open([]byte("welcome"))
	w.stall(0)
	close(w.let)
	before := w.writes
	w.during = o.end
	o.put([]byte("late"))
	o.stalled.Wait()
	if n := w.writes - before; n != 1 {
		t.Errorf("it was written %d times, want once, before the end", n)
	}
}
