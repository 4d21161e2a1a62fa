// Refusals that cost their sender nothing: whoever goes on after them waits for the next one.

package socket

import (
	"context"
	"time"

	"parley/access"
	"parley/chat"
	"parley/rooms"
)

// longestHeld is how long a socket may be held back without a break before it is closed: its client sends on
// although it is told to wait. That is as long as a socket may answer no ping.
const longestHeld = time.Minute

// goesOn tells a client why its socket closes that sends on although everything is refused.
const goesOn = "too much was refused that you went on asking for; come back later"

// HoldBack has a socket of any door wait before it is told a refusal that cost it nothing, when there were too many
// of them from its person, or from its address before somebody signed in. The doors call it on the goroutine that
// reads from the socket: nothing more is read meanwhile, and what is sent to the socket is not held up. It ends
// early with the socket. A socket that has been held back for too long without a break, or that is one too many of
// those held back, is closed.
func (d *Door) HoldBack(sock *rooms.Socket) {
	by := sock.Caller
	if by.User == 0 {
		by = access.Caller{Address: sock.Address}
	}
	var ok bool
	if sock.Held, ok = d.HoldBackCaller(sock.Context(), by, sock.Held); !ok {
		sock.Cut(chat.CloseLater, goesOn)
	}
}

// HoldBackCaller is HoldBack for a caller that has no socket. before is for how long it was held back until now without
// a break, and held is that from now on. ok is false when its connection has to be closed.
func (d *Door) HoldBackCaller(ctx context.Context, by access.Caller, before time.Duration) (held time.Duration, ok bool) {
	held, ok = d.actions.HoldBack(ctx, by)
	if held == 0 && ok {
		return 0, true
	}
	held += before
	return held, ok && held <= d.longestHeld
}
