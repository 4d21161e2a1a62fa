package harness

import (
	"sync"
	"testing"
)

// StartWith runs a server on a port of its own, with an empty data folder, and with env added to its
// environment.
func StartWith(t testing.TB, env []string, args ...string) *Program {
	t.Helper()
	data := t.TempDir()
	args = append([]string{"--listen=127.0.0.1:0", "--data=" + data}, args...)
	p := Launch(t, env, args...)
	p.Data, p.Limits = data, limitsOf(t, args)
	p.WaitUntilRunning(t)
	p.stop = sync.OnceFunc(func() {
		if err := p.process.Stop(); err != nil {
			t.Errorf("%v\n%s", err, p.Stderr)
		}
	})
	t.Cleanup(func() { p.stop() }) // which Kill replaces
	return p
}
