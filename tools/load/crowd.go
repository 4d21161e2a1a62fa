// A crowd is all connections of a run: it opens them, lets their members join, and reads what they receive.

package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"time"
)

// pollEvery is how long bytes from the server may wait before the crowd reads them.
const pollEvery = 500 * time.Microsecond

// stage is how far a connection has come.
type stage int

const (
	connecting stage = iota
	upgrading
	joining
	joined
	ended
)

func (s stage) String() string {
	return [...]string{"connecting", "upgrading", "joining", "joined", "ended"}[s]
}

// connection is the connection of one member.
type connection struct {
	link   link
	member Member
	stage  stage
	began  time.Time
	steps  []Step // not yet done; the first of them waits for its answer
	last   string // the last frame while joining, for an error
	bytes  assembler
	lanes  []lane // what has come from each sender in the room
	stalls bool
	again  bool // it has joined before
}

type crowd struct {
	options Options
	server  *net.TCPAddr
	network network
	all     []*connection
	begun   int         // connections that were dialed
	joined  int         // members who have joined their rooms
	oldest  int         // the oldest connection that has not joined yet
	closed  map[int]int // how often a connection ended with each close code
	pauses  []pause     // of connections that will be opened again
	scratch []byte
	longest int // the longest line that the dialect answers
	failed  error
	now     time.Time            // when the bytes in hand were read
	read    int64                // bytes, on all connections
	clock   func() time.Duration // in tests, since the start of a run; nil is the real one

	// delivered is called with every text frame for a member who has joined, left when a member's connection
	// has ended, and returned when that member has joined again.
	delivered func(c *connection, payload []byte)
	left      func(c *connection)
	returned  func(c *connection)
}

// pause is the time before a connection is opened again.
type pause struct {
	conn *connection
	ends time.Time
}

func newCrowd(o Options) (*crowd, error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	server, err := net.ResolveTCPAddr("tcp", o.Address)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", o.Address, err)
	}
	n, err := newNetwork(server)
	if err != nil {
		return nil, err
	}
	return assemble(o, server, n), nil
}

func assemble(o Options, server *net.TCPAddr, n network) *crowd {
	c := &crowd{
		options: o, server: server, network: n, closed: map[int]int{},
		delivered: func(*connection, []byte) {}, left: func(*connection) {}, returned: func(*connection) {},
	}
	for i := range o.Rooms * o.Members {
		m := Member{Index: i, Room: i / o.Members, Place: i % o.Members}
		stalls := m.Room < o.Active && m.Place >= o.Members-o.Stalled
		c.all = append(c.all, &connection{link: link{id: i}, member: m, stalls: stalls})
	}
	for line := range o.Dialect.Answers {
		c.longest = max(c.longest, len(line))
	}
	return c
}

// connect opens all connections, a limited number at a time, until all have joined.
func (c *crowd) connect(ctx context.Context) error {
	told := time.Now()
	for c.joined < len(c.all) {
		for c.begun < len(c.all) && c.begun-c.joined < c.options.Handshakes {
			next := c.all[c.begun]
			c.begun++
			next.began = time.Now()
			if err := c.network.dial(&next.link, sourceOf(c.server, next.link.id)); err != nil {
				return c.explain(next, err)
			}
		}
		if err := c.turn(ctx); err != nil {
			return err
		}
		for c.oldest < c.begun && c.all[c.oldest].stage >= joined {
			c.oldest++
		}
		if c.oldest < c.begun && time.Since(c.all[c.oldest].began) > c.options.Patience {
			return c.explain(c.all[c.oldest], os.ErrDeadlineExceeded)
		}
		if time.Since(told) > time.Second {
			told = time.Now()
			c.options.Progress("connect", c.joined, len(c.all))
		}
	}
	c.options.Progress("connect", c.joined, len(c.all))
	return nil
}

// explain adds to err how far a connection came that did not join.
func (c *crowd) explain(conn *connection, err error) error {
	if conn.stage == joining && len(conn.steps) > 0 {
		return fmt.Errorf("member %d, waiting for a frame with %q after %q: %w",
			conn.member.Index, conn.steps[0].Await, conn.last, err)
	}
	return fmt.Errorf("member %d, %s: %w", conn.member.Index, conn.stage, err)
}

// turn reads once what has come.
func (c *crowd) turn(ctx context.Context) error {
	return c.turnFor(ctx, pollEvery)
}

func (c *crowd) turnFor(ctx context.Context, wait time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := c.network.poll(wait, func(l *link, data []byte, err error) { c.receive(c.all[l.id], data, err) })
	if err != nil {
		return err
	}
	c.reopen()
	return c.failed
}

// reopen opens the connections whose pause is over.
func (c *crowd) reopen() {
	pauses := c.pauses
	c.pauses = nil
	for _, p := range pauses {
		if time.Now().Before(p.ends) {
			c.pauses = append(c.pauses, p)
			continue
		}
		p.conn.link, p.conn.bytes = link{id: p.conn.link.id}, assembler{}
		p.conn.stage, p.conn.again = connecting, true
		if err := c.network.dial(&p.conn.link, sourceOf(c.server, p.conn.link.id)); err != nil {
			c.end(p.conn, err)
		}
	}
}

