// Package check holds a server to the promises of docs/protocol.md. It looks at it only from outside: it
// starts the server as anyone would, has many clients use it while the server is killed, stopped, backed
// up and restored and their connections are cut, slowed and stalled, and writes down everything that was
// asked and seen. When all has calmed down it judges that history. docs/checking.md says how to read what
// it finds.
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
	"time"

	"parley/client"
)

// Options say what a run does. A plan of operations and faults follows from Seed, Time, Clients, Rooms,
// Faults and Every; when exactly each happens does not.
type Options struct {
	// Command makes a process of the program that is checked, with these arguments.
	Command func(ctx context.Context, args ...string) *exec.Cmd
	// Folder is an empty folder for the server's data, its log, and backups.
	Folder  string
	Seed    uint64
	Time    time.Duration // without starting, settling and judging
	Clients int
	Rooms   int
	// Faults are the kinds of faults to make; AllFaults for all.
	Faults []FaultKind
	// Every is how often one of AllFaults comes on average, made or left out; zero for the usual.
	Every time.Duration
	// Progress gets a line now and then.
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
	tokens  []string // of crowd.users, for what is asked at the server itself; guarded by signing

	faults sync.WaitGroup // those that end by themselves, and backups
	saved  []saved        // copies of the data, in the order of Backups in the history
	files  int            // copies begun
	mu     sync.Mutex     // guards saved and files
	idle   usage          // of the server before anyone came
}

// Run makes a run and gives its history. An error means that the run could not be made, not that the server
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

// work has the clients and readers act while the faults are made.
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
	err := r.makeFaults(ctx)
	stop()
	workers.Wait()
	r.faults.Wait()
	return err
}

// Streams of random numbers, so that each client's operations do not depend on the others'.
const (
	streamPlan    = 1
	streamSetup   = 2
	streamReaders = 10
	streamClients = 1000
)

func (r *run) random(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(r.Seed, stream)) }

// wrong notes what breaks a promise but is in no frame.
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

// wait is how long clients wait before they come back: shorter than anyone would, so that more happens.
func wait(why client.Comeback, attempt int) time.Duration {
	longest := 20 * time.Millisecond << min(attempt, 4)
	if why == client.Later {
		longest = 300 * time.Millisecond
	}
	return time.Duration(rand.Float64() * float64(longest))
}
