// The events that gateway clients receive: Translator makes them from the same committed changes that native
// sockets receive, and delivers them in the same order.

package gateway

import (
	"context"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/budget"
	"parley/internal/socketio"
	"parley/rooms"
)

// The bounds of the queue, for all sockets together. A socket whose delivery does not fit is cut off as a
// slow one.
const (
	maxQueued      = 1 << 20  // deliveries, each of one event to one socket
	maxQueuedBytes = 16 << 20 // of text; the text of an event counts once, however many sockets it goes to
	maxCorked      = 1 << 12  // deliveries that are put into outboxes before those outboxes start to write
	maxMissed      = 1000     // missed messages and notifications that a client receives when it comes back
)

// Translator turns committed changes into gateway events and delivers them to sockets. A gateway event
// carries the names of people and rooms, which have to be read from the database. The dispatcher must not
// wait for that, so it only queues the changes here, and a goroutine of the Translator does the rest. Its
// methods are safe from any goroutine.
type Translator struct {
	actions *actions.Actions
	unread  *budget.Budget // the text that waits here counts in it

	mu      sync.Mutex
	queued  []delivery
	events  map[*chat.Change]*Event // of the queued changes; a change for many sockets has one event
	bytes   int                     // of text in those changes
	working bool                    // work is running
	running sync.WaitGroup          // work, and the goroutines that send what clients missed
}

// NewTranslator makes a translator. Clients' requests call the actions in acts. The text that waits to be
// translated counts in unread.
func NewTranslator(acts *actions.Actions, unread *budget.Budget) *Translator {
	return &Translator{actions: acts, unread: unread}
}

// delivery is one event for one socket. A nil event marks that the socket has received all that it missed.
type delivery struct {
	to    *Listener
	event *Event
}

// Listener is the rooms.Dialect of one socket: it receives the socket's changes from the dispatcher.
type Listener struct {
	translator *Translator
	sock       *rooms.Socket
	send       sendFunc
	// since is a time in UTC milliseconds: the client asks for all it missed after it. 0 means that it asks for
	// nothing.
	since int64
	// missed is there while a goroutine sends what the client missed.
	missed sync.WaitGroup

	// Owned by the goroutine that runs work.
	corked   bool     // send corked the outbox, so uncork has to release it
	caughtUp bool     // the client has received what it missed
	held     []*Event // that happened before it caught up: see hold

	heldBytes atomic.Int64 // of held
}

// sendFunc queues an event for the connection of one socket. A Listener calls it from one goroutine at a
// time. It reports whether it corked the outbox: then the outbox writes nothing before the socket's Uncork is
// called.
type sendFunc = func(*Event) (corked bool)

// Listen makes the dialect of a socket; send queues an event for the socket's connection. The client first
// receives what it missed after since, a time in UTC milliseconds; 0 means that it asks for nothing.
func (t *Translator) Listen(sock *rooms.Socket, since int64, send sendFunc) *Listener {
	return &Listener{translator: t, sock: sock, since: since, send: send}
}

// Event is an event as gateway clients receive it. All sockets that receive it share one Event, so each door
// encodes it once and keeps the encoded form in it.
type Event struct {
	change *chat.Change // nil for an event that the client missed
	Name   string       // empty until the change has been translated
	Data   any
	notTo  chat.UserID // the author of a private message, who does not receive it; 0 for everything else

	bytes   int // of text in the change
	holders int // the listeners that hold it back; owned by the goroutine that runs work

	Line   *rooms.Line      // encoded for plain WebSocket clients
	Packet *socketio.Packet // encoded for Socket.IO clients
}

// Welcome starts a goroutine that sends the client what it missed and then ends; it ends early with the socket.
// Until the client has caught up, newer events are held back. However it ends, they are let go.
func (l *Listener) Welcome(_ *rooms.Socket, w chat.Welcome) {
	if l.since == 0 {
		l.translator.queue(l, nil)
		return
	}
	l.missed.Add(1)
	l.translator.running.Go(func() {
		defer l.missed.Done()
		defer l.translator.queue(l, nil)
		defer l.guard()
		if err := l.sendMissed(w); err != nil && !chat.IsCode(err, chat.SignedOut) { // else it is closed with another code
			l.sock.Cut(chat.CloseLater, actions.Refusal(err).Message)
		}
	})
}

