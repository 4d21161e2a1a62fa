// Package console holds what each command of the command line gets: its context, its output and its
// environment. The commands themselves are in package main and below tools.
package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
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

// EndsWithItsReader gives the console of a command that starts processes or makes files: its context also ends when
// nobody reads the output any more, as after "| head". Otherwise the system would end this process at its next line, and
// leave the rest behind. stop frees what the console holds.
func (c *Console) EndsWithItsReader() (with *Console, stop context.CancelFunc) {
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := context.WithCancel(c.Ctx)
	copied := *c
	copied.Ctx, copied.Stdout, copied.Stderr = ctx, readBy{c.Stdout, stop}, readBy{c.Stderr, stop}
	return &copied, stop
}

// readBy writes to a pipe, and says when its reader has gone.
type readBy struct {
	io.Writer
	gone func()
}

func (r readBy) Write(p []byte) (int, error) {
	n, err := r.Writer.Write(p)
	if errors.Is(err, syscall.EPIPE) {
		r.gone()
	}
	return n, err
}

// ExitStatus is the error of a command that has already said what is wrong. The process ends with this
// status.
type ExitStatus int

// Error returns the status as text.
func (s ExitStatus) Error() string { return fmt.Sprint("exit status ", int(s)) }
