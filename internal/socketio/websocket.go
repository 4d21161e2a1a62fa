// The transport by WebSocket. melody shakes hands, reads and closes; what is sent is written to the connection
// below it, by a goroutine that lives while something waits: melody's own queue drops what does not fit, and
// loses a close in it.

package socketio

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
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

// serveWebSocket has melody serve a connection until it is closed.
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
	defer e.running.Done()
	defer l.gone()
	// It answers what is no handshake by itself.
	e.melody.HandleRequestWithKeys(w, r, map[string]any{keyLink: l})
	return nil
}

// expect counts a connection before the hands are shaken. The first that asks for the upgrade is noted.
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
		l.patient = time.AfterFunc(upgradeWait, func() { conn.Close() })
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

// gone is the end of a connection.
func (l *link) gone() {
	s := l.session
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
		l, sent := s.link, s.takenLocked(taken)
		*buffer, taken = s.nextLocked((*buffer)[:0])
		s.writing = len(*buffer) > 0
		s.mu.Unlock()
		for _, fn := range sent {
			fn()
		}
		if len(*buffer) == 0 {
			return
		}
		conn := l.conn.NetConn()
		if err := writePieces(conn, conn.SetWriteDeadline, *buffer); err != nil {
			s.end(reasonOf(err), false)
			conn.Close()
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

// writePieces writes all, as long as it does not stall.
func writePieces(w io.Writer, setDeadline func(time.Time) error, p []byte) error {
	for len(p) > 0 {
		setDeadline(time.Now().Add(writeWait)) // what knows no deadlines waits
		n, err := w.Write(p[:min(len(p), maxPiece)])
		if err != nil {
			return err
		}
		p = p[n:]
	}
	return nil
}

// reasonOf says why a session ends whose connection failed.
func reasonOf(err error) Reason {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return Slow
	}
	return Lost
}

// buffers are for frames on their way to a connection; each is a *[]byte.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// putBuffer gives a buffer back; one that grew beyond the usual is left to the garbage collector.
func putBuffer(buffer *[]byte) {
	if cap(*buffer) <= 2*maxWrite {
		buffers.Put(buffer)
	}
}
