//go:build unported

// The specification of the whole program, told by people who use it.

package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"parley/chat"
)

func TestOwnerSetsUpAndOthersTalk(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	bob := p.signUp(t, ann, "bob")
	general := ann.room(t, "general")

	annSock, bobSock := ann.dial(t), bob.dial(t)
	sent := annSock.says(t, general.ID, "Hello **Bob**")
	if sent.Seq != 1 || sent.Rev != 1 {
		t.Errorf("got %+v, want the first place and the first change", sent)
	}
	m := bobSock.expectMessage(t)
	if m.Body != "Hello **Bob**" || m.HTML != "<p>Hello <strong>Bob</strong></p>\n" || m.AuthorID != ann.user.ID {
		t.Errorf("bob got %+v", m)
	}
	if own := annSock.expectMessage(t); own.ClientID != m.ClientID || own.Seq != m.Seq {
		t.Errorf("ann got %+v, want what bob got: %+v", own, m)
	}
	if got := bodies(bob.history(t, general.ID, "").Messages); !slices.Equal(got, []string{"Hello **Bob**"}) {
		t.Errorf("history is %q", got)
	}
}

func TestNobodySetsUpWithoutTheCode(t *testing.T) {
	t.Parallel()
	p := start(t)
	mallory := p.visitor(t, "mallory")
	mallory.refused(t, chat.Forbidden, http.MethodPost, "/api/setup", chat.Setup{
		Code: "GUESS", ServerName: "Mine", NewAccount: account("mallory"),
	})
	mallory.refused(t, chat.Forbidden, http.MethodPost, "/api/register", chat.Registering{NewAccount: account("mallory")})
	ann := p.setUp(t)
	mallory.refused(t, chat.AlreadySetUp, http.MethodPost, "/api/setup", chat.Setup{
		Code: p.setupCode(t), ServerName: "Mine", NewAccount: account("mallory"),
	})
	if ann.user.Role != chat.RoleOwner {
		t.Errorf("ann is %q, want the owner", ann.user.Role)
	}
	if code := setupLink.FindString(p.restart(t).output.String()); code != "" {
		t.Errorf("after the set-up the program still prints %q", code)
	}
}

func TestResendingGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	general := ann.room(t, "general")
	s := ann.dial(t)
	draft := chat.MessageSend{RoomID: general.ID, Draft: chat.Draft{ClientID: newClientID(), Body: "once"}}
	var first, second, third chat.MessageSent
	s.ask(t, "message.send", draft, &first)
	ann.call(t, http.MethodPatch, messagePath(general.ID, first.Seq), map[string]string{"body": "changed"}, http.StatusOK, nil)
	s.ask(t, "message.send", draft, &second)
	ann.post(t, messagesPath(general.ID), draft.Draft, http.StatusCreated, &third)
	if second != first || third != first {
		t.Errorf("resent: got %+v and %+v, want %+v", second, third, first)
	}
	if page := ann.history(t, general.ID, ""); len(page.Messages) != 1 {
		t.Errorf("stored %q, want one message", bodies(page.Messages))
	}
	draft.Body = "something else"
	s.askRefused(t, chat.ClientIDReused, "message.send", draft)
}

func TestResendAfterLeavingIsStillAcknowledged(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	bob := p.signUp(t, ann, "bob")
	room := ann.creates(t, chat.Private, "secret")
	ann.post(t, roomPath(room.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.user.ID}}, http.StatusNoContent, nil)
	draft := chat.Draft{ClientID: newClientID(), Body: "stored before the answer was lost"}
	var first, again chat.MessageSent
	bob.post(t, messagesPath(room.ID), draft, http.StatusCreated, &first)
	bob.post(t, roomPath(room.ID)+"/leave", nil, http.StatusNoContent, nil)
	bob.post(t, messagesPath(room.ID), draft, http.StatusCreated, &again)
	if again != first {
		t.Errorf("got %+v, want %+v", again, first)
	}
	bob.refused(t, chat.NotFound, http.MethodPost, messagesPath(room.ID), chat.Draft{ClientID: newClientID(), Body: "new"})
}

