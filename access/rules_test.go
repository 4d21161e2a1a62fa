package access

import (
	"fmt"
	"testing"

	"parley/chat"
)

// check compares what a rule says with what it should.
func check(t *testing.T, what string, err error, want chat.Code) {
	t.Helper()
	if want == "" && err != nil {
		t.Errorf("%s: got %v, want it allowed", what, err)
	}
	if want != "" && !chat.IsCode(err, want) {
		t.Errorf("%s: got %v, want %s", what, err, want)
	}
}

// The people of a room, and those who are not in it.
var (
	outsider = Standing{Caller: 1, ServerRole: chat.RoleMember}
	admin    = Standing{Caller: 1, ServerRole: chat.RoleAdmin}
	plain    = Standing{Caller: 1, ServerRole: chat.RoleMember, Member: true, Role: chat.MemberPlain}
	owning   = Standing{Caller: 1, ServerRole: chat.RoleMember, Member: true, Role: chat.MemberOwner}
	adminIn  = Standing{Caller: 1, ServerRole: chat.RoleAdmin, Member: true, Role: chat.MemberPlain}
	ownerIn  = Standing{Caller: 1, ServerRole: chat.RoleOwner, Member: true, Role: chat.MemberOwner}
)

func (s Standing) in(kind chat.RoomKind) Standing {
	s.Kind, s.People = kind, 2
	return s
}

