// Package turns lets only so many things run at the same time for one key, such as a person. Others with that
// key wait, and nobody with another key waits for them. What a key is and what runs is for its callers.
package turns

import (
	"context"
	"slices"
	"sync"
)

// Turns counts what is under way for each key. Its methods are safe from any goroutine, and it starts none. It
// remembers a key only while something is under way for it, so it is as large as its callers are many.
type Turns[K comparable] struct {
	most int

	mu   sync.Mutex // guards keys
	keys map[K]*line
}

// line is what is under way for one key, and who waits, in the order in which they came.
type line struct {
	running int
	waiting []chan struct{} // each is closed when its turn has come
}

// New lets most things run at once for each key; most is at least 1.
func New[K comparable](most int) *Turns[K] {
	return &Turns[K]{most: most, keys: map[K]*line{}}
}

// Take waits for a turn. It returns the error of ctx when ctx ends first. After nil the caller must call Give.
func (t *Turns[K]) Take(ctx context.Context, key K) error {
	come := t.take(key)
	if come == nil {
		return nil
	}
	select {
	case <-come:
		return nil
	case <-ctx.Done():
		t.giveUp(key, come)
		return ctx.Err()
	}
}

// take takes a turn that is free, or gets into the line and returns what tells when the turn has come.
func (t *Turns[K]) take(key K) (come chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.keys[key]
	if l == nil {
		l = &line{}
		t.keys[key] = l
	}
	if l.running < t.most {
		l.running++
		return nil
	}
	come = make(chan struct{})
	l.waiting = append(l.waiting, come)
	return come
}

// giveUp leaves the line, or gives the turn back when it has come after all.
func (t *Turns[K]) giveUp(key K, come chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := t.keys[key]
	if i := slices.Index(l.waiting, come); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		return
	}
	t.giveLocked(key, l)
}

// Give ends a turn that Take gave. The one that waits longest with this key is next.
func (t *Turns[K]) Give(key K) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.giveLocked(key, t.keys[key])
}

func (t *Turns[K]) giveLocked(key K, l *line) {
	if len(l.waiting) > 0 {
		close(l.waiting[0])
		l.waiting = slices.Delete(l.waiting, 0, 1)
		return
	}
	if l.running--; l.running == 0 {
		delete(t.keys, key)
	}
}
