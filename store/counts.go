// Counts: what the store has done, for the metrics. Counting costs a few atomic additions for each batch;
// reading the counts takes no lock.

package store

import (
	"os"
	"sync/atomic"
	"time"

	"parley/chat"
	"parley/internal/count"
)

// counts holds the running counts. The writer adds to them, and so do the goroutines that read.
type counts struct {
	messages   atomic.Int64     // messages stored
	rolledBack atomic.Int64     // transactions rolled back
	unknown    atomic.Int64     // transactions whose COMMIT failed
	batches    *count.Histogram // writes in each transaction that was committed
	commits    *count.Histogram // nanoseconds that each COMMIT took
	reads      atomic.Int64     // reads that were asked for
	waiting    atomic.Int64     // reads that are waiting for a connection now
	waited     atomic.Int64     // reads that had to wait for a connection
}

func newCounts() *counts {
	ms := int64(time.Millisecond)
	return &counts{
		batches: count.NewHistogram(1, 2, 4, 8, 16, 32, 64, 128, 256, maxBatch),
		commits: count.NewHistogram(ms/2, ms, 2*ms, 5*ms, 10*ms, 25*ms, 50*ms, 100*ms, 250*ms, 500*ms, 1000*ms, 5000*ms),
	}
}

// committed counts a committed transaction.
func (c *counts) committed(writes int, changes []chat.Change) {
	c.batches.Observe(int64(writes))
	added := int64(0)
	for i := range changes {
		if changes[i].Event == "message.added" {
			added++
		}
	}
	c.messages.Add(added)
}

// Counts tells what a store has done since it was opened, and what is waiting in it now.
type Counts struct {
	Messages   int64         // messages stored
	RolledBack int64         // transactions rolled back
	Unknown    int64         // transactions whose COMMIT failed
	Batches    count.Buckets // writes in each transaction that was committed
	Commits    count.Buckets // nanoseconds that each COMMIT took

	Writes, WritesLimit int   // writes that wait for the writer, and how many may
	Reads               int64 // reads that wait for a connection
	ReadsAsked          int64 // reads that were asked for, whether they ended early or not
	ReadsWaited         int64 // reads that found every connection taken

	DatabaseBytes, LogBytes int64 // sizes of the files; 0 for a file that is missing
}

// Counts reads the counts.
func (st *Store) Counts() Counts {
	c := st.counts
	database, log := st.engine.sizes()
	return Counts{
		Messages: c.messages.Load(), RolledBack: c.rolledBack.Load(), Unknown: c.unknown.Load(),
		Batches: c.batches.Read(), Commits: c.commits.Read(),
		Writes: len(st.writer.queue), WritesLimit: maxQueue,
		Reads: c.waiting.Load(), ReadsAsked: c.reads.Load(), ReadsWaited: c.waited.Load(),
		DatabaseBytes: database, LogBytes: log,
	}
}

// fileSize is taken from the folder, since opening the database file and closing it again would drop the locks that
// SQLite holds on it.
func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
