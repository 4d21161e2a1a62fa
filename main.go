// Command parley is a chat server in one file. This is its start: the command line, and run, which opens the
// data, connects the parts, serves, and closes everything in reverse order. The other files here are the
// settings, the commands, the table of routes, and the parts that run puts together.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/internal/console"
	"parley/internal/count"
	"parley/internal/listen"
	"parley/internal/memory"
	"parley/internal/password"
	"parley/metrics"
	"parley/socket"
	"parley/socketio"
	"parley/store"
	"parley/web"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(command(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// command runs the command that args name. It returns the exit status: 0, or 1 after it wrote one line to
// stderr, or the status that the command itself chose.
func command(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	fail := func(err error) int {
		fmt.Fprintln(stderr, "parley:", explained(err))
		return 1
	}
	var cli commandLine
	exited := -1
	parser, err := newParser(&cli, stdout, stderr, func(status int) { exited = status })
	if err != nil {
		return fail(err)
	}
	if args, err = arguments(args, parser.Model); err != nil {
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
	}, &cli.Bench.Command)
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

// heapFloor is the size of a block of memory that is allocated and never touched, so it costs no real memory.
// The garbage collector runs when the heap has doubled, and each run scans the stack of every socket. Without
// this floor a small heap would trigger a run for every few megabytes.
const heapFloor = 32 << 20

// raiseThreads lets as many threads more run Go code at the same time as passwords may be hashed at once. Each of
// these keeps a thread for tens of milliseconds; without another in its place, whoever is ready to run would wait
// until the runtime takes it away, up to ten milliseconds each time. The system shares its processors out among
// threads much sooner. On one processor, a system call that waits for the disk would stop everything in the same way.
func raiseThreads() { runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + password.AtOnce) }

// limitHeap has the garbage collector run more often when the heap comes near to the memory there is, unless
// GOMEMLIMIT says how much that is. The rest is for the stacks of the database, the system's buffers and
// others.
func limitHeap() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(memory.Available() / 4 * 3)
	}
}

type serveCommand struct{ Config }

// Run serves until the process is asked to stop; kong calls it.
func (s *serveCommand) Run(c *console.Console) error {
	slog.SetDefault(s.logger(c.Stderr))
	warnOfMisspelled()
	raiseThreads()
	floor := make([]byte, heapFloor)
	defer runtime.KeepAlive(floor)
	limitHeap()
	listeners, err := listen.Open(c.Ctx, "listen", s.Listen)
	if err != nil {
		return err
	}
	return run(c.Ctx, s.Config, password.Default, listeners, c.Stdout)
}

// run opens the data folder, serves on the listeners until ctx ends, and closes everything in reverse order.
// It owns the listeners. It prints on out what people need to know, such as the server's address.
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
	data, err := openData(cfg.place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.close()) }()

	core, err := openCore(data, cfg.Limits, effort)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, core.close()) }()
	tokens, err := auth.NewSigner(core.actions.TokenKey, time.Now)
	if err != nil {
		return err
	}
	refusals := count.NewTally(chat.Codes)
	server, err := web.New(cfg.Site, cfg.Limits, core.actions, tokens, refusals, core.live.rooms.Unread)
	if err != nil {
		return err
	}
	defer core.startChores()()
	live := core.live
	live.openDoors(cfg.Limits, core.actions, tokens, refusals, server.Visit)
	figures := metrics.New(cfg.MetricsToken, version, metrics.Counts{
		Store: core.store.Counts, Rooms: live.rooms.Counts, Sockets: live.sockets.Counts, Refusals: refusals.Read,
		HeldBack: core.actions.HeldBack, ClientsAhead: core.actions.ClientsAhead,
	})
	if cfg.MetricsListen != "" {
		stop, err := serveMetrics(ctx, figures, cfg.MetricsListen, out)
		if err != nil {
			return err
		}
		defer stop()
	}
	scrape := web.NoAddress
	if cfg.MetricsToken != "" && cfg.MetricsListen == "" {
		scrape = figures.Allowed(web.NoAddress)
	}
	server.Mount(routes(server, live, scrape))
	server.Probes("/healthz", "/readyz", metrics.Path)
	server.Quiet(socket.Path, socketio.Path+"*")
	data.noteAddress(listeners[0])
	greet(out, cfg, core.actions, listeners)
	return server.Serve(ctx, listeners, live.closeDoors)
}

// core is the part that every door and every command uses.
type core struct {
	live    *live
	store   *store.Store
	actions *actions.Actions
}

// openCore opens the database of a data folder and makes the actions on it. Committed changes go to the live
// side.
func openCore(data *dataFolder, limits access.Limits, effort password.Params) (*core, error) {
	c := &core{}
	c.live = newLive(limits, func(seen map[chat.UserID]int64) { c.actions.KeepLastSeen(seen) })
	var err error
	if c.store, err = data.openDatabase(c.live.rooms.Dispatch); err != nil {
		c.live.close()
		return nil, err
	}
	c.actions, err = actions.New(c.store, c.live.rooms, password.New(effort), limits, version)
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// startChores does until stop is called what the actions leave for later: it deletes what has to go bit by bit, and
// tells people what is unread after they block somebody. It is stopped before the store is closed.
func (c *core) startChores() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { c.actions.Erase(ctx) })
	ended.Go(func() { c.actions.Retell(ctx) })
	ended.Go(func() { c.sendAway(ctx) })
	return func() {
		cancel()
		ended.Wait()
	}
}

// awayFor is how long a database server may be away before people's sockets are closed: a node that has lost it no longer
// knows who may be told what.
const awayFor = 10 * time.Second

// sendAway closes the sockets of everybody while the database server has been away for too long, until ctx ends.
func (c *core) sendAway(ctx context.Context) {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			if c.store.Away() >= awayFor {
				c.live.rooms.SendAway("the database is away")
			}
		case <-ctx.Done():
			return
		}
	}
}

// close first finishes the queued writes, and then hands their changes on to the sockets.
func (c *core) close() error {
	err := c.store.Close()
	c.live.close()
	return err
}

// serveMetrics answers scrapes on an address of their own until stop is called. It prints that address.
func serveMetrics(ctx context.Context, figures *metrics.Metrics, address string, out io.Writer) (stop func(), err error) {
	listeners, err := listen.Open(ctx, "metrics-listen", address)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "Metrics are at http://%s%s\n", listen.ShownHost(address, listeners[0]), metrics.Path)
	return figures.Serve(listeners), nil
}

// greet prints where the server is, how to open it to others, and how to become its owner.
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
