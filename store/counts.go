// What the store counts of itself. Adding costs a few atomic additions a batch; reading disturbs nobody.

package store

import (
	"os"
	"sync/atomic"
	"time"

	"parley/chat"
	"parley/internal/count"
)

// counts are added to by the writer and by those who read.
type counts struct {
	messages   atomic.Int64     // stored
	rolledBack atomic.Int64     // transactions
	unknown    atomic.Int64     // transactions whose COMMIT failed
	batches    *count.Histogram // writes in each transaction that was committed
	commits    *count.Histogram // nanoseconds that each COMMIT took
	waiting    atomic.Int64     // reads that wait for a connection now
	waited     atomic.Int64     // reads that had to
}

func newCounts() *counts {
	ms := int64(time.Millisecond)
	return &counts{
		batches: count.NewHistogram(1, 2, 4, 8, 16, 32, 64, 128, 256, maxBatch),
		commits: count.NewHistogram(ms/2, ms, 2*ms, 5*ms, 10*ms, 25*ms, 50*ms, 100*ms, 250*ms, 500*ms, 1000*ms, 5000*ms),
	}
}

// committed counts a transaction that is on disk.
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

// Counts is what a store has done since it was opened, and what waits in it now.
type Counts struct {
	Messages   int64         // stored
	RolledBack int64         // transactions
	Unknown    int64         // transactions whose COMMIT failed
	Batches    count.Buckets // writes in each transaction that was committed
	Commits    count.Buckets // nanoseconds that each COMMIT took

	Writes, WritesLimit int // that wait for the writer
	Reads               int64
	ReadsWaited         int64 // that found every connection taken

	DatabaseBytes, LogBytes int64 // of the files; 0 when there is none
}

// Counts reads them. The sizes come from the folder: opening the database file anew, only to close it, would
// drop the locks that SQLite holds on it.
func (st *Store) Counts() Counts {
	c := st.counts
	return Counts{
		Messages: c.messages.Load(), RolledBack: c.rolledBack.Load(), Unknown: c.unknown.Load(),
		Batches: c.batches.Read(), Commits: c.commits.Read(),
		Writes: len(st.writer.queue), WritesLimit: maxQueue,
		Reads: c.waiting.Load(), ReadsWaited: c.waited.Load(),
		DatabaseBytes: fileSize(st.writer.path), LogBytes: fileSize(st.writer.path + "-wal"),
	}
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
