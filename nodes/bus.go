// Package nodes is for a server that runs on several machines: what its nodes tell each other through Redis.
//
// The bus loses messages: when Redis is away, when too much waits, and while a node was not connected. It never makes
// anybody wait and never holds more than its bounds. So whoever listens has to find out in another way what it has
// missed; the bus tells it when.
package nodes

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"
)

// Handlers are told what comes from other nodes. All are called on one goroutine of the bus, one after the other, and
// may be nil. While one runs, what comes waits, up to a bound. None may call Close.
type Handlers struct {
	// News is a message of another node, in the order of its Publish calls. From is the random id of that node while
	// it runs. The payload is the callee's to keep.
	//
	// Lost means that messages of this node have been lost since its last one here, or that it is the first one that
	// is heard of this node and not the first that it has sent. When the lost ones were the last, News is called with
	// the kind 0 and no payload, about a second later.
	News func(from string, kind byte, payload []byte, lost bool)
	// Up: messages are sent and received from here on. What was said before may be lost. A bus begins down.
	Up func()
	// Down: Redis is away, and what is published is dropped until Up.
	Down func()
}

// Counts are what the bus has done since it was opened, and what it does now. Beats, which the bus sends for itself,
// are not counted.
type Counts struct {
	Up             bool
	Published      uint64 // taken by Redis
	PublishedBytes uint64
	Dropped        uint64 // not sent, or Redis has not said that it took them
	Received       uint64 // from other nodes
	ReceivedBytes  uint64
	Lost           uint64 // messages of other nodes, beats too, that never came or came too late
	Overflowed     uint64 // messages that came and were dropped, since too much waited for the handlers
	Strange        uint64 // messages that this version does not know
	Panics         uint64 // in handlers
	Ups            uint64 // how often the bus has come up
	SendWaiting    int    // bytes in the queues
	ReceiveWaiting int
}

// pace is how often the bus does what it does by the clock.
type pace struct {
	beat    time.Duration // between two beats
	silence time.Duration // after so long without hearing itself a node takes Redis for away
	first   time.Duration // before it connects again, doubled each time
	longest time.Duration
}

var usualPace = pace{beat: time.Second, silence: 3 * time.Second, first: 100 * time.Millisecond, longest: 5 * time.Second}

// senders is of how many nodes the bus remembers the last number.
const senders = 256

// Bus carries messages between the nodes of one server. Its methods are safe from any goroutine.
type Bus struct {
	id      nodeID
	channel string
	option  rueidis.ClientOption
	on      Handlers
	pace    pace

	out sending
	in  receiving

	heardAt atomic.Int64        // when the node last heard itself, Unix nanoseconds
	numbers map[nodeID]*heardOf // this and turn only on the goroutine of the handlers
	turn    uint64

	counts struct {
		up                                                          atomic.Bool
		published, publishedBytes, dropped, received, receivedBytes atomic.Uint64
		lost, overflowed, strange, panics, ups                      atomic.Uint64
	}

	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// heardOf is what the bus remembers of another node.
type heardOf struct {
	number uint64 // of its last message
	turn   uint64 // grows with each message of anybody
}

// Open starts a bus to the nodes of the server with an id; others on the same Redis hear nothing of it. It returns an
// error only for an address that cannot be read, and none for a Redis that is not there: the bus connects when it can.
// The address is redis://user:password@host:6379/0, rediss:// for TLS; with several hosts between commas for Redis
// Cluster, and with ?master_set=NAME for the Sentinels of a master.
func Open(address, server string, on Handlers) (*Bus, error) {
	option, err := options(address)
	if err != nil {
		return nil, err
	}
	if server == "" {
		return nil, errors.New("nodes: the server has no id")
	}
	return start(option, server, on, usualPace), nil
}

func start(option rueidis.ClientOption, server string, on Handlers, pace pace) *Bus {
	ctx, cancel := context.WithCancel(context.Background())
	b := &Bus{
		id: newNodeID(), channel: "parley:" + server + ":news", option: option, on: on, pace: pace,
		numbers: map[nodeID]*heardOf{}, cancel: cancel,
	}
	b.out.wake, b.in.wake = make(chan struct{}, 1), make(chan struct{}, 1)
	b.wg.Go(func() { b.keepLinked(ctx) })
	b.wg.Go(func() { b.tell(ctx) })
	return b
}

// ID is the random id of this node, which other nodes get as from.
func (b *Bus) ID() string { return b.id.String() }

// Up tells whether messages are sent and received now.
func (b *Bus) Up() bool { return b.counts.up.Load() }

// Publish queues a message of a kind from 1 to 255 to all other nodes and returns at once. It keeps no reference to the
// payload. The message is dropped, and counted, when Redis is away or too much waits to be sent.
func (b *Bus) Publish(kind byte, payload []byte) {
	if kind == beat {
		panic("nodes: kind 0 is the bus's own")
	}
	if !b.out.put(b.id, kind, payload) {
		b.counts.dropped.Add(1)
	}
}

// Counts returns the counts now.
func (b *Bus) Counts() Counts {
	c := &b.counts
	return Counts{
		Up: c.up.Load(), Published: c.published.Load(), PublishedBytes: c.publishedBytes.Load(), Dropped: c.dropped.Load(),
		Received: c.received.Load(), ReceivedBytes: c.receivedBytes.Load(), Lost: c.lost.Load(),
		Overflowed: c.overflowed.Load(), Strange: c.strange.Load(), Panics: c.panics.Load(), Ups: c.ups.Load(),
		SendWaiting: b.out.waiting(), ReceiveWaiting: b.in.waiting(),
	}
}

// Close ends the bus, without sending what waits, and returns when none of its goroutines runs any more.
func (b *Bus) Close() {
	b.cancel()
	b.wg.Wait()
}

// keepLinked connects again whenever the link breaks.
func (b *Bus) keepLinked(ctx context.Context) {
	wait, said := b.pace.first, false
	for {
		began := time.Now()
		err := b.link(ctx)
		wasUp := b.wentDown()
		if ctx.Err() != nil {
			return
		}
		if wasUp || !said {
			said = true
			slog.Warn("Redis is away; other nodes learn late of what happens here", "error", b.withoutPassword(err))
		}
		if wasUp && time.Since(began) > b.pace.longest {
			wait = b.pace.first
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait/2 + rand.N(wait/2+1)):
		}
		wait = min(2*wait, b.pace.longest)
	}
}

