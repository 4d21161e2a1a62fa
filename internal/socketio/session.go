// Sessions: the frames that wait to be sent, the heartbeat, and the end. The transports that send the frames
// are in polling.go and websocket.go.

package socketio

import (
	"sync"
	"sync/atomic"
	"time"
)

// Reason says why a session or a socket is over.
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

// Inbox takes the messages of a session. Only one of its methods runs at a time.
type Inbox interface {
	// Message is called for each message, in the order in which the client sent them. It runs on the
	// goroutine that reads from the client: until it returns, nothing more is read, not even the answer to a
	// ping. An error ends the session with the reason Invalid.
	Message(Message) error
	// Closed is called once, after the last message.
	Closed(Reason)
}

// Message is one message between client and server, in either direction.
type Message struct {
	Binary bool
	Data   []byte // UTF-8 unless binary
}

// lingerWait is how long an ended session waits for its client to take what is left.
const lingerWait = time.Second

// Session is the session of one client, over whatever connections the client uses for it. Its methods are
// safe from any goroutine, never wait, and do nothing once the session is over.
type Session struct {
	engine    *Engine
	id        string
	handshake any
	left      func() // from Config.Admit; may be nil
	inbox     Inbox
	calls     sync.Mutex  // held while a method of the inbox runs
	known     atomic.Bool // the client has entered a namespace, or need not: see Config.FirstPayload

	mu      sync.Mutex // guards everything below; never held during calls of an Inbox or waits
	phase   phase
	waiting []frame
	bytes   int // the cost of waiting, and of the frames that are being written
	copied  int // the bytes of a body or of WebSocket frames that are being written
	due     time.Time
	pinged  bool // true: the pong must have come by due; false: the next ping is sent at due
	timer   *time.Timer

	polling bool          // a poll is waiting for frames
	wake    chan struct{} // closed to wake the poll; nil when no poll is waiting
	answer  func()        // ends the write of an answer to a poll; nil when none is being written
	givenUp bool          // what is being written to the client is given up
	posting bool          // a POST request is bringing packets
	probe   *link         // the connection that asks for the upgrade; nil when there is none
	link    *link         // the WebSocket connection that the session uses; nil while it uses polling
	writing bool          // a goroutine is writing to link
}

// phase tells how far a session has come.
type phase int

const (
	alive  phase = iota
	ending       // the session takes nothing any more, but the client may still get what waits
	over
)

// maxPayload bounds what the client sends at once, and in an event with its attachments.
func (s *Session) maxPayload() int {
	if s.known.Load() {
		return s.engine.config.MaxPayload
	}
	return min(s.engine.config.FirstPayload, s.engine.config.MaxPayload)
}

// Handshake returns what Config.Admit returned for the request that opened the session.
func (s *Session) Handshake() any { return s.handshake }

// Send sends messages, in this order and with nothing between them. Their data must not be modified any more.
// When they do not fit into the outbox, the session ends with the reason Slow.
func (s *Session) Send(messages ...Message) {
	frames := make([]frame, len(messages))
	for i, m := range messages {
		if m.Binary {
			frames[i] = frame{op: opBinary, data: m.Data}
		} else {
			frames[i] = textFrame(packetMessage, string(m.Data))
		}
	}
	s.push(frames...)
	s.engine.relieve()
}

// Close ends the session after sending what waits for it. The client reconnects by itself.
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
	s.waitLocked(frames...)
	s.bytes += size
	s.wakeLocked()
}

// wakeLocked has the waiting frames sent: by a goroutine that writes to the WebSocket connection, or by the
// poll that waits.
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

// receive takes an incoming packet. On an error the caller must end the session.
func (s *Session) receive(p packet) error {
	switch p.kind {
	case packetMessage:
		return s.deliver(Message{p.binary, p.data})
	case packetPong:
		if s.heard() {
			return nil
		}
		return s.idle()
	case packetClose:
		s.end(Left, false)
		return nil
	case packetNoop:
		return s.idle()
	}
	return errMalformed
}

// heard notes that the client answers. It tells whether the client was asked to.
func (s *Session) heard() (asked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked = s.pinged || s.phase != alive
	if s.phase == alive {
		s.pinged, s.due = false, time.Now().Add(s.engine.config.PingInterval)
		s.timer.Reset(s.engine.config.PingInterval)
	}
	return asked
}

// idle is called for each thing that a client sends and that asks for nothing: see Config.Idle. On an error the
// session must end.
func (s *Session) idle() error {
	if idle := s.engine.config.Idle; idle != nil && !idle(s.handshake) {
		return errMalformed
	}
	return nil
}

// deliver passes a message to the inbox, unless the session has ended.
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

// later has fn called on another goroutine, when no method of the inbox runs. It returns false when the
// session is over. Then the inbox has been told of the end, or is about to be.
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

// tick is called by the session's timer, for the heartbeat, and for the end of a session that has lingered.
func (s *Session) tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == ending {
		s.cutLocked()
		return
	}
	s.beatLocked(time.Now())
}

// lives tells whether the session is not over at a time. It does not rely on the timer, which may be late.
func (s *Session) lives(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beatLocked(now)
	return s.phase != over
}

// beatLocked does what the heartbeat requires at a time: it sends a ping, or ends a session whose client did
// not answer.
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

// ended tells whether the session is over, or about to be.
func (s *Session) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phase != alive
}

// end ends the session. With rest, what waits is sent first; otherwise it is dropped. The client learns of the end as
// of a broken connection: its WebSocket connection closes, or its next poll is refused. Either makes it come back,
// unless it was disconnected from its namespaces. A packet that closes would not: clients in Python take it for good.
// So only a poll of somebody who sent what they may not gets it.
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
		s.dropLocked()
	}
	s.timer.Reset(lingerWait)
	s.laterLocked(func() { s.inbox.Closed(reason) })
	switch {
	case s.link != nil && rest:
		s.wakeLocked()
	case s.link != nil:
		s.link.closeLater()
	case reason == Left:
		// A client that leaves may have a poll on its way, which comes before or after the packet that says
		// so. This packet only ends the poll.
		s.waitLocked(textFrame(packetNoop, ""))
		s.wakeLocked()
	case reason == Invalid && s.polling:
		s.waitLocked(textFrame(packetClose, "")) // it need not come back
		s.wakeLocked()
	case rest && len(s.waiting) > 0:
		s.wakeLocked() // what waits is the last that a poll gets
	default:
		s.overLocked()
	}
	if s.probe != nil {
		s.probe.closeLater()
	}
}

// cut ends the session now, without waiting for what is left to be sent.
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
		s.link.closeLater() // the session is over when the connection is gone
	} else {
		s.overLocked()
	}
}

// overLocked makes an ended session be over, and removes it from the engine.
func (s *Session) overLocked() {
	s.phase = over
	s.dropLocked()
	s.leaveLocked()
	s.timer.Stop()
	s.wakePollLocked()
	s.engine.remove(s)
}
