// How much other programs used of the machine during a run, which helps to judge the run.

package load

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// Others measures how many CPUs programs other than the server and the load use.
type Others struct {
	server  int
	used    time.Duration
	started time.Time
}

// WatchOthers starts to measure. server is the server's process; 0 when it is not on this machine.
func WatchOthers(server int) *Others {
	o := &Others{server: server, started: time.Now()}
	o.used = o.look()
	return o
}

// CPUs returns how many CPUs were used on average since the start; 0 where the system does not tell.
func (o *Others) CPUs() float64 {
	return max(0, (o.look()-o.used).Seconds()) / time.Since(o.started).Seconds()
}

// look returns the CPU time that all other programs have used since the system started.
func (o *Others) look() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(stat), "\n")
	var busy time.Duration
	for i, field := range strings.Fields(line) {
		if i == 4 || i == 5 || i > 8 { // idle, and waiting for a disk; guests are already counted as users
			continue
		}
		ticks, _ := strconv.ParseInt(field, 10, 64) // the first field is a word
		busy += time.Duration(ticks) * 10 * time.Millisecond
	}
	server, _ := ReadProcess(o.server) // on an error the result is too high, which is not worth failing the run
	own, _ := ReadProcess(os.Getpid())
	return busy - server.CPU - own.CPU
}
