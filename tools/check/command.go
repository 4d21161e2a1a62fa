// "parley check" on the command line.

package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/console"
)

// Command makes one run and judges it. None of its flags is a setting, so none is read from the environment
// or a file.
type Command struct {
	Seed    uint64        `env:"-" placeholder:"N" help:"Follow the plan of an earlier run; its operations and faults come again, though not at the same instant."`
	Seconds int           `env:"-" default:"90" placeholder:"N" help:"How long clients act and faults are made (${default})."`
	Clients int           `env:"-" default:"16" placeholder:"N" help:"Clients, of two thirds as many people (${default})."`
	Rooms   int           `env:"-" default:"6" placeholder:"N" help:"Rooms they talk in (${default})."`
	Faults  []string      `env:"-" placeholder:"KIND" help:"Make only these kinds of faults, as kill,cut,restore; a wrong one names them all."`
	Every   time.Duration `env:"-" placeholder:"TIME" help:"A fault comes so often on average, as 300ms; those that --faults leaves out count too."`
	Data    string        `env:"-" placeholder:"FOLDER" help:"An empty folder for the data and the history, which are kept. A temporary one without it, kept when a promise is broken."`
	Replay  string        `env:"-" placeholder:"FILE" help:"Judge the history in FILE once more, and make no run."`
	JSON    bool          `name:"json" env:"-" help:"Print the report as JSON. Progress goes to stderr either way."`
}

// leastEvery is long enough to make a fault.
const leastEvery = 10 * time.Millisecond

// Validate returns an error that names the first flag with an invalid value; kong calls it.
func (k *Command) Validate() error {
	for _, least := range []struct {
		name     string
		n, least int
	}{{"seconds", k.Seconds, 5}, {"clients", k.Clients, 3}, {"rooms", k.Rooms, 1}} {
		if least.n < least.least {
			return fmt.Errorf("--%s: at least %d", least.name, least.least)
		}
	}
	if k.Every < 0 || k.Every > 0 && k.Every < leastEvery {
		return fmt.Errorf("--every: at least %s", leastEvery)
	}
	for _, kind := range k.Faults {
		if !slices.Contains(AllFaults, FaultKind(kind)) {
			return fmt.Errorf("--faults=%s: there are %v", kind, AllFaults)
		}
	}
	return nil
}

// Run makes a run and judges it; kong calls it. The exit status is 1 when a promise was broken, and 3 when
// too little happened to judge.
func (k *Command) Run(c *console.Console) error {
	if k.Replay != "" {
		h, err := ReadFile(k.Replay)
		if err != nil {
			return err
		}
		return k.report(c, NewReport(h))
	}
	c, stop := c.EndsWithItsReader()
	defer stop()
	folder, err := k.folder()
	if err != nil {
		return err
	}
	options, err := k.options(c, folder)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.Stderr, options)
	h, err := Run(c.Ctx, options)
	if err != nil {
		return k.notMade(c, folder, err)
	}
	report := NewReport(h)
	if k.Data != "" || report.Status() == StatusViolated {
		err = keep(c, folder, h)
	} else {
		err = os.RemoveAll(folder)
	}
	if err != nil {
		return err
	}
	told := k.report(c, report)
	if report.Status() == StatusViolated {
		k.shrink(c, options, report)
	}
	return told
}

// notMade explains why there is no run to judge, and says where the server's log is.
func (k *Command) notMade(c *console.Console, folder string, err error) error {
	if c.Ctx.Err() == nil || k.Data != "" {
		return fmt.Errorf("%w; the server's log is in %s", err, folder)
	}
	return errors.Join(errors.New("interrupted"), os.RemoveAll(folder))
}

// folder makes the folder for the data.
func (k *Command) folder() (string, error) {
	if k.Data == "" {
		return os.MkdirTemp("", "parley-check-")
	}
	if err := os.MkdirAll(k.Data, 0o700); err != nil {
		return "", err
	}
	inside, err := os.ReadDir(k.Data)
	if err == nil && len(inside) > 0 {
		err = fmt.Errorf("--data=%s: %w", k.Data, fs.ErrExist)
	}
	return k.Data, err
}

func (k *Command) options(c *console.Console, folder string) (Options, error) {
	self, err := os.Executable()
	if err != nil {
		return Options{}, err
	}
	environment, err := c.Environment()
	if err != nil {
		return Options{}, err
	}
	o := Options{
		Command: func(ctx context.Context, args ...string) *exec.Cmd {
			cmd := exec.CommandContext(ctx, self, args...)
			cmd.Env = environment
			return cmd
		},
		Folder: folder, Seed: k.Seed, Time: time.Duration(k.Seconds) * time.Second,
		Clients: k.Clients, Rooms: k.Rooms, Faults: AllFaults, Every: k.Every, Progress: c.Stderr,
	}
	if o.Seed == 0 {
		o.Seed = 1 + rand.Uint64N(1e9) // short enough to type
	}
	if len(k.Faults) > 0 {
		o.Faults = nil
		for _, kind := range k.Faults {
			o.Faults = append(o.Faults, FaultKind(kind))
		}
	}
	return o, nil
}

// keep writes the history into the folder of the data.
func keep(c *console.Console, folder string, h *History) error {
	file := filepath.Join(folder, "history.json.gz")
	fmt.Fprintf(c.Stderr, "The data and the history are kept: parley check --replay=%s\n", file)
	return WriteFile(file, h)
}

// shrink looks for a smaller run that also fails, for about as long as this run took.
func (k *Command) shrink(c *console.Console, options Options, report Report) {
	within := options.Time
	fmt.Fprintf(c.Stderr, "Looking for a smaller run that fails, for %s.\n", within)
	smallest, h := Shrink(c.Ctx, options, report.Violations, within)
	if h == nil {
		fmt.Fprintln(c.Stderr, "None was found.")
		return
	}
	fmt.Fprintf(c.Stderr, "The smallest that failed: %s\n", smallest)
	if err := keep(c, smallest.Folder, h); err != nil {
		fmt.Fprintln(c.Stderr, err)
	}
}

func (k *Command) report(c *console.Console, report Report) error {
	if k.JSON {
		encoder := json.NewEncoder(c.Stdout)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(report); err != nil {
			return err
		}
	} else {
		var text strings.Builder
		report.Print(&text)
		if _, err := fmt.Fprint(c.Stdout, text.String()); err != nil {
			return err
		}
	}
	if status := report.Status(); status != StatusFine {
		return console.ExitStatus(status)
	}
	return nil
}
