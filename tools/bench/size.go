// The bench "size" is for somebody who chooses a machine: how many people can be online on it, and how much
// can they write, so that everybody still sees every message at once?

package bench

import (
	"errors"
	"fmt"
	"math"
	"time"

	"parley/chat"
	"parley/internal/console"
	"parley/store"
	"parley/tools/load"
)

// sizeScenario holds the flags of the scenario: the model of what people do. The report gives them as its options.
type sizeScenario struct {
	Each    float64 `default:"1" env:"-" placeholder:"N" help:"Messages that each person online writes in a minute, on the average of a day (${default})." json:"messages_per_minute_each"`
	Peak    float64 `default:"5" env:"-" placeholder:"N" help:"How many times as many the busiest moments have; these are measured (${default})." json:"peak"`
	Devices int     `default:"2" env:"-" placeholder:"N" help:"Devices of each person that are online (${default})." json:"devices"`
	Team    int     `default:"20" env:"-" placeholder:"N" help:"People who share their rooms, so that each message goes to all of them (${default})." json:"team"`
	Within  int     `default:"250" env:"-" placeholder:"N" help:"Milliseconds within which 99 of 100 messages are seen (${default})." json:"within_ms"`
	Most    int     `default:"8000" env:"-" placeholder:"N" help:"People to try at most; if they can be online, they write more and more (${default})." json:"most"`
}

// The rest of the model of what people do.
const (
	sizeRooms   = 5   // of each team
	sizeHistory = 200 // messages in each
	sizeLength  = 120 // bytes of a message
	sizeFactor  = 4   // by how much the load grows while all goes well
	sizeSteps   = 5   // after the first load that did not go well; each step halves the distance
	sizeTries   = 2   // for each load, since other programs disturb
	sizeOthers  = 0.2 // CPUs used by other programs, from which on the report mentions them
)

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (z *sizeScenario) Validate() error {
	switch {
	case !(z.Each > 0) || !(z.Peak >= 1) || z.Devices < 1 || z.Within < 1:
		return errors.New("--each, --devices, --within: more than 0; --peak: at least 1")
	case z.Team < 1 || z.Most < z.Team:
		return errors.New("--most: at least one team")
	}
	return nil
}

// Run runs the scenario; kong calls it.
func (z *sizeScenario) Run(c *console.Console, b *Command) error {
	return b.run(c, "size", z, func(r *scene) (figures, error) { return z.measure(r) })
}

func (z *sizeScenario) measure(r *scene) (*sizeFigures, error) {
	s, err := r.seedServer(store.Seed{
		Teams: z.Most / z.Team, People: z.Team, Rooms: sizeRooms, Messages: sizeHistory,
	})
	if err != nil {
		return nil, err
	}
	if err := s.start(r); err != nil {
		return nil, err
	}
	found := &sizeFigures{options: z}
	return found, searchMost(float64(z.Team)*z.Each, func(perMinute float64) (bool, error) {
		return z.try(r, s, perMinute, found)
	})
}

// searchMost tries larger and larger values until one is too much, and then halves the distance back.
func searchMost(first float64, try func(float64) (good bool, err error)) error {
	most, tooMuch := 0.0, math.Inf(1)
	next := first
	for steps := 0; steps < sizeSteps; {
		good, err := try(next)
		if err != nil {
			return err
		}
		if good {
			most = next
		} else {
			tooMuch = next
		}
		switch {
		case most == 0:
			return nil
		case math.IsInf(tooMuch, 1):
			next = most * sizeFactor
		default:
			steps++
			next = math.Sqrt(most * tooMuch)
		}
	}
	return nil
}

// try reports whether a number of messages a minute goes well.
func (z *sizeScenario) try(r *scene, s *server, perMinute float64, found *sizeFigures) (bool, error) {
	for range sizeTries {
		run, err := z.measureOne(r, s, perMinute)
		if err != nil {
			return false, err
		}
		found.Tried = append(found.Tried, run)
		if run.Good {
			found.Answer = &run
			return true, nil
		}
	}
	return false, nil
}

