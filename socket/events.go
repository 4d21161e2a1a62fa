// The events that a client sends: each one is decoded, handed to its action, and answered if it has an id.

package socket

import (
	"encoding/json"
	"errors"
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

// request is one event from a client.
type request struct {
	sock     *rooms.Socket
	by       access.Caller
	refusals *count.Tally[chat.Code]
	cost     access.Cost
	inOrder  bool // no later message of the socket may overtake it
	id       string
	data     json.RawMessage
}

// event is an entry in the table of events: the scope that a program's token needs (empty: none), what the
// event takes from its sender's budget before anything runs, and the function that handles it.
type event struct {
	scope  chat.Scope
	cost   access.Cost
	handle func(*Door, *request)
}

// events maps the name of each event that a client may send to its entry.
var events = func() map[string]event {
	free, changes, reads := access.Cost{}, access.Changes, access.Reads
	return map[string]event{
		"ping":            {"", free, on((*Door).ping)},
		"message.send":    {chat.ScopePost, changes(1), inOrder(on((*Door).sendMessage))},
		"message.edit":    {chat.ScopePost, changes(1), onWrite((*Door).editMessage)},
		"message.delete":  {chat.ScopePost, changes(1), onWrite((*Door).deleteMessage)},
		"reaction.add":    {chat.ScopePost, changes(1), onWrite((*Door).addReaction)},
		"reaction.remove": {chat.ScopePost, changes(1), onWrite((*Door).removeReaction)},
		"room.join":       {chat.ScopePost, changes(1), onWrite((*Door).joinRoom)},
		"room.leave":      {chat.ScopePost, changes(1), onWrite((*Door).leaveRoom)},
		"room.hide":       {chat.ScopePost, changes(1), onWrite((*Door).hideRoom)},
		"favorite.add":    {chat.ScopePost, changes(1), onWrite((*Door).addFavorite)},
		"favorite.remove": {chat.ScopePost, changes(1), onWrite((*Door).removeFavorite)},
		"room.read":       {chat.ScopeRead, changes(1), onWrite((*Door).markRead)},
		"room.changes":    {chat.ScopeRead, reads(2).AndOnePer(20), on((*Door).listChanges)},
		"typing.start":    {chat.ScopePost, changes(1), on((*Door).startTyping)},
		"presence.set":    {"", changes(1), on((*Door).setPresence)},
		"presence.watch":  {"", reads(1).AndOnePer(50), on((*Door).watchPresence)},

		"room_invitation.accept":  {chat.ScopePost, changes(1), onWrite((*Door).acceptRoomInvitation)},
		"room_invitation.decline": {chat.ScopePost, changes(1), onWrite((*Door).declineRoomInvitation)},
	}
}()

// The costs of opening a socket: reading the welcome, and reading what a client of Socket.IO missed since a
// time.
var (
	OpeningCost = access.Reads(10)
	SinceCost   = access.Reads(50)
)

// Event describes an event that clients may send.
type Event struct {
	Name  string
	Scope chat.Scope // that a program's token needs; empty: none
	Cost  access.Cost
}

// Events lists the events that clients may send, sorted by name.
func Events() []Event {
	var list []Event
	for _, name := range slices.Sorted(maps.Keys(events)) {
		list = append(list, Event{name, events[name].scope, events[name].cost})
	}
	return list
}

// reply answers a request. It is called once, from any goroutine.
type reply[T any] = func(T, error)

// on makes the handler of an event from a method: it decodes the event's data for the method and answers with
// the method's result. What costs nothing waits its turn, as refusals do that cost nothing.
func on[In, Out any](act func(*Door, *request, In, reply[Out])) func(*Door, *request) {
	return func(d *Door, r *request) {
		var in In
		if len(r.data) == 0 {
			r.data = json.RawMessage("{}")
		}
		err := d.actions.Spend(r.by, r.cost)
		paid := err == nil && !r.cost.IsFree()
		if err == nil {
			err = chat.DecodeValue(r.data, &in)
		}
		if err == nil && r.cost.Per > 0 {
			err = d.actions.SpendMore(r.by, r.cost, in)
			paid = err == nil
		}
		if !paid {
			d.HoldBack(r.sock)
		}
		if err != nil {
			r.decline(err)
			return
		}
		act(d, r, in, func(out Out, err error) {
			if err != nil {
				r.fail(err)
				return
			}
			d.actions.Settle(r.by)
			bytes := r.answer(chat.ReplyEvent, out)
			if r.cost.Reads > 0 {
				d.actions.Owe(r.by, bytes)
			}
		})
	}
}

// onWrite is on for a method that waits for the disk. The reader does not wait for the result, but a socket
// may have only so many writes under way.
func onWrite[In, Out any](act func(*Door, *request, In, reply[Out])) func(*Door, *request) {
	return on(func(d *Door, r *request, in In, done reply[Out]) {
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

// inOrder makes the handler of an event that later ones of the same socket may not overtake when it is refused
// for now.
func inOrder(handle func(*Door, *request)) func(*Door, *request) {
	return func(d *Door, r *request) {
		r.inOrder = true
		handle(d, r)
	}
}

// decline refuses a request that has not run. When the client may send it again, and no later message may
// overtake it, decline closes the socket: the client comes back and sends again from the first message that it has no
// outcome of. That may be an earlier one, which waited to be stored.
func (r *request) decline(err error) {
	if r.inOrder && actions.Refusal(err).Retryable() {
		r.by.Order.Break()
		defer r.sock.Finish(chat.CloseLater, sendAgain)
	}
	r.fail(err)
}

// sendAgain tells a client why its socket closes after a message that was refused for now.
const sendAgain = "send again from the first message that is not acknowledged"

func (r *request) fail(err error) {
	refused := actions.Refusal(err)
	r.refusals.Add(refused.Code)
	r.answer(chat.ErrorEvent, refused)
}

// answer answers a request, if the client wants an answer, and returns how long the answer is.
func (r *request) answer(event string, data any) (bytes int) {
	if r.id == "" {
		return 0
	}
	return r.tell(event, r.id, data)
}

func (r *request) tell(event, id string, data any) (bytes int) {
	line, err := chat.Encode(event, id, data)
	if err != nil {
		slog.Error("socket: encode an answer", "error", err)
		r.sock.Cut(chat.CloseLater, chat.ErrInternal.Message)
		return 0
	}
	r.sock.Put(line)
	return len(line)
}

// readEvent handles one event. A line that is not an event ends the socket, since the lines after it may be
// misunderstood too.
func (d *Door) readEvent(s *melody.Session, sock *rooms.Socket, line []byte) {
	var frame chat.Frame
	if err := chat.DecodeFrame(line, &frame); err != nil {
		cutOff(sock, err, "want one JSON object with an event a line")
		return
	}
	r := &request{sock: sock, refusals: d.refusals, id: frame.ID, data: frame.Data}
	if !signedIn(s) {
		d.auth(s, r, frame.Event)
		return
	}
	event, known := d.events[frame.Event]
	if !known {
		d.HoldBack(sock)
		r.fail(chat.Errorf(chat.BadRequest, "there is no event %q", frame.Event))
		return
	}
	r.by = sock.Caller
	if event.scope != "" {
		if err := r.by.May(event.scope); err != nil {
			d.HoldBack(sock)
			r.fail(err)
			return
		}
	}
	r.cost = event.cost
	if r.cost.Changes > 0 {
		r.by.Charge = &access.Charge{}
	}
	event.handle(d, r)
}

// cutOff ends a socket whose client sent what is no event.
func cutOff(sock *rooms.Socket, err error, why string) {
	if errors.Is(err, chat.ErrFrameID) {
		why = err.Error()
	}
	sock.Cut(chat.ClosePolicy, why)
}

// auth handles the first event of a socket that is not signed in.
func (d *Door) auth(s *melody.Session, r *request, event string) {
	var in chat.Auth
	err := chat.DecodeValue(r.data, &in)
	if event != "auth" || err != nil && !errors.Is(err, chat.ErrMissing) { // without a token nobody signs in
		d.HoldBack(r.sock)
		r.sock.Cut(chat.ClosePolicy, "the first event is auth")
		return
	}
	if d.open(s, r.sock, auth.Credential{Token: in.Token}) {
		r.answer(chat.ReplyEvent, chat.Done{})
	}
}

func (d *Door) ping(_ *request, _ chat.Done, done reply[chat.Pong]) {
	done(chat.Pong{Time: time.Now().UnixMilli()}, nil)
}

// sendMessage posts a message. After a failure that is not final it closes the socket, so that no later
// message overtakes the failed one. The client comes back and sends again from the first one without an outcome.
func (d *Door) sendMessage(r *request, in chat.MessageSend, done reply[chat.MessageSent]) {
	order := r.by.Order
	answer := func(sent chat.MessageSent, err error) {
		done(sent, err)
		if order.Broken() {
			r.sock.Finish(chat.CloseLater, sendAgain)
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

func (d *Door) editMessage(r *request, in chat.MessageEdit, done reply[chat.MessageSent]) {
	d.actions.Edit(r.by, in, done)
}

func (d *Door) deleteMessage(r *request, in chat.MessageAt, done reply[chat.MessageSent]) {
	d.actions.Delete(r.by, in, done)
}

func (d *Door) addReaction(r *request, in chat.ReactionAt, done reply[chat.MessageSent]) {
	d.actions.React(r.by, in, done)
}

func (d *Door) removeReaction(r *request, in chat.ReactionAt, done reply[chat.MessageSent]) {
	d.actions.Unreact(r.by, in, done)
}

func (d *Door) joinRoom(r *request, in chat.RoomAt, done reply[chat.RoomState]) {
	d.actions.Join(r.by, in.RoomID, done)
}

func (d *Door) leaveRoom(r *request, in chat.RoomAt, done reply[chat.Done]) {
	d.actions.Leave(r.by, in.RoomID, done)
}

func (d *Door) acceptRoomInvitation(r *request, in chat.RoomAt, done reply[chat.RoomState]) {
	d.actions.AcceptRoomInvitation(r.by, in.RoomID, done)
}

func (d *Door) declineRoomInvitation(r *request, in chat.RoomAt, done reply[chat.Done]) {
	d.actions.DeclineRoomInvitation(r.by, in.RoomID, done)
}

func (d *Door) hideRoom(r *request, in chat.RoomAt, done reply[chat.RoomHidden]) {
	d.actions.Hide(r.by, in.RoomID, done)
}

func (d *Door) addFavorite(r *request, in chat.RoomAt, done reply[chat.FavoriteChanged]) {
	d.actions.SetFavorite(r.by, in.RoomID, true, done)
}

func (d *Door) removeFavorite(r *request, in chat.RoomAt, done reply[chat.FavoriteChanged]) {
	d.actions.SetFavorite(r.by, in.RoomID, false, done)
}

func (d *Door) markRead(r *request, in chat.RoomRead, done reply[chat.ReadMoved]) {
	d.actions.MarkRead(r.by, in, done)
}

// listChanges runs on the socket's own reader, so only the client that asks for many changes waits for them.
func (d *Door) listChanges(r *request, in chat.ChangesSince, done reply[chat.Changes]) {
	done(d.actions.Changes(r.sock.Context(), r.by, in, r.sock.Deltas))
}

func (d *Door) startTyping(r *request, in chat.RoomAt, done reply[chat.Done]) {
	done(chat.Done{}, d.actions.Typing(r.sock.Context(), r.by, in.RoomID))
}

func (d *Door) setPresence(r *request, in chat.PresenceSet, done reply[chat.Done]) {
	done(chat.Done{}, d.actions.SetPresence(r.by, r.sock, in.State))
}

func (d *Door) watchPresence(r *request, in chat.PresenceWatch, done reply[chat.PresenceChanged]) {
	done(d.actions.WatchPresence(r.sock.Context(), r.sock, in.UserIDs))
}
