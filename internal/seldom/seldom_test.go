package seldom

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestEachCauseIsWrittenOnceInAWhileAndFewInAll(t *testing.T) {
	var out bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	written := func() int { return strings.Count(out.String(), "\n") }

	now := time.Unix(1_000_000, 0)
	log := New(func() time.Time { return now })
	for range 100 {
		log.Warn("one", "the first")
		log.Warn("two", "the second", "with", "a value")
	}
	if written() != 2 {
		t.Fatalf("two causes wrote %d lines:\n%s", written(), &out)
	}
	now = now.Add(every)
	log.Warn("one", "the first again")
	if written() != 3 {
		t.Errorf("after a while there are %d lines, want 3", written())
	}
	for i := range 10 * most {
		log.Warn(fmt.Sprint("made up ", i), "made up")
	}
	if written() > 3+most {
		t.Errorf("causes that somebody makes up wrote %d lines", written()-3)
	}
}
