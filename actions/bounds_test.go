// The bounds of what one may ask for, each at its edge.

package actions

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/internal/ratelimit"
)

// checkError compares an error with the code that it should have; empty for none.
func checkError(t *testing.T, what string, err error, want chat.Code) {
	t.Helper()
	if (want == "" && err != nil) || (want != "" && !chat.IsCode(err, want)) {
		t.Errorf("%s: got %v, want %q", what, err, want)
	}
}

func TestInvitesAreBounded(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.signsUp(t, "ann")
	const month = 30 * 24 * 3600
	for _, c := range []struct {
		in   chat.NewInvite
		want chat.Code
	}{
		{chat.NewInvite{ExpiresIn: month}, ""},
		{chat.NewInvite{ExpiresIn: month + 1}, chat.Invalid},
		{chat.NewInvite{ExpiresIn: 1}, ""},
		{chat.NewInvite{ExpiresIn: -1}, chat.Invalid},
		{chat.NewInvite{ExpiresIn: 1 << 62}, chat.Invalid},
		{chat.NewInvite{MaxUses: 10_000}, ""},
		{chat.NewInvite{MaxUses: 10_001}, chat.Invalid},
		{chat.NewInvite{MaxUses: -1}, chat.Invalid},
	} {
		_, err := p.Invite(owner(), c.in)
		checkError(t, fmt.Sprintf("%+v", c.in), err, c.want)
	}
}

func TestTokensAreBounded(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	p.signsUp(t, "bob")
	var rooms []chat.RoomID
	for n := range maxTokenRooms + 1 {
		rooms = append(rooms, p.creates(t, ann, chat.Public, fmt.Sprint("room", n)))
	}
	read := []chat.Scope{chat.ScopeRead}
	const most = 10 * 365 * 24 * 3600
	for _, c := range []struct {
		in   chat.NewToken
		want chat.Code
	}{
		{chat.NewToken{Scopes: read, RoomIDs: rooms[:maxTokenRooms]}, ""},
		{chat.NewToken{Scopes: read, RoomIDs: rooms}, chat.Invalid},
		{chat.NewToken{Scopes: read, RoomIDs: []chat.RoomID{}}, chat.Invalid},
		{chat.NewToken{Scopes: read, RoomIDs: []chat.RoomID{999}}, chat.NotFound},
		{chat.NewToken{Scopes: read, ExpiresIn: most}, ""},
		{chat.NewToken{Scopes: read, ExpiresIn: most + 1}, chat.Invalid},
		{chat.NewToken{Scopes: read, ExpiresIn: -1}, chat.Invalid},
		{chat.NewToken{}, chat.Invalid},
		{chat.NewToken{Scopes: []chat.Scope{chat.ScopeRead, "own"}}, chat.Invalid},
		{chat.NewToken{Scopes: read, Name: strings.Repeat("x", maxDisplayName+1)}, chat.Invalid},
		{chat.NewToken{Scopes: read, Bot: "bob"}, chat.NameTaken},
		{chat.NewToken{Scopes: read, Bot: "a b"}, chat.Invalid},
	} {
		if c.in.Bot == "" {
			c.in.Bot = "builds"
		}
		_, err := p.AddToken(ann, c.in)
		checkError(t, fmt.Sprintf("%+v", c.in), err, c.want)
	}
}

func TestPeopleOfARoomAreBounded(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	var ids []chat.UserID
	for n := range maxDirectPeople {
		made := p.makesToken(t, chat.NewToken{Bot: fmt.Sprint("guest", n), Scopes: []chat.Scope{chat.ScopeRead}})
		ids = append(ids, made.Bot.ID)
	}
	for _, c := range []struct {
		people []chat.UserID
		want   chat.Code
	}{
		{ids[:maxDirectPeople-1], ""},
		{ids, chat.TooManyPeople},
		{nil, chat.Invalid},
		{[]chat.UserID{ann.User}, chat.Invalid},
		{[]chat.UserID{999}, chat.NotFound},
		{ids[:1], ""},
	} {
		_, err := p.CreateDirect(ann, chat.NewDirect{UserIDs: c.people})
		checkError(t, fmt.Sprint("a direct room with ", c.people), err, c.want)
	}
	room := p.creates(t, ann, chat.Private, "room")
	same := make([]chat.UserID, maxNewMembers+1)
	for n := range same {
		same[n] = ids[0]
	}
	for _, c := range []struct {
		people []chat.UserID
		want   chat.Code
	}{
		{same, chat.Invalid}, {nil, chat.Invalid}, {[]chat.UserID{ids[1], 999}, chat.NotFound}, {same[1:], ""},
	} {
		_, err := p.AddMembers(ann, room, chat.NewMembers{UserIDs: c.people})
		checkError(t, fmt.Sprint("adding ", len(c.people)), err, c.want)
	}
	members, err := p.Members(context.Background(), ann, room, 0)
	if err != nil || len(members.Members) != 2 {
		t.Errorf("in the room are %+v, %v: want ann and the first guest", members, err)
	}
}

