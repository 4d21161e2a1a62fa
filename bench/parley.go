// Parley measures itself with the same load: "parley bench" starts the server, fills its database, ends it.

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

	"parley/internal/load"
)

func buildParley(ctx context.Context, folder string) ([]string, error) {
	binary := filepath.Join(folder, "parley")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary)
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	return []string{binary}, quietly(build)
}

// measureParley has the database beside everything else here, on a disk where a sync costs what it does.
func measureParley(ctx context.Context, c *contender, s scenario) (run, error) {
	o := s.options
	args := []string{
		"bench", fmt.Sprintf("--seconds=%.0f", o.Duration.Seconds()), "--json", "--folder", c.folder, "fanout",
		fmt.Sprint("--rooms=", o.Active), fmt.Sprint("--members=", o.Members), fmt.Sprint("--senders=", o.Senders),
		fmt.Sprint("--window=", o.Window), fmt.Sprint("--rate=", o.Rate), fmt.Sprint("--stalled=", o.Stalled),
		fmt.Sprint("--idle=", (o.Rooms-o.Active)*o.Members), fmt.Sprint("--bytes=", o.TextBytes),
	}
	command := exec.CommandContext(ctx, c.command[0], args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output() // faults are an error, after the report
	var found struct{ Figures *load.Result }
	if json.Unmarshal(out, &found) != nil || found.Figures == nil {
		return run{}, errors.Join(err, errors.New(stderr.String()))
	}
	return run{Fanout: found.Figures}, nil
}
