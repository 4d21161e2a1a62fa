// Package seldom writes warnings that every request could cause: each once in a while, and few in all, since whoever
// sends the requests can send many. What a warning is about is for its callers.
package seldom

import (
	"log/slog"
	"time"

	"parley/internal/ratelimit"
)

const (
	every = 10 * time.Minute // for one cause
	most  = 32               // causes at once, and as many in the time above
)

// Log writes warnings. It is safe from any goroutine.
type Log struct{ causes, all *ratelimit.Limiter }

// New makes a Log with a clock.
func New(now func() time.Time) *Log {
	return &Log{
		causes: ratelimit.New(1/every.Seconds(), 1, most, now),
		all:    ratelimit.New(most/every.Seconds(), most, 1, now),
	}
}

// Warn writes a warning, unless it did so for this cause a while ago, or for too many causes.
func (l *Log) Warn(cause, message string, attrs ...any) {
	if ok, _ := l.causes.Allow(cause); !ok {
		return
	}
	if ok, _ := l.all.Allow(""); ok {
		slog.Warn(message, attrs...)
	}
}