// Gone waits until nothing is being read for the socket any more, so that a client which comes and goes has at
// most one such goroutine for each socket that it has.
func (l *Listener) Gone() { l.missed.Wait() }

// sendMissed sends the messages and notifications that the client missed, oldest first. It looks each name up
// once.
func (l *Listener) sendMissed(opened chat.Welcome) error {
	ctx, by := l.sock.Context(), l.sock.Caller
	all, err := l.translator.actions.Missed(ctx, by, opened, l.since, maxMissed, l.sock.OutboxBytes()/2)
	found := names{
		translator: l.translator, by: by,
		rooms: map[chat.RoomID]chat.RoomView{}, people: map[chat.UserID]chat.User{},
	}
	for _, m := range all {
		if err != nil {
			return err
		}
		event := &Event{}
		if m.Message != nil {
			err = found.translateMessage(ctx, event, *m.Message)
		} else {
			err = found.translateNotification(ctx, event, *m.Notification)
		}
		if err == nil && l.sendUnlessOwn(event) {
			l.sock.Uncork()
		}
	}
	return err
}

// guard is deferred where an event is sent to a socket: a panic there ends that socket alone.
func (l *Listener) guard() {
	if p := recover(); p != nil {
		slog.Error("panic in the gateway", "panic", p, "stack", string(debug.Stack()))
		l.sock.Cut(chat.CloseLater, chat.ErrInternal.Message)
	}
}

// uncork lets the outbox write what was put into it.
func (l *Listener) uncork() {
	if l.corked {
		l.corked = false
		l.sock.Uncork()
	}
}

// Tell queues new messages and notifications. The gateway has no events for any other change.
func (l *Listener) Tell(_ *rooms.Socket, c *chat.Change) {
	switch c.Data.(type) {
	case chat.MessageAdded, chat.NotificationAdded:
		l.translator.queue(l, c)
	}
}

// queue queues a change for a socket; nil means that the socket has received all that it missed. It cuts the
// socket off when the queue is full.
func (t *Translator) queue(to *Listener, c *chat.Change) {
	t.mu.Lock()
	fits := t.queueLocked(to, c)
	if fits && !t.working {
		t.working = true
		t.running.Go(t.work)
	}
	t.mu.Unlock()
	if !fits {
		to.sock.Cut(chat.CloseSlow, "too much waits to be told")
	}
	t.unread.Relieve()
}

func (t *Translator) queueLocked(to *Listener, c *chat.Change) (fits bool) {
	if c == nil {
		t.queued = append(t.queued, delivery{to: to})
		return true
	}
	if len(t.queued) >= maxQueued {
		return false
	}
	event := t.events[c]
	if event == nil {
		size := textBytes(c)
		if t.bytes+size > maxQueuedBytes {
			return false
		}
		if t.events == nil {
			t.events = map[*chat.Change]*Event{}
		}
		event = &Event{change: c, bytes: size}
		t.events[c] = event
		t.bytes += size
		t.unread.Add(size)
	}
	t.queued = append(t.queued, delivery{to, event})
	return true
}

// textBytes is the size of a change's text.
func textBytes(c *chat.Change) int {
	switch data := c.Data.(type) {
	case chat.MessageAdded:
		return len(data.Message.Body) + len(data.Message.HTML)
	case chat.NotificationAdded:
		return actions.TextBytes(data.Notification)
	}
	return 0
}

// work delivers what is queued, and ends when the queue is empty.
func (t *Translator) work() {
	for {
		t.mu.Lock()
		batch, bytes := t.queued, t.bytes
		t.queued, t.events, t.bytes = nil, nil, 0
		t.working = len(batch) > 0
		t.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for some := range slices.Chunk(batch, maxCorked) {
			for _, one := range some {
				one.to.receive(one.event)
			}
			for _, one := range some {
				one.to.uncork()
			}
		}
		t.unread.Add(-bytes)
	}
}

