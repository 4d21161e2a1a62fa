// Counts: what the live side has done, for the metrics. It costs one atomic addition for the changes that are
// told together, however many sockets get them.

package rooms

import "sync/atomic"

// counts holds the running counts. The dispatcher adds to them.
type counts struct {
	deliveries atomic.Int64 // events put into outboxes
}

// Counts tells what the live side has done since the start, and what is waiting in it now.
type Counts struct {
	People                int   // who are online or away, or went offline a moment ago
	Deliveries            int64 // events of committed changes, each counted once for every socket that got it
	Batches, BatchesLimit int   // batches that wait for the dispatcher, and how many may
}

// Counts reads the counts.
func (r *Rooms) Counts() Counts {
	r.mu.Lock()
	people := len(r.users)
	r.mu.Unlock()
	return Counts{
		People: people, Deliveries: r.counts.deliveries.Load(),
		Batches: len(r.batches), BatchesLimit: maxBatches,
	}
}
