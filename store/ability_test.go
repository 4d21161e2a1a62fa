package store

import (
	"path/filepath"
	"testing"
	"time"

	"parley/chat"
)

// When the writer tries by itself, whether the newest attempt succeeded or not.
func TestTheWriterTriesByItselfAfterATime(t *testing.T) {
	t.Parallel()
	now := time.Now()
	a := newAbility()
	a.now = func() time.Time { return now }
	for _, c := range []struct {
		err  error
		wait time.Duration
	}{{nil, tryIdle}, {errGone, tryAgain}, {errCannotStore, tryAgain}} {
		a.note(c.err)
		now = now.Add(c.wait - 1)
		if a.due() {
			t.Errorf("after %v it is due too early", c.err)
		}
		now = now.Add(1)
		if !a.due() {
			t.Errorf("after %v it is not due after %s", c.err, c.wait)
		}
	}
}

// Nobody who asks waits for a disk that hangs. It counts as one that fails, until it goes on.
func TestADiskThatHangsCannotStore(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	hanging, goOn := make(chan struct{}), make(chan struct{})
	stored := make(chan error, 1)
	s.Write(func(tx *WriteTx) error {
		close(hanging)
		<-goOn
		return tx.touch()
	}, func(err error) { stored <- err })
	<-hanging
	a := s.writer.ability
	later := func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.now = func() time.Time { return time.Now().Add(hangs) }
	}
	later()
	if err := s.Ready(); !chat.IsCode(err, chat.Unavailable) {
		t.Errorf("while it hangs: %v", err)
	}
	close(goOn)
	if err := <-stored; err != nil {
		t.Fatal(err)
	}
	if err := s.WriteAndWait(func(*WriteTx) error { return nil }); err != nil { // the batch has ended
		t.Fatal(err)
	}
	if err := s.Ready(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A slow disk that has many things to store goes on answering: each commit is an answer.
func TestADiskThatAnswersSlowlyStores(t *testing.T) {
	t.Parallel()
	a := newAbility()
	now := time.Now()
	a.now = func() time.Time { return now }
	a.begin()
	for range 3 {
		now = now.Add(hangs - 1)
		if err := a.state(); err != nil {
			t.Errorf("before a commit: %v", err)
		}
		a.note(nil)
	}
	now = now.Add(hangs)
	if err := a.state(); !chat.IsCode(err, chat.Unavailable) {
		t.Errorf("once it hangs: %v", err)
	}
	a.end()
	if err := a.state(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// What is refused says nothing about the disk, and what is stored says that it works.
func TestOnlyTheDiskDecidesWhetherTheServerIsReady(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	refuse := func(*WriteTx) error { return chat.Errorf(chat.Forbidden, "no") }
	if err := s.WriteAndWait(refuse); !chat.IsCode(err, chat.Forbidden) {
		t.Fatal(err)
	}
	if err := s.Ready(); err != nil {
		t.Errorf("after a refusal: %v", err)
	}
	s.writer.ability.note(errCannotStore)
	if err := s.WriteAndWait(refuse); !chat.IsCode(err, chat.Forbidden) {
		t.Fatal(err)
	}
	if err := s.Ready(); !chat.IsCode(err, chat.Unavailable) {
		t.Errorf("a refusal proves nothing: %v", err)
	}
	s.must(t, (*WriteTx).touch)
	if err := s.Ready(); err != nil {
		t.Errorf("once it stores: %v", err)
	}
	closed, err := Open(filepath.Join(t.TempDir(), "parley.db"), TellNobody)
	if err == nil {
		err = closed.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Ready(); !chat.IsCode(err, chat.Unavailable) {
		t.Errorf("once it is closed: %v", err)
	}
}
