// What a small request costs: the bytes that it makes the server send, and the changes that it counts as.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// longText is a message with as many characters as it may have.
var longText = strings.Repeat("*word* ", 1400)

// reacts adds a reaction, or takes it away, over HTTP.
func reacts(t *testing.T, who *harness.Person, method string, m chat.MessageSent, emoji string) {
	t.Helper()
	at := harness.MessagePath(m.RoomID, m.Seq) + "/reactions/" + url.PathEscape(emoji)
	who.Call(t, method, at, nil, http.StatusOK, nil)
}

// reactions are reactions to a message: each emoji in turn, and then away again.
func reactions(t *testing.T, who *harness.Person, m chat.MessageSent, n int) {
	t.Helper()
	for i := range n {
		method := http.MethodPut
		if i/20%2 == 1 {
			method = http.MethodDelete
		}
		reacts(t, who, method, m, face(i%20))
	}
}

func TestAReactionIsSentAsWhatChangedToThoseWhoAsk(t *testing.T) {
	t.Parallel()
	const sockets, count = 60, 100
	p := harness.Start(t, "--sockets-per-user=100", "--messages-per-second=100000", "--messages-burst=100000")
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Private, "room").ID
	sent := ann.Says(t, room, longText)
	var all []*harness.Sock
	for range sockets {
		all = append(all, ann.DialForDeltas(t))
	}
	plain := ann.Dial(t)
	before := delivered(t, all)
	plainBefore := delivered(t, []*harness.Sock{plain})
	reactions(t, ann, sent, count)
	got, plainGot := delivered(t, all)-before, delivered(t, []*harness.Sock{plain})-plainBefore
	m := ann.History(t, room, "?limit=1").Messages[0]
	size := int64(len(m.Body) + len(m.HTML))
	t.Logf("%d reactions to a message of %d bytes: %d sockets that asked got %d bytes, one that did not got %d",
		count, size, sockets, got, plainGot)
	const event = 300 // an event, with the reply to the ping that Settle sends
	if most := int64(sockets * count * event); got > most {
		t.Errorf("%d sockets got %d bytes for %d reactions, want at most %d", sockets, got, count, most)
	}
	if plainGot < count*size {
		t.Errorf("a socket that did not ask got %d bytes, want %d whole messages of %d", plainGot, count, size)
	}
	for _, s := range all {
		copied := m
		copied.Rev, copied.Reactions = sent.Rev, nil
		for i, f := range s.Got("reaction.changed") {
			var c chat.ReactionChanged
			s.Decode(t, f, &c)
			if want := sent.Rev + 1 + int64(i); c.Rev != want || !c.Apply(&copied) {
				t.Fatalf("after rev %d came %s", copied.Rev, f.Data)
			}
		}
		if harness.AsJSON(t, copied) != harness.AsJSON(t, m) {
			t.Fatalf("a copy that follows has rev %d and %+v, want %d and %+v", copied.Rev, copied.Reactions, m.Rev, m.Reactions)
		}
		if others := s.Got("message.changed"); len(others) > 0 {
			t.Fatalf("a socket that asked got %d whole messages too", len(others))
		}
	}
	whole := plain.Got("message.changed")
	line, err := chat.Encode("message.changed", "", chat.MessageChanged{Message: m})
	if got, _ := chat.Encode("message.changed", "", whole[len(whole)-1].Data); err != nil || string(got) != string(line) {
		t.Errorf("a socket that did not ask got another line than the message, of %d bytes", len(got))
	}
}

// delivered is how many bytes have come to sockets so far.
func delivered(t *testing.T, all []*harness.Sock) (bytes int64) {
	t.Helper()
	for _, s := range all {
		s.Settle(t)
		bytes += s.Bytes.Load()
	}
	return bytes
}

