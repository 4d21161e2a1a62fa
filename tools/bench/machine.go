// What a bench runs on: the machine, how much other programs use it, and how fast its disk syncs.

package bench

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// machine describes the parts of this machine that the results depend on most.
type machine struct {
	System    string `json:"system"`
	Processor string `json:"processor,omitempty"`
	CPUs      int    `json:"cpus"`
	Go        string `json:"go"`
}

func thisMachine() machine {
	return machine{
		System: runtime.GOOS + "/" + runtime.GOARCH, Processor: processorName(),
		CPUs: runtime.NumCPU(), Go: runtime.Version(),
	}
}

func (m machine) String() string {
	text := fmt.Sprintf("Measured on %d CPUs", m.CPUs)
	if m.Processor != "" {
		text += " (" + m.Processor + ")"
	}
	return text + ", " + m.System + ", which the server and the generator share."
}

// processorName is the processor's name; empty where the system does not tell.
func processorName() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// diskFigures are the results of the bare disk: how fast it appends and syncs as much as SQLite logs for one
// small change, one after another.
type diskFigures struct {
	SyncsPerSecond float64 `json:"syncs_per_second"`
	P50            millis  `json:"p50_ms"`
	P99            millis  `json:"p99_ms"`
}

// diskProbe measures the disk several times during a run, since other guests of the same host make it faster
// and slower.
type diskProbe struct {
	folder string
	took   []time.Duration
}

// logFrame is the size of a page with its header, as SQLite appends it to the log.
const logFrame = 4096 + 24

// diskTime is how long each of the measurements lasts.
const diskTime = 300 * time.Millisecond

// probe appends to a file and syncs it, for diskTime.
func (d *diskProbe) probe() (err error) {
	file, err := os.CreateTemp(d.folder, "disk-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	frame := bytes.Repeat([]byte{'x'}, logFrame)
	for end := time.Now().Add(diskTime); time.Now().Before(end); {
		started := time.Now()
		if _, err := file.Write(frame); err != nil {
			return err
		}
		if err := file.Sync(); err != nil {
			return err
		}
		d.took = append(d.took, time.Since(started))
	}
	return nil
}

func (d *diskProbe) figures() diskFigures {
	var sum time.Duration
	for _, took := range d.took {
		sum += took
	}
	sorted := slices.Sorted(slices.Values(d.took))
	return diskFigures{
		SyncsPerSecond: float64(len(sorted)) / sum.Seconds(),
		P50:            millis(quantile(sorted, 0.5)), P99: millis(quantile(sorted, 0.99)),
	}
}

// quantile is a quantile of a sorted list.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(q*float64(len(sorted)-1))]
}
