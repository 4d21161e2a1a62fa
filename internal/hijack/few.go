package hijack

import (
	"errors"
	"net"
	"sync/atomic"
)

// Few is a connection of somebody who is not known yet: few bytes are read from it until they are. Otherwise a library
// that reads whole frames would hold one as long as a frame may be for everybody who begins one.
type Few struct {
	net.Conn
	Left  int          // bytes that are still read; only the goroutine that reads uses it
	Known *atomic.Bool // set when everything is read
	// Full is called when more comes, and has the connection closed soon; what comes until then is dropped. Without it
	// reading fails.
	Full func()
}

var errTooMuch = errors.New("too much came before it was known who sends")

// Read reads from the connection.
func (f *Few) Read(p []byte) (int, error) {
	if f.Known.Load() {
		return f.Conn.Read(p)
	}
	if f.Left == 0 {
		return 0, f.full(p)
	}
	n, err := f.Conn.Read(p[:min(len(p), f.Left)])
	f.Left -= n
	return n, err
}

func (f *Few) full(p []byte) error {
	if f.Full == nil {
		return errTooMuch
	}
	f.Full()
	for {
		if _, err := f.Conn.Read(p); err != nil {
			return err
		}
	}
}
