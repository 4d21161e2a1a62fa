// Telling tutorial clients what happens: the same commits that all others are told, in the tutorial's words.

package gateway

import (
	"context"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/socketio"
	"parley/rooms"
)

// Bounds of what waits to be put into the tutorial's words, for all sockets together. Beyond them a socket is
// cut off, as one that is slow.
const (
	maxTellings      = 1 << 20 // changes, each for one socket
	maxTellingsBytes = 16 << 20
	maxCorked        = 1 << 12 // tellings, before what was put is let go
	maxMissed        = 1000    // messages and notifications that someone is told who comes back
)

// Teller puts changes into the tutorial's words. The dispatcher only queues for it, since it has to ask
// the database for names. Its methods are safe from any goroutine.
type Teller struct {
	Actions *actions.Actions

	mu      sync.Mutex
	waiting []telling
	words   map[*chat.Change]*Words // of what waits; what is for many sockets is there once
	bytes   int                     // of its texts
	working bool
	ended   sync.WaitGroup
}

// telling is what a socket is to be told, or without it the moment at which it has been told what it missed.
type telling struct {
	to    *Listener
	words *Words
}

// Listener is the dialect of one socket.
type Listener struct {
	door *Teller
	sock *rooms.Socket
	say  say
	// since is the time after which the client wants what it missed, UTC milliseconds; 0 for nothing.
	since int64

	// Belong to the door's goroutine.
	corked bool // say has left it to uncork to let go of what waits
	told   bool // what was missed
	held   []*Words
}

// say puts something into what waits for a connection; only one at a time calls it. It tells whether that is left to
// uncork to be let go of.
type say = func(*Words) (corked bool)

// Listen makes the dialect of a socket. since is the time after which the client wants what it missed, UTC
// milliseconds; 0 for nothing.
func (d *Teller) Listen(sock *rooms.Socket, since int64, say say) *Listener {
	return &Listener{door: d, sock: sock, since: since, say: say}
}

// Words is an event in the tutorial's words. What a door makes of it is kept for the next socket.
type Words struct {
	change *chat.Change // nil for what was missed
	Event  string       // empty until there are words for the change
	Data   any
	// notTo is the author of a private message, who is not told it.
	notTo chat.UserID

	Line   []byte // of plain WebSocket
	Packet *socketio.Packet
}

// Welcome has what was missed told by a goroutine that ends with it. What happens meanwhile is held.
func (l *Listener) Welcome(_ *rooms.Socket, w chat.Welcome) {
	if l.since == 0 {
		l.door.queue(l, nil)
		return
	}
	l.door.ended.Go(func() {
		defer l.guard()
		if err := l.tellMissed(w); err != nil {
			l.sock.Cut(chat.CloseLater, actions.Refusal(err).Message)
			return
		}
		l.door.queue(l, nil)
	})
}

func (l *Listener) tellMissed(opened chat.Welcome) error {
	ctx, by := context.Background(), l.sock.Caller
	all, err := l.door.Actions.Missed(ctx, by, opened, l.since, maxMissed, l.sock.OutboxBytes()/2)
	for _, m := range all {
		if err != nil {
			return err
		}
		words := &Words{}
		if m.Message != nil {
			err = l.door.utterMessage(ctx, by, words, *m.Message)
		} else {
			err = l.door.utterNotification(ctx, words, *m.Notification)
		}
		if err == nil {
			l.sayUnlessOwn(words)
		}
	}
	return err
}

// guard is deferred: a panic while a socket is told something ends that socket alone.
func (l *Listener) guard() {
	if p := recover(); p != nil {
		slog.Error("panic in the tutorial's words", "panic", p, "stack", string(debug.Stack()))
		l.sock.Cut(chat.CloseLater, "a fault of the server")
	}
}

// uncork lets go of what was put.
func (l *Listener) uncork() {
	if l.corked {
		l.corked = false
		l.sock.Uncork()
	}
}

// Tell queues what the tutorial has words for.
func (l *Listener) Tell(_ *rooms.Socket, c *chat.Change) {
	switch c.Data.(type) {
	case chat.MessageAdded, chat.NotificationAdded:
		l.door.queue(l, c)
	}
}

func (d *Teller) queue(to *Listener, c *chat.Change) {
	d.mu.Lock()
	fits := d.queueLocked(to, c)
	if fits && !d.working {
		d.working = true
		d.ended.Go(d.work)
	}
	d.mu.Unlock()
	if !fits {
		to.sock.Cut(chat.CloseSlow, "too much waits to be told")
	}
}

