// Tests that the times of what is stored go on while the clock goes back.

package store

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"parley/chat"
)

func TestTimesOfWhatIsStoredDoNotGoBackWithTheClock(t *testing.T) {
	t.Parallel()
	c := &testClock{}
	c.moves(365 * 24 * time.Hour)
	s := newStoreAt(t, c.now)
	first := s.posts(t).CreatedAt
	c.moves(-time.Hour)
	second := s.posts(t).CreatedAt
	if second <= first {
		t.Errorf("an hour back, what came after %d has the time %d", first, second)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.Store, err = open(s.path, s.committed, c.now); err != nil {
		t.Fatal(err)
	}
	if third := s.posts(t).CreatedAt; third <= second {
		t.Errorf("after a restart, what came after %d has the time %d", second, third)
	}
	c.moves(3 * time.Hour)
	if got := s.posts(t).CreatedAt; got != c.now().UnixMilli() {
		t.Errorf("the clock went on to %d, and what is stored has the time %d", c.now().UnixMilli(), got)
	}
}

// Whoever asks for what came after one message misses none of those that were stored together with it.
func TestMessagesThatAreStoredTogetherHaveTimesOfTheirOwn(t *testing.T) {
	t.Parallel()
	c := &testClock{}
	c.moves(365 * 24 * time.Hour)
	s := newStoreAt(t, c.now)
	now := c.now().UnixMilli()
	for range 3 {
		s.must(t, func(tx *WriteTx) error {
			for i := range maxBatch {
				if err := s.adds(fmt.Sprint("message ", i))(tx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := s.Read(t.Context(), func(tx *Tx) error {
		list, err := tx.MessagesAfter(s.room, 0, 3*maxBatch, math.MaxInt)
		for i := 1; i < len(list); i++ {
			before, after := list[i-1].CreatedAt, list[i].CreatedAt
			if after < before || after == before && before < now+maxAhead || after > now+maxAhead+3 {
				t.Fatalf("message %d has the time %d after %d; the clock says %d", list[i].Seq, after, before, now)
			}
		}
		if len(list) != 3*maxBatch {
			t.Errorf("there are %d messages", len(list))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Requests that are refused or rolled back, however many, do not drive the times ahead of the clock.
func TestTimesDoNotRunAheadByWhatIsNotStored(t *testing.T) {
	t.Parallel()
	c := &testClock{}
	c.moves(365 * 24 * time.Hour)
	s := newStoreAt(t, c.now)
	first := s.posts(t).CreatedAt
	refusal := chat.Errorf(chat.Forbidden, "refused")
	for range 100 {
		for _, changes := range []bool{false, true} {
			err := s.WriteAndWait(func(tx *WriteTx) error {
				if changes {
					if err := s.adds("rolled back")(tx); err != nil {
						return err
					}
				}
				return refusal
			})
			if !errors.Is(err, refusal) {
				t.Fatal(err)
			}
		}
	}
	// A few writes of the upkeep may have come in between.
	if second := s.posts(t).CreatedAt; second <= first || second > first+20 {
		t.Errorf("what came after %d has the time %d", first, second)
	}
}

// A clock that is years ahead for a moment leaves no wrong time but that of the moment.
func TestAClockThatWasFarAheadIsNotFollowed(t *testing.T) {
	t.Parallel()
	const years = 2 * 365 * 24 * time.Hour
	c := &testClock{}
	c.moves(years)
	s := newStoreAt(t, c.now)
	c.moves(years)
	ahead := s.posts(t).CreatedAt
	c.moves(-years)
	now := c.now().UnixMilli()
	if got := s.posts(t).CreatedAt; got != now {
		t.Errorf("the clock is right again, at %d, and what is stored has the time %d", now, got)
	}
	err := s.Read(t.Context(), func(tx *Tx) error {
		for asked, want := range map[int64]int64{ahead: 0, now: now, now + time.Minute.Milliseconds(): now + time.Minute.Milliseconds()} {
			if got := tx.Since(asked); got != want {
				t.Errorf("since %d: got %d, want %d", asked, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNothingEndsByAClockThatWasPutAhead(t *testing.T) {
	t.Parallel()
	looked := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ shown, passed, want time.Duration }{
		{time.Hour, time.Hour, time.Hour},
		{1000 * time.Hour, time.Hour, time.Hour}, // put ahead
		{-time.Hour, time.Hour, -time.Hour},      // put back
	} {
		if got := endedAt(looked, looked.Add(c.shown), c.passed); !got.Equal(looked.Add(c.want)) {
			t.Errorf("%+v: got %v", c, got)
		}
	}
	if now := looked; !endedAt(time.Time{}, now, now.Sub(time.Time{})).Equal(now) {
		t.Error("the first look does not believe the clock")
	}
}

// posts stores a message of ann's.
func (s *testStore) posts(t *testing.T) (m chat.Message) {
	t.Helper()
	s.must(t, s.adds("body"))
	s.must(t, func(tx *WriteTx) error {
		list, err := tx.MessagesBefore(s.room, MaxSeq, 1, 1<<20)
		m = list[0]
		return err
	})
	return m
}
