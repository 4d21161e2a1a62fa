// "parley bench" as the command line knows it; what it does is in the folder tools/bench.

package main

import (
	"context"
	"os"

	"parley/internal/console"
	"parley/tools/bench"
)

// benchCommandLine is the bench and the server that it starts for itself.
type benchCommandLine struct {
	bench.Command `embed:""`

	Server benchServerCommand `cmd:"" hidden:""`
}

// benchServerCommand is serve for a bench: it stops when stdin ends, which it does when the bench is gone,
// and a line on stdin asks for a profile.
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
