// Telling tutorial clients what happens: the same commits that all others are told, in the tutorial's words.

package main

import (
	"context"
	"log/slog"
	"sync"

	"parley/chat"
	"parley/internal/socketio"
)

// Bounds of what waits to be put into the tutorial's words, for all sockets together. Beyond them a socket is
// cut off, as one that is slow.
const (
	maxTellings      = 1 << 16
	maxTellingsBytes = 16 << 20
	maxMissed        = 1000 // messages and notifications that someone is told who comes back
)

// tutorialDoor puts changes into the tutorial's words. The dispatcher only queues for it, since it has to ask
// the database for names. Its methods are safe from any goroutine.
type tutorialDoor struct {
	actions *Actions

	mu      sync.Mutex
	waiting []telling
	bytes   int // of texts in waiting
	working bool
	ended   sync.WaitGroup
}

// telling is a change that a socket is to be told, or without one the moment at which it has been told what it
// missed.
type telling struct {
	to     *tutorialListener
	change *chat.Change
}

// tutorialListener is the dialect of one socket.
type tutorialListener struct {
	door *tutorialDoor
	sock *Socket
	say  func(*utterance) // puts it into what waits for the connection; only one at a time calls it
	// since is the time after which the client wants what it missed, UTC milliseconds; 0 for nothing.
	since int64

	// Belong to the door's goroutine.
	told bool // what was missed
	held []*chat.Change
}

// utterance is an event in the tutorial's words. What a door makes of it is kept with it, for the next socket.
type utterance struct {
	event string
	data  any
	// notTo is the author of a private message, who is not told it.
	notTo chat.UserID

	line   []byte // of plain WebSocket
	packet *socketio.Packet
}

// welcome has what was missed told by a goroutine that ends with it. What happens meanwhile is held.
func (l *tutorialListener) welcome(_ *Socket, w chat.Welcome) {
	if l.since == 0 {
		l.door.queue(telling{to: l})
		return
	}
	l.door.ended.Go(func() {
		if err := l.tellMissed(w); err != nil {
			l.sock.cut(chat.CloseLater, refusal(err).Message)
			return
		}
		l.door.queue(telling{to: l})
	})
}

func (l *tutorialListener) tellMissed(opened chat.Welcome) error {
	ctx, by := context.Background(), l.sock.caller
	all, err := l.door.actions.Missed(ctx, by, opened, l.since, maxMissed, l.sock.out.limit/2)
	for _, m := range all {
		if err != nil {
			return err
		}
		var u *utterance
		if m.message != nil {
			u, err = l.door.utterMessage(ctx, by, *m.message)
		} else {
			u, err = l.door.utterNotification(ctx, *m.notification)
		}
		if err == nil && u.notTo != by.User {
			l.say(u)
		}
	}
	return err
}

// tell queues what the tutorial has words for.
func (l *tutorialListener) tell(_ *Socket, c *chat.Change) {
	switch c.Data.(type) {
	case chat.MessageAdded, chat.NotificationAdded:
		l.door.queue(telling{l, c})
	}
}

func (d *tutorialDoor) queue(t telling) {
	size := t.size()
	d.mu.Lock()
	full := t.change != nil && (len(d.waiting) >= maxTellings || d.bytes+size > maxTellingsBytes)
	if !full {
		d.waiting = append(d.waiting, t)
		d.bytes += size
		if !d.working {
			d.working = true
			d.ended.Go(d.work)
		}
	}
	d.mu.Unlock()
	if full {
		t.to.sock.cut(chat.CloseSlow, "too much waits to be told")
	}
}

func (t telling) size() int {
	if t.change == nil {
		return 0
	}
	switch data := t.change.Data.(type) {
	case chat.MessageAdded:
		return len(data.Message.Body)
	case chat.NotificationAdded:
		return textBytes(data.Notification)
	}
	return 0
}

// work tells what waits, until nothing does.
func (d *tutorialDoor) work() {
	var last *chat.Change
	var words *utterance
	for {
		d.mu.Lock()
		batch := d.waiting
		d.waiting, d.bytes = nil, 0
		d.working = len(batch) > 0
		d.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, t := range batch {
			if t.change == nil {
				t.to.release()
				continue
			}
			if !t.to.told {
				t.to.hold(t.change)
				continue
			}
			if t.change != last { // each is queued for one socket after the other
				last, words = t.change, nil
			}
			words = t.to.tellNow(t.change, words)
		}
	}
}

// hold keeps a change for later; what it may keep is as much as the queue of all.
func (l *tutorialListener) hold(c *chat.Change) {
	if len(l.held) == maxMissed {
		l.sock.cut(chat.CloseSlow, "too much happened while it was told what it missed")
		return
	}
	l.held = append(l.held, c)
}

// release lets go of what was held.
func (l *tutorialListener) release() {
	l.told = true
	for _, c := range l.held {
		l.tellNow(c, nil)
	}
	l.held = nil
}

// tellNow tells a change, in words that were found for another socket or, when there are none, in new ones.
func (l *tutorialListener) tellNow(c *chat.Change, words *utterance) *utterance {
	if l.sock.closed.Load() != 0 {
		return words
	}
	if words == nil {
		var err error
		words, err = l.door.utter(context.Background(), l.sock.caller, c)
		if errorIs(err, chat.NotFound) { // not for them any more
			return nil
		}
		if err != nil {
			slog.Error("tutorial: find a name", "error", err)
			l.sock.cut(chat.CloseSlow, "come back and ask for what was missed")
			return nil
		}
	}
	if words.notTo != l.sock.caller.User {
		l.say(words)
	}
	return words
}

// utter puts a change into the tutorial's words, for someone who may see it.
func (d *tutorialDoor) utter(ctx context.Context, by Caller, c *chat.Change) (*utterance, error) {
	if added, ok := c.Data.(chat.NotificationAdded); ok {
		return d.utterNotification(ctx, added.Notification)
	}
	return d.utterMessage(ctx, by, c.Data.(chat.MessageAdded).Message) // tell queues nothing else
}

func (d *tutorialDoor) utterNotification(ctx context.Context, n chat.Notification) (*utterance, error) {
	sender, err := d.actions.Person(ctx, n.SenderID)
	if err != nil {
		return nil, err
	}
	u := &utterance{}
	u.event, u.data = tutorialNotification(sender, n)
	return u, nil
}

func (d *tutorialDoor) utterMessage(ctx context.Context, by Caller, m chat.Message) (*utterance, error) {
	room, err := d.actions.Room(ctx, by, m.RoomID)
	if err != nil {
		return nil, err
	}
	author, err := d.actions.Person(ctx, m.AuthorID)
	if err != nil {
		return nil, err
	}
	general, err := d.actions.EveryonesRoom(ctx, by, chat.Public)
	if err != nil && !errorIs(err, chat.NotFound) {
		return nil, err
	}
	u := &utterance{}
	u.event, u.data = tutorialEvent(room.Room, room.ID == general.ID, author, m)
	if room.Kind == chat.Direct {
		u.notTo = m.AuthorID
	}
	return u, nil
}

// close waits until all has been told.
func (d *tutorialDoor) close() { d.ended.Wait() }
