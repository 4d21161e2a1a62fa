// Package console is what a command of the command line runs with.
package console

import (
	"context"
	"fmt"
	"io"
)

// Console is where a command reads its circumstances and writes what it has to say.
type Console struct {
	Ctx     context.Context // ends when the person or the system asks the process to stop
	Stdout  io.Writer
	Stderr  io.Writer
	Version string // of the program
	// Environment is what a server of the command's own is started with: the process's environment without the
	// settings that the caller's environment gives another server.
	Environment func() ([]string, error)
}

// ExitStatus ends the process with that status, after the command has said why.
type ExitStatus int

func (s ExitStatus) Error() string { return fmt.Sprint("exit status ", int(s)) }
