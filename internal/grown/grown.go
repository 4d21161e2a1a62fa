// Package grown runs functions on a goroutine that stays. A function that needs a large stack then grows the
// stack of this one goroutine, once. Otherwise each of thousands of long-lived goroutines that call the
// function now and then would grow a stack and keep it.
package grown

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Goroutine runs one function at a time.
type Goroutine struct {
	runs chan func()
	ran  chan error // a panic, or nil
}

// Start starts a goroutine. The caller must call Stop in the end.
func Start() *Goroutine {
	g := &Goroutine{runs: make(chan func()), ran: make(chan error)}
	go func() {
		defer close(g.ran)
		for fn := range g.runs {
			g.ran <- panicIn(fn)
		}
	}()
	return g
}

// Run runs fn on the goroutine and waits for it. When fn panics, Run panics with an error that has fn's
// stack. When fn calls runtime.Goexit, Run calls it too; after that Run must not be called again. Only one
// goroutine may call Run at a time.
func (g *Goroutine) Run(fn func()) {
	g.runs <- fn
	err, stays := <-g.ran
	if err != nil {
		panic(err)
	}
	if !stays {
		runtime.Goexit()
	}
}

// Stop ends the goroutine. Run must not be called after it.
func (g *Goroutine) Stop() { close(g.runs) }

func panicIn(fn func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v, at\n%s", p, debug.Stack())
		}
	}()
	fn()
	return nil
}
