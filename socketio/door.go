// Package socketio is the Socket.IO door: it connects clients of Socket.IO to the server, in one namespace
// and with the names of package gateway. Package socket admits and signs in its sockets, which count with all
// others. The Socket.IO protocol itself is in package internal/socketio.
package socketio

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/gateway"
	"parley/internal/budget"
	"parley/internal/count"
	"parley/internal/listen"
	"parley/internal/origin"
	"parley/internal/places"
	"parley/internal/socketio"
	"parley/rooms"
	"parley/socket"
)

const (
	// Path is the address of the door.
	Path = "/socket.io/"
	// Namespace is the one namespace that clients may connect to.
	Namespace = "/chat"

	// The defaults of the official Socket.IO server.
	pingEvery   = 25 * time.Second
	pingTimeout = 20 * time.Second

	maxSince = 1 << 53 // the largest whole number that JSON has exactly
)

// Door serves clients of Socket.IO. Its methods are safe from any goroutine.
type Door struct {
	sockets    *socket.Door
	translator *gateway.Translator
	refusals   *count.Tally[chat.Code] // of all doors
	server     *socketio.Server
}

// handshake is what is known about a client before it signs in, and the place that its session holds.
type handshake struct {
	ctx     context.Context // ends with the session
	cred    auth.Credential // from the query, the header, or the cookie of a page of ours
	address string
	place   *places.Place
	user    atomic.Int64 // who signed in last; 0 when nobody did
	held    atomic.Int64 // nanoseconds for which it was held back without a break: see holdBack

	mu   sync.Mutex
	end  func() // ends the session; nil before it is open
	gone bool   // the place was taken away
}

// leave ends the session: its place is for another.
func (h *handshake) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.gone = true; h.end != nil {
		h.end()
	}
}

// opened notes how the session is ended. It ends at once when its place is gone already.
func (h *handshake) opened(end func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.end = end; h.gone {
		end()
	}
}

// holdBack has a client wait that sends what asks for nothing, when there was too much of it from its person, or from
// its address before somebody signed in. It returns false when the session has to end.
func (h *handshake) holdBack(sockets *socket.Door) (goOn bool) {
	by := access.Caller{User: chat.UserID(h.user.Load()), Address: h.address}
	held, ok := sockets.HoldBackCaller(h.ctx, by, time.Duration(h.held.Load()))
	h.held.Store(int64(held))
	return ok
}

// New makes the door. What waits for its clients counts in unread. visit says who sends a request that opens a
// session: whether a page of ours sends it, its credential and its address.
func New(
	limits access.Limits, sockets *socket.Door, translator *gateway.Translator, refusals *count.Tally[chat.Code],
	unread *budget.Budget, visit func(*http.Request) (origin.Verdict, auth.Credential, string),
) *Door {
	d := &Door{sockets: sockets, translator: translator, refusals: refusals}
	d.server = socketio.New(socketio.Config{
		PingInterval: pingEvery, PingTimeout: pingTimeout, ConnectTimeout: socket.AuthWait,
		MaxPayload: limits.FrameBytes, FirstPayload: access.StrangerBytes, OutboxBytes: limits.OutboxBytes, Unread: unread,
		Sessions: 2 * limits.Sockets, // those that are about to end included
		Admit:    func(r *http.Request) (any, func(), error) { return d.admit(r, visit) },
		Opened:   func(h any, end func()) { h.(*handshake).opened(end) },
		Idle:     func(h any) bool { return h.(*handshake).holdBack(sockets) },
		Request: func(h any, r *http.Request) {
			if user := h.(*handshake).user.Load(); user != 0 {
				listen.SignedIn(r.Context(), user)
			}
		},
		Origin: func(r *http.Request) (allowed, credentials bool) {
			from, _, _ := visit(r)
			return from != origin.Foreign, from == origin.Allowed
		},
	})
	d.server.Handle(Namespace, d.connect)
	return d
}

// admit finds a place for a session that opens. It is the person's whose credential the handshake has, if any.
func (d *Door) admit(
	r *http.Request, visit func(*http.Request) (origin.Verdict, auth.Credential, string),
) (_ any, left func(), err error) {
	from, cred, address := visit(r)
	ctx, ended := context.WithCancel(context.WithoutCancel(r.Context()))
	h := &handshake{ctx: ctx, address: address}
	if h.place, err = d.sockets.Admit(address, h.leave); err != nil {
		ended()
		return nil, nil, &socketio.Refusal{Message: err.Error()}
	}
	leave := func() {
		ended()
		h.place.GiveBack()
	}
	kept := false
	defer func() {
		if !kept { // also after a panic
			leave()
		}
	}()
	if cred.Cookie && from != origin.Allowed && !fromOwnPage(r) {
		cred = auth.Credential{}
	}
	h.cred = cred.Unless(r.URL.Query().Get("token"))
	if err := d.sockets.Belongs(r.Context(), h.place, h.cred); err != nil {
		return nil, nil, &socketio.Refusal{Message: err.Error()}
	}
	kept = true
	return h, leave, nil
}

