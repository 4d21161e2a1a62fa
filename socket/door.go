// Package socket is the WebSocket door. It upgrades requests, signs sockets in, reads their frames and hands
// each event to its action. It also admits and counts the sockets of every door. It holds no rule of its own:
// those are in package actions. It writes nothing itself: package rooms does, through the outbox of each
// socket.
package socket

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
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
	"parley/internal/places"
	"parley/internal/turns"
	"parley/rooms"
	"parley/store"
)

// Path is the address of the WebSocket door.
const Path = "/ws"

const (
	AuthWait   = 5 * time.Second   // how long a socket that is not signed in has for its first frame
	maxOpening = 2 * store.Readers // sockets that sign in at a time; mostly they wait for the store
	ofOne      = maxOpening / 4    // … and of one person
)

// The keys of a melody session. The first three are set once somebody has signed in on the session.
const (
	KeyUser    = "user"    // chat.UserID
	KeySession = "session" // chat.SessionID
	KeyRooms   = "rooms"   // func() []chat.RoomID: the rooms the socket is in now

	keySocket     = "socket"
	keyReads      = "reads" // *hijack.Few
	keyCredential = "credential"
	keyKnown      = "known" // *atomic.Bool: set once somebody has signed in
)

// Door serves WebSockets, and counts and limits the sockets of every door. Its methods are safe from any
// goroutine.
type Door struct {
	limits   access.Limits
	actions  *actions.Actions
	rooms    *rooms.Rooms
	tokens   *auth.Signer
	events   map[string]event // the table of events; tests add one that panics
	counts   *counts
	refusals *count.Tally[chat.Code] // of all doors
	melody   *melody.Melody
	gateway  *gateway.Translator       // for sockets without our subprotocol
	opening  chan *grown.Goroutine     // the goroutines on which sockets sign in
	places   *places.Places            // of the sockets of all doors
	turns    *turns.Turns[chat.UserID] // to sign in
	closed   sync.Once                 // its function ends what runs beside the sockets
	lastID   atomic.Uint64

	longestHeld time.Duration // that a socket may be held back without a break; tests set less

	mu      sync.Mutex                 // guards the fields below
	all     map[*rooms.Socket]struct{} // every open socket, also one that is about to be closed
	serving int                        // goroutines that serve a WebSocket
	closing bool                       // Close has been called
	gone    chan struct{}              // closed when the door is closing and serves nobody any more
}

// New makes the door. m has the settings of the connections; nothing else may use it afterwards.
func New(
	limits access.Limits, m *melody.Melody, acts *actions.Actions, live *rooms.Rooms, tokens *auth.Signer,
	translator *gateway.Translator, refusals *count.Tally[chat.Code],
) *Door {
	d := &Door{
		limits: limits, actions: acts, rooms: live, tokens: tokens,
		events: events, counts: newCounts(), refusals: refusals, melody: m, gateway: translator,
		opening: make(chan *grown.Goroutine, maxOpening), turns: turns.New[chat.UserID](ofOne),
		places: places.New(limits.Sockets, limits.SocketsPerAddress, limits.SocketsPerUser), gone: make(chan struct{}),
		all: map[*rooms.Socket]struct{}{}, longestHeld: longestHeld,
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
	m.HandlePong(d.guarded(d.idle)) // also one that nobody asked for
	m.HandleError(func(s *melody.Session, err error) {
		d.guarded(func(s *melody.Session) { broke(socketOf(s), err) })(s)
	})
	return d
}

// guarded limits a panic in one of melody's callbacks to its socket. A panic in the callback that follows a
// written frame would otherwise end the process.
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

// signedIn reports whether somebody has signed in on a session.
func signedIn(s *melody.Session) bool {
	_, known := s.Get(KeyUser)
	return known
}

// closeWait is the time that a close frame has to get through.
const closeWait = 100 * time.Millisecond

// hangUp makes the function that closes a socket's connection at once. It sends a close frame first; when a
// write is under way, that write and the close frame have a tenth of a second to get through. It goes
// around melody's queue, where a close can be lost or wait for ever.
func hangUp(sock *rooms.Socket, s *melody.Session) func(code int, reason string) {
	conn := s.WebsocketConnection()
	return func(code int, reason string) {
		go func() {
			frame := websocket.FormatCloseMessage(code, reason)
			conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeWait)) // best effort
			if sock.Writing() {
				// The write may have begun after the outbox was closed: then it still has to write the close frame.
				<-time.After(closeWait)
			}
			conn.Close() // the connection is over, whatever Close returns
		}()
	}
}

// socketOf is the socket of a melody session.
func socketOf(s *melody.Session) *rooms.Socket {
	return s.MustGet(keySocket).(*rooms.Socket) // set by Serve
}

// Serve upgrades a request and hands the socket to a goroutine of its own. Only a foreign page is refused
// with an HTTP status. A browser does not show a status to its page, so every other refusal is made after the
// upgrade, with a close code. A cookie counts only if the request's Origin is one of ours.
func (d *Door) Serve(
	w http.ResponseWriter, r *http.Request, from origin.Verdict, cred auth.Credential, address string,
) error {
	if from == origin.Foreign {
		return auth.ErrForeignOrigin
	}
	if !websocket.IsWebSocketUpgrade(r) {
		return errNoUpgrade
	}
	if asked := websocket.Subprotocols(r); len(asked) > 0 && !slices.Contains(asked, chat.Subprotocol) {
		return &chat.Error{
			Code: chat.BadRequest, Field: "Sec-WebSocket-Protocol",
			Message: fmt.Sprintf("the server knows the subprotocol %s, and the names of a gateway without a subprotocol; "+
				"not %q", chat.Subprotocol, strings.Join(asked, ", ")),
		}
	}
	if !d.begin() {
		d.turnAway(w, r)
		return nil
	}
	sock := d.newSocket(address)
	sock.Deltas = chat.AsksForDeltas(r.URL.Query().Get(chat.DeltasParam))
	known := new(atomic.Bool)
	keys := map[string]any{keySocket: sock, keyKnown: known}
	if cred.Token != "" && (!cred.Cookie || from == origin.Allowed) {
		keys[keyCredential] = cred
	}
	taken, err := hijack.Take(w)
	if err != nil {
		d.served()
		return err
	}
	reads := &hijack.Few{ // everything written to the connection goes through the outbox
		Conn: sock.Wire(taken.Conn), Left: access.StrangerBytes, Known: known, Most: hijack.MostInParts(d.limits.FrameBytes),
		Full: func() { sock.Cut(chat.CloseTooBig, tooMuch) },
	}
	keys[keyReads], taken.Conn = reads, reads
	go func() {
		defer d.served()
		d.manage(taken, sock, r, keys)
	}()
	return nil
}

