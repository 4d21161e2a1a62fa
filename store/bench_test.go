package store

import (
	"sync"
	"testing"
)

// BenchmarkStoreAcks stores messages with 256 writes under way, to measure durable acknowledgments a second.
func BenchmarkStoreAcks(b *testing.B) {
	s := newStore(b)
	under := make(chan struct{}, 256)
	var all sync.WaitGroup
	for i := 0; b.Loop(); i++ {
		if i%1000 == 0 {
			s.takeCommits()
		}
		under <- struct{}{}
		all.Add(1)
		s.Write(s.adds("A message of about the usual length, as people write them all day."), func(err error) {
			if err != nil {
				b.Error(err)
			}
			<-under
			all.Done()
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acks/s")
}
