// The tutorial's names: what its clients emit and what they are told, mapped to actions and events, for every
// door that speaks them.

package gateway

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"parley/access"
	"parley/actions"
	"parley/chat"
)

// What tutorial clients emit and are told.
type (
	sendToAllIn struct {
		User    string `json:"user"` // from a client it is not believed
		Message string `json:"message"`
	}
	sendPrivateIn struct {
		ToUserID nameOrID `json:"toUserId"`
		Message  string   `json:"message"`
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

	// messageTold is a message as a tutorial client is told it. Who wrote it is user in the room for all, and
	// from in any other.
	messageTold struct {
		User    string `json:"user,omitempty"`
		From    string `json:"from,omitempty"`
		Message string `json:"message"`
		Room    string `json:"room"` // its name; that of a direct room is empty
		Seq     int64  `json:"seq"`
		At      int64  `json:"at"` // UTC milliseconds
	}

	// notificationTold is a notification as a tutorial client is told it.
	notificationTold struct {
		From  string          `json:"from"`
		Title string          `json:"title"`
		Body  string          `json:"body,omitempty"`
		URL   string          `json:"url,omitempty"`
		Data  json.RawMessage `json:"data,omitempty"`
		Seq   int64           `json:"seq"` // its place in the inbox
		At    int64           `json:"at"`  // UTC milliseconds
	}

	// sentAnswer answers whoever asked to know what became of a message.
	sentAnswer struct {
		Seq int64 `json:"seq"`
	}
	// Refused is what a client is told of anything that was refused.
	Refused struct {
		Code    chat.Code `json:"code"`
		Message string    `json:"message"`
	}
)

// nameOrID is a login name, or an id as text or as a number.
type nameOrID string

// UnmarshalJSON takes a text or a number.
func (n *nameOrID) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, (*string)(n))
	}
	var id json.Number
	err := json.Unmarshal(data, &id)
	*n = nameOrID(id)
	return err
}

// Answer is what comes of a request: an event for the one who asked, if any, and what answers those who
// want one.
type Answer struct {
	Event string
	Data  any
}

// request is what a client may ask for: what the token of a program must be for, how many changes each thing
// that it does counts as, and what it does. It waits for what comes of it; so one after the other, what a client emits
// without waiting happens in that order.
type request struct {
	scopes []chat.Scope
	cost   int
	act    func(context.Context, *actions.Actions, access.Caller, json.RawMessage) (Answer, error)
}

// requests maps what a client emits to what it does.
var requests = func() map[string]request {
	const counts = 1
	toRooms := []chat.Scope{chat.ScopeRead, chat.ScopePost} // a room that is named is looked for
	return map[string]request{
		"sendMessage":    {toRooms, counts, on(sendToAll)},
		"privateMessage": {toRooms[1:], counts, on(sendPrivate)},
		"joinRoom":       {toRooms, counts, on(joinNamed)},
		"roomMessage":    {toRooms, counts, on(sendToRoom)},
		"broadcast":      {toRooms, counts, on(announce)},
	}
}()

// Request is a request that a client may make, as the table has it.
type Request struct {
	Name   string
	Scopes []chat.Scope // what the token of a program must be for
	Cost   int          // how many changes each thing that it does counts as
}

// Requests lists them, by name.
func Requests() []Request {
	var list []Request
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		list = append(list, Request{name, requests[name].scopes, requests[name].cost})
	}
	return list
}

// Ask does what a client asks by name.
func Ask(
	ctx context.Context, a *actions.Actions, by access.Caller, name string, data json.RawMessage,
) (Answer, error) {
	request, known := requests[name]
	if !known {
		return Answer{}, chat.Errorf(chat.BadRequest, "there is no event %q", name)
	}
	for _, scope := range request.scopes {
		if err := by.May(scope); err != nil {
			return Answer{}, err
		}
	}
	by.Cost = request.cost
	return request.act(ctx, a, by, data)
}

// on decodes what a request carries. Fields that are not known are passed over, as by the tutorial's
// server.
func on[In any](
	act func(context.Context, *actions.Actions, access.Caller, In) (Answer, error),
) func(context.Context, *actions.Actions, access.Caller, json.RawMessage) (Answer, error) {
	return func(ctx context.Context, a *actions.Actions, by access.Caller, data json.RawMessage) (Answer, error) {
		var in In
		if len(data) == 0 {
			data = json.RawMessage("{}")
		}
		if err := json.Unmarshal(data, &in); err != nil {
			return Answer{}, chat.Errorf(chat.BadRequest, "%v", err)
		}
		return act(ctx, a, by, in)
	}
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

// post posts to a room, unless it was not found.
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
	to, err := a.PersonCalled(ctx, string(in.ToUserID))
	if err != nil {
		return Answer{}, err
	}
	room, err := a.CreateDirect(by, chat.NewDirect{UserIDs: []chat.UserID{to.ID}})
	return post(a, by, room.ID, in.Message, err)
}

// joinNamed joins the room of that name, and makes it when nobody has.
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
		room, err = a.RoomNamed(ctx, by, name) // somebody made it just now, or it is not for the caller to see
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

// eventOf is what a tutorial client is told of a message in a room.
func eventOf(room chat.Room, general bool, author chat.User, m chat.Message) (string, messageTold) {
	told := messageTold{From: author.Name, Message: m.Body, Room: room.Name, Seq: m.Seq, At: m.CreatedAt}
	switch {
	case room.Kind == chat.Announcements:
		return "receiveBroadcast", told
	case room.Kind == chat.Direct:
		return "receivePrivateMessage", told
	case general:
		told.User, told.From = told.From, ""
		return "receiveMessage", told
	}
	return "receiveRoomMessage", told
}

// notificationEvent is what a tutorial client is told of a notification.
func notificationEvent(sender chat.User, n chat.Notification) (string, notificationTold) {
	return "receiveNotification", notificationTold{
		From: sender.Name, Title: n.Title, Body: n.Body, URL: n.URL, Data: n.Data, Seq: n.Seq, At: n.CreatedAt,
	}
}
