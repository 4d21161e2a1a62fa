// What those who look after the server do to people's accounts, on the whole program.

package tests

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

// userPath is the address of a person.
func userPath(who *harness.Person, rest string) string {
	return fmt.Sprintf("/api/users/%d%s", who.User.ID, rest)
}

// deactivates closes somebody's account.
func deactivates(t *testing.T, by, who *harness.Person, messages chat.MessagesFate) {
	t.Helper()
	by.Post(t, userPath(who, "/deactivate"), chat.Deactivation{Messages: messages}, http.StatusOK, nil)
}

func login(name, password string) chat.Login { return chat.Login{Name: name, Password: password} }

func TestWhoIsDeactivatedIsOutEverywhereAndComesBack(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	owner.Gives(t, bob.User.ID, chat.RoleAdmin)
	secret := owner.Creates(t, chat.Private, "secret")
	owner.Adds(t, secret.ID, bob)
	program := bob.WithBearer(t, bob.MakesToken(t, chat.NewToken{Bot: "builds", Scopes: []chat.Scope{chat.ScopeRead}}).Token)
	var invite chat.Invite
	bob.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	bob.Says(t, secret.ID, "before")
	phone, token := bob.Device(t), bob.Token(t)
	socks := []*harness.Sock{bob.Dial(t), phone.Dial(t), bob.DialBearer(t, token)}
	programSock := program.DialBearer(t, program.Bearer)
	watcher := owner.Dial(t)

	deactivates(t, owner, bob, chat.KeepMessages)
	var changed chat.UserChanged
	if watcher.ExpectInto(t, "user.changed", &changed); !changed.User.Deactivated || changed.User.ID != bob.User.ID {
		t.Errorf("others are told %+v", changed)
	}
	for _, s := range socks {
		s.ExpectClosed(t, chat.CloseBanned)
	}
	programSock.ExpectClosed(t, chat.CloseSignedOut)
	for name, who := range map[string]*harness.Person{"browser": bob, "phone": phone, "token": bob.WithBearer(t, token), "program": program} {
		t.Log(name)
		who.Refused(t, chat.SignedOut, http.MethodGet, "/api/rooms", nil)
	}
	nobody := p.Visitor(t, "bob")
	nobody.Refused(t, chat.Deactivated, http.MethodPost, "/api/login", login("bob", harness.GoodPassword))
	nobody.Refused(t, chat.WrongCredentials, http.MethodPost, "/api/login", login("bob", "a wrong password"))
	gone := nobody.Refused(t, chat.NotFound, http.MethodPost, "/api/invites/check", chat.InviteCode{Code: invite.Code})
	if gone.Field != "code" {
		t.Errorf("the field of a code that does not work is %q", gone.Field)
	}

	// Memberships, names and messages stay.
	var members chat.Members
	owner.Get(t, harness.RoomPath(secret.ID)+"/members", &members)
	if !slices.ContainsFunc(members.Members, func(m chat.Member) bool { return m.UserID == bob.User.ID }) {
		t.Errorf("the members are %+v", members)
	}
	if got := harness.Bodies(owner.History(t, secret.ID, "").Messages); !slices.Equal(got, []string{"before"}) {
		t.Errorf("the messages are %q", got)
	}
	nobody.Refused(t, chat.Forbidden, http.MethodPost, "/api/register", chat.Registering{NewAccount: harness.Account("bob")})

	// Nobody brings them into anything.
	other := owner.Creates(t, chat.Private, "other")
	owner.Refused(t, chat.Invalid, http.MethodPost, harness.RoomPath(other.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.User.ID}})
	owner.Refused(t, chat.Invalid, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: []chat.UserID{bob.User.ID}})

	owner.Post(t, userPath(bob, "/reactivate"), nil, http.StatusOK, nil)
	bob.Refused(t, chat.SignedOut, http.MethodGet, "/api/rooms", nil) // the old session stays ended
	back := bob.Device(t)
	back.Says(t, secret.ID, "after")
	owner.Adds(t, other.ID, back)
	owner.Direct(t, back)
	expectAudit(
		t, owner,
		chat.AuditEntry{By: owner.User.ID, Act: chat.ActDeactivate, UserID: bob.User.ID, Detail: "keep"},
		chat.AuditEntry{By: owner.User.ID, Act: chat.ActReactivate, UserID: bob.User.ID},
	)
}

// A direct room that was there before can still be opened and read.
func TestADirectRoomWithADeactivatedPersonIsStillThere(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	room := owner.Direct(t, bob)
	bob.Says(t, room.ID, "bye")
	deactivates(t, owner, bob, chat.KeepMessages)
	if again := owner.Direct(t, bob); again.ID != room.ID {
		t.Errorf("got room %d, want %d", again.ID, room.ID)
	}
}

