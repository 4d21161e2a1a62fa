package turns

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

func TestNoMoreThanMayRunAtOnceAndEveryoneGetsATurn(t *testing.T) {
	t.Parallel()
	const most, callers = 2, 50
	turns := New[string](most)
	var running, ran atomic.Int64
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			if err := turns.Take(t.Context(), "ann"); err != nil {
				t.Error(err)
				return
			}
			defer turns.Give("ann")
			if n := running.Add(1); n > most {
				t.Errorf("%d run at once", n)
			}
			ran.Add(1)
			running.Add(-1)
		})
	}
	all.Wait()
	if ran.Load() != callers || len(turns.keys) != 0 {
		t.Errorf("%d of %d ran, and %d keys are remembered", ran.Load(), callers, len(turns.keys))
	}
}

func TestOneKeyDoesNotWaitForAnother(t *testing.T) {
	t.Parallel()
	turns := New[string](1)
	for _, key := range []string{"ann", "bob"} {
		if err := turns.Take(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	turns.Give("ann")
	turns.Give("bob")
}

func TestWhoGivesUpLeavesTheLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := New[string](1)
		if err := turns.Take(t.Context(), "ann"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		gaveUp, waited := make(chan error, 1), make(chan error, 1)
		go func() { gaveUp <- turns.Take(ctx, "ann") }()
		synctest.Wait()
		go func() { waited <- turns.Take(t.Context(), "ann") }()
		synctest.Wait()
		cancel()
		if err := <-gaveUp; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		turns.Give("ann")
		if err := <-waited; err != nil {
			t.Error(err)
		}
		turns.Give("ann")
		if len(turns.keys) != 0 {
			t.Error("a key is remembered")
		}
	})
}

// A turn that comes at the same moment as the end of the context is not lost.
func TestATurnThatComesTooLateIsGivenBack(t *testing.T) {
	t.Parallel()
	turns := New[string](1)
	if err := turns.Take(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	come := turns.take("ann")
	turns.Give("ann") // the turn has come
	turns.giveUp("ann", come)
	if err := turns.Take(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	turns.Give("ann")
}
