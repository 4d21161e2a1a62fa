// The WebSocket door: upgrading, signing in, reading frames, and letting go. What each event does is in
// socket_events.go.

package socket

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/gateway"
	"parley/internal/count"
	"parley/internal/grown"
	"parley/internal/hijack"
	"parley/internal/origin"
	"parley/rooms"
	"parley/store"
)

// Path is the address of the door.
const Path = "/ws"

const (
	pingEvery   = 25 * time.Second // below the 30 s after which phones and proxies forget a connection
	pongWait    = 60 * time.Second
	AuthWait    = 5 * time.Second   // for the first frame of a socket that is not signed in
	melodyQueue = 1                 // frames; none, since the outbox writes by itself
	maxOpening  = 2 * store.Readers // at once; mostly they wait for a reader
)

// The keys of a melody session.
const (
	keySocket     = "socket"
	keyCredential = "credential"
	keyUser       = "user"
	keySession    = "session"
	keyRooms      = "rooms"
)

// Door serves the sockets. Its methods are safe from any goroutine.
type Door struct {
	Limits   access.Limits
	Actions  *actions.Actions
	rooms    *rooms.Rooms
	Tokens   *auth.Signer
	events   map[string]event // events, and in tests one that panics
	counts   *counts
	Refusals *count.Tally[chat.Code] // of all doors
	melody   *melody.Melody
	Gateway  *gateway.Translator   // for Socket.IO and sockets without our subprotocol
	opening  chan *grown.Goroutine // on which sockets sign in
	running  sync.WaitGroup        // requests that are sockets
	LastID   atomic.Uint64

	mu        sync.Mutex                 // guards all below
	all       map[*rooms.Socket]struct{} // those that are about to be closed included
	addresses map[string]int             // admitted sockets from each
	admitted  int
	closing   bool
}

// New sets up melody: no compression (a small frame may unpack to gigabytes), and next to no queue
// of its own, since nothing is sent through it.
func New(
	limits access.Limits, acts *actions.Actions, live *rooms.Rooms, tokens *auth.Signer,
	refusals *count.Tally[chat.Code],
) *Door {
	d := &Door{
		Limits: limits, Actions: acts, rooms: live, Tokens: tokens,
		events: events, counts: newCounts(), Refusals: refusals, melody: melody.New(), Gateway: &gateway.Translator{Actions: acts},
		opening: make(chan *grown.Goroutine, maxOpening),
		all:     map[*rooms.Socket]struct{}{}, addresses: map[string]int{},
	}
	for range maxOpening {
		d.opening <- grown.Start()
	}
	m := d.melody
	m.Config.MaxMessageSize = int64(limits.FrameBytes)
	m.Config.MessageBufferSize = melodyQueue
	m.Config.PingPeriod, m.Config.PongWait = pingEvery, pongWait
	m.Upgrader.Subprotocols = []string{chat.Subprotocol}
	m.Upgrader.WriteBufferPool = &sync.Pool{}
	m.Upgrader.ReadBufferSize, m.Upgrader.WriteBufferSize = 512, 512
	m.HandleConnect(d.guarded(d.connected))
	m.HandleDisconnect(d.guarded(d.disconnected))
	m.HandleMessage(func(s *melody.Session, frame []byte) {
		d.guarded(func(s *melody.Session) { d.read(s, frame) })(s)
	})
	m.HandleMessageBinary(func(s *melody.Session, _ []byte) {
		socketOf(s).Cut(chat.ClosePolicy, "text frames only")
	})
	m.HandleError(func(s *melody.Session, err error) {
		d.guarded(func(s *melody.Session) { broke(socketOf(s), err) })(s)
	})
	return d
}

// guarded keeps a panic in one of melody's callbacks to that socket. In the one that follows a written
// frame it would end the process.
func (d *Door) guarded(fn func(*melody.Session)) func(*melody.Session) {
	return func(s *melody.Session) {
		defer func() {
			if p := recover(); p != nil {
				slog.Error("panic in a socket", "panic", p, "stack", string(debug.Stack()))
				s.WebsocketConnection().Close() // melody's own Close can be lost
			}
		}()
		fn(s)
	}
}

// signedIn tells whether it is known who a session is of.
func signedIn(s *melody.Session) bool {
	_, known := s.Get(keyUser)
	return known
}

// closeWait is for the close frame to get through.
const closeWait = 100 * time.Millisecond

// HangUp closes a connection now; behind a write under way the close frame gets a tenth of a second. It goes
// around melody's queue, where a close can be lost or wait for ever.
func hangUp(sock *rooms.Socket, s *melody.Session) func(code int, reason string) {
	conn := s.WebsocketConnection()
	return func(code int, reason string) {
		go func() {
			frame := websocket.FormatCloseMessage(code, reason)
			conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeWait)) // best effort
			if sock.Writing() {
				// That may have begun since the outbox was closed: then it has the frame yet to write.
				<-time.After(closeWait)
			}
			conn.Close() // it is over either way
		}()
	}
}

