// The connection below an outbox: the one that the tests look into, and a slow one.

package rooms

import (
	"bytes"
	"encoding/binary"
	"net"
	"slices"
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

// A long answer on a slow line takes its time; what ends the socket is that too little is taken any more.
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