// heard notes that this node has heard itself.
func (b *Bus) heard() {
	b.heardAt.Store(time.Now().UnixNano())
	if b.counts.up.Swap(true) {
		return
	}
	b.counts.ups.Add(1)
	b.out.set(true)
	b.in.turn(isUp)
	slog.Info("Redis is there")
}

// wentDown notes that the link has broken, and tells whether the bus was up.
func (b *Bus) wentDown() bool {
	b.counts.dropped.Add(uint64(b.out.set(false)))
	if !b.counts.up.Swap(false) {
		return false
	}
	b.in.turn(isDown)
	return true
}

// withoutPassword is an error for the log.
func (b *Bus) withoutPassword(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if secret := b.option.Password; secret != "" {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return text
}

// tell calls the handlers.
func (b *Bus) tell(ctx context.Context) {
	for ctx.Err() == nil {
		one, ok := b.in.take()
		if !ok {
			select {
			case <-b.in.wake:
			case <-ctx.Done():
			}
			continue
		}
		b.tellOne(one)
	}
}

func (b *Bus) tellOne(one told) {
	defer func() {
		if reason := recover(); reason != nil {
			b.counts.panics.Add(1)
			slog.Error("a handler of the bus between the nodes panicked", "reason", reason, "stack", string(debug.Stack()))
		}
	}()
	switch m := one.message; {
	case one.what == isUp && b.on.Up != nil:
		b.on.Up()
	case one.what == isDown && b.on.Down != nil:
		b.on.Down()
	case one.what == isNews:
		if lost, late := b.number(m); !late && (lost || m.kind != beat) && b.on.News != nil {
			b.on.News(m.from.String(), m.kind, m.payload, lost)
		}
	}
}

// number notes the number of a message. A message that comes twice, or after a later one, is late: when it was missed,
// its loss has been told.
func (b *Bus) number(m message) (lost, late bool) {
	of, known := b.numbers[m.from]
	if !known {
		b.forgetOne()
		of = &heardOf{}
		b.numbers[m.from] = of
		lost = m.number != 1
	} else if m.number <= of.number {
		return false, true
	} else if missed := m.number - of.number - 1; missed > 0 {
		lost = true
		b.counts.lost.Add(missed)
	}
	of.number = m.number
	b.turn++
	of.turn = b.turn
	return lost, false
}

// forgetOne makes room for another node: it forgets the one that has said nothing for longest.
func (b *Bus) forgetOne() {
	if len(b.numbers) < senders {
		return
	}
	var oldest nodeID
	first := true
	for id, of := range b.numbers {
		if first || of.turn < b.numbers[oldest].turn {
			oldest, first = id, false
		}
	}
	delete(b.numbers, oldest)
}
