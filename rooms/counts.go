// What the rooms count of themselves: an atomic addition a change, however many it is for.

package rooms

import "sync/atomic"

// counts are added to by the dispatcher.
type counts struct {
	deliveries atomic.Int64 // events put into outboxes
}

// Counts is what the rooms have done since the start, and what waits in them now.
type Counts struct {
	People                int   // who are online
	Deliveries            int64 // events of what was committed, put into outboxes
	Batches, BatchesLimit int   // that wait for the dispatcher
}

// Counts reads them.
func (r *Rooms) Counts() Counts {
	r.mu.Lock()
	people := len(r.users)
	r.mu.Unlock()
	return Counts{
		People: people, Deliveries: r.counts.deliveries.Load(),
		Batches: len(r.batches), BatchesLimit: maxBatches,
	}
}
