// What other programs took of the machine meanwhile, by which to judge a run.

package load

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// Others tells how many CPUs are used by what is neither the server nor the load.
type Others struct {
	server  int
	used    time.Duration
	started time.Time
}

// WatchOthers begins to look; server is the server's process, 0 when there is none on this machine.
func WatchOthers(server int) *Others {
	o := &Others{server: server, started: time.Now()}
	o.used = o.look()
	return o
}

// CPUs returns how many have been used since; 0 where the system does not tell.
func (o *Others) CPUs() float64 {
	return max(0, (o.look()-o.used).Seconds()) / time.Since(o.started).Seconds()
}

// look returns the CPU time that all other programs have used.
func (o *Others) look() time.Duration {
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
	server, _ := ReadProcess(o.server) // a run is not worth failing for this
	own, _ := ReadProcess(os.Getpid())
	return busy - server.CPU - own.CPU
}