func TestTheMessagesOfADeactivatedPersonGoWhenThatIsChosen(t *testing.T) {
	t.Parallel()
	const many = 120 // more than two steps
	p := harness.Start(t, "--messages-burst=1000")
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	general, secret := bob.Room(t, "general").ID, bob.Creates(t, chat.Private, "secret").ID
	bob.Adds(t, secret, owner)
	for n := range many {
		bob.Says(t, []chat.RoomID{general, secret}[n%2], fmt.Sprint("bob ", n))
	}
	kept := owner.Says(t, general, "kept")
	bob.Post(t, harness.RoomPath(general)+"/leave", nil, http.StatusNoContent, nil) // what is in rooms left goes too
	s := owner.Dial(t)
	deactivates(t, owner, bob, chat.DeleteMessages)
	revs := map[chat.RoomID]int64{}
	for _, room := range s.Welcome.Rooms {
		revs[room.ID] = room.Rev
	}
	for range many { // each is told, under the next rev of its room
		var changed chat.MessageChanged
		s.ExpectInto(t, "message.changed", &changed)
		m := changed.Message
		if m.AuthorID != bob.User.ID || m.DeletedAt == 0 || m.Body != "" || m.Rev != revs[m.RoomID]+1 {
			t.Fatalf("after rev %d came %+v", revs[m.RoomID], m)
		}
		revs[m.RoomID] = m.Rev
	}
	wait.Until(t, "nothing is left to delete", func() bool {
		var account chat.Account
		owner.Get(t, userPath(bob, ""), &account)
		return !account.Deleting
	})
	if m := owner.History(t, general, "?limit=1").Messages[0]; m.Seq != kept.Seq || m.Body != "kept" {
		t.Errorf("others' messages: %+v", m)
	}
	for _, room := range []chat.RoomID{general, secret} {
		for _, m := range owner.History(t, room, "?limit=100").Messages {
			if m.AuthorID == bob.User.ID && m.DeletedAt == 0 {
				t.Errorf("%+v is left", m)
			}
		}
	}
}

// actors are the roles on the server; each acts on somebody of each role.
func TestNobodyActsOnSomebodyOfTheirRoleOrAbove(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	owner := p.SetUp(t)
	people := map[chat.Role][2]*harness.Person{}
	for _, role := range []chat.Role{chat.RoleMember, chat.RoleAdmin, chat.RoleOwner} {
		var two [2]*harness.Person
		for i := range two {
			two[i] = p.SignUp(t, owner, fmt.Sprint(role, "-", i))
			if role != chat.RoleMember {
				owner.Gives(t, two[i].User.ID, role)
			}
		}
		people[role] = two
	}
	for _, act := range []struct {
		method, rest string
		in           any
		by           map[chat.Role]string // on whom each may, by their first letters
	}{
		{http.MethodPatch, "", chat.RoleChange{Role: chat.RoleMember}, map[chat.Role]string{chat.RoleOwner: "ma"}},
		{http.MethodDelete, "/sessions", nil, map[chat.Role]string{chat.RoleAdmin: "m", chat.RoleOwner: "ma"}},
		{http.MethodPost, "/reset", nil, map[chat.Role]string{chat.RoleAdmin: "m", chat.RoleOwner: "ma"}},
		{http.MethodPost, "/deactivate", chat.Deactivation{Messages: chat.KeepMessages}, map[chat.Role]string{chat.RoleAdmin: "m", chat.RoleOwner: "ma"}},
		{http.MethodPost, "/reactivate", nil, map[chat.Role]string{chat.RoleAdmin: "m", chat.RoleOwner: "ma"}},
	} {
		for mine, actors := range people {
			for theirs, targets := range people {
				may := strings.Contains(act.by[mine], string(theirs[:1]))
				status, answer := actors[0].Try(t, act.method, userPath(targets[1], act.rest), act.in)
				if (status < 300) != may || status >= 300 && result(false, answer) != string(chat.Forbidden) {
					t.Errorf("%s %s as %s on %s: got %d %s, want it allowed: %v", act.method, act.rest, mine, theirs, status, answer, may)
				}
				if may { // as they were
					owner.Call(t, http.MethodPatch, userPath(targets[1], ""), chat.RoleChange{Role: theirs}, http.StatusOK, nil)
					owner.Post(t, userPath(targets[1], "/reactivate"), nil, http.StatusOK, nil)
				}
			}
			if act.method != http.MethodPatch {
				actors[0].Refused(t, chat.Forbidden, act.method, userPath(actors[0], act.rest), act.in)
			}
		}
	}
}

