// What a socket's events do: each is decoded, handed to its action, and answered when it has an id.

package socket

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/olahol/melody"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/internal/count"
	"parley/rooms"
)

const maxRequestID = 64 // bytes

// request is one event that a client sent.
type request struct {
	sock     *rooms.Socket
	by       access.Caller
	refusals *count.Tally[chat.Code]
	id       string
	data     json.RawMessage
}

// event is what an event does, what the token of a program must be for (empty: any), and how many changes it
// counts as.
type event struct {
	scope  chat.Scope
	cost   int
	handle func(*Door, request)
}

// events maps each event a client may send to what it does.
var events = func() map[string]event {
	const free, counts = 0, 1
	return map[string]event{
		"ping":            {"", free, on((*Door).ping)},
		"message.send":    {chat.ScopePost, counts, on((*Door).sendMessage)},
		"message.edit":    {chat.ScopePost, counts, onWrite((*Door).editMessage)},
		"message.delete":  {chat.ScopePost, counts, onWrite((*Door).deleteMessage)},
		"reaction.add":    {chat.ScopePost, counts, onWrite((*Door).addReaction)},
		"reaction.remove": {chat.ScopePost, counts, onWrite((*Door).removeReaction)},
		"room.join":       {chat.ScopePost, counts, onWrite((*Door).joinRoom)},
		"room.leave":      {chat.ScopePost, counts, onWrite((*Door).leaveRoom)},
		"room.read":       {chat.ScopeRead, free, onWrite((*Door).markRead)},
		"room.changes":    {chat.ScopeRead, free, on((*Door).listChanges)},
		"typing.start":    {chat.ScopePost, free, on((*Door).startTyping)},
		"presence.set":    {"", free, on((*Door).setPresence)},
		"presence.watch":  {"", free, on((*Door).watchPresence)},
	}
}()

// Event is an event that a client may send, as the table has it.
type Event struct {
	Name  string
	Scope chat.Scope // what the token of a program must be for; empty: any
	Cost  int        // how many changes it counts as
}

// Events lists them, by name.
func Events() []Event {
	var list []Event
	for _, name := range slices.Sorted(maps.Keys(events)) {
		list = append(list, Event{name, events[name].scope, events[name].cost})
	}
	return list
}

// reply answers a request once, from any goroutine.
type reply[T any] = func(T, error)

// on decodes an event for its method and answers what comes of it.
func on[In, Out any](act func(*Door, request, In, reply[Out])) func(*Door, request) {
	return func(d *Door, r request) {
		var in In
		if len(r.data) == 0 {
			r.data = json.RawMessage("{}")
		}
		if err := chat.Decode(json.NewDecoder(bytes.NewReader(r.data)), &in); err != nil {
			r.fail(err)
			return
		}
		act(d, r, in, func(out Out, err error) {
			if err != nil {
				r.fail(err)
				return
			}
			r.answer(chat.ReplyEvent, out)
		})
	}
}

// onWrite is on for what waits for the disk: the reader goes on meanwhile, up to a bound.
func onWrite[In, Out any](act func(*Door, request, In, reply[Out])) func(*Door, request) {
	return on(func(d *Door, r request, in In, done reply[Out]) {
		if err := r.sock.BeginWrite(d.limits.SocketWrites); err != nil {
			var none Out
			done(none, err)
			return
		}
		act(d, r, in, func(out Out, err error) {
			r.sock.EndWrite()
			done(out, err)
		})
	})
}

func (r request) fail(err error) {
	refused := actions.Refusal(err)
	r.refusals.Add(refused.Code)
	r.answer(chat.ErrorEvent, refused)
}

func (r request) answer(event string, data any) {
	if r.id != "" {
		r.tell(event, r.id, data)
	}
}

func (r request) tell(event, id string, data any) {
	line, err := chat.Encode(event, id, data)
	if err != nil {
		slog.Error("socket: encode an answer", "error", err)
		r.sock.Cut(chat.CloseLater, "a fault of the server")
		return
	}
	r.sock.Put(line)
}