// tooMuch tells a client why its socket closes of which too much came.
const tooMuch = "more came than a token before signing in, or a frame in parts that are too small"

// errNoUpgrade refuses a request that is no WebSocket, or is none any more: a proxy that does not know Upgrade
// removes it.
var errNoUpgrade = chat.Errorf(chat.UpgradeRequired, "this address is for WebSockets, and the request has no "+
	"\"Upgrade: websocket\"; a proxy in front of the server has to pass on the headers Upgrade and Connection")

// manage lets melody manage a connection until it has closed. It limits a panic to this connection, as the
// HTTP server would.
func (d *Door) manage(taken *hijack.Taken, sock *rooms.Socket, r *http.Request, keys map[string]any) {
	conn := taken.Conn
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic in a socket", "panic", p, "stack", string(debug.Stack()))
		}
		conn.Close() // melody has closed it, unless the handshake failed
	}()
	if err := d.melody.HandleRequestWithKeys(taken, r, keys); err != nil {
		slog.Debug("upgrade", "error", err)
		sock.Uncork()
	}
}

// begin counts a request that becomes a socket. It returns false once the door is closing, so that the number
// that Close waits for only falls.
func (d *Door) begin() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closing {
		return false
	}
	d.serving++
	return true
}

// turnAway upgrades a request that comes while the door is closing, and closes the connection at once: only a
// close code tells a browser's page to come back after the restart.
func (d *Door) turnAway(w http.ResponseWriter, r *http.Request) {
	conn, err := d.melody.Upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	defer conn.Close() // the connection is over, whatever Close returns
	frame := websocket.FormatCloseMessage(chat.CloseRestart, "the server restarts")
	conn.WriteControl(websocket.CloseMessage, frame, time.Now().Add(closeWait)) // best effort
}

// served counts the end of what begin began.
func (d *Door) served() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.serving--; d.closing && d.serving == 0 {
		close(d.gone)
	}
}

// connected is called before melody's write pump runs, so it may write only through the outbox.
func (d *Door) connected(s *melody.Session) {
	sock := socketOf(s)
	defer sock.Uncork() // the answer to the upgrade and the first frame leave together
	sock.HangUp = hangUp(sock, s)
	s.Request = nil // melody would keep it for as long as the socket lives
	conn := s.WebsocketConnection()
	answer := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		d.idle(s)
		return answer(data)
	})
	refused := d.comeIn(sock)
	if conn.Subprotocol() != chat.Subprotocol {
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

// idle is called for what costs nothing and asks for nothing: a ping or a pong.
func (d *Door) idle(s *melody.Session) {
	wholeCame(s)
	d.HoldBack(socketOf(s))
}

// wholeCame says that something whole came on a session.
func wholeCame(s *melody.Session) { s.MustGet(keyReads).(*hijack.Few).Whole() } // set by Serve

// disconnected is called once for every socket that connected, after its last frame has been read.
func (d *Door) disconnected(s *melody.Session) { d.LetGo(socketOf(s)) }

// read handles one frame, which holds one event on each line. melody calls it from the socket's reader for
// one frame after the other, so events are handled in the order in which the client sent them.
func (d *Door) read(s *melody.Session, frame []byte) {
	wholeCame(s)
	sock := socketOf(s)
	if !utf8.Valid(frame) {
		sock.Cut(chat.CloseInvalidText, "not UTF-8")
		return
	}
	if sock.Dialect != nil {
		d.readPlain(s, sock, frame)
		return
	}
	blank := true
	for line := range chat.Lines(frame) {
		if sock.CloseCode() != 0 {
			return
		}
		blank = false
		d.readEvent(s, sock, line)
	}
	if blank { // it costs nothing, as a ping
		d.HoldBack(sock)
	}
}

// Stop tells every socket of every door to come back after the restart, and refuses new ones from now on. It
// waits for nobody.
func (d *Door) Stop() {
	d.rooms.Stop()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closing {
		return
	}
	d.closing = true
	if d.serving == 0 {
		close(d.gone)
	}
	for sock := range d.all {
		sock.Finish(chat.CloseRestart, "the server restarts")
	}
}

// Close stops the door and waits until every WebSocket has gone. When ctx ends before that, it cuts those that
// are left and does not wait any longer: nothing more is read for them. Doors that use this one have to be
// closed before.
func (d *Door) Close(ctx context.Context) {
	d.Stop()
	select {
	case <-d.gone:
		d.closed.Do(func() {
			d.gateway.Close()
			for range maxOpening {
				(<-d.opening).Stop()
			}
		})
	case <-ctx.Done():
		slog.Warn("sockets lingered past the time to stop")
		d.mu.Lock()
		defer d.mu.Unlock()
		for sock := range d.all {
			sock.Cut(chat.CloseRestart, "the server restarts")
		}
	}
}
