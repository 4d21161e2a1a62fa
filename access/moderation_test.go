package access

import (
	"fmt"
	"testing"

	"parley/chat"
)

// author is where the writer of a message stands: other is somebody who is not the caller.
func author(server chat.Role, role chat.MemberRole) Standing {
	return Standing{Caller: 2, ServerRole: server, Member: role != "", Role: role}
}

func TestWhoMayDeleteWhoseMessages(t *testing.T) {
	t.Parallel()
	const forbidden = chat.Forbidden
	member, roomOwner, gone := author(chat.RoleMember, chat.MemberPlain), author(chat.RoleMember, chat.MemberOwner), author(chat.RoleMember, "")
	anAdmin, anOwner := author(chat.RoleAdmin, chat.MemberPlain), author(chat.RoleOwner, chat.MemberPlain)
	for name, c := range map[string]struct {
		by Standing
		// what is answered when the author is a member, an owner of the room, someone who left, an admin, and the
		// owner of the server
		member, roomOwner, gone, admin, owner chat.Code
	}{
		"a member":                      {plain, forbidden, forbidden, forbidden, forbidden, forbidden},
		"an outsider":                   {outsider, forbidden, forbidden, forbidden, forbidden, forbidden},
		"an owner of the room":          {owning, "", forbidden, "", forbidden, forbidden},
		"an admin in the room":          {adminIn, "", "", "", forbidden, forbidden},
		"an admin outside":              {admin, "", "", "", forbidden, forbidden},
		"the server's owner, in a room": {Standing{Caller: 1, ServerRole: chat.RoleOwner}, "", "", "", "", forbidden},
	} {
		for _, kind := range []chat.RoomKind{chat.Public, chat.Private} {
			for whose, want := range map[Standing]chat.Code{
				member: c.member, roomOwner: c.roomOwner, gone: c.gone, anAdmin: c.admin, anOwner: c.owner,
			} {
				by := c.by.in(kind)
				check(t, fmt.Sprintf("%s, %s, of %+v", name, kind, whose), MayDeleteMessage(by, whose), want)
				by.Archived = true
				check(t, fmt.Sprintf("%s, %s and archived, of %+v", name, kind, whose), MayDeleteMessage(by, whose), want)
			}
		}
		own := author(chat.RoleMember, chat.MemberPlain)
		own.Caller = c.by.Caller
		want := chat.Code("")
		if !c.by.Member {
			want = forbidden
		}
		check(t, name+", their own", MayDeleteMessage(c.by.in(chat.Public), own), want)
	}
	check(t, "another's in a direct room", MayDeleteMessage(plain.in(chat.Direct), member), forbidden)
	check(t, "another's in a direct room, as an admin", MayDeleteMessage(adminIn.in(chat.Direct), member), forbidden)
}

func TestWhichRoleIsAboveWhich(t *testing.T) {
	t.Parallel()
	order := []chat.Role{chat.RoleMember, chat.RoleAdmin, chat.RoleOwner}
	for i, role := range order {
		for j, other := range order {
			if got := role.Above(other); got != (i > j) {
				t.Errorf("%s above %s: %v", role, other, got)
			}
		}
	}
}

func TestTheRulesOfReports(t *testing.T) {
	t.Parallel()
	check(t, "reporting another's message", MayReport(plain, author(chat.RoleOwner, "")), "")
	check(t, "reporting one's own message", MayReport(plain, Standing{Caller: plain.Caller}), chat.Forbidden)
	for role, c := range map[chat.Role]struct {
		others, own                  bool // whether reports about their messages are seen
		ofMember, ofAdmin, ofAnOwner chat.Code
	}{
		chat.RoleOwner:  {true, true, "", "", ""},
		chat.RoleAdmin:  {true, false, "", chat.Forbidden, chat.Forbidden},
		chat.RoleMember: {false, false, chat.Forbidden, chat.Forbidden, chat.Forbidden},
	} {
		if SeesReports(1, role, 2) != c.others || SeesReports(1, role, 1) != c.own {
			t.Errorf("as %s: sees reports about others %v, about themselves %v", role, SeesReports(1, role, 2), SeesReports(1, role, 1))
		}
		check(t, fmt.Sprint("deleting a member's, as ", role), MayDeleteReported(role, chat.RoleMember), c.ofMember)
		check(t, fmt.Sprint("deleting an admin's, as ", role), MayDeleteReported(role, chat.RoleAdmin), c.ofAdmin)
		check(t, fmt.Sprint("deleting an owner's, as ", role), MayDeleteReported(role, chat.RoleOwner), c.ofAnOwner)
	}
}
