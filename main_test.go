// The specification of the whole program, told by people who use it.

package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"parley/chat"
	"parley/tests/harness"
)

func TestOwnerSetsUpAndOthersTalk(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general")

	annSock, bobSock := ann.Dial(t), bob.Dial(t)
	sent := annSock.Says(t, general.ID, "Hello **Bob**")
	if sent.Seq != 1 || sent.Rev != 1 {
		t.Errorf("got %+v, want the first place and the first change", sent)
	}
	m := bobSock.ExpectMessage(t)
	if m.Body != "Hello **Bob**" || m.HTML != "<p>Hello <strong>Bob</strong></p>\n" || m.AuthorID != ann.User.ID {
		t.Errorf("bob got %+v", m)
	}
	if own := annSock.ExpectMessage(t); own.ClientID != m.ClientID || own.Seq != m.Seq {
		t.Errorf("ann got %+v, want what bob got: %+v", own, m)
	}
	if got := harness.Bodies(bob.History(t, general.ID, "").Messages); !slices.Equal(got, []string{"Hello **Bob**"}) {
		t.Errorf("history is %q", got)
	}
}

func TestNobodySetsUpWithoutTheCode(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	mallory := p.Visitor(t, "mallory")
	mallory.Refused(t, chat.Forbidden, http.MethodPost, "/api/setup", chat.Setup{
		Code: "GUESS", ServerName: "Mine", NewAccount: harness.Account("mallory"),
	})
	mallory.Refused(t, chat.Forbidden, http.MethodPost, "/api/register", chat.Registering{NewAccount: harness.Account("mallory")})
	ann := p.SetUp(t)
	mallory.Refused(t, chat.AlreadySetUp, http.MethodPost, "/api/setup", chat.Setup{
		Code: p.SetupCode(), ServerName: "Mine", NewAccount: harness.Account("mallory"),
	})
	if ann.User.Role != chat.RoleOwner {
		t.Errorf("ann is %q, want the owner", ann.User.Role)
	}
	if code := p.Restart(t).SetupCode(); code != "" {
		t.Errorf("after the set-up the program still prints %q", code)
	}
}

func TestResendingGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	general := ann.Room(t, "general")
	s := ann.Dial(t)
	draft := chat.MessageSend{RoomID: general.ID, Draft: harness.Draft("once")}
	var first, second, third chat.MessageSent
	s.Ask(t, "message.send", draft, &first)
	ann.Call(t, http.MethodPatch, harness.MessagePath(general.ID, first.Seq), map[string]string{"body": "changed"}, http.StatusOK, nil)
	s.Ask(t, "message.send", draft, &second)
	ann.Post(t, harness.MessagesPath(general.ID), draft.Draft, http.StatusCreated, &third)
	if second != first || third != first {
		t.Errorf("resent: got %+v and %+v, want %+v", second, third, first)
	}
	if page := ann.History(t, general.ID, ""); len(page.Messages) != 1 {
		t.Errorf("stored %q, want one message", harness.Bodies(page.Messages))
	}
	draft.Body = "something else"
	s.AskRefused(t, chat.ClientIDReused, "message.send", draft)
}

func TestResendAfterLeavingIsStillAcknowledged(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	room := ann.Creates(t, chat.Private, "secret")
	ann.Post(t, harness.RoomPath(room.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.User.ID}}, http.StatusOK, nil)
	draft := harness.Draft("stored before the answer was lost")
	var first, again chat.MessageSent
	bob.Post(t, harness.MessagesPath(room.ID), draft, http.StatusCreated, &first)
	bob.Post(t, harness.RoomPath(room.ID)+"/leave", nil, http.StatusNoContent, nil)
	bob.Post(t, harness.MessagesPath(room.ID), draft, http.StatusCreated, &again)
	if again != first {
		t.Errorf("got %+v, want %+v", again, first)
	}
	bob.Refused(t, chat.NotFound, http.MethodPost, harness.MessagesPath(room.ID), harness.Draft("new"))
}

