//go:build unported

// Who may do what: every route and every event, for everyone from nobody to the owner of the server. A
// route or an event without a row fails.

package tests

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
)

// cast is everyone who asks, in the order of the columns below.
type cast struct {
	*parts
	people map[string]*harness.Person
	rooms  int
	scenes map[chat.RoomKind]scene // that no answer has changed yet
}

var roles = []string{"nobody", "outsider", "ex-member", "member", "room owner", "admin", "server owner"}

func newCast(t *testing.T) *cast {
	t.Helper()
	p := startParts(t, nil, "--sign-in-attempts=100000", "--messages-per-second=100000", "--messages-burst=100000")
	owner := p.SetUp(t)
	c := &cast{
		parts: p, scenes: map[chat.RoomKind]scene{},
		people: map[string]*harness.Person{"server owner": owner, "nobody": p.Visitor(t, "nobody")},
	}
	for _, role := range roles {
		if c.people[role] == nil {
			c.people[role] = p.SignUp(t, owner, strings.ReplaceAll(role, " ", "-"))
		}
	}
	c.people["someone"] = p.SignUp(t, owner, "someone")
	owner.Call(t, http.MethodPatch, fmt.Sprintf("/api/users/%d", c.id("admin")), chat.RoleChange{Role: chat.RoleAdmin}, http.StatusOK, nil)
	return c
}

func (c *cast) id(role string) chat.UserID { return c.people[role].User.ID }

func (c *cast) caller(role string) Caller { return Caller{User: c.id(role)} }

// scene is a room of its own after each answer that may have changed it, so that none changes the next.
type scene struct {
	room   chat.RoomID
	seq    int64 // of a message of the member's
	invite chat.InviteID
	token  chat.TokenID
}

func (c *cast) scene(t *testing.T, kind chat.RoomKind) scene {
	t.Helper()
	if s, ready := c.scenes[kind]; ready {
		return s
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	invite, err := c.actions.Invite(c.caller("server owner"), chat.NewInvite{})
	must(err)
	c.rooms++
	token, err := c.actions.AddToken(c.caller("server owner"), chat.NewToken{
		Bot: fmt.Sprint("bot", c.rooms), Scopes: []chat.Scope{chat.ScopeRead},
	})
	must(err)
	s := scene{invite: invite.ID, token: token.ID}
	author := "member"
	switch kind {
	case chat.Announcements:
		s.room, author = c.people["member"].Room(t, "announcements").ID, "server owner"
	case chat.Direct:
		state, err := c.actions.CreateDirect(c.caller("member"), chat.NewDirect{UserIDs: []chat.UserID{c.id("room owner")}})
		must(err)
		s.room = state.ID
	default:
		c.rooms++
		state, err := c.actions.CreateRoom(c.caller("room owner"), chat.NewRoom{Kind: kind, Name: fmt.Sprint("room", c.rooms)})
		must(err)
		s.room = state.ID
		must(c.actions.AddMembers(c.caller("room owner"), s.room, chat.NewMembers{UserIDs: []chat.UserID{c.id("member"), c.id("ex-member")}}))
		must(c.actions.RemoveMember(c.caller("room owner"), s.room, c.id("ex-member")))
	}
	sent, err := waitFor(func(done Sent) {
		c.actions.Post(c.caller(author), s.room, harness.Draft("text"), done)
	})
	must(err)
	s.seq = sent.Seq
	c.scenes[kind] = s
	return s
}

// permission is a row: what is asked for, and the answer to each of the cast, "ok" or a code.
type permission struct {
	what string // a route, or an event
	kind chat.RoomKind
	in   func(*cast, scene) any
	want string
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
)

func all(code chat.Code) string { return strings.Repeat(string(code)+" ", len(roles)) }

func body(v any) func(*cast, scene) any { return func(*cast, scene) any { return v } }

func draft(*cast, scene) any { return harness.Draft("hello") }

func newBot(c *cast, _ scene) any {
	c.rooms++
	return chat.NewToken{Bot: fmt.Sprint("bot", c.rooms), Scopes: []chat.Scope{chat.ScopePost}}
}

func news(c *cast, _ scene) any {
	c.rooms++
	return chat.NewNotification{To: []string{"someone"}, Title: "news", Key: fmt.Sprint("key", c.rooms)}
}

func anotherMember(c *cast, _ scene) any {
	return chat.NewMembers{UserIDs: []chat.UserID{c.id("someone")}}
}

var (
	topic   = body(map[string]string{"topic": "new"})
	newText = body(map[string]string{"body": "new"})
	readAll = body(map[string]int64{"read_seq": 1})
	toOwner = body(map[string]string{"role": "owner"})
)

func since(_ *cast, s scene) any {
	return chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: s.room}}}
}

