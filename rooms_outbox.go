// An outbox holds what one socket has not been sent yet, bounded in bytes. One frame at a time is handed to
// melody; what gathers meanwhile leaves together as the next, so frames merge by themselves under load
// and nothing is delayed when it is quiet.

package main

import "sync"

// maxFrame is how many bytes of lines are merged into one frame; a longer line is a frame of its own.
const maxFrame = 64 << 10

// outbox starts held: lines gather until open puts the first one before them.
type outbox struct {
	limit int
	write func([]byte) error // hands a frame to melody; does not block

	mu      sync.Mutex
	lines   [][]byte
	bytes   int // waiting and under way
	opened  bool
	sending int // bytes of the frame under way, 0 when there is none
	closed  bool
	empty   func() // called once nothing waits any more
}

// put queues a line and tells false when the outbox is full. One line always fits, however long.
func (o *outbox) put(line []byte) bool {
	o.mu.Lock()
	if o.closed {
		o.mu.Unlock()
		return true
	}
	if o.bytes > 0 && o.bytes+len(line) > o.limit {
		o.mu.Unlock()
		return false
	}
	o.lines = append(o.lines, line)
	o.bytes += len(line)
	o.sendAndUnlock()
	return true
}

// putEphemeral queues a line unless the outbox is half full, not open yet or closed.
func (o *outbox) putEphemeral(line []byte) {
	o.mu.Lock()
	if !o.opened || o.closed || o.bytes+len(line) > o.limit/2 {
		o.mu.Unlock()
		return
	}
	o.lines = append(o.lines, line)
	o.bytes += len(line)
	o.sendAndUnlock()
}

// open puts a line before all that gathered and lets them go.
func (o *outbox) open(first []byte) {
	o.mu.Lock()
	o.lines = append([][]byte{first}, o.lines...)
	o.bytes += len(first)
	o.opened = true
	o.sendAndUnlock()
}

// sent tells that the frame under way has been written; only melody's write pump calls it.
func (o *outbox) sent() {
	o.mu.Lock()
	o.bytes -= o.sending
	o.sending = 0
	o.sendAndUnlock()
}

// onEmpty has fn called once nothing waits any more: at once when nothing does.
func (o *outbox) onEmpty(fn func()) {
	o.mu.Lock()
	o.empty = fn
	o.sendAndUnlock()
}

// close drops what waits; nothing is accepted any more.
func (o *outbox) close() {
	o.mu.Lock()
	o.closed, o.lines, o.empty = true, nil, nil
	o.mu.Unlock()
}

// sendAndUnlock hands the next frame to melody when none is under way. Its lines go in the order they
// came, since nobody else sends until that frame has been written.
func (o *outbox) sendAndUnlock() {
	if o.sending > 0 || o.closed {
		o.mu.Unlock()
		return
	}
	if len(o.lines) == 0 || !o.opened {
		empty := o.empty
		o.mu.Unlock()
		if empty != nil {
			empty()
		}
		return
	}
	frame := o.nextFrame()
	o.mu.Unlock()
	o.write(frame) // a session that is closed says so on its own way down
}

// nextFrame takes as many lines as fit into one frame.
func (o *outbox) nextFrame() []byte {
	n, size := 1, len(o.lines[0])
	for n < len(o.lines) && size+1+len(o.lines[n]) <= maxFrame {
		size += 1 + len(o.lines[n])
		n++
	}
	frame := o.lines[0]
	o.sending = len(o.lines[0])
	if n > 1 {
		frame = make([]byte, 0, size)
		for i, line := range o.lines[:n] {
			if i > 0 {
				frame = append(frame, '\n')
				o.sending += len(line)
			}
			frame = append(frame, line...)
		}
	}
	clear(o.lines[:n])
	if o.lines = o.lines[n:]; len(o.lines) == 0 {
		o.lines = nil
	}
	return frame
}
