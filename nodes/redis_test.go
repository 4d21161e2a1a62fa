//go:build linux

// Real Redis servers for the tests of this package.

package nodes

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"parley/internal/wait"
)

// redis is a server that a test started.
type redis struct {
	port int
	args []string
	cmd  *exec.Cmd
	out  bytes.Buffer
	gone chan struct{}
}

// used are the ports of all tests, so that none gets one of a server that is stopped for a while.
var used sync.Map

// freePort is below those that the system gives to connections.
func freePort(t testing.TB) int {
	t.Helper()
	for range 1000 {
		port := 20000 + rand.N(12000)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		l.Close()
		if _, taken := used.LoadOrStore(port, true); !taken {
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// newRedis prepares a server that runs only after start.
func newRedis(t testing.TB, args ...string) *redis {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("CI") != "" { // a build machine installs it
			t.Fatal(err)
		}
		t.Skip("redis-server is not installed")
	}
	r := &redis{port: freePort(t)}
	r.args = append([]string{"--port", strconv.Itoa(r.port), "--bind", "127.0.0.1", "--dir", t.TempDir(), "--save", "", "--appendonly", "no"}, args...)
	t.Cleanup(r.stop)
	return r
}

// startRedis starts a server and waits until it answers.
func startRedis(t testing.TB, args ...string) *redis {
	t.Helper()
	r := newRedis(t, args...)
	r.start(t)
	return r
}

func (r *redis) start(t testing.TB) {
	t.Helper()
	r.cmd, r.gone = exec.Command("redis-server", r.args...), make(chan struct{})
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.out
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func(cmd *exec.Cmd, gone chan struct{}) { cmd.Wait(); close(gone) }(r.cmd, r.gone)
	wait.Until(t, "Redis listens", func() bool {
		select {
		case <-r.gone:
			t.Fatalf("Redis has ended: %s", r.out.String())
		default:
		}
		conn, err := net.Dial("tcp", r.host())
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

func (r *redis) stop() {
	if r.cmd == nil {
		return
	}
	r.cmd.Process.Signal(syscall.SIGCONT)
	r.cmd.Process.Kill()
	<-r.gone
	r.cmd = nil
}

func (r *redis) signal(t testing.TB, s os.Signal) {
	t.Helper()
	if err := r.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

func (r *redis) host() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(r.port)) }

func (r *redis) address() string { return fmt.Sprintf("redis://%s/0", r.host()) }

// cli runs redis-cli and returns what it says.
func cli(t testing.TB, args ...string) string {
	t.Helper()
	out, err := exec.Command("redis-cli", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("redis-cli %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
