// A link: one connection to Redis, from when it is made until it breaks.

package nodes

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/redis/rueidis"
)

// errSilent ends a link over which a node does not hear itself.
var errSilent = errors.New("it does not give back what this node says")

// link connects, and sends and receives until something fails. It returns why.
func (b *Bus) link(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	conns := &connections{open: map[net.Conn]struct{}{}, dial: b.option.DialCtxFn}
	// Cutting the connections ends whatever waits for Redis, also while it does not answer at all.
	defer context.AfterFunc(ctx, conns.cut)()
	option := b.option
	option.DialCtxFn = conns.connect
	client, err := rueidis.NewClient(option)
	if err != nil {
		end(nil)
		conns.cut()
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() { end(b.receive(ctx, client)) })
	wg.Go(func() { end(b.send(ctx, client)) })
	end(b.listenToItself(ctx))
	conns.cut()
	client.Close()
	wg.Wait()
	return context.Cause(ctx)
}

// receive puts what other nodes say into the queue.
func (b *Bus) receive(ctx context.Context, client rueidis.Client) error {
	subscribe := client.B().Subscribe().Channel(b.channel).Build()
	err := client.Receive(ctx, subscribe, func(m rueidis.PubSubMessage) { b.hear(m.Message) })
	if err == nil {
		err = errors.New("it has ended the subscription")
	}
	return err
}

// hear takes a message as it travels. It never blocks.
func (b *Bus) hear(text string) {
	if len(text) > receiveBytes {
		b.counts.overflowed.Add(1)
		return
	}
	m, ok := read(text)
	if !ok {
		b.counts.strange.Add(1)
		return
	}
	if m.from == b.id {
		b.heard()
		return
	}
	if m.kind != beat {
		b.counts.received.Add(1)
		b.counts.receivedBytes.Add(uint64(len(text)))
	}
	if !b.in.put(m) {
		b.counts.overflowed.Add(1)
	}
}

// send sends what is in the queue, a batch after the other.
func (b *Bus) send(ctx context.Context, client rueidis.Client) error {
	for {
		batch := b.out.take()
		if len(batch) == 0 {
			select {
			case <-b.out.wake:
			case <-ctx.Done():
				return ctx.Err()
			}
			continue
		}
		commands := make([]rueidis.Completed, len(batch))
		for i, text := range batch {
			// The channel counts as a key, so that on Redis Cluster all of it goes through one of its servers and
			// stays in order.
			commands[i] = client.B().Arbitrary("PUBLISH").Keys(b.channel).Args(rueidis.BinaryString(text)).Build()
		}
		var failed error
		for i, result := range client.DoMulti(ctx, commands...) {
			if err := result.Error(); err != nil {
				failed = err
				b.countDropped(batch[i])
			} else if batch[i][kindAt] != beat {
				b.counts.published.Add(1)
				b.counts.publishedBytes.Add(uint64(len(batch[i])))
			}
		}
		if failed != nil {
			return failed
		}
	}
}

func (b *Bus) countDropped(text []byte) {
	if text[kindAt] != beat {
		b.counts.dropped.Add(1)
	}
}

// listenToItself sends beats, and returns when the node has not heard itself for a while. This finds every way in which
// Redis can be away, also one that keeps its connections open. The number of a beat tells the other nodes of what they
// have lost before it.
func (b *Bus) listenToItself(ctx context.Context) error {
	began := time.Now()
	for {
		b.out.put(b.id, beat, nil)
		pause := b.pace.beat
		if !b.counts.up.Load() {
			pause = min(pause, b.pace.beat/20)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
		last := time.Unix(0, b.heardAt.Load())
		if last.Before(began) {
			last = began
		}
		if time.Since(last) > b.pace.silence {
			return errSilent
		}
	}
}

// connections are those of a link.
type connections struct {
	mu   sync.Mutex
	open map[net.Conn]struct{}
	gone bool
	dial func(context.Context, string, *net.Dialer, *tls.Config) (net.Conn, error) // nil: over TCP
}

// connect makes a connection, unless the link has ended.
func (c *connections) connect(ctx context.Context, to string, dialer *net.Dialer, config *tls.Config) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialer.Timeout)
	defer cancel()
	var conn net.Conn
	var err error
	switch {
	case c.dial != nil:
		conn, err = c.dial(ctx, to, dialer, config)
	case config != nil:
		conn, err = (&tls.Dialer{NetDialer: dialer, Config: config}).DialContext(ctx, "tcp", to)
	default:
		conn, err = dialer.DialContext(ctx, "tcp", to)
	}
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", err)
	}
	kept := &connection{Conn: conn, of: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gone {
		conn.Close()
		return nil, net.ErrClosed
	}
	c.open[kept] = struct{}{}
	return kept, nil
}

// cut closes all connections, and those that are made after it.
func (c *connections) cut() {
	c.mu.Lock()
	c.gone = true
	open := c.open
	c.open = nil
	c.mu.Unlock()
	for conn := range open {
		if kept, ok := conn.(*connection); ok {
			kept.cut()
		}
	}
}

// connection leaves the list when it is closed.
type connection struct {
	net.Conn
	of *connections
}

func (c *connection) Close() error {
	c.of.mu.Lock()
	delete(c.of.open, c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}

// cut closes the connection without a word: over TLS, Close waits to say that it closes.
func (c *connection) cut() {
	if secure, ok := c.Conn.(*tls.Conn); ok {
		secure.NetConn().Close()
		return
	}
	c.Conn.Close()
}
