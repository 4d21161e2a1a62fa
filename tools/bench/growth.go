// The bench "growth": the same load on servers that hold little and on servers that hold much.

package bench

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"parley/chat"
	"parley/internal/console"
	"parley/store"
	"parley/tools/load"
)

// growthScenario holds the flags of the scenario. The report gives them as its options.
type growthScenario struct {
	Stored  []int `default:"10000,10000000" env:"-" placeholder:"N" help:"Messages in the database, in all rooms together (${default})." json:"stored"`
	Rooms   []int `default:"10,1000,100000" env:"-" placeholder:"N" help:"Rooms in the database, with people of their own (${default})." json:"rooms"`
	Members int   `default:"10" env:"-" placeholder:"N" help:"Members of each room (${default})." json:"members"`
	Active  int   `default:"10" env:"-" placeholder:"N" help:"Rooms in which people write, spread over all of them (${default})." json:"active"`
	Sockets int   `default:"2000" env:"-" placeholder:"N" help:"Connections that are opened, of people of all rooms (${default})." json:"sockets"`
}

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (g *growthScenario) Validate() error {
	if len(g.Rooms) == 0 || len(g.Stored) == 0 || g.Active < 1 || slices.Min(g.Rooms) < g.Active ||
		g.Members < 1 || g.Sockets < 1 || slices.Min(g.Stored) < 0 {
		return errors.New("--rooms: at least those in which people write; all others: at least 1")
	}
	return nil
}

// Run runs the scenario; kong calls it.
func (g *growthScenario) Run(c *console.Console, b *Command) error {
	return b.run(c, "growth", g, func(r *scene) (figures, error) { return g.measure(r) })
}

func (g *growthScenario) measure(r *scene) (*growthFigures, error) {
	found := &growthFigures{options: g}
	for _, stored := range g.Stored {
		for _, rooms := range g.Rooms {
			run, err := g.measureOne(r, rooms, stored)
			if err != nil {
				return nil, fmt.Errorf("%d rooms with %d messages: %w", rooms, stored, err)
			}
			found.Runs = append(found.Runs, run)
		}
	}
	return found, nil
}

// growthWindow is how many messages a sender has under way.
const growthWindow = 8

func (g *growthScenario) measureOne(r *scene, rooms, stored int) (run growthRun, err error) {
	s, err := r.seedServer(store.Seed{Teams: rooms, People: g.Members, Rooms: 1, Messages: stored / rooms})
	if err != nil {
		return run, err
	}
	run.Rooms, run.Stored = rooms, s.seed.AllMessages()
	file, err := os.Stat(s.database())
	if err != nil {
		return run, err
	}
	run.DatabaseBytes = file.Size()
	if err := s.start(r); err != nil {
		return run, err
	}
	options := s.load(r)
	options.Rooms, options.Members, options.Settle = g.Sockets, 1, time.Millisecond
	options.Dialect = s.dialect(g.anyone(s))
	if run.Connected, _, err = s.connect(r, options); err != nil {
		return run, err
	}
	options = s.load(r)
	options.Rooms, options.Members, options.Window = g.Active, g.Members, growthWindow
	options.Dialect = s.dialect(g.spread(s))
	if run.Result, run.Others, err = s.fanout(r, options); err != nil {
		return run, err
	}
	return run, s.remove()
}

// anyone spreads the connections over the people of all rooms. With fewer people than connections, some
// people have several.
func (g *growthScenario) anyone(s *server) place {
	people := s.seed.Teams * s.seed.People
	return func(m load.Member) (chat.UserID, chat.RoomID) {
		person := m.Index % people
		if people > g.Sockets {
			person = m.Index * (people / g.Sockets)
		}
		return s.seed.User(person/s.seed.People, person%s.seed.People), 0
	}
}

// spread makes people write in a part of the rooms, spread evenly over all of them.
func (g *growthScenario) spread(s *server) place {
	return func(m load.Member) (chat.UserID, chat.RoomID) {
		team := m.Room * (s.seed.Teams / g.Active)
		return s.seed.User(team, m.Place), s.seed.Room(team, 0)
	}
}

// growthFigures are the results for each size.
type growthFigures struct {
	Runs    []growthRun `json:"runs"`
	options *growthScenario
}

type growthRun struct {
	Rooms         int            `json:"rooms"`
	Stored        int            `json:"stored"`
	DatabaseBytes int64          `json:"database_bytes"`
	Connected     load.Connected `json:"connected"`
	Result        load.Result    `json:"messages"`
	Others        float64        `json:"other_programs_cpus"`
}

func (f *growthFigures) print(t *table) {
	o := f.options
	t.text("The same work on servers that hold more and more: %s connections; messages in %s rooms of %s:",
		grouped(o.Sockets), grouped(o.Active), grouped(o.Members))
	t.text("")
	t.row("rooms", "stored", "database", "CPU each connection", "CPU each message", "messages/s",
		"99 of 100 within", "memory", "others' CPUs")
	for _, run := range f.Runs {
		t.row(grouped(run.Rooms), grouped(run.Stored), sizeOf(run.DatabaseBytes),
			perUnit(run.Connected.Server, int64(run.Connected.Connections)),
			perUnit(run.Result.Server, run.Result.Messages),
			grouped(run.Result.MessagesPerSecond), millisOf(run.Result.Latency.P99).String(),
			peak(run.Result.Server), fmt.Sprintf("%.2f", run.Others))
	}
}

// perUnit is the CPU time that each unit took.
func perUnit(used *load.Usage, units int64) string {
	if used == nil || units == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f µs", used.CPUSeconds/float64(units)*1e6)
}

func (r growthRun) wrong() string { return faultsText(r.Result.Faults, r.Result.ClosedReaders()) }

func (f *growthFigures) wrong() string {
	for _, run := range f.Runs {
		if wrong := run.wrong(); wrong != "" {
			return wrong
		}
	}
	return ""
}
