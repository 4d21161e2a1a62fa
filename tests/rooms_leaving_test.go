// Leaving, hiding and archiving rooms; whose name a room has; and what others may do with one's places.

package tests

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"parley/chat"
	"parley/store"
	"parley/tests/harness"
)

func leave(t *testing.T, who *harness.Person, room chat.RoomID) {
	t.Helper()
	who.Post(t, harness.RoomPath(room)+"/leave", nil, http.StatusNoContent, nil)
}

// One person brings another into as many rooms as they can. The other still makes rooms, joins them and is
// brought into rooms by everyone else.
func TestRoomsOfOthersDoNotUseUpOnesOwn(t *testing.T) {
	t.Parallel()
	const byOne = 250
	p := harness.Start(t, "--messages-burst=100000")
	ann := p.SetUp(t)
	mallory, bob := p.SignUp(t, ann, "mallory"), p.SignUp(t, ann, "bob")
	for n := range byOne {
		mallory.Adds(t, mallory.Creates(t, chat.Private, fmt.Sprint("trap", n)).ID, ann)
	}
	more := mallory.Creates(t, chat.Private, "more")
	e := mallory.Refused(t, chat.TooManyRooms, http.MethodPost, harness.RoomPath(more.ID)+"/members",
		chat.NewMembers{UserIDs: []chat.UserID{ann.User.ID}})
	if e.Limit != byOne {
		t.Errorf("got %+v, want the limit %d", e, byOne)
	}
	mallory.Adds(t, more.ID, bob)
	bob.Adds(t, bob.Creates(t, chat.Private, "bobs").ID, ann)
	bob.Direct(t, ann)
	ann.Creates(t, chat.Private, "own")
	open := bob.Creates(t, chat.Public, "open")
	ann.Dial(t).Ask(t, "room.join", chat.RoomAt{RoomID: open.ID}, nil)

	// Who leaves one of those rooms frees the place.
	leave(t, ann, ann.Room(t, "trap0").ID)
	mallory.Adds(t, more.ID, ann)
}

