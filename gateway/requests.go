// Package gateway maps the event names and fields that a NestJS chat gateway and its clients use to Parley's
// actions and changes; docs/gateway.md describes them for users. Requests from clients are in requests.go,
// events to clients in translator.go. The package knows no connections: package socketio carries these events
// over Socket.IO, and package socket over plain WebSockets.
package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"parley/access"
	"parley/actions"
	"parley/chat"
)

// The data of the requests from clients (…In) and of the events and answers to them.
type (
	sendToAllIn struct {
		User    string `json:"user"` // ignored: the author is whoever the socket is signed in as
		Message string `json:"message"`
	}
	sendPrivateIn struct {
		ToUserID json.RawMessage `json:"toUserId"` // a login name, or an id as text or as a number
		Message  string          `json:"message"`
	}
	namedRoom struct {
		Room string `json:"room"`
	}
	sendToRoomIn struct {
		Room    string `json:"room"`
		Message string `json:"message"`
	}
	announceIn struct {
		Message string `json:"message"`
	}

	// messageOut is a message as gateway clients receive it. The author's name is in the field user for the
	// room that everyone is in, and in the field from for any other.
	messageOut struct {
		User    string `json:"user,omitempty"`
		From    string `json:"from,omitempty"`
		Message string `json:"message"`
		Room    string `json:"room"` // its name; empty for a direct room
		Seq     int64  `json:"seq"`
		At      int64  `json:"at"` // UTC milliseconds
	}

	// notificationOut is a notification as gateway clients receive it.
	notificationOut struct {
		From  string          `json:"from"`
		Title string          `json:"title"`
		Body  string          `json:"body,omitempty"`
		URL   string          `json:"url,omitempty"`
		Data  json.RawMessage `json:"data,omitempty"`
		Seq   int64           `json:"seq"` // its place in the inbox
		At    int64           `json:"at"`  // UTC milliseconds
	}

	// sentAnswer answers a client that asked for an acknowledgment of the message it sent.
	sentAnswer struct {
		Seq int64 `json:"seq"`
	}
	// Refused tells a client why its request was refused.
	Refused struct {
		Code    chat.Code `json:"code"`
		Message string    `json:"message"`
		// RetryAfter is how long to wait before the next attempt, in milliseconds.
		RetryAfter int64 `json:"retry_after,omitempty"`
	}
)

// RefusedOf says why a request was refused.
func RefusedOf(e *chat.Error) Refused { return Refused{e.Code, e.Message, e.RetryAfter} }

// Answer is the result of a request. The socket that made the request receives Data in an event with the name
// Event, unless Event is empty. When the client asked for an acknowledgment, Data is that too.
type Answer struct {
	Event string
	Data  any
}

// request is an event that clients may emit. act returns only when the request is done, so the door handles a
// client's requests one after the other, in the order in which the client emitted them.
type request struct {
	scopes []chat.Scope // that a program's token needs
	cost   access.Cost  // what the request takes from its sender's budget before anything runs
	act    func(context.Context, *actions.Actions, access.Caller, json.RawMessage) (Answer, error)
}

// requests maps the events that clients may emit to their functions.
var requests = func() map[string]request {
	changes := access.Changes
	toRooms := []chat.Scope{chat.ScopeRead, chat.ScopePost} // looking up a room by its name needs read
	return map[string]request{
		"sendMessage":    {toRooms, changes(1), on(sendToAll)},
		"privateMessage": {toRooms[1:], changes(2), on(sendPrivate)},
		"joinRoom":       {toRooms, changes(2), on(joinNamed)},
		"roomMessage":    {toRooms, changes(1), on(sendToRoom)},
		"broadcast":      {toRooms, changes(1), on(announce)},
	}
}()

// Request is an event that clients may emit.
type Request struct {
	Name   string
	Scopes []chat.Scope // that a program's token needs
	Cost   access.Cost
}

// Requests lists the requests, sorted by name.
func Requests() []Request {
	var list []Request
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		list = append(list, Request{name, requests[name].scopes, requests[name].cost})
	}
	return list
}

// Ask runs the request with that name for a client, with the rights of by. It returns when the request is done.
// An unknown name, or data that cannot be decoded, is BadRequest; a program whose token lacks a scope that the
// request needs gets the error of access.Caller.May.
func (t *Translator) Ask(
	ctx context.Context, by access.Caller, name string, data json.RawMessage,
) (Answer, error) {
	request, known := requests[name]
	if !known {
		return Answer{}, &actions.Unpaid{Refusal: chat.Errorf(chat.BadRequest, "there is no event %q", name)}
	}
	for _, scope := range request.scopes {
		if err := by.May(scope); err != nil {
			return Answer{}, &actions.Unpaid{Refusal: err}
		}
	}
	by.Charge = &access.Charge{}
	if err := t.actions.Spend(by, request.cost); err != nil {
		return Answer{}, &actions.Unpaid{Refusal: err}
	}
	answer, err := request.act(ctx, t.actions, by, data)
	if err == nil {
		t.actions.Settle(by)
	}
	return answer, inTheirNames(err)
}

// theirNames are the fields of a gateway's clients, by the names that the actions know them by.
var theirNames = map[string]string{"body": "message", "name": "room", "user_ids": "toUserId"}

// inTheirNames has an error name the field that the client sent.
func inTheirNames(err error) error {
	var refused *chat.Error
	if !errors.As(err, &refused) || theirNames[refused.Field] == "" {
		return err
	}
	told := *refused
	told.Field = theirNames[refused.Field]
	return &told
}