func TestWhatIsReadAtOnceIsBounded(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	room := p.creates(t, ann, chat.Private, "room")
	ctx := context.Background()
	for _, c := range []struct {
		of   PageOf
		want chat.Code
	}{
		{PageOf{Limit: 100}, ""},
		{PageOf{Limit: 101}, chat.Invalid},
		{PageOf{Limit: -1}, chat.Invalid},
		{PageOf{}, ""},
		{PageOf{Before: new(int64(1<<32 - 1))}, ""},
		{PageOf{Before: new(int64(1 << 32))}, chat.Invalid},
		{PageOf{After: new(int64(-1))}, chat.Invalid},
		{PageOf{Before: new(int64(1)), After: new(int64(1))}, chat.Invalid},
		{PageOf{Around: new(int64(1)), After: new(int64(1))}, chat.Invalid},
	} {
		_, err := p.History(ctx, ann, room, c.of)
		checkError(t, fmt.Sprintf("%+v", c.of), err, c.want)
	}
	_, err := p.Changes(ctx, ann, chat.ChangesSince{Rooms: make([]chat.RoomRev, 200)}, false)
	checkError(t, "changes of 200 rooms", err, "")
	_, err = p.Changes(ctx, ann, chat.ChangesSince{Rooms: make([]chat.RoomRev, 201)}, false)
	checkError(t, "changes of 201 rooms", err, chat.Invalid)
	_, err = p.WatchPresence(ctx, nil, make([]chat.UserID, maxWatched+1))
	checkError(t, "watching 501 people", err, chat.Invalid)
}

// Each of the rooms is read while there is room in the answer; the others are told to be asked for again.
func TestAnAnswerAboutChangesIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	one, other := p.creates(t, ann, chat.Private, "one"), p.creates(t, ann, chat.Private, "other")
	body := strings.Repeat("long ", 1900)
	for range 60 {
		p.says(t, ann, one, body)
	}
	p.says(t, ann, other, "short")
	got, err := p.Changes(context.Background(), ann, chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: one}, {RoomID: other}, {RoomID: other, Rev: 1}}}, false)
	if err != nil {
		t.Fatal(err)
	}
	first, second, third := got.Rooms[0], got.Rooms[1], got.Rooms[2]
	n := len(first.Messages)
	if first.State != chat.ChangesPage || !first.More || n == 0 || n == 60 || first.Rev != first.Messages[n-1].Rev {
		t.Errorf("of the first room: %s, %d messages, more %v, rev %d", first.State, n, first.More, first.Rev)
	}
	bytes := 0
	for _, m := range first.Messages {
		bytes += len(m.Body) + len(m.HTML)
	}
	if bytes < changesBytes/2 || bytes > changesBytes+3*len(body) {
		t.Errorf("the answer has %d bytes, want about %d", bytes, changesBytes)
	}
	if second.State != chat.ChangesLater || !second.More || len(second.Messages) != 0 || second.Rev != 0 {
		t.Errorf("of the second room: %+v", second)
	}
	if third.State != chat.ChangesPage || third.More || len(third.Messages) != 0 || third.Rev != 1 {
		t.Errorf("of a room in which nothing changed: %+v", third)
	}
}

// What the first room left of the answer is what the next may take.
func TestRoomsShareTheAnswerAboutChanges(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	var since chat.ChangesSince
	for n := range 3 {
		room := p.creates(t, ann, chat.Private, fmt.Sprint("room", n))
		for range 8 { // some 150 KiB, with their HTML
			p.says(t, ann, room, strings.Repeat("long ", 1900))
		}
		since.Rooms = append(since.Rooms, chat.RoomRev{RoomID: room})
	}
	got, err := p.Changes(context.Background(), ann, since, false)
	if err != nil {
		t.Fatal(err)
	}
	first, second, third := got.Rooms[0], got.Rooms[1], got.Rooms[2]
	if len(first.Messages) != 8 || first.More {
		t.Errorf("of the first room: %d messages, more %v", len(first.Messages), first.More)
	}
	if n := len(second.Messages); n == 0 || n == 8 || !second.More || second.Rev != second.Messages[n-1].Rev {
		t.Errorf("of the second room: %d messages, more %v, rev %d", n, second.More, second.Rev)
	}
	if third.State != chat.ChangesLater || len(third.Messages) != 0 {
		t.Errorf("of the third room: %s, %d messages", third.State, len(third.Messages))
	}
}

