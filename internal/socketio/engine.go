// The Engine.IO server: opens sessions for those who may have one, and finds the session of a request.

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

	"parley/internal/budget"
)

// Config has the bounds of a server, and the functions that decide who may use it. The fields with
// numbers and times are required.
type Config struct {
	PingInterval time.Duration // from a pong, or from the start, to the next ping
	PingTimeout  time.Duration // how long a client may take to answer a ping before its session ends

	MaxPayload int // bytes in a frame or a body from a client, and in an event with its attachments
	// FirstPayload is MaxPayload until the client of a Server has entered a namespace. On a WebSocket it is the sum of
	// all frames. 0 means MaxPayload, and is for an Engine alone.
	FirstPayload int
	OutboxBytes  int // bytes that may wait for a session; when none wait, an event of any length fits
	// Unread is the total in which everything counts that waits for clients, here and elsewhere; nil for none.
	Unread   *budget.Budget
	Sessions int // how many sessions there may be at once

	// ConnectTimeout is how long a client of a Server may take to enter its first namespace.
	ConnectTimeout time.Duration

	// Admit is called before a session opens, on the goroutine of its request. The session keeps handshake
	// for its method Handshake. left, when it is not nil, is called after the session is over and no longer
	// counted. With an error the request is answered 403; a Refusal also tells the client why. Without Admit
	// every client may open a session.
	Admit func(r *http.Request) (handshake any, left func(), err error)

	// Opened is called once a session is open, with a function that ends it; the client may come back. Request
	// is called for each request of a session that polls, before it waits. Neither may wait; both may be nil.
	Opened  func(handshake any, end func())
	Request func(handshake any, r *http.Request)

	// Idle is called for what a client sends that asks for nothing, such as a ping, on the goroutine that reads from
	// the client: it may wait, and nothing more is read meanwhile. When it returns false the session ends. May be
	// nil.
	Idle func(handshake any) (goOn bool)

	// Origin is called for every request. allowed tells whether the request may be served, and credentials
	// whether a page of its origin may send cookies. Without Origin, requests with an Origin header are
	// refused.
	Origin func(r *http.Request) (allowed, credentials bool)
}

// Refusal tells a client why it may not come in. The client's library gives it an error with this message and
// data.
type Refusal struct {
	Message string
	Data    any // nil for no data; else it must be possible to marshal it as JSON
}

// Error returns the message.
func (r *Refusal) Error() string { return r.Message }

// Engine serves Engine.IO sessions. Its methods are safe from any goroutine.
type Engine struct {
	config  Config
	accept  func(*Session) Inbox
	melody  *melody.Melody
	running sync.WaitGroup // sessions, their connections, and goroutines that tell about their end

	mu       sync.Mutex // guards everything below
	sessions map[string]*Session
	closing  bool
}

// NewEngine makes an Engine. It calls accept for each session that opens, before the session takes any
// message.
func NewEngine(config Config, accept func(*Session) Inbox) *Engine {
	e := &Engine{config: config, accept: accept, sessions: map[string]*Session{}}
	e.melody = newMelody(config.MaxPayload)
	return e
}

// Sessions returns how many sessions there are.
func (e *Engine) Sessions() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.sessions)
}

// Close admits no more sessions, and ends those there are after sending what waits for them. It returns when
// all are over and their inboxes have been told. When ctx ends before that, Close cuts the sessions and
// returns the error of ctx.
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

// refused says why a request is not served, with the codes and messages that clients know.
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
	errUpgrade   = &refused{http.StatusUpgradeRequired, 3, "Bad request: it has no \"Upgrade: websocket\", " +
		"which a proxy in front of the server has to pass on"}
	errTooBig    = &refused{http.StatusRequestEntityTooLarge, 3, "Payload too large"}
	errFull      = &refused{http.StatusServiceUnavailable, 4, "Too many sessions"}
	errForbidden = &refused{http.StatusForbidden, 4, "Forbidden"}
	errVersion   = &refused{http.StatusBadRequest, 5, "Unsupported protocol version"}
)

// ServeHTTP serves a request. The engine can be mounted at any path.
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
	if why.status == http.StatusUpgradeRequired {
		w.Header().Set("Upgrade", "websocket") // which RFC 9110 wants with this status
	}
	if why.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
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

// allows asks Config.Origin whether a request may be served, and sets the headers that tell the browser.
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

// session finds the session that a request names.
func (e *Engine) session(id string) (*Session, error) {
	e.mu.Lock()
	s := e.sessions[id]
	e.mu.Unlock()
	if s == nil || !s.lives(time.Now()) {
		return nil, errSession
	}
	return s, nil
}

// open opens a session. Its first packet tells the client the session's id and the bounds of the server.
func (e *Engine) open(r *http.Request, upgrades ...string) (*Session, error) {
	s := &Session{engine: e, id: rand.Text()}
	s.known.Store(e.config.FirstPayload == 0)
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
	s.calls.Lock() // so that the inbox is not told of an end before accept has made it
	defer s.calls.Unlock()
	s.mu.Lock()
	s.due = time.Now().Add(e.config.PingInterval)
	if err = e.add(s); err == nil {
		s.pushLocked(textFrame(packetOpen, string(first))) // before any ping
	}
	s.mu.Unlock()
	if err != nil {
		if s.left != nil {
			s.left()
		}
		return nil, err
	}
	s.inbox = e.accept(s)
	if e.config.Opened != nil {
		e.config.Opened(s.handshake, func() { s.end(Ended, false) })
	}
	return s, nil
}

// add adds a session that opens. It adds none once the server is closing, so that Close waits for a number of
// sessions that can only fall.
func (e *Engine) add(s *Session) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing || len(e.sessions) >= e.config.Sessions {
		return errFull
	}
	e.sessions[s.id] = s
	e.running.Add(1)
	s.timer = time.AfterFunc(e.config.PingInterval, s.tick)
	if e.config.Unread != nil {
		e.config.Unread.Join(s)
	}
	return nil
}

// remove removes a session that is over, and has Config.Admit's left called.
func (e *Engine) remove(s *Session) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.sessions, s.id)
	if s.left != nil {
		e.running.Go(s.left)
	}
	e.running.Done()
}

// guard is deferred around calls of the program's functions. When one panics, guard logs it and ends only the
// session that it was called for.
func guard(s *Session) {
	if p := recover(); p != nil {
		slog.Error("panic in a Socket.IO session", "panic", p, "stack", string(debug.Stack()))
		s.end(Failed, false)
	}
}
