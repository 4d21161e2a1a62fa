// The order of one connection's messages, whatever fails.

package access

import (
	"sync/atomic"

	"parley/chat"
)

// Order keeps the messages of one connection in the order in which they were sent. When one failed and may be sent
// again, the order is broken: no later message of that connection is stored, since it would overtake. It is safe
// from any goroutine; a nil Order, for callers who wait for each answer, never breaks.
type Order struct{ broken atomic.Bool }

// Broken tells whether a message has failed that may be sent again.
func (o *Order) Broken() bool { return o != nil && o.broken.Load() }

// Break notes such a failure.
func (o *Order) Break() { o.broken.Store(true) }

// Check refuses what comes after a break.
func (o *Order) Check() error {
	if o.Broken() {
		return chat.Errorf(chat.Unavailable, "a message before this one failed: send that first, on a new socket")
	}
	return nil
}