func TestComingBackFindsWhatWasMissed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general")
	first := ann.Says(t, general.ID, "before")

	away := bob.Dial(t)
	held := away.StateOf(t, general.ID).Rev
	if held != first.Rev {
		t.Fatalf("the welcome is at rev %d, want %d", held, first.Rev)
	}
	away.Conn.Close()
	ann.Says(t, general.ID, "while away")
	ann.Call(t, http.MethodPatch, harness.MessagePath(general.ID, first.Seq), map[string]string{"body": "edited"}, http.StatusOK, nil)
	ann.Call(t, http.MethodPut, harness.MessagePath(general.ID, 2)+"/reactions/👍", nil, http.StatusOK, nil)

	back := bob.Dial(t)
	head := back.StateOf(t, general.ID).Rev
	var changes chat.Changes
	back.Ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: general.ID, Rev: held}}}, &changes)
	missed := changes.Rooms[0]
	if missed.State != chat.ChangesPage || missed.Rev != head || missed.More {
		t.Fatalf("got %+v, want a whole page up to %d", missed, head)
	}
	if got := harness.Bodies(missed.Messages); !slices.Equal(got, []string{"edited", "while away"}) {
		t.Errorf("missed %q, want the edit and the new message", got)
	}
	if r := missed.Messages[1].Reactions; len(r) != 1 || r[0].Emoji != "👍" {
		t.Errorf("reactions are %+v", r)
	}
	ann.Says(t, general.ID, "live again")
	if m := back.ExpectMessage(t); m.Rev != head+1 {
		t.Errorf("the first live event has rev %d, want %d", m.Rev, head+1)
	}
}

func TestOutsiderGetsNothingOfAPrivateRoom(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob, eve := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "eve")
	room := ann.Creates(t, chat.Private, "secret")
	bobSock, eveSock := bob.Dial(t), eve.Dial(t)
	ann.Post(t, harness.RoomPath(room.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.User.ID}}, http.StatusOK, nil)
	var added chat.RoomAdded
	bobSock.ExpectInto(t, "room.added", &added)
	if added.Room.ID != room.ID || added.Room.MemberCount != 2 {
		t.Errorf("bob was told %+v", added)
	}
	sent := ann.Says(t, room.ID, "for members")
	if m := bobSock.ExpectMessage(t); m.Seq != sent.Seq {
		t.Errorf("bob got %+v", m)
	}
	ann.Says(t, ann.Room(t, "general").ID, "for all")
	if m := eveSock.ExpectMessage(t); m.Body != "for all" {
		t.Errorf("eve got %q", m.Body)
	}
	for _, try := range []struct{ method, path string }{
		{http.MethodGet, harness.RoomPath(room.ID)},
		{http.MethodGet, harness.MessagesPath(room.ID)},
		{http.MethodGet, harness.RoomPath(room.ID) + "/members"},
		{http.MethodPost, harness.RoomPath(room.ID) + "/join"},
		{http.MethodDelete, harness.MessagePath(room.ID, 1)},
	} {
		eve.Refused(t, chat.NotFound, try.method, try.path, nil)
	}
	eveSock.AskRefused(t, chat.NotFound, "message.send", chat.MessageSend{
		RoomID: room.ID, Draft: harness.Draft("let me in"),
	})
}

func TestRemovedMemberGetsNothingMore(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	room := ann.Creates(t, chat.Private, "secret")
	ann.Post(t, harness.RoomPath(room.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.User.ID}}, http.StatusOK, nil)
	bobSock := bob.Dial(t)
	ann.Says(t, room.ID, "still here")
	bobSock.ExpectMessage(t)

	ann.Call(t, http.MethodDelete, harness.RoomPath(room.ID)+"/members/2", nil, http.StatusNoContent, nil)
	bobSock.Expect(t, "room.removed")
	ann.Says(t, room.ID, "gone")
	ann.Says(t, ann.Room(t, "general").ID, "barrier")
	if m := bobSock.ExpectMessage(t); m.Body != "barrier" {
		t.Errorf("bob got %q after the removal", m.Body)
	}
	bob.Refused(t, chat.NotFound, http.MethodGet, harness.MessagesPath(room.ID), nil)
}

func TestSigningOutClosesTheSessionsSockets(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	phone := ann.Device(t)
	laptopSock, phoneSock := ann.Dial(t), phone.Dial(t)
	phone.Post(t, "/api/logout", nil, http.StatusNoContent, nil)
	phoneSock.Expect(t, "session.ended")
	phoneSock.ExpectClosed(t, chat.CloseSignedOut)
	phone.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	laptopSock.Settle(t)
	if ended := laptopSock.Got("session.ended"); len(ended) != 0 {
		t.Error("the other session was ended too")
	}
}

func TestAnotherPasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	thief := ann.Device(t)
	thiefSock, ownSock := thief.Dial(t), ann.Dial(t)
	ann.Refused(t, chat.WrongCredentials, http.MethodPost, "/api/me/password",
		chat.PasswordChange{Current: "not it", New: "another password"})
	ann.Post(t, "/api/me/password", chat.PasswordChange{Current: harness.GoodPassword, New: "another password"},
		http.StatusNoContent, nil)
	thiefSock.ExpectClosed(t, chat.CloseSignedOut)
	thief.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	ownSock.ExpectClosed(t, chat.CloseSignedOut) // this device has another session now
	ann.Get(t, "/api/me", nil)
	ann.Dial(t).Settle(t)
}

func TestRestartKeepsWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	general := ann.Room(t, "general")
	before := ann.Dial(t)
	ann.Says(t, general.ID, "acknowledged")
	p2 := p.Restart(t)
	before.ExpectClosed(t, chat.CloseRestart)
	ann = ann.On(p2)
	after := ann.Dial(t)
	if after.Welcome.Epoch != before.Welcome.Epoch {
		t.Error("an ordinary restart changed the epoch")
	}
	if got := harness.Bodies(ann.History(t, general.ID, "").Messages); !slices.Equal(got, []string{"acknowledged"}) {
		t.Errorf("history is %q", got)
	}
	if sent := ann.Says(t, general.ID, "next"); sent.Seq != 2 {
		t.Errorf("the next place is %d, want 2", sent.Seq)
	}
}

func TestTypingAndPresenceAreSeenByOthers(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general")
	annSock := ann.Dial(t)
	var presence chat.PresenceChanged
	annSock.Ask(t, "presence.watch", chat.PresenceWatch{UserIDs: []chat.UserID{bob.User.ID}}, &presence)
	if presence.Presence[0].State != chat.Offline || presence.Online != 1 {
		t.Fatalf("before bob came: %+v", presence)
	}
	bobSock := bob.Dial(t)
	annSock.ExpectInto(t, "presence.changed", &presence)
	if presence.Presence[0].State != chat.Online || presence.Online != 2 {
		t.Errorf("when bob came: %+v", presence)
	}
	bobSock.Ask(t, "typing.start", chat.RoomAt{RoomID: general.ID}, nil)
	var typing chat.TypingStarted
	annSock.ExpectInto(t, "typing.started", &typing)
	if typing.UserID != bob.User.ID || typing.RoomID != general.ID {
		t.Errorf("typing: %+v", typing)
	}
	bobSock.Settle(t)
	if echoed := bobSock.Got("typing.started"); len(echoed) != 0 {
		t.Error("bob was told of his own typing")
	}
	bobSock.Ask(t, "presence.set", chat.PresenceSet{State: chat.Away}, nil)
	annSock.ExpectInto(t, "presence.changed", &presence)
	if presence.Presence[0].State != chat.Away {
		t.Errorf("when bob went away: %+v", presence)
	}
	left := time.Now()
	bobSock.Conn.Close()
	annSock.ExpectInto(t, "presence.changed", &presence)
	if presence.Presence[0].State != chat.Offline || time.Since(left) < 5*time.Second {
		t.Errorf("%v after bob left: %+v", time.Since(left), presence)
	}
}

