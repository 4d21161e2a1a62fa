package load

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/wait"
)

func run(t *testing.T, c *crowd) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 4*wait.Patience)
	defer cancel()
	r, err := c.fanout(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// runHeld is run with a clock that stands still while something is on its way, so that no result depends on how fast the
// machine is.
func runHeld(t *testing.T, c *crowd) Result {
	t.Helper()
	found, _ := meters.Load(c.options.Address)
	meter := found.(*meterOfServer)
	sent := int64(len(c.all)) // each member sends a frame to join
	publish := c.options.Dialect.Publish
	c.options.Dialect.Publish = func(frame []byte, m Message, text []byte) []byte {
		sent++
		return publish(frame, m, text)
	}
	var now time.Duration
	c.clock = func() time.Duration {
		now += time.Microsecond
		if meter.handled.Load() == sent && meter.written.Load() == c.read {
			now += 200 * time.Microsecond
		}
		return now
	}
	return run(t, c)
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
				r := runHeld(t, c)
				if !r.Sound() {
					t.Errorf("got faults %+v, closed %v", r.Faults, r.Closed)
				}
				if r.Connections != 12 || r.Messages == 0 {
					t.Errorf("got %d connections, %d messages, %d deliveries", r.Connections, r.Messages, r.Deliveries)
				}
				if l := r.Latency; l.P50 <= 0 || l.P50 > l.P95 || l.P95 > l.P99 || l.P99 > l.Max {
					t.Errorf("got latency %+v", l)
				}
				if o.Rate != 0 && r.Messages != 50 {
					t.Errorf("got %d messages, want 50", r.Messages)
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
		"reorders": {func(s *roomServer, room string, n int, frame []byte) {
			for i, p := range s.rooms[room] {
				switch {
				case n == bad && i == 1:
					s.held, s.heldOf = bytes.Clone(frame), room
				case i == 1 && s.held != nil && room == s.heldOf:
					p.write(frame)
					p.write(s.held)
					s.held = nil
				default:
					p.write(frame)
				}
			}
		}, Faults{Disordered: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bothWays(t, func(t *testing.T, gather func(Options) *crowd) {
				server := rooms()
				server.deliver = c.deliver
				o := serve(t, server)
				o.Rate, o.Drain = 500, 100*time.Millisecond
				r := runHeld(t, gather(o))
				if r.Faults != c.want || r.Sound() {
					t.Errorf("got %+v (sound: %v), want %+v", r.Faults, r.Sound(), c.want)
				}
			})
		})
	}
}

func TestARefusedMessageIsNotPassedOver(t *testing.T) {
	t.Parallel()
	server := rooms()
	server.refuses = true
	o := serve(t, server)
	o.Drain = 100 * time.Millisecond
	c, err := newCrowd(o)
	r := runHeld(t, clean(t, c, err))
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
	r := runHeld(t, clean(t, c, err))
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
		o.Rate, o.Reopen, o.Duration = 100, 10*time.Millisecond, 3*time.Second
		r := run(t, gather(o))
		// The tenth message of all rooms is the fourth in its room, of 100. Who does not come back lacks the rest.
		if r.Faults.Lost == 0 || r.Faults.Lost > 90 || r.Closed[closeNone] != 1 {
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
	r := runHeld(t, clean(t, c, err))
	if r.Faults.Lost != 3*2*4 || r.LeftOut < 50 {
		t.Errorf("got %+v and %d left out, want 2 messages of each of 3 senders lost to 4 members", r.Faults, r.LeftOut)
	}
}

func TestWhoIsClosedIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, gather func(Options) *crowd) {
		server := rooms()
		server.deliver = func(s *roomServer, room string, n int, frame []byte) {
			if n == 10 {
				p := s.rooms[room][1]
				p.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(4008, "too slow"), time.Time{})
			}
			s.toAll(room, frame)
		}
		o := serve(t, server)
		o.Duration = 3 * time.Second
		r := run(t, gather(o))
		if r.Closed[4008] != 1 || len(r.Closed) != 1 || r.Sound() {
			t.Errorf("got closed %v, sound: %v", r.Closed, r.Sound())
		}
		if r.Messages < 12 || r.Faults.Lost == 0 {
			t.Errorf("got %d messages, %+v", r.Messages, r.Faults)
		}
		if f := r.Faults; f.Doubled+f.Disordered+f.Misdirected+f.Unsent+f.Refused > 0 {
			t.Errorf("got %+v", f)
		}
	})
}

func TestARateCountsFromWhenAMessageWasDue(t *testing.T) {
	t.Parallel()
	const pause = 100 * time.Millisecond
	server := rooms()
	server.deliver = func(s *roomServer, room string, n int, frame []byte) {
		if n == 10 {
			<-time.After(pause) // the server is busy with something else
		}
		s.toAll(room, frame)
	}
	o := serve(t, server)
	o.Rooms, o.Rate, o.Duration = 1, 200, 250*time.Millisecond
	c, err := newCrowd(o)
	r := run(t, clean(t, c, err))
	if !r.Sound() || r.Messages < 49 {
		t.Fatalf("got %+v", r)
	}
	// Messages that became due in the pause had to wait for the rest of it.
	if ms := float64(pause.Milliseconds()); r.Latency.Max < ms || r.Latency.P95 < 0.7*ms {
		t.Errorf("got %+v", r.Latency)
	}
}

func TestWhatIsWarmUpIsNotMeasured(t *testing.T) {
	t.Parallel()
	o := serve(t, rooms())
	o.Rate, o.Warmup, o.Duration, o.ServerPID = 500, 200*time.Millisecond, 100*time.Millisecond, os.Getpid()
	stages := map[string]bool{}
	o.Progress = func(stage string, done, of int) { stages[stage] = done <= of }
	c, err := newCrowd(o)
	r := runHeld(t, clean(t, c, err))
	if !r.Sound() || r.Messages < 49 || r.Messages > 51 || r.Seconds <= 0 {
		t.Errorf("got %+v", r)
	}
	if !stages["connect"] {
		t.Errorf("got stages %v", stages)
	}
	if measured := r.Server != nil && r.Generator != nil; measured != canMeasure() {
		t.Errorf("got %v, %v", r.Server, r.Generator)
	}
	if want := 57 + 57 + len(`{"room":"room0","text":"","html":""}`) + 2; int(r.BytesPerDelivery) < want {
		t.Errorf("got %v bytes a delivery, want %d at least", r.BytesPerDelivery, want)
	}
}

func TestOptionsThatCannotBeAreRefused(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"more active rooms than rooms":  {Active: 2},
		"senders who do not read":       {Members: 3, Senders: 2, Stalled: 2},
		"a text without a marker":       {TextBytes: MinTextBytes - 1},
		"too many rooms":                {Rooms: maxRooms + 1},
		"coming back without a rate":    {Reopen: time.Second},
		"an address that is none":       {Address: "nowhere"},
		"an address that has no number": {Address: "127.0.0.1:not-a-port"},
	} {
		if o.Address == "" {
			o.Address = "127.0.0.1:1"
		}
		if _, err := Fanout(t.Context(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := Connect(t.Context(), o); err == nil {
			t.Errorf("%s: no error from Connect", name)
		}
	}
}
