package store

import (
	"sync"
	"testing"

	"parley/access"
	"parley/chat"
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
		draft := RenderedDraft{Draft: chat.Draft{
			ClientID: chat.NewClientID(), Body: "A message of about the usual length, as people write them all day.",
		}}
		s.WriteTo(In(s.room).And(Of(s.ann)).Sends(s.ann, draft.ClientID), func(tx *WriteTx) error {
			standing, err := tx.StandingIn(access.Caller{User: s.ann}, s.room)
			if err == nil {
				_, err = tx.AddMessage(standing, draft)
			}
			return err
		}, func(err error) {
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