func (d *Teller) queueLocked(to *Listener, c *chat.Change) (fits bool) {
	if c == nil {
		d.waiting = append(d.waiting, telling{to: to})
		return true
	}
	if len(d.waiting) >= maxTellings {
		return false
	}
	words := d.words[c]
	if words == nil {
		size := textOf(c)
		if d.bytes+size > maxTellingsBytes {
			return false
		}
		if d.words == nil {
			d.words = map[*chat.Change]*Words{}
		}
		words = &Words{change: c}
		d.words[c] = words
		d.bytes += size
	}
	d.waiting = append(d.waiting, telling{to, words})
	return true
}

// textOf is how many bytes of text a change has.
func textOf(c *chat.Change) int {
	switch data := c.Data.(type) {
	case chat.MessageAdded:
		return len(data.Message.Body)
	case chat.NotificationAdded:
		return actions.TextBytes(data.Notification)
	}
	return 0
}

// work tells what waits, until nothing does.
func (d *Teller) work() {
	for {
		d.mu.Lock()
		batch := d.waiting
		d.waiting, d.words, d.bytes = nil, nil, 0
		d.working = len(batch) > 0
		d.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for some := range slices.Chunk(batch, maxCorked) {
			for _, t := range some {
				t.to.take(t.words)
			}
			for _, t := range some {
				t.to.uncork()
			}
		}
	}
}

// take is a socket's turn: to be told something, or that it has been told what it missed.
func (l *Listener) take(words *Words) {
	defer l.guard()
	switch {
	case words == nil:
		l.release()
	case !l.told:
		l.hold(words)
	default:
		l.tellNow(words)
	}
}

// hold keeps something for later; what it may keep is as much as it may have missed.
func (l *Listener) hold(words *Words) {
	if len(l.held) == maxMissed {
		l.sock.Cut(chat.CloseSlow, "too much happened while it was told what it missed")
		return
	}
	l.held = append(l.held, words)
}

// release lets go of what was held.
func (l *Listener) release() {
	l.told = true
	for _, words := range l.held {
		l.tellNow(words)
	}
	l.held = nil
}

// tellNow tells a change, in words that were found for another socket or else are found now.
func (l *Listener) tellNow(words *Words) {
	if l.sock.CloseCode() != 0 {
		return
	}
	if words.Event == "" {
		err := l.door.utter(context.Background(), l.sock.Caller, words)
		if chat.IsCode(err, chat.NotFound) { // not for them any more
			return
		}
		if err != nil {
			slog.Error("tutorial: find a name", "error", err)
			l.sock.Cut(chat.CloseSlow, "come back and ask for what was missed")
			return
		}
	}
	l.sayUnlessOwn(words)
}

func (l *Listener) sayUnlessOwn(words *Words) {
	if words.notTo != l.sock.Caller.User {
		l.corked = l.say(words) || l.corked
	}
}

// utter finds the words for a change, for someone who may see it.
func (d *Teller) utter(ctx context.Context, by access.Caller, words *Words) error {
	if added, ok := words.change.Data.(chat.NotificationAdded); ok {
		return d.utterNotification(ctx, words, added.Notification)
	}
	added := words.change.Data.(chat.MessageAdded) // tell queues nothing else
	return d.utterMessage(ctx, by, words, added.Message)
}

func (d *Teller) utterNotification(ctx context.Context, words *Words, n chat.Notification) error {
	sender, err := d.Actions.Person(ctx, n.SenderID)
	if err != nil {
		return err
	}
	words.Event, words.Data = notificationEvent(sender, n)
	return nil
}

func (d *Teller) utterMessage(ctx context.Context, by access.Caller, words *Words, m chat.Message) error {
	room, err := d.Actions.Room(ctx, by, m.RoomID)
	if err != nil {
		return err
	}
	author, err := d.Actions.Person(ctx, m.AuthorID)
	if err != nil {
		return err
	}
	general, err := d.Actions.EveryonesRoom(ctx, by, chat.Public)
	if err != nil && !chat.IsCode(err, chat.NotFound) {
		return err
	}
	if room.Kind == chat.Direct {
		words.notTo = m.AuthorID
	}
	words.Event, words.Data = eventOf(room.Room, room.ID == general.ID, author, m)
	return nil
}

// Close waits until all has been told.
func (d *Teller) Close() { d.ended.Wait() }
