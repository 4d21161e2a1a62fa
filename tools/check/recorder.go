// The recorder writes the history while it happens. Its methods are safe from any goroutine.

package check

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/client"
)

type recorder struct {
	began time.Time

	mu       sync.Mutex
	h        History
	sights   map[uint64]*Seen // by State: most messages are seen by many clients
	asked    map[askKey]int   // requests under way and their index in Asks
	since    map[askKey][]chat.RoomRev
	acks     int // messages acknowledged so far
	underWay int // messages without an answer, on sockets that are open
	unacked  map[chat.ClientID]bool
	triggers []*trigger
}

type askKey struct {
	socket int
	id     string
}

// trigger calls act once, on the goroutine that saw the moment.
type trigger struct {
	on  moment
	act func()
}

// moment is an event in the life of a message that shows on the wire.
type moment int

const (
	acknowledgment moment = iota
	eventBeforeAcknowledgment
	manyUnderWay
	atOnce
)

func (m moment) String() string {
	return []string{"at an acknowledgment", "at an event", "with many under way", "at once"}[m]
}

func newRecorder(seed uint64) *recorder {
	return &recorder{
		began: time.Now(),
		h: History{
			Seed: seed, Faults: map[string]int{}, Left: map[string]int{}, Pairs: map[chat.RoomID][2]chat.UserID{},
		},
		asked: map[askKey]int{}, sights: map[uint64]*Seen{},
		since:   map[askKey][]chat.RoomRev{},
		unacked: map[chat.ClientID]bool{},
	}
}

func (r *recorder) now() time.Duration { return time.Since(r.began) }

// change changes the history.
func (r *recorder) change(add func(h *History)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	add(&r.h)
}

// when arranges for act to be called at the next such moment. forget cancels that.
func (r *recorder) when(on moment, act func()) (forget func()) {
	t := &trigger{on, act}
	r.mu.Lock()
	r.triggers = append(r.triggers, t)
	r.mu.Unlock()
	return func() {
		r.mu.Lock()
		r.triggers = slices.DeleteFunc(r.triggers, func(other *trigger) bool { return other == t })
		r.mu.Unlock()
	}
}

func (r *recorder) fireLocked(at moment) {
	r.triggers = slices.DeleteFunc(r.triggers, func(t *trigger) bool {
		if t.on == at {
			t.act()
		}
		return t.on == at
	})
}

// trace makes the Trace that records a client. numbers maps the client's sockets to those in the history.
func (r *recorder) trace(number int) *client.Trace {
	var mu sync.Mutex
	numbers := map[int]int{}
	in := func(socket int) int {
		mu.Lock()
		defer mu.Unlock()
		return numbers[socket]
	}
	return &client.Trace{
		Opened: func(socket int) {
			mu.Lock()
			numbers[socket] = r.opened(number)
			mu.Unlock()
		},
		Sent:     func(socket int, line []byte) { r.sent(in(socket), line) },
		Received: func(socket int, line []byte) { r.received(in(socket), line) },
		Closed:   func(socket int, err error) { r.closed(in(socket), err) },
	}
}

func (r *recorder) opened(number int) (socket int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.h.Sockets = append(r.h.Sockets, Socket{Client: number, Opened: r.now()})
	return len(r.h.Sockets) - 1
}

func (r *recorder) closed(socket int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &r.h.Sockets[socket]
	s.Closed = r.now()
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		s.Code = closed.Code
	}
	for key, i := range r.asked {
		if key.socket == socket {
			delete(r.asked, key)
			delete(r.since, key)
			if r.h.Asks[i].Event == "message.send" {
				r.underWay--
			}
		}
	}
}

// asking is the part of a request's data that is recorded, for every kind of request.
type asking struct {
	RoomID   chat.RoomID   `json:"room_id"`
	Seq      int64         `json:"seq"`
	ClientID chat.ClientID `json:"client_id"`
	Body     string        `json:"body"`
	ReadSeq  int64         `json:"read_seq"`

	Rooms []chat.RoomRev `json:"rooms"`
}

