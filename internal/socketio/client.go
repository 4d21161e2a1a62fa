// What a session means to a Server: the sockets of one client.

package socketio

import (
	"encoding/json"
	"errors"
	"log/slog"
	"time"
)

// client is a session and its sockets. Its fields are used by what the session calls, one at a time.
type client struct {
	server    *Server
	session   *Session
	sockets   map[string]*Socket // by namespace; nil for one that was left, of which packets may still come
	impatient *time.Timer
	partial   *message // whose attachments have not all come
	size      int      // bytes of it
}

func (s *Server) accept(session *Session) Inbox {
	c := &client{server: s, session: session, sockets: map[string]*Socket{}}
	c.impatient = time.AfterFunc(s.engine.config.ConnectTimeout, func() { session.end(TimedOut, true) })
	return c
}

// Message takes a packet, or an attachment of one.
func (c *client) Message(m Message) error {
	if m.Binary != (c.partial != nil) {
		return errMalformed
	}
	if m.Binary {
		c.size += len(m.Data)
		if c.size > c.server.engine.config.MaxPayload {
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

// take does what a packet asks for.
func (c *client) take(m *message) error {
	socket, known := c.sockets[m.namespace]
	switch {
	case m.kind == kindConnect && socket == nil:
		c.connect(m)
	case m.kind == kindConnect || !known:
		return errMalformed
	case socket == nil: // sent before the client knew that it has left
	case m.kind == kindDisconnect:
		c.leave(socket, Left)
	case m.kind == kindEvent:
		socket.receiver.Event(Event{Name: m.event, Data: m.data, Ack: socket.ackOf(m)})
	case m.kind == kindAck:
		socket.answered(m)
	}
	return nil
}

// connect asks a namespace whether the client may come in.
func (c *client) connect(m *message) {
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
		refuse(&Refusal{Message: "Invalid namespace"})
		return
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
		return
	}
	c.impatient.Stop()
	socket.receiver = receiver
	c.sockets[m.namespace] = socket
	socket.welcome()
}

// leave tells a socket's receiver that it is over.
func (c *client) leave(socket *Socket, reason Reason) {
	defer guard(c.session)
	c.sockets[socket.namespace] = nil
	for _, answered := range socket.shut() {
		answered(Data{}, ErrClosed)
	}
	socket.receiver.Closed(reason)
}

// dismissed is leave for a socket that the server disconnected. The connection goes with the last.
func (c *client) dismissed(socket *Socket) {
	if c.sockets[socket.namespace] != socket || c.session.ended() {
		return // refused, gone by itself, or about to be told why
	}
	c.leave(socket, Ended)
	for _, other := range c.sockets {
		if other != nil {
			return
		}
	}
	c.session.Close()
}

// Closed tells all receivers.
func (c *client) Closed(reason Reason) {
	c.impatient.Stop()
	for _, socket := range c.sockets {
		if socket != nil {
			c.leave(socket, reason)
		}
	}
}