func TestOwnersNameOwnersStepDownAndTheLastStays(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	role := func(who *harness.Person, role chat.Role) (string, string, any) {
		return http.MethodPatch, userPath(who, ""), chat.RoleChange{Role: role}
	}
	refused := func(by *harness.Person, code chat.Code, who *harness.Person, to chat.Role) {
		t.Helper()
		method, path, in := role(who, to)
		by.Refused(t, code, method, path, in)
	}
	refused(owner, chat.LastOwner, owner, chat.RoleMember)
	refused(owner, chat.Invalid, bob, "king")
	owner.Gives(t, bob.User.ID, chat.RoleOwner)
	refused(owner, chat.Forbidden, bob, chat.RoleMember)
	var invite chat.Invite
	owner.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	owner.Gives(t, owner.User.ID, chat.RoleAdmin)
	p.Visitor(t, "carl").Post(t, "/api/invites/check", chat.InviteCode{Code: invite.Code}, http.StatusOK, nil)
	refused(owner, chat.Forbidden, owner, chat.RoleOwner)
	refused(bob, chat.LastOwner, bob, chat.RoleAdmin)
	bob.Gives(t, owner.User.ID, chat.RoleMember) // an invite ends when who made it is demoted
	p.Visitor(t, "carl").Refused(t, chat.NotFound, http.MethodPost, "/api/invites/check", chat.InviteCode{Code: invite.Code})
}

func TestSomebodyIsSignedOutEverywhere(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	phone := bob.Device(t)
	var account chat.Account
	owner.Get(t, userPath(bob, ""), &account)
	if account.Sessions != 2 || account.LastSeenAt != 0 || account.User.Name != "bob" {
		t.Errorf("the account is %+v", account)
	}
	socks := []*harness.Sock{bob.Dial(t), phone.Dial(t)}
	owner.Call(t, http.MethodDelete, userPath(bob, "/sessions"), nil, http.StatusNoContent, nil)
	for _, s := range socks {
		s.ExpectClosed(t, chat.CloseSignedOut)
	}
	bob.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	owner.Get(t, userPath(bob, ""), &account)
	if account.Sessions != 0 {
		t.Errorf("the account is %+v", account)
	}
	bob.Device(t)
	expectAudit(t, owner, chat.AuditEntry{By: owner.User.ID, Act: chat.ActEndSessions, UserID: bob.User.ID})
}

func TestAPasswordIsReplacedByALinkThatWorksOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	owner := p.SetUp(t)
	bob := p.SignUp(t, owner, "bob")
	makes := func() chat.Reset {
		t.Helper()
		var reset chat.Reset
		owner.Post(t, userPath(bob, "/reset"), nil, http.StatusCreated, &reset)
		return reset
	}
	first, second := makes(), makes()
	address, err := url.Parse(second.URL)
	if err != nil || !strings.HasPrefix(second.URL, p.URL+"/reset#") || address.Fragment != second.Code {
		t.Errorf("the link is %q", second.URL)
	}
	s := bob.Dial(t)
	nobody := p.Visitor(t, "bob")
	nobody.Refused(t, chat.NotFound, http.MethodPost, "/api/reset/check", chat.ResetCode{Code: first.Code})
	var check chat.ResetCheck
	nobody.Post(t, "/api/reset/check", chat.ResetCode{Code: second.Code}, http.StatusOK, &check)
	if check.Name != "bob" || check.DisplayName != "Bob" {
		t.Errorf("it is for %+v", check)
	}
	use := func(password string) chat.ResetPassword {
		return chat.ResetPassword{Code: second.Code, Password: password}
	}
	nobody.Refused(t, chat.Invalid, http.MethodPost, "/api/reset", use("short"))
	bob.Get(t, "/api/me", nil) // until it is used, nothing changes
	nobody.Post(t, "/api/reset", use("another good password"), http.StatusOK, nil)
	s.ExpectClosed(t, chat.CloseSignedOut)
	bob.Refused(t, chat.SignedOut, http.MethodGet, "/api/me", nil)
	nobody.Get(t, "/api/me", nil) // who chose it is signed in
	other := p.Visitor(t, "bob")
	other.Refused(t, chat.NotFound, http.MethodPost, "/api/reset", use("a third good password"))
	other.Refused(t, chat.WrongCredentials, http.MethodPost, "/api/login", login("bob", harness.GoodPassword))
	other.Post(t, "/api/login", login("bob", "another good password"), http.StatusOK, nil)

	reset := makes()
	deactivates(t, owner, bob, chat.KeepMessages)
	other.Refused(t, chat.NotFound, http.MethodPost, "/api/reset", chat.ResetPassword{Code: reset.Code, Password: "a third good password"})
	owner.Refused(t, chat.Invalid, http.MethodPost, userPath(bob, "/reset"), nil)
	if strings.Contains(p.Stderr.String(), reset.Code) {
		t.Error("the log has the code of a link")
	}
}