func (r *recorder) sent(socket int, line []byte) {
	var frame chat.Frame
	var in asking
	if json.Unmarshal(line, &frame) != nil || json.Unmarshal(frame.Data, &in) != nil {
		return // our clients never send such a line
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	key := askKey{socket, frame.ID}
	r.asked[key] = len(r.h.Asks)
	if frame.Event == "room.changes" {
		r.since[key] = in.Rooms
	}
	r.h.Asks = append(r.h.Asks, Ask{
		Client: r.h.Sockets[socket].Client, Socket: socket, Event: frame.Event,
		Sent: r.now(), SentWall: time.Now().UnixMilli(),
		Room: in.RoomID, Seq: in.Seq, ClientID: in.ClientID, Body: digest(in.Body), ReadSeq: in.ReadSeq,
	})
	if frame.Event == "message.send" {
		r.unacked[in.ClientID] = true
		if r.underWay++; r.underWay >= 8 {
			r.fireLocked(manyUnderWay)
		}
	}
}

// overHTTP records a request over HTTP. ended must be called with its result.
func (r *recorder) overHTTP(ask Ask) (ended func(chat.MessageSent, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	place := len(r.h.Asks)
	ask.Socket, ask.Sent, ask.SentWall = -1, r.now(), time.Now().UnixMilli()
	r.h.Asks = append(r.h.Asks, ask)
	return func(sent chat.MessageSent, err error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		var refusal *chat.Error
		if err != nil && !errors.As(err, &refusal) {
			return // the outcome is unknown
		}
		ask := &r.h.Asks[place]
		ask.Answered, ask.SentSeq, ask.SentRev, ask.CreatedAt = r.now(), sent.Seq, sent.Rev, sent.CreatedAt
		if refusal != nil {
			ask.Code = refusal.Code
		}
	}
}

func (r *recorder) received(socket int, line []byte) {
	at := r.now()
	var frame chat.Frame
	if json.Unmarshal(line, &frame) != nil {
		return // the client itself fails on such a line
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if frame.Event == chat.ReplyEvent || frame.Event == chat.ErrorEvent {
		r.answeredLocked(at, socket, frame)
		return
	}
	f, ok := frameOf(frame)
	if !ok {
		return
	}
	f.At, f.Client, f.Socket, f.Message = at, r.h.Sockets[socket].Client, socket, r.sightLocked(f.Message)
	r.h.Frames = append(r.h.Frames, f)
	switch {
	case f.Event == "welcome":
		r.h.Sockets[socket].Epoch = f.Epoch
		if n := len(r.h.Lives); n > 0 && r.h.Lives[n-1].Ended == 0 {
			r.h.Lives[n-1].Epoch = f.Epoch
		}
	case f.Event == "message.added" && r.unacked[f.Message.ClientID]:
		r.fireLocked(eventBeforeAcknowledgment)
	}
}

// sightLocked returns the one value that is kept for a message in one state.
func (r *recorder) sightLocked(m *Seen) *Seen {
	if m == nil {
		return nil
	}
	if known := r.sights[m.State]; known != nil {
		return known
	}
	r.sights[m.State] = m
	return m
}

func (r *recorder) answeredLocked(at time.Duration, socket int, frame chat.Frame) {
	key := askKey{socket, frame.ID}
	place, known := r.asked[key]
	if !known {
		return
	}
	delete(r.asked, key)
	ask := &r.h.Asks[place]
	ask.Answered = at
	var answer struct {
		Code      chat.Code          `json:"code"`
		Seq       int64              `json:"seq"`
		Rev       int64              `json:"rev"`
		CreatedAt int64              `json:"created_at"`
		Rooms     []chat.RoomChanges `json:"rooms"`
	}
	json.Unmarshal(frame.Data, &answer) // what cannot be decoded stays empty, and the judgment finds that
	ask.SentSeq, ask.SentRev, ask.CreatedAt = answer.Seq, answer.Rev, answer.CreatedAt
	if frame.Event == chat.ErrorEvent {
		ask.Code = answer.Code
	}
	for i, since := range r.since[key] {
		if i < len(answer.Rooms) {
			r.changesLocked(at, socket, answer.Rooms[i], since.Rev)
		}
	}
	delete(r.since, key)
	if ask.Event != "message.send" {
		return
	}
	r.underWay--
	if ask.Code == "" {
		r.acks++
		delete(r.unacked, ask.ClientID)
		r.fireLocked(acknowledgment)
	}
}

// changesLocked records what an answer to room.changes says about one room.
func (r *recorder) changesLocked(at time.Duration, socket int, changes chat.RoomChanges, since int64) {
	if changes.State != chat.ChangesPage {
		return
	}
	page := Page{Socket: socket, Room: changes.RoomID, Since: since, Rev: changes.Rev, More: changes.More}
	for _, r := range changes.Reacted {
		page.Revs = append(page.Revs, r.Rev)
	}
	ordered := slices.IsSorted(page.Revs)
	for _, m := range changes.Messages {
		page.Revs = append(page.Revs, m.Rev)
		r.h.Frames = append(r.h.Frames, Frame{
			At: at, Client: r.h.Sockets[socket].Client, Socket: socket, Event: "changes", Room: changes.RoomID,
			Message: r.sightLocked(seen(m)),
		})
	}
	if ordered && slices.IsSorted(page.Revs[len(changes.Reacted):]) { // each list is in order of rev
		slices.Sort(page.Revs)
	}
	r.h.Pages = append(r.h.Pages, page)
}

// frameOf takes the parts of an event that are judged. ok is false for events that the server may drop.
func frameOf(frame chat.Frame) (f Frame, ok bool) {
	var in struct {
		chat.Welcome
		Message *chat.Message   `json:"message"`
		Room    *chat.RoomState `json:"room"`
		RoomID  chat.RoomID     `json:"room_id"`
		Meta    int64           `json:"meta"`
		UserRev int64           `json:"user_rev"`
		Hidden  int64           `json:"hidden_until"`
		Favored bool            `json:"favorite"`
		ReadSeq int64           `json:"read_seq"`
		Unread  int64           `json:"unread"`
		Member  chat.Member     `json:"member"`
		UserID  chat.UserID     `json:"user_id"`
		Blocked json.RawMessage `json:"blocked"` // a list in a welcome, and yes or no in an event
	}
	switch frame.Event {
	case "typing.started", "presence.changed", "user.changed", "server.changed":
		return f, false
	}
	if json.Unmarshal(frame.Data, &in) != nil {
		return f, false
	}
	f = Frame{
		Event: frame.Event, Room: in.RoomID, Meta: in.Meta, UserRev: in.UserRev, ReadSeq: in.ReadSeq, Unread: in.Unread,
		User: in.UserID, Role: in.Member.Role, Epoch: in.Epoch, Hidden: in.Hidden,
		Favorite: in.Favored,
	}
	if frame.Event == "reaction.changed" {
		f.User, f.Reaction = 0, &chat.ReactionChanged{}
		return f, json.Unmarshal(frame.Data, f.Reaction) == nil
	}
	if len(in.Blocked) > 0 {
		into := any(&f.Blocked)
		if frame.Event == "welcome" {
			into = &f.Blocks
		}
		if json.Unmarshal(in.Blocked, into) != nil {
			return f, false
		}
	}
	if in.Member.UserID != 0 {
		f.User = in.Member.UserID
	}
	if in.Message != nil {
		f.Room, f.Message = in.Message.RoomID, seen(*in.Message)
	}
	if in.Room != nil {
		f.Room, f.Meta = in.Room.ID, in.Room.Meta
		f.Heads = []Head{headOf(*in.Room)}
	}
	for _, room := range in.Rooms {
		f.Heads = append(f.Heads, headOf(room))
	}
	return f, true
}