func TestComingBackFindsWhatWasMissed(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	bob := p.signUp(t, ann, "bob")
	general := ann.room(t, "general")
	first := ann.says(t, general.ID, "before")

	away := bob.dial(t)
	held := away.stateOf(t, general.ID).Rev
	if held != first.Rev {
		t.Fatalf("the welcome is at rev %d, want %d", held, first.Rev)
	}
	away.conn.Close()
	ann.says(t, general.ID, "while away")
	ann.call(t, http.MethodPatch, messagePath(general.ID, first.Seq), map[string]string{"body": "edited"}, http.StatusOK, nil)
	ann.call(t, http.MethodPut, messagePath(general.ID, 2)+"/reactions/👍", nil, http.StatusOK, nil)

	back := bob.dial(t)
	head := back.stateOf(t, general.ID).Rev
	var changes chat.Changes
	back.ask(t, "room.changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: general.ID, Rev: held}}}, &changes)
	missed := changes.Rooms[0]
	if missed.State != chat.ChangesPage || missed.Rev != head || missed.More {
		t.Fatalf("got %+v, want a whole page up to %d", missed, head)
	}
	if got := bodies(missed.Messages); !slices.Equal(got, []string{"edited", "while away"}) {
		t.Errorf("missed %q, want the edit and the new message", got)
	}
	if r := missed.Messages[1].Reactions; len(r) != 1 || r[0].Emoji != "👍" {
		t.Errorf("reactions are %+v", r)
	}
	ann.says(t, general.ID, "live again")
	if m := back.expectMessage(t); m.Rev != head+1 {
		t.Errorf("the first live event has rev %d, want %d", m.Rev, head+1)
	}
}

func TestOutsiderGetsNothingOfAPrivateRoom(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	bob, eve := p.signUp(t, ann, "bob"), p.signUp(t, ann, "eve")
	room := ann.creates(t, chat.Private, "secret")
	bobSock, eveSock := bob.dial(t), eve.dial(t)
	ann.post(t, roomPath(room.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.user.ID}}, http.StatusNoContent, nil)
	var added chat.RoomAdded
	bobSock.expectInto(t, "room.added", &added)
	if added.Room.ID != room.ID || added.Room.MemberCount != 2 {
		t.Errorf("bob was told %+v", added)
	}
	sent := ann.says(t, room.ID, "for members")
	if m := bobSock.expectMessage(t); m.Seq != sent.Seq {
		t.Errorf("bob got %+v", m)
	}
	ann.says(t, ann.room(t, "general").ID, "for all")
	if m := eveSock.expectMessage(t); m.Body != "for all" {
		t.Errorf("eve got %q", m.Body)
	}
	for _, try := range []struct{ method, path string }{
		{http.MethodGet, roomPath(room.ID)},
		{http.MethodGet, messagesPath(room.ID)},
		{http.MethodGet, roomPath(room.ID) + "/members"},
		{http.MethodPost, roomPath(room.ID) + "/join"},
		{http.MethodDelete, messagePath(room.ID, 1)},
	} {
		eve.refused(t, chat.NotFound, try.method, try.path, nil)
	}
	eveSock.askRefused(t, chat.NotFound, "message.send", chat.MessageSend{
		RoomID: room.ID, Draft: chat.Draft{ClientID: newClientID(), Body: "let me in"},
	})
}

func TestRemovedMemberGetsNothingMore(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	bob := p.signUp(t, ann, "bob")
	room := ann.creates(t, chat.Private, "secret")
	ann.post(t, roomPath(room.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.user.ID}}, http.StatusNoContent, nil)
	bobSock := bob.dial(t)
	ann.says(t, room.ID, "still here")
	bobSock.expectMessage(t)

	ann.call(t, http.MethodDelete, roomPath(room.ID)+"/members/2", nil, http.StatusNoContent, nil)
	bobSock.expect(t, "room.removed")
	ann.says(t, room.ID, "gone")
	ann.says(t, ann.room(t, "general").ID, "barrier")
	if m := bobSock.expectMessage(t); m.Body != "barrier" {
		t.Errorf("bob got %q after the removal", m.Body)
	}
	bob.refused(t, chat.NotFound, http.MethodGet, messagesPath(room.ID), nil)
}

func TestSigningOutClosesTheSessionsSockets(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	phone := ann.device(t)
	laptopSock, phoneSock := ann.dial(t), phone.dial(t)
	phone.post(t, "/api/logout", nil, http.StatusNoContent, nil)
	phoneSock.expect(t, "session.ended")
	phoneSock.expectClosed(t, chat.CloseSignedOut)
	phone.refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	laptopSock.settle(t)
	if ended := laptopSock.got("session.ended"); len(ended) != 0 {
		t.Error("the other session was ended too")
	}
}

func TestAnotherPasswordEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	thief := ann.device(t)
	thiefSock, ownSock := thief.dial(t), ann.dial(t)
	ann.refused(t, chat.WrongCredentials, http.MethodPost, "/api/me/password",
		chat.PasswordChange{Current: "not it", New: "another password"})
	ann.post(t, "/api/me/password", chat.PasswordChange{Current: goodPassword, New: "another password"},
		http.StatusNoContent, nil)
	thiefSock.expectClosed(t, chat.CloseSignedOut)
	thief.refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	ownSock.settle(t)
	ann.get(t, "/api/me", nil)
}

func TestRestartKeepsWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	general := ann.room(t, "general")
	before := ann.dial(t)
	ann.says(t, general.ID, "acknowledged")
	p2 := p.restart(t)
	before.expectClosed(t, chat.CloseRestart)
	ann = ann.on(p2)
	after := ann.dial(t)
	if after.welcome.Epoch != before.welcome.Epoch {
		t.Error("an ordinary restart changed the epoch")
	}
	if got := bodies(ann.history(t, general.ID, "").Messages); !slices.Equal(got, []string{"acknowledged"}) {
		t.Errorf("history is %q", got)
	}
	if sent := ann.says(t, general.ID, "next"); sent.Seq != 2 {
		t.Errorf("the next place is %d, want 2", sent.Seq)
	}
}

func TestTypingAndPresenceAreSeenByOthers(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	bob := p.signUp(t, ann, "bob")
	general := ann.room(t, "general")
	annSock := ann.dial(t)
	var presence chat.PresenceChanged
	annSock.ask(t, "presence.watch", chat.PresenceWatch{UserIDs: []chat.UserID{bob.user.ID}}, &presence)
	if presence.Presence[0].State != chat.Offline || presence.Online != 1 {
		t.Fatalf("before bob came: %+v", presence)
	}
	bobSock := bob.dial(t)
	annSock.expectInto(t, "presence.changed", &presence)
	if presence.Presence[0].State != chat.Online || presence.Online != 2 {
		t.Errorf("when bob came: %+v", presence)
	}
	bobSock.ask(t, "typing.start", chat.RoomAt{RoomID: general.ID}, nil)
	var typing chat.TypingStarted
	annSock.expectInto(t, "typing.started", &typing)
	if typing.UserID != bob.user.ID || typing.RoomID != general.ID {
		t.Errorf("typing: %+v", typing)
	}
	bobSock.settle(t)
	if echoed := bobSock.got("typing.started"); len(echoed) != 0 {
		t.Error("bob was told of his own typing")
	}
	bobSock.ask(t, "presence.set", chat.PresenceSet{State: chat.Away}, nil)
	annSock.expectInto(t, "presence.changed", &presence)
	if presence.Presence[0].State != chat.Away {
		t.Errorf("when bob went away: %+v", presence)
	}
	left := time.Now()
	bobSock.conn.Close()
	annSock.expectInto(t, "presence.changed", &presence)
	if presence.Presence[0].State != chat.Offline || time.Since(left) < offlineAfter {
		t.Errorf("%v after bob left: %+v", time.Since(left), presence)
	}
}

func TestAnnouncementsReachEveryoneAndOnlyAdminsPost(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	bob := p.signUp(t, ann, "bob")
	announcements := bob.room(t, "announcements")
	bobSock := bob.dial(t)
	ann.says(t, announcements.ID, "tonight at eight")
	if m := bobSock.expectMessage(t); m.Body != "tonight at eight" {
		t.Errorf("bob got %q", m.Body)
	}
	draft := func() chat.Draft { return chat.Draft{ClientID: newClientID(), Body: "me too"} }
	bob.refused(t, chat.Forbidden, http.MethodPost, messagesPath(announcements.ID), draft())
	bob.refused(t, chat.Forbidden, http.MethodPost, roomPath(announcements.ID)+"/leave", nil)
	ann.call(t, http.MethodPatch, "/api/users/2", chat.RoleChange{Role: chat.RoleAdmin}, http.StatusOK, nil)
	own := bob.says(t, announcements.ID, "as an admin").Seq
	edit := map[string]string{"body": "edited"}
	bob.call(t, http.MethodPatch, messagePath(announcements.ID, own), edit, http.StatusOK, nil)
	ann.call(t, http.MethodPatch, "/api/users/2", chat.RoleChange{Role: chat.RoleMember}, http.StatusOK, nil)
	bob.refused(t, chat.Forbidden, http.MethodPost, messagesPath(announcements.ID), draft())
	bob.refused(t, chat.Forbidden, http.MethodPatch, messagePath(announcements.ID, own), edit)
	bob.call(t, http.MethodDelete, messagePath(announcements.ID, own), nil, http.StatusOK, nil)
}

