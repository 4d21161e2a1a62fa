// A crowd of people with sockets, and what the program has left once they have gone.

package tests

import (
	"fmt"
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
func (c *crowd) rest(t *testing.T) (least rest) {
	t.Helper()
	c.AwaitSockets(t, 0)
	for _, who := range append(c.people, c.owner, c.slow) {
		who.Client.CloseIdleConnections()
	}
	wait.Until(t, "nobody is online", func() bool { return c.Metrics(t)["parley_people_online"] == 0 })
	// A scrape makes garbage, so reading the metrics makes the collector run. The least that is seen counts,
	// once the collector has run ten times and nothing has become less for a while.
	runs := -1.0
	var since time.Time
	wait.Until(t, "what was closed is let go", func() bool {
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
		return now["go_gc_duration_seconds_count"] >= runs+10 && time.Since(since) > time.Second
	})
	return least
}

// check compares what is left with what was left before.
func (before rest) check(t *testing.T, now rest, mayGrow int) {
	t.Helper()
	if now.goroutines > before.goroutines || now.descriptors > before.descriptors {
		t.Errorf("after all have come and gone again there is %+v, was %+v", now, before)
	}
	if grown := now.heap - before.heap; grown > mayGrow {
		t.Errorf("the heap grew by %d bytes, from %d", grown, before.heap)
	}
	t.Logf("there was %+v, and now there is %+v", before, now)
}
