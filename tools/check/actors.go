// Actors: an actor is one client that acts as a person would. It does one thing after another, chosen at
// random.

package check

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/chat"
	"parley/client"
)

const (
	thinkTime    = 80 * time.Millisecond // on average
	answerWithin = 5 * time.Second
	maxUnsettled = 80  // messages whose outcome is not known; with that many an actor writes no more
	maxKept      = 300 // of the actor's own messages, which it may send again
)

var emoji = []string{"👍", "🎉", "❤️"}

type actor struct {
	number int
	user   chat.User
	run    *run
	proxy  *proxy
	client *client.Client
	folded *folded
	random *rand.Rand

	said      int // messages so far; it makes every text unique
	sent      []chat.MessageSend
	mu        sync.Mutex // guards unsettled
	unsettled []*client.Delivery
}

// operations are what an actor does, and how often in relation to each other.
var operations = []struct {
	weight int
	act    func(*actor, context.Context)
}{
	{34, (*actor).say},
	{3, (*actor).flood},
	{6, (*actor).sayAgain},
	{6, (*actor).sayAnywhere},
	{9, (*actor).edit},
	{3, (*actor).delete},
	{8, (*actor).react},
	{4, (*actor).unreact},
	{4, (*actor).reactManyTimes},
	{6, (*actor).joinOrLeave},
	{8, (*actor).bringInOrRemove},
	{5, (*actor).markRead},
	{3, (*actor).look},
	{3, (*actor).collide},
	{2, (*actor).retitle},
	{2, (*actor).promote},
	{4, (*actor).moderate},
	{2, (*actor).archive},
	{3, (*actor).hide},
	{3, (*actor).favor},
	{3, (*actor).comeAndGo},
	{2, (*actor).leaveGroup},
	{4, (*actor).block},
}

// act does one operation after another until ctx ends.
func (a *actor) act(ctx context.Context) {
	total := 0
	for _, op := range operations {
		total += op.weight
	}
	for ctx.Err() == nil {
		n := a.random.IntN(total)
		for _, op := range operations {
			if n -= op.weight; n < 0 {
				op.act(a, ctx)
				break
			}
		}
		pause := time.Duration(a.random.ExpFloat64() * float64(thinkTime))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
}

// queue puts a message into the outbox. It returns nil when too many wait there already.
func (a *actor) queue(m chat.MessageSend) *client.Delivery {
	if a.waiting() >= maxUnsettled {
		return nil
	}
	if m.ClientID.IsZero() {
		m.ClientID = chat.NewClientID()
		if len(a.sent) < maxKept {
			a.sent = append(a.sent, m)
		} else {
			a.sent[a.random.IntN(maxKept)] = m
		}
	}
	a.run.rec.change(func(h *History) {
		h.Sends = append(h.Sends, Send{
			Client: a.number, Room: m.RoomID, ClientID: m.ClientID, Body: digest(m.Body), Queued: a.run.rec.now(),
		})
	})
	d, err := a.client.Queue(m)
	if errors.Is(err, client.ErrClosed) {
		return nil // a guest, who was deactivated
	}
	if err != nil {
		a.run.wrong("I8", "client %d cannot queue a message: %v", a.number, err)
		return nil
	}
	a.mu.Lock()
	a.unsettled = append(a.unsettled, d)
	a.mu.Unlock()
	return d
}

// waiting counts the messages whose outcome is not known.
func (a *actor) waiting() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	left := a.unsettled[:0]
	for _, d := range a.unsettled {
		select {
		case <-d.Done():
		default:
			left = append(left, d)
		}
	}
	clear(a.unsettled[len(left):])
	a.unsettled = left
	return len(left)
}

// text makes a text that no other message has. Some texts are long.
func (a *actor) text() string {
	a.said++
	text := fmt.Sprintf("client %d says *%d*", a.number, a.said)
	if a.random.IntN(5) == 0 {
		text += strings.Repeat(" and so on", a.random.IntN(300))
	}
	return text
}

func (a *actor) sayIn(room chat.RoomID) {
	if room != 0 {
		a.queue(chat.MessageSend{RoomID: room, Draft: chat.Draft{Body: a.text()}})
	}
}

