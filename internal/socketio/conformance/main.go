// Command conformance is a server for the public test suites of Engine.IO and Socket.IO. It has the settings
// and the namespaces that the suites expect, and uses nothing of Parley except package socketio.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"parley/internal/socketio"
)

func main() {
	address := flag.String("listen", "127.0.0.1:3000", "address to serve")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	if err := serve(ctx, listener, asSuitesExpect()); err != nil {
		log.Fatal(err)
	}
}

// asSuitesExpect returns the settings that the suites require of a server.
func asSuitesExpect() socketio.Config {
	return socketio.Config{
		PingInterval:   300 * time.Millisecond,
		PingTimeout:    200 * time.Millisecond,
		MaxPayload:     1e6,
		OutboxBytes:    4e6,
		Sessions:       10_000,
		ConnectTimeout: time.Second,
		Origin:         func(*http.Request) (allowed, credentials bool) { return true, false },
	}
}

// serve serves until ctx ends.
func serve(ctx context.Context, listener net.Listener, config socketio.Config) error {
	engine := socketio.NewEngine(config, func(s *socketio.Session) socketio.Inbox { return echo{s} })
	server := socketio.New(config)
	server.Handle("/", connect)
	server.Handle("/custom", connect)

	mux := http.NewServeMux()
	mux.Handle("/engine.io/", engine)
	mux.Handle("/socket.io/", server)
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(engine.Close(ctx), server.Close(ctx), web.Shutdown(ctx))
}

// echo is an Inbox that sends every message back.
type echo struct{ session *socketio.Session }

func (e echo) Message(m socketio.Message) error {
	e.session.Send(m)
	return nil
}

func (echo) Closed(socketio.Reason) {}

// apart is the time between two packets. The suites miss a packet that they read together with the one before
// it.
const apart = 10 * time.Millisecond

// connect lets everyone in, and sends the auth with which they came back to them.
func connect(s *socketio.Socket, auth json.RawMessage) (socketio.Receiver, error) {
	packet := socketio.NewPacket(s.Namespace(), "auth", socketio.Data{Args: []json.RawMessage{auth}})
	time.AfterFunc(apart, func() { s.Emit(packet) })
	return answerer{s}, nil
}

// answerer is a Receiver that sends clients of the main namespace their own data back, in the way that the
// event asks for.
type answerer struct{ socket *socketio.Socket }

func (a answerer) Event(event socketio.Event) {
	switch {
	case a.socket.Namespace() != "/":
	case event.Name == "message":
		a.socket.Emit(socketio.NewPacket("/", "message-back", event.Data))
	case event.Name == "message-with-ack" && event.Ack != nil:
		event.Ack(event.Data)
	}
}

func (answerer) Closed(socketio.Reason) {}
