// Package grown runs functions on a goroutine that stays. What a function needs of the stack is then grown
// once and kept by this goroutine, instead of by each of thousands that call it now and then and live for
// long.
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

// Start gives a goroutine, which has to be stopped.
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

// Run runs fn and waits for it. A panic in it goes on here, as an error that holds its stack, and so does
// runtime.Goexit, after which nothing may be run any more. Only one may call it at a time.
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

// Stop ends the goroutine. Nothing may be run any more.
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
