// A crowd of people with sockets, and what the program has left once they have gone.

package tests

import (
	"fmt"
	"math"
	"testing"
	"time"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

// crowd is a program with a few people, each of whom may have many sockets.
type crowd struct {
	*harness.Program
	owner   *harness.Person
	people  []*harness.Person
	slow    *harness.Person
	general chat.RoomID
	aside   chat.RoomID // the owner's, with slow
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	c := &crowd{}
	// The garbage collector runs often, so that what the metrics say of memory is mostly what is in use.
	c.Program = harness.StartWith(t, []string{"GOGC=5"}, harness.WithMetrics,
		"--messages-per-second=100000", "--messages-burst=100000", "--sign-in-attempts=1000", "--sockets-per-user=1000",
		"--message-characters=60000", "--frame-bytes=300000", "--outbox-bytes=300000")
	c.owner = c.SetUp(t)
	for i := range 4 {
		c.people = append(c.people, c.SignUp(t, c.owner, fmt.Sprint("person", i)))
	}
	c.slow = c.SignUp(t, c.owner, "slow")
	c.general = c.owner.Room(t, "general").ID
	c.aside = c.owner.Creates(t, chat.Private, "aside").ID
	c.owner.Adds(t, c.aside, c.slow)
	return c
}

// rest is what is left once nobody is there.
type rest struct {
	goroutines, descriptors, heap int
}

// rest waits until everyone has gone and what was theirs is let go.
func (c *crowd) rest(t *testing.T) rest {
	t.Helper()
	return c.restAtMost(t, rest{goroutines: math.MaxInt, descriptors: math.MaxInt})
}

// restAtMost is rest, and waits longer while there are more goroutines or descriptors than before.
func (c *crowd) restAtMost(t *testing.T, before rest) (least rest) {
	t.Helper()
	c.AwaitSockets(t, 0)
	for _, who := range append(c.people, c.owner, c.slow) {
		who.Client.CloseIdleConnections()
	}
	wait.Until(t, "nobody is online", func() bool { return c.Metrics(t)["parley_people_online"] == 0 })
	// A scrape makes garbage, so reading the metrics makes the collector run. A scrape has some goroutines of its
	// own too, now two more and now two fewer. So the least that is seen counts, once the collector has run ten
	// times and nothing has become less for a while. What was least before may have been a rare number, and is
	// waited for.
	runs := -1.0
	var since time.Time
	deadline := time.Now().Add(wait.Patience)
	for {
		now := c.Metrics(t)
		if runs < 0 {
			runs, since = now["go_gc_duration_seconds_count"], time.Now()
			least = rest{int(now["go_goroutines"]), int(now["process_open_fds"]), int(now["go_memstats_heap_alloc_bytes"])}
		}
		if n := int(now["go_goroutines"]); n < least.goroutines {
			least.goroutines, since = n, time.Now()
		}
		if n := int(now["process_open_fds"]); n < least.descriptors {
			least.descriptors, since = n, time.Now()
		}
		if n := int(now["go_memstats_heap_alloc_bytes"]); n < least.heap {
			if n < least.heap-4<<10 {
				since = time.Now()
			}
			least.heap = n
		}
		settled := now["go_gc_duration_seconds_count"] >= runs+10 && time.Since(since) > time.Second
		if settled && (before.holds(least) || time.Now().After(deadline)) {
			return least
		}
	}
}

// holds tells whether now has no more goroutines and descriptors.
func (before rest) holds(now rest) bool {
	return now.goroutines <= before.goroutines && now.descriptors <= before.descriptors
}

// check compares what is left with what was left before.
func (before rest) check(t *testing.T, now rest, mayGrow int) {
	t.Helper()
	if !before.holds(now) {
		t.Errorf("after all have come and gone again there is %+v, was %+v", now, before)
	}
	if grown := now.heap - before.heap; grown > mayGrow {
		t.Errorf("the heap grew by %d bytes, from %d", grown, before.heap)
	}
	t.Logf("there was %+v, and now there is %+v", before, now)
}
