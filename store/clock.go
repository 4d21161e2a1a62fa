// The clock by which the store gives times and by which things end: that of the machine, or, where several servers share
// a database, that of the database, so that a machine whose clock is wrong changes nothing.

package store

import (
	"sync/atomic"
	"time"
)

// clock may be read and set from any goroutine.
type clock struct {
	machine func() time.Time
	given   bool         // by a test, so it follows no other
	ahead   atomic.Int64 // how far another clock that it follows is ahead of the machine's, in nanoseconds
}

// newClock makes the clock of the machine, or of a test.
func newClock(test func() time.Time) *clock {
	if test != nil {
		return &clock{machine: test, given: true}
	}
	return &clock{machine: time.Now}
}

func (c *clock) now() time.Time {
	if ahead := c.ahead.Load(); ahead != 0 {
		return c.machine().Add(time.Duration(ahead))
	}
	return c.machine()
}

// follow has the clock say what another one says now, in UTC milliseconds.
func (c *clock) follow(other int64) {
	if !c.given {
		c.ahead.Store(int64(time.UnixMilli(other).Sub(c.machine())))
	}
}
