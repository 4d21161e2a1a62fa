// A socket: a client in a namespace.

package socketio

import (
	"crypto/rand"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// ErrClosed is what a Call gets whose socket was closed before the client answered.
var ErrClosed = errors.New("the socket is closed")

// maxCalls bounds the answers that a socket waits for. A client that owes more is as good as slow.
const maxCalls = 256

// Packet is an event, encoded once for any number of sockets. It does not change, so any goroutine may use it.
type Packet struct {
	namespace string
	frames    []frame
}

// NewPacket encodes an event for the sockets of a namespace.
func NewPacket(namespace, event string, data Data) *Packet {
	return &Packet{namespace, head{kind: kindEvent, namespace: namespace}.frames(event, data)}
}

// Socket is a client in a namespace. Its methods are safe from any goroutine, never wait, and do nothing once it
// is closed.
type Socket struct {
	id        string
	namespace string
	client    *client
	receiver  Receiver // set before the client is welcomed

	mu       sync.Mutex // guards all below; its session's may be taken while it is held, never the other way
	welcomed bool
	closed   bool
	held     []frame                      // until the client is welcomed
	bytes    int                          // what they cost
	calls    map[uint64]func(Data, error) // that wait for their answer
	lastCall uint64
}

func newSocket(c *client, namespace string) *Socket {
	return &Socket{id: rand.Text(), namespace: namespace, client: c}
}

// ID is known to the client too, as its socket.id.
func (s *Socket) ID() string { return s.id }

// Namespace is the one that the client is in.
func (s *Socket) Namespace() string { return s.namespace }

// Handshake is what Config.Admit returned for the request that opened the session.
func (s *Socket) Handshake() any { return s.client.session.handshake }

// Emit sends a packet, which must have been encoded for the socket's namespace. When it does not fit into the
// outbox, the session ends as Slow.
func (s *Socket) Emit(p *Packet) {
	if p.namespace != s.namespace {
		panic("socketio: a packet for " + p.namespace + " was emitted in " + s.namespace)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emitLocked(p.frames)
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
		s.held = append(s.held, frames...)
		s.bytes += cost(frames)
	}
}

// Call emits an event that the client has to acknowledge. answered gets what the client says, or ErrClosed; it
// is called once, like a Receiver's methods. Call tells false when the socket is closed already; then it is
// never called.
func (s *Socket) Call(event string, data Data, answered func(Data, error)) bool {
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

// answered is the client's acknowledgment of a Call.
func (s *Socket) answered(m *message) {
	s.mu.Lock()
	answered := s.calls[m.id]
	delete(s.calls, m.id)
	s.mu.Unlock()
	if answered != nil {
		answered(m.data, nil)
	}
}

// ackOf is what answers an event.
func (s *Socket) ackOf(m *message) func(Data) {
	if !m.hasID {
		return nil
	}
	answer := head{kindAck, s.namespace, m.id, true}
	var done atomic.Bool
	return func(data Data) {
		if done.CompareAndSwap(false, true) {
			frames := answer.frames("", data)
			s.mu.Lock()
			defer s.mu.Unlock()
			s.emitLocked(frames)
		}
	}
}

// Disconnect has the client leave the namespace after what waits for it. It does not come back by itself. The
// connection is closed with its last socket.
func (s *Socket) Disconnect() {
	s.mu.Lock()
	if !s.closed && s.welcomed {
		s.emitLocked([]frame{head{kind: kindDisconnect, namespace: s.namespace}.frame(nil)})
	}
	s.closed = true
	s.mu.Unlock()
	s.client.session.later(func() { s.client.dismissed(s) })
}

// Close closes the client's connection, with all its sockets, after what waits for it. The client comes back by
// itself.
func (s *Socket) Close() { s.client.session.Close() }

// welcome tells the client that it is in, and then what was emitted before.
func (s *Socket) welcome() {
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.client.session
	session.push(head{kind: kindConnect, namespace: s.namespace}.frame([]byte(`{"sid":"` + s.id + `"}`)))
	session.push(s.held...)
	if s.closed { // meanwhile
		session.push(head{kind: kindDisconnect, namespace: s.namespace}.frame(nil))
	}
	s.welcomed, s.held = true, nil
}

// shut closes the socket, and gives the calls that get no answer any more.
func (s *Socket) shut() []func(Data, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := slices.Collect(maps.Values(s.calls))
	s.closed, s.held, s.calls = true, nil, nil
	return calls
}
