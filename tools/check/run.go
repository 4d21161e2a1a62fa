// Package check tests a server against the promises of docs/protocol.md. It sees the server only from
// outside. It starts the server as anybody would, and has many clients use it. Meanwhile it kills, stops,
// backs up and restores the server, and cuts, slows and stalls the clients' connections. It writes down every
// request and everything that clients saw. When all is quiet again, it judges that history. docs/checking.md
// says how to read the results.
package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/client"
)

// Options say what a run does. Seed, Time, Clients, Rooms, Faults and Every determine the plan of operations
// and faults, but not when exactly each of them happens.
type Options struct {
	// Command makes a process of the program under test, with these arguments.
	Command func(ctx context.Context, args ...string) *exec.Cmd
	// Folder is an empty folder for the server's data, its log, and the backups.
	Folder  string
	Seed    uint64
	Time    time.Duration // without starting, settling and judging
	Clients int
	Rooms   int
	// Faults are the kinds of faults to make. AllFaults means all of them.
	Faults []FaultKind
	// Every is the average time between two of AllFaults, counting those that are left out; zero means the
	// default.
	Every time.Duration
	// Progress is where a line is written now and then.
	Progress io.Writer
}

// String is the command that makes the same run.
func (o Options) String() string {
	text := fmt.Sprintf("parley check --seed=%d --seconds=%d --clients=%d --rooms=%d",
		o.Seed, int(o.Time.Seconds()), o.Clients, o.Rooms)
	if o.Every > 0 {
		text += " --every=" + o.Every.String()
	}
	if len(o.Faults) == len(AllFaults) {
		return text
	}
	var kinds []string
	for _, kind := range o.Faults {
		kinds = append(kinds, string(kind))
	}
	return text + " --faults=" + strings.Join(kinds, ",")
}

// run is one run under way.
type run struct {
	Options
	rec    *recorder
	server *server
	actors []*actor
	crowd  *crowd
	plan   []Fault

	signing sync.Mutex
	tokens  []string // of crowd.users, for requests made directly at the server; guarded by signing

	faults    sync.WaitGroup // the faults that end by themselves, and backups
	saved     []saved        // copies of the data, in the order of Backups in the history
	files     int            // copies that were begun
	attackers atomic.Int64   // so far, for their names
	groups    atomic.Int64   // that actors left
	guests    []*guest
	mu        sync.Mutex // guards saved and files
	idle      usage      // of the server before any client came
}

// Run makes a run and returns its history. An error means that the run could not be made, not that the server
// broke a promise.
func Run(ctx context.Context, o Options) (h *History, err error) {
	log, err := os.Create(filepath.Join(o.Folder, "server.log"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	r := &run{Options: o, rec: newRecorder(o.Seed), plan: newPlan(o)}
	r.server = &server{
		command: o.Command, data: filepath.Join(o.Folder, "data"), log: log, setup: make(chan string, 1),
	}
	if err := r.start(ctx, -1); err != nil {
		return nil, err
	}
	defer func() { r.server.kill() }()
	if r.idle, err = r.server.usage(); err != nil {
		return nil, err
	}
	defer func() { r.closeActors() }()
	if err := r.setUp(ctx); err != nil {
		return nil, fmt.Errorf("set up: %w", err)
	}
	if err := r.work(ctx); err != nil {
		return nil, err
	}
	if err := r.settle(ctx); err != nil {
		return nil, fmt.Errorf("read what the server has in the end: %w", err)
	}
	return &r.rec.h, nil
}

// work lets the clients and readers act while the faults are made.
func (r *run) work(ctx context.Context) error {
	acting, stop := context.WithCancel(ctx)
	defer stop()
	var workers sync.WaitGroup
	for _, a := range r.actors {
		workers.Go(func() { a.act(acting) })
	}
	for i := range readers {
		workers.Go(func() { r.readAndStall(acting, r.random(streamReaders+uint64(i))) })
	}
	for _, g := range r.guests {
		workers.Go(func() { g.comeAndGo(acting) })
	}
	err := r.makeFaults(ctx)
	stop()
	workers.Wait()
	r.faults.Wait()
	return err
}

// The streams of random numbers. Each client has its own, so that its operations do not depend on those of
// others.
const (
	streamPlan    = 1
	streamSetup   = 2
	streamAttacks = 3
	streamReaders = 10
	streamGuests  = 100
	streamClients = 1000
)

func (r *run) random(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(r.Seed, stream)) }

// wrong records what breaks a promise but shows in no frame.
func (r *run) wrong(invariant, format string, args ...any) {
	r.rec.change(func(h *History) {
		h.Faulty = append(h.Faulty, Violation{Invariant: invariant, Text: fmt.Sprintf(format, args...), Socket: -1})
	})
}

func (r *run) say(format string, args ...any) {
	fmt.Fprintf(r.Progress, "%6.1f s  %s\n", r.rec.now().Seconds(), fmt.Sprintf(format, args...))
}

func (r *run) closeActors() {
	for _, a := range r.actors {
		a.client.Close()
		a.proxy.close() // fails only when it is closed already
	}
	r.actors = nil
}

// wait is how long clients wait before they reconnect: shorter than a real client would, so that more
// happens.
func wait(why client.Comeback, attempt int) time.Duration {
	longest := 20 * time.Millisecond << min(attempt, 4)
	if why == client.Later {
		longest = 300 * time.Millisecond
	}
	return time.Duration(rand.Float64() * float64(longest))
}
