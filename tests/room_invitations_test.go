// Being asked before others bring one into a room: what somebody gets in place of a membership, what they answer,
// and who can tell.

package tests

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

func invitationPath(room chat.RoomID, answer string) string {
	return fmt.Sprintf("/api/me/room-invitations/%d/%s", room, answer)
}

// adds brings people into a room, and gives who was asked.
func adds(t *testing.T, who *harness.Person, room chat.RoomID, others ...*harness.Person) chat.MembersAdded {
	t.Helper()
	var in chat.NewMembers
	for _, other := range others {
		in.UserIDs = append(in.UserIDs, other.User.ID)
	}
	var done chat.MembersAdded
	who.Post(t, harness.RoomPath(room)+"/members", in, http.StatusOK, &done)
	return done
}

func invitationsOf(t *testing.T, who *harness.Person) []chat.RoomInvitation {
	t.Helper()
	var list chat.RoomInvitations
	who.Get(t, "/api/me/room-invitations", &list)
	return list.RoomInvitations
}

func ids(people ...*harness.Person) (list []chat.UserID) {
	for _, who := range people {
		list = append(list, who.User.ID)
	}
	return list
}

// asking is ann, bob, who is brought in at once, and dora, who is asked first.
func asking(t *testing.T) (p *harness.Program, ann, bob, dora *harness.Person) {
	t.Helper()
	p = harness.Start(t, harness.Unlimited...)
	ann = p.SetUp(t)
	bob, dora = p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "dora")
	dora.Asks(t, chat.AddingAsk)
	return p, ann, bob, dora
}

func TestWhoWantsToBeAskedIsNoMemberUntilTheyAccept(t *testing.T) {
	t.Parallel()
	p, ann, bob, dora := asking(t)
	room := ann.Creates(t, chat.Private, "secret")
	ann.Says(t, room.ID, "before")
	phone, desk := dora.Dial(t), dora.Device(t).Dial(t)
	if phone.Welcome.Adding != chat.AddingAsk || bob.Dial(t).Welcome.Adding != chat.AddingAnyone {
		t.Errorf("the welcome says %q", phone.Welcome.Adding)
	}

	done := adds(t, ann, room.ID, bob, dora)
	if !slices.Equal(done.Added, ids(bob)) || !slices.Equal(done.Asked, ids(dora)) {
		t.Errorf("got %+v", done)
	}
	for _, s := range []*harness.Sock{phone, desk} {
		var got chat.RoomInvitationAdded
		s.ExpectInto(t, "room_invitation.added", &got)
		i := got.RoomInvitation
		if i.RoomID != room.ID || i.Kind != chat.Private || i.Name != "secret" || i.InvitedBy != ann.User.ID ||
			i.CreatedAt == 0 || i.MemberIDs != nil || got.UserRev != phone.Welcome.UserRev+1 {
			t.Errorf("got %+v", got)
		}
	}
	if w := dora.Dial(t).Welcome; len(w.RoomInvitations) != 1 || w.RoomInvitations[0].RoomID != room.ID ||
		len(w.Rooms) != len(phone.Welcome.Rooms) {
		t.Errorf("the welcome has %+v, and %d rooms", w.RoomInvitations, len(w.Rooms))
	}

	ann.Says(t, room.ID, "meanwhile")
	adds(t, bob, room.ID, dora) // asks nothing a second time
	ann.Call(t, http.MethodPatch, harness.RoomPath(room.ID), map[string]string{"topic": "hidden"}, http.StatusOK, nil)
	var members chat.Members
	if ann.Get(t, harness.RoomPath(room.ID)+"/members", &members); len(members.Members) != 2 {
		t.Errorf("the members are %+v", members.Members)
	}
	dora.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(room.ID), nil)
	dora.Refused(t, chat.NotFound, http.MethodGet, harness.MessagesPath(room.ID), nil)
	phone.Settle(t)
	for _, event := range []string{"message.added", "room.changed", "member.joined", "room.added"} {
		if got := phone.Got(event); len(got) > 0 {
			t.Errorf("dora is told %s: %s", event, got[0].Data)
		}
	}
	if got := phone.Got("room_invitation.added"); len(got) > 0 {
		t.Errorf("dora is asked again: %s", got[0].Data)
	}

	theirs := bob.Dial(t)
	var state, again chat.RoomState
	phone.Ask(t, "room_invitation.accept", chat.RoomAt{RoomID: room.ID}, &state)
	dora.Post(t, invitationPath(room.ID, "accept"), nil, http.StatusOK, &again)
	if state.ID != room.ID || state.Role != chat.MemberPlain || again.ID != room.ID {
		t.Errorf("got %+v and %+v", state, again)
	}
	var removed chat.RoomInvitationRemoved
	if desk.ExpectInto(t, "room_invitation.removed", &removed); removed.RoomID != room.ID {
		t.Errorf("got %+v", removed)
	}
	desk.Expect(t, "room.added")
	theirs.Expect(t, "member.joined")
	ann.Says(t, room.ID, "after")
	desk.Expect(t, "message.added")
	if list := invitationsOf(t, dora); len(list) > 0 {
		t.Errorf("dora is still asked %+v", list)
	}
	p.CheckNumbers(t)
}

