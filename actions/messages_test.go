package actions

import (
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