func (z *sizeScenario) measureOne(r *scene, s *server, perMinute float64) (run sizeRun, err error) {
	teams := min(int(perMinute/z.Each)/z.Team, s.seed.Teams)
	run.People, run.PerMinute = teams*z.Team, perMinute
	options := s.load(r)
	options.Rooms, options.Members = teams, z.Team*z.Devices
	options.Senders, options.TextBytes = options.Members, sizeLength
	options.Rate = perMinute / 60 * z.Peak
	options.Drain, options.Progress = 2*time.Second, nil
	options.Dialect = s.dialect(func(m load.Member) (chat.UserID, chat.RoomID) {
		return s.seed.User(m.Room, m.Place/z.Devices), s.seed.Room(m.Room, m.Room%sizeRooms)
	})
	if run.Result, run.Others, err = s.fanout(r, options); err != nil {
		return run, err
	}
	run.Good = run.Sound() && run.Latency.P99 <= float64(z.Within)
	fmt.Fprintf(r.stderr, "%s people, %s messages a minute: %s\n", grouped(run.People), grouped(perMinute), run)
	return run, nil
}

// sizeFigures are the loads that were tried, and the largest that went well.
type sizeFigures struct {
	Answer *sizeRun  `json:"answer"` // nil when not even one team went well
	Tried  []sizeRun `json:"tried"`

	options *sizeScenario
}

type sizeRun struct {
	People      int     `json:"people"`
	PerMinute   float64 `json:"messages_per_minute"`
	Good        bool    `json:"good"`
	Others      float64 `json:"other_programs_cpus"`
	load.Result         // of the busiest moments
}

// String describes the load and how it went.
func (r sizeRun) String() string {
	verdict := "good"
	switch {
	case !r.Sound():
		verdict = "not all came in time"
	case !r.Good:
		verdict = "too slow"
	}
	return fmt.Sprintf("99 of 100 seen within %s, %s", millisOf(r.Latency.P99), verdict)
}

func (f *sizeFigures) print(t *table) {
	o := f.options
	if f.Answer == nil {
		t.text("Not even %d people can write so that 99 of 100 messages are seen within %d ms.", o.Team, o.Within)
	} else {
		t.text("About %s people online, who write %s messages a minute: 99 of 100 are seen within %d ms.",
			grouped(roughly(float64(f.Answer.People))), grouped(roughly(f.Answer.PerMinute)), o.Within)
	}
	t.text("")
	t.row("people", "messages a minute", "deliveries/s at peak", "CPUs", "memory", "others' CPUs", "")
	for _, run := range f.Tried {
		cpus := ""
		if run.Server != nil {
			cpus = fmt.Sprintf("%.2f", run.Server.CPUSeconds/run.Seconds)
		}
		t.row(grouped(run.People), grouped(run.PerMinute), grouped(run.DeliveriesPerSecond),
			cpus, peak(run.Server), fmt.Sprintf("%.2f", run.Others), run.String())
	}
	t.text("")
	t.text("What people do: %d share %d rooms, and each has %d devices online. Messages that each writes in",
		o.Team, sizeRooms, o.Devices)
	t.text("a minute: %v, of %d characters, to all devices of the %d. The busiest moments have %v times",
		o.Each, sizeLength, o.Team, o.Peak)
	t.text("as many; these are what was measured. Up to %s people were tried; after that they only write",
		grouped(o.Most))
	t.text("more. --help tells how to change all this. A server alone has the part of the machine that the")
	t.text("generator used.")
	if f.Answer != nil && f.Answer.Others > sizeOthers {
		t.text("Other programs used %.1f CPUs meanwhile: without them it would be more.", f.Answer.Others)
	}
}

// roughly keeps two digits, since more would claim too much accuracy.
func roughly(n float64) float64 {
	unit := 1.0
	for n/unit >= 100 {
		unit *= 10
	}
	return float64(int(n/unit)) * unit
}

// wrong is always empty: the search looks for the load under which things go wrong.
func (f *sizeFigures) wrong() string { return "" }
