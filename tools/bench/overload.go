// The bench "overload": for a while people send many times more than the server can store, and then they
// stop.

package bench

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"parley/chat"
	"parley/internal/console"
	"parley/store"
	"parley/tools/load"
)

// overloadScenario holds the flags of the scenario. The report gives them as its options.
type overloadScenario struct {
	Times    float64 `default:"10" env:"-" placeholder:"N" help:"How many times the capacity, which is measured first, is offered (${default})." json:"times"`
	Senders  int     `default:"500" env:"-" placeholder:"N" help:"People who write, each alone in a room (${default})." json:"senders"`
	UnderWay int     `default:"64" env:"-" placeholder:"N" help:"Messages that each of them has under way at most (${default})." json:"under_way"`
}

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (o *overloadScenario) Validate() error {
	if o.Times <= 1 || o.Senders < 1 || o.UnderWay < 1 {
		return errors.New("--times: more than 1; --senders, --under-way: at least 1")
	}
	return nil
}

// Run runs the scenario; kong calls it.
func (o *overloadScenario) Run(c *console.Console, b *Command) error {
	return b.run(c, "overload", o, func(r *scene) (figures, error) { return o.measure(r) })
}

const (
	overloadWindow = 4           // messages of each sender under way while the capacity is measured
	overloadWrites = 64          // that each socket may have under way: a server's default limit
	overloadReopen = time.Second // how long somebody whose connection was closed waits before coming back
	glancesBefore  = 5
	normalWithin   = time.Minute
	longerTries    = 6 // each twice as long as the one before
)

func (o *overloadScenario) measure(r *scene) (*overloadFigures, error) {
	s, err := r.seedServer(store.Seed{Teams: o.Senders + 1, People: 1, Rooms: 1})
	if err != nil {
		return nil, err
	}
	if err := s.start(r, fmt.Sprint("--socket-writes=", overloadWrites)); err != nil {
		return nil, err
	}
	found := &overloadFigures{options: o}
	options := s.load(r)
	options.Rooms, options.Window, options.Dialect = o.Senders, overloadWindow, s.acknowledged(s.inOrder)
	if found.Capacity, err = capacity(r, s, options); err != nil {
		return nil, err
	}
	var before []glance
	for range glancesBefore {
		before = append(before, s.glance(r))
	}
	found.Before = slowest(before)

	options.Rate, options.Most = o.Times*found.Capacity.MessagesPerSecond, o.UnderWay
	options.Reopen = overloadReopen
	found.Wanted = options.Rate
	lastSent := noteSending(&options.Dialect)
	offered := make(chan error, 1)
	go func() {
		var err error
		found.Offered, found.Others, err = s.fanout(r, options)
		offered <- err
	}()
	if err := found.watch(r, s, offered, lastSent); err != nil {
		return nil, err
	}
	memory, err := load.ReadProcess(s.process.Cmd.Process.Pid)
	if err != nil && !errors.Is(err, load.ErrNotMeasured) {
		return nil, err
	}
	found.MemoryAfter = memory.RSS
	return found, nil
}

// capacity measures what the server can do. On a machine with other work nothing may be done in a short time: then it
// measures longer.
func capacity(r *scene, s *server, options load.Options) (load.Result, error) {
	for range longerTries {
		found, _, err := s.fanout(r, options)
		if err != nil || found.MessagesPerSecond > 0 {
			return found, err
		}
		options.Duration *= 2
	}
	return load.Result{}, fmt.Errorf("the server acknowledged nothing in %s", options.Duration/2)
}

// noteSending changes the dialect so that last gives the time when the last message was sent.
func noteSending(d *load.Dialect) (last func() time.Time) {
	var nanos atomic.Int64
	publish := d.Publish
	d.Publish = func(frame []byte, m load.Message, text []byte) []byte {
		nanos.Store(time.Now().UnixNano())
		return publish(frame, m, text)
	}
	return func() time.Time { return time.Unix(0, nanos.Load()) }
}

