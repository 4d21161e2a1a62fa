// Clients: the sockets that one session has in the namespaces of a Server.

package socketio

import (
	"encoding/json"
	"errors"
	"log/slog"
	"time"
)

// client is a session together with its sockets. Its methods run one at a time, while Session.calls is held,
// so its fields need no lock.
type client struct {
	server    *Server
	session   *Session
	sockets   map[string]*Socket // by namespace; nil for one that was left: packets for it may still come
	impatient *time.Timer        // ends a session that enters no namespace in time
	partial   *message           // a message that still lacks attachments; nil when there is none
	size      int                // bytes of partial that have come
	entering  int                // how often the client asked to enter a namespace since the time below
	since     time.Time
}

// maxEntering bounds how often a client may ask to enter a namespace in one PingInterval. Each time costs the
// program as much as a new client does. Clients ask once, and again when their user signs in anew.
const maxEntering = 20

// accept makes the client of a session that opens.
func (s *Server) accept(session *Session) Inbox {
	c := &client{server: s, session: session, sockets: map[string]*Socket{}}
	c.impatient = time.AfterFunc(s.engine.config.ConnectTimeout, func() { session.end(TimedOut, true) })
	return c
}

// Message takes a packet, or an attachment of the packet before.
func (c *client) Message(m Message) error {
	if m.Binary != (c.partial != nil) {
		return errMalformed
	}
	if m.Binary {
		c.size += len(m.Data)
		if c.size > c.session.maxPayload() {
			return errMalformed
		}
		c.partial.data.Attachments = append(c.partial.data.Attachments, m.Data)
	} else {
		decoded, err := decodeMessage(m.Data)
		if err != nil {
			return err
		}
		c.partial, c.size = &decoded, len(m.Data)
	}
	whole := c.partial
	if len(whole.data.Attachments) < whole.attachments {
		return nil
	}
	c.partial = nil
	return c.take(whole)
}

// take does what a complete packet asks for.
func (c *client) take(m *message) error {
	socket, known := c.sockets[m.namespace]
	switch {
	case m.kind == kindConnect && socket == nil:
		return c.connect(m)
	case m.kind == kindConnect || !known:
		return errMalformed
	case socket == nil: // the client sent it before it knew that it had left the namespace
		return c.session.idle()
	case m.kind == kindDisconnect:
		c.leave(socket, Left)
	case m.kind == kindEvent:
		socket.receiver.Event(Event{Name: m.event, Data: m.data, Ack: socket.ackOf(m)})
	case m.kind == kindAck:
		if !socket.answered(m) {
			return c.session.idle()
		}
	}
	return nil
}

// entersTooOften counts an attempt to enter a namespace, and tells whether it is one too many.
func (c *client) entersTooOften(now time.Time) bool {
	if now.Sub(c.since) >= c.server.engine.config.PingInterval {
		c.entering, c.since = 0, now
	}
	c.entering++
	return c.entering > maxEntering
}

// connect asks the Connect function of a namespace whether the client may come in, and tells the client.
func (c *client) connect(m *message) error {
	refuse := func(why *Refusal) {
		payload, err := json.Marshal(struct {
			Message string `json:"message"`
			Data    any    `json:"data,omitempty"`
		}{why.Message, why.Data})
		if err != nil {
			payload = []byte(`{"message":"Internal error"}`)
		}
		c.session.push(head{kind: kindConnectError, namespace: m.namespace}.frame(payload))
	}
	connect, ok := c.server.namespaces[m.namespace]
	if !ok {
		if err := c.session.idle(); err != nil {
			return err
		}
		refuse(&Refusal{Message: "Invalid namespace"})
		return nil
	}
	if c.entersTooOften(time.Now()) {
		return errMalformed
	}
	socket := newSocket(c, m.namespace)
	receiver, err := connect(socket, m.auth)
	if err != nil {
		socket.shut()
		why := &Refusal{Message: "Internal error"}
		if !errors.As(err, &why) {
			slog.Error("connect to a namespace", "namespace", m.namespace, "error", err)
		}
		refuse(why)
		return nil
	}
	c.impatient.Stop()
	c.session.known.Store(true)
	socket.receiver = receiver
	c.sockets[m.namespace] = socket
	socket.welcome()
	return nil
}

// leave closes a socket, and tells its receiver and the calls that wait for an answer. A client that is in no
// namespace any more has to enter one again in time.
func (c *client) leave(socket *Socket, reason Reason) {
	defer guard(c.session)
	c.sockets[socket.namespace] = nil
	if !c.session.ended() && !c.isIn() {
		c.impatient.Reset(c.server.engine.config.ConnectTimeout)
	}
	for _, answered := range socket.shut() {
		answered(Data{}, ErrClosed)
	}
	socket.receiver.Closed(reason)
}

// dismissed is leave for a socket that the server disconnected. When the client has no other socket, it also
// closes the session.
func (c *client) dismissed(socket *Socket) {
	if c.sockets[socket.namespace] != socket || c.session.ended() {
		return // the socket was refused, has left by itself, or Closed is about to tell it
	}
	c.leave(socket, Ended)
	if !c.isIn() {
		c.session.Close()
	}
}

// isIn tells whether the client is in any namespace.
func (c *client) isIn() bool {
	for _, socket := range c.sockets {
		if socket != nil {
			return true
		}
	}
	return false
}

// Closed tells the receivers of all sockets that the session is over.
func (c *client) Closed(reason Reason) {
	c.impatient.Stop()
	for _, socket := range c.sockets {
		if socket != nil {
			c.leave(socket, reason)
		}
	}
}