func socketOf(s *melody.Session) *rooms.Socket {
	return s.MustGet(keySocket).(*rooms.Socket) // set when connecting
}

// Serve upgrades a request and leaves the socket to a goroutine of its own. Only a foreign page is refused
// with a status: a browser cannot see any, so all else is upgraded and then closed with its code. A cookie
// counts only with an Origin of ours.
func (d *Door) Serve(
	w http.ResponseWriter, r *http.Request, from origin.Verdict, cred auth.Credential, address string,
) error {
	if from == origin.Foreign {
		return auth.ErrForeignOrigin
	}
	if !websocket.IsWebSocketUpgrade(r) {
		return chat.Errorf(chat.BadRequest, "this address speaks WebSocket")
	}
	if err := d.begin(); err != nil {
		return err
	}
	sock := rooms.NewSocket(d.LastID.Add(1), address, d.Limits.OutboxBytes)
	keys := map[string]any{keySocket: sock}
	if cred.Token != "" && (!cred.Cookie || from == origin.Allowed) {
		keys[keyCredential] = cred
	}
	taken, err := hijack.Take(w)
	if err != nil {
		d.running.Done()
		return err
	}
	taken.Conn = sock.Wire(taken.Conn) // what is written to it goes through the outbox
	go func() {
		defer d.running.Done()
		d.manage(taken, sock, r, keys)
	}()
	return nil
}

// manage has melody manage a connection until it has closed. A panic is kept to it, as the HTTP server would.
func (d *Door) manage(taken *hijack.Taken, sock *rooms.Socket, r *http.Request, keys map[string]any) {
	conn := taken.Conn
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic in a socket", "panic", p, "stack", string(debug.Stack()))
		}
		conn.Close() // melody has, unless the handshake failed
	}()
	if err := d.melody.HandleRequestWithKeys(taken, r, keys); err != nil {
		slog.Debug("upgrade", "error", err)
		sock.Uncork()
	}
}

// begin counts a request that becomes a socket. Once the door is closing none is begun, so that what is
// waited for can only become less.
func (d *Door) begin() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closing {
		return chat.Errorf(chat.Unavailable, "the server is stopping")
	}
	d.running.Add(1)
	return nil
}

// connected runs before melody's write pump, so it writes nothing but through the outbox.
func (d *Door) connected(s *melody.Session) {
	sock := socketOf(s)
	defer sock.Uncork() // the answer to the upgrade and the first frame leave as one
	sock.HangUp = hangUp(sock, s)
	s.Request = nil // it would be kept for as long as the socket lives
	refused := d.comeIn(sock)
	if s.WebsocketConnection().Subprotocol() != chat.Subprotocol {
		d.useGateway(sock)
	}
	cred, ok := s.Get(keyCredential)
	switch {
	case refused != nil:
		d.refuse(sock, refused)
	case !ok:
		sock.Until = time.AfterFunc(AuthWait, func() { sock.Cut(chat.CloseSignedOut, "no auth frame came") })
	default:
		d.open(s, sock, cred.(auth.Credential)) // set by Serve
	}
}

// comeIn notes a socket of our own protocols, signed in or not, and counts it unless it is one too many.
func (d *Door) comeIn(sock *rooms.Socket) error {
	d.Note(sock)
	err := d.Admit(sock.Address)
	sock.Admitted = err == nil
	return err
}

// Note is the beginning of a socket, of every door.
func (d *Door) Note(sock *rooms.Socket) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all[sock] = struct{}{}
	d.counts.opened++
}

// Admit counts a connection, signed in or not. It refuses one too many, and any while the server stops.
func (d *Door) Admit(address string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closing:
		return &rooms.CloseError{Code: chat.CloseRestart, Reason: "the server is stopping"}
	case d.admitted >= d.Limits.Sockets:
		return &rooms.CloseError{Code: chat.CloseLater, Reason: "the server has as many sockets as it may"}
	case d.addresses[address] >= d.Limits.SocketsPerAddress:
		return rooms.TooManySockets(d.Limits.SocketsPerAddress, "an address")
	}
	d.admitted++
	d.addresses[address]++
	return nil
}

// Dismiss is the end of a connection that was admitted.
func (d *Door) Dismiss(address string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dismissLocked(address)
}

func (d *Door) dismissLocked(address string) {
	d.admitted--
	count.Down(d.addresses, address)
}

// forgetLocked is the end of a socket.
func (d *Door) forgetLocked(sock *rooms.Socket) {
	delete(d.all, sock)
	d.counts.leave(sock)
	if sock.Admitted {
		d.dismissLocked(sock.Address)
	}
}

// open signs a socket in and tells whether it did; otherwise it is closed with what tells its client why not.
// It does so on a goroutine that stays: the stack that this needs would be grown anew for each socket, and be
// its own for as long as it lives.
func (d *Door) open(s *melody.Session, sock *rooms.Socket, cred auth.Credential) (opened bool) {
	d.WhileOpening(func() {
		err := d.enter(s, sock, cred)
		if opened = err == nil; !opened {
			d.refuse(sock, err)
		}
	})
	return opened
}

