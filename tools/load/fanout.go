// The load "fanout": members of rooms publish messages, and all members of a room receive them.

package load

import (
	"bytes"
	"context"
	"math/rand/v2"
	"time"
)

// Result is what Fanout measured. Rates and CPU times cover only the measured time, faults the whole run.
type Result struct {
	Connections int     `json:"connections"`
	Seconds     float64 `json:"seconds"`
	Messages    int64   `json:"messages"`   // sent
	Deliveries  int64   `json:"deliveries"` // to members who read

	MessagesPerSecond   float64 `json:"messages_per_second"`
	DeliveriesPerSecond float64 `json:"deliveries_per_second"`
	// DeliveriesPerCPUSecond is for each second of the server's CPU time; 0 when that time is not measured.
	DeliveriesPerCPUSecond float64 `json:"deliveries_per_cpu_second,omitempty"`
	BytesPerDelivery       float64 `json:"bytes_per_delivery"`

	// Latency covers the messages that were sent in the measured time, whenever they arrived.
	Latency Latency `json:"latency"`

	LeftOut int64          `json:"left_out,omitempty"` // messages that were due while their sender had Most under way
	Faults  Faults         `json:"faults"`
	Refused map[string]int `json:"refused,omitempty"` // messages that the server refused, by its reason
	Closed  map[int]int    `json:"closed,omitempty"`  // connections that the server ended, by close code
	Stalled *StalledResult `json:"stalled,omitempty"`

	Server    *Usage `json:"server,omitempty"` // nil when it was not measured
	Generator *Usage `json:"generator,omitempty"`
}

// StalledResult is what happened to the members who did not read.
type StalledResult struct {
	Members int   `json:"members"`
	Closed  int   `json:"closed"` // found closed when the run read from them at the end
	Missed  int64 `json:"missed"` // messages that they did not get even then
}

// Sound reports whether the run counts: nothing was lost, doubled, out of order, refused or delivered to a
// wrong room, and the server closed no member who reads.
func (r Result) Sound() bool { return r.Faults.None() && r.ClosedReaders() == 0 }

// ClosedReaders counts the connections that the server closed although they read.
func (r Result) ClosedReaders() int {
	closed := 0
	for _, n := range r.Closed {
		closed += n
	}
	if r.Stalled != nil {
		closed -= r.Stalled.Closed
	}
	return closed
}

// fanout is one run of Fanout.
type fanout struct {
	*crowd
	book    *ledger
	started time.Time
	start   string // of every marker
	needle  []byte
	refusal []byte
	frame   []byte
	text    []byte

	owing   []*sender // who may send, when there is no rate
	turns   int       // messages that were due, when there is a rate
	sending bool
	from    time.Duration // the beginning of the measured time
	to      time.Duration
	latency histogram
	refused map[string]int
	leftOut int64
}

// Fanout connects all members, publishes as the options say, and measures. It returns an error when a member
// cannot join or when ctx ends. What the server does wrong after that is in the result.
func Fanout(ctx context.Context, o Options) (Result, error) {
	c, err := newCrowd(o)
	if err != nil {
		return Result{}, err
	}
	defer c.network.close()
	return c.fanout(ctx)
}

func (c *crowd) fanout(ctx context.Context) (Result, error) {
	if err := c.connect(ctx); err != nil {
		return Result{}, err
	}
	start := markerStart(rand.Uint32())
	f := &fanout{
		crowd: c, book: newLedger(c.options, c.all), started: time.Now(), start: start,
		needle:  []byte(c.options.Dialect.Before + start),
		refusal: []byte(c.options.Dialect.Refusal),
		sending: true, refused: map[string]int{},
	}
	f.from = f.options.Warmup
	f.to = f.from + f.options.Duration
	c.delivered, c.left, c.returned, f.book.completed = f.scan, f.book.gone, f.book.back, f.owe
	if f.options.Rate == 0 {
		for i := range f.book.rooms {
			for j := range f.book.rooms[i].senders {
				f.book.rooms[i].senders[j].owed = f.options.Window
				f.owing = append(f.owing, &f.book.rooms[i].senders[j])
			}
		}
	}
	return f.measure(ctx)
}

// scan finds the deliveries in a frame.
func (f *fanout) scan(c *connection, payload []byte) {
	f.scanRefusals(payload)
	for {
		i := bytes.Index(payload, f.needle)
		if i < 0 {
			return
		}
		payload = payload[i+len(f.needle):]
		m, ok := readMarker(payload)
		if !ok {
			f.book.faults.Unsent++
			continue
		}
		payload = payload[tailDigits:]
		f.book.deliver(c, m)
		if !c.stalls && m.at >= f.from && m.at < f.to {
			f.latency.add(f.arrived() - m.at)
		}
	}
}

func (f *fanout) scanRefusals(payload []byte) {
	if len(f.refusal) == 0 {
		return
	}
	for {
		_, why, found := bytes.Cut(payload, f.refusal)
		if !found {
			return
		}
		why, payload, _ = bytes.Cut(why, []byte{'"'})
		f.refused[string(why[:min(len(why), maxWhy)])]++
		f.book.faults.Refused++
	}
}