// The setting is the person's own, and reaches their devices only.
func TestSomebodyWhoIsNamedTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	_, ann, bob, dora := asking(t)
	room := ann.Creates(t, chat.Private, "secret").ID
	done := adds(t, ann, room, dora, bob, dora, ann, bob)
	if !slices.Equal(done.Added, ids(bob, ann)) || !slices.Equal(done.Asked, ids(dora)) {
		t.Errorf("got %+v, want each person once", done)
	}
	sock := ann.Dial(t)
	var now chat.PresenceChanged
	sock.Ask(t, "presence.watch", chat.PresenceWatch{UserIDs: ids(bob, dora, bob)}, &now)
	if len(now.Presence) != 2 {
		t.Errorf("got %+v, want the states of two", now.Presence)
	}
}

func TestWhoMayAddIsAPersonsOwnSetting(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	phone, others := bob.Dial(t), ann.Dial(t)
	adding := func() chat.Adding {
		var me chat.SignedIn
		bob.Get(t, "/api/me", &me)
		return me.Adding
	}
	if got := adding(); got != chat.AddingAnyone {
		t.Errorf("at first it is %q", got)
	}
	bob.Asks(t, chat.AddingAsk)
	bob.Asks(t, chat.AddingAsk)
	var changed chat.AddingChanged
	phone.ExpectInto(t, "adding.changed", &changed)
	if changed.Adding != chat.AddingAsk || changed.UserRev != phone.Welcome.UserRev+1 || adding() != chat.AddingAsk {
		t.Errorf("got %+v", changed)
	}
	for _, s := range []*harness.Sock{phone, others} {
		s.Settle(t)
		for _, event := range []string{"adding.changed", "user.changed"} {
			if got := s.Got(event); len(got) > 0 {
				t.Errorf("told %s: %s", event, got[0].Data)
			}
		}
	}
	bob.Refused(t, chat.Invalid, http.MethodPatch, "/api/me", map[string]string{"adding": "nobody"})
	bob.Call(t, http.MethodPatch, "/api/me", map[string]string{"display_name": "Bob B."}, http.StatusOK, nil)
	others.Expect(t, "user.changed")
	if adding() != chat.AddingAsk {
		t.Error("another display name changes who may add")
	}
}

