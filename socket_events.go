// What a socket's events do: each is decoded, handed to its action, and answered when it has an id.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
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

// socketRequest is one event that a client sent.
type socketRequest struct {
	sock     *rooms.Socket
	by       access.Caller
	refusals *count.Tally[chat.Code]
	id       string
	data     json.RawMessage
}

// socketEvent is what an event does, what the token of a program must be for (empty: any), and how many changes it
// counts as.
type socketEvent struct {
	scope  chat.Scope
	cost   int
	handle func(*SocketDoor, socketRequest)
}

// socketEvents maps each event a client may send to what it does.
var socketEvents = func() map[string]socketEvent {
	const free, counts = 0, 1
	return map[string]socketEvent{
		"ping":            {"", free, on((*SocketDoor).ping)},
		"message.send":    {chat.ScopePost, counts, on((*SocketDoor).sendMessage)},
		"message.edit":    {chat.ScopePost, counts, onWrite((*SocketDoor).editMessage)},
		"message.delete":  {chat.ScopePost, counts, onWrite((*SocketDoor).deleteMessage)},
		"reaction.add":    {chat.ScopePost, counts, onWrite((*SocketDoor).addReaction)},
		"reaction.remove": {chat.ScopePost, counts, onWrite((*SocketDoor).removeReaction)},
		"room.join":       {chat.ScopePost, counts, onWrite((*SocketDoor).joinRoom)},
		"room.leave":      {chat.ScopePost, counts, onWrite((*SocketDoor).leaveRoom)},
		"room.read":       {chat.ScopeRead, free, onWrite((*SocketDoor).markRead)},
		"room.changes":    {chat.ScopeRead, free, on((*SocketDoor).listChanges)},
		"typing.start":    {chat.ScopePost, free, on((*SocketDoor).startTyping)},
		"presence.set":    {"", free, on((*SocketDoor).setPresence)},
		"presence.watch":  {"", free, on((*SocketDoor).watchPresence)},
	}
}()

// reply answers a request once, from any goroutine.
type reply[T any] = func(T, error)

// on decodes an event for its method and answers what comes of it.
func on[In, Out any](act func(*SocketDoor, socketRequest, In, reply[Out])) func(*SocketDoor, socketRequest) {
	return func(d *SocketDoor, r socketRequest) {
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
func onWrite[In, Out any](act func(*SocketDoor, socketRequest, In, reply[Out])) func(*SocketDoor, socketRequest) {
	return on(func(d *SocketDoor, r socketRequest, in In, done reply[Out]) {
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

func (r socketRequest) fail(err error) {
	refused := actions.Refusal(err)
	r.refusals.Add(refused.Code)
	r.answer(chat.ErrorEvent, refused)
}

func (r socketRequest) answer(event string, data any) {
	if r.id != "" {
		r.tell(event, r.id, data)
	}
}

func (r socketRequest) tell(event, id string, data any) {
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
func (d *SocketDoor) readEvent(s *melody.Session, sock *rooms.Socket, line []byte) {
	var frame chat.Frame
	err := chat.Decode(json.NewDecoder(bytes.NewReader(line)), &frame)
	if err != nil || frame.Event == "" || len(frame.ID) > maxRequestID {
		sock.Cut(chat.ClosePolicy, "want one JSON object with an event a line")
		return
	}
	r := socketRequest{sock: sock, refusals: d.refusals, id: frame.ID, data: frame.Data}
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
func (d *SocketDoor) auth(s *melody.Session, r socketRequest, event string) {
	var in chat.Auth
	if event != "auth" || chat.Decode(json.NewDecoder(bytes.NewReader(r.data)), &in) != nil {
		r.sock.Cut(chat.ClosePolicy, "the first event is auth")
		return
	}
	if d.open(s, r.sock, auth.Credential{Token: in.Token}) {
		r.answer(chat.ReplyEvent, chat.Done{})
	}
}

func (d *SocketDoor) ping(_ socketRequest, _ chat.Done, done reply[chat.Pong]) {
	done(chat.Pong{Time: time.Now().UnixMilli()}, nil)
}

// sendMessage posts. After a failure that is not final the socket is closed, so that nothing sent later on
// it overtakes; the client comes back and sends again from there.
func (d *SocketDoor) sendMessage(r socketRequest, in chat.MessageSend, done reply[chat.MessageSent]) {
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

func (d *SocketDoor) editMessage(r socketRequest, in chat.MessageEdit, done reply[chat.MessageSent]) {
	d.actions.Edit(r.by, in, done)
}

func (d *SocketDoor) deleteMessage(r socketRequest, in chat.MessageAt, done reply[chat.MessageSent]) {
	d.actions.Delete(r.by, in, done)
}

func (d *SocketDoor) addReaction(r socketRequest, in chat.ReactionAt, done reply[chat.MessageSent]) {
	d.actions.React(r.by, in, done)
}

func (d *SocketDoor) removeReaction(r socketRequest, in chat.ReactionAt, done reply[chat.MessageSent]) {
	d.actions.Unreact(r.by, in, done)
}

func (d *SocketDoor) joinRoom(r socketRequest, in chat.RoomAt, done reply[chat.RoomState]) {
	d.actions.Join(r.by, in.RoomID, done)
}

func (d *SocketDoor) leaveRoom(r socketRequest, in chat.RoomAt, done reply[chat.Done]) {
	d.actions.Leave(r.by, in.RoomID, done)
}

func (d *SocketDoor) markRead(r socketRequest, in chat.RoomRead, done reply[chat.ReadMoved]) {
	d.actions.MarkRead(r.by, in, done)
}

// listChanges reads on the socket's own reader: whoever asks for much waits for it.
func (d *SocketDoor) listChanges(r socketRequest, in chat.ChangesSince, done reply[chat.Changes]) {
	done(d.actions.Changes(context.Background(), r.by, in))
}

func (d *SocketDoor) startTyping(r socketRequest, in chat.RoomAt, done reply[chat.Done]) {
	done(chat.Done{}, d.actions.Typing(context.Background(), r.by, in.RoomID))
}

func (d *SocketDoor) setPresence(r socketRequest, in chat.PresenceSet, done reply[chat.Done]) {
	done(chat.Done{}, d.actions.SetPresence(r.sock, in.State))
}

func (d *SocketDoor) watchPresence(r socketRequest, in chat.PresenceWatch, done reply[chat.PresenceChanged]) {
	done(d.actions.WatchPresence(context.Background(), r.sock, in.UserIDs))
}