// Somebody filled everybody's lists: what they began goes, and nothing that anybody else wrote.
func TestTheRoomsOfADeactivatedPersonGoWhenThatIsChosen(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	owner := p.SetUp(t)
	bob, carl := p.SignUp(t, owner, "bob"), p.SignUp(t, owner, "carl")
	gone := map[chat.RoomID]bool{bob.Creates(t, chat.Public, "empty").ID: true}
	spam, secret := bob.Creates(t, chat.Public, "spam").ID, bob.Creates(t, chat.Private, "secret").ID
	bob.Adds(t, secret, owner)
	group := bob.Direct(t, owner, carl).ID
	talk, answered := bob.Creates(t, chat.Public, "talk").ID, bob.Direct(t, carl).ID
	bob.Adds(t, talk, owner)
	general, others := bob.Room(t, "general").ID, owner.Direct(t, bob).ID
	for _, room := range []chat.RoomID{spam, secret, group, talk, answered, general, others} {
		bob.Says(t, room, "bob")
	}
	for _, room := range []chat.RoomID{spam, secret, group} {
		gone[room] = true
	}
	owner.Says(t, talk, "kept")
	carl.Says(t, answered, "kept")
	s := owner.Dial(t)
	deactivates(t, owner, bob, chat.DeleteRooms)
	for range 2 {
		var removed chat.RoomRemoved
		if s.ExpectInto(t, "room.removed", &removed); !gone[removed.RoomID] {
			t.Errorf("room %d is gone", removed.RoomID)
		}
	}
	wait.Until(t, "nothing is left to delete", func() bool {
		var account chat.Account
		owner.Get(t, userPath(bob, ""), &account)
		return !account.Deleting
	})
	var kept chat.KeptRooms
	owner.Get(t, "/api/server/rooms", &kept)
	left := map[chat.RoomID]bool{}
	for _, room := range kept.Rooms {
		left[room.ID] = true
		if gone[room.ID] {
			t.Errorf("room %d is still there", room.ID)
		}
	}
	for _, room := range []chat.RoomID{talk, answered, general, others} {
		if !left[room] {
			t.Errorf("room %d is gone", room)
		}
	}
	if m := owner.History(t, talk, "?limit=2").Messages; m[0].DeletedAt == 0 || m[1].Body != "kept" {
		t.Errorf("of a room that others wrote in are left %+v", m)
	}
	want := []chat.AuditEntry{{By: owner.User.ID, Act: chat.ActDeactivate, UserID: bob.User.ID, Detail: "rooms"}}
	for _, room := range slices.Sorted(maps.Keys(gone)) {
		want = append(want, chat.AuditEntry{By: owner.User.ID, Act: chat.ActDeleteRoom, RoomID: room})
	}
	expectAudit(t, owner, want...)
}

// An admin who turns against the others, or who was quick before somebody rose, keeps no key to an account.
func TestALinkForAPasswordEndsWithTheRightToMakeIt(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--messages-per-second=100000", "--messages-burst=100000")
	owner := p.SetUp(t)
	for what, then := range map[string]func(maker, whom *harness.Person){
		"the maker is a member":      func(maker, _ *harness.Person) { owner.Gives(t, maker.User.ID, chat.RoleMember) },
		"the maker is deactivated":   func(maker, _ *harness.Person) { deactivates(t, owner, maker, chat.KeepMessages) },
		"the person is an admin now": func(_, whom *harness.Person) { owner.Gives(t, whom.User.ID, chat.RoleAdmin) },
		"the person owns the server": func(_, whom *harness.Person) { owner.Gives(t, whom.User.ID, chat.RoleOwner) },
	} {
		t.Run(what, func(t *testing.T) {
			first := strings.Fields(what)
			name := first[1] + first[len(first)-1]
			maker, whom, visitor := p.SignUp(t, owner, "by."+name), p.SignUp(t, owner, name), p.Visitor(t, name)
			owner.Gives(t, maker.User.ID, chat.RoleAdmin)
			var reset chat.Reset
			maker.Post(t, userPath(whom, "/reset"), nil, http.StatusCreated, &reset)
			visitor.Post(t, "/api/reset/check", chat.ResetCode{Code: reset.Code}, http.StatusOK, nil)
			then(maker, whom)
			in := chat.ResetPassword{Code: reset.Code, Password: "another good password"}
			visitor.Refused(t, chat.NotFound, http.MethodPost, "/api/reset", in)
		})
	}
}
