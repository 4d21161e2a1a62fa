// Package bench is "parley bench": it measures a server on this machine, under the kinds of load that matter
// when choosing a server. Each scenario is in a file of its own name; this file holds what the scenarios
// share. The load itself is made in package tools/load.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"

	"parley/internal/console"
)

// Command holds the flags that all scenarios share. None of them is a setting, so none is read from the
// environment or a file.
type Command struct {
	Seconds float64 `default:"10" env:"-" placeholder:"N" help:"How long to measure, after the start-up (${default})."`
	JSON    bool    `name:"json" env:"-" help:"Print JSON instead of a table. Progress goes to stderr either way."`
	Folder  string  `default:"." env:"-" placeholder:"FOLDER" help:"Where to put the temporary data; its disk is what is measured (${default})."`
	CPUs    int     `name:"cpus" env:"-" placeholder:"N" help:"Let the server use only N processors, by taskset (Linux)."`
	Memory  string  `env:"-" placeholder:"SIZE" help:"Let the server aim for no more memory than this, as 512MiB."`
	Profile string  `env:"-" hidden:"" placeholder:"FOLDER" help:"Write profiles of the server there, for \"go tool pprof\"."`

	Fanout  fanoutScenario  `cmd:"" default:"withargs" help:"Messages sent to rooms and delivered to their members. This is what happens without a scenario."`
	Size    sizeScenario    `cmd:"" help:"How many people this machine can serve, and how much they can write."`
	Durable durableScenario `cmd:"" help:"Messages acknowledged, that is on disk: through the whole server, by the store alone, and what the bare disk does."`
	Idle    idleScenario    `cmd:"" help:"People online who do nothing: what connecting them costs, and their memory."`
	Doors   doorsScenario   `cmd:"" help:"The same work through each door, one after the other: the native one, plain WebSocket, and Socket.IO."`

	Storm    stormScenario    `cmd:"" help:"The server is killed, and everyone comes back at once and asks for what they missed."`
	Growth   growthScenario   `cmd:"" help:"What a message and a connection cost with few rooms and messages stored, and with many. It needs up to 4 GB of disk."`
	History  historyScenario  `cmd:"" help:"Pages of old messages, while nobody writes and while others do."`
	Hostile  hostileScenario  `cmd:"" help:"Attacks by somebody with one account, or none: what others notice of each."`
	Attacker attackerCommand  `cmd:"" hidden:""`
	Overload overloadScenario `cmd:"" help:"Many times what the server can store: what it refuses, how the rest fares, and when all is as before."`
}

const (
	minSeconds = 0.1
	maxSeconds = 1_000_000 // longer than anybody waits
)

var memorySize = regexp.MustCompile(`^[1-9][0-9]*[KMG]iB$`)

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (b *Command) Validate() error {
	if !(b.Seconds >= minSeconds && b.Seconds <= maxSeconds) { // NaN is neither
		return fmt.Errorf("--seconds: %v to %d", minSeconds, maxSeconds)
	}
	if b.CPUs < 0 {
		return errors.New("--cpus: at least 1")
	}
	if b.Memory != "" && !memorySize.MatchString(b.Memory) {
		return fmt.Errorf("--memory=%s: want a size as 512MiB", b.Memory)
	}
	return nil
}

// scene is one run of a scenario.
type scene struct {
	ctx         context.Context
	bench       *Command
	stderr      io.Writer
	environment func() ([]string, error)
	ends        []func() error
	told        time.Time
}

// atEnd registers undo to be called when the run ends, whether it succeeds or fails. What is registered last
// is undone first.
func (r *scene) atEnd(undo func() error) { r.ends = append(r.ends, undo) }

func (r *scene) end() error {
	var err error
	for _, undo := range slices.Backward(r.ends) {
		err = errors.Join(err, undo())
	}
	return err
}

// tell prints progress, at most once a second.
func (r *scene) tell(format string, args ...any) {
	if time.Since(r.told) < time.Second {
		return
	}
	r.told = time.Now()
	fmt.Fprintf(r.stderr, format+"\n", args...)
}

// seconds is how long to measure.
func (r *scene) seconds() time.Duration {
	return time.Duration(r.bench.Seconds * float64(time.Second))
}

// progress prints how far the load generator has come with a stage.
func (r *scene) progress(stage string, done, of int) {
	if stage == "connect" {
		r.tell("connecting: %s of %s", grouped(done), grouped(of))
		return
	}
	r.tell("%s: %d of %d s", stage, done/1000, (of+500)/1000)
}

// run runs a scenario and prints its results. It fails when an event was lost, doubled or out of order.
func (b *Command) run(
	c *console.Console, scenario string, options any, measure func(*scene) (figures, error),
) (err error) {
	c, stop := c.EndsWithItsReader()
	defer stop()
	report := &report{Scenario: scenario, Parley: c.Version, Machine: thisMachine(), Options: options}
	r := &scene{ctx: c.Ctx, bench: b, stderr: c.Stderr, environment: c.Environment}
	report.Figures, err = measure(r)
	if err := errors.Join(err, r.end()); err != nil {
		if errors.Is(err, context.Canceled) {
			return errors.New("stopped before there were figures")
		}
		return err
	}
	if err := b.print(c.Stdout, report); err != nil {
		return err
	}
	if wrong := report.Figures.wrong(); wrong != "" {
		return errors.New(wrong)
	}
	return nil
}

func (b *Command) print(out io.Writer, report *report) error {
	if b.JSON {
		return report.writeJSON(out)
	}
	t := &table{}
	report.Figures.print(t)
	if b.Fanout.URL == "" {
		t.text("")
		t.text("%s", report.Machine)
	}
	return t.write(out)
}
