// A line keeps the messages of one connection in order, whatever fails.

package main

import (
	"sync/atomic"

	"parley/chat"
)

// Line is the order of one connection's messages. After one that failed but may be sent again, none
// that came later is stored, since it would overtake. It is safe from any goroutine; nil, for callers
// who wait for each answer, never breaks.
type Line struct{ broken atomic.Bool }

// Broken tells whether a message has failed that may be sent again.
func (l *Line) Broken() bool { return l != nil && l.broken.Load() }

// Break notes such a failure.
func (l *Line) Break() { l.broken.Store(true) }

// keep breaks the line when an answer is not final, before the answer is given.
func (l *Line) keep(done Sent) Sent {
	if l == nil {
		return done
	}
	return func(sent chat.MessageSent, err error) {
		if err != nil && refusal(err).Retryable() {
			l.Break()
		}
		done(sent, err)
	}
}

// check refuses what comes after a break.
func (l *Line) check() error {
	if l.Broken() {
		return chat.Errorf(chat.Unavailable, "a message before this one failed: send that first, on a new socket")
	}
	return nil
}
