// How bytes get to and from the server: by epoll (network_linux.go) or by a goroutine for each connection
// (streams.go).

package load

import (
	"net"
	"time"
)

// network carries the bytes of many connections for one goroutine, the only one to call it.
type network interface {
	// dial begins to connect. Poll tells by an event without data that it is done.
	dial(link *link, source net.IP) error
	// write sends b, or keeps a copy of what the socket does not take now.
	write(link *link, b []byte) error
	// read says whether what comes on a connection is taken from the socket. It is at first.
	read(link *link, on bool) error
	// hangUp ends a connection at once. Nothing is told of it any more.
	hangUp(link *link)
	// poll tells what came and then waits, altogether about as long as it is told to.
	poll(wait time.Duration, tell func(link *link, data []byte, err error)) error
	// close hangs up everything and frees what the network holds.
	close()
}

// link is one connection as its network knows it.
type link struct {
	id     int // of the connection, from 0
	fd     int
	stream *stream
	unsent []byte // taken by write, not yet by the socket
	wants  uint32 // the events that epoll watches for
	open   bool
}

// portsEach is how many connections leave from one local address, below the 28,000 ports that Linux gives.
const portsEach = 20_000

// sourceOf spreads connections to this machine over its loopback addresses, of which each has ports of
// its own. Nil leaves the choice to the system.
func sourceOf(server *net.TCPAddr, id int) net.IP {
	if !server.IP.IsLoopback() || server.IP.To4() == nil || id < portsEach {
		return nil
	}
	return net.IPv4(127, 0, 0, byte(1+id/portsEach))
}
