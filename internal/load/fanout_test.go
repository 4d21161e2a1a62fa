package load

import (
	"bytes"
	"context"
	"regexp"
	"testing"
	"time"
)

func run(t *testing.T, c *crowd) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	r, err := c.fanout(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAServerWithoutFaultsIsSound(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Options){
		"closed loop":    func(o *Options) { o.Window = 4 },
		"several speak":  func(o *Options) { o.Senders, o.Window = 3, 8 },
		"at a rate":      func(o *Options) { o.Rate, o.Senders = 500, 2 },
		"one room of it": func(o *Options) { o.Active = 1 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothWays(t, func(t *testing.T, gather func(Options) *crowd) {
				o := serve(t, rooms())
				change(&o)
				c := gather(o)
				r := run(t, c)
				if !r.Sound() {
					t.Errorf("got faults %+v, closed %v", r.Faults, r.Closed)
				}
				if r.Connections != 12 || r.Messages == 0 || r.Deliveries < 3*r.Messages {
					t.Errorf("got %d connections, %d messages, %d deliveries", r.Connections, r.Messages, r.Deliveries)
				}
				if l := r.Latency; l.P50 <= 0 || l.P50 > l.P95 || l.P95 > l.P99 || l.P99 > l.Max {
					t.Errorf("got latency %+v", l)
				}
				if o.Rate != 0 && (r.Messages < 40 || r.Messages > 60) {
					t.Errorf("got %d messages, want about 50", r.Messages)
				}
			})
		})
	}
}

func TestFaultsAreCaught(t *testing.T) {
	t.Parallel()
	// Each fault happens in one room, to one member and one message of the many.
	const bad = 10
	number := regexp.MustCompile(`(load.{18}).{8}`)
	toOne := func(s *roomServer, room string, frame []byte) { s.rooms[room][1].write(frame) }
	for name, c := range map[string]struct {
		deliver func(s *roomServer, room string, n int, frame []byte)
		want    Faults
	}{
		"drops": {func(s *roomServer, room string, n int, frame []byte) {
			for i, p := range s.rooms[room] {
				if n != bad || i != 1 {
					p.write(frame)
				}
			}
		}, Faults{Lost: 1}},
		"doubles": {func(s *roomServer, room string, n int, frame []byte) {
			s.toAll(room, frame)
			if n == bad {
				toOne(s, room, frame)
			}
		}, Faults{Doubled: 1}},
		"sends to a wrong room": {func(s *roomServer, room string, n int, frame []byte) {
			s.toAll(room, frame)
			if n == bad {
				toOne(s, map[string]string{"room0": "room1", "room1": "room2", "room2": "room0"}[room], frame)
			}
		}, Faults{Misdirected: 1}},
		"makes something up": {func(s *roomServer, room string, n int, frame []byte) {
			s.toAll(room, frame)
			if n == bad {
				toOne(s, room, number.ReplaceAll(frame, []byte("${1}00ffffff")))
				toOne(s, room, number.ReplaceAll(frame, []byte("${1}not hex!")))
			}
		}, Faults{Unsent: 2}},
		"reorders": {reorder(bad), Faults{Disordered: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothWays(t, func(t *testing.T, gather func(Options) *crowd) {
				server := rooms()
				server.deliver = c.deliver
				o := serve(t, server)
				o.Window, o.Drain = 4, time.Second
				r := run(t, gather(o))
				if r.Faults != c.want || r.Sound() {
					t.Errorf("got %+v (sound: %v), want %+v", r.Faults, r.Sound(), c.want)
				}
				if r.Messages < 2*bad {
					t.Errorf("the load stopped after %d messages", r.Messages)
				}
			})
		})
	}
}

// reorder holds back a message for one member until the room's next.
func reorder(bad int) func(s *roomServer, room string, n int, frame []byte) {
	var held []byte
	var of string
	return func(s *roomServer, room string, n int, frame []byte) {
		for i, p := range s.rooms[room] {
			switch {
			case n == bad && i == 1:
				held, of = bytes.Clone(frame), room
			case i == 1 && held != nil && room == of:
				p.write(frame)
				p.write(held)
				held = nil
			default:
				p.write(frame)
			}
		}
	}
}

func TestARefusedMessageIsNotPassedOver(t *testing.T) {
	t.Parallel()
	server := rooms()
	server.refuses = true
	o := serve(t, server)
	o.Drain = 100 * time.Millisecond
	c, err := newCrowd(o)
	r := run(t, clean(t, c, err))
	if want := (Faults{Refused: 3, Lost: 12}); r.Faults != want {
		t.Errorf("got %+v, want %+v", r.Faults, want)
	}
}

func TestRefusalsAreCountedByTheirReason(t *testing.T) {
	t.Parallel()
	server := rooms()
	server.refuses = true
	o := serve(t, server)
	o.Drain, o.Dialect.Refusal = 100*time.Millisecond, `{"`
	c, err := newCrowd(o)
	r := run(t, clean(t, c, err))
	if len(r.Refused) != 1 || r.Refused["refused"] != 3 {
		t.Errorf("got %v, want 3 that were refused", r.Refused)
	}
}

func TestAConnectionThatWasEndedIsOpenedAnew(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, gather func(Options) *crowd) {
		server := rooms()
		server.deliver = func(s *roomServer, room string, n int, frame []byte) {
			if n == 10 {
				s.rooms[room][1].conn.Close()
			}
			s.toAll(room, frame)
		}
		o := serve(t, server)
		o.Rate, o.Reopen, o.Duration = 500, 10*time.Millisecond, 400*time.Millisecond
		r := run(t, gather(o))
		// The tenth in all rooms is the fourth in its room, of some 66.
		if r.Faults.Lost == 0 || r.Faults.Lost > 30 || r.Closed[closeNone] != 1 {
			t.Errorf("got %+v, closed %v, want few lost by one member", r.Faults, r.Closed)
		}
		if f := r.Faults; f.Doubled+f.Disordered+f.Misdirected+f.Unsent > 0 {
			t.Errorf("got %+v", r.Faults)
		}
	})
}

func TestAStepMayLeadToMore(t *testing.T) {
	t.Parallel()
	o := serve(t, rooms())
	asked := 0
	join := o.Dialect.Join
	o.Dialect.Join = func(m Member) []Step {
		steps := join(m)
		steps[0].Then = func(frame []byte) ([]Step, error) {
			if asked++; !bytes.Contains(frame, []byte("joined")) {
				t.Errorf("got %q", frame)
			}
			return []Step{{Send: `{"text":"more"}`, Await: "more"}}, nil
		}
		return steps
	}
	r, err := Connect(context.Background(), o)
	if err != nil || r.Connections != 12 || asked != 12 {
		t.Errorf("got %+v %v after %d steps", r, err, asked)
	}
}

func TestASenderAtARateHasABoundUnderWay(t *testing.T) {
	t.Parallel()
	server := rooms()
	server.deliver = func(*roomServer, string, int, []byte) {} // nothing
	o := serve(t, server)
	o.Rate, o.Most, o.Drain = 1000, 2, 50*time.Millisecond
	c, err := newCrowd(o)
	r := run(t, clean(t, c, err))
	if r.Faults.Lost != 3*2*4 || r.LeftOut < 50 {
		t.Errorf("got %+v and %d left out, want two messages of each of three senders lost to four members", r.Faults, r.LeftOut)
	}
}
