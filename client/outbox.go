// The outbox: it sends messages in the order in which they were queued, again and again, until the server has
// acknowledged or finally refused them. While the outcome of a message is unknown, the outbox sends it again
// with the same client_id.

package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/chat"
)

// Delivery is a message that was queued.
type Delivery struct {
	Message chat.MessageSend

	done chan struct{}
	sent chat.MessageSent
	err  error
}

// Done is closed when the outcome is known.
func (d *Delivery) Done() <-chan struct{} { return d.done }

// Wait returns the outcome. The error is a *chat.Error when the server finally refused the message, and wraps
// ErrClosed when the client ended before the outcome was known. When ctx ends, Wait returns its error, and
// the outbox keeps sending the message.
func (d *Delivery) Wait(ctx context.Context) (chat.MessageSent, error) {
	select {
	case <-d.done:
		return d.sent, d.err
	case <-ctx.Done():
		return chat.MessageSent{}, ctx.Err()
	}
}

// Queue puts a message into the outbox and does not wait. It sets a client_id if the message has none. It
// fails with ErrFull when too many messages wait, and with ErrClosed when the client has ended.
func (c *Client) Queue(m chat.MessageSend) (*Delivery, error) {
	if m.ClientID.IsZero() {
		m.ClientID = chat.NewClientID()
	}
	d := &Delivery{Message: m, done: make(chan struct{})}
	return d, c.outbox.add(d)
}

// Send posts a message and waits until its outcome is known, over as many sockets as that takes.
func (c *Client) Send(ctx context.Context, room chat.RoomID, body string) (chat.MessageSent, error) {
	d, err := c.Queue(chat.MessageSend{RoomID: room, Draft: chat.Draft{Body: body}})
	if err != nil {
		return chat.MessageSent{}, err
	}
	return d.Wait(ctx)
}

// sendAgainError ends a socket after a message failed for a reason that is not final. On that socket the
// server refuses every message after it, so that none overtakes it.
type sendAgainError struct {
	refusal *chat.Error
	after   time.Duration
}

func (e *sendAgainError) Error() string {
	return "a message has to be sent again: " + e.refusal.Error()
}
func (e *sendAgainError) Unwrap() error { return e.refusal }

type outbox struct {
	limit int
	wake  chan struct{}

	mu       sync.Mutex
	waiting  []*Delivery   // in the order they were queued
	sent     int           // how many of waiting, from the first on, are under way on socket
	socket   *socket       // nil while there is none
	underWay int           // the limit of sent
	pause    time.Duration // between messages, since the server refused some for coming too fast
	failures int           // messages that failed since one was acknowledged
	ended    error
}

func (o *outbox) add(d *Delivery) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.ended != nil:
		return o.ended
	case len(o.waiting) >= o.limit:
		return ErrFull
	}
	o.waiting = append(o.waiting, d)
	o.stir()
	return nil
}

func (o *outbox) stir() {
	select {
	case o.wake <- struct{}{}:
	default: // it is awake already
	}
}

// attach starts sending on a new socket, from the first message whose outcome is not known.
func (o *outbox) attach(s *socket, underWay int) {
	o.mu.Lock()
	o.socket, o.sent, o.underWay = s, 0, max(1, underWay)
	o.mu.Unlock()
	o.stir()
}

func (o *outbox) detach(s *socket) {
	o.mu.Lock()
	o.detachLocked(s)
	o.mu.Unlock()
}

func (o *outbox) detachLocked(s *socket) {
	if o.socket == s {
		o.socket, o.sent = nil, 0
	}
}

// failing reports whether a message failed since the last acknowledgment, which is how the last socket ended.
func (o *outbox) failing() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failures > 0
}

func (o *outbox) pump(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.wake:
		}
		for {
			d, s, pause := o.next()
			if d == nil {
				break
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
			if _, err := s.request("message.send", d.Message, func(frame chat.Frame, err error) {
				o.answered(s, d, frame, err)
			}); err != nil {
				o.detach(s)
			}
		}
	}
}

// next takes the next message to send. pause is how long to wait before sending it.
func (o *outbox) next() (d *Delivery, on *socket, pause time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.socket == nil || o.sent >= min(o.underWay, len(o.waiting)) {
		return nil, nil, 0
	}
	o.sent++
	return o.waiting[o.sent-1], o.socket, o.pause
}

// answered handles the answer to a message. The answer may be from an older socket than the current one.
func (o *outbox) answered(s *socket, d *Delivery, frame chat.Frame, err error) {
	var sent chat.MessageSent
	if err == nil {
		err = json.Unmarshal(frame.Data, &sent)
	}
	var refusal *chat.Error
	o.mu.Lock()
	switch {
	case err == nil:
		o.failures = 0
		o.pause -= o.pause / 16 // a pace that was too fast once may be fine later
		o.settleLocked(d, sent, nil)
	case errors.As(err, &refusal) && !refusal.Retryable():
		o.settleLocked(d, sent, err)
		refusal = nil
	case o.socket != s:
		refusal = nil // one before it on the same socket has said the same
	default:
		o.detachLocked(s)
	}
	var again *sendAgainError
	if refusal != nil {
		again = &sendAgainError{refusal, time.Duration(refusal.RetryAfter) * time.Millisecond}
		o.failures++
		if refusal.Code == chat.RateLimited {
			o.slowDownLocked(again.after)
		}
	}
	o.mu.Unlock()
	o.stir()
	if again != nil {
		s.fail(again)
	}
}

// slowDownLocked lengthens the pause, up to longestWait: to one and a half times what it was or what the server
// named, whichever is longer. A server that is busy says nothing of the pace.
func (o *outbox) slowDownLocked(named time.Duration) {
	if named > 0 {
		o.pause = max(named, min(max(o.pause, named)*3/2, longestWait))
	}
}

// settleLocked ends a delivery, unless an answer on another socket has already ended it.
func (o *outbox) settleLocked(d *Delivery, sent chat.MessageSent, err error) {
	i := slices.Index(o.waiting, d)
	if i < 0 {
		return
	}
	o.waiting = slices.Delete(o.waiting, i, i+1)
	if i < o.sent {
		o.sent--
	}
	if len(o.waiting) == 0 {
		o.pause = 0
	}
	d.sent, d.err = sent, err
	close(d.done)
}

// end ends every delivery that is left, with an unknown outcome.
func (o *outbox) end(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = err
	for len(o.waiting) > 0 {
		o.settleLocked(o.waiting[0], chat.MessageSent{}, fmt.Errorf("%w: %w", ErrUnknown, err))
	}
}
