package ratelimit

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clock is a clock that the test sets.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time           { return time.Unix(0, c.at.Load()) }
func (c *clock) advance(by time.Duration) { c.at.Add(int64(by)) }

func expect(t *testing.T, what string, ok bool, wait time.Duration, wantOK bool, wantWait time.Duration) {
	t.Helper()
	if ok != wantOK || wait != wantWait {
		t.Errorf("%s: got %v, %v, want %v, %v", what, ok, wait, wantOK, wantWait)
	}
}

func TestBurstThenSteadyRate(t *testing.T) {
	var c clock
	l := New(10, 3, 100, c.now)
	for i := range 3 {
		ok, wait := l.Allow("ann")
		expect(t, fmt.Sprint("token ", i), ok, wait, true, 0)
	}
	ok, wait := l.Allow("ann")
	expect(t, "empty", ok, wait, false, 100*time.Millisecond)
	c.advance(40 * time.Millisecond)
	ok, wait = l.Allow("ann")
	expect(t, "later", ok, wait, false, 60*time.Millisecond)
	c.advance(60 * time.Millisecond)
	ok, wait = l.Allow("ann")
	expect(t, "refilled", ok, wait, true, 0)
	c.advance(time.Hour)
	for i := range 3 {
		ok, wait = l.Allow("ann")
		expect(t, fmt.Sprint("after an hour ", i), ok, wait, true, 0)
	}
	ok, wait = l.Allow("ann")
	expect(t, "never more than the burst", ok, wait, false, 100*time.Millisecond)
}

func TestKeysDoNotShareTokens(t *testing.T) {
	var c clock
	l := New(1, 1, 100, c.now)
	l.Allow("ann")
	ok, wait := l.Allow("bo")
	expect(t, "bo", ok, wait, true, 0)
	ok, wait = l.Allow("ann")
	expect(t, "ann", ok, wait, false, time.Second)
}

func TestManyTokensAreTakenTogetherOrNotAtAll(t *testing.T) {
	var c clock
	l := New(1, 5, 100, c.now)
	ok, wait := l.AllowMany("ann", 3)
	expect(t, "three of five", ok, wait, true, 0)
	ok, wait = l.AllowMany("ann", 3)
	expect(t, "three of two", ok, wait, false, time.Second)
	ok, wait = l.AllowMany("ann", 2)
	expect(t, "the two that are left", ok, wait, true, 0)
	ok, wait = l.Allow("ann")
	expect(t, "one of none", ok, wait, false, time.Second)
	ok, wait = l.AllowMany("bo", 6)
	expect(t, "more than a whole bucket", ok, wait, false, time.Second)
}

func TestTokenGivenBackCanBeTakenAgain(t *testing.T) {
	var c clock
	l := New(1, 2, 100, c.now)
	l.Allow("ann")
	l.Allow("ann")
	l.GiveBack("ann", 1)
	ok, wait := l.Allow("ann")
	expect(t, "given back", ok, wait, true, 0)
	l.GiveBack("ann", 1)
	l.GiveBack("ann", 1)
	l.GiveBack("ann", 1)
	l.Allow("ann")
	l.Allow("ann")
	ok, wait = l.Allow("ann")
	expect(t, "never more than the burst", ok, wait, false, time.Second)
}

func TestClockSetBackLocksNobodyOut(t *testing.T) {
	var c clock
	c.advance(24 * time.Hour)
	l := New(1, 2, 100, c.now)
	l.Allow("ann")
	l.Allow("ann")
	c.advance(-23 * time.Hour)
	ok, wait := l.Allow("ann")
	expect(t, "an hour", ok, wait, false, time.Second)
}

func TestMemoryIsBoundedWhenKeysNeverEnd(t *testing.T) {
	const maxKeys = 1000
	var c clock
	l := New(1, 5, maxKeys, c.now)
	for i := range 50 * maxKeys {
		if ok, _ := l.Allow(fmt.Sprint("address ", i)); !ok {
			t.Fatalf("new key %d was refused", i)
		}
		if len(l.buckets) > maxKeys || len(l.fullest) != len(l.buckets) {
			t.Fatalf("after %d keys: %d buckets, %d in the heap, want at most %d of both",
				i+1, len(l.buckets), len(l.fullest), maxKeys)
		}
	}
}

func TestFullBucketsGoFirst(t *testing.T) {
	var c clock
	l := New(1, 5, 4, c.now)
	for range 5 {
		l.Allow("guesser") // full again in 5 s
	}
	l.Allow("a") // full again in 1 s
	l.Allow("b")
	l.Allow("c")
	c.advance(1500 * time.Millisecond)
	l.Allow("d")
	if got, want := len(l.buckets), 2; got != want {
		t.Errorf("got %d buckets, want %d: guesser and d", got, want)
	}
	for _, key := range []string{"guesser", "d"} {
		if l.buckets[key] == nil {
			t.Errorf("%s was forgotten", key)
		}
	}
}

func TestFloodOfKeysDoesNotFreeAGuesser(t *testing.T) {
	var c clock
	l := New(1, 5, 100, c.now)
	for range 5 {
		l.Allow("guesser")
	}
	for i := range 10_000 {
		l.Allow(fmt.Sprint("flood ", i))
	}
	ok, wait := l.Allow("guesser")
	expect(t, "guesser", ok, wait, false, time.Second)
}

func TestManyGoroutinesGetExactlyTheBurst(t *testing.T) {
	var (
		c       clock
		l       = New(1, 100, 10, c.now)
		allowed atomic.Int64
		wg      sync.WaitGroup
	)
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if ok, _ := l.Allow("ann"); ok {
					allowed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if got := allowed.Load(); got != 100 {
		t.Errorf("got %d tokens, want 100", got)
	}
}
