// Blocking somebody for oneself, on the whole program: what ends, what the other can tell, and what they cannot.

package tests

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

func blockPath(who *harness.Person) string { return fmt.Sprintf("/api/me/blocks/%d", who.User.ID) }

func (c *cast) blocks(t *testing.T, who, other string) {
	t.Helper()
	c.people[who].Call(t, http.MethodPut, blockPath(c.people[other]), nil, http.StatusOK, nil)
}

func blocksOf(t *testing.T, who *harness.Person) chat.Blocks {
	t.Helper()
	var list chat.Blocks
	who.Get(t, "/api/me/blocks", &list)
	return list
}

func TestWhoIsBlockedCannotWriteToOrBringInWhoBlockedThem(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SetUp(t)
	ann, bob, carl := p.SignUp(t, owner, "dora"), p.SignUp(t, owner, "bob"), p.SignUp(t, owner, "carl")
	both, group := ann.Direct(t, bob), ann.Direct(t, bob, carl)
	before := bob.Says(t, both.ID, "before")
	bobs := bob.Creates(t, chat.Private, "bobs")
	ann.Call(t, http.MethodPut, blockPath(bob), nil, http.StatusOK, nil)

	for _, who := range []*harness.Person{ann, bob} { // neither writes to the other, with the same answer
		refused := who.Refused(t, chat.Forbidden, http.MethodPost, harness.MessagesPath(both.ID), harness.Draft("hello"))
		if refused.Message != "you and this person cannot write to each other" {
			t.Errorf("%s is told %q", who.Name, refused.Message)
		}
		s := who.Dial(t)
		s.AskRefused(t, chat.Forbidden, "typing.start", chat.RoomAt{RoomID: both.ID})
		s.AskRefused(t, chat.Forbidden, "reaction.add", chat.ReactionAt{RoomID: both.ID, Seq: before.Seq, Emoji: "👍"})
	}
	bob.Refused(t, chat.Forbidden, http.MethodPatch, harness.MessagePath(both.ID, before.Seq), map[string]string{"body": "an edit is a message too"})
	if again := bob.Direct(t, ann); again.ID != both.ID {
		t.Errorf("got room %d, want the one there was, %d", again.ID, both.ID)
	}
	bob.Refused(t, chat.Forbidden, http.MethodPost, harness.RoomPath(bobs.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{carl.User.ID, ann.User.ID}})
	bob.Adds(t, bobs.ID, carl)
	for _, by := range []*harness.Person{ann, bob} { // no new direct room of both
		other := map[*harness.Person]*harness.Person{ann: bob, bob: ann}[by]
		by.Refused(t, chat.Forbidden, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: []chat.UserID{other.User.ID, owner.User.ID}})
	}
	bob.Says(t, group.ID, "in a group of three it comes, folded")

	ann.Call(t, http.MethodDelete, blockPath(bob), nil, http.StatusOK, nil)
	bob.Says(t, both.ID, "after")
	bob.Adds(t, bobs.ID, ann)
}

func TestABlockReachesMyOtherDevicesAndNobodyElse(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SetUp(t)
	ann, bob := p.SignUp(t, owner, "dora"), p.SignUp(t, owner, "bob")
	phone, theirs, others := ann.Device(t).Dial(t), bob.Dial(t), owner.Dial(t)
	var changed, again chat.BlockChanged
	ann.Call(t, http.MethodPut, blockPath(bob), nil, http.StatusOK, &changed)
	var got chat.BlockChanged
	phone.ExpectInto(t, "block.changed", &got)
	if got != changed || !got.Blocked || got.UserID != bob.User.ID || got.UserRev != phone.Welcome.UserRev+1 {
		t.Errorf("the phone got %+v, the answer was %+v", got, changed)
	}
	ann.Call(t, http.MethodPut, blockPath(bob), nil, http.StatusOK, &again)
	if again != changed {
		t.Errorf("once more is answered %+v, want %+v", again, changed)
	}
	if w := ann.Dial(t).Welcome; !slices.Equal(w.Blocked, []chat.UserID{bob.User.ID}) || w.UserRev != changed.UserRev {
		t.Errorf("the welcome has %v, %d", w.Blocked, w.UserRev)
	}
	if list := blocksOf(t, ann); !slices.Equal(list.UserIDs, []chat.UserID{bob.User.ID}) || list.UserRev != changed.UserRev {
		t.Errorf("the list is %+v", list)
	}
	if list := blocksOf(t, bob); len(list.UserIDs) > 0 {
		t.Errorf("bob's list is %+v", list)
	}
	ann.Call(t, http.MethodDelete, blockPath(bob), nil, http.StatusOK, nil)
	phone.ExpectInto(t, "block.changed", &got)
	if got.Blocked || got.UserRev != changed.UserRev+1 {
		t.Errorf("the phone got %+v", got)
	}
	for name, s := range map[string]*harness.Sock{"bob": theirs, "the owner": others} {
		s.Settle(t)
		if got := s.Got("block.changed"); len(got) > 0 {
			t.Errorf("%s is told %s", name, got[0].Data)
		}
	}
	ann.Refused(t, chat.Invalid, http.MethodPut, blockPath(ann), nil)
	ann.Refused(t, chat.NotFound, http.MethodPut, "/api/me/blocks/12345", nil)
	if strings.Contains(fmt.Sprint(audit(t, owner, "")), "block") {
		t.Error("the audit log has a block")
	}
}

func TestNotificationsOfSomebodyBlockedDoNotCome(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SetUp(t)
	ann, carl := p.SignUp(t, owner, "dora"), p.SignUp(t, owner, "carl")
	bot := owner.Makes(t, "builds", []chat.Scope{chat.ScopeNotify})
	ann.Call(t, http.MethodPut, blockPath(bot), nil, http.StatusOK, nil)
	var sent chat.NotificationSent
	bot.Post(t, "/api/notifications", chat.NewNotification{To: []string{"dora", "carl"}, Title: "news", Key: "1"}, http.StatusCreated, &sent)
	if sent.Recipients != 2 {
		t.Errorf("the sender is told of %d recipients, want 2 as without a block", sent.Recipients)
	}
	for _, c := range []struct {
		who  *harness.Person
		want int
	}{{ann, 0}, {carl, 1}} {
		var inbox chat.Notifications
		if c.who.Get(t, "/api/notifications", &inbox); len(inbox.Notifications) != c.want {
			t.Errorf("%s has %+v, want %d", c.who.Name, inbox.Notifications, c.want)
		}
	}
}
