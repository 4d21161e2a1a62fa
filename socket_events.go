// What a socket's events do: each is decoded, handed to its action, and answered when it has an id.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/olahol/melody"

	"parley/actions"
	"parley/chat"
	"parley/rooms"
)

const maxRequestID = 64 // bytes

// socketRequest is one event that a client sent.
type socketRequest struct {
	sock   *rooms.Socket
	counts *doorCounts
	id     string
	data   json.RawMessage
}

// socketEvents maps each event a client may send to what it does.
var socketEvents = map[string]func(*SocketDoor, socketRequest){
	"ping":            on((*SocketDoor).ping),
	"message.send":    on((*SocketDoor).sendMessage),
	"message.edit":    onWrite((*SocketDoor).editMessage),
	"message.delete":  onWrite((*SocketDoor).deleteMessage),
	"reaction.add":    onWrite((*SocketDoor).addReaction),
	"reaction.remove": onWrite((*SocketDoor).removeReaction),
	"room.join":       onWrite((*SocketDoor).joinRoom),
	"room.leave":      onWrite((*SocketDoor).leaveRoom),
	"room.read":       onWrite((*SocketDoor).markRead),
	"room.changes":    on((*SocketDoor).listChanges),
	"typing.start":    on((*SocketDoor).startTyping),
	"presence.set":    on((*SocketDoor).setPresence),
	"presence.watch":  on((*SocketDoor).watchPresence),
}

// reply answers a request once, from any goroutine.
type reply[T any] = func(T, error)

// on decodes an event for its method and answers what comes of it.
func on[In, Out any](act func(*SocketDoor, *rooms.Socket, In, reply[Out])) func(*SocketDoor, socketRequest) {
	return func(d *SocketDoor, r socketRequest) {
		var in In
		if len(r.data) == 0 {
			r.data = json.RawMessage("{}")
		}
		if err := chat.Decode(json.NewDecoder(bytes.NewReader(r.data)), &in); err != nil {
			r.fail(err)
			return
		}
		act(d, r.sock, in, func(out Out, err error) {
			if err != nil {
				r.fail(err)
				return
			}
			r.answer(chat.ReplyEvent, out)
		})
	}
}

// onWrite is on for what waits for the disk: the reader goes on meanwhile, up to a bound.
func onWrite[In, Out any](act func(*SocketDoor, *rooms.Socket, In, reply[Out])) func(*SocketDoor, socketRequest) {
	return on(func(d *SocketDoor, sock *rooms.Socket, in In, done reply[Out]) {
		if err := sock.BeginWrite(d.limits.SocketWrites); err != nil {
			var none Out
			done(none, err)
			return
		}
		act(d, sock, in, func(out Out, err error) {
			sock.EndWrite()
			done(out, err)
		})
	})
}

func (r socketRequest) fail(err error) {
	refused := actions.Refusal(err)
	r.counts.refusals.Add(refused.Code)
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
	r := socketRequest{sock: sock, counts: d.counts, id: frame.ID, data: frame.Data}
	if !signedIn(s) {
		d.auth(s, r, frame.Event)
		return
	}
	handle := d.events[frame.Event]
	if handle == nil {
		r.fail(chat.Errorf(chat.BadRequest, "there is no event %q", frame.Event))
		return
	}
	handle(d, r)
}

// auth takes the first frame of a socket that is not signed in.
func (d *SocketDoor) auth(s *melody.Session, r socketRequest, event string) {
	var in chat.Auth
	if event != "auth" || chat.Decode(json.NewDecoder(bytes.NewReader(r.data)), &in) != nil {
		r.sock.Cut(chat.ClosePolicy, "the first event is auth")
		return
	}
	if d.open(s, r.sock, credential{token: in.Token}) {
		r.answer(chat.ReplyEvent, chat.Done{})
	}
}

func (d *SocketDoor) ping(_ *rooms.Socket, _ chat.Done, done reply[chat.Pong]) {
	done(chat.Pong{Time: time.Now().UnixMilli()}, nil)
}

// sendMessage posts. After a failure that is not final the socket is closed, so that nothing sent later on
// it overtakes; the client comes back and sends again from there.
func (d *SocketDoor) sendMessage(sock *rooms.Socket, in chat.MessageSend, done reply[chat.MessageSent]) {
	order := sock.Caller.Order
	answer := func(sent chat.MessageSent, err error) {
		done(sent, err)
		if order.Broken() {
			sock.Finish(chat.CloseLater, "send again from the message that failed")
		}
	}
	if err := sock.BeginWrite(d.limits.SocketWrites); err != nil {
		order.Break()
		answer(chat.MessageSent{}, err)
		return
	}
	d.actions.Post(sock.Caller, in.RoomID, in.Draft, func(sent chat.MessageSent, err error) {
		sock.EndWrite()
		answer(sent, err)
	})
}

func (d *SocketDoor) editMessage(sock *rooms.Socket, in chat.MessageEdit, done reply[chat.MessageSent]) {
	d.actions.Edit(sock.Caller, in, done)
}

func (d *SocketDoor) deleteMessage(sock *rooms.Socket, in chat.MessageAt, done reply[chat.MessageSent]) {
	d.actions.Delete(sock.Caller, in, done)
}

func (d *SocketDoor) addReaction(sock *rooms.Socket, in chat.ReactionAt, done reply[chat.MessageSent]) {
	d.actions.React(sock.Caller, in, done)
}

func (d *SocketDoor) removeReaction(sock *rooms.Socket, in chat.ReactionAt, done reply[chat.MessageSent]) {
	d.actions.Unreact(sock.Caller, in, done)
}

func (d *SocketDoor) joinRoom(sock *rooms.Socket, in chat.RoomAt, done reply[chat.RoomState]) {
	d.actions.Join(sock.Caller, in.RoomID, done)
}

func (d *SocketDoor) leaveRoom(sock *rooms.Socket, in chat.RoomAt, done reply[chat.Done]) {
	d.actions.Leave(sock.Caller, in.RoomID, done)
}

func (d *SocketDoor) markRead(sock *rooms.Socket, in chat.RoomRead, done reply[chat.ReadMoved]) {
	d.actions.MarkRead(sock.Caller, in, done)
}

// listChanges reads on the socket's own reader: whoever asks for much waits for it.
func (d *SocketDoor) listChanges(sock *rooms.Socket, in chat.ChangesSince, done reply[chat.Changes]) {
	done(d.actions.Changes(context.Background(), sock.Caller, in))
}

func (d *SocketDoor) startTyping(sock *rooms.Socket, in chat.RoomAt, done reply[chat.Done]) {
	done(chat.Done{}, d.actions.Typing(context.Background(), sock.Caller, in.RoomID))
}

func (d *SocketDoor) setPresence(sock *rooms.Socket, in chat.PresenceSet, done reply[chat.Done]) {
	done(chat.Done{}, d.actions.SetPresence(sock, in.State))
}

func (d *SocketDoor) watchPresence(sock *rooms.Socket, in chat.PresenceWatch, done reply[chat.PresenceChanged]) {
	done(d.actions.WatchPresence(context.Background(), sock, in.UserIDs))
}
