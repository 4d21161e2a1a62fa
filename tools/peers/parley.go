// Parley measures itself with the same load: "parley bench" starts the server, fills its database, and ends
// it.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"parley/tools/load"
)

func buildParley(ctx context.Context, folder string) ([]string, error) {
	binary := filepath.Join(folder, "parley")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary)
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	return []string{binary}, quietly(build)
}

// measureParley keeps the database in the folder of the other servers, on a disk where a sync really costs
// something.
func measureParley(ctx context.Context, c *contender, s scenario) (run, error) {
	o := s.options
	seconds := fmt.Sprintf("--seconds=%.0f", o.Duration.Seconds())
	args := []string{"bench", "--json", "--folder", c.folder, seconds}
	if s.connect {
		args = append(args, "idle", fmt.Sprint("--people=", o.Rooms*o.Members), fmt.Sprint("--members=", o.Members))
	} else {
		args = append(args, "fanout",
			fmt.Sprint("--rooms=", o.Active), fmt.Sprint("--members=", o.Members), fmt.Sprint("--senders=", o.Senders),
			fmt.Sprint("--window=", o.Window), fmt.Sprint("--rate=", o.Rate), fmt.Sprint("--stalled=", o.Stalled),
			fmt.Sprint("--idle=", (o.Rooms-o.Active)*o.Members), fmt.Sprint("--bytes=", o.TextBytes))
	}
	command := exec.CommandContext(ctx, c.command[0], args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output() // faults make it fail, after it wrote the report
	found, unreadable := readReport(out)
	if unreadable != nil {
		return run{}, fmt.Errorf("%w: %s", errors.Join(err, unreadable), stderr.String())
	}
	return found, nil
}

// readReport reads what "parley bench" prints for fan-out or for idle people.
func readReport(out []byte) (run, error) {
	type idle struct {
		load.Connected
		Others float64 `json:"other_programs_cpus"`
	}
	var report struct {
		Scenario string
		Figures  struct {
			load.Result
			Runs   []idle
			Others float64 `json:"other_programs_cpus"`
		}
	}
	if err := json.Unmarshal(out, &report); err != nil {
		return run{}, err
	}
	figures := &report.Figures
	if report.Scenario == "fanout" {
		return run{Fanout: &figures.Result, Others: figures.Others}, nil
	}
	if len(figures.Runs) != 1 {
		return run{}, fmt.Errorf("%s: %d runs, want one", report.Scenario, len(figures.Runs))
	}
	return run{Connected: &figures.Runs[0].Connected, Others: figures.Runs[0].Others}, nil
}
