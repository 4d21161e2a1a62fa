// Outboxes: one frame at a time, merged while it is under way, bounded in bytes.

package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// slowWire takes frames and tells them written only when the test says so.
type slowWire struct{ frames [][]byte }

func newOutbox(limit int) (*outbox, *slowWire) {
	w := &slowWire{}
	o := &outbox{limit: limit, write: func(frame []byte) error {
		w.frames = append(w.frames, bytes.Clone(frame))
		return nil
	}}
	return o, w
}

func checkFrames(t *testing.T, w *slowWire, want ...string) {
	t.Helper()
	got := make([]string, len(w.frames))
	for i, frame := range w.frames {
		got[i] = string(frame)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got the frames %q, want %q", got, want)
	}
}

func TestOutboxMergesWhatWaits(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(1 << 20)
	o.put([]byte("a"))
	o.put([]byte("b"))
	checkFrames(t, w)
	o.open([]byte("welcome"))
	checkFrames(t, w, "welcome\na\nb")
	o.put([]byte("c"))
	o.put([]byte("d"))
	checkFrames(t, w, "welcome\na\nb")
	o.sent()
	checkFrames(t, w, "welcome\na\nb", "c\nd")
	o.sent()
	o.put([]byte("e"))
	checkFrames(t, w, "welcome\na\nb", "c\nd", "e")
}

func TestOutboxFramesAreBoundedAndKeepTheOrder(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(10 << 20)
	o.open([]byte("welcome"))
	var want []string
	for i := range 400 {
		line := fmt.Sprintf("%d %s", i, strings.Repeat("x", i*i%7000))
		if i == 200 {
			line = strings.Repeat("y", maxFrame+1) // longer than a frame of many: one of its own
		}
		want = append(want, line)
		o.put([]byte(line))
	}
	for n := 0; n != len(w.frames); {
		n = len(w.frames)
		o.sent()
	}
	var got []string
	for _, frame := range w.frames[1:] {
		parts := strings.Split(string(frame), "\n")
		if len(frame) > maxFrame && len(parts) > 1 {
			t.Errorf("a frame of %d lines has %d bytes, want at most %d", len(parts), len(frame), maxFrame)
		}
		got = append(got, parts...)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d lines left in another order or form than %d that came", len(got), len(want))
	}
	if len(w.frames) > 40 {
		t.Errorf("%d frames for 400 lines that waited: they were not merged", len(w.frames))
	}
	if o.bytes != 0 || o.sending != 0 || len(o.lines) != 0 {
		t.Errorf("%d bytes and %d lines are left, %d under way; want none", o.bytes, len(o.lines), o.sending)
	}
}

func TestOutboxRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(100)
	o.open([]byte(strings.Repeat("w", 150))) // a welcome always fits
	if !o.put(nil) && len(w.frames) != 1 {
		t.Error("nothing was refused")
	}
	o.sent()
	if o.bytes != 0 {
		t.Fatalf("%d bytes are counted, want 0", o.bytes)
	}
	if !o.put([]byte(strings.Repeat("a", 150))) {
		t.Error("a long line into an empty outbox was refused")
	}
	if o.put([]byte("b")) {
		t.Error("a line that does not fit was taken")
	}
	o.sent()
	for i := range 10 {
		if !o.put([]byte("0123456789")) {
			t.Errorf("line %d was refused", i)
		}
	}
	if o.put([]byte("x")) {
		t.Error("byte 101 was taken")
	}
}

func TestOutboxDropsTheEphemeralFirst(t *testing.T) {
	t.Parallel()
	o, w := newOutbox(100)
	o.putEphemeral([]byte("before the welcome"))
	o.open([]byte("welcome"))
	checkFrames(t, w, "welcome")
	o.put([]byte(strings.Repeat("a", 40)))
	o.putEphemeral([]byte("typing"))
	if !o.put([]byte("durable")) {
		t.Error("a durable line was refused at half of the bound")
	}
	o.sent()
	checkFrames(t, w, "welcome", strings.Repeat("a", 40)+"\ndurable")
	o.sent()
	o.putEphemeral([]byte("typing"))
	checkFrames(t, w, "welcome", strings.Repeat("a", 40)+"\ndurable", "typing")
}

func TestOutboxTellsWhenItIsEmpty(t *testing.T) {
	t.Parallel()
	o, _ := newOutbox(1 << 20)
	empty := 0
	o.open([]byte("welcome"))
	o.put([]byte("a"))
	o.onEmpty(func() { empty++ })
	o.sent()
	if empty != 0 {
		t.Error("told before the last frame was written")
	}
	o.sent()
	if empty != 1 {
		t.Errorf("told %d times, want once", empty)
	}
	closed, _ := newOutbox(1 << 20)
	closed.close()
	closed.onEmpty(func() { t.Error("a closed outbox told that it is empty") })
	if !closed.put([]byte("a")) || len(closed.lines) != 0 {
		t.Error("a closed outbox kept a line or asked to be cut again")
	}
}

func TestOutboxKeepsTheOrderOfEachWriter(t *testing.T) {
	t.Parallel()
	got := make(chan string, 100_000)
	var o *outbox
	o = &outbox{limit: 100 << 20, write: func(frame []byte) error {
		for line := range lines(frame) {
			got <- string(line)
		}
		go o.sent() // as melody's write pump does, on a goroutine of its own
		return nil
	}}
	o.open([]byte("welcome"))
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := range 500 {
				o.put(fmt.Appendf(nil, "%d %d", w, i))
			}
		})
	}
	writers.Wait()
	next := map[int]int{}
	<-got // the welcome
	for range 8 * 500 {
		var w, i int
		if _, err := fmt.Sscan(<-got, &w, &i); err != nil {
			t.Fatal(err)
		}
		if next[w] != i {
			t.Fatalf("line %d of writer %d came in the place of %d", i, w, next[w])
		}
		next[w]++
	}
}
