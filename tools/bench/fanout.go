// The bench "fanout": people send messages to rooms, and every member of a room receives them.

package bench

import (
	"errors"
	"fmt"

	"parley/internal/console"
	"parley/store"
	"parley/tools/load"
)

// fanoutScenario holds the flags of the scenario. The report gives them as its options.
type fanoutScenario struct {
	Rooms   int     `default:"10" env:"-" placeholder:"N" help:"Rooms in which people write (${default})." json:"rooms"`
	Members int     `default:"100" env:"-" placeholder:"N" help:"Members of each room, all online (${default})." json:"members"`
	Senders int     `default:"1" env:"-" placeholder:"N" help:"Members of each room who write (${default})." json:"senders"`
	Window  int     `default:"8" env:"-" placeholder:"N" help:"Messages that each of them has under way: the next goes out when all have had one (${default})." json:"window,omitempty"`
	Rate    float64 `env:"-" placeholder:"N" help:"Instead, offer so many messages a second in all rooms together, whatever comes back." json:"rate,omitempty"`
	Idle    int     `env:"-" placeholder:"N" help:"So many more people online, in rooms in which nobody writes." json:"idle,omitempty"`
	Stalled int     `env:"-" placeholder:"N" help:"Members of each room who are online and never read." json:"stalled,omitempty"`
	Bytes   int     `default:"70" env:"-" placeholder:"N" help:"Length of a message (${default})." json:"bytes"`

	runningServer
}

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (f *fanoutScenario) Validate() error {
	switch {
	case f.Rooms < 1 || f.Members < 1 || f.Senders < 1 || f.Window < 1:
		return errors.New("--rooms, --members, --senders, --window: at least 1")
	case !(f.Rate >= 0) || f.Idle < 0 || f.Stalled < 0: // NaN fails here
		return errors.New("--rate, --idle, --stalled: not below 0")
	case f.Senders+f.Stalled > f.Members:
		return errors.New("--members: as many as write and as do not read, at least")
	}
	return errors.Join(checkLength(f.Bytes), f.check())
}

// checkLength refuses a length of messages that is too short for the marker by which the generator counts
// them.
func checkLength(bytes int) error {
	if bytes < load.MinTextBytes {
		return fmt.Errorf("--bytes: at least %d", load.MinTextBytes)
	}
	return nil
}

// Run runs the scenario; kong calls it.
func (f *fanoutScenario) Run(c *console.Console, b *Command) error {
	if f.Rate > 0 {
		f.Window = 0
	}
	return b.run(c, "fanout", f, func(r *scene) (figures, error) {
		if f.URL != "" {
			return f.measureRunning(r)
		}
		return f.measure(r)
	})
}

func (f *fanoutScenario) measure(r *scene) (*fanoutFigures, error) {
	idleRooms := (f.Idle + f.Members - 1) / f.Members
	s, err := r.seedServer(store.Seed{Teams: f.Rooms + idleRooms, People: f.Members, Rooms: 1})
	if err != nil {
		return nil, err
	}
	found := &fanoutFigures{options: f}
	disk := diskProbe{folder: s.data}
	if err := disk.probe(); err != nil {
		return nil, err
	}
	if err := s.start(r); err != nil {
		return nil, err
	}
	options := s.load(r)
	options.Rooms, options.Members, options.Active = f.Rooms+idleRooms, f.Members, f.Rooms
	options.Senders, options.Stalled = f.Senders, f.Stalled
	options.Window, options.Rate, options.TextBytes = f.Window, f.Rate, f.Bytes
	if found.Result, found.Others, err = s.fanout(r, options); err != nil {
		return nil, err
	}
	if err := disk.probe(); err != nil {
		return nil, err
	}
	found.Disk = disk.figures()
	return found, nil
}

// fanoutFigures are the results.
type fanoutFigures struct {
	load.Result
	Others  float64     `json:"other_programs_cpus"`
	Disk    diskFigures `json:"disk"`
	options *fanoutScenario
}

func (f *fanoutFigures) print(t *table) {
	o := f.options
	t.text("%s rooms of %s people, %d of each room writing, %.0f s:",
		grouped(o.Rooms), grouped(o.Members), o.Senders, f.Seconds)
	t.text("")
	t.row("messages", grouped(f.MessagesPerSecond)+" a second")
	t.row("deliveries", grouped(f.DeliveriesPerSecond)+" a second")
	printUsage(t, f.Server, f.Generator, f.Seconds, f.Others)
	if f.Server != nil {
		t.row("deliveries for each CPU second of the server", grouped(f.DeliveriesPerCPUSecond))
	}
	printLatency(t, "from sending to seeing", f.Latency)
	t.row("one sync of the disk, half of them within", f.Disk.P50.String())
	if f.Stalled != nil {
		t.row("members who did not read", grouped(f.Stalled.Members))
		t.row("… of whom the server closed", grouped(f.Stalled.Closed))
	}
	printFaults(t, f.Faults, f.ClosedReaders())
}

func (f *fanoutFigures) wrong() string { return faultsText(f.Faults, f.ClosedReaders()) }
