// The WebSocket transport. melody does the handshake, reads, and closes. Sending does not use melody's queue,
// since that drops what does not fit and can lose a close. Instead a goroutine writes to the connection below
// melody (wire.go); it lives only while frames wait.

package socketio

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"

	"parley/internal/hijack"
)

const (
	upgradeWait = 10 * time.Second     // how long a connection may take from its handshake to its upgrade
	never       = 365 * 24 * time.Hour // turns melody's own heartbeat off
	maxWrite    = 64 << 10             // how many bytes of frames leave together
	keyLink     = "link"               // the key of the link in a melody session
)

// link is a WebSocket connection of a session: the one that the session uses, or one that asks for the
// upgrade.
type link struct {
	session *Session
	upgrade bool            // the session existed before this connection
	wire    *wire           // the connection below conn
	reads   *hijack.Few     // the connection below wire
	conn    *websocket.Conn // nil before the handshake; Session.mu guards it, and everything below
	probed  bool            // the client has sent its probe
	patient *time.Timer     // closes the connection when the upgrade does not come in time
	parted  bool            // the close frame has been sent
}

func newMelody(maxPayload int) *melody.Melody {
	m := melody.New()
	m.Config.MaxMessageSize = int64(maxPayload)
	m.Config.MessageBufferSize = 1 // nothing is sent through this queue
	m.Config.PingPeriod, m.Config.PongWait = never, never
	m.Upgrader.ReadBufferSize, m.Upgrader.WriteBufferSize = 512, 512
	m.Upgrader.WriteBufferPool = &sync.Pool{}
	m.HandleConnect(func(ms *melody.Session) {
		ms.Request = nil // else it would stay in memory as long as the connection lives
		linkOf(ms).connected(ms.WebsocketConnection())
	})
	m.HandleMessage(func(ms *melody.Session, text []byte) {
		p, err := decodeText(text)
		linkOf(ms).read(p, err)
	})
	m.HandleMessageBinary(func(ms *melody.Session, data []byte) {
		linkOf(ms).read(packet{packetMessage, true, data}, nil)
	})
	return m
}

func linkOf(ms *melody.Session) *link { return ms.MustGet(keyLink).(*link) }

// serveWebSocket takes the connection of a request, and leaves it to a goroutine of its own.
func (e *Engine) serveWebSocket(w http.ResponseWriter, r *http.Request, sid string) error {
	if !websocket.IsWebSocketUpgrade(r) {
		return errUpgrade
	}
	l := &link{upgrade: sid != ""}
	var err error
	if l.upgrade {
		l.session, err = e.session(sid)
	} else {
		l.session, err = e.open(r)
	}
	if err != nil {
		return err
	}
	if !l.session.expect(l) {
		return errSession
	}
	taken, err := hijack.Take(w)
	if err != nil {
		l.gone()
		return errRequest
	}
	l.reads = &hijack.Few{
		Conn: taken.Conn, Left: l.session.maxPayload(), Known: &l.session.known,
		Most: hijack.MostInParts(e.config.MaxPayload),
	}
	l.wire = &wire{Conn: l.reads}
	taken.Conn = l.wire
	go l.manage(taken, r)
	return nil
}

// manage has melody serve a connection until the connection is closed. A panic ends only this connection, as
// it would in the HTTP server.
func (l *link) manage(taken *hijack.Taken, r *http.Request) {
	defer l.gone()
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic in a Socket.IO connection", "panic", p, "stack", string(debug.Stack()))
		}
		l.wire.Close() // melody has closed it, unless the handshake failed
	}()
	// It answers a request that is no proper handshake by itself.
	l.session.engine.melody.HandleRequestWithKeys(taken, r, map[string]any{keyLink: l})
}

// expect counts a connection from before its handshake until gone is called. It notes the first connection
// that asks for the upgrade. It returns false when the session is over.
func (s *Session) expect(l *link) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == over {
		return false
	}
	s.engine.running.Add(1)
	if l.upgrade && s.phase == alive && s.link == nil && s.probe == nil {
		s.probe = l
	}
	return true
}