func TestWhoAsksComesBackToWhatChanged(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Private, "room").ID
	const messages = 20
	var all []chat.MessageSent
	for range messages {
		all = append(all, ann.Says(t, room, longText))
	}
	known := all[messages-1].Rev
	for _, m := range all {
		reacts(t, ann, http.MethodPut, m, "👍")
	}
	asks, plain := ann.DialForDeltas(t), ann.Dial(t)
	before := delivered(t, []*harness.Sock{asks})
	changes := asks.Changes(t, room, known)
	if got := delivered(t, []*harness.Sock{asks}) - before; got > messages*300 {
		t.Errorf("%d reactions came back as %d bytes", messages, got)
	}
	if len(changes.Messages) != 0 || len(changes.Reacted) != messages || changes.More {
		t.Errorf("got %+v", changes)
	}
	for i, r := range changes.Reacted {
		want := chat.MessageReactions{
			Seq: all[i].Seq, Rev: known + 1 + int64(i), TextRev: all[i].Rev,
			Reactions: []chat.Reaction{{Emoji: "👍", UserIDs: []chat.UserID{ann.User.ID}}},
		}
		if got := harness.AsJSON(t, r); got != harness.AsJSON(t, want) {
			t.Errorf("got %s, want %s", got, harness.AsJSON(t, want))
		}
	}
	var overHTTP chat.Changes
	since := chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: room, Rev: known}}}
	ann.Post(t, "/api/changes?changes=reactions", since, http.StatusOK, &overHTTP)
	if got, want := harness.AsJSON(t, overHTTP.Rooms[0]), harness.AsJSON(t, changes); got != want {
		t.Errorf("over HTTP came %s, want %s", got, want)
	}
	var raw struct{ Rooms []json.RawMessage }
	ann.Post(t, "/api/changes", since, http.StatusOK, &raw)
	whole := plain.Changes(t, room, known)
	if strings.Contains(string(raw.Rooms[0]), "reacted") || len(whole.Messages) == 0 || whole.Messages[0].HTML == "" {
		t.Errorf("who does not ask got %d bytes", len(raw.Rooms[0]))
	}
	if whole := asks.Changes(t, room, known-1); len(whole.Messages) != 1 || whole.Messages[0].Body == "" {
		t.Errorf("who lacks the last text got %d messages", len(whole.Messages))
	}
	for rev, want := range map[int64]chat.ChangesState{known + 1000: chat.ChangesAhead, -1: chat.ChangesAhead} {
		if got := asks.Changes(t, room, rev); got.State != want || got.Reacted != nil {
			t.Errorf("from rev %d: got %+v, want %s", rev, got, want)
		}
	}
}

func TestWhatAReactionMakesTheServerSendIsPaidFor(t *testing.T) {
	t.Parallel()
	const sockets = 60
	p := harness.Start(t, "--sockets-per-user=200", "--reads-per-second=10000",
		"--messages-per-second=0.001", "--messages-burst=200")
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Private, "room").ID
	sent := ann.Says(t, room, longText)
	bob := p.SignUp(t, ann, "bob")
	ann.Adds(t, room, bob)
	s := ann.DialForDeltas(t)
	for range sockets {
		ann.DialForDeltas(t)
	}
	react := func(i int) chat.ReactionAt {
		return chat.ReactionAt{RoomID: room, Seq: sent.Seq, Emoji: face(i)}
	}
	for i := range 10 {
		s.Ask(t, "reaction.add", react(i), nil)
	}
	var plain []*harness.Sock
	for range sockets {
		plain = append(plain, ann.Dial(t))
	}
	before := delivered(t, plain)
	done, refused := 0, 0
	for i := 10; i < 30; i++ {
		answer := s.Answer(t, s.Send(t, "reaction.add", react(i)))
		if answer.Event == chat.ReplyEvent {
			done++
			continue
		}
		var e chat.Error
		s.Decode(t, answer, &e)
		if e.Code != chat.RateLimited || e.RetryAfter <= 0 {
			t.Fatalf("got %s", answer.Data)
		}
		refused++
	}
	m := ann.History(t, room, "?limit=1").Messages[0]
	got, whole := delivered(t, plain)-before, int64(sockets*(len(m.Body)+len(m.HTML)))
	t.Logf("%d sockets that did not ask got %d bytes; %d reactions were done, %d refused", sockets, got, done, refused)
	const budget = 200 * 64 << 10
	if done == 0 || refused < 10 || got > budget || got > int64(done+1)*whole {
		t.Errorf("%d of 20 were refused, %d bytes were sent", refused, got)
	}
	// Who has not done anything for a while may react to anything.
	reacts(t, bob, http.MethodPut, sent, "👍")
}

