// The bench "idle": people come online and then do nothing.

package bench

import (
	"errors"
	"fmt"
	"slices"

	"parley/internal/console"
	"parley/store"
	"parley/tools/load"
)

// idleScenario holds the flags of the scenario. The report gives them as its options.
type idleScenario struct {
	People  []int `default:"5000,15000" env:"-" placeholder:"N" help:"People online, each time on a server just started (${default})." json:"people"`
	Members int   `default:"100" env:"-" placeholder:"N" help:"Members of each room; everyone is in one (${default})." json:"members"`
}

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (i *idleScenario) Validate() error {
	if len(i.People) == 0 || slices.Min(i.People) < i.Members || i.Members < 1 {
		return errors.New("--people: at least the members of one room")
	}
	return nil
}

// Run runs the scenario; kong calls it.
func (i *idleScenario) Run(c *console.Console, b *Command) error {
	return b.run(c, "idle", i, func(r *scene) (figures, error) { return i.measure(r) })
}

func (i *idleScenario) measure(r *scene) (*idleFigures, error) {
	s, err := r.seedServer(store.Seed{Teams: slices.Max(i.People) / i.Members, People: i.Members, Rooms: 1})
	if err != nil {
		return nil, err
	}
	found := &idleFigures{}
	for _, people := range i.People {
		if err := s.start(r); err != nil {
			return nil, err
		}
		options := s.load(r)
		options.Rooms, options.Members = people/i.Members, i.Members
		options.Progress = func(stage string, done, of int) {
			r.progress(stage, done, of)
			if done == of {
				err = s.profile(r, "heap", fmt.Sprintf("heap-of-%d.pprof", people))
			}
		}
		run := idleRun{}
		var connectErr error
		if run.Connected, run.Others, connectErr = s.connect(r, options); connectErr != nil {
			return nil, connectErr
		}
		if err != nil {
			return nil, err
		}
		found.Runs = append(found.Runs, run)
		if err := s.stop(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// idleFigures are the results for each number of people.
type idleFigures struct {
	Runs []idleRun `json:"runs"`
}

type idleRun struct {
	load.Connected
	Others float64 `json:"other_programs_cpus"`
}

func (f *idleFigures) print(t *table) {
	t.text("People who come online, 64 at a time, and then do nothing:")
	t.text("")
	lines := []struct {
		name string
		cell func(idleRun) string
	}{
		{"people", func(r idleRun) string { return grouped(r.Connections) }},
		{"all online after", func(r idleRun) string { return fmt.Sprintf("%.1f s", r.Seconds) }},
		{"connections a second", func(r idleRun) string { return grouped(r.PerSecond) }},
		{"… for each CPU second of the server", func(r idleRun) string { return grouped(r.PerCPUSecond) }},
		{"memory for each of them", func(r idleRun) string { return sizeOf(int64(r.BytesEach)) }},
		{"memory of the server", func(r idleRun) string { return sizeOf(r.memory()) }},
		{"CPUs used by other programs", func(r idleRun) string { return fmt.Sprintf("%.2f", r.Others) }},
		{"connections lost", func(r idleRun) string { return grouped(r.lost()) }},
	}
	for _, line := range lines {
		cells := []string{line.name}
		for _, run := range f.Runs {
			cells = append(cells, line.cell(run))
		}
		t.row(cells...)
	}
}

func (r idleRun) memory() int64 {
	if r.Server == nil {
		return 0
	}
	return r.Server.RSSAfter
}

func (r idleRun) lost() int {
	lost := 0
	for _, n := range r.Closed {
		lost += n
	}
	return lost
}

func (f *idleFigures) wrong() string {
	for _, run := range f.Runs {
		if run.lost() > 0 {
			return fmt.Sprintf("%d of %d idle connections ended", run.lost(), run.Connections)
		}
	}
	return ""
}
