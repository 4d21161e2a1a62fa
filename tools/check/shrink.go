// Shrinking: looking for a smaller run with the same seed that breaks the same promise.

package check

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	leastTime    = 5 * time.Second
	leastClients = 3
)

// smaller returns the next things to leave out, the largest first.
func smaller(o Options) (candidates []Options) {
	for _, part := range []time.Duration{4, 2} {
		if o.Time/part >= leastTime {
			less := o
			less.Time = o.Time / part
			candidates = append(candidates, less)
		}
	}
	if o.Clients/2 >= leastClients {
		less := o
		less.Clients = o.Clients / 2
		candidates = append(candidates, less)
	}
	if o.Rooms/2 >= 1 {
		less := o
		less.Rooms = o.Rooms / 2
		candidates = append(candidates, less)
	}
	for i := range o.Faults {
		less := o
		less.Faults = slices.Delete(slices.Clone(o.Faults), i, i+1)
		candidates = append(candidates, less)
	}
	return candidates
}

// Shrink runs the seed of o again with less and less, as long as the run still breaks one of the promises,
// until nothing more can be left out or the time is up. It returns the smallest run that failed, and that
// run's history; the history is nil when no smaller run failed. The moments of a run are never quite the
// same, so a run that does not fail proves nothing.
func Shrink(ctx context.Context, o Options, broken []Violation, within time.Duration) (Options, *History) {
	var smallest *History
	deadline := time.Now().Add(within)
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	folder := o.Folder
	for tries, progress := 0, true; progress; {
		progress = false
		for _, less := range smaller(o) {
			if ctx.Err() != nil || time.Until(deadline) < less.Time {
				continue
			}
			tries++
			less.Folder = filepath.Join(folder, fmt.Sprint("smaller-", tries))
			h, err := runIn(ctx, less)
			if err == nil && breaksSame(Judge(h), broken) {
				fmt.Fprintf(o.Progress, "still fails: %s\n", less)
				o, smallest, progress = less, h, true
				break
			}
			os.RemoveAll(less.Folder) // the run did not fail, so nobody needs its data
		}
	}
	return o, smallest
}

func runIn(ctx context.Context, o Options) (*History, error) {
	if err := os.Mkdir(o.Folder, 0o700); err != nil {
		return nil, err
	}
	quiet := o
	quiet.Progress = io.Discard
	return Run(ctx, quiet)
}

// breaksSame reports whether two lists have an invariant in common.
func breaksSame(found, broken []Violation) bool {
	return slices.ContainsFunc(found, func(a Violation) bool {
		return slices.ContainsFunc(broken, func(b Violation) bool { return a.Invariant == b.Invariant })
	})
}