// readEvent handles one event. What is not one at all ends the socket, since nothing that follows can be
// trusted to be understood.
func (d *Door) readEvent(s *melody.Session, sock *rooms.Socket, line []byte) {
	var frame chat.Frame
	err := chat.Decode(json.NewDecoder(bytes.NewReader(line)), &frame)
	if err != nil || frame.Event == "" || len(frame.ID) > maxRequestID {
		sock.Cut(chat.ClosePolicy, "want one JSON object with an event a line")
		return
	}
	r := request{sock: sock, refusals: d.refusals, id: frame.ID, data: frame.Data}
	if !signedIn(s) {
		d.auth(s, r, frame.Event)
		return
	}
	event, known := d.events[frame.Event]
	if !known {
		r.fail(chat.Errorf(chat.BadRequest, "there is no event %q", frame.Event))
		return
	}
	r.by = sock.Caller
	if event.scope != "" {
		if err := r.by.May(event.scope); err != nil {
			r.fail(err)
			return
		}
	}
	r.by.Cost = event.cost
	event.handle(d, r)
}

// auth takes the first frame of a socket that is not signed in.
func (d *Door) auth(s *melody.Session, r request, event string) {
	var in chat.Auth
	if event != "auth" || chat.Decode(json.NewDecoder(bytes.NewReader(r.data)), &in) != nil {
		r.sock.Cut(chat.ClosePolicy, "the first event is auth")
		return
	}
	if d.open(s, r.sock, auth.Credential{Token: in.Token}) {
		r.answer(chat.ReplyEvent, chat.Done{})
	}
}

func (d *Door) ping(_ request, _ chat.Done, done reply[chat.Pong]) {
	done(chat.Pong{Time: time.Now().UnixMilli()}, nil)
}

// sendMessage posts. After a failure that is not final the socket is closed, so that nothing sent later on
// it overtakes; the client comes back and sends again from there.
func (d *Door) sendMessage(r request, in chat.MessageSend, done reply[chat.MessageSent]) {
	order := r.by.Order
	answer := func(sent chat.MessageSent, err error) {
		done(sent, err)
		if order.Broken() {
			r.sock.Finish(chat.CloseLater, "send again from the message that failed")
		}
	}
	if err := r.sock.BeginWrite(d.limits.SocketWrites); err != nil {
		order.Break()
		answer(chat.MessageSent{}, err)
		return
	}
	d.actions.Post(r.by, in.RoomID, in.Draft, func(sent chat.MessageSent, err error) {
		r.sock.EndWrite()
		answer(sent, err)
	})
}

func (d *Door) editMessage(r request, in chat.MessageEdit, done reply[chat.MessageSent]) {
	d.actions.Edit(r.by, in, done)
}

func (d *Door) deleteMessage(r request, in chat.MessageAt, done reply[chat.MessageSent]) {
	d.actions.Delete(r.by, in, done)
}

func (d *Door) addReaction(r request, in chat.ReactionAt, done reply[chat.MessageSent]) {
	d.actions.React(r.by, in, done)
}

func (d *Door) removeReaction(r request, in chat.ReactionAt, done reply[chat.MessageSent]) {
	d.actions.Unreact(r.by, in, done)
}

func (d *Door) joinRoom(r request, in chat.RoomAt, done reply[chat.RoomState]) {
	d.actions.Join(r.by, in.RoomID, done)
}

func (d *Door) leaveRoom(r request, in chat.RoomAt, done reply[chat.Done]) {
	d.actions.Leave(r.by, in.RoomID, done)
}

func (d *Door) markRead(r request, in chat.RoomRead, done reply[chat.ReadMoved]) {
	d.actions.MarkRead(r.by, in, done)
}

// listChanges reads on the socket's own reader: whoever asks for much waits for it.
func (d *Door) listChanges(r request, in chat.ChangesSince, done reply[chat.Changes]) {
	done(d.actions.Changes(context.Background(), r.by, in))
}

func (d *Door) startTyping(r request, in chat.RoomAt, done reply[chat.Done]) {
	done(chat.Done{}, d.actions.Typing(context.Background(), r.by, in.RoomID))
}

func (d *Door) setPresence(r request, in chat.PresenceSet, done reply[chat.Done]) {
	done(chat.Done{}, d.actions.SetPresence(r.sock, in.State))
}

func (d *Door) watchPresence(r request, in chat.PresenceWatch, done reply[chat.PresenceChanged]) {
	done(d.actions.WatchPresence(context.Background(), r.sock, in.UserIDs))
}
