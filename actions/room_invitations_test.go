package actions

import (
	"fmt"
	"testing"

	"parley/access"
	"parley/chat"
	"parley/store"
)

// wantAsking has somebody be asked before others bring them into a room.
func (p *parts) wantAsking(t testing.TB, who ...access.Caller) {
	t.Helper()
	for _, by := range who {
		if _, err := p.ChangeProfile(by, chat.ProfileChange{Adding: new(chat.AddingAsk)}); err != nil {
			t.Fatal(err)
		}
	}
}

// asksFor adds rooms of a maker's, and asks somebody into each.
func (p *parts) asksFor(t testing.TB, n int, by, user chat.UserID) {
	t.Helper()
	p.must(t, func(tx *store.WriteTx) error {
		for i := range n {
			name := fmt.Sprint("by", by, "for", user, "-", i)
			id, err := tx.AddRoom(store.NewRoom{Kind: chat.Private, Name: store.StoredName{Shown: name, Key: name}, Maker: by})
			if err == nil {
				err = tx.AddRoomInvitation(user, by, chat.Room{ID: id, Kind: chat.Private, Name: name})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// The bounds of room invitations, each at its edge. What somebody declined still counts for who asked, who could
// otherwise tell.
func TestRoomInvitationsAreBounded(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob, carl, dora := p.signsUp(t, "ann"), p.signsUp(t, "bob"), p.signsUp(t, "carl"), p.signsUp(t, "dora")
	p.wantAsking(t, carl, dora)
	add := func(by access.Caller, room chat.RoomID, users ...chat.UserID) error {
		_, err := p.AddMembers(by, room, chat.NewMembers{UserIDs: users})
		return err
	}
	limit := func(what string, err error, want int64) {
		t.Helper()
		checkError(t, what, err, chat.TooManyInvitations)
		if got := Refusal(err).Limit; got != want {
			t.Errorf("%s: the limit is %d, want %d", what, got, want)
		}
	}
	anns, bobs := p.creates(t, ann, chat.Private, "anns"), p.creates(t, bob, chat.Private, "bobs")
	other := p.creates(t, ann, chat.Private, "other")
	p.asksFor(t, maxAskedByOne-1, ann.User, carl.User)
	checkError(t, "the last of one person", add(ann, anns, carl.User), "")
	checkError(t, "the same once more", add(ann, anns, carl.User), "")
	limit("one more of one person", add(ann, other, carl.User), maxAskedByOne)
	if _, err := Wait(func(done func(chat.Done, error)) { p.DeclineRoomInvitation(carl, anns, done) }); err != nil {
		t.Fatal(err)
	}
	limit("one more of one person after an answer", add(ann, other, carl.User), maxAskedByOne)
	checkError(t, "somebody else", add(ann, other, dora.User), "")

	p.asksFor(t, maxAsked-maxAskedByOne, owner().User+100, carl.User)
	checkError(t, "the last that waits", add(bob, bobs, carl.User), "")
	limit("one more that waits", add(bob, p.creates(t, bob, chat.Private, "more"), carl.User), maxAsked)

	p.asksFor(t, maxAsking-2, bob.User, ann.User)
	checkError(t, "the last that one person asks", add(bob, bobs, dora.User), "")
	p.wantAsking(t, p.signsUp(t, "emil"))
	limit("one more that one person asks", add(bob, bobs, dora.User+1), maxAsking)
	checkError(t, "somebody who is not asked", add(bob, bobs, ann.User), "")
}

// Who is asked counts among the memberships that one person causes, and no more once they accept.
func TestRoomInvitationsCountAmongTheMembershipsOneCauses(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	p.wantAsking(t, bob)
	room := p.creates(t, ann, chat.Private, "room")
	caused := func(want int) {
		t.Helper()
		p.must(t, func(tx *store.WriteTx) error {
			got, err := tx.Caused(ann.User)
			if got != want {
				t.Errorf("ann caused %d memberships, want %d", got, want)
			}
			return err
		})
	}
	caused(0)
	if _, err := p.AddMembers(ann, room, chat.NewMembers{UserIDs: []chat.UserID{bob.User}}); err != nil {
		t.Fatal(err)
	}
	caused(1)
	state, err := Wait(func(done func(chat.RoomState, error)) { p.AcceptRoomInvitation(bob, room, done) })
	if err != nil || state.Role != chat.MemberPlain {
		t.Errorf("got %+v, %v", state, err)
	}
	caused(0)
}

func TestAnotherNameOfARoomCostsMoreTheMoreAreAskedIntoIt(t *testing.T) {
	t.Parallel()
	const burst, asked = 1000, 30
	p := start(t, func(l *access.Limits) { l.MessagesPerSecond, l.MessagesBurst = 0.001, burst })
	p.signsUp(t, "ann")
	bob := p.signsUp(t, "bob")
	id := p.creates(t, bob, chat.Private, "room")
	p.must(t, func(tx *store.WriteTx) error {
		for i := range asked {
			name := store.StoredName{Shown: fmt.Sprint("bot", i), Key: fmt.Sprint("bot", i)}
			bot, err := tx.AddBot(name, "Bot", chat.RoleMember, 0)
			if err == nil {
				err = tx.AddRoomInvitation(bot.ID, bob.User, chat.Room{ID: id, Kind: chat.Private, Name: "room"})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	change := func(in chat.RoomChange) {
		t.Helper()
		if _, err := p.ChangeRoom(bob, id, in); err != nil {
			t.Fatal(err)
		}
	}
	change(chat.RoomChange{Topic: new("they are not told of a topic")})
	change(chat.RoomChange{Name: new("another")})
	left := burst - asked*bytesPerAsked/bytesPerChange
	checkError(t, "all that was there", p.Spend(bob, access.Changes(left+1)), chat.RateLimited)
	checkError(t, "the rest", p.Spend(bob, access.Changes(left)), "")
}