// watch uses the server as one more person would, until the load has ended and the server is as fast as
// before.
func (f *overloadFigures) watch(
	r *scene, s *server, offered <-chan error, lastSent func() time.Time,
) error {
	var glances []glance
	for ended := false; ; {
		select {
		case err := <-offered:
			if err != nil {
				return err
			}
			ended = true
		default:
		}
		if ended {
			end := lastSent()
			f.During = slowest(slices.DeleteFunc(slices.Clone(glances), func(g glance) bool {
				return g.began.After(end)
			}))
			normal := slices.IndexFunc(glances, func(g glance) bool {
				return g.began.After(end) && !g.failed && g.p99 <= 2*f.Before
			})
			if normal >= 0 {
				f.NormalAfter = millis(glances[normal].began.Sub(end))
				return nil
			}
			if time.Since(end) > normalWithin {
				f.NormalAfter = -1
				return nil
			}
		}
		glances = append(glances, s.glance(r))
		if err := errors.Join(r.ctx.Err(), s.alive()); err != nil {
			return err
		}
	}
}

// glance is what one more person, alone in a room, sees of the server at one time.
type glance struct {
	began  time.Time
	p99    millis // from sending a message to seeing it
	failed bool
}

func (s *server) glance(r *scene) glance {
	g := glance{began: time.Now()}
	options := s.load(r)
	options.Progress, options.Warmup = nil, 0
	options.Rate, options.Duration = 50, time.Second/2
	options.Patience, options.Drain = 5*time.Second, 5*time.Second
	options.Dialect = s.dialect(func(load.Member) (chat.UserID, chat.RoomID) {
		last := s.seed.Teams - 1
		return s.seed.User(last, 0), s.seed.Room(last, 0)
	})
	found, err := load.Fanout(r.ctx, options)
	g.p99, g.failed = millisOf(found.Latency.P99), err != nil || !found.Sound()
	return g
}

func slowest(glances []glance) millis {
	var p99 millis
	for _, g := range glances {
		p99 = max(p99, g.p99)
	}
	return p99
}

// overloadFigures are the results.
type overloadFigures struct {
	Capacity    load.Result `json:"capacity"`
	Wanted      float64     `json:"wanted_per_second"`
	Offered     load.Result `json:"offered"`
	Before      millis      `json:"bystander_before_p99_ms"`
	During      millis      `json:"bystander_during_p99_ms"`
	NormalAfter millis      `json:"normal_after_ms"` // negative when it took longer than a minute
	MemoryAfter int64       `json:"memory_after_bytes,omitempty"`
	Others      float64     `json:"other_programs_cpus"`

	options *overloadScenario
}

func (f *overloadFigures) print(t *table) {
	t.text("%.0f times the capacity for %.0f s, from %s people who are alone in a room each:",
		f.options.Times, f.Offered.Seconds, grouped(f.options.Senders))
	t.text("")
	perSecond := func(n int64) string { return grouped(float64(n)/f.Offered.Seconds) + " a second" }
	t.row("capacity", grouped(f.Capacity.MessagesPerSecond)+" a second")
	t.row("wanted", grouped(f.Wanted)+" a second")
	t.row("… sent by those who were online and had not too many under way", perSecond(f.Offered.Messages))
	t.row("acknowledged", perSecond(f.Offered.Deliveries))
	for _, code := range slices.Sorted(maps.Keys(f.Offered.Refused)) {
		t.row(`refused as "`+code+`"`, perSecond(int64(f.Offered.Refused[code])))
	}
	for _, code := range slices.Sorted(maps.Keys(f.Offered.Closed)) {
		t.row(fmt.Sprintf("connections closed with %d, and back", code), grouped(f.Offered.Closed[code]))
	}
	printLatency(t, "from sending to acknowledged", f.Offered.Latency)
	t.row("another person, alone: 99 of 100 within, before", f.Before.String())
	t.row("… meanwhile", f.During.String())
	if f.NormalAfter >= 0 {
		t.row("as before again after", f.NormalAfter.String())
	} else {
		t.row("as before again", "not within a minute")
	}
	printUsage(t, f.Offered.Server, f.Offered.Generator, f.Offered.Seconds, f.Others)
	t.row("… afterwards", sizeOf(f.MemoryAfter))
}

// wrong leaves out the faults that overload is meant to cause: refusals, and messages lost with connections
// that were closed.
func (f *overloadFigures) wrong() string {
	faults := f.Offered.Faults
	faults.Lost, faults.Refused = 0, 0
	wrongs := []string{faultsText(f.Capacity.Faults, f.Capacity.ClosedReaders()), faultsText(faults, 0)}
	if f.NormalAfter < 0 {
		wrongs = append(wrongs, "the server was not as before within a minute")
	}
	return strings.Join(slices.DeleteFunc(wrongs, func(w string) bool { return w == "" }), "; ")
}