// connected is called after the handshake. It makes the session use the connection, or starts to wait for the
// upgrade. It closes a connection that the session does not want. It does so only now, since before the
// handshake it could only answer with an HTTP status, and browsers do not tell pages about that.
func (l *link) connected(conn *websocket.Conn) {
	s := l.session
	conn.SetPongHandler(func(string) error { // nobody asked for it
		l.reads.Whole()
		return s.idle()
	})
	conn.SetPingHandler(func(data string) error {
		l.reads.Whole()
		if err := s.idle(); err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.link == l {
			s.pushLocked(frame{op: opPong, data: []byte(data)})
		}
		return nil
	})
	s.mu.Lock()
	l.conn = conn
	wanted := s.phase == alive && (s.probe == l || !l.upgrade)
	switch {
	case wanted && l.upgrade:
		l.patient = time.AfterFunc(upgradeWait, l.giveUp)
	case wanted:
		s.link = l
		s.wakeLocked()
	}
	s.mu.Unlock()
	if !wanted {
		parting := websocket.FormatCloseMessage(websocket.ClosePolicyViolation, "")
		conn.WriteControl(websocket.CloseMessage, parting, time.Now().Add(lingerWait))
		conn.Close()
	}
}

// read takes an incoming packet, or the error in it.
func (l *link) read(p packet, err error) {
	l.reads.Whole()
	s := l.session
	s.mu.Lock()
	used := s.link == l
	s.mu.Unlock()
	switch {
	case used && err == nil:
		err = s.receive(p)
	case err == nil:
		err = l.rehearse(p)
	}
	if err != nil && used {
		s.end(Invalid, false)
	} else if err != nil {
		l.conn.Close()
	}
}

// rehearse takes a packet that comes before the upgrade: the probe, and then the upgrade itself.
func (l *link) rehearse(p packet) error {
	s := l.session
	s.mu.Lock()
	probing := s.probe == l && s.phase == alive
	upgraded := probing && l.probed && p.kind == packetUpgrade
	probed := probing && !l.probed && p.kind == packetPing && string(p.data) == probeData
	if upgraded {
		l.patient.Stop()
		s.probe, s.link = nil, l
		s.wakeLocked()
	}
	if probed {
		l.probed = true
		s.wakePollLocked() // the waiting poll has to end
	}
	s.mu.Unlock()
	switch {
	case upgraded:
		return nil
	case probed: // nobody else writes to the connection yet
		return l.conn.WriteMessage(websocket.TextMessage, []byte(string(packetPong)+probeData))
	}
	return errMalformed
}

// giveUp is called by the timer of a connection whose upgrade has not come in time. The timer may be late, so
// giveUp checks whether the upgrade has come after all.
func (l *link) giveUp() {
	l.session.mu.Lock()
	defer l.session.mu.Unlock()
	if l.session.probe == l {
		l.closeLater()
	}
}

// gone is called when a connection is closed. When the session used it, the session ends.
func (l *link) gone() {
	s := l.session
	defer s.engine.running.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.patient != nil {
		l.patient.Stop()
	}
	if s.probe == l {
		s.probe = nil
		s.wakePollLocked()
	}
	if s.link == l || !l.upgrade {
		s.link = nil
		s.endLocked(Lost, false)
		if s.phase != over {
			s.overLocked()
		}
	}
}

// closeLater closes the connection on another goroutine: closing may take a moment, and Session.mu is held
// here.
func (l *link) closeLater() {
	if l.conn != nil {
		l.session.engine.running.Go(func() { l.conn.Close() })
	}
}

// write sends the frames that wait, until none do.
func (s *Session) write() {
	defer guard(s)
	buffer := buffers.Get().(*[]byte)
	defer putBuffer(buffer)
	for taken := 0; ; {
		s.mu.Lock()
		l := s.link
		s.bytes -= taken
		s.writtenLocked()
		*buffer, taken = s.nextLocked((*buffer)[:0])
		s.copiedLocked(len(*buffer))
		s.writing = len(*buffer) > 0
		s.mu.Unlock()
		if len(*buffer) == 0 {
			return
		}
		if err := l.wire.send(*buffer); err != nil {
			s.end(reasonOf(err), false)
			l.wire.Close()
			s.written()
			return // leave s.writing set, so that nobody writes to a broken connection
		}
	}
}

// nextLocked appends the frames that leave next, and returns what they cost. After the last frame of a
// session that ends, it appends the close frame.
func (s *Session) nextLocked(buffer []byte) (frames []byte, taken int) {
	if s.link == nil {
		return buffer, 0 // the connection is gone
	}
	n := 0
	for ; n < len(s.waiting) && (n == 0 || len(buffer)+len(s.waiting[n].data) <= maxWrite); n++ {
		buffer = appendFrame(buffer, s.waiting[n])
	}
	taken = cost(s.waiting[:n])
	s.engine.release(s.waiting[:n])
	clear(s.waiting[:n])
	if s.waiting = s.waiting[n:]; len(s.waiting) == 0 {
		s.waiting = nil
		if s.phase == ending && !s.link.parted {
			s.link.parted = true
			parting := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			buffer = appendFrame(buffer, frame{op: opClose, data: parting})
		}
	}
	return buffer, taken
}