func TestReadPositionMovesOnTheOtherDevice(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	bob := p.signUp(t, ann, "bob")
	general := bob.room(t, "general")
	phone, laptop := bob.dial(t), bob.device(t).dial(t)
	ann.says(t, general.ID, "one")
	ann.says(t, general.ID, "two")
	if state := bob.room(t, "general"); state.Seq-state.ReadSeq != 2 {
		t.Errorf("bob has %d unread, want 2", state.Seq-state.ReadSeq)
	}
	phone.ask(t, "room.read", chat.RoomRead{RoomID: general.ID, ReadSeq: 2}, nil)
	var moved chat.ReadMoved
	laptop.expectInto(t, "read.moved", &moved)
	if moved.ReadSeq != 2 {
		t.Errorf("the laptop was told %+v", moved)
	}
	phone.ask(t, "room.read", chat.RoomRead{RoomID: general.ID, ReadSeq: 1}, nil)
	laptop.expectInto(t, "read.moved", &moved)
	if moved.ReadSeq != 1 {
		t.Errorf("marked unread: the laptop was told %+v", moved)
	}
	phone.askRefused(t, chat.Invalid, "room.read", chat.RoomRead{RoomID: general.ID, ReadSeq: 3})
	bob.says(t, general.ID, "three")
	if state := bob.room(t, "general"); state.ReadSeq != 3 {
		t.Errorf("posting left the read position at %d, want 3", state.ReadSeq)
	}
}

func TestDeletedMessageKeepsItsPlace(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.setUp(t)
	bob := p.signUp(t, ann, "bob")
	general := ann.room(t, "general")
	bobSock := bob.dial(t)
	sent := ann.says(t, general.ID, "oops")
	bob.call(t, http.MethodPut, messagePath(general.ID, sent.Seq)+"/reactions/👍", nil, http.StatusOK, nil)
	bob.refused(t, chat.Forbidden, http.MethodDelete, messagePath(general.ID, sent.Seq), nil)
	bob.refused(t, chat.Forbidden, http.MethodPatch, messagePath(general.ID, sent.Seq), map[string]string{"body": "mine"})
	var gone, again chat.MessageSent
	ann.call(t, http.MethodDelete, messagePath(general.ID, sent.Seq), nil, http.StatusOK, &gone)
	ann.call(t, http.MethodDelete, messagePath(general.ID, sent.Seq), nil, http.StatusOK, &again)
	if again != gone {
		t.Errorf("deleting twice: got %+v, want %+v", again, gone)
	}
	bobSock.expect(t, "message.changed") // the reaction
	var changed chat.MessageChanged
	bobSock.expectInto(t, "message.changed", &changed)
	m := changed.Message
	if m.Seq != sent.Seq || m.DeletedAt == 0 || m.Body != "" || m.HTML != "" || m.Reactions != nil {
		t.Errorf("the tombstone is %+v", m)
	}
	bob.refused(t, chat.Deleted, http.MethodPut, messagePath(general.ID, sent.Seq)+"/reactions/👍", nil)
	ann.refused(t, chat.Deleted, http.MethodPatch, messagePath(general.ID, sent.Seq), map[string]string{"body": "back"})
	if sent := ann.says(t, general.ID, "next"); sent.Seq != 2 {
		t.Errorf("the next message has place %d, want 2", sent.Seq)
	}
}

func TestAnotherSiteMayUseTheServerOnlyWhenItIsNamed(t *testing.T) {
	t.Parallel()
	const friend, stranger = "https://friend.example", "https://stranger.example"
	p := start(t, "--allow-origin", friend)
	ann := p.setUp(t)
	preflight := func(origin string) string {
		req, err := http.NewRequest(http.MethodOptions, p.url+"/api/rooms/1/messages", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", origin)
		req.Header.Set("Access-Control-Request-Method", http.MethodPost)
		req.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
		resp, err := ann.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.Header.Get("Access-Control-Allow-Origin")
	}
	if got := preflight(friend); got != friend {
		t.Errorf("the named site is allowed as %q, want %q", got, friend)
	}
	if got := preflight(stranger); got != "" {
		t.Errorf("a stranger is allowed as %q", got)
	}
	room := ann.room(t, "general").ID
	ann.origin = friend
	ann.says(t, room, "from the named site")
	ann.dial(t)
	ann.origin = stranger
	ann.refused(t, chat.Forbidden, http.MethodPost, messagesPath(room), chat.Draft{ClientID: newClientID(), Body: "no"})
	if _, resp, err := ann.upgrade(nil); err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("the socket answered a stranger with %v, %v", resp, err)
	}
}