func TestNobodyIsToldThatSomebodyDeclinedAndNobodyAsksAgain(t *testing.T) {
	t.Parallel()
	_, ann, bob, dora := asking(t)
	room := ann.Creates(t, chat.Private, "secret")
	adds(t, ann, room.ID, bob)
	adds(t, bob, room.ID, dora)
	anns, bobs, phone := ann.Dial(t), bob.Dial(t), dora.Dial(t)
	dora.Post(t, invitationPath(room.ID, "decline"), nil, http.StatusNoContent, nil)
	phone.Expect(t, "room_invitation.removed")
	phone.Ask(t, "room_invitation.decline", chat.RoomAt{RoomID: room.ID}, nil)
	dora.Refused(t, chat.NotFound, http.MethodPost, invitationPath(room.ID, "accept"), nil)
	dora.Refused(t, chat.NotFound, http.MethodPost, invitationPath(12345, "decline"), nil)

	for _, who := range []*harness.Person{ann, bob, ann} {
		if done := adds(t, who, room.ID, dora); !slices.Equal(done.Asked, ids(dora)) || len(done.Added) > 0 {
			t.Errorf("%s is answered %+v, want what was answered before", who.Name, done)
		}
	}
	bob.Call(t, http.MethodPost, harness.RoomPath(room.ID)+"/leave", nil, http.StatusNoContent, nil)
	adds(t, ann, room.ID, bob)
	adds(t, bob, room.ID, dora) // leaving and coming back does not help
	for name, s := range map[string]*harness.Sock{"ann": anns, "bob": bobs, "dora": phone} {
		s.Settle(t)
		for _, event := range []string{"room_invitation.added", "room_invitation.removed"} {
			if got := s.Got(event); len(got) > 0 {
				t.Errorf("%s is told %s: %s", name, event, got[0].Data)
			}
		}
	}
	if list := invitationsOf(t, dora); len(list) > 0 {
		t.Errorf("dora is asked %+v", list)
	}
	dora.Asks(t, chat.AddingAnyone)
	if done := adds(t, ann, room.ID, dora); !slices.Equal(done.Added, ids(dora)) {
		t.Errorf("who does not want to be asked any more: %+v", done)
	}
}

// An invitation stands as long as whoever asks may add people, and the room is in use.
func TestAnInvitationEndsWithTheRightToAsk(t *testing.T) {
	t.Parallel()
	p, ann, bob, dora := asking(t)
	member := func(room chat.RoomID, who *harness.Person) string {
		return fmt.Sprintf("%s/members/%d", harness.RoomPath(room), who.User.ID)
	}
	for name, c := range map[string]struct {
		end    func(t *testing.T, room chat.RoomID)
		joined bool
	}{
		"the inviter leaves": {end: func(t *testing.T, room chat.RoomID) { leave(t, bob, room) }},
		"the inviter is removed": {end: func(t *testing.T, room chat.RoomID) {
			ann.Call(t, http.MethodDelete, member(room, bob), nil, http.StatusNoContent, nil)
		}},
		"the inviter is taken out": {end: func(t *testing.T, room chat.RoomID) {
			ann.Call(t, http.MethodDelete, "/api/server"+member(room, bob)[len("/api"):], nil, http.StatusNoContent, nil)
		}},
		"the room is archived": {end: func(t *testing.T, room chat.RoomID) {
			ann.Call(t, http.MethodPatch, harness.RoomPath(room), map[string]bool{"archived": true}, http.StatusOK, nil)
			ann.Call(t, http.MethodPatch, harness.RoomPath(room), map[string]bool{"archived": false}, http.StatusOK, nil)
		}},
		"the room is deleted": {end: func(t *testing.T, room chat.RoomID) {
			ann.Call(t, http.MethodDelete, "/api/server"+harness.RoomPath(room)[len("/api"):], nil, http.StatusNoContent, nil)
		}},
		"dora blocks the inviter": {end: func(t *testing.T, _ chat.RoomID) {
			dora.Call(t, http.MethodPut, blockPath(bob), nil, http.StatusOK, nil)
			dora.Call(t, http.MethodDelete, blockPath(bob), nil, http.StatusOK, nil)
		}},
		"dora joins by herself": {joined: true, end: func(t *testing.T, room chat.RoomID) {
			dora.Post(t, harness.RoomPath(room)+"/join", nil, http.StatusOK, nil)
		}},
		"the inviter is deactivated": {end: func(t *testing.T, _ chat.RoomID) {
			deactivates(t, ann, bob, chat.KeepMessages)
			ann.Post(t, userPath(bob, "/reactivate"), nil, http.StatusOK, nil)
			bob = bob.Device(t)
		}},
	} {
		room := ann.Creates(t, chat.Public, fmt.Sprint("room", len(name)))
		adds(t, ann, room.ID, bob)
		adds(t, bob, room.ID, dora)
		phone := dora.Dial(t)
		if len(phone.Welcome.RoomInvitations) != 1 {
			t.Fatalf("%s: at first dora is asked %+v", name, phone.Welcome.RoomInvitations)
		}
		c.end(t, room.ID)
		phone.Expect(t, "room_invitation.removed")
		if c.joined {
			phone.Expect(t, "room.added")
			leave(t, dora, room.ID)
		}
		if list := invitationsOf(t, dora); len(list) > 0 {
			t.Errorf("%s: dora is asked %+v", name, list)
		}
		dora.Refused(t, chat.NotFound, http.MethodPost, invitationPath(room.ID, "accept"), nil)
	}
	p.CheckNumbers(t)
}