// WhileOpening runs fn on one of the goroutines that stay, for every door; a panic goes on here.
func (d *Door) WhileOpening(fn func()) {
	on := <-d.opening
	defer func() { d.opening <- on }()
	on.Run(fn)
}

func (d *Door) enter(s *melody.Session, sock *rooms.Socket, cred auth.Credential) error {
	ticket, err := auth.TicketOf(context.Background(), d.Tokens, d.Actions, cred)
	if err != nil {
		return err
	}
	if err := d.SignIn(sock, ticket); err != nil {
		return err
	}
	s.Set(keyUser, sock.Caller.User)
	s.Set(keySession, sock.Caller.Session)
	s.Set(keyRooms, sock.Rooms) // guarded by Rooms.mu, like the socket's own
	return nil
}

// SignIn has a socket come in, for every door: noted, snapshot read, entered.
func (d *Door) SignIn(sock *rooms.Socket, ticket auth.Ticket) error {
	if err := ticket.Caller.May(chat.ScopeRead); err != nil { // a socket is told everything
		return err
	}
	sock.Caller = ticket.Caller
	sock.Caller.Order = &access.Order{}
	if err := d.rooms.Opening(sock); err != nil {
		return err
	}
	snapshot, err := d.Actions.Snapshot(context.Background(), sock.Caller)
	if err != nil {
		return err
	}
	if snapshot.User.ID != sock.Caller.User {
		return store.ErrSignedOut
	}
	if sock.Until != nil {
		sock.Until.Stop()
	}
	sock.Until = time.AfterFunc(ticket.ExpiresAt.Sub(d.Tokens.Now()), func() {
		sock.Finish(chat.CloseSignedOut, "the token ended")
	})
	sock.Opened = true
	if err := d.rooms.Enter(sock, snapshot); err != nil {
		return err
	}
	slog.Info("socket connected", "user", sock.Caller.User, "socket", sock.Id, "address", sock.Address)
	return nil
}

// refuse closes a socket that cannot be opened with the code that tells its client what to do.
func (d *Door) refuse(sock *rooms.Socket, err error) {
	var closing *rooms.CloseError
	switch {
	case errors.As(err, &closing):
		sock.Cut(closing.Code, closing.Reason)
	case chat.IsCode(err, chat.SignedOut):
		sock.Cut(chat.CloseSignedOut, "sign in first")
	case chat.IsCode(err, chat.Forbidden):
		sock.Cut(chat.ClosePolicy, actions.Refusal(err).Message)
	default:
		sock.Cut(chat.CloseLater, actions.Refusal(err).Message)
	}
}

// disconnected runs once for every socket that connected, after its last frame has been read.
func (d *Door) disconnected(s *melody.Session) { d.LetGo(socketOf(s)) }

// LetGo is the end of a socket, of every door.
func (d *Door) LetGo(sock *rooms.Socket) {
	sock.End(websocket.CloseAbnormalClosure)
	if sock.Until != nil {
		sock.Until.Stop()
	}
	d.rooms.Gone(sock)
	d.mu.Lock()
	d.forgetLocked(sock)
	d.mu.Unlock()
	if sock.Opened {
		if grant := sock.Caller.Grant; grant != nil {
			d.Actions.KeepTokenUsed(grant.Token)
		}
		slog.Info("socket disconnected", "user", sock.Caller.User, "socket", sock.Id, "address", sock.Address,
			"seconds", int(time.Since(sock.Since).Seconds()))
	}
}

// read takes one frame: one event a line. melody calls it from the socket's reader, one frame after the
// other, so what a connection sends is handled in its order.
func (d *Door) read(s *melody.Session, frame []byte) {
	sock := socketOf(s)
	if !utf8.Valid(frame) {
		sock.Cut(chat.CloseInvalidText, "not UTF-8")
		return
	}
	if sock.Dialect != nil {
		d.readPlain(s, sock, frame)
		return
	}
	for line := range chat.Lines(frame) {
		if sock.CloseCode() != 0 {
			return
		}
		d.readEvent(s, sock, line)
	}
}

// Close tells every socket to come back after a restart and waits until all have gone, or for ctx; then
// it cuts what lingers.
func (d *Door) Close(ctx context.Context) {
	d.rooms.Stop()
	d.mu.Lock()
	d.closing = true
	for sock := range d.all {
		sock.Finish(chat.CloseRestart, "the server restarts")
	}
	d.mu.Unlock()
	gone := make(chan struct{})
	go func() {
		d.running.Wait()
		close(gone)
	}()
	select {
	case <-gone:
		d.Gateway.Close()
		for range maxOpening {
			(<-d.opening).Stop()
		}
	case <-ctx.Done():
		slog.Warn("sockets lingered past the time to stop")
	}
}
