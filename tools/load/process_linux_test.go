package load

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"parley/internal/wait"
)

func TestAProcessIsSeenToWork(t *testing.T) {
	t.Parallel()
	before, err := ReadProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	held := make([]byte, 64<<20)
	for until := time.Now().Add(wait.Patience); ; {
		for i := range held {
			held[i]++
		}
		now, err := ReadProcess(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if now.CPU-before.CPU >= 5*clockTick {
			if now.RSS < 64<<20 || now.PeakRSS < now.RSS {
				t.Errorf("got %+v, want 64 MiB at least", now)
			}
			return
		}
		if time.Now().After(until) {
			t.Fatalf("got %v after %v of CPU", now.CPU, before.CPU)
		}
	}
}

func TestAProcessThatIsNotThereIsNotMeasured(t *testing.T) {
	t.Parallel()
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	if p, err := ReadProcess(gone.Process.Pid); err == nil {
		t.Errorf("got %+v", p)
	}
	o := serve(t, rooms())
	o.ServerPID = gone.Process.Pid
	if _, err := Fanout(t.Context(), o); err == nil {
		t.Error("a run without its server's figures gave no error")
	}
}
