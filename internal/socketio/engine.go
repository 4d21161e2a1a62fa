// The Engine.IO server: who may open a session, and which there are.

package socketio

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/olahol/melody"
)

// Config says how a server is reached and what it bears. All of it is required but Admit and Origin.
type Config struct {
	PingInterval time.Duration // from a pong, or the start, to the next ping
	PingTimeout  time.Duration // for the answer to a ping; after it the session ends

	MaxPayload  int // bytes of a frame or a body from a client, and of an event with its attachments
	OutboxBytes int // that wait for a session; one event always fits, however long
	Sessions    int // at once

	// ConnectTimeout is how long a client of a Server may be in no namespace before it ever was in one.
	ConnectTimeout time.Duration

	// Admit is asked before a session opens, on the goroutine of its request. What it returns is kept as the
	// session's Handshake; left, when not nil, is called once the session is over and has made room. An error
	// refuses with 403, and a Refusal says why. Without Admit all may come.
	Admit func(r *http.Request) (handshake any, left func(), err error)

	// Origin is asked about every request, and whether a page of that origin may send cookies. Without it
	// those that name an origin are refused.
	Origin func(r *http.Request) (allowed, credentials bool)
}

// Refusal tells a client why it may not come in, as the message and data of its error.
type Refusal struct {
	Message string
	Data    any // left out when nil; must have JSON
}

func (r *Refusal) Error() string { return r.Message }

// Engine serves the sessions of Engine.IO. Its methods are safe from any goroutine.
type Engine struct {
	config  Config
	accept  func(*Session) Inbox
	melody  *melody.Melody
	running sync.WaitGroup // sessions, their connections, and what is told of their end

	mu       sync.Mutex // guards all below
	sessions map[string]*Session
	closing  bool
}

// NewEngine makes a server of sessions. It calls accept for each that opens, before anything comes in.
func NewEngine(config Config, accept func(*Session) Inbox) *Engine {
	e := &Engine{config: config, accept: accept, sessions: map[string]*Session{}}
	e.melody = newMelody(config.MaxPayload)
	return e
}

// Sessions tells how many there are.
func (e *Engine) Sessions() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.sessions)
}

// Close ends all sessions after what waits for them, and admits none any more. It returns once they have gone
// and all has been told of it. When ctx ends before, it cuts them and returns its error.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	e.closing = true
	sessions := slices.Collect(maps.Values(e.sessions))
	e.mu.Unlock()
	for _, s := range sessions {
		s.end(Shutdown, true)
	}
	gone := make(chan struct{})
	go func() {
		e.running.Wait()
		close(gone)
	}()
	select {
	case <-gone:
		return nil
	case <-ctx.Done():
		for _, s := range sessions {
			s.cut()
		}
		return ctx.Err()
	}
}

// refused is why a request is not served, in the words that clients know.
type refused struct {
	status  int
	code    int
	message string
}

func (r *refused) Error() string { return r.message }

var (
	errTransport = &refused{http.StatusBadRequest, 0, "Transport unknown"}
	errSession   = &refused{http.StatusBadRequest, 1, "Session ID unknown"}
	errMethod    = &refused{http.StatusBadRequest, 2, "Bad handshake method"}
	errRequest   = &refused{http.StatusBadRequest, 3, "Bad request"}
	errTooBig    = &refused{http.StatusRequestEntityTooLarge, 3, "Payload too large"}
	errFull      = &refused{http.StatusServiceUnavailable, 4, "Too many sessions"}
	errForbidden = &refused{http.StatusForbidden, 4, "Forbidden"}
	errVersion   = &refused{http.StatusBadRequest, 5, "Unsupported protocol version"}
)