func TestReactionsAreBoundedAndCountOnce(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	room := p.creates(t, ann, chat.Private, "room")
	sent := p.says(t, ann, room, "text")
	react := func(act func(access.Caller, chat.ReactionAt, Sent), n int) (chat.MessageSent, error) {
		return Wait(func(done Sent) {
			act(ann, chat.ReactionAt{RoomID: room, Seq: sent.Seq, Emoji: string(rune(0x1f600 + n))}, done)
		})
	}
	for n := range maxReactions {
		if _, err := react(p.React, n); err != nil {
			t.Fatal(err)
		}
	}
	last, err := react(p.React, 0)
	if err != nil || last.Rev != sent.Rev+maxReactions {
		t.Errorf("the same once more: got %+v %v, want no new rev", last, err)
	}
	_, err = react(p.React, maxReactions)
	checkError(t, "one more", err, chat.TooManyReactions)
	if gone, err := react(p.Unreact, maxReactions); err != nil || gone.Rev != last.Rev {
		t.Errorf("taking away what is not there: got %+v %v, want no new rev", gone, err)
	}
	if _, err := react(p.Unreact, 1); err != nil {
		t.Fatal(err)
	}
	_, err = react(p.React, maxReactions)
	checkError(t, "in place of another", err, "")
}

// Beyond as many changes as one may make at once, what counts as one is refused, for that person alone.
func TestChangesAreHeldBackByWhatTheyCountAs(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.MessagesPerSecond, l.MessagesBurst, l.ReadsPerSecond = 0.001, 5, 1 })
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	spend := func(by access.Caller, changes int) error { return p.Spend(by, access.Changes(changes)) }
	checkError(t, "three of five", spend(ann, 3), "")
	checkError(t, "two of two", spend(ann, 2), "")
	for changes, want := range map[int]chat.Code{0: "", 1: chat.RateLimited, 2: chat.RateLimited} {
		checkError(t, fmt.Sprint("then ", changes), spend(ann, changes), want)
	}
	err := spend(ann, 1)
	if refused, ok := err.(*chat.Error); !ok || refused.Limit != 1 || refused.RetryAfter <= 0 || refused.RetryAfter > time.Hour.Milliseconds() {
		t.Errorf("got %+v, want the limit and when to come again", err)
	}
	checkError(t, "reading", p.Spend(ann, access.Reads(1)), "")
	checkError(t, "another person, more than there can be", spend(bob, 500), "")
	checkError(t, "who then has nothing left", spend(bob, 1), chat.RateLimited)
	checkError(t, "the operator", spend(access.Caller{Operator: true}, 500), "")
	for range 2 {
		checkError(t, "who is not signed in", p.Spend(access.Caller{Address: "192.0.2.1"}, access.Reads(5)), "")
	}
	checkError(t, "another of that address", p.Spend(access.Caller{Address: "192.0.2.1"}, access.Reads(1)), chat.RateLimited)
	checkError(t, "another address", p.Spend(access.Caller{Address: "192.0.2.2"}, access.Reads(10)), "")
}

// A list takes from the budget by its length, and all of it or nothing: a refused request takes nothing.
func TestAListTakesFromTheBudgetByItsLength(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.MessagesPerSecond, l.MessagesBurst = 0.001, 10 })
	cost := access.Changes(1).AndOnePer(4)
	add := func(by access.Caller, people int) error {
		if err := p.Spend(by, cost); err != nil {
			return err
		}
		return p.SpendMore(by, cost, chat.NewMembers{UserIDs: make([]chat.UserID, people)})
	}
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	checkError(t, "16 people take five of ten", add(ann, 16), "")
	checkError(t, "20 people would take six of five", add(ann, 20), chat.RateLimited)
	checkError(t, "16 people take the five that are left", add(ann, 16), "")
	checkError(t, "more people than anybody could add", add(bob, 500), "")
	checkError(t, "nothing is left", add(bob, 0), chat.RateLimited)
}