// fromOwnPage reports whether the browser says that a page of this server's own site sends the request. When
// such a page only reads, the browser sends Sec-Fetch-Site but no Origin.
func fromOwnPage(r *http.Request) bool {
	return r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == "same-origin"
}

// ServeHTTP serves every request of a client: the handshake, polls and the upgrade.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.server.ServeHTTP(w, r) }

// Close tells every client to come back after the restart. It waits until all have gone, or until ctx ends.
func (d *Door) Close(ctx context.Context) error { return d.server.Close(ctx) }

// authIn is the data that a client sends when it connects to the namespace.
type authIn struct {
	Token string `json:"token"`
	// Since is a time in UTC milliseconds: the client asks for all it missed after it.
	Since float64 `json:"since"`
}

// connect signs a client in.
func (d *Door) connect(s *socketio.Socket, auth json.RawMessage) (_ socketio.Receiver, err error) {
	visit := s.Handshake().(*handshake) // made by Admit
	var in authIn
	if err := chat.DecodeLoosely(auth, &in); err != nil {
		return nil, refused(gateway.Malformed(err))
	}
	c := &client{door: d, out: s}
	c.sock = d.sockets.Begin(visit.address, visit.place, c.hangUp)
	c.sock.Dialect = d.translator.Listen(c.sock, int64(min(max(0, in.Since), maxSince)), c.send)
	entered := false
	defer func() {
		if !entered { // also after a panic
			d.sockets.LetGo(c.sock)
		}
	}()
	cost := socket.OpeningCost
	if in.Since > 0 {
		cost = socket.SinceCost
	}
	if err := d.sockets.SignIn(c.sock, visit.cred.Unless(in.Token), cost); err != nil {
		d.sockets.HoldBack(c.sock)
		return nil, refused(err)
	}
	visit.user.Store(int64(c.sock.Caller.User))
	entered = true
	return c, nil
}

// refused is the connect_error for a client that is refused.
func refused(err error) error {
	var closing *rooms.CloseError
	if errors.As(err, &closing) {
		return &socketio.Refusal{Message: closing.Reason}
	}
	refused := actions.Refusal(err)
	return &socketio.Refusal{Message: refused.Message, Data: gateway.RefusedOf(refused)}
}

// client is a client in the namespace. The library calls its methods one at a time.
type client struct {
	door *Door
	sock *rooms.Socket
	out  *socketio.Socket
}

// Event runs a client's request and answers it before the client's next event is read.
func (c *client) Event(e socketio.Event) {
	if c.sock.CloseCode() != 0 {
		return
	}
	var data json.RawMessage
	if len(e.Args) > 0 {
		data = e.Args[0]
	}
	answer, err := c.door.translator.Ask(c.sock.Context(), c.sock.Caller, e.Name, data)
	if err != nil {
		if actions.IsUnpaid(err) {
			c.door.sockets.HoldBack(c.sock)
		}
		c.refuse(e, err)
		return
	}
	if answer.Event != "" {
		c.emit(answer.Event, answer.Data)
	}
	if e.Ack != nil {
		c.acknowledge(e, answer.Data)
	}
}

// refuse reports a failure. It is the acknowledgment if the client asked for one, and otherwise an exception
// event.
func (c *client) refuse(e socketio.Event, err error) {
	refused := actions.Refusal(err)
	c.door.refusals.Add(refused.Code)
	told := gateway.RefusedOf(refused)
	if e.Ack == nil {
		c.emit("exception", told)
		return
	}
	c.acknowledge(e, struct {
		Error gateway.Refused `json:"error"`
	}{told})
}

func (c *client) acknowledge(e socketio.Event, answer any) {
	data, err := socketio.Values(answer)
	if err != nil {
		c.fault(e.Name, err)
		return
	}
	e.Ack(data)
}

func (c *client) emit(event string, data any) {
	c.send(&gateway.Event{Name: event, Data: data})
}

// send emits an event, and encodes it first unless that was done for another client.
func (c *client) send(event *gateway.Event) (corked bool) {
	if event.Packet == nil {
		data, err := socketio.Values(event.Data)
		if err != nil {
			c.fault(event.Name, err)
			return false
		}
		event.Packet = socketio.NewPacket(Namespace, event.Name, data)
	}
	c.out.Emit(event.Packet)
	return false
}

func (c *client) fault(event string, err error) {
	slog.Error("socketio: encode", "event", event, "error", err)
	c.sock.Cut(chat.CloseLater, chat.ErrInternal.Message)
}

// hangUp ends the connection. A disconnected client does not reconnect by itself, so that is for clients that
// have to sign in again or are refused for good. A client whose connection is just closed reconnects.
func (c *client) hangUp(code int, _ string) {
	if code == chat.CloseSignedOut || code == chat.CloseBanned || code == chat.ClosePolicy {
		c.out.Disconnect()
		return
	}
	c.out.Close()
}

// Closed removes the client's socket; the library calls it when the connection has closed.
func (c *client) Closed(reason socketio.Reason) {
	if reason == socketio.Slow {
		c.sock.CloseWith(chat.CloseSlow)
	}
	c.door.sockets.LetGo(c.sock)
}