// maxWhy is the limit for a reason that is kept, in bytes.
const maxWhy = 64

// owe lets a sender send one more message. The run sends it once it has handled everything that came.
func (f *fanout) owe(s *sender) {
	if !f.sending || f.options.Rate != 0 || s.conn.stage != joined {
		return
	}
	if s.owed++; s.owed == 1 {
		f.owing = append(f.owing, s)
	}
}

func (f *fanout) publishOwed() {
	owing := f.owing
	f.owing = f.owing[len(f.owing):]
	for _, s := range owing {
		for s.owed > 0 && s.conn.stage == joined {
			s.owed--
			f.publish(s, f.elapsed())
		}
	}
}

// publishDue sends the messages that are due by the rate, by all rooms in turn and by all senders of a room
// in turn.
func (f *fanout) publishDue() (next time.Duration) {
	now := f.elapsed() // read once: what becomes due meanwhile is sent after the run has read what came
	for {
		due := time.Duration(float64(f.turns) / f.options.Rate * float64(time.Second))
		if due > now || due >= f.to {
			return due - now
		}
		room := &f.book.rooms[f.turns%len(f.book.rooms)]
		s := &room.senders[f.turns/len(f.book.rooms)%len(room.senders)]
		f.turns++
		switch {
		case f.options.Most > 0 && s.under >= f.options.Most:
			f.leftOut++
		case s.conn.stage == joined:
			f.publish(s, due)
		}
	}
}

func (f *fanout) publish(s *sender, at time.Duration) {
	number := f.book.send(s)
	m := s.conn.member
	f.text = appendText(f.text[:0], f.start, marker{m.Room, m.Place, number, at}, f.options.TextBytes)
	f.frame = f.options.Dialect.Publish(f.frame[:0], Message{m, number}, f.text)
	if err := f.send(s.conn, opText, f.frame); err != nil {
		f.end(s.conn, err)
	}
}

// run runs until a point in time, or until done reports that there is nothing to wait for.
func (f *fanout) run(ctx context.Context, stage string, until time.Duration, done func() bool) error {
	began := f.elapsed()
	told := began
	for now := began; now < until && !done(); now = f.elapsed() {
		wait := min(pollEvery, until-now)
		if f.sending && f.options.Rate != 0 {
			wait = min(wait, max(f.publishDue(), 0))
		} else if f.sending {
			f.publishOwed()
		}
		if err := f.turnFor(ctx, wait); err != nil {
			return err
		}
		if now-told > time.Second {
			told = now
			f.options.Progress(stage, int((now - began).Milliseconds()), int((until - began).Milliseconds()))
		}
	}
	return nil
}

func never() bool { return false }

// elapsed is the time since the start of the run.
func (f *fanout) elapsed() time.Duration {
	if f.clock != nil {
		return f.clock()
	}
	return time.Since(f.started)
}

// arrived is when the bytes in hand were read, since the start of the run.
func (f *fanout) arrived() time.Duration {
	if f.clock != nil {
		return f.clock()
	}
	return f.now.Sub(f.started)
}

func (f *fanout) measure(ctx context.Context) (Result, error) {
	if err := f.run(ctx, "warm up", f.from, never); err != nil {
		return Result{}, err
	}
	meter, err := newMeter(f.options.ServerPID)
	if err != nil {
		return Result{}, err
	}
	before, delivered, sent, read := time.Now(), f.book.delivered, f.book.sent, f.read
	if err := f.run(ctx, "measure", f.to, never); err != nil {
		return Result{}, err
	}
	if f.options.Rate != 0 {
		f.publishDue() // what became due during the last reading
	}
	r := Result{
		Connections: len(f.all), Seconds: time.Since(before).Seconds(),
		Messages: f.book.sent - sent, Deliveries: f.book.delivered - delivered,
	}
	if r.Server, r.Generator, err = meter.read(); err != nil {
		return Result{}, err
	}
	r.MessagesPerSecond = float64(r.Messages) / r.Seconds
	r.DeliveriesPerSecond = float64(r.Deliveries) / r.Seconds
	if r.Server != nil && r.Server.CPUSeconds > 0 {
		r.DeliveriesPerCPUSecond = float64(r.Deliveries) / r.Server.CPUSeconds
	}
	if r.Deliveries > 0 {
		r.BytesPerDelivery = float64(f.read-read) / float64(r.Deliveries)
	}
	f.sending = false
	err = f.run(ctx, "drain", f.elapsed()+f.options.Drain, func() bool { return f.book.underWay == 0 })
	if err != nil {
		return Result{}, err
	}
	if r.Stalled, err = f.readStalled(ctx); err != nil {
		return Result{}, err
	}
	r.LeftOut = f.leftOut
	r.Latency, r.Faults, r.Refused, r.Closed = f.latency.latency(), f.book.close(f.all), f.refused, f.closed
	return r, nil
}