// What others do fills the places for what others do, and nothing else.
func TestPlacesAreCountedByWhoTookThem(t *testing.T) {
	t.Parallel()
	const maxOwn, maxBrought, maxMade = 2000, 1000, 4000
	p := harness.Start(t, "--messages-burst=100000")
	ann := p.SetUp(t)
	bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
	open := bob.Creates(t, chat.Public, "open")
	p.Stop()
	db, err := store.Open(p.Database(), store.TellNobody)
	if err != nil {
		t.Fatal(err)
	}
	err = db.WriteAndWait(func(tx *store.WriteTx) error {
		for n := range maxBrought - 2 { // she is in those for everyone
			name := fmt.Sprint("trap", n)
			id, err := tx.AddRoom(store.NewRoom{Kind: chat.Private, Name: store.StoredName{Shown: name, Key: name}})
			if err == nil {
				err = tx.Join(id, ann.User.ID, chat.MemberPlain, bob.User.ID)
			}
			if err != nil {
				return err
			}
		}
		for n := range maxMade - 1 { // and left all of them
			name := fmt.Sprint("made", n)
			_, err := tx.AddRoom(store.NewRoom{
				Kind: chat.Private, Name: store.StoredName{Shown: name, Key: name}, Maker: carl.User.ID,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	p = harness.StartIn(t, p.Data, "--messages-burst=100000")
	ann, bob, carl = ann.On(p), bob.On(p), carl.On(p)
	for _, e := range []*chat.Error{
		carl.Refused(t, chat.TooManyRooms, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: []chat.UserID{ann.User.ID}}),
		bob.Refused(t, chat.TooManyRooms, http.MethodPost, harness.RoomPath(open.ID)+"/members",
			chat.NewMembers{UserIDs: []chat.UserID{ann.User.ID}}),
	} {
		if e.Limit != maxBrought {
			t.Errorf("got %+v, want the limit %d", e, maxBrought)
		}
	}
	ann.Post(t, harness.RoomPath(open.ID)+"/join", nil, http.StatusOK, nil)
	ann.Creates(t, chat.Private, "own")
	ann.Direct(t, bob)

	carl.Creates(t, chat.Private, "last")
	in := chat.NewRoom{Kind: chat.Private, Name: "onemore"}
	if e := carl.Refused(t, chat.TooManyRooms, http.MethodPost, "/api/rooms", in); e.Limit != maxMade {
		t.Errorf("got %+v, want the limit %d", e, maxMade)
	}
	p.CheckNumbers(t)
}

// Who leaves a group is told nothing more; the others keep the room, and the same people later make another.
func TestAGroupIsLeftAndItsPeopleMakeAnother(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	ann := p.SetUp(t)
	bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
	group := ann.Direct(t, bob, carl)
	pair := ann.Direct(t, bob)
	ann.Says(t, group.ID, "hello")
	gone, stays := carl.Dial(t), ann.Dial(t)
	gone.Ask(t, "room.leave", chat.RoomAt{RoomID: group.ID}, nil)
	var removed chat.RoomRemoved
	gone.ExpectInto(t, "room.removed", &removed)
	var left chat.MemberLeft
	stays.ExpectInto(t, "member.left", &left)
	if removed.RoomID != group.ID || left.UserID != carl.User.ID || left.MemberCount != 2 {
		t.Errorf("carl was told %+v, the others %+v", removed, left)
	}
	carl.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(group.ID), nil)
	var view chat.RoomView
	ann.Get(t, harness.RoomPath(group.ID), &view)
	if want := []chat.UserID{ann.User.ID, bob.User.ID}; !slices.Equal(view.MemberIDs, want) || view.Meta != left.Meta {
		t.Errorf("the group is %+v, want the members %v and the meta %d", view, want, left.Meta)
	}
	if again := bob.Dial(t); !slices.Equal(again.StateOf(t, group.ID).MemberIDs, view.MemberIDs) {
		t.Errorf("a socket that opens is told %+v", again.StateOf(t, group.ID))
	}
	bob.Says(t, group.ID, "still here")
	gone.Settle(t)
	if heard := gone.Got("message.added"); len(heard) != 0 {
		t.Errorf("carl heard %+v", heard)
	}

	// The pair is not the group, and the group is made anew for the same people.
	if same := ann.Direct(t, bob); same.ID != pair.ID {
		t.Errorf("the pair has the room %d, want %d", same.ID, pair.ID)
	}
	next := carl.Direct(t, ann, bob)
	if next.ID == group.ID || next.Seq != 0 || next.MemberCount != 3 {
		t.Errorf("the new group is %+v", next)
	}
	if same := ann.Direct(t, bob, carl); same.ID != next.ID {
		t.Errorf("asked again the group is %d, want %d", same.ID, next.ID)
	}
	p.CheckNumbers(t)
}

// A direct room of two is hidden instead of left, and comes back with the next message.
func TestADirectRoomOfTwoIsHidden(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	pair := ann.Direct(t, bob)
	ann.Says(t, pair.ID, "hello")
	phone, desk := bob.Dial(t), bob.Dial(t)
	phone.AskRefused(t, chat.Forbidden, "room.leave", chat.RoomAt{RoomID: pair.ID})
	var hidden, told chat.RoomHidden
	phone.Ask(t, "room.hide", chat.RoomAt{RoomID: pair.ID}, &hidden)
	desk.ExpectInto(t, "room.hidden", &told)
	if hidden.HiddenUntil != 2 || told != hidden {
		t.Errorf("hiding answered %+v, the other device was told %+v", hidden, told)
	}
	var again chat.RoomHidden
	bob.Post(t, harness.RoomPath(pair.ID)+"/hide", nil, http.StatusOK, &again)
	if again != hidden {
		t.Errorf("hiding once more answered %+v, want %+v", again, hidden)
	}
	isHidden := func(who *harness.Person) bool {
		state := who.Dial(t).StateOf(t, pair.ID)
		return state.Seq < state.HiddenUntil
	}
	if !isHidden(bob) || isHidden(ann) {
		t.Errorf("hidden for bob %v, for ann %v", isHidden(bob), isHidden(ann))
	}
	ann.Says(t, pair.ID, "are you there?")
	if isHidden(bob) {
		t.Error("the room stays hidden when something new is said")
	}
	bob.Post(t, harness.RoomPath(pair.ID)+"/hide", nil, http.StatusOK, nil)
	if opened := bob.Direct(t, ann); opened.ID != pair.ID || opened.HiddenUntil != 0 || isHidden(bob) {
		t.Errorf("asking for the room gives %+v", opened)
	}
	ann.Refused(t, chat.Forbidden, http.MethodPost, harness.RoomPath(ann.Room(t, "general").ID)+"/hide", nil)
}

// A room that nobody is in lives on as an archived one: its name is free, it can be read, and that is all.
func TestARoomThatNobodyIsInIsArchived(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	room := ann.Creates(t, chat.Public, "project")
	bob.Post(t, harness.RoomPath(room.ID)+"/join", nil, http.StatusOK, nil)
	bob.Says(t, room.ID, "hello")
	leave(t, bob, room.ID)
	leave(t, ann, room.ID)
	var view chat.RoomView
	bob.Get(t, harness.RoomPath(room.ID), &view)
	if view.ArchivedAt == 0 || view.MemberCount != 0 {
		t.Errorf("the room is %+v", view)
	}
	if page := bob.History(t, room.ID, ""); len(page.Messages) != 1 {
		t.Errorf("its history is %+v", page.Messages)
	}
	var found chat.PublicRooms
	bob.Get(t, "/api/rooms/public", &found)
	if slices.ContainsFunc(found.Rooms, func(r chat.RoomView) bool { return r.ID == room.ID }) {
		t.Error("the archived room is listed")
	}
	bob.Refused(t, chat.Archived, http.MethodPost, harness.RoomPath(room.ID)+"/join", nil)
	next := bob.Creates(t, chat.Public, "project")
	plain := ann.Plain(t)
	plain.Emit(t, "joinRoom", `{"room":"project"}`)
	plain.IsTold(t, "joinedRoom", `{"room":"project"}`)
	if got := ann.Room(t, "project"); got.ID != next.ID {
		t.Errorf("by its name the room is %d, want %d", got.ID, next.ID)
	}
}

// Whoever is deactivated is still in their rooms: a room that everybody else has left stays in use and keeps its name.
func TestARoomOfSomebodyDeactivatedIsNotArchived(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	ann := p.SetUp(t)
	bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
	room := bob.Creates(t, chat.Public, "project")
	carl.Post(t, harness.RoomPath(room.ID)+"/join", nil, http.StatusOK, nil)
	deactivates(t, ann, bob, chat.KeepMessages)
	leave(t, carl, room.ID)
	var view chat.RoomView
	carl.Get(t, harness.RoomPath(room.ID), &view)
	if view.ArchivedAt != 0 || view.MemberCount != 1 {
		t.Errorf("the room is %+v, want it in use with one member", view)
	}
	carl.Refused(t, chat.NameTaken, http.MethodPost, "/api/rooms", chat.NewRoom{Kind: chat.Public, Name: "project"})
	ann.Post(t, userPath(bob, "/reactivate"), nil, http.StatusOK, nil)
	bob.Device(t).Says(t, room.ID, "back")
}

// The names of private rooms are nobody else's matter: they are free for everyone, and nobody can tell whether
// one is used. Who names a room means their own, and those that they came into by themselves first.
func TestPrivateNamesCollideWithNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, harness.Unlimited...)
	ann := p.SetUp(t)
	bob, eve := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "eve")
	secret := ann.Creates(t, chat.Private, "secret")
	ann.Adds(t, secret.ID, bob)
	same := eve.Creates(t, chat.Private, "secret")
	open := eve.Creates(t, chat.Public, "secret")
	other := eve.Creates(t, chat.Public, "other")
	rename := func(who *harness.Person, room chat.RoomID, name string) int {
		status, _ := who.Try(t, http.MethodPatch, harness.RoomPath(room), map[string]string{"name": name})
		return status
	}
	if status := rename(eve, other.ID, "SECRET"); status != http.StatusConflict {
		t.Errorf("the name of another public room: status %d", status)
	}
	if status := rename(eve, other.ID, "announcements"); status != http.StatusConflict {
		t.Errorf("the name of the announcements: status %d", status)
	}
	if status := rename(eve, same.ID, "general"); status != http.StatusOK {
		t.Errorf("a private room with the name of a public one: status %d", status)
	}
	bob.Creates(t, chat.Private, "hidden")
	if status := rename(eve, other.ID, "hidden"); status != http.StatusOK {
		t.Errorf("a public room with the name of a private one: status %d", status)
	}

	// Eve makes a room with the name of ann's, and brings ann in. Ann's messages still go to her own.
	eve.Adds(t, open.ID, ann)
	says := func(who *harness.Person, name string, want chat.RoomID) {
		t.Helper()
		before := who.History(t, want, "").Seq
		plain := who.Plain(t)
		plain.Answer(t, plain.Send(t, "roomMessage", map[string]string{"room": name, "message": "hello"}))
		if after := who.History(t, want, "").Seq; after != before+1 {
			t.Errorf("%s, naming %q, posted somewhere else than in %d", who.Name, name, want)
		}
	}
	says(ann, "secret", secret.ID)
	says(bob, "secret", secret.ID)
	says(eve, "secret", open.ID)
}
