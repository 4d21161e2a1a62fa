// Tests of deleting the messages of deactivated people: in bounded steps, across restarts, and not more than
// theirs.

package actions

import (
	"context"
	"fmt"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/wait"
	"parley/store"
)

// deactivatedWith makes bob, who posts messages between those of ann, and deactivates him with his messages.
func deactivatedWith(t *testing.T, p *parts, messages int) (ann, bob access.Caller, room chat.RoomID) {
	t.Helper()
	ann = p.signsUp(t, "ann")
	bob = p.signsUp(t, "bob")
	room = p.creates(t, bob, chat.Public, "den")
	p.must(t, func(tx *store.WriteTx) error { return tx.Join(room, ann.User, chat.MemberPlain, 0) })
	for n := range messages {
		p.says(t, bob, room, fmt.Sprint("bob ", n))
		if n%10 == 0 {
			p.says(t, ann, room, "ann")
		}
	}
	p.deactivates(t, bob)
	return ann, bob, room
}

func (p *parts) deactivates(t *testing.T, who access.Caller) {
	t.Helper()
	_, err := p.Deactivate(access.Caller{Operator: true}, who.User, chat.Deactivation{Messages: chat.DeleteMessages})
	if err != nil {
		t.Fatal(err)
	}
}

// left counts the messages of a room that are not deleted, of somebody and of others.
func (p *parts) left(t *testing.T, by access.Caller, room chat.RoomID, of chat.UserID) (theirs, others int) {
	t.Helper()
	page := chat.Page{After: true}
	for before := int64(store.MaxSeq); before > 1; before = page.Messages[0].Seq {
		var err error
		if page, err = p.History(context.Background(), by, room, PageOf{Before: new(before), Limit: MaxPage}); err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			switch {
			case m.DeletedAt != 0:
			case m.AuthorID == of:
				theirs++
			default:
				others++
			}
		}
	}
	return theirs, others
}

// step does one step, and tells how many messages it deleted.
func (p *parts) step(t *testing.T, by, of access.Caller, room chat.RoomID) (deleted int, more bool) {
	t.Helper()
	before, _ := p.left(t, by, room, of.User)
	more, err := p.eraseStep(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	after, _ := p.left(t, by, room, of.User)
	return before - after, more
}

func TestAnErasureGoesInBoundedSteps(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob, room := deactivatedWith(t, p, 2*eraseChunk+10)
	for _, want := range []int{eraseChunk, eraseChunk, 10, 0} {
		if got, more := p.step(t, ann, bob, room); got != want || !more {
			t.Fatalf("a step deleted %d, more: %v; want %d", got, more, want)
		}
	}
	if _, more := p.step(t, ann, bob, room); more {
		t.Error("it has no end")
	}
	if theirs, others := p.left(t, ann, room, bob.User); theirs != 0 || others != 11 {
		t.Errorf("%d of bob's and %d others are left, want 0 and 11", theirs, others)
	}
}

func TestAnErasureGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	first := start(t)
	ann, bob, room := deactivatedWith(t, first, 2*eraseChunk)
	if got, _ := first.step(t, ann, bob, room); got != eraseChunk {
		t.Fatalf("the first step deleted %d, want %d", got, eraseChunk)
	}
	next := first.reopened(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { next.Erase(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended })
	waitUntilErased(t, next, bob.User)
	if theirs, _ := next.left(t, ann, room, bob.User); theirs != 0 {
		t.Errorf("%d of bob's are left", theirs)
	}
}

func TestReactivatingEndsAnErasure(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob, room := deactivatedWith(t, p, 2*eraseChunk)
	p.step(t, ann, bob, room)
	if _, err := p.Reactivate(access.Caller{Operator: true}, bob.User); err != nil {
		t.Fatal(err)
	}
	if got, more := p.step(t, ann, bob, room); got != 0 || more {
		t.Errorf("a step deleted %d, more: %v", got, more)
	}
	p.says(t, p.signsIn(t, "bob"), room, "back")
	p.deactivates(t, bob) // anew, from the beginning
	if err := p.EraseAll(context.Background(), 0); err != nil {
		t.Fatal(err)
	}
	if theirs, _ := p.left(t, ann, room, bob.User); theirs != 0 {
		t.Errorf("%d of bob's are left", theirs)
	}
}

func TestARoomThatSomebodyWritesInMeanwhileIsNotErased(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	first, second := p.creates(t, bob, chat.Public, "first"), p.creates(t, bob, chat.Public, "second")
	for _, room := range []chat.RoomID{first, second} {
		p.must(t, func(tx *store.WriteTx) error { return tx.Join(room, ann.User, chat.MemberPlain, 0) })
	}
	fate := chat.Deactivation{Messages: chat.DeleteRooms}
	if _, err := p.Deactivate(access.Caller{Operator: true}, bob.User, fate); err != nil {
		t.Fatal(err)
	}
	var e, next store.Erasure
	var room chat.Room
	p.must(t, func(tx *store.WriteTx) (err error) {
		if e, err = tx.NextErasure(); err == nil {
			room, next, err = tx.NextErasedRoom(e, eraseSpan)
		}
		return err
	})
	p.says(t, ann, first, "I am here")
	p.must(t, func(tx *store.WriteTx) error { return eraseRoom(tx, e, next, room) })
	p.must(t, func(tx *store.WriteTx) error { return eraseRoom(tx, e, next, room) }) // as after an answer that got lost
	if err := p.EraseAll(context.Background(), 0); err != nil {
		t.Fatal(err)
	}
	for id, kept := range map[chat.RoomID]bool{first: true, second: false} {
		_, err := p.Room(context.Background(), ann, id)
		if (err == nil) != kept || err != nil && !chat.IsCode(err, chat.NotFound) {
			t.Errorf("room %d: got %v, want it kept: %v", id, err, kept)
		}
	}
	if _, others := p.left(t, ann, first, bob.User); others != 1 {
		t.Errorf("%d messages of ann are left", others)
	}
}

// Others' writes go between the steps: a step waits in the same queue, and is one write of it.
func TestWhoWritesDuringAnErasureIsServedBetweenItsSteps(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob, room := deactivatedWith(t, p, 3*eraseChunk)
	release := p.holdWriter(t)
	stepped := make(chan error, 1)
	go func() {
		_, err := p.eraseStep(context.Background())
		stepped <- err
	}()
	sent := make(chan chat.MessageSent, 1)
	p.Post(ann, room, draft("meanwhile"), func(m chat.MessageSent, err error) {
		if err != nil {
			t.Error(err)
		}
		sent <- m
	})
	release()
	<-sent
	if err := <-stepped; err != nil {
		t.Fatal(err)
	}
	if theirs, _ := p.left(t, ann, room, bob.User); theirs != 2*eraseChunk {
		t.Errorf("%d of bob's are left, want %d: ann did not wait for all of them", theirs, 2*eraseChunk)
	}
}

func waitUntilErased(t *testing.T, p *parts, user chat.UserID) {
	t.Helper()
	wait.Until(t, "nothing is left to delete", func() bool {
		account, err := p.Account(context.Background(), access.Caller{Operator: true}, user)
		if err != nil {
			t.Fatal(err)
		}
		return !account.Deleting
	})
}