// What is read costs more the longer it is. It is told only afterwards: whoever has less left owes the rest, and
// never more than as much again as they may have at once.
func TestLongAnswersCostMoreToRead(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.MessagesPerSecond, l.ReadsPerSecond = 0.001, 0.01 })
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	p.budgets.reads = ratelimit.New(0.01, 10, maxKeys, time.Now)
	for range 100 {
		p.Owe(ann, bytesPerRead-1)
	}
	checkError(t, "after short answers", p.Spend(ann, access.Reads(4)), "")
	p.Owe(ann, 3*bytesPerRead)
	checkError(t, "after one of three", p.Spend(ann, access.Reads(4)), chat.RateLimited)
	checkError(t, "what is left", p.Spend(ann, access.Reads(3)), "")
	for range 100 {
		p.Owe(ann, 100*bytesPerRead)
	}
	err := p.Spend(ann, access.Reads(1))
	var refused *chat.Error
	if !errors.As(err, &refused) || refused.RetryAfter <= 1000*1000 || refused.RetryAfter > 11*100*1000 {
		t.Errorf("got %+v, want that it owes ten reads and one", err)
	}
	checkError(t, "another person", p.Spend(bob, access.Reads(10)), "")
	p.Owe(access.Caller{Operator: true}, 1<<30)
}

// A request that changes nothing takes reads instead of changes, as long as there are any, and more of them for what
// had to be rendered or looked at.
func TestWhatChangesNothingCostsReads(t *testing.T) {
	t.Parallel()
	p := start(t, func(l *access.Limits) { l.MessagesPerSecond, l.MessagesBurst, l.ReadsPerSecond = 0.001, 20, 1 })
	ann := p.signsUp(t, "ann")
	room := p.creates(t, ann, chat.Private, "room")
	long := draft(strings.Repeat("x", 3*renderedPerRead))
	settled := func(what string, reads, changes int, run func(access.Caller) error) {
		t.Helper()
		p.budgets = newBudgets(p.limits, time.Now)
		p.budgets.reads = ratelimit.New(0.001, 10, maxKeys, time.Now)
		by := ann
		by.Charge = &access.Charge{}
		checkError(t, what, p.Spend(by, access.Changes(4)), "")
		checkError(t, what, run(by), "")
		p.Settle(by)
		p.Settle(by)
		checkError(t, what+": changes left", p.Spend(ann, access.Changes(20-changes)), "")
		checkError(t, what+": no more changes", p.Spend(ann, access.Changes(1)), chat.RateLimited)
		checkError(t, what+": reads left", p.Spend(ann, access.Reads(10-reads)), "")
		checkError(t, what+": no more reads", p.Spend(ann, access.Reads(1)), chat.RateLimited)
	}
	posts := func(by access.Caller) error {
		_, err := Wait(func(done Sent) { p.Post(by, room, long, done) })
		return err
	}
	archives := func(by access.Caller) error {
		_, err := p.ChangeRoom(by, room, chat.RoomChange{Archived: new(true)})
		return err
	}
	settled("a message", 0, 4, posts)
	settled("the same again", 4+3, 0, posts)
	settled("with too few reads left", 5, 4, func(by access.Caller) error {
		checkError(t, "five of ten", p.Spend(ann, access.Reads(5)), "")
		return posts(by)
	})
	settled("archiving", 0, 4, archives)
	settled("archiving what is archived", 4, 0, archives)
	settled("one that changes something and one that does not", 0, 4, func(by access.Caller) error {
		_, err := p.ChangeRoom(by, room, chat.RoomChange{Archived: new(false)})
		return errors.Join(err, posts(by))
	})
	for range 3 * lookedPerRead {
		sent := p.says(t, ann, room, "to be deleted")
		_, err := Wait(func(done Sent) { p.Delete(ann, chat.MessageAt{RoomID: room, Seq: sent.Seq}, done) })
		checkError(t, "deleting", err, "")
	}
	reads := func(by access.Caller) error {
		_, err := Wait(func(done func(chat.ReadMoved, error)) { p.MarkRead(by, chat.RoomRead{RoomID: room}, done) })
		return err
	}
	settled("marking all as unread, also what is deleted", 0, 4, reads)
	settled("the same again", 4+3, 0, reads)
	settled("joining where one is", 4+3, 0, func(by access.Caller) error {
		_, err := Wait(func(done func(chat.RoomState, error)) { p.Join(by, room, done) })
		return err
	})
	settled("what writes nothing", 0, 4, func(access.Caller) error { return nil })
}
