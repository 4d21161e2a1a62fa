package store

import (
	"context"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
)

func TestTheStoreCountsBatchesThatFail(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	before := s.Counts()
	release := s.hold(t)
	good := s.queue(s.adds("good"))
	bad := s.queue(func(tx *WriteTx) error {
		s.adds("bad")(tx) // its error does not matter: the write is rolled back anyway
		return chat.Errorf(chat.Forbidden, "no")
	})
	if waiting := s.Counts().Writes; waiting != 2 {
		t.Errorf("%d writes wait, want 2", waiting)
	}
	release()
	if err := answered(t, good); err != nil {
		t.Fatal(err)
	}
	if err := answered(t, bad); !chat.IsCode(err, chat.Forbidden) {
		t.Fatalf("got %v", err)
	}
	now := s.Counts()
	if added, rolledBack := now.Messages-before.Messages, now.RolledBack-before.RolledBack; added != 1 || rolledBack != 2 {
		t.Errorf("%d messages and %d rolled back, want 1, and 2: of both, and of the bad one alone", added, rolledBack)
	}
	if err := s.WriteAndWait(breakCommit); !chat.IsCode(err, chat.Unknown) {
		t.Fatalf("got %v, want unknown", err)
	}
	if unknown := s.Counts().Unknown; unknown != 1 {
		t.Errorf("%d commits are unknown, want 1", unknown)
	}
}

func TestReadsThatWaitAreCounted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.upkeep.close() // it reads too
	release := make(chan struct{})
	held := make(chan struct{})
	ended := make(chan error)
	for range Readers {
		go func() {
			ended <- s.Read(context.Background(), func(*Tx) error { held <- struct{}{}; <-release; return nil })
		}()
		<-held
	}
	if c := s.Counts(); c.Reads != 0 || c.ReadsWaited != 0 {
		t.Errorf("got %d waiting and %d waited before any had to", c.Reads, c.ReadsWaited)
	}
	go func() { ended <- s.Read(context.Background(), func(*Tx) error { return nil }) }()
	wait.Until(t, "one more waits", func() bool { return s.Counts().Reads == 1 })
	close(release)
	for range Readers + 1 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if c := s.Counts(); c.Reads != 0 || c.ReadsWaited != 1 {
		t.Errorf("got %d waiting and %d waited, want 0 and 1", c.Reads, c.ReadsWaited)
	}
}
