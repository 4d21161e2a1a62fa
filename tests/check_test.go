// "parley check" as people run it, small. What it finds is tested in tools/check.

package tests

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
	"parley/tools/check"
)

// checks runs the command and gives its status and what it printed as JSON.
func checks(t *testing.T, args ...string) (int, check.Report, *harness.Program) {
	t.Helper()
	p := harness.Launch(t, nil, append([]string{"check", "--json"}, args...)...)
	status := p.Wait(t)
	var report check.Report
	if err := json.Unmarshal([]byte(p.Stdout.String()), &report); err != nil {
		t.Fatalf("status %d, %v: %s%s", status, err, p.Stdout.String(), p.Stderr.String())
	}
	return status, report, p
}

func TestACheckFindsNothingAndCanBeJudgedAgain(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "kept")
	status, first, p := checks(t,
		"--seed=5", "--seconds=5", "--clients=4", "--rooms=2", "--faults=kill,cut,pause", "--data="+data)
	// Without all faults a run is void: it cannot have come through every path.
	if status != check.StatusVoid || len(first.Violations) > 0 || first.Seed != 5 {
		t.Errorf("status %d, %+v\n%s", status, first.Violations, p.Stderr.String())
	}
	if first.Counts["acknowledged"] == 0 || first.Faults["kill"] == 0 || len(first.Missing) == 0 {
		t.Errorf("too little happened: %+v", first)
	}
	if _, err := os.Stat(filepath.Join(data, "server.log")); err != nil {
		t.Error(err)
	}
	again, second, _ := checks(t, "--replay="+filepath.Join(data, "history.json.gz"))
	if again != status || second.Counts["frames"] != first.Counts["frames"] {
		t.Errorf("judged again: status %d, %+v", again, second.Counts)
	}
}

func TestAHistoryThatBreaksAPromiseIsToldByItsStatus(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "history")
	h := &check.History{Final: check.Final{Rooms: []check.FinalRoom{{
		Head: check.Head{Room: 1, Seq: 3}, Members: map[chat.UserID]chat.MemberRole{1: chat.MemberOwner},
	}}}}
	h.Final.Again = h.Final.Rooms
	if err := check.WriteFile(file, h); err != nil {
		t.Fatal(err)
	}
	status, report, _ := checks(t, "--replay="+file)
	if status != check.StatusViolated || len(report.Violations) != 1 || report.Violations[0].Invariant != "I4" {
		t.Errorf("status %d, %+v", status, report.Violations)
	}
	p := harness.Launch(t, nil, "check", "--replay="+file)
	status = p.Wait(t)
	text := p.Stdout.String()
	if status != check.StatusViolated || !strings.Contains(text, "I4, numbers") {
		t.Errorf("status %d: %s", status, text)
	}
}

func TestAFolderThatIsInUseIsLeftAlone(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	kept := filepath.Join(data, "kept")
	if err := os.WriteFile(kept, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := harness.Launch(t, nil, "check", "--data="+data)
	if status := p.Wait(t); status != 1 || strings.Count(p.Stderr.String(), "\n") != 1 {
		t.Errorf("status %d: %s", status, p.Stderr.String())
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error(err)
	}
}

// As with "parley check | head".
func TestACheckThatNobodyReadsEndsItsServer(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("skipped: only Linux tells here which processes run")
	}
	folder := t.TempDir()
	p := harness.LaunchCommand(t, []string{"TMPDIR=" + folder},
		exec.Command("bash", "-c", `"$0" check --seconds=600 --clients=4 --rooms=2 2>&1 | head -n 2`, harness.Binary(t)))
	if status := p.Wait(t); status != 0 || strings.Count(p.Stdout.String(), "\n") != 2 {
		t.Fatalf("status %d: %s%s", status, p.Stdout, p.Stderr)
	}
	if left := harness.NamesIn(t, folder); len(left) > 0 {
		t.Errorf("it leaves %q", left)
	}
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if text, err := os.ReadFile(line); err == nil && strings.Contains(string(text), folder) {
			t.Errorf("this still runs: %q", text)
		}
	}
}
