// Command peers runs Parley and other servers under the same loads, in turns, and prints how they compare.
// See README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"parley/tools/load"
)

// run is one run of one server under one scenario.
type run struct {
	Scenario   string          `json:"scenario"`
	Server     string          `json:"server"`
	Repetition int             `json:"repetition"`
	Fanout     *load.Result    `json:"fanout,omitempty"`
	Connected  *load.Connected `json:"connected,omitempty"`
	Others     float64         `json:"other_programs_cpus"`
	Error      string          `json:"error,omitempty"`
	Counts     bool            `json:"counts"`
}

// report is what -json writes.
type report struct {
	Begun  time.Time `json:"begun"`
	System string    `json:"system"`
	Cores  int       `json:"cores"`
	Go     string    `json:"go"`
	Runs   []run     `json:"runs"`
}

func main() {
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := bench(ctx); err != nil {
		log.Fatal("bench: ", err)
	}
}

func bench(ctx context.Context) error {
	repetitions := flag.Int("repetitions", 3, "how often each server does each scenario; medians are shown")
	seconds := flag.Int("seconds", 3, "of each measurement, after one of warming up")
	servers := flag.String("servers", "", "only these, as parley,melody")
	only := flag.String("scenarios", "", "only these, as 10x100,rate")
	where := flag.String("folder", ".", "for what is built, and Parley's database: it should be on a disk")
	file := flag.String("json", "", "write every run to this file")
	flag.Parse()

	folder, err := os.MkdirTemp(*where, ".parley-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if folder, err = filepath.Abs(folder); err != nil {
		return err
	}
	all := named(contenders(), func(c *contender) string { return c.name }, words(*servers))
	loads := scenarios(time.Duration(*seconds) * time.Second)
	loads = named(loads, func(s scenario) string { return s.name }, words(*only))
	if len(all) == 0 || len(loads) == 0 {
		return errors.New("no such server or scenario")
	}
	all = built(ctx, all, folder)
	r := report{
		Begun: time.Now().UTC(), System: runtime.GOOS + "/" + runtime.GOARCH,
		Cores: runtime.NumCPU(), Go: runtime.Version(),
	}
	for _, s := range loads {
		for i := range *repetitions {
			for _, c := range all {
				if slices.Contains(c.unfit, s.name) {
					continue
				}
				one := attempt(ctx, c, s)
				if ctx.Err() != nil {
					return ctx.Err()
				}
				one.Repetition = i + 1
				r.Runs = append(r.Runs, one)
			}
		}
		printScenario(os.Stdout, s, all, r.Runs)
	}
	if *file == "" {
		return nil
	}
	out, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(*file, append(out, '\n'), 0o644)
}

func words(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// built returns the servers that could be built, and prints why it leaves out the others.
func built(ctx context.Context, all []*contender, folder string) []*contender {
	return slices.DeleteFunc(all, func(c *contender) bool {
		var err error
		c.folder = folder
		if c.command, err = c.build(ctx, folder); err != nil {
			log.Printf("%s is left out: %v", c.name, err)
		}
		return err != nil
	})
}

// attempt runs a scenario once. The run counts when nothing was lost, doubled, out of order or in a wrong
// room, and when the server closed no member. The report also contains runs that do not count.
func attempt(ctx context.Context, c *contender, s scenario) run {
	log.Printf("%s: %s", s.name, c.name)
	one, err := c.measure(ctx, c, s)
	one.Scenario, one.Server = s.name, c.name
	switch {
	case err != nil:
		one.Error = err.Error()
		one.Fanout, one.Connected = nil, nil
		log.Print("  ", err)
	case one.Fanout != nil:
		one.Counts = one.Fanout.Sound() || c.lossy
	default:
		one.Counts = len(one.Connected.Closed) == 0
	}
	return one
}