// ServeHTTP serves a request at whatever path the server is mounted.
func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := e.serve(w, r)
	if err == nil {
		return
	}
	var why *refused
	if !errors.As(err, &why) {
		why = errForbidden
		if said := new(Refusal); errors.As(err, &said) {
			why = &refused{http.StatusForbidden, errForbidden.code, said.Message}
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(why.status)
	fmt.Fprintf(w, `{"code":%d,"message":%s}`, why.code, quoted(why.message))
}

func (e *Engine) serve(w http.ResponseWriter, r *http.Request) error {
	if !e.allows(w, r) {
		return errForbidden
	}
	query := r.URL.Query()
	sid := query.Get("sid")
	switch transport := query.Get("transport"); {
	case r.Method == http.MethodOptions:
		w.WriteHeader(http.StatusNoContent)
		return nil
	case query.Get("EIO") != "4":
		return errVersion
	case transport == "websocket":
		return e.serveWebSocket(w, r, sid)
	case transport != "polling":
		return errTransport
	case sid != "":
		return e.servePolling(w, r, sid)
	case r.Method != http.MethodGet:
		return errMethod
	}
	s, err := e.open(r, "websocket")
	if err != nil {
		return err
	}
	return s.servePoll(w, r)
}

// allows asks who embeds the server, and tells the browser.
func (e *Engine) allows(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if e.config.Origin == nil {
		return origin == ""
	}
	allowed, credentials := e.config.Origin(r)
	if !allowed || origin == "" {
		return allowed
	}
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", origin)
	header.Add("Vary", "Origin")
	if credentials {
		header.Set("Access-Control-Allow-Credentials", "true")
	}
	if r.Method == http.MethodOptions {
		header.Set("Access-Control-Allow-Methods", "GET, POST")
		header.Set("Access-Control-Max-Age", "600")
		if asked := r.Header.Values("Access-Control-Request-Headers"); len(asked) > 0 {
			header.Add("Vary", "Access-Control-Request-Headers")
			header.Set("Access-Control-Allow-Headers", strings.Join(asked, ", "))
		}
	}
	return true
}

// session finds one that a request names.
func (e *Engine) session(id string) (*Session, error) {
	e.mu.Lock()
	s := e.sessions[id]
	e.mu.Unlock()
	if s == nil || !s.lives(time.Now()) {
		return nil, errSession
	}
	return s, nil
}

// open begins a session, whose first packet says what the client has to know.
func (e *Engine) open(r *http.Request, upgrades ...string) (*Session, error) {
	s := &Session{engine: e, id: rand.Text(), due: time.Now().Add(e.config.PingInterval)}
	if e.config.Admit != nil {
		var err error
		if s.handshake, s.left, err = e.config.Admit(r); err != nil {
			return nil, err
		}
	}
	first, err := json.Marshal(map[string]any{
		"sid": s.id, "upgrades": append([]string{}, upgrades...), "maxPayload": e.config.MaxPayload,
		"pingInterval": e.config.PingInterval.Milliseconds(), "pingTimeout": e.config.PingTimeout.Milliseconds(),
	})
	if err != nil {
		return nil, err
	}
	s.calls.Lock() // so that it is told of no end before it is accepted
	defer s.calls.Unlock()
	s.mu.Lock()
	err = e.add(s)
	s.mu.Unlock()
	if err != nil {
		if s.left != nil {
			s.left()
		}
		return nil, err
	}
	s.push(textFrame(packetOpen, string(first)))
	s.inbox = e.accept(s)
	return s, nil
}

// add counts a session that opens. Once the server is closing none is added, so that what is waited for can
// only become less.
func (e *Engine) add(s *Session) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing || len(e.sessions) >= e.config.Sessions {
		return errFull
	}
	e.sessions[s.id] = s
	e.running.Add(1)
	s.timer = time.AfterFunc(e.config.PingInterval, s.tick)
	return nil
}

// remove is the end of a session.
func (e *Engine) remove(s *Session) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.sessions, s.id)
	if s.left != nil {
		e.running.Go(s.left)
	}
	e.running.Done()
}

// guard keeps a panic in what embeds the server to the session it was for.
func guard(s *Session) {
	if p := recover(); p != nil {
		slog.Error("panic in a Socket.IO session", "panic", p, "stack", string(debug.Stack()))
		s.end(Failed, false)
	}
}
