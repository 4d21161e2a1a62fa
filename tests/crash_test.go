//go:build unported && crash

// What needs strace: the real program while its disk fails, and what is on disk when the power does.
// scripts/test.sh crash runs these.

package tests

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"
)

// traced runs the program under strace. The two are a process group of their own, which ends with the test.
func traced(t *testing.T, flags, env []string, extra []*os.File, args ...string) *harness.Program {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("strace", slices.Concat(flags, []string{self}, args)...)
	cmd.ExtraFiles = extra
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p := harness.LaunchCommand(t, env, cmd)
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // they may have ended already
		<-p.ended
	})
	return p
}

// signal sends a signal to the program under strace.
func (p *harness.Program) signal(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(-p.cmd.Process.Pid, signal); err != nil {
		t.Fatal(fmt.Errorf("signal: %w", err))
	}
}
