// Sockets: each is one client in one namespace.

package socketio

import (
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// ErrClosed is the answer to a Call whose socket was closed before the client answered.
var ErrClosed = errors.New("the socket is closed")

// maxCalls bounds the answers that a socket waits for. The session of a client that owes more ends with the
// reason Slow.
const maxCalls = 256

// Packet is an event, encoded once for any number of sockets. It never changes, so it is safe from any
// goroutine.
type Packet struct {
	namespace string
	frames    []frame
}

// NewPacket encodes an event for the sockets of a namespace.
func NewPacket(namespace, event string, data Data) *Packet {
	frames := head{kind: kindEvent, namespace: namespace}.frames(event, data)
	for i := range frames {
		frames[i].holders = new(atomic.Int32)
	}
	return &Packet{namespace, frames}
}

// Socket is a client in a namespace. Its methods are safe from any goroutine, never wait, and do nothing once
// the socket is closed.
type Socket struct {
	id        string
	namespace string
	client    *client
	receiver  Receiver // set before the client is welcomed

	mu       sync.Mutex // guards everything below; lock it before Session.mu, never after
	welcomed bool
	closed   bool
	held     []frame                      // frames that wait until the client is welcomed
	bytes    int                          // the cost of held
	calls    map[uint64]func(Data, error) // the calls that wait for an answer, by id
	lastCall uint64
}

func newSocket(c *client, namespace string) *Socket {
	return &Socket{id: rand.Text(), namespace: namespace, client: c}
}

// ID returns the id of the socket. The client knows it as its socket.id.
func (s *Socket) ID() string { return s.id }

// Namespace returns the namespace that the client is in.
func (s *Socket) Namespace() string { return s.namespace }

// Handshake returns what Config.Admit returned for the request that opened the session.
func (s *Socket) Handshake() any { return s.client.session.handshake }

// Emit sends a packet. It panics when the packet was not encoded for the socket's namespace. When the packet
// does not fit into the outbox, the session ends with the reason Slow.
func (s *Socket) Emit(p *Packet) {
	if p.namespace != s.namespace {
		panic("socketio: a packet for " + p.namespace + " was emitted in " + s.namespace)
	}
	s.emit(p.frames)
}

func (s *Socket) emit(frames []frame) {
	s.mu.Lock()
	s.emitLocked(frames)
	s.mu.Unlock()
	s.client.session.engine.relieve()
}

func (s *Socket) emitLocked(frames []frame) {
	session := s.client.session
	switch {
	case s.closed:
	case s.welcomed:
		session.push(frames...)
	case s.bytes > 0 && s.bytes+cost(frames) > session.engine.config.OutboxBytes:
		session.end(Slow, false)
	default:
		session.engine.hold(frames)
		s.held = append(s.held, frames...)
		s.bytes += cost(frames)
	}
}

// Call emits an event that the client has to acknowledge. answered is called once, with the client's answer
// or with ErrClosed; it runs under the same conditions as the methods of a Receiver. Call returns false, and
// answered is never called, when the socket is closed already or the client owes too many answers.
func (s *Socket) Call(event string, data Data, answered func(Data, error)) bool {
	defer s.client.session.engine.relieve() // once nothing is locked
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	if len(s.calls) >= maxCalls {
		s.client.session.end(Slow, false)
		return false
	}
	if s.calls == nil {
		s.calls = map[uint64]func(Data, error){}
	}
	s.lastCall++
	s.calls[s.lastCall] = answered
	s.emitLocked(head{kindEvent, s.namespace, s.lastCall, true}.frames(event, data))
	return true
}

// answered passes the client's acknowledgment to the Call that waits for it. It tells whether one does.
func (s *Socket) answered(m *message) (asked bool) {
	s.mu.Lock()
	answered := s.calls[m.id]
	delete(s.calls, m.id)
	s.mu.Unlock()
	if answered != nil {
		answered(m.data, nil)
	}
	return answered != nil
}

// ackOf returns the function that answers an event; nil when the client wants no answer.
func (s *Socket) ackOf(m *message) func(Data) {
	if !m.hasID {
		return nil
	}
	answer := head{kindAck, s.namespace, m.id, true}
	var done atomic.Bool
	return func(data Data) {
		if done.CompareAndSwap(false, true) {
			s.emit(answer.frames("", data))
		}
	}
}

// Disconnect makes the client leave the namespace, after sending what waits for it. The client does not come
// back by itself. When this was its last socket, the connection is closed too.
func (s *Socket) Disconnect() {
	s.mu.Lock()
	if !s.closed && s.welcomed {
		s.emitLocked([]frame{head{kind: kindDisconnect, namespace: s.namespace}.frame(nil)})
	}
	s.closed = true
	s.mu.Unlock()
	s.client.session.later(func() { s.client.dismissed(s) })
}

// Close closes the client's connection with all its sockets, after sending what waits for it. The client
// reconnects by itself.
func (s *Socket) Close() { s.client.session.Close() }

// welcome tells the client that it is in the namespace, and then sends what was emitted before.
func (s *Socket) welcome() {
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.client.session
	session.push(head{kind: kindConnect, namespace: s.namespace}.frame([]byte(`{"sid":"` + s.id + `"}`)))
	session.push(s.held...)
	session.engine.release(s.held)
	if s.closed { // Disconnect was called before the welcome
		session.push(head{kind: kindDisconnect, namespace: s.namespace}.frame(nil))
	}
	s.welcomed, s.held = true, nil
}

// shut closes the socket, and returns the calls that wait for an answer, which will not come any more.
func (s *Socket) shut() []func(Data, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := slices.Collect(maps.Values(s.calls))
	s.client.session.engine.release(s.held)
	s.closed, s.held, s.calls = true, nil, nil
	return calls
}