// A long text costs more the more sockets it is sent to, and a short one does not.
func TestWhatALongMessageMakesTheServerSendIsPaidFor(t *testing.T) {
	t.Parallel()
	const sockets, burst = 60, 40
	p := harness.Start(t, "--sockets-per-user=200", "--reads-per-second=10000",
		"--messages-per-second=0.001", fmt.Sprintf("--messages-burst=%d", burst))
	ann := p.SetUp(t)
	room := ann.Creates(t, chat.Private, "room").ID
	bob := p.SignUp(t, ann, "bob")
	ann.Adds(t, room, bob)
	s := bob.Dial(t)
	for range sockets - 1 {
		bob.Dial(t)
	}
	text := strings.Repeat("🙂", 10_000) // 40,000 bytes, and some more with its HTML
	draft := harness.Draft(text)
	var first, again chat.MessageSent
	s.Ask(t, "message.send", chat.MessageSend{RoomID: room, Draft: draft}, &first)
	s.Ask(t, "message.send", chat.MessageSend{RoomID: room, Draft: draft}, &again)
	if first != again {
		t.Errorf("sent again: got %+v, want %+v", again, first)
	}
	const each = 5 // 78,000 bytes for each of 60 sockets, of which a sixteenth counts, and the message itself
	s.Ask(t, "message.edit", chat.MessageEdit{RoomID: room, Seq: first.Seq, Body: text[:len(text)-4] + "!"}, nil)
	for n := 2 * each; n+each <= burst; n += each {
		s.Says(t, room, text)
	}
	bob.Refused(t, chat.RateLimited, http.MethodPost, harness.MessagesPath(room), harness.Draft("one too many"))
	for range burst / 2 {
		ann.Says(t, room, strings.Repeat("x", 900))
	}
}

// Another name is small, but sends the topic again to everybody in the room.
func TestWhatANewNameMakesTheServerSendIsPaidFor(t *testing.T) {
	t.Parallel()
	const sockets, burst = 60, 200
	p := harness.Start(t, "--sockets-per-user=200", "--reads-per-second=10000",
		"--messages-per-second=0.001", fmt.Sprint("--messages-burst=", burst))
	ann := p.SetUp(t)
	bob, cid := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "cid")
	room := ann.Creates(t, chat.Private, "room").ID
	topic, short := strings.Repeat("𝄞", 1024), "short"
	ann.Call(t, http.MethodPatch, harness.RoomPath(room), chat.RoomChange{Topic: &topic}, http.StatusOK, nil)
	var all []*harness.Sock
	for range sockets {
		all = append(all, ann.DialForDeltas(t))
	}
	before := delivered(t, all)
	done, refused := 0, 0
	for i := range burst / 3 {
		name := fmt.Sprint("name", i)
		switch status, body := ann.Try(t, http.MethodPatch, harness.RoomPath(room), chat.RoomChange{Name: &name}); status {
		case http.StatusOK:
			done++
		case http.StatusTooManyRequests:
			refused++
		default:
			t.Fatalf("got %d %s", status, body)
		}
	}
	got := delivered(t, all) - before
	t.Logf("%d sockets got %d bytes; %d names were given, %d refused", sockets, got, done, refused)
	if done == 0 || refused == 0 || got > burst*64<<10 {
		t.Errorf("%d were refused, %d bytes were sent", refused, got)
	}
	// A short topic sends little more than the request has.
	his := bob.Creates(t, chat.Private, "his").ID
	for range burst/2 - 2 {
		bob.Call(t, http.MethodPatch, harness.RoomPath(his), chat.RoomChange{Topic: &short}, http.StatusOK, nil)
	}
	// The same name again is told to nobody, and cost no more than the request.
	name, hers := "hers", cid.Creates(t, chat.Private, "hers").ID
	cid.Call(t, http.MethodPatch, harness.RoomPath(hers), chat.RoomChange{Topic: &topic}, http.StatusOK, nil)
	for i := range all {
		all[i] = cid.DialForDeltas(t)
	}
	before = delivered(t, all)
	for range burst/2 - 4 {
		cid.Call(t, http.MethodPatch, harness.RoomPath(hers), chat.RoomChange{Name: &name}, http.StatusOK, nil)
	}
	if again := delivered(t, all) - before; again > sockets*1000 { // what was asked for here
		t.Errorf("%d bytes were sent again", again)
	}
}

// face is one of many emoji.
func face(i int) string { return string(rune(0x1f600 + i)) }
