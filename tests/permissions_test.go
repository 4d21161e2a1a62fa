// Who may do what: the people who ask, from nobody to the owner of the server, and the rooms that they ask
// about. The tables of what each may do are in the other files permissions_*_test.go.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/socketio"
	"parley/tests/harness"
)

// cast is everyone who asks.
type cast struct {
	*harness.Program
	people map[string]*harness.Person
	made   int                     // rooms, programs and notifications, for names that are not taken
	names  map[chat.RoomID]string  // of the rooms
	scenes map[chat.RoomKind]scene // that no answer has changed yet
	keep   bool                    // the scenes as they are
	// stage makes a scene of a kind by make, and does what the scenes of a test need besides; nil when they need nothing.
	stage func(t *testing.T, kind chat.RoomKind, make func() scene) scene
}

// roles is the order of the columns in the tables. The member has written the message that is asked about,
// except in the announcements.
var roles = []string{"nobody", "outsider", "ex-member", "member", "room owner", "admin", "server owner"}

func newCast(t *testing.T, args ...string) *cast {
	t.Helper()
	args = append([]string{"--sign-in-attempts=100000", "--messages-per-second=100000", "--messages-burst=100000"}, args...)
	p := harness.Start(t, args...)
	owner := p.SetUp(t)
	c := &cast{
		Program: p, scenes: map[chat.RoomKind]scene{}, names: map[chat.RoomID]string{},
		people: map[string]*harness.Person{"server owner": owner, "nobody": p.Visitor(t, "nobody")},
	}
	for _, role := range roles {
		if c.people[role] == nil {
			c.people[role] = p.SignUp(t, owner, strings.ReplaceAll(role, " ", "-"))
		}
	}
	c.people["someone"], c.people["other"] = p.SignUp(t, owner, "someone"), p.SignUp(t, owner, "other")
	owner.Gives(t, c.id("admin"), chat.RoleAdmin)
	c.people["outsider"].Asks(t, chat.AddingAsk)
	return c
}

// asksOutsider has the owner of a row's room ask the outsider into it, if the row is about room invitations.
func (c *cast) asksOutsider(t *testing.T, row permission) {
	t.Helper()
	about := strings.Contains(row.what, "room-invitations/") || strings.HasPrefix(row.what, "room_invitation.")
	if about && row.kind != direct {
		path := harness.RoomPath(c.scene(t, row.kind).room) + "/members"
		c.people["room owner"].Try(t, http.MethodPost, path, chat.NewMembers{UserIDs: []chat.UserID{c.id("outsider")}})
	}
}

func (c *cast) id(role string) chat.UserID { return c.people[role].User.ID }

// next is a name that is not taken.
func (c *cast) next(kind string) string {
	c.made++
	return fmt.Sprint(kind, c.made)
}

// scene is a room with a message. Each request that succeeds may change it: the next gets another.
type scene struct {
	room chat.RoomID
	seq  int64 // of a message of the member's
}

func (c *cast) scene(t *testing.T, kind chat.RoomKind) scene {
	t.Helper()
	if kind == "" {
		kind = chat.Public
	}
	if s, ready := c.scenes[kind]; ready {
		return s
	}
	stage := c.stage
	if stage == nil {
		stage = func(_ *testing.T, _ chat.RoomKind, make func() scene) scene { return make() }
	}
	s := stage(t, kind, func() scene { return c.makeScene(t, kind) })
	c.scenes[kind] = s
	return s
}

func (c *cast) makeScene(t *testing.T, kind chat.RoomKind) (s scene) {
	t.Helper()
	author, owner := c.people["member"], c.people["room owner"]
	switch kind {
	case chat.Announcements:
		s.room, author = author.Room(t, "announcements").ID, c.people["server owner"]
	case chat.Direct:
		s.room = author.Direct(t, owner).ID
	default:
		room := owner.Creates(t, kind, c.next("room"))
		s.room, c.names[room.ID] = room.ID, room.Name
		owner.Adds(t, s.room, author, c.people["ex-member"])
		owner.Call(t, http.MethodDelete, fmt.Sprintf("%s/members/%d", harness.RoomPath(s.room), c.id("ex-member")), nil,
			http.StatusNoContent, nil)
	}
	s.seq = author.Says(t, s.room, "text").Seq
	return s
}

// permission is a row: what is asked for, and the answer to each of the cast, "ok" or a code.
type permission struct {
	what string // a route or an event
	kind chat.RoomKind
	in   func(*cast, scene) any
	want string
}

// wantFor is the answer to one of the cast.
func (row permission) wantFor(role string) string {
	return strings.Fields(row.want)[slices.Index(roles, role)]
}