// receive takes the next delivery of a socket. Events are held back until the nil event, which follows what
// the client missed.
func (l *Listener) receive(event *Event) {
	defer l.guard()
	switch {
	case event == nil:
		l.release()
	case !l.caughtUp:
		l.hold(event)
	default:
		l.deliver(event)
	}
}

// deliver sends an event to the socket, and translates it first unless that was done for another socket.
func (l *Listener) deliver(event *Event) {
	if l.sock.CloseCode() != 0 {
		return
	}
	if event.Name == "" {
		err := l.translator.translate(l.sock.Context(), l.sock.Caller, event)
		// The caller may not see it any more, is signed out, or is gone.
		if chat.IsCode(err, chat.NotFound) || chat.IsCode(err, chat.SignedOut) || l.sock.CloseCode() != 0 {
			return
		}
		if err != nil {
			slog.Error("gateway: find a name", "error", err)
			l.sock.Cut(chat.CloseSlow, "come back and ask for what was missed")
			return
		}
	}
	l.corked = l.sendUnlessOwn(event) || l.corked
}

// sendUnlessOwn sends an event to the socket, except a private message to its own author. It reports whether the outbox
// is corked now.
func (l *Listener) sendUnlessOwn(event *Event) (corked bool) {
	return event.notTo != l.sock.Caller.User && l.send(event)
}

// translate sets the name and data of an event from its change. It looks everything up with the rights of by.
// NotFound means that by may not see the change; then the next socket that receives the event tries again.
func (t *Translator) translate(ctx context.Context, by access.Caller, event *Event) error {
	found := names{translator: t, by: by}
	if added, ok := event.change.Data.(chat.NotificationAdded); ok {
		return found.translateNotification(ctx, event, added.Notification)
	}
	added := event.change.Data.(chat.MessageAdded) // Tell queues nothing else
	return found.translateMessage(ctx, event, added.Message)
}

// names looks up the rooms and people that events name, with the rights of by. It remembers them if it has the
// maps for that.
type names struct {
	translator *Translator
	by         access.Caller
	rooms      map[chat.RoomID]chat.RoomView
	people     map[chat.UserID]chat.User
	general    *chat.RoomID // the room that everyone is in; 0 when by is in none
}

func (n *names) translateNotification(ctx context.Context, event *Event, told chat.Notification) error {
	sender, err := n.person(ctx, told.SenderID)
	if err != nil {
		return err
	}
	event.Name, event.Data = notificationEvent(sender, told)
	return nil
}

func (n *names) translateMessage(ctx context.Context, event *Event, m chat.Message) error {
	room, err := n.room(ctx, m.RoomID)
	if err != nil {
		return err
	}
	author, err := n.person(ctx, m.AuthorID)
	if err != nil {
		return err
	}
	if n.general == nil {
		general, err := n.translator.actions.EveryonesRoom(ctx, n.by, chat.Public)
		if err != nil && !chat.IsCode(err, chat.NotFound) {
			return err
		}
		n.general = &general.ID
	}
	if room.Kind == chat.Direct {
		event.notTo = m.AuthorID
	}
	event.Name, event.Data = messageEvent(room.Room, room.ID == *n.general, author, m)
	return nil
}

func (n *names) room(ctx context.Context, id chat.RoomID) (chat.RoomView, error) {
	return lookUp(n.rooms, id, func() (chat.RoomView, error) { return n.translator.actions.Room(ctx, n.by, id) })
}

func (n *names) person(ctx context.Context, id chat.UserID) (chat.User, error) {
	return lookUp(n.people, id, func() (chat.User, error) { return n.translator.actions.Person(ctx, id) })
}

// lookUp takes a value from a map, or finds it and puts it there if there is a map.
func lookUp[K comparable, V any](known map[K]V, key K, find func() (V, error)) (V, error) {
	if v, ok := known[key]; ok {
		return v, nil
	}
	v, err := find()
	if err == nil && known != nil {
		known[key] = v
	}
	return v, err
}

// Close waits until everything queued has been delivered.
func (t *Translator) Close() { t.running.Wait() }
