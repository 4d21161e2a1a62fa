// Package console holds what each command of the command line gets: its context, its output and its
// environment. The commands themselves are in package main and below tools.
package console

import (
	"context"
	"fmt"
	"io"
)

// Console is what a command runs with.
type Console struct {
	Ctx     context.Context // ends when the person or the system asks the process to stop
	Stdout  io.Writer
	Stderr  io.Writer
	Version string // the version of the program
	// Environment returns the environment for a server that the command starts itself. It is the environment
	// of this process without the settings in it, since those are meant for another server.
	Environment func() ([]string, error)
}

// ExitStatus is the error of a command that has already said what is wrong. The process ends with this
// status.
type ExitStatus int

// Error returns the status as text.
func (s ExitStatus) Error() string { return fmt.Sprint("exit status ", int(s)) }
