// The WebSocket door: upgrading, signing in, reading frames, and letting go. What each event does is in
// socket_events.go.

package socket

import (
	"context"
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
	AuthWait   = 5 * time.Second   // for the first frame of a socket that is not signed in
	maxOpening = 2 * store.Readers // at once; mostly they wait for a reader
)

// The keys of a melody session. The first three are there once it is known who the session is of.
const (
	KeyUser    = "user"    // chat.UserID
	KeySession = "session" // chat.SessionID
	KeyRooms   = "rooms"   // the rooms that it is in; guarded by the rooms' mutex

	keySocket     = "socket"
	keyCredential = "credential"
)

// Door serves the sockets. Its methods are safe from any goroutine.
type Door struct {
	limits   access.Limits
	actions  *actions.Actions
	rooms    *rooms.Rooms
	tokens   *auth.Signer
	events   map[string]event // events, and in tests one that panics
	counts   *counts
	refusals *count.Tally[chat.Code] // of all doors
	melody   *melody.Melody
	gateway  *gateway.Translator   // for Socket.IO and sockets without our subprotocol
	opening  chan *grown.Goroutine // on which sockets sign in
	running  sync.WaitGroup        // requests that are sockets
	lastID   atomic.Uint64

	mu        sync.Mutex                 // guards all below
	all       map[*rooms.Socket]struct{} // those that are about to be closed included
	addresses map[string]int             // admitted sockets from each
	admitted  int
	closing   bool
}

// New makes the door. m has the settings of the connections, and is the door's alone from here on.
func New(
	limits access.Limits, m *melody.Melody, acts *actions.Actions, live *rooms.Rooms, tokens *auth.Signer,
	translator *gateway.Translator, refusals *count.Tally[chat.Code],
) *Door {
	d := &Door{
		limits: limits, actions: acts, rooms: live, tokens: tokens,
		events: events, counts: newCounts(), refusals: refusals, melody: m, gateway: translator,
		opening: make(chan *grown.Goroutine, maxOpening),
		all:     map[*rooms.Socket]struct{}{}, addresses: map[string]int{},
	}
	for range maxOpening {
		d.opening <- grown.Start()
	}
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
	_, known := s.Get(KeyUser)
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
	sock := d.newSocket(address)
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

// disconnected runs once for every socket that connected, after its last frame has been read.
func (d *Door) disconnected(s *melody.Session) { d.LetGo(socketOf(s)) }

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
		d.gateway.Close()
		for range maxOpening {
			(<-d.opening).Stop()
		}
	case <-ctx.Done():
		slog.Warn("sockets lingered past the time to stop")
	}
}
