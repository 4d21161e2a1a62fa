// Requests under way: how many there may be at once, of one person and from one address.

package web

import (
	"sync"

	"parley/chat"
	"parley/internal/count"
)

// The bounds of requests under way. A browser has six connections to a server; a program may be impatient. An
// address may be that of a school, or of a proxy that no setting names. Each Socket.IO session of an address
// has up to two requests under way by itself, so the address may have twice as many as sockets if that is
// more.
const (
	maxPersonRequests  = 64
	maxAddressRequests = 1024
	retryAfterMillis   = 1000
)

// underWay counts requests under way by key. It is safe from any goroutine.
type underWay[K comparable] struct {
	most int
	of   string // what a key is, for the refusal

	mu     sync.Mutex
	counts map[K]int
}

func newUnderWay[K comparable](most int, of string) *underWay[K] {
	return &underWay[K]{most: most, of: of, counts: map[K]int{}}
}

// enter counts a request, until leave is called, which may be called more than once. It refuses with
// RateLimited when there are too many.
func (u *underWay[K]) enter(key K) (leave func(), err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.counts[key] >= u.most {
		return nil, &chat.Error{
			Code: chat.RateLimited, Limit: int64(u.most), RetryAfter: retryAfterMillis,
			Message: "too many requests of " + u.of + " are under way; wait for their answers",
		}
	}
	u.counts[key]++
	left := false
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		if !left {
			left = true
			count.Down(u.counts, key)
		}
	}, nil
}