// The answers to what changed are states, for each room asked for.
const (
	stateMembersOnly = "signed_out not_found not_found page page not_found not_found"
	statePublic      = "signed_out page page page page page page"
)

var routePermissions = []permission{
	{"GET /healthz", "", nil, everyone},
	{"GET /readyz", "", nil, everyone},
	{"GET /metrics", "", nil, all(chat.NotFound)},
	{"GET /ws", "", nil, all(chat.BadRequest)},
	// Anyone may open a session; who they are is asked when they connect to the namespace.
	{"GET /socket.io/*", "", nil, everyone},
	{"POST /socket.io/*", "", nil, all("refused")}, // to no session
	{"OPTIONS /socket.io/*", "", nil, everyone},
	{"GET /*", "", nil, everyone},
	{"HEAD /*", "", nil, everyone},
	{"GET /api/*", "", nil, all(chat.NotFound)},
	{"GET /api/server", "", nil, everyone},
	{"POST /api/setup", "", body(chat.Setup{Code: "GUESS", ServerName: "Mine", NewAccount: harness.Account("mallory")}), all(chat.AlreadySetUp)},
	{"POST /api/register", "", body(chat.Registering{NewAccount: harness.Account("mallory")}), all(chat.Forbidden)},
	{"POST /api/login", "", body(chat.Login{Name: "someone", Password: "wrong password"}), all(chat.WrongCredentials)},
	{"POST /api/invites/check", "", body(chat.InviteCode{Code: "GUESS"}), all(chat.NotFound)},
	{"POST /api/logout", "", nil, signedInOnly},
	{"GET /api/me", "", nil, signedInOnly},
	{"PATCH /api/me", "", body(map[string]string{"display_name": "Me"}), signedInOnly},
	{
		"POST /api/me/password", "", body(chat.PasswordChange{Current: "wrong password", New: "another password"}),
		"signed_out" + strings.Repeat(" wrong_credentials", 6),
	},
	{"GET /api/users", "", nil, signedInOnly},
	{"PATCH /api/users/:user", "", body(map[string]string{"role": "member"}), serverOwnerOnly},
	{"PATCH /api/server", "", body(map[string]string{"name": "Other"}), serverOwnerOnly},
	{"GET /api/invites", "", nil, administratorsOnly},
	{"POST /api/invites", "", body(chat.NewInvite{}), administratorsOnly},
	{"DELETE /api/invites/:invite", "", nil, administratorsOnly},
	{"GET /api/notifications", "", nil, signedInOnly},
	{"POST /api/notifications", "", news, administratorsOnly},
	{"PUT /api/notifications/read", "", body(chat.NotificationRead{UpTo: 1 << 40}), "signed_out" + strings.Repeat(" not_found", 6)},
	{"GET /api/tokens", "", nil, administratorsOnly},
	{"POST /api/tokens", "", newBot, administratorsOnly},
	{"DELETE /api/tokens/:token", "", nil, administratorsOnly},
	{"GET /api/rooms", "", nil, signedInOnly},
	{"GET /api/rooms/public", "", nil, signedInOnly},
	{"POST /api/rooms", "", func(c *cast, _ scene) any {
		c.rooms++
		return chat.NewRoom{Kind: private, Name: fmt.Sprint("room", c.rooms)}
	}, signedInOnly},
	{"POST /api/directs", "", func(c *cast, _ scene) any { return chat.NewDirect{UserIDs: []chat.UserID{c.id("someone")}} }, signedInOnly},

	{"GET /api/rooms/:room", private, nil, membersOnly},
	{"GET /api/rooms/:room", public, nil, signedInOnly},
	{"GET /api/rooms/:room", direct, nil, membersOnly},
	{"PATCH /api/rooms/:room", private, topic, roomOwnersOnly},
	{"PATCH /api/rooms/:room", public, topic, roomOwnersOfPublic},
	{"PATCH /api/rooms/:room", direct, topic, nobodyOfDirect},
	{"PATCH /api/rooms/:room", announcements, topic, serverOwnerOnly},
	{"POST /api/rooms/:room/join", private, nil, membersOnly},
	{"POST /api/rooms/:room/join", public, nil, signedInOnly},
	{"POST /api/rooms/:room/join", direct, nil, membersOnly},
	{"POST /api/rooms/:room/leave", private, nil, strings.Replace(membersOnly, "ok         ", "last_owner ", 1)},
	{"POST /api/rooms/:room/leave", public, nil, strings.Replace(signedInOnly, "ok         ", "last_owner ", 1)},
	{"POST /api/rooms/:room/leave", direct, nil, nobodyOfDirect},
	{"POST /api/rooms/:room/leave", announcements, nil, nobodySignedIn},
	{"GET /api/rooms/:room/members", private, nil, membersOnly},
	{"GET /api/rooms/:room/members", public, nil, signedInOnly},
	{"GET /api/rooms/:room/members", direct, nil, membersOnly},
	{"POST /api/rooms/:room/members", private, anotherMember, membersOnly},
	{"POST /api/rooms/:room/members", public, anotherMember, membersOfPublic},
	{"POST /api/rooms/:room/members", direct, anotherMember, nobodyOfDirect},
	{"PATCH /api/rooms/:room/members/:user", private, toOwner, roomOwnersOnly},
	{"PATCH /api/rooms/:room/members/:user", public, toOwner, roomOwnersOfPublic},
	{"PATCH /api/rooms/:room/members/:user", direct, toOwner, nobodyOfDirect},
	{"DELETE /api/rooms/:room/members/:user", private, nil, roomOwnersOnly},
	{"DELETE /api/rooms/:room/members/:user", public, nil, roomOwnersOfPublic},
	{"DELETE /api/rooms/:room/members/:user", direct, nil, nobodyOfDirect},
	{"DELETE /api/rooms/:room/members/:user", announcements, nil, nobodySignedIn},
	{"GET /api/rooms/:room/messages", private, nil, membersOnly},
	{"GET /api/rooms/:room/messages", public, nil, signedInOnly},
	{"GET /api/rooms/:room/messages", direct, nil, membersOnly},
	{"POST /api/rooms/:room/messages", private, draft, membersOnly},
	{"POST /api/rooms/:room/messages", public, draft, membersOfPublic},
	{"POST /api/rooms/:room/messages", direct, draft, membersOnly},
	{"POST /api/rooms/:room/messages", announcements, draft, administratorsOnly},
	{"PATCH /api/rooms/:room/messages/:seq", private, newText, authorOnly},
	{"PATCH /api/rooms/:room/messages/:seq", public, newText, authorInPublic},
	{"PATCH /api/rooms/:room/messages/:seq", announcements, newText, authorIsServerOwner},
	{"DELETE /api/rooms/:room/messages/:seq", private, nil, authorOnly},
	{"DELETE /api/rooms/:room/messages/:seq", public, nil, authorInPublic},
	{"DELETE /api/rooms/:room/messages/:seq", announcements, nil, authorIsServerOwner},
	{"PUT /api/rooms/:room/messages/:seq/reactions/:emoji", private, nil, membersOnly},
	{"PUT /api/rooms/:room/messages/:seq/reactions/:emoji", public, nil, membersOfPublic},
	{"PUT /api/rooms/:room/messages/:seq/reactions/:emoji", announcements, nil, signedInOnly},
	{"DELETE /api/rooms/:room/messages/:seq/reactions/:emoji", private, nil, membersOnly},
	{"DELETE /api/rooms/:room/messages/:seq/reactions/:emoji", public, nil, membersOfPublic},
	{"PUT /api/rooms/:room/read", private, readAll, membersOnly},
	{"PUT /api/rooms/:room/read", public, readAll, membersOfPublic},
	{"POST /api/changes", private, since, stateMembersOnly},
	{"POST /api/changes", public, since, statePublic},
	{"POST /api/changes", direct, since, stateMembersOnly},
}