// anyMessage and own are conditions for pick: which messages an operation may be done to.
func anyMessage(*Seen) bool { return true }

func (a *actor) own(m *Seen) bool { return m.Author == a.user.ID && !m.Deleted }

// pick chooses a message in a room of the actor. ok is false when none fits.
func (a *actor) pick(fits func(*Seen) bool) (at place, ok bool) {
	room, list := a.folded.pick(a.random.IntN, fits)
	if len(list) == 0 {
		return at, false
	}
	return place{room.ID, list[a.random.IntN(len(list))].Seq}, true
}

// say writes a few messages without waiting for the answers.
func (a *actor) say(context.Context) {
	room, _ := a.folded.pick(a.random.IntN, anyMessage)
	for range 1 + a.random.IntN(4) {
		a.sayIn(room.ID)
	}
}

// flood writes more messages at once than the server allows a person.
func (a *actor) flood(context.Context) {
	room, _ := a.folded.pick(a.random.IntN, anyMessage)
	for range 30 {
		a.sayIn(room.ID)
	}
}

// sayAgain sends an old message again, which the server must answer as it did the first time. Or it sends
// another message with the old one's id, which the server must refuse.
func (a *actor) sayAgain(context.Context) {
	if len(a.sent) == 0 {
		return
	}
	m := a.sent[a.random.IntN(len(a.sent))]
	if a.random.IntN(8) == 0 {
		m.Body += ", or not"
	}
	a.queue(m)
}

// sayAnywhere writes in any room, whether the actor may or not.
func (a *actor) sayAnywhere(context.Context) {
	rooms := a.run.crowd.rooms
	a.sayIn(rooms[a.random.IntN(len(rooms))].ID)
}

// ask sends a request and waits for the answer, but only for a limited time.
// The recorder records the answer.
func (a *actor) ask(ctx context.Context, event string, in any) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	return a.client.Request(ctx, event, in, nil)
}

func (a *actor) edit(ctx context.Context) {
	if at, ok := a.pick(a.own); ok {
		a.ask(ctx, "message.edit", chat.MessageEdit{RoomID: at.room, Seq: at.seq, Body: a.text()})
	}
}

func (a *actor) delete(ctx context.Context) {
	if at, ok := a.pick(a.own); ok {
		a.ask(ctx, "message.delete", chat.MessageAt{RoomID: at.room, Seq: at.seq})
	}
}

func (a *actor) react(ctx context.Context) { a.reacting(ctx, "reaction.add") }

func (a *actor) unreact(ctx context.Context) { a.reacting(ctx, "reaction.remove") }

func (a *actor) reacting(ctx context.Context, event string) {
	if at, ok := a.pick(anyMessage); ok {
		a.ask(ctx, event, chat.ReactionAt{RoomID: at.room, Seq: at.seq, Emoji: emoji[a.random.IntN(len(emoji))]})
	}
}

// reactManyTimes sends more requests at once than the server accepts from a socket, with a message in
// between.
func (a *actor) reactManyTimes(ctx context.Context) {
	at, ok := a.pick(anyMessage)
	if !ok {
		return
	}
	var asking sync.WaitGroup
	for i := range 14 {
		event := "reaction.add"
		if i%2 == 1 {
			event = "reaction.remove"
		}
		asking.Go(func() {
			a.ask(ctx, event, chat.ReactionAt{RoomID: at.room, Seq: at.seq, Emoji: emoji[i%len(emoji)]})
		})
		if i%5 == 4 {
			a.sayIn(at.room)
		}
	}
	asking.Wait()
}

func (a *actor) joinOrLeave(ctx context.Context) {
	rooms := a.run.crowd.rooms
	room := rooms[a.random.IntN(len(rooms))]
	event := "room.join"
	if a.folded.room(room.ID) != nil && a.run.crowd.users[room.owner].ID != a.user.ID {
		event = "room.leave"
	}
	a.ask(ctx, event, chat.RoomAt{RoomID: room.ID})
	if event == "room.leave" {
		a.sayIn(room.ID)
	}
}

