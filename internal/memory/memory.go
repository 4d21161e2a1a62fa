// Package memory tells how much memory this process may use.
package memory

import (
	"bytes"
	"io/fs"
	"math"
	"os"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// unknown is what a system is taken to have that does not tell.
const unknown = 1 << 30

// Available returns how many bytes of memory this process may use: the least of its control groups, of the
// physical memory, and of the limit for the Go runtime (GOMEMLIMIT). It looks once.
var Available = sync.OnceValue(func() int64 {
	return min(available(os.DirFS("/")), debug.SetMemoryLimit(-1))
})

// available reads the files of Linux. On other systems there are none, and so nothing is known.
func available(root fs.FS) int64 {
	least := int64(math.MaxInt64)
	for _, file := range groupFiles(root) {
		if n, ok := readNumber(root, file); ok {
			least = min(least, n)
		}
	}
	if n, ok := physical(root); ok {
		least = min(least, n)
	}
	if least == math.MaxInt64 {
		return unknown
	}
	return least
}

// groupFiles lists the files with the limits of the control groups that this process is in. A group's limit
// also holds for the groups in it. In a container the groups seem to be at the root, whatever their names are.
func groupFiles(root fs.FS) []string {
	files := []string{"sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"}
	text, err := fs.ReadFile(root, "proc/self/cgroup")
	if err != nil {
		return files
	}
	for line := range strings.Lines(string(text)) { // hierarchy:controllers:path
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		folder, name := "sys/fs/cgroup", "memory.max"
		if parts[1] != "" { // version 1
			if parts[1] != "memory" {
				continue
			}
			folder, name = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		}
		for group := path.Clean("/" + parts[2]); group != "/"; group = path.Dir(group) {
			files = append(files, path.Join(folder, group, name))
		}
	}
	return files
}

// readNumber reads a file with one number. "max" and files that are missing are no number.
func readNumber(root fs.FS, name string) (int64, bool) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64)
	return n, err == nil && n > 0
}

// physical reads how much memory the machine has.
func physical(root fs.FS) (int64, bool) {
	text, err := fs.ReadFile(root, "proc/meminfo")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) { // MemTotal:   24683520 kB
		fields := strings.Fields(line)
		if len(fields) >= 2 && fields[0] == "MemTotal:" {
			n, err := strconv.ParseInt(fields[1], 10, 64)
			return n << 10, err == nil && n > 0
		}
	}
	return 0, false
}