func (c *crowd) receive(conn *connection, data []byte, err error) {
	c.now = time.Now()
	c.read += int64(len(data))
	if err == nil && conn.stage == connecting {
		err = c.upgrade(conn)
	} else if len(data) > 0 {
		if err2 := c.take(conn, data); err2 != nil {
			err = err2
		}
	}
	if err != nil {
		c.end(conn, err)
	}
}

func (c *crowd) upgrade(conn *connection) error {
	conn.stage = upgrading
	path, header := "/", map[string][]string(nil)
	if c.options.Dialect.Upgrade != nil {
		path, header = c.options.Dialect.Upgrade(conn.member)
	}
	return c.network.write(&conn.link, upgradeRequest(c.options.Address, path, header))
}

// take handles the bytes that came, together with an incomplete frame from before.
func (c *crowd) take(conn *connection, data []byte) error {
	data = conn.bytes.join(data)
	if conn.stage == upgrading {
		n, err := upgradeAnswer(data)
		if err != nil {
			return err
		}
		if n > 0 {
			data = data[n:]
			conn.stage = joining
			if c.options.Dialect.Join != nil {
				conn.steps = c.options.Dialect.Join(conn.member)
			}
			if err := c.step(conn); err != nil {
				return err
			}
		}
	}
	for conn.stage == joining || conn.stage == joined {
		f, n, err := nextFrame(data)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		data = data[n:]
		if err := c.takeFrame(conn, f); err != nil {
			return err
		}
	}
	conn.bytes.keep(data)
	return nil
}

// closedError is a close frame from the server.
type closedError struct {
	code   int
	reason string
}

func (e *closedError) Error() string {
	return fmt.Sprintf("closed by the server: %d %s", e.code, e.reason)
}

func (c *crowd) takeFrame(conn *connection, f frame) error {
	switch f.op {
	case opPing:
		return c.send(conn, opPong, f.payload)
	case opPong:
		return nil
	case opClose:
		c.send(conn, opClose, f.payload[:min(len(f.payload), 2)]) // the connection is over, whether this arrives or not
		return &closedError{closeCode(f.payload), string(f.payload[min(len(f.payload), 2):])}
	}
	message, complete, err := conn.bytes.whole(f)
	if err != nil || !complete {
		return err
	}
	if err := c.answer(conn, message); err != nil {
		return err
	}
	if conn.stage == joined {
		c.delivered(conn, message)
		return nil
	}
	conn.last = string(message[:min(len(message), 200)])
	if !bytes.Contains(message, []byte(conn.steps[0].Await)) {
		return nil
	}
	then := conn.steps[0].Then
	conn.steps = conn.steps[1:]
	if then != nil {
		more, err := then(message)
		if err != nil {
			return err
		}
		conn.steps = slices.Concat(more, conn.steps)
	}
	return c.step(conn)
}

// answer answers the lines of a message that the dialect answers.
func (c *crowd) answer(conn *connection, message []byte) error {
	for more := c.longest > 0; more; {
		var line []byte
		line, message, more = bytes.Cut(message, []byte("\n"))
		if len(line) > c.longest {
			continue
		}
		if answer, ok := c.options.Dialect.Answers[string(line)]; ok {
			if err := c.send(conn, opText, []byte(answer)); err != nil {
				return err
			}
		}
	}
	return nil
}

// step sends the frame of the next step. When no step is left, the member has joined.
func (c *crowd) step(conn *connection) error {
	if len(conn.steps) > 0 {
		if conn.steps[0].Send == "" {
			return nil
		}
		return c.send(conn, opText, []byte(conn.steps[0].Send))
	}
	conn.stage = joined
	if conn.again {
		c.returned(conn)
		return nil
	}
	c.joined++
	if conn.stalls {
		return c.network.read(&conn.link, false)
	}
	return nil
}

func (c *crowd) send(conn *connection, op byte, payload []byte) error {
	c.scratch = appendFrame(c.scratch[:0], op, payload)
	return c.network.write(&conn.link, c.scratch)
}

// end ends a connection. When its member has never joined, the whole run fails, since its results could not
// be compared with those of other runs.
func (c *crowd) end(conn *connection, err error) {
	if conn.stage == ended {
		return
	}
	was := conn.stage
	if was != joined && !conn.again && c.failed == nil {
		c.failed = c.explain(conn, err)
	}
	conn.stage = ended
	c.network.hangUp(&conn.link)
	code := closeNone
	var closed *closedError
	if errors.As(err, &closed) {
		code = closed.code
	}
	c.closed[code]++
	if was == joined {
		c.left(conn)
	}
	if c.options.Reopen > 0 {
		wait := c.options.Reopen/2 + rand.N(c.options.Reopen)
		c.pauses = append(c.pauses, pause{conn, time.Now().Add(wait)})
	}
}