// owned returns a room that the actor's user owns, if there is one.
func (a *actor) owned() (ownedRoom, bool) {
	rooms := a.run.crowd.rooms
	first := a.random.IntN(len(rooms))
	for i := range rooms {
		room := rooms[(first+i)%len(rooms)]
		if a.run.crowd.users[room.owner].ID == a.user.ID {
			return room, true
		}
	}
	return ownedRoom{}, false
}

// bringInOrRemove adds a person to a room of the actor's user, or removes one from it.
func (a *actor) bringInOrRemove(ctx context.Context) {
	users := a.run.crowd.users
	who := users[a.random.IntN(len(users)-1)]
	room, ok := a.owned()
	if !ok || who.ID == a.user.ID || room.Kind == chat.Direct {
		return
	}
	if a.random.IntN(2) == 0 {
		a.overHTTP(ctx, Ask{Event: "member.add", Room: room.ID, User: who.ID},
			http.MethodPost, membersPath(room.ID), chat.NewMembers{UserIDs: []chat.UserID{who.ID}})
		return
	}
	a.overHTTP(ctx, Ask{Event: "member.remove", Room: room.ID, User: who.ID},
		http.MethodDelete, fmt.Sprintf("%s/%d", membersPath(room.ID), who.ID), nil)
	a.sayIn(room.ID) // the person who was removed must not receive it
}

// answering is the time in which an act over HTTP has to be answered. The end of the run does not cut it off: nobody could
// tell then what its person wanted last.
func answering(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), answerWithin)
}

// overHTTP makes a request over HTTP and records it.
func (a *actor) overHTTP(ctx context.Context, ask Ask, method, path string, in any) {
	ctx, cancel := answering(ctx)
	defer cancel()
	ask.Client = a.number
	ended := a.run.rec.overHTTP(ask)
	ended(chat.MessageSent{}, a.client.Call(ctx, method, path, in, nil))
}

func (a *actor) markRead(ctx context.Context) {
	if at, ok := a.pick(anyMessage); ok {
		a.ask(ctx, "room.read", chat.RoomRead{RoomID: at.room, ReadSeq: at.seq})
	}
}

// look reads a page of history over HTTP.
func (a *actor) look(context.Context) {
	if at, ok := a.pick(anyMessage); ok {
		a.folded.page(a.client, at.room, fmt.Sprint("?limit=20&around=", at.seq)) // a failure is recorded
	}
}

// collide sends messages while the server's owner ends an invite that does not exist. The server then rolls
// back the batch with all that it was storing. No message may be lost in this, and none may leave a hole.
func (a *actor) collide(ctx context.Context) {
	room, _ := a.folded.pick(a.random.IntN, anyMessage)
	var ending sync.WaitGroup
	for range 4 {
		a.sayIn(room.ID)
		ending.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, answerWithin)
			defer cancel()
			a.run.call(ctx, 0, http.MethodDelete, "/api/invites/999999", nil, nil) // refused, if it arrives
		})
	}
	ending.Wait()
}

// promote changes the role of a member in a room of the actor's user. No actor uses its new role against the
// owner.
func (a *actor) promote(ctx context.Context) {
	users := a.run.crowd.users
	who := users[a.random.IntN(len(users)-1)]
	role := chat.MemberPlain
	if a.random.IntN(2) == 0 {
		role = chat.MemberOwner
	}
	if room, ok := a.owned(); ok && who.ID != a.user.ID && room.Kind != chat.Direct {
		a.overHTTP(ctx, Ask{Event: "member.role", Room: room.ID, User: who.ID}, http.MethodPatch,
			fmt.Sprintf("%s/%d", membersPath(room.ID), who.ID), chat.MemberRoleChange{Role: role})
	}
}

// retitle changes the topic of a room of the actor's user.
func (a *actor) retitle(ctx context.Context) {
	if room, ok := a.owned(); ok && room.Kind != chat.Direct {
		topic := fmt.Sprint("topic ", a.random.IntN(1000))
		a.overHTTP(ctx, Ask{Event: "room.change", Room: room.ID}, http.MethodPatch, roomPath(room.ID),
			chat.RoomChange{Topic: &topic})
	}
}