func TestABlockedPersonAsksNobody(t *testing.T) {
	t.Parallel()
	_, ann, bob, dora := asking(t)
	room := bob.Creates(t, chat.Private, "bobs")
	dora.Call(t, http.MethodPut, blockPath(bob), nil, http.StatusOK, nil)
	in := chat.NewMembers{UserIDs: ids(dora)}
	bob.Refused(t, chat.Forbidden, http.MethodPost, harness.RoomPath(room.ID)+"/members", in)
	bob.Refused(t, chat.Forbidden, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: ids(dora, ann)})
	if list := invitationsOf(t, dora); len(list) > 0 {
		t.Errorf("dora is asked %+v", list)
	}
}

// A group of three or more is for all of its people from the beginning, and those who want to be asked come in
// when they accept. Writing to one person is not adding.
func TestAGroupIsForThoseWhoAreAskedToo(t *testing.T) {
	t.Parallel()
	p, ann, bob, dora := asking(t)
	ann.Says(t, ann.Direct(t, dora).ID, "hello dora")
	everyone := ids(ann, bob, dora)
	make := func(by *harness.Person, others ...*harness.Person) (room chat.DirectRoom) {
		t.Helper()
		by.Post(t, "/api/directs", chat.NewDirect{UserIDs: ids(others...)}, http.StatusOK, &room)
		return room
	}
	phone := dora.Dial(t)
	group := make(ann, bob, dora)
	if !slices.Equal(group.MemberIDs, everyone) || group.MemberCount != 2 || !slices.Equal(group.Asked, ids(dora)) {
		t.Errorf("got %+v", group)
	}
	var asked chat.RoomInvitationAdded
	phone.ExpectInto(t, "room_invitation.added", &asked)
	if i := asked.RoomInvitation; i.Kind != chat.Direct || !slices.Equal(i.MemberIDs, everyone) || i.Name != "" {
		t.Errorf("got %+v", i)
	}
	ann.Says(t, group.ID, "for three")
	dora.Refused(t, chat.NotFound, http.MethodGet, harness.MessagesPath(group.ID), nil)
	if again := make(bob, ann, dora); again.ID != group.ID || !slices.Equal(again.Asked, ids(dora)) {
		t.Errorf("the same people get %+v", again)
	}
	dora.Post(t, invitationPath(group.ID, "decline"), nil, http.StatusNoContent, nil)
	if again := make(ann, bob, dora); again.ID != group.ID || !slices.Equal(again.Asked, ids(dora)) || again.MemberCount != 2 {
		t.Errorf("after dora declined, ann gets %+v", again)
	}
	if in := make(dora, ann, bob); in.ID != group.ID || in.MemberCount != 3 || in.Asked != nil {
		t.Errorf("dora, who asks for it herself, gets %+v", in)
	}

	carl := p.SignUp(t, ann, "carl")
	carl.Asks(t, chat.AddingAsk)
	other := make(ann, bob, carl)
	bobs := bob.Dial(t)
	leave(t, ann, other.ID)
	var changed chat.RoomChanged
	bobs.Expect(t, "member.left")
	bobs.ExpectInto(t, "room.changed", &changed)
	if !slices.Equal(changed.Room.MemberIDs, ids(bob)) {
		t.Errorf("after ann left the group is for %v", changed.Room.MemberIDs)
	}
	if list := invitationsOf(t, carl); len(list) > 0 {
		t.Errorf("carl is asked %+v", list)
	}
	if w := bob.Dial(t).Welcome; !slices.ContainsFunc(w.Rooms, func(r chat.RoomState) bool {
		return r.ID == other.ID && slices.Equal(r.MemberIDs, ids(bob)) && r.Meta == changed.Room.Meta
	}) {
		t.Errorf("the welcome has %+v", w.Rooms)
	}
	p.CheckNumbers(t)
}

