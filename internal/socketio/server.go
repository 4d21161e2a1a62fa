// Package socketio serves Socket.IO, protocol 5, over Engine.IO, protocol 4. It knows nothing about the
// events that clients and server exchange: those are for the program that uses it. The official clients from
// version 3.0 on speak these protocols, by polling, by WebSocket, and with the upgrade from one to the other.
// The package does not support JSONP, compression, the recovery of a connection's state, and earlier
// protocols.
//
// A Server has namespaces. Each namespace has a Connect function, which decides who may come in and returns a
// Receiver for each socket that does:
//
//	server := socketio.New(config)
//	server.Handle("/chat", func(s *socketio.Socket, auth json.RawMessage) (socketio.Receiver, error) {
//		user, err := whoIs(s.Handshake(), auth) // from Config.Admit, and from the client
//		if err != nil {
//			return nil, &socketio.Refusal{Message: "sign in first"} // connect_error at the client
//		}
//		return &member{socket: s, user: user}, nil
//	})
//	http.Handle("/socket.io/", server)
//	defer server.Close(ctx)
//
// An event for many sockets is encoded once. It can be emitted from any goroutine:
//
//	data, err := socketio.Values(map[string]string{"message": "hello"})
//	packet := socketio.NewPacket("/chat", "receiveMessage", data)
//	for _, socket := range sockets {
//		socket.Emit(packet)
//	}
//
// Sending never waits for a client. Config.OutboxBytes bounds what waits for each client. A client that takes
// too little loses its connection with the reason Slow; it never loses a packet in the middle. The connection
// of a client carries one session, and a session carries one socket for each namespace. When a client sends
// something wrong, only its own session ends.
//
// An Engine serves sessions of Engine.IO without Socket.IO on top.
package socketio

import (
	"context"
	"encoding/json"
	"net/http"
)

// Connect is called when a client wants to come into a namespace. auth is a JSON object, which is empty when
// the client sent none. While Connect runs, nothing else is read from that client. Packets that are emitted
// to the socket meanwhile, from any goroutine, are sent after the client's welcome. With an error the client
// is refused. A Refusal is sent to the client; any other error is logged, and the client gets "Internal
// error".
type Connect func(s *Socket, auth json.RawMessage) (Receiver, error)

// Receiver takes the events of a socket. For all sockets of a session together, only one method of their
// receivers runs at a time.
type Receiver interface {
	// Event is called for each event, in the order in which the client sent them. It runs on the goroutine
	// that reads from the client: until it returns, nothing more is read, not even the answer to a ping.
	Event(Event)
	// Closed is called once, after the last event.
	Closed(Reason)
}

// Event is an event that a client emitted.
type Event struct {
	Name string
	Data
	// Ack sends the client the answer to the event. Only the first call does. It never waits, and is safe
	// from any goroutine. It is nil when the client wants no answer.
	Ack func(Data)
}

// Server serves Socket.IO. Its methods are safe from any goroutine, but Handle must be called before all
// others.
type Server struct {
	engine     *Engine
	namespaces map[string]Connect
}

// New makes a server that has no namespaces yet.
func New(config Config) *Server {
	server := &Server{namespaces: map[string]Connect{}}
	server.engine = NewEngine(config, server.accept)
	return server
}

// Handle adds a namespace with a name like "/chat". Clients that give no name use the namespace "/". Handle
// must not be called once the server gets requests.
func (s *Server) Handle(namespace string, connect Connect) { s.namespaces[namespace] = connect }

// ServeHTTP serves a request. The server can be mounted at any path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// Sessions returns how many clients there are.
func (s *Server) Sessions() int { return s.engine.Sessions() }

// Close admits no more sessions, and ends those there are after sending what waits for them. Clients
// reconnect by themselves. Close returns when all sessions are over and all receivers have been told. When
// ctx ends before that, Close cuts the sessions and returns the error of ctx.
func (s *Server) Close(ctx context.Context) error { return s.engine.Close(ctx) }
