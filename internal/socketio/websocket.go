// The transport by WebSocket. melody shakes hands, reads and closes; what is sent is written to the connection
// below it (wire.go), by a goroutine that lives while something waits: melody's own queue drops what does not
// fit, and loses a close in it.

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
	upgradeWait = 10 * time.Second     // for a probe to become the connection
	never       = 365 * 24 * time.Hour // melody's own heartbeat
	maxWrite    = 64 << 10             // frames up to this leave together
	keyLink     = "link"               // of a melody session
)

// link is a WebSocket connection of a session: the one it uses, or one that asks to become that.
type link struct {
	session *Session
	upgrade bool            // the session was there before
	wire    *wire           // below conn
	conn    *websocket.Conn // nil before the hands are shaken; guarded by the session's mu, like all below
	probed  bool
	patient *time.Timer // until the upgrade
	parted  bool        // the close frame has been sent
}

func newMelody(maxPayload int) *melody.Melody {
	m := melody.New()
	m.Config.MaxMessageSize = int64(maxPayload)
	m.Config.MessageBufferSize = 1 // nothing is sent through it
	m.Config.PingPeriod, m.Config.PongWait = never, never
	m.Upgrader.ReadBufferSize, m.Upgrader.WriteBufferSize = 512, 512
	m.Upgrader.WriteBufferPool = &sync.Pool{}
	m.HandleConnect(func(ms *melody.Session) {
		ms.Request = nil // it would be kept for as long as the connection lives
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

// serveWebSocket leaves a connection to a goroutine of its own.
func (e *Engine) serveWebSocket(w http.ResponseWriter, r *http.Request, sid string) error {
	if !websocket.IsWebSocketUpgrade(r) {
		return errRequest
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
	l.wire = &wire{Conn: taken.Conn}
	taken.Conn = l.wire
	go l.manage(taken, r)
	return nil
}

// manage has melody serve a connection until it is closed. A panic is kept to it, as the HTTP server would.
func (l *link) manage(taken *hijack.Taken, r *http.Request) {
	defer l.gone()
	defer func() {
		if p := recover(); p != nil {
			slog.Error("panic in a Socket.IO connection", "panic", p, "stack", string(debug.Stack()))
		}
		l.wire.Close() // melody has, unless the handshake failed
	}()
	// It answers what is no handshake by itself.
	l.session.engine.melody.HandleRequestWithKeys(taken, r, map[string]any{keyLink: l})
}

// expect counts a connection before the hands are shaken, until it has gone. The first that asks for the upgrade
// is noted.
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

// connected has a connection used, or closed when there is no use for it: only now, since a browser is told of
// no status.
func (l *link) connected(conn *websocket.Conn) {
	s := l.session
	conn.SetPingHandler(func(data string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.link == l {
			s.pushLocked(frame{opPong, []byte(data)})
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

// read takes what came in, or what is wrong with it.
func (l *link) read(p packet, err error) {
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

// rehearse takes a packet before the upgrade: a probe, and then the upgrade itself.
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
		s.wakePollLocked() // it has to end
	}
	s.mu.Unlock()
	switch {
	case upgraded:
		return nil
	case probed: // before anybody else writes to the connection
		return l.conn.WriteMessage(websocket.TextMessage, []byte(string(packetPong)+probeData))
	}
	return errMalformed
}

// giveUp is the timer of a connection that has not become the session's. When it is late, it may have.
func (l *link) giveUp() {
	l.session.mu.Lock()
	defer l.session.mu.Unlock()
	if l.session.probe == l {
		l.closeLater()
	}
}

// gone is the end of a connection.
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

// closeLater closes the connection, which may take a moment, from under the session's lock.
func (l *link) closeLater() {
	if l.conn != nil {
		l.session.engine.running.Go(func() { l.conn.Close() })
	}
}

// write sends what waits until nothing does.
func (s *Session) write() {
	defer guard(s)
	buffer := buffers.Get().(*[]byte)
	defer putBuffer(buffer)
	for taken := 0; ; {
		s.mu.Lock()
		l := s.link
		s.bytes -= taken
		*buffer, taken = s.nextLocked((*buffer)[:0])
		s.writing = len(*buffer) > 0
		s.mu.Unlock()
		if len(*buffer) == 0 {
			return
		}
		if err := l.wire.send(*buffer); err != nil {
			s.end(reasonOf(err), false)
			l.wire.Close()
			return // and stays writing: nobody else need try
		}
	}
}

// nextLocked appends the frames that leave next, and tells what they cost.
func (s *Session) nextLocked(buffer []byte) (frames []byte, taken int) {
	if s.link == nil {
		return buffer, 0 // gone
	}
	n := 0
	for ; n < len(s.waiting) && (n == 0 || len(buffer)+len(s.waiting[n].data) <= maxWrite); n++ {
		buffer = appendFrame(buffer, s.waiting[n])
	}
	taken = cost(s.waiting[:n])
	clear(s.waiting[:n])
	if s.waiting = s.waiting[n:]; len(s.waiting) == 0 {
		s.waiting = nil
		if s.phase == ending && !s.link.parted {
			s.link.parted = true
			parting := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			buffer = appendFrame(buffer, frame{opClose, parting})
		}
	}
	return buffer, taken
}
