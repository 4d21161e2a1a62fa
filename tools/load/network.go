// How bytes travel to and from the server: by epoll (network_linux.go), or by a goroutine for each connection
// (streams.go).

package load

import (
	"net"
	"time"
)

// network carries the bytes of many connections. Only one goroutine may call it.
type network interface {
	// dial starts to connect. When that is done, poll reports an event without data.
	dial(link *link, source net.IP) error
	// write sends b. It keeps a copy of what the socket does not take now.
	write(link *link, b []byte) error
	// read switches reading from a connection on or off. It is on at first.
	read(link *link, on bool) error
	// hangUp ends a connection at once. poll reports nothing more about it.
	hangUp(link *link)
	// poll calls tell with what has come, and then waits. In all it takes about wait.
	poll(wait time.Duration, tell func(link *link, data []byte, err error)) error
	// close hangs up everything and frees what the network holds.
	close()
}

// link is a connection as the network knows it.
type link struct {
	id     int // of the connection, from 0
	fd     int
	stream *stream
	unsent []byte // given to write, but not yet taken by the socket
	wants  uint32 // the events that epoll watches for
	open   bool
}

// portsEach is how many connections start from one local address. It is below the 28,000 ports that Linux
// offers.
const portsEach = 20_000

// sourceOf spreads connections to this machine over its loopback addresses, since each has ports of its own.
// Nil leaves the choice to the system.
func sourceOf(server *net.TCPAddr, id int) net.IP {
	if !server.IP.IsLoopback() || server.IP.To4() == nil || id < portsEach {
		return nil
	}
	return net.IPv4(127, 0, 0, byte(1+id/portsEach))
}