// askedInto is who the list of a room says is asked.
func askedInto(t *testing.T, who *harness.Person, room chat.RoomID) []chat.UserID {
	t.Helper()
	var list chat.Asked
	who.Get(t, harness.RoomPath(room)+"/asked", &list)
	return list.UserIDs
}

func TestTheOneWhoIsAskedLearnsTheNewNameOfTheRoom(t *testing.T) {
	t.Parallel()
	_, ann, _, dora := asking(t)
	room := ann.Creates(t, chat.Private, "secret")
	adds(t, ann, room.ID, dora)
	phone := dora.Dial(t)
	first := phone.Welcome.RoomInvitations[0]
	change := func(what, value string) {
		ann.Call(t, http.MethodPatch, harness.RoomPath(room.ID), map[string]string{what: value}, http.StatusOK, nil)
	}
	change("topic", "nobody who is asked learns of it")
	change("name", "open")
	var again chat.RoomInvitationAdded
	phone.ExpectInto(t, "room_invitation.added", &again)
	first.Name = "open"
	if got := again.RoomInvitation; got.RoomID != first.RoomID || got.Name != "open" || got.CreatedAt != first.CreatedAt ||
		got.InvitedBy != first.InvitedBy || again.UserRev != phone.Welcome.UserRev+1 {
		t.Errorf("got %+v, want %+v", again, first)
	}
	dora.Post(t, invitationPath(room.ID, "decline"), nil, http.StatusNoContent, nil)
	change("name", "shut")
	phone.Expect(t, "room_invitation.removed")
	phone.Settle(t)
	if got := phone.Got("room_invitation.added"); len(got) > 0 {
		t.Errorf("who declined is told %s", got[0].Data)
	}
}

// The people of a room see who is asked, and never who declined.
func TestTheListOfThoseWhoAreAskedDoesNotTellWhoDeclined(t *testing.T) {
	t.Parallel()
	p, ann, bob, dora := asking(t)
	emil := p.SignUp(t, ann, "emil")
	emil.Asks(t, chat.AddingAsk)
	room := ann.Creates(t, chat.Private, "secret")
	want := func(when string, people ...*harness.Person) {
		t.Helper()
		if got := askedInto(t, ann, room.ID); !slices.Equal(got, ids(people...)) {
			t.Errorf("%s: %v are asked, want %v", when, got, ids(people...))
		}
	}
	want("at first")
	adds(t, ann, room.ID, bob)
	adds(t, bob, room.ID, dora, emil)
	want("then", dora, emil)
	dora.Post(t, invitationPath(room.ID, "decline"), nil, http.StatusNoContent, nil)
	want("when one declined", dora, emil)
	bob.Post(t, harness.RoomPath(room.ID)+"/leave", nil, http.StatusNoContent, nil)
	want("when whoever asked left")
	adds(t, ann, room.ID, dora, emil)
	want("when somebody else asks", dora, emil)
	if list := invitationsOf(t, dora); len(list) > 0 {
		t.Errorf("who declined is asked %+v", list)
	}
	emil.Post(t, invitationPath(room.ID, "accept"), nil, http.StatusOK, nil)
	want("when one accepted", dora)
	dora.Refused(t, chat.NotFound, http.MethodGet, harness.RoomPath(room.ID)+"/asked", nil)
}
