package access

import (
	"fmt"
	"testing"

	"parley/chat"
)

// The table of acts on people, from the lowest role that acts to the highest.
func TestWhoMayDoWhatToPeople(t *testing.T) {
	t.Parallel()
	const forbidden = chat.Forbidden
	roles := []chat.Role{chat.RoleMember, chat.RoleAdmin, chat.RoleOwner}
	for act, want := range map[chat.Act]struct {
		people   [3]chat.Code // by role, for people and …
		programs [3]chat.Code
	}{
		chat.ActRole:        {[3]chat.Code{forbidden, forbidden, ""}, [3]chat.Code{forbidden, forbidden, ""}},
		chat.ActDeactivate:  {[3]chat.Code{forbidden, "", ""}, [3]chat.Code{forbidden, "", ""}},
		chat.ActReactivate:  {[3]chat.Code{forbidden, "", ""}, [3]chat.Code{forbidden, "", ""}},
		chat.ActEndSessions: {[3]chat.Code{forbidden, "", ""}, [3]chat.Code{forbidden, "", ""}},
		chat.ActReset:       {[3]chat.Code{forbidden, "", ""}, [3]chat.Code{forbidden, forbidden, forbidden}},
		chat.ActInvite:      {[3]chat.Code{forbidden, forbidden, forbidden}, [3]chat.Code{forbidden, forbidden, forbidden}},
	} {
		for i, role := range roles {
			check(t, fmt.Sprint(act, " as ", role), Actor{User: 1, Role: role}.MayDo(act), want.people[i])
			check(t, fmt.Sprint(act, " as a program and ", role), Actor{User: 1, Role: role, Program: true}.MayDo(act), want.programs[i])
		}
		check(t, fmt.Sprint(act, " as the operator"), Actor{Operator: true}.MayDo(act), "")
	}
	for i, mine := range roles {
		for j, theirs := range roles {
			want := forbidden
			if i > j {
				want = ""
			}
			by, on := Actor{User: 1, Role: mine}, chat.User{ID: 2, Role: theirs}
			check(t, fmt.Sprint(mine, " on ", theirs), by.MayActOn(on), want)
			check(t, fmt.Sprint("the operator on ", theirs), Actor{Operator: true}.MayActOn(on), "")
		}
		check(t, fmt.Sprint(mine, " on themselves"), Actor{User: 1, Role: mine}.MayActOn(chat.User{ID: 1, Role: mine}), forbidden)
	}
}

func TestWhoMayGiveWhichRole(t *testing.T) {
	t.Parallel()
	owner, operator := Actor{User: 1, Role: chat.RoleOwner}, Actor{Operator: true}
	all := []chat.Role{chat.RoleMember, chat.RoleAdmin, chat.RoleOwner}
	for _, from := range all {
		for _, to := range all {
			on := chat.User{ID: 2, Role: from}
			want := chat.Code("")
			if from == chat.RoleOwner {
				want = chat.Forbidden
			}
			check(t, fmt.Sprint("an owner makes ", from, " ", to), owner.MayGive(on, to), want)
			check(t, fmt.Sprint("the operator makes ", from, " ", to), operator.MayGive(on, to), "")
		}
	}
	for _, to := range all {
		check(t, fmt.Sprint("an owner becomes ", to), owner.MayGive(chat.User{ID: 1, Role: chat.RoleOwner}, to), "")
	}
	for name, on := range map[string]chat.User{
		"a program": {ID: 2, Role: chat.RoleAdmin, Bot: true}, "a deactivated account": {ID: 2, Role: chat.RoleAdmin, Deactivated: true},
	} {
		check(t, name+" becomes an owner", owner.MayGive(on, chat.RoleOwner), chat.Invalid)
		check(t, name+" becomes an owner by the operator", operator.MayGive(on, chat.RoleOwner), chat.Invalid)
		check(t, name+" becomes a member", owner.MayGive(on, chat.RoleMember), "")
	}
	check(t, "losing the last owner of the server", MayLoseServerOwner(0), chat.LastOwner)
	check(t, "losing one of two owners of the server", MayLoseServerOwner(1), "")
	check(t, "bringing in an active account", MustBeActive("user_ids", chat.User{}), "")
	check(t, "bringing in a deactivated account", MustBeActive("user_ids", chat.User{Deactivated: true}), chat.Invalid)
}
