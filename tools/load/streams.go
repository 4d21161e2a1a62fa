// Other systems than Linux: a goroutine for each connection. Tests use this on every system.

package load

import (
	"context"
	"net"
	"sync"
	"time"
)

const (
	streamBuffer = 16 << 10

	// stuckWrite is how long the server may take nothing of what is written to it.
	stuckWrite = 10 * time.Second
)

type streams struct {
	server   *net.TCPAddr
	arrivals chan arrival
	ctx      context.Context // ends when the network closes
	cancel   context.CancelFunc
	running  sync.WaitGroup
}

// arrival is what a connection's goroutine hands over: that it has connected, data, or how it ended.
type arrival struct {
	link *link
	conn net.Conn // set when it has connected
	data []byte
	err  error
}

// stream is what a connection's goroutine shares with the network. After each arrival the goroutine waits for
// a value in more.
type stream struct {
	conn    net.Conn
	more    chan struct{}
	off     bool // reading is off
	waiting bool // the goroutine waits for more; it gets a value when reading is on again
}

func newStreams(server *net.TCPAddr) *streams {
	ctx, cancel := context.WithCancel(context.Background())
	return &streams{server: server, arrivals: make(chan arrival, 1024), ctx: ctx, cancel: cancel}
}

func (s *streams) dial(l *link, source net.IP) error {
	l.open, l.stream = true, &stream{more: make(chan struct{}, 1)}
	more := l.stream.more
	s.running.Go(func() {
		dialer := net.Dialer{}
		if source != nil {
			dialer.LocalAddr = &net.TCPAddr{IP: source}
		}
		conn, err := dialer.DialContext(s.ctx, "tcp", s.server.String())
		if err != nil {
			s.hand(arrival{link: l, err: err})
			return
		}
		defer conn.Close()
		stop := context.AfterFunc(s.ctx, func() { conn.Close() })
		defer stop()
		if !s.hand(arrival{link: l, conn: conn}) {
			return
		}
		s.readAll(l, conn, more)
	})
	return nil
}

func (s *streams) readAll(l *link, conn net.Conn, more <-chan struct{}) {
	buffer := make([]byte, streamBuffer)
	for {
		select {
		case <-more:
		case <-s.ctx.Done():
			return
		}
		n, err := conn.Read(buffer)
		if !s.hand(arrival{link: l, data: buffer[:n], err: err}) || err != nil {
			return
		}
	}
}

func (s *streams) hand(a arrival) bool {
	select {
	case s.arrivals <- a:
		return true
	case <-s.ctx.Done():
		return false
	}
}

func (s *streams) write(l *link, b []byte) error {
	if err := l.stream.conn.SetWriteDeadline(time.Now().Add(stuckWrite)); err != nil {
		return err
	}
	_, err := l.stream.conn.Write(b)
	return err
}

func (s *streams) read(l *link, on bool) error {
	l.stream.off = !on
	if on && l.stream.waiting {
		l.stream.waiting = false
		l.stream.more <- struct{}{}
	}
	return nil
}

func (s *streams) hangUp(l *link) {
	if !l.open {
		return
	}
	l.open = false
	if l.stream.conn != nil {
		l.stream.conn.Close()
	}
	s.letRead(l.stream) // so that it finds the connection closed
}

func (s *streams) letRead(stream *stream) {
	select {
	case stream.more <- struct{}{}:
	default: // it has not taken the last value yet
	}
}

func (s *streams) poll(wait time.Duration, tell func(*link, []byte, error)) error {
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	select {
	case a := <-s.arrivals:
		s.take(a, tell)
	case <-timeout.C:
		return nil
	}
	for range cap(s.arrivals) {
		select {
		case a := <-s.arrivals:
			s.take(a, tell)
		default:
			return nil
		}
	}
	return nil
}

// take reports an arrival. Then it lets the connection's goroutine go on, since the data is in that
// goroutine's buffer.
func (s *streams) take(a arrival, tell func(*link, []byte, error)) {
	stream := a.link.stream
	if a.conn != nil {
		stream.conn = a.conn
	}
	switch {
	case a.link.open:
		tell(a.link, a.data, a.err)
	case a.conn != nil:
		a.conn.Close()
	}
	if stream.off && a.link.open {
		stream.waiting = true
		return
	}
	s.letRead(stream)
}

func (s *streams) close() {
	s.cancel()
	s.running.Wait()
}
