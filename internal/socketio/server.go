// Package socketio serves Socket.IO, protocol 5, over Engine.IO, protocol 4, and knows nothing of what is said
// in it. The official clients from 3.0 on speak these: by polling, by WebSocket, and with the upgrade from one to
// the other. Not spoken: JSONP, compression, the recovery of a connection's state, and earlier protocols.
//
// A Server has namespaces. Each is a Connect function, which is asked who may come in and gives a Receiver for
// the socket that does:
//
//	server := socketio.New(config)
//	server.Handle("/chat", func(s *socketio.Socket, auth json.RawMessage) (socketio.Receiver, error) {
//		user, err := whoIs(s.Handshake(), auth) // what Config.Admit made of the request, and the client's own words
//		if err != nil {
//			return nil, &socketio.Refusal{Message: "sign in first"} // connect_error at the client
//		}
//		return &member{socket: s, user: user}, nil
//	})
//	http.Handle("/socket.io/", server)
//	defer server.Close(ctx)
//
// What is to be sent to many is encoded once, and emitted from any goroutine:
//
//	data, err := socketio.Values(map[string]string{"message": "hello"})
//	packet := socketio.NewPacket("/chat", "receiveMessage", data)
//	for _, socket := range sockets {
//		socket.Emit(packet)
//	}
//
// Nothing that is sent waits for a client. What waits to be sent is bounded by Config.OutboxBytes; a client that
// takes too little loses its connection with the reason Slow, never a packet in the middle. Each client's
// connection carries one session, a session carries a socket for each namespace, and whatever is wrong with what
// a client sends ends that session alone.
//
// An Engine serves sessions without Socket.IO on top.
package socketio

import (
	"context"
	"encoding/json"
	"net/http"
)

// Connect is asked whether a client may come into a namespace. Its auth is a JSON object, empty when the client
// gave none. While it runs nothing else is read from that client; what is emitted to the socket meanwhile, from
// any goroutine, follows the client's welcome. An error refuses: a Refusal is told to the client, any other is
// logged.
type Connect func(s *Socket, auth json.RawMessage) (Receiver, error)

// Receiver is what takes a socket's events. Its methods are called one at a time, also for all sockets of a
// session.
type Receiver interface {
	// Event is called for each event in the order they were sent, on the goroutine that reads: while it runs
	// nothing more is read, not even the answer to a ping.
	Event(Event)
	// Closed is called once, after the last event.
	Closed(Reason)
}

// Event is one that a client emitted.
type Event struct {
	Name string
	Data
	// Ack answers the client, once: later calls do nothing. It may be called from any goroutine and never
	// waits. It is nil when the client asks for no answer.
	Ack func(Data)
}

// Server serves Socket.IO. Its methods are safe from any goroutine, but Handle comes first.
type Server struct {
	engine     *Engine
	namespaces map[string]Connect
}

// New makes a server without namespaces.
func New(config Config) *Server {
	server := &Server{namespaces: map[string]Connect{}}
	server.engine = NewEngine(config, server.accept)
	return server
}

// Handle adds a namespace, named like "/chat"; "/" is the one that clients use when they name none. It must not
// be called any more once requests are served.
func (s *Server) Handle(namespace string, connect Connect) { s.namespaces[namespace] = connect }

// ServeHTTP serves a request at whatever path the server is mounted.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// Sessions tells how many clients there are.
func (s *Server) Sessions() int { return s.engine.Sessions() }

// Close ends all sessions after what waits for them, and admits none any more. Clients come back by themselves.
// It returns once all have gone and all receivers have been told. When ctx ends before, it cuts them and returns
// its error.
func (s *Server) Close(ctx context.Context) error { return s.engine.Close(ctx) }
