package hijack

import (
	"errors"
	"net"
	"runtime"
	"sync/atomic"
	"time"
)

// Few is a connection from which few bytes are read: of somebody who is not known yet in all, and then until there is
// something whole in them. A library that reads whole messages would else hold one as long as a message may be for
// everybody who begins one; and it would go on for ever reading a message in parts without an end or a text, which
// nobody hears of and which cost their sender nothing.
type Few struct {
	net.Conn
	Left  int          // bytes that are still read of somebody who is not known; only the goroutine that reads uses it
	Known *atomic.Bool // set once they are
	Most  int          // bytes that are read of somebody who is known, until Whole is called
	// Full is called when more comes, and has the connection closed soon; what comes until then is dropped. Without it
	// reading fails.
	Full func()

	parts int // bytes that were read since Whole was called
}

// muchAtOnce is after how many bytes of nothing whole other goroutines go first: going through parts of a few bytes
// takes much longer than it took to send them.
const muchAtOnce = 8 << 10

// dropPause is the time between two reads of what is dropped. A sender who goes on has to wait.
const dropPause = 5 * time.Millisecond

var errTooMuch = errors.New("too much came, and nothing whole")

// Whole says that something whole came: a message, a ping or a pong. The goroutine that reads calls it.
func (f *Few) Whole() { f.parts = 0 }

// Read reads from the connection.
func (f *Few) Read(p []byte) (int, error) {
	left := f.Left
	if f.Known.Load() {
		left = f.Most - f.parts
	}
	if left <= 0 {
		return 0, f.full()
	}
	if f.parts > muchAtOnce {
		runtime.Gosched()
	}
	n, err := f.Conn.Read(p[:min(len(p), left)])
	f.Left -= n
	f.parts += n
	return n, err
}

func (f *Few) full() error {
	if f.Full == nil {
		return errTooMuch
	}
	f.Full()
	for drop := make([]byte, 16<<10); ; <-time.After(dropPause) {
		if _, err := f.Conn.Read(drop); err != nil {
			return err
		}
	}
}

// MostInParts is how many bytes may come of a message of at most so many, with the heads of the parts in which it
// comes.
func MostInParts(message int) int { return 2*message + 4<<10 }
