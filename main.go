// Parley is a chat server in one file. This file is its start: the command line, and run, which opens,
// wires and serves, and closes in reverse order.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"

	"parley/actions"
	"parley/chat"
	"parley/internal/console"
	"parley/internal/datalock"
	"parley/internal/files"
	"parley/internal/listen"
	"parley/internal/password"
	"parley/rooms"
	"parley/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(command(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// command does what the arguments say and gives the exit status: 0, or 1 after one line on stderr.
func command(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	fail := func(err error) int {
		fmt.Fprintln(stderr, "parley:", err)
		return 1
	}
	var cli commandLine
	exited := -1
	parser, err := newParser(&cli, stdout, stderr, func(status int) { exited = status })
	if err != nil {
		return fail(err)
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		return fail(err)
	}
	err = parsed.Run(&console.Console{
		Ctx: ctx, Stdout: stdout, Stderr: stderr, Version: version, Environment: environmentWithoutSettings,
	}, &cli.Bench.benchCommand)
	if status := console.ExitStatus(0); errors.As(err, &status) {
		return int(status)
	}
	if err != nil {
		return fail(err)
	}
	return 0
}

type versionCommand struct{}

// Run prints the version; kong calls it.
func (versionCommand) Run(c *console.Console) error {
	_, err := fmt.Fprintln(c.Stdout, "parley", version)
	return err
}

// heapFloor is memory that is set aside and never touched, so that it costs none. The garbage collector runs
// when the heap has doubled, and each run looks at the stack of every socket: without a floor a small heap
// has it run for every few megabytes.
const heapFloor = 32 << 20

// minThreads is how many threads may run Go at once, however few processors there are. While the only one waits
// for a disk in a system call nothing else runs, until the runtime notices: up to ten milliseconds later.
const minThreads = 2

type serveCommand struct{ Config }

// Run serves until the process is asked to stop; kong calls it.
func (s *serveCommand) Run(c *console.Console) error {
	slog.SetDefault(s.logger(c.Stderr))
	runtime.GOMAXPROCS(max(minThreads, runtime.GOMAXPROCS(0)))
	floor := make([]byte, heapFloor)
	defer runtime.KeepAlive(floor)
	listeners, err := listen.Open(c.Ctx, "listen", s.Listen)
	if err != nil {
		return err
	}
	return run(c.Ctx, s.Config, password.Default, listeners, c.Stdout)
}

// run opens the data folder, serves on the listeners until ctx ends, and closes everything in reverse
// order. It owns the listeners. What people need to know is printed on out.
func run(
	ctx context.Context, cfg Config, effort password.Params, listeners []net.Listener, out io.Writer,
) (err error) {
	defer func() {
		for _, ln := range listeners {
			if closeErr := ln.Close(); closeErr != nil && !errors.Is(closeErr, net.ErrClosed) {
				err = errors.Join(err, closeErr)
			}
		}
	}()
	lock, err := openData(cfg.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()

	var acts *actions.Actions
	live := rooms.New(cfg.Limits, func(seen map[chat.UserID]int64) { acts.KeepLastSeen(seen) })
	defer live.Close()
	db, err := store.Open(filepath.Join(cfg.Data, databaseName), live.Dispatch)
	if err != nil {
		return fmt.Errorf("open the database in %s: %w", cfg.Data, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	acts, err = actions.New(db, live, password.New(effort), cfg.Limits, version)
	if err != nil {
		return err
	}
	server, err := NewServer(cfg, acts, live)
	if err != nil {
		return err
	}
	metrics := func() *Metrics {
		return NewMetrics(cfg.MetricsToken, db.Counts, live.Counts, server.sockets.Counts)
	}
	switch {
	case cfg.MetricsListen != "":
		stop, err := metrics().serve(ctx, cfg.MetricsListen, out)
		if err != nil {
			return err
		}
		defer stop()
	case cfg.MetricsToken != "":
		server.metrics = metrics()
	}
	noteAddress(cfg.Data, listeners[0])
	defer func() { err = errors.Join(err, files.Remove(filepath.Join(cfg.Data, addressName))) }()
	greet(out, cfg, acts, listeners)
	return server.Serve(ctx, listeners)
}

// databaseName is the database in the data folder.
const databaseName = "parley.db"

// openData makes the data folder when it is missing and keeps other processes out of it.
func openData(folder string) (*datalock.Lock, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	lock, err := datalock.Acquire(folder)
	if errors.Is(err, datalock.ErrInUse) {
		return nil, fmt.Errorf("the data folder %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be written: %w", folder, err)
	}
	if err := files.Remove(filepath.Join(folder, addressName)); err != nil { // of a server that was killed
		return nil, errors.Join(err, lock.Release())
	}
	return lock, nil
}

// addressName is the file in the data folder that tells the operator's commands where the server answers that
// uses the folder.
const addressName = "parley.address"

// noteAddress writes that file. Without it the commands have to wait until the server is stopped.
func noteAddress(folder string, ln net.Listener) {
	address := ln.Addr().String()
	if tcp, ok := ln.Addr().(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		host := "127.0.0.1"
		if tcp.IP.To4() == nil {
			host = "::1"
		}
		address = net.JoinHostPort(host, strconv.Itoa(tcp.Port))
	}
	path, owned := filepath.Join(folder, addressName), filepath.Join(folder, databaseName)
	if err := files.Replace(path, owned, address); err != nil {
		slog.Warn("commands will not find the server", "error", err)
	}
}

// greet tells where the server is, how to open it to others, and how to become its owner.
func greet(out io.Writer, cfg Config, actions *actions.Actions, listeners []net.Listener) {
	address := cfg.URL
	if address == "" {
		address = "http://" + listen.ShownHost(cfg.Listen, listeners[0])
	}
	fmt.Fprintf(out, "Parley %s is running at %s\n", version, address)
	if listen.Loopback(listeners) && cfg.URL == "" {
		fmt.Fprintln(out, "Only this machine can reach it; --listen :3000 opens it to the network.")
	}
	if code := actions.SetupCode(); code != "" {
		fmt.Fprintf(out, "\nOpen this link to create the owner's account:\n\n    %s/setup#%s\n\n", address, code)
	}
}
