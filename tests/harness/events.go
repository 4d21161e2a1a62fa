package harness

import (
	"time"

	"parley/chat"
	"parley/internal/wait"
)

// Next takes the next event, whatever it is; false when the socket has closed without another, or none comes.
// Unlike the other helpers it fails no test, so any goroutine may call it.
func (s *Sock) Next() (f chat.Frame, ok bool) {
	if len(s.held) > 0 {
		f, s.held = s.held[0], s.held[1:]
		return f, true
	}
	return s.next(time.After(wait.Patience))
}
