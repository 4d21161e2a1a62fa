// What other programs took of the machine meanwhile, by which to judge a run.

package main

import (
	"os"
	"strconv"
	"strings"
	"time"

	"parley/internal/load"
)

// others tells how many CPUs are used by what is neither the server nor the load.
type others struct {
	server  int
	used    time.Duration
	started time.Time
}

func watchOthers(server int) *others {
	o := &others{server: server, started: time.Now()}
	o.used = o.look()
	return o
}

// look returns the CPU time that all other programs have used; 0 where the system does not tell.
func (o *others) look() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(stat), "\n")
	var busy time.Duration
	for i, field := range strings.Fields(line) {
		if i == 4 || i == 5 || i > 8 { // idle, and waiting for a disk; guests are counted among users already
			continue
		}
		ticks, _ := strconv.ParseInt(field, 10, 64) // the first is a word
		busy += time.Duration(ticks) * 10 * time.Millisecond
	}
	server, _ := load.ReadProcess(o.server) // a run is not worth failing for this
	own, _ := load.ReadProcess(os.Getpid())
	return busy - server.CPU - own.CPU
}

func (o *others) cpus() float64 {
	return max(0, (o.look()-o.used).Seconds()) / time.Since(o.started).Seconds()
}
