package access

import (
	"fmt"
	"strings"
	"testing"

	"parley/chat"
)

func TestATokenIsForItsScopesAlone(t *testing.T) {
	t.Parallel()
	all := []chat.Scope{chat.ScopeRead, chat.ScopePost, chat.ScopeNotify, chat.ScopeAdmin}
	for _, scope := range all {
		check(t, fmt.Sprint("people, ", scope), Caller{User: 1}.May(scope), "")
		for _, has := range all {
			by, want := Caller{User: 1, Grant: &Grant{Scopes: []chat.Scope{has}}}, chat.Forbidden
			if has == scope {
				want = ""
			}
			check(t, fmt.Sprint("a token for ", has, ", ", scope), by.May(scope), want)
		}
	}
	err := Caller{Grant: &Grant{}}.May(chat.ScopePost)
	if refused, ok := err.(*chat.Error); !ok || refused.Field != "scope" || !strings.HasSuffix(refused.Message, " post") {
		t.Errorf("got %v, which does not name the scope", err)
	}
}

func TestATokenReachesItsRoomsAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		grant      *Grant
		one, other bool
		make       chat.Code // making rooms
	}{
		"people":              {nil, true, true, ""},
		"a token for all":     {&Grant{}, true, true, ""},
		"a token for room 1":  {&Grant{Rooms: []chat.RoomID{1}}, true, false, chat.Forbidden},
		"a token for no room": {&Grant{Rooms: []chat.RoomID{}}, false, false, chat.Forbidden},
	} {
		if got := c.grant.Reaches(1); got != c.one {
			t.Errorf("%s reaches room 1: %v", name, got)
		}
		if got := c.grant.Reaches(2); got != c.other {
			t.Errorf("%s reaches room 2: %v", name, got)
		}
		if got := c.grant.Sees(&chat.Change{Room: 2}); got != c.other {
			t.Errorf("%s sees a change of room 2: %v", name, got)
		}
		if !c.grant.Sees(&chat.Change{}) {
			t.Errorf("%s does not see a change of no room", name)
		}
		check(t, name+", making rooms", Caller{Grant: c.grant}.MayMakeRooms(), c.make)
	}
}

func TestProgramsDoNotDoWhatIsForPeople(t *testing.T) {
	t.Parallel()
	check(t, "a person", Caller{User: 1}.MustBePerson(), "")
	check(t, "a program", Caller{User: 1, Grant: &Grant{Scopes: []chat.Scope{chat.ScopeAdmin}}}.MustBePerson(), chat.Forbidden)
}

func TestATokenWithoutTheScopeAdminActsAsAMember(t *testing.T) {
	t.Parallel()
	withAdmin, without := &Grant{Scopes: []chat.Scope{chat.ScopeAdmin}}, &Grant{Scopes: []chat.Scope{chat.ScopePost}}
	for _, role := range []chat.Role{chat.RoleOwner, chat.RoleAdmin, chat.RoleMember} {
		for name, c := range map[string]struct {
			grant *Grant
			want  chat.Role
		}{"people": {nil, role}, "with admin": {withAdmin, role}, "without": {without, chat.RoleMember}} {
			if got := c.grant.Capped(role); got != c.want {
				t.Errorf("%s: as %s it acts as %s, want %s", name, role, got, c.want)
			}
		}
	}
}

func TestAnOrderThatBrokeStaysBroken(t *testing.T) {
	t.Parallel()
	var none *Order
	check(t, "a caller without an order", none.Check(), "")
	order := &Order{}
	check(t, "an order that holds", order.Check(), "")
	order.Break()
	check(t, "an order that broke", order.Check(), chat.Unavailable)
	if !order.Broken() || none.Broken() {
		t.Errorf("broken: %v, without an order %v", order.Broken(), none.Broken())
	}
}
