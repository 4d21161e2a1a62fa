// A session: what waits to be sent, the heartbeat, and the end. How it is sent is in polling.go and
// websocket.go.

package socketio

import (
	"sync"
	"time"
)

// Reason is why a session or a socket is over.
type Reason string

// The reasons.
const (
	Left     Reason = "the client left"
	Lost     Reason = "the connection was lost"
	TimedOut Reason = "the client did not answer in time"
	Invalid  Reason = "the client sent what it may not"
	Slow     Reason = "the client did not take what was sent"
	Ended    Reason = "the server ended it"
	Shutdown Reason = "the server stops"
	Failed   Reason = "the server failed"
)

// Inbox is what takes a session's messages. Its methods are called one at a time.
type Inbox interface {
	// Message is called for each message in the order they were sent, on the goroutine that reads: while it
	// runs nothing more is read, not even the answer to a ping. An error ends the session as invalid.
	Message(Message) error
	// Closed is called once, after the last message.
	Closed(Reason)
}

// Message is what the two sides tell each other.
type Message struct {
	Binary bool
	Data   []byte // UTF-8 unless binary
}

// lingerWait is how long an ended session waits for its client to take the rest.
const lingerWait = time.Second

// Session is a client's, over whichever connections. Its methods are safe from any goroutine, never wait, and
// do nothing once it is over.
type Session struct {
	engine    *Engine
	id        string
	handshake any
	left      func()
	inbox     Inbox
	calls     sync.Mutex // held while the inbox is called

	mu      sync.Mutex // guards all below; held for no call and no wait
	phase   phase
	waiting []frame
	bytes   int // what they cost, and those under way
	due     time.Time
	pinged  bool // due is when the pong has to be there, else when the next ping leaves
	timer   *time.Timer

	polling bool          // a poll waits for frames
	wake    chan struct{} // closed to have it look; nil when it does not wait
	posting bool
	probe   *link // asks for the upgrade
	link    *link // after it
	writing bool  // to link
}

// phase is how far a session is.
type phase int

const (
	alive  phase = iota
	ending       // takes nothing any more; the client may still get what waits
	over
)

// Handshake is what Admit returned.
func (s *Session) Handshake() any { return s.handshake }

// Send sends messages, in this order and with nothing between them. Their data must not be changed any more.
// A session whose outbox they do not fit into ends as slow.
func (s *Session) Send(messages ...Message) {
	frames := make([]frame, len(messages))
	for i, m := range messages {
		if m.Binary {
			frames[i] = frame{opBinary, m.Data}
		} else {
			frames[i] = textFrame(packetMessage, string(m.Data))
		}
	}
	s.push(frames...)
}

// Close ends the session after what waits for it. Its client comes back by itself.
func (s *Session) Close() { s.end(Ended, true) }

func (s *Session) push(frames ...frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pushLocked(frames...)
}

func (s *Session) pushLocked(frames ...frame) {
	if s.phase != alive {
		return
	}
	size := cost(frames)
	if s.bytes > 0 && s.bytes+size > s.engine.config.OutboxBytes {
		s.endLocked(Slow, false)
		return
	}
	s.waiting = append(s.waiting, frames...)
	s.bytes += size
	s.wakeLocked()
}

// wakeLocked has whoever can send what waits do so.
func (s *Session) wakeLocked() {
	if s.link != nil && !s.writing {
		s.writing = true
		s.engine.running.Go(s.write)
	}
	s.wakePollLocked()
}

func (s *Session) wakePollLocked() {
	if s.wake != nil {
		close(s.wake)
		s.wake = nil
	}
}

// receive takes a packet that came in. An error ends the session.
func (s *Session) receive(p packet) error {
	switch p.kind {
	case packetMessage:
		return s.deliver(Message{p.binary, p.data})
	case packetPong:
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.phase == alive {
			s.pinged, s.due = false, time.Now().Add(s.engine.config.PingInterval)
			s.timer.Reset(s.engine.config.PingInterval)
		}
		return nil
	case packetClose:
		s.end(Left, false)
		return nil
	case packetNoop:
		return nil
	}
	return errMalformed
}

func (s *Session) deliver(m Message) error {
	s.calls.Lock()
	defer s.calls.Unlock()
	defer guard(s)
	s.mu.Lock()
	phase := s.phase
	s.mu.Unlock()
	if phase != alive {
		return nil
	}
	return s.inbox.Message(m)
}

// later has the inbox's side called when it is its turn. It tells false when the session is over, of which
// the inbox has been told or is about to be.
func (s *Session) later(fn func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == over {
		return false
	}
	s.laterLocked(fn)
	return true
}

func (s *Session) laterLocked(fn func()) {
	s.engine.running.Go(func() {
		s.calls.Lock()
		defer s.calls.Unlock()
		defer guard(s)
		fn()
	})
}

// tick is the timer: the heartbeat, and the end of an ended session.
func (s *Session) tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == ending {
		s.cutLocked()
		return
	}
	s.beatLocked(time.Now())
}

// lives tells whether there still is a session at a time: a timer may be late, and the time is up all the same.
func (s *Session) lives(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beatLocked(now)
	return s.phase != over
}

// beatLocked does what the heartbeat has to at a time.
func (s *Session) beatLocked(now time.Time) {
	for s.phase == alive && !now.Before(s.due) {
		if s.pinged {
			s.endLocked(TimedOut, false)
			return
		}
		s.pinged, s.due = true, s.due.Add(s.engine.config.PingTimeout)
		s.timer.Reset(s.due.Sub(now))
		s.pushLocked(textFrame(packetPing, ""))
	}
}

// ended tells whether a session is over, or about to be.
func (s *Session) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phase != alive
}

// end ends a session. What waits is sent first when rest says so.
func (s *Session) end(reason Reason, rest bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endLocked(reason, rest)
}

func (s *Session) endLocked(reason Reason, rest bool) {
	if s.phase != alive {
		return
	}
	s.phase = ending
	if !rest {
		s.waiting, s.bytes = nil, 0
	}
	s.timer.Reset(lingerWait)
	s.laterLocked(func() { s.inbox.Closed(reason) })
	last := textFrame(packetClose, "")
	if reason == Left {
		last = textFrame(packetNoop, "") // only ends the poll
	}
	switch {
	case s.link != nil && rest:
		s.wakeLocked()
	case s.link != nil:
		s.link.closeLater()
	case s.polling || rest || reason == Left:
		// A client that leaves sends its poll and this at once, in any order.
		s.waiting = append(s.waiting, last)
		s.wakeLocked()
	default:
		s.overLocked()
	}
	if s.probe != nil {
		s.probe.closeLater()
	}
}

// cut ends a session that may wait no longer.
func (s *Session) cut() {
	s.end(Shutdown, false)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cutLocked()
}

func (s *Session) cutLocked() {
	if s.phase != ending {
		return
	}
	if s.link != nil {
		s.link.closeLater() // and then it is over
	} else {
		s.overLocked()
	}
}

// overLocked is when nothing of an ended session is left.
func (s *Session) overLocked() {
	s.phase, s.waiting = over, nil
	s.timer.Stop()
	s.wakePollLocked()
	s.engine.remove(s)
}