func TestTheRulesOfARoom(t *testing.T) {
	t.Parallel()
	const forbidden = chat.Forbidden
	kinds := []chat.RoomKind{chat.Public, chat.Private, chat.Direct, chat.Announcements}
	for name, c := range map[string]struct {
		rule func(Standing) error
		// what is answered in a public, a private and a direct room, and in the announcements
		outsider, admin, plain, owning, adminIn, ownerIn [4]chat.Code
	}{
		"reading on": {
			rule:     MustBeMember,
			outsider: [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			admin:    [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
		},
		"posting": {
			rule:     MayPost,
			outsider: [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			admin:    [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			plain:    [4]chat.Code{3: forbidden},
			owning:   [4]chat.Code{3: forbidden},
		},
		"adding members": {
			rule:     MayAddMembers,
			outsider: [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			admin:    [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			plain:    [4]chat.Code{2: forbidden}, owning: [4]chat.Code{2: forbidden},
			adminIn: [4]chat.Code{2: forbidden}, ownerIn: [4]chat.Code{2: forbidden},
		},
		"managing members": {
			rule:     MayManageMembers,
			outsider: [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			admin:    [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			plain:    [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			adminIn:  [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			owning:   [4]chat.Code{2: forbidden}, ownerIn: [4]chat.Code{2: forbidden},
		},
		"reacting": {
			rule:     MayReact,
			outsider: [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			admin:    [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
		},
		"hiding": {
			rule:     MayHide,
			outsider: [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			admin:    [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			plain:    [4]chat.Code{forbidden, forbidden, "", forbidden},
			owning:   [4]chat.Code{forbidden, forbidden, "", forbidden},
			adminIn:  [4]chat.Code{forbidden, forbidden, "", forbidden},
			ownerIn:  [4]chat.Code{forbidden, forbidden, "", forbidden},
		},
		"changing the room": {
			rule:     MayChangeRoom,
			outsider: [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			admin:    [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			plain:    [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			adminIn:  [4]chat.Code{forbidden, forbidden, forbidden, forbidden},
			owning:   [4]chat.Code{2: forbidden}, ownerIn: [4]chat.Code{2: forbidden},
		},
		"leaving": {
			rule:  MayLeave,
			plain: [4]chat.Code{2: forbidden, 3: forbidden}, owning: [4]chat.Code{2: forbidden, 3: forbidden},
			outsider: [4]chat.Code{2: forbidden, 3: forbidden}, admin: [4]chat.Code{2: forbidden, 3: forbidden},
			adminIn: [4]chat.Code{2: forbidden, 3: forbidden}, ownerIn: [4]chat.Code{2: forbidden, 3: forbidden},
		},
	} {
		for n, kind := range kinds {
			check(t, fmt.Sprint(name, ", an outsider, ", kind), c.rule(outsider.in(kind)), c.outsider[n])
			check(t, fmt.Sprint(name, ", an admin outside, ", kind), c.rule(admin.in(kind)), c.admin[n])
			check(t, fmt.Sprint(name, ", a member, ", kind), c.rule(plain.in(kind)), c.plain[n])
			check(t, fmt.Sprint(name, ", an owner of the room, ", kind), c.rule(owning.in(kind)), c.owning[n])
			check(t, fmt.Sprint(name, ", an admin inside, ", kind), c.rule(adminIn.in(kind)), c.adminIn[n])
			check(t, fmt.Sprint(name, ", the owner of the server, ", kind), c.rule(ownerIn.in(kind)), c.ownerIn[n])
		}
	}
}

// An archived room is read, left and hidden, and nothing else is done in it.
func TestAnArchivedRoomIsNotChanged(t *testing.T) {
	t.Parallel()
	archived := owning.in(chat.Private)
	archived.Archived = true
	for name, rule := range map[string]func(Standing) error{
		"posting": MayPost, "reacting": MayReact, "adding members": MayAddMembers, "changing the room": MayChangeRoom,
		"changing anything": MustBeInUse,
	} {
		check(t, name+", archived", rule(archived), chat.Archived)
		check(t, name+", in use", rule(owning.in(chat.Private)), "")
	}
	for name, rule := range map[string]func(Standing) error{"reading on": MustBeMember, "leaving": MayLeave} {
		check(t, name+", archived", rule(archived), "")
	}
}

func TestAGroupIsLeftAndAPairIsHidden(t *testing.T) {
	t.Parallel()
	for people, want := range map[int]chat.Code{1: "", 2: chat.Forbidden, 3: "", 20: ""} {
		by := plain.in(chat.Direct)
		by.People = people
		check(t, fmt.Sprint("leaving a direct room of ", people), MayLeave(by), want)
	}
}

func TestOnlyMembersSeeARoomThatIsNotPublic(t *testing.T) {
	t.Parallel()
	for _, kind := range []chat.RoomKind{chat.Public, chat.Private, chat.Direct, chat.Announcements} {
		if got := outsider.in(kind).Sees(); got != (kind == chat.Public) {
			t.Errorf("an outsider sees a %s room: %v", kind, got)
		}
		if got := admin.in(kind).Sees(); got != (kind == chat.Public) {
			t.Errorf("an admin sees a %s room from outside: %v", kind, got)
		}
		if !plain.in(kind).Sees() {
			t.Errorf("a member does not see a %s room", kind)
		}
	}
}

func TestPeopleWhoAreApartWriteNothingToEachOther(t *testing.T) {
	t.Parallel()
	together := plain.in(chat.Direct)
	apart := together
	apart.Apart = true
	for name, rule := range map[string]func(Standing) error{"posting": MayPost, "reacting": MayReact} {
		check(t, name+" apart", rule(apart), chat.Forbidden)
		check(t, name+" together", rule(together), "")
		check(t, name+" from outside", rule(outsider.in(chat.Public)), chat.Forbidden)
	}
	check(t, "reading apart", MustBeMember(apart), "")
	check(t, "bringing in who has blocked one", MayBring(true), chat.Forbidden)
	check(t, "bringing in who has not", MayBring(false), "")
}

func TestTheRulesOfPeople(t *testing.T) {
	t.Parallel()
	check(t, "changing one's own message", MayChangeMessage(Caller{User: 1}, chat.Message{AuthorID: 1}), "")
	check(t, "changing another's message", MayChangeMessage(Caller{User: 1}, chat.Message{AuthorID: 2}), chat.Forbidden)
	check(t, "removing another", MayRemove(owning.in(chat.Private), 2), "")
	check(t, "removing oneself", MayRemove(owning.in(chat.Private), 1), chat.Invalid)
	check(t, "removing from the announcements", MayRemove(ownerIn.in(chat.Announcements), 2), chat.Forbidden)
	check(t, "taking away the last owner", MayLoseOwner(0), chat.LastOwner)
	check(t, "taking away one of two owners", MayLoseOwner(1), "")
	for role, c := range map[chat.Role]struct{ own, administer chat.Code }{
		chat.RoleOwner:  {"", ""},
		chat.RoleAdmin:  {chat.Forbidden, ""},
		chat.RoleMember: {chat.Forbidden, chat.Forbidden},
	} {
		check(t, fmt.Sprint("owning, as ", role), MustOwn(role), c.own)
		check(t, fmt.Sprint("administering, as ", role), MustAdminister(role), c.administer)
	}
}

// Who asked somebody must still be where they could ask.
func TestWhoMayBeAskedInto(t *testing.T) {
	t.Parallel()
	archived := plain.in(chat.Private)
	archived.Archived = true
	for name, c := range map[string]struct {
		inviter Standing
		blocked bool
		want    chat.Code
	}{
		"by a member of a private room":  {inviter: plain.in(chat.Private)},
		"by a member of a public room":   {inviter: plain.in(chat.Public)},
		"by a member of a group":         {inviter: plain.in(chat.Direct)},
		"by somebody who has left":       {inviter: outsider.in(chat.Public), want: chat.NotFound},
		"by an admin who has left":       {inviter: admin.in(chat.Public), want: chat.NotFound},
		"into an archived room":          {inviter: archived, want: chat.NotFound},
		"by somebody who is blocked now": {inviter: owning.in(chat.Private), blocked: true, want: chat.NotFound},
	} {
		check(t, name, MayBeAskedInto(c.inviter, c.blocked), c.want)
	}
}
