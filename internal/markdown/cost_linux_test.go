// Tests of what rendering costs, in time of the processor and compared with an honest text: neither a slow machine nor
// other programs on it change that.

package markdown

import (
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// worst is how many times as long a hostile source may take as an honest text of the same length. The slowest that
// there is takes ten times as long; without the bound on marks, brackets alone take fifty times as long.
const worst = 20

// cost is the processor's time that rendering a source takes: the least of a few times, without what the garbage
// collector asked for meanwhile.
func cost(t testing.TB, source string) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	used := func() time.Duration {
		const thread = 3 // CLOCK_THREAD_CPUTIME_ID, which is exact; what getrusage tells is as old as the last tick
		var now syscall.Timespec
		at := uintptr(unsafe.Pointer(&now))
		if _, _, err := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, thread, at, 0); err != 0 {
			t.Fatal(err)
		}
		return time.Duration(now.Nano())
	}
	least := time.Hour
	for range 3 {
		before := used()
		Render(source)
		least = min(least, used()-before)
	}
	return least
}

func TestHostileSourcesAreFast(t *testing.T) {
	const line = "Has anyone seen **the numbers** for `rooms.go`? See https://x.example/a, 谢谢。\n\n"
	usual := cost(t, strings.Repeat(line, 10_000/len(line)))
	for name, source := range hostile() {
		if took := cost(t, source); took > worst*usual {
			t.Errorf("%s took %v, and an honest text %v", name, took, usual)
		}
	}
}
