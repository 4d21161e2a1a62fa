// What the store counts of itself. Adding costs a few atomic additions a batch; reading disturbs nobody.

package main

import (
	"os"
	"slices"
	"sync/atomic"
	"time"

	"parley/chat"
)

// storeCounts are added to by the writer and by those who read.
type storeCounts struct {
	messages   atomic.Int64 // stored
	rolledBack atomic.Int64 // transactions
	unknown    atomic.Int64 // transactions whose COMMIT failed
	batches    *histogram   // writes in each transaction that was committed
	commits    *histogram   // nanoseconds that each COMMIT took
	waiting    atomic.Int64 // reads that wait for a connection now
	waited     atomic.Int64 // reads that had to
}

func newStoreCounts() *storeCounts {
	ms := int64(time.Millisecond)
	return &storeCounts{
		batches: newHistogram(1, 2, 4, 8, 16, 32, 64, 128, 256, maxBatch),
		commits: newHistogram(ms/2, ms, 2*ms, 5*ms, 10*ms, 25*ms, 50*ms, 100*ms, 250*ms, 500*ms, 1000*ms, 5000*ms),
	}
}

// committed counts a transaction that is on disk.
func (c *storeCounts) committed(writes int, changes []chat.Change) {
	c.batches.observe(int64(writes))
	added := int64(0)
	for i := range changes {
		if changes[i].Event == "message.added" {
			added++
		}
	}
	c.messages.Add(added)
}

// StoreCounts is what a store has done since it was opened, and what waits in it now.
type StoreCounts struct {
	Messages   int64     // stored
	RolledBack int64     // transactions
	Unknown    int64     // transactions whose COMMIT failed
	Batches    Histogram // writes in each transaction that was committed
	Commits    Histogram // nanoseconds that each COMMIT took

	Writes, WritesLimit int // that wait for the writer
	Reads               int64
	ReadsWaited         int64 // that found every connection taken

	DatabaseBytes, LogBytes int64 // of the files; 0 when there is none
}

// Counts reads them. The sizes come from the folder: opening the database file anew, only to close it, would
// drop the locks that SQLite holds on it.
func (st *Store) Counts() StoreCounts {
	c := st.counts
	return StoreCounts{
		Messages: c.messages.Load(), RolledBack: c.rolledBack.Load(), Unknown: c.unknown.Load(),
		Batches: c.batches.read(), Commits: c.commits.read(),
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

// histogram sorts values by size. It is safe from any goroutine.
type histogram struct {
	bounds []int64        // rising; a value is in the first bucket whose bound is not below it
	counts []atomic.Int64 // one more than bounds: the last is of what is above them all
	sum    atomic.Int64
}

func newHistogram(bounds ...int64) *histogram {
	return &histogram{bounds: bounds, counts: make([]atomic.Int64, len(bounds)+1)}
}

func (h *histogram) observe(value int64) {
	bucket, _ := slices.BinarySearch(h.bounds, value)
	h.counts[bucket].Add(1)
	h.sum.Add(value)
}

// Histogram is a histogram as it was at one moment.
type Histogram struct {
	Bounds []int64 // rising, inclusive
	Counts []int64 // in each bucket; the last is of what is above all bounds
	Sum    int64
}

func (h *histogram) read() Histogram {
	as := Histogram{Bounds: h.bounds, Counts: make([]int64, len(h.counts)), Sum: h.sum.Load()}
	for i := range h.counts {
		as.Counts[i] = h.counts[i].Load()
	}
	return as
}