func TestAnnouncementsReachEveryoneAndOnlyAdminsPost(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	announcements := bob.Room(t, "announcements")
	bobSock := bob.Dial(t)
	ann.Says(t, announcements.ID, "tonight at eight")
	if m := bobSock.ExpectMessage(t); m.Body != "tonight at eight" {
		t.Errorf("bob got %q", m.Body)
	}
	draft := func() chat.Draft { return harness.Draft("me too") }
	bob.Refused(t, chat.Forbidden, http.MethodPost, harness.MessagesPath(announcements.ID), draft())
	bob.Refused(t, chat.Forbidden, http.MethodPost, harness.RoomPath(announcements.ID)+"/leave", nil)
	ann.Call(t, http.MethodPatch, "/api/users/2", chat.RoleChange{Role: chat.RoleAdmin}, http.StatusOK, nil)
	own := bob.Says(t, announcements.ID, "as an admin").Seq
	edit := map[string]string{"body": "edited"}
	bob.Call(t, http.MethodPatch, harness.MessagePath(announcements.ID, own), edit, http.StatusOK, nil)
	ann.Call(t, http.MethodPatch, "/api/users/2", chat.RoleChange{Role: chat.RoleMember}, http.StatusOK, nil)
	bob.Refused(t, chat.Forbidden, http.MethodPost, harness.MessagesPath(announcements.ID), draft())
	bob.Refused(t, chat.Forbidden, http.MethodPatch, harness.MessagePath(announcements.ID, own), edit)
	bob.Call(t, http.MethodDelete, harness.MessagePath(announcements.ID, own), nil, http.StatusOK, nil)
}

func TestReadPositionMovesOnTheOtherDevice(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := bob.Room(t, "general")
	phone, laptop := bob.Dial(t), bob.Device(t).Dial(t)
	ann.Says(t, general.ID, "one")
	ann.Says(t, general.ID, "two")
	if state := bob.Room(t, "general"); state.Seq-state.ReadSeq != 2 {
		t.Errorf("bob has %d unread, want 2", state.Seq-state.ReadSeq)
	}
	phone.Ask(t, "room.read", chat.RoomRead{RoomID: general.ID, ReadSeq: 2}, nil)
	var moved chat.ReadMoved
	laptop.ExpectInto(t, "read.moved", &moved)
	if moved.ReadSeq != 2 {
		t.Errorf("the laptop was told %+v", moved)
	}
	phone.Ask(t, "room.read", chat.RoomRead{RoomID: general.ID, ReadSeq: 1}, nil)
	laptop.ExpectInto(t, "read.moved", &moved)
	if moved.ReadSeq != 1 {
		t.Errorf("marked unread: the laptop was told %+v", moved)
	}
	phone.AskRefused(t, chat.Invalid, "room.read", chat.RoomRead{RoomID: general.ID, ReadSeq: 3})
	bob.Says(t, general.ID, "three")
	if state := bob.Room(t, "general"); state.ReadSeq != 3 {
		t.Errorf("posting left the read position at %d, want 3", state.ReadSeq)
	}
}

func TestDeletedMessageKeepsItsPlace(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	general := ann.Room(t, "general")
	bobSock := bob.Dial(t)
	sent := ann.Says(t, general.ID, "oops")
	bob.Call(t, http.MethodPut, harness.MessagePath(general.ID, sent.Seq)+"/reactions/👍", nil, http.StatusOK, nil)
	bob.Refused(t, chat.Forbidden, http.MethodDelete, harness.MessagePath(general.ID, sent.Seq), nil)
	bob.Refused(t, chat.Forbidden, http.MethodPatch, harness.MessagePath(general.ID, sent.Seq), map[string]string{"body": "mine"})
	var gone, again chat.MessageSent
	ann.Call(t, http.MethodDelete, harness.MessagePath(general.ID, sent.Seq), nil, http.StatusOK, &gone)
	ann.Call(t, http.MethodDelete, harness.MessagePath(general.ID, sent.Seq), nil, http.StatusOK, &again)
	if again != gone {
		t.Errorf("deleting twice: got %+v, want %+v", again, gone)
	}
	bobSock.Expect(t, "message.changed") // the reaction
	var changed chat.MessageChanged
	bobSock.ExpectInto(t, "message.changed", &changed)
	m := changed.Message
	if m.Seq != sent.Seq || m.DeletedAt == 0 || m.Body != "" || m.HTML != "" || m.Reactions != nil {
		t.Errorf("the tombstone is %+v", m)
	}
	bob.Refused(t, chat.Deleted, http.MethodPut, harness.MessagePath(general.ID, sent.Seq)+"/reactions/👍", nil)
	ann.Refused(t, chat.Deleted, http.MethodPatch, harness.MessagePath(general.ID, sent.Seq), map[string]string{"body": "back"})
	if sent := ann.Says(t, general.ID, "next"); sent.Seq != 2 {
		t.Errorf("the next message has place %d, want 2", sent.Seq)
	}
}
