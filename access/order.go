// Order: keeps the messages of one connection in order, also when one of them fails.

package access

import (
	"sync/atomic"

	"parley/chat"
)

// Order keeps the messages of one connection in the order in which they were sent. When a message fails and
// the client may send it again, the order is broken: the server stores no later message of that connection,
// since that one would overtake the first. An Order is safe from any goroutine. A nil Order, for callers who
// wait for each answer, is never broken.
type Order struct{ broken atomic.Bool }

// Broken tells whether a message failed that the client may send again.
func (o *Order) Broken() bool { return o != nil && o.broken.Load() }

// Break notes that a message failed that the client may send again. Do not call it on a nil Order.
func (o *Order) Break() { o.broken.Store(true) }

// Check returns an Unavailable refusal once the order is broken, and nil before that.
func (o *Order) Check() error {
	if o.Broken() {
		return chat.Errorf(chat.Unavailable, "another message of this socket failed: send again, on a new socket, from the "+
			"first one that is not acknowledged")
	}
	return nil
}
