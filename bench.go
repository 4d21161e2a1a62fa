// "parley bench" on the command line. Package tools/bench does the work.

package main

import (
	"context"
	"os"

	"parley/internal/console"
	"parley/tools/bench"
)

// benchCommandLine is the bench and the server that the bench starts for itself.
type benchCommandLine struct {
	bench.Command `embed:""`

	Server benchServerCommand `cmd:"" hidden:""`
}

// benchServerCommand is serve as the bench starts it. It stops when its stdin ends, which happens when the
// bench has gone. A line on its stdin asks for a profile.
type benchServerCommand struct{ Config }

// Run serves until stdin ends; kong calls it.
func (s *benchServerCommand) Run(c *console.Console) error {
	ctx, stop := context.WithCancel(c.Ctx)
	defer stop()
	go func() {
		defer stop()
		bench.Obey(os.Stdin, c.Stdout)
	}()
	return (&serveCommand{s.Config}).Run(&console.Console{Ctx: ctx, Stdout: c.Stdout, Stderr: c.Stderr})
}
