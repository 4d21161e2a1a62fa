package actions

import (
	"fmt"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
)

// The queue takes 4,096 writes however long they are.
func TestTextThatWaitsIsBounded(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.MessageCharacters, l.FrameBytes = 200_000, 900_000 })
	ann := p.signsUp(t, "ann")
	room := p.creates(t, ann, chat.Private, "long")
	release := p.holdWriter(t)
	body := strings.Repeat("long ", 40_000)
	results := make(chan error, 1000)
	post := func() {
		p.Post(ann, room, draft(body), func(_ chat.MessageSent, err error) { results <- err })
	}
	sent := 0
	for ; len(results) == 0; sent++ {
		post()
	}
	if err := <-results; !chat.IsCode(err, chat.Busy) || !Refusal(err).Retryable() {
		t.Errorf("got %v, want busy", err)
	}
	if waits := (sent - 1) * len(body); waits < maxWaiting/3 || waits > maxWaiting {
		t.Errorf("%d bytes wait, want about %d", waits, maxWaiting/2)
	}
	release()
	for range sent - 1 {
		if err := <-results; err != nil {
			t.Errorf("what waited got %v", err)
		}
	}
	post()
	if err := <-results; err != nil {
		t.Errorf("once there is room again: %v", err)
	}
	if n := p.waiting.Load(); n != 0 {
		t.Errorf("%d bytes are still counted", n)
	}
}

// With one person more than a burst of changes would be needed, but everything can be done at some time.
func TestWhatIsSentNeverCountsAsMoreThanAPause(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.MessagesPerSecond, l.MessagesBurst = 0.001, 10 })
	ann, bob := access.Caller{User: 1}, access.Caller{User: 2}
	for _, c := range []struct {
		by    access.Caller
		bytes int
		want  chat.Code
	}{
		{ann, 1 << 40, ""},
		{ann, 0, chat.RateLimited}, // of which the first took everything
		{bob, bytesPerChange - 1, ""},
		{bob, 3 * bytesPerChange, ""},
		{bob, 7 * bytesPerChange, chat.RateLimited},
		{bob, 0, ""},
	} {
		err := p.Spend(c.by, access.Changes(1))
		if err == nil {
			err = p.notTooMuch(c.by, c.bytes)
		}
		checkError(t, fmt.Sprint(c.bytes, " bytes"), err, c.want)
		if e := Refusal(err); c.want != "" && e.RetryAfter <= 0 {
			t.Errorf("%d bytes: got %+v", c.bytes, e)
		}
	}
}

// A reaction has the whole message go to the dispatcher, in case somebody has not asked for deltas.
func TestMessagesThatAreReactedToCountAsTextThatWaits(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.MessageCharacters, l.FrameBytes = 200_000, 900_000 })
	ann := p.signsUp(t, "ann")
	room := p.creates(t, ann, chat.Private, "long")
	at := chat.ReactionAt{RoomID: room, Seq: p.says(t, ann, room, strings.Repeat("long ", 40_000)).Seq, Emoji: "👍"}
	other := at
	other.Seq = p.says(t, ann, room, "short").Seq
	p.waiting.Store(maxWaiting - 100_000)
	react := func(at chat.ReactionAt) error {
		_, err := Wait(func(done Sent) { p.React(ann, at, done) })
		return err
	}
	checkError(t, "a long message", react(at), chat.Busy)
	checkError(t, "a short message", react(other), "")
	if n := p.waiting.Load(); n != maxWaiting-100_000 {
		t.Errorf("%d bytes wait, want as many as before", n)
	}
	p.waiting.Store(0)
	checkError(t, "a long message, later", react(at), "")
}
