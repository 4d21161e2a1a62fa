package grown

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/wait"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFunctionsRunOneAfterTheOther(t *testing.T) {
	g := Start()
	defer g.Stop()
	n := 0
	for range 100 {
		g.Run(func() { n++ })
	}
	if n != 100 {
		t.Errorf("%d have run when Run returned, want 100", n)
	}
}

func TestAPanicInAFunctionReachesTheCallerOfRun(t *testing.T) {
	g := Start()
	defer g.Stop()
	got := func() (p any) {
		defer func() { p = recover() }()
		g.Run(explode)
		return nil
	}()
	if err, ok := got.(error); !ok || !strings.Contains(err.Error(), "boom") || !strings.Contains(err.Error(), "explode") {
		t.Errorf("got %v, want boom and where it was", got)
	}
	n := 0
	g.Run(func() { n++ })
	if n != 1 {
		t.Error("nothing runs after a panic")
	}
}

func explode() { panic("boom") }

// A test that fails within a function calls Goexit like this.
func TestGoexitInAFunctionEndsTheGoroutineOfTheCaller(t *testing.T) {
	g := Start()
	defer g.Stop()
	ended := make(chan bool)
	go func() {
		returned := false
		defer func() { ended <- !returned }()
		g.Run(runtime.Goexit)
		returned = true
	}()
	select {
	case ok := <-ended:
		if !ok {
			t.Error("Run returned, as if the function had")
		}
	case <-time.After(wait.Patience):
		t.Error("Run waits for ever")
	}
}
