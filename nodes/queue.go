// The two queues of the bus, bounded in bytes: what waits to be sent, and what waits to be told to the handlers.

package nodes

import "sync"

const (
	sendBytes    = 8 << 20  // waits to be sent
	receiveBytes = 16 << 20 // waits for the handlers
	overhead     = 128      // what a message takes in a queue beside its bytes
	// Of what waits, so much is sent at once: then Redis has answered before the rest is sent.
	batchBytes    = 1 << 20
	batchMessages = 256
)

// sending is the queue of messages to be sent.
type sending struct {
	mu       sync.Mutex
	number   uint64 // of the last message, also of one that was dropped
	messages [][]byte
	bytes    int
	open     bool // Redis is there
	wake     chan struct{}
}

// put numbers a message and queues it. A message that is dropped keeps its number, so that the others find out.
// Without Redis only beats are queued: they find out whether it is there.
func (q *sending) put(from nodeID, kind byte, payload []byte) (queued bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.number++
	size := headSize + len(payload) + overhead
	if q.bytes+size > sendBytes || !q.open && kind != beat {
		return false
	}
	q.bytes += size
	q.messages = append(q.messages, write(from, q.number, kind, payload))
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return true
}

// take takes the messages to be sent next.
func (q *sending) take() (batch [][]byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, bytes := 0, 0
	for n < len(q.messages) && n < batchMessages && (n == 0 || bytes+len(q.messages[n]) <= batchBytes) {
		bytes += len(q.messages[n])
		n++
	}
	batch = q.messages[:n:n]
	q.bytes -= bytes + n*overhead
	if q.messages = q.messages[n:]; len(q.messages) == 0 {
		q.messages = nil
	}
	return batch
}

// set opens or closes the queue, and says how many messages for other nodes it drops: what was to be said before Redis
// went away is old when it comes back.
func (q *sending) set(open bool) (dropped int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.open = open; open {
		return 0
	}
	for _, text := range q.messages {
		if text[kindAt] != beat {
			dropped++
		}
	}
	q.messages, q.bytes = nil, 0
	return dropped
}

func (q *sending) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes
}

// What the handlers are told.
type tidings int

const (
	isNews tidings = iota
	isUp
	isDown
)

// told is one thing to be told to the handlers.
type told struct {
	what    tidings
	message message
}

// receiving is the queue of what is to be told.
type receiving struct {
	mu    sync.Mutex
	all   []told
	bytes int
	wake  chan struct{}
}

// put queues a message, unless too much waits.
func (q *receiving) put(m message) (queued bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	size := len(m.payload) + overhead
	if q.bytes+size > receiveBytes {
		return false
	}
	q.bytes += size
	q.add(told{message: m})
	return true
}

// turn queues that the bus is up or down. When it has come up and nothing was heard since, its going down again needs
// not be told: so the marks in the queue are as few as the messages.
func (q *receiving) turn(what tidings) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := len(q.all)
	if what == isDown && n >= 2 && q.all[n-1].what == isUp && q.all[n-2].what == isDown {
		q.all = q.all[:n-1]
		return
	}
	q.add(told{what: what})
}

func (q *receiving) add(one told) {
	q.all = append(q.all, one)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take takes what is to be told next.
func (q *receiving) take() (one told, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.all) == 0 {
		return told{}, false
	}
	one, q.all[0] = q.all[0], told{}
	if q.all = q.all[1:]; len(q.all) == 0 {
		q.all = nil
	}
	if one.what == isNews {
		q.bytes -= len(one.message.payload) + overhead
	}
	return one, true
}

func (q *receiving) waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes
}