func TestEveryRouteIsForThoseItIsFor(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	covered := map[string]bool{}
	for _, row := range routePermissions {
		covered[row.what] = true
		want := strings.Fields(row.want)
		for i, role := range roles {
			if got := c.askRoute(t, row, role); got != want[i] {
				t.Errorf("%s of a %s room for %s: got %q, want %q", row.what, row.kind, role, got, want[i])
			}
		}
	}
	for _, route := range c.server.echo.Routes() {
		what := route.Method + " " + route.Path
		if strings.HasPrefix(route.Method, "echo_") || (route.Path == "/api/*" && route.Method != http.MethodGet) {
			continue // the one answer to everything that is no address
		}
		if !covered[what] {
			t.Errorf("%s has no row", what)
		}
		delete(covered, what)
	}
	for what := range covered {
		t.Errorf("%s is no route", what)
	}
}

func (c *cast) askRoute(t *testing.T, row permission, role string) string {
	t.Helper()
	ok, answer := c.askRouteAs(t, row, role)
	return result(ok, answer)
}

func (c *cast) askRouteAs(t *testing.T, row permission, role string) (ok bool, answer []byte) {
	t.Helper()
	kind := row.kind
	if kind == "" {
		kind = public
	}
	s := c.scene(t, kind)
	who := c.people[role]
	if row.what == "POST /api/logout" && role != "nobody" {
		who = who.Device(t)
	}
	target := c.id("member")
	if strings.Contains(row.what, "/api/users/") {
		target = c.id("someone")
	}
	method, path, _ := strings.Cut(row.what, " ")
	path = strings.NewReplacer(":room", fmt.Sprint(s.room), ":seq", fmt.Sprint(s.seq), ":user", fmt.Sprint(target),
		":invite", fmt.Sprint(s.invite), ":token", fmt.Sprint(s.token), ":emoji", "👍", "*", "nothing").Replace(path)
	if strings.HasPrefix(path, socketIOPath) {
		path += "?EIO=4&transport=polling"
	}
	var in any
	if row.in != nil {
		in = row.in(c, s)
	}
	status, answer := who.Try(t, method, path, in)
	if ok = status < 300; ok && method != http.MethodGet {
		delete(c.scenes, kind)
	}
	return ok, answer
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

func inRoom(_ *cast, s scene) any { return chat.RoomAt{RoomID: s.room} }

func atMessage(_ *cast, s scene) any { return chat.MessageAt{RoomID: s.room, Seq: s.seq} }

func sendInto(_ *cast, s scene) any {
	return chat.MessageSend{RoomID: s.room, Draft: harness.Draft("hello")}
}

func editAt(_ *cast, s scene) any { return chat.MessageEdit{RoomID: s.room, Seq: s.seq, Body: "new"} }

func reactAt(_ *cast, s scene) any {
	return chat.ReactionAt{RoomID: s.room, Seq: s.seq, Emoji: "👍"}
}

func readTo(_ *cast, s scene) any { return chat.RoomRead{RoomID: s.room, ReadSeq: 1} }

// Nobody has no socket: the first column is what HTTP would say and is not asked.
var eventPermissions = []permission{
	{"ping", "", body(chat.Done{}), signedInOnly},
	{"message.send", private, sendInto, membersOnly},
	{"message.send", public, sendInto, membersOfPublic},
	{"message.send", direct, sendInto, membersOnly},
	{"message.send", announcements, sendInto, administratorsOnly},
	{"message.edit", private, editAt, authorOnly},
	{"message.edit", public, editAt, authorInPublic},
	{"message.delete", private, atMessage, authorOnly},
	{"message.delete", public, atMessage, authorInPublic},
	{"reaction.add", private, reactAt, membersOnly},
	{"reaction.add", public, reactAt, membersOfPublic},
	{"reaction.remove", private, reactAt, membersOnly},
	{"reaction.remove", public, reactAt, membersOfPublic},
	{"room.join", private, inRoom, membersOnly},
	{"room.join", public, inRoom, signedInOnly},
	{"room.leave", private, inRoom, strings.Replace(membersOnly, "ok         ", "last_owner ", 1)},
	{"room.leave", public, inRoom, strings.Replace(signedInOnly, "ok         ", "last_owner ", 1)},
	{"room.leave", announcements, inRoom, nobodySignedIn},
	{"room.read", private, readTo, membersOnly},
	{"room.read", public, readTo, membersOfPublic},
	{"room.changes", private, since, stateMembersOnly},
	{"room.changes", public, since, statePublic},
	{"typing.start", private, inRoom, membersOnly},
	{"typing.start", public, inRoom, membersOfPublic},
	{"typing.start", announcements, inRoom, administratorsOnly},
	{"presence.set", "", body(chat.PresenceSet{State: chat.Away}), signedInOnly},
	{"presence.watch", "", body(chat.PresenceWatch{}), signedInOnly},
}

func TestEveryEventIsForThoseItIsFor(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	socks := map[string]*harness.Sock{}
	for _, role := range roles[1:] {
		socks[role] = c.people[role].Dial(t)
	}
	covered := map[string]bool{"auth": true} // for those who have not said who they are
	for _, row := range eventPermissions {
		covered[row.what] = true
		kind := row.kind
		if kind == "" {
			kind = public
		}
		for i, role := range roles {
			if role == "nobody" {
				continue
			}
			s := socks[role]
			f := s.Answer(t, s.Send(t, row.what, row.in(c, c.scene(t, kind))))
			s.held = nil
			if f.Event == chat.ReplyEvent {
				delete(c.scenes, kind)
			}
			if got, want := result(f.Event == chat.ReplyEvent, f.Data), strings.Fields(row.want)[i]; got != want {
				t.Errorf("%s of a %s room for %s: got %q, want %q", row.what, row.kind, role, got, want)
			}
		}
	}
	for event := range socketEvents {
		if !covered[event] {
			t.Errorf("%s has no row", event)
		}
	}
	for event := range chat.Requests {
		if !covered[event] {
			t.Errorf("%s of chat.Requests has no row", event)
		}
	}
	for event := range covered {
		if _, known := chat.Requests[event]; !known {
			t.Errorf("%s is no request", event)
		}
	}
	for event := range chat.Requests {
		s := c.people["nobody"].DialAnyhow(t, http.Header{})
		s.Send(t, event, chat.Done{})
		<-s.Closed
		if s.close == nil || !slices.Contains([]int{chat.ClosePolicy, chat.CloseSignedOut}, s.close.Code) || len(s.events) != 0 {
			t.Errorf("%s from nobody: closed with %v after %d events", event, s.close, len(s.events))
		}
	}
}

// What one may see of others' rooms in lists and heads is part of who may do what.
func TestListsHoldOnlyWhatIsOnesOwn(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	secret, open := c.scene(t, private), c.scene(t, public)
	c.scene(t, direct)
	for _, role := range roles[1:] {
		in := role == "member" || role == "room owner"
		var mine chat.Rooms
		c.people[role].Get(t, "/api/rooms", &mine)
		has := func(id chat.RoomID) bool {
			return slices.ContainsFunc(mine.Rooms, func(r chat.RoomState) bool { return r.ID == id })
		}
		if has(secret.room) != in || has(open.room) != in {
			t.Errorf("%s has %+v", role, mine.Rooms)
		}
		var found chat.PublicRooms
		c.people[role].Get(t, "/api/rooms/public", &found)
		for _, room := range found.Rooms {
			if room.Kind != public {
				t.Errorf("%s is shown %+v", role, room)
			}
			if room.ID == open.room && room.Member != in {
				t.Errorf("%s is told to be a member: %v", role, room.Member)
			}
		}
		welcome := c.people[role].Dial(t).Welcome
		if len(welcome.Rooms) != len(mine.Rooms) {
			t.Errorf("%s is welcomed to %d rooms, want %d", role, len(welcome.Rooms), len(mine.Rooms))
		}
	}
}
