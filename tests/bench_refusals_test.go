// What "parley bench" refuses, what it takes no notice of, and what it leaves behind when it is stopped.

package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parley/internal/wait"
	"parley/tests/harness"
)

func TestARunningServerIsNotMeasuredWithoutConsent(t *testing.T) {
	t.Parallel()
	server := harness.Start(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--url=" + server.URL}, "--i-own-this-server"},
		{[]string{"--url=" + server.URL, "--tokens=tokens"}, "--i-own-this-server"},
		{[]string{"--url=" + server.URL, "--i-own-this-server"}, "--tokens"},
		{[]string{"--i-own-this-server"}, "--url"},
		{[]string{"durable", "--url=" + server.URL}, "--url"},
	} {
		p := harness.Launch(t, []string{"PARLEY_URL=" + server.URL}, append([]string{"bench"}, c.args...)...)
		if status := p.Wait(t); status != 1 || !strings.Contains(p.Stderr.String(), c.want) {
			t.Errorf("%q: status %d and %q, want 1 and a line with %s", c.args, status, p.Stderr.String(), c.want)
		}
	}
}

// What the environment says of the server that people use is not for the one that is measured.
func TestBenchIgnoresTheSettingsOfTheEnvironment(t *testing.T) {
	t.Parallel()
	settings := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(settings, []byte(`{"url": "https://chat.example.com", "sockets": 1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := harness.Launch(t, []string{
		"PARLEY_URL=https://chat.example.com", "PARLEY_SOCKETS=1", "PARLEY_DATA=/nowhere", "PARLEY_CONFIG=" + settings,
	}, "bench", "--json", "--seconds=0.3", "--rooms=1", "--members=2")
	if status := p.Wait(t); status != 0 || !strings.Contains(p.Stdout.String(), `"deliveries"`) {
		t.Errorf("status %d: %s%s", status, p.Stdout.String(), p.Stderr.String())
	}
}

func TestBenchRefusesWhatCannotBeMeasured(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"--members=0", "--members=2 --senders=2 --stalled=1", "--rate=NaN", "--bytes=10", "--seconds=0", "--seconds=Inf", "--memory=much",
		"--folder=/nowhere/at/all", "durable --senders=0", "idle --people=5", "doors --members=2", "doors --people=5", "storm --rooms=0", "growth --rooms=5",
		"history --stored=10", "overload --times=1", "size --each=0",
	} {
		p := harness.Launch(t, nil, append([]string{"bench"}, strings.Fields(args)...)...)
		p.RefusesInOneLine(t, "")
		checkNothingLeft(t, p)
	}
}

func TestABenchThatIsStoppedLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	for _, during := range []string{"filling the database", "measure: "} {
		t.Run(during, func(t *testing.T) {
			t.Parallel()
			args := []string{"bench", "fanout", "--seconds=600", "--rooms=1", "--members=2"}
			if strings.HasPrefix(during, "filling") {
				args = []string{"bench", "durable", "--senders=1", "--stored=2000000000"}
			}
			p := harness.Launch(t, nil, args...)
			wait.Until(t, during, func() bool { return strings.Contains(p.Stderr.String(), during) })
			servers := childrenOf(t, p.Pid())
			if err := p.Process().Cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			if status := p.Wait(t); status != 1 {
				t.Errorf("status %d: %s", status, p.Stderr.String())
			}
			checkNothingLeft(t, p)
			for _, server := range servers {
				if runs(server) {
					t.Errorf("%s still runs", server)
				}
			}
		})
	}
}

// childrenOf lists the processes that one has started; none where the system does not tell.
func childrenOf(t *testing.T, pid int) []string {
	t.Helper()
	var children []string
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, process := range all {
		status, err := os.ReadFile(filepath.Join(process, "status"))
		if err == nil && strings.Contains(string(status), fmt.Sprintf("\nPPid:\t%d\n", pid)) {
			children = append(children, process)
		}
	}
	return children
}

func runs(process string) bool {
	status, err := os.ReadFile(filepath.Join(process, "status"))
	return err == nil && !strings.Contains(string(status), "State:\tZ")
}

func TestTheServerOfABenchEndsWithIt(t *testing.T) {
	t.Parallel()
	p := harness.Launch(t, nil, "bench", "fanout", "--seconds=600", "--rooms=1", "--members=2")
	wait.Until(t, "it measures", func() bool { return strings.Contains(p.Stderr.String(), "measure: ") })
	servers := childrenOf(t, p.Pid())
	if runtime.GOOS == "linux" && len(servers) != 1 {
		t.Fatalf("the bench has started %q, want one server", servers)
	}
	if err := p.Process().Cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, server := range servers {
		wait.Until(t, "the server ends", func() bool { return !runs(server) })
	}
}
