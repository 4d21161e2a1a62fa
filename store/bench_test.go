package store

import (
	"database/sql"
	"sync"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
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

// BenchmarkBareInserts is what BenchmarkStoreAcks on PostgreSQL is compared with: as many clients, each with a
// connection of its own, insert a row and commit it.
func BenchmarkBareInserts(b *testing.B) {
	if !engines.OnPostgres() {
		b.Skip("this is about PostgreSQL")
	}
	db, err := sql.Open("pgx", engines.Database(b))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	const clients = 256
	db.SetMaxOpenConns(clients)
	db.SetMaxIdleConns(clients)
	if _, err := db.ExecContext(b.Context(), `
		CREATE TABLE bare (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body TEXT NOT NULL)`); err != nil {
		b.Fatal(err)
	}
	under := make(chan struct{}, clients)
	var all sync.WaitGroup
	for b.Loop() {
		under <- struct{}{}
		all.Go(func() {
			_, err := db.ExecContext(b.Context(), `INSERT INTO bare (body) VALUES ($1)`,
				"A message of about the usual length, as people write them all day.")
			if err != nil {
				b.Error(err)
			}
			<-under
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acks/s")
}