// on decodes a request's data for act. It ignores unknown fields, as a NestJS gateway does.
func on[In any](
	act func(context.Context, *actions.Actions, access.Caller, In) (Answer, error),
) func(context.Context, *actions.Actions, access.Caller, json.RawMessage) (Answer, error) {
	return func(ctx context.Context, a *actions.Actions, by access.Caller, data json.RawMessage) (Answer, error) {
		var in In
		if len(data) == 0 {
			data = json.RawMessage("{}")
		}
		if err := chat.DecodeLoosely(data, &in); err != nil {
			return Answer{}, Malformed(err)
		}
		return act(ctx, a, by, in)
	}
}

// Malformed is the refusal of data that could not be decoded. Clients of a gateway get no fields of errors, so
// its message names the field.
func Malformed(err error) *chat.Error {
	refused := actions.Refusal(err)
	message := refused.Message
	if refused.Field != "" {
		message = refused.Field + ": " + message
	}
	return chat.Errorf(chat.BadRequest, "%s", message)
}

func sendToAll(ctx context.Context, a *actions.Actions, by access.Caller, in sendToAllIn) (Answer, error) {
	room, err := a.EveryonesRoom(ctx, by, chat.Public)
	return post(a, by, room.ID, in.Message, err)
}

func sendToRoom(ctx context.Context, a *actions.Actions, by access.Caller, in sendToRoomIn) (Answer, error) {
	room, err := a.RoomNamed(ctx, by, in.Room)
	return post(a, by, room.ID, in.Message, err)
}

func announce(ctx context.Context, a *actions.Actions, by access.Caller, in announceIn) (Answer, error) {
	room, err := a.EveryonesRoom(ctx, by, chat.Announcements)
	return post(a, by, room.ID, in.Message, err)
}

// post posts a message to a room and waits until it is on disk. err is the error of the room's look-up: post
// returns it instead of posting.
func post(
	a *actions.Actions, by access.Caller, room chat.RoomID, text string, err error,
) (Answer, error) {
	if err != nil {
		return Answer{}, err
	}
	draft := chat.Draft{ClientID: chat.NewClientID(), Body: text}
	sent, err := actions.Wait(func(done actions.Sent) { a.Post(by, room, draft, done) })
	return Answer{Data: sentAnswer{sent.Seq}}, err
}

func sendPrivate(ctx context.Context, a *actions.Actions, by access.Caller, in sendPrivateIn) (Answer, error) {
	called, ok := textOrNumber(in.ToUserID)
	if !ok {
		return Answer{}, Malformed(chat.InvalidField("toUserId", "want a login name or an id here"))
	}
	to, err := a.PersonCalled(ctx, called)
	if err != nil {
		return Answer{}, err
	}
	room, err := a.CreateDirect(by, chat.NewDirect{UserIDs: []chat.UserID{to.ID}})
	return post(a, by, room.ID, in.Message, err)
}

// textOrNumber reads a JSON text, or a JSON number as it is written. A value that is missing or null is an empty text.
func textOrNumber(value json.RawMessage) (text string, ok bool) {
	var number json.Number
	if len(value) == 0 || json.Unmarshal(value, &text) == nil {
		return text, true
	}
	ok = json.Unmarshal(value, &number) == nil
	return number.String(), ok
}

// joinNamed joins the room with that name. When there is none, it creates a public room.
func joinNamed(ctx context.Context, a *actions.Actions, by access.Caller, in namedRoom) (Answer, error) {
	name := strings.TrimSpace(in.Room)
	room, err := a.RoomNamed(ctx, by, name)
	if chat.IsCode(err, chat.NotFound) {
		made, makeErr := a.CreateRoom(by, chat.NewRoom{Kind: chat.Public, Name: name})
		if makeErr == nil {
			return joined(made.Name), nil
		}
		if !chat.IsCode(makeErr, chat.NameTaken) {
			return Answer{}, makeErr
		}
		room, err = a.RoomNamed(ctx, by, name) // somebody else just created it, or the caller may not see it
	}
	if err != nil {
		return Answer{}, err
	}
	_, err = actions.Wait(func(done func(chat.RoomState, error)) { a.Join(by, room.ID, done) })
	return joined(room.Name), err
}

func joined(name string) Answer {
	return Answer{Event: "joinedRoom", Data: namedRoom{Room: name}}
}

// messageEvent is the name and data of the event for a message in a room. general says that the room is the one
// that everyone is in.
func messageEvent(room chat.Room, general bool, author chat.User, m chat.Message) (name string, out messageOut) {
	out = messageOut{From: author.Name, Message: m.Body, Room: room.Name, Seq: m.Seq, At: m.CreatedAt}
	switch {
	case room.Kind == chat.Announcements:
		return "receiveBroadcast", out
	case room.Kind == chat.Direct:
		return "receivePrivateMessage", out
	case general:
		out.User, out.From = out.From, ""
		return "receiveMessage", out
	}
	return "receiveRoomMessage", out
}

// notificationEvent is the name and data of the event for a notification.
func notificationEvent(sender chat.User, n chat.Notification) (string, notificationOut) {
	return "receiveNotification", notificationOut{
		From: sender.Name, Title: n.Title, Body: n.Body, URL: n.URL, Data: n.Data, Seq: n.Seq, At: n.CreatedAt,
	}
}
