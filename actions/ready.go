// Whether the server can store anything, which anybody may ask as often as they like.

package actions

import (
	"context"
	"errors"
	"sync"
	"time"

	"parley/chat"
	"parley/store"
)

const (
	probeEvery  = 5 * time.Second // after the end of a probe, everybody who asks gets its result for so long
	probePeriod = 5 * time.Second // a probe that takes longer means that the server cannot store
)

// readiness is the newest probe. There is never more than one under way.
type readiness struct {
	mu    sync.Mutex
	probe *probe // nil before the first
}

// probe is one attempt to store something.
type probe struct {
	ended chan struct{} // closed once the fields below are set
	err   error
	at    time.Time // of the end
}

// Ready tells whether the server can store anything, by storing something. All who ask share one probe and then
// its result, so that strangers cannot make the server write. It fails with Unavailable, also when the probe
// takes longer than probePeriod or than ctx allows.
func (a *Actions) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, probePeriod)
	defer cancel()
	p := a.newestProbe()
	select {
	case <-p.ended:
		if p.err == nil {
			return nil
		}
		if refusal := new(chat.Error); errors.As(p.err, &refusal) && refusal.Code == chat.Unavailable {
			return refusal
		}
	case <-ctx.Done():
	}
	return chat.Errorf(chat.Unavailable, "the server cannot store anything now")
}

// newestProbe returns the probe that is under way or ended a moment ago. If there is none, it begins one, which the
// store's writer carries out.
func (a *Actions) newestProbe() *probe {
	a.ready.mu.Lock()
	defer a.ready.mu.Unlock()
	if p := a.ready.probe; p != nil && !p.isOld(a.now()) {
		return p
	}
	p := &probe{ended: make(chan struct{})}
	a.ready.probe = p
	a.store.Write((*store.WriteTx).Touch, func(err error) {
		p.err, p.at = err, a.now()
		close(p.ended)
	})
	return p
}

func (p *probe) isOld(now time.Time) bool {
	select {
	case <-p.ended:
		return now.Sub(p.at) >= probeEvery
	default:
		return false
	}
}
