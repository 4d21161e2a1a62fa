package load

import (
	"net"
	"sync"
	"sync/atomic"
)

// meterOfServer counts what a test's server has handled and written, so that a test knows whether anything is on its way.
type meterOfServer struct {
	handled atomic.Int64 // frames, each with all that it made the server write
	written atomic.Int64 // bytes
}

// meters are those of the servers that run, by address.
var meters sync.Map

type meteredListener struct {
	net.Listener
	meter *meterOfServer
}

func (l meteredListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return meteredConn{conn.(*net.TCPConn), l.meter}, nil
}

type meteredConn struct {
	*net.TCPConn
	meter *meterOfServer
}

func (c meteredConn) Write(p []byte) (int, error) {
	n, err := c.TCPConn.Write(p)
	c.meter.written.Add(int64(n))
	return n, err
}