const (
	private, public, direct, announcements = chat.Private, chat.Public, chat.Direct, chat.Announcements

	//                     nobody     outsider  ex-member member    room owner admin    server owner
	everyone            = "ok         ok        ok        ok        ok         ok        ok"
	signedInOnly        = "signed_out ok        ok        ok        ok         ok        ok"
	administratorsOnly  = "signed_out forbidden forbidden forbidden forbidden  ok        ok"
	serverOwnerOnly     = "signed_out forbidden forbidden forbidden forbidden  forbidden ok"
	membersOnly         = "signed_out not_found not_found ok        ok         not_found not_found"
	membersOfPublic     = "signed_out forbidden forbidden ok        ok         forbidden forbidden"
	roomOwnersOnly      = "signed_out not_found not_found forbidden ok         not_found not_found"
	roomOwnersOfPublic  = "signed_out forbidden forbidden forbidden ok         forbidden forbidden"
	authorOnly          = "signed_out not_found not_found ok        forbidden  not_found not_found"
	authorInPublic      = "signed_out forbidden forbidden ok        forbidden  forbidden forbidden"
	nobodyOfDirect      = "signed_out not_found not_found forbidden forbidden  not_found not_found"
	nobodySignedIn      = "signed_out forbidden forbidden forbidden forbidden  forbidden forbidden"
	authorIsServerOwner = "signed_out forbidden forbidden forbidden forbidden  forbidden ok"
	outsiderOnly        = "signed_out ok        not_found not_found not_found  not_found not_found" // whom a row about room invitations asks
	authorOfDirect      = "signed_out not_found not_found ok        forbidden  not_found not_found"

	// Who asks what changed is answered a state for each room.
	stateMembersOnly = "signed_out not_found not_found page      page       not_found not_found"
	statePublic      = "signed_out page      page      page      page       page      page"
)

// lastOwner is a row in which the owner of the room would be its last.
func lastOwner(row string) string { return strings.Replace(row, "ok         ", "last_owner ", 1) }

func all(code chat.Code) string { return strings.Repeat(string(code)+" ", len(roles)) }

func body(v any) func(*cast, scene) any { return func(*cast, scene) any { return v } }

// ask makes the request of a row and tells whether it was done.
func (c *cast) ask(t *testing.T, row permission, who *harness.Person) (ok bool, answer []byte) {
	t.Helper()
	method, path, in := c.request(t, row)
	status, answer := who.Try(t, method, path, in)
	ok = status < 300
	c.after(row, ok && method != http.MethodGet)
	return ok, answer
}

// request prepares the request of a row.
func (c *cast) request(t *testing.T, row permission) (method, path string, in any) {
	t.Helper()
	s := c.scene(t, row.kind)
	c.asksOutsider(t, row)
	owner := c.people["server owner"]
	target := c.id("member")
	if strings.Contains(row.what, "/api/users/") || strings.Contains(row.what, "/api/me/blocks/") {
		target = c.id("other")
	}
	var invite chat.Invite
	if strings.Contains(row.what, ":invite") {
		owner.Post(t, "/api/invites", chat.NewInvite{}, http.StatusCreated, &invite)
	}
	var token chat.Token
	if strings.Contains(row.what, ":token") {
		token = owner.MakesToken(t, chat.NewToken{Bot: "ended", Scopes: []chat.Scope{chat.ScopeRead}})
	}
	var report chat.ReportID
	if strings.Contains(row.what, ":report") {
		c.people["room owner"].Reports(t, s.room, s.seq)
		var all chat.Reports
		owner.Get(t, "/api/reports", &all)
		i := slices.IndexFunc(all.Reports, func(r chat.Report) bool { return r.RoomID == s.room && r.Seq == s.seq })
		report = all.Reports[i].ID
	}
	host := c.next("host")
	if strings.Contains(row.what, ":host") {
		owner.Post(t, "/api/hosts", chat.NewHost{Name: host}, http.StatusCreated, nil)
	}
	method, path, _ = strings.Cut(row.what, " ")
	path = strings.NewReplacer(":room", fmt.Sprint(s.room), ":seq", fmt.Sprint(s.seq), ":user", fmt.Sprint(target),
		":invite", fmt.Sprint(invite.ID), ":host", host, ":token", fmt.Sprint(token.ID), ":report", fmt.Sprint(report),
		":emoji", "👍", "*", "nothing").Replace(path)
	if strings.HasPrefix(path, socketio.Path) {
		path += "?EIO=4&transport=polling"
	}
	if row.in != nil {
		in = row.in(c, s)
	}
	return method, path, in
}

// after forgets the room of a row that has been changed.
func (c *cast) after(row permission, changed bool) {
	kind := row.kind
	if kind == "" {
		kind = chat.Public
	}
	if changed && !c.keep {
		delete(c.scenes, kind)
	}
}

// result is "ok", or the code of a refusal, or the state of the one room in an answer.
func result(ok bool, data []byte) string {
	var refused struct{ Code string }
	var changes chat.Changes
	json.Unmarshal(data, &refused) // what is neither is ok
	switch {
	case !ok && refused.Code == "":
		return "refused" // in words that are not ours
	case !ok:
		return refused.Code
	case json.Unmarshal(data, &changes) == nil && len(changes.Rooms) == 1 && changes.Rooms[0].State != "":
		return string(changes.Rooms[0].State)
	}
	return "ok"
}

// checkRows fails for what has no row, and for a row about nothing.
func checkRows(t *testing.T, rows []permission, there []string) {
	t.Helper()
	var asked []string
	for _, row := range rows {
		asked = append(asked, row.what)
		if !slices.Contains(there, row.what) {
			t.Errorf("%s has a row and is not in the program's table", row.what)
		}
	}
	for _, what := range there {
		if !slices.Contains(asked, what) {
			t.Errorf("%s has no row", what)
		}
	}
}
