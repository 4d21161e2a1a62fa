// Who may ask each address for what.

package tests

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

func draft(*cast, scene) any { return harness.Draft("hello") }

func newBot(c *cast, _ scene) any {
	return chat.NewToken{Bot: c.next("bot"), Scopes: []chat.Scope{chat.ScopePost}}
}

func news(c *cast, _ scene) any {
	return chat.NewNotification{To: []string{"someone"}, Title: "news", Key: c.next("key")}
}

func newHost(c *cast, _ scene) any { return chat.NewHost{Name: c.next("host")} }

func newRoom(c *cast, _ scene) any { return chat.NewRoom{Kind: private, Name: c.next("room")} }

func anotherMember(c *cast, _ scene) any {
	return chat.NewMembers{UserIDs: []chat.UserID{c.id("someone")}}
}

func withSomeone(c *cast, _ scene) any {
	return chat.NewDirect{UserIDs: []chat.UserID{c.id("someone")}}
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

var routePermissions = []permission{
	{"GET /healthz", "", nil, everyone},
	{"GET /readyz", "", nil, everyone},
	{"GET /metrics", "", nil, all(chat.NotFound)},
	{"GET /ws", "", nil, all(chat.UpgradeRequired)},
	// Anyone may open a session; who they are is asked when they connect to the namespace.
	{"GET /socket.io/*", "", nil, everyone},
	{"POST /socket.io/*", "", nil, all("refused")}, // to no session
	{"OPTIONS /socket.io/*", "", nil, everyone},
	{"GET /*", "", nil, everyone},
	{"GET /api/openapi.json", "", nil, everyone},
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
	{"GET /api/me/blocks", "", nil, signedInOnly},
	{"PUT /api/me/blocks/:user", "", nil, signedInOnly},
	{"DELETE /api/me/blocks/:user", "", nil, signedInOnly},
	{"GET /api/me/room-invitations", "", nil, signedInOnly},
	{"POST /api/me/room-invitations/:room/accept", private, nil, "signed_out ok not_found ok ok not_found not_found"}, // for a member it does nothing
	{"POST /api/me/room-invitations/:room/accept", public, nil, "signed_out ok not_found ok ok not_found not_found"},
	{"POST /api/me/room-invitations/:room/accept", direct, nil, membersOnly},
	{"POST /api/me/room-invitations/:room/decline", private, nil, outsiderOnly},
	{"POST /api/me/room-invitations/:room/decline", public, nil, outsiderOnly},
	{"POST /api/me/room-invitations/:room/decline", direct, nil, "signed_out" + strings.Repeat(" not_found", 6)},
	{"GET /api/users", "", nil, signedInOnly},
	{"GET /api/users/:user", "", nil, administratorsOnly},
	{"PATCH /api/users/:user", "", body(map[string]string{"role": "member"}), serverOwnerOnly},
	{"POST /api/users/:user/reset", "", nil, administratorsOnly},
	{"DELETE /api/users/:user/sessions", "", nil, administratorsOnly},
	{"POST /api/users/:user/deactivate", "", body(chat.Deactivation{Messages: chat.KeepMessages}), administratorsOnly},
	{"POST /api/users/:user/reactivate", "", nil, administratorsOnly},
	{"POST /api/reset/check", "", body(chat.ResetCode{Code: "GUESS"}), all(chat.NotFound)},
	{"POST /api/reset", "", body(chat.ResetPassword{Code: "GUESS", Password: "a good password"}), all(chat.NotFound)},
	{"PATCH /api/server", "", body(map[string]string{"name": "Other"}), serverOwnerOnly},
	{"GET /api/hosts", "", nil, serverOwnerOnly},
	{"POST /api/hosts", "", newHost, serverOwnerOnly},
	{"DELETE /api/hosts/:host", "", nil, serverOwnerOnly},
	{"GET /api/invites", "", nil, administratorsOnly},
	{"POST /api/invites", "", body(chat.NewInvite{}), administratorsOnly},
	{"DELETE /api/invites/:invite", "", nil, administratorsOnly},
	{"GET /api/server/rooms", "", nil, serverOwnerOnly},
	{"PATCH /api/server/rooms/:room", private, body(map[string]bool{"archived": true}), serverOwnerOnly},
	{"PATCH /api/server/rooms/:room", direct, body(map[string]bool{"archived": true}), serverOwnerOnly},
	{"PATCH /api/server/rooms/:room", public, body(map[string]string{"kind": "private"}), serverOwnerOnly},
	{"PATCH /api/server/rooms/:room", announcements, body(map[string]bool{"archived": true}), nobodySignedIn},
	{"DELETE /api/server/rooms/:room", private, nil, serverOwnerOnly},
	{"DELETE /api/server/rooms/:room", announcements, nil, nobodySignedIn},
	{"GET /api/server/rooms/:room/members", private, nil, serverOwnerOnly},
	{"PATCH /api/server/rooms/:room/members/:user", private, toOwner, serverOwnerOnly},
	{"PATCH /api/server/rooms/:room/members/:user", direct, toOwner, nobodySignedIn},
	{"DELETE /api/server/rooms/:room/members/:user", private, nil, serverOwnerOnly},
	{"DELETE /api/server/rooms/:room/members/:user", direct, nil, serverOwnerOnly},
	{"GET /api/audit", "", nil, administratorsOnly},
	{"GET /api/notifications", "", nil, signedInOnly},
	{"POST /api/notifications", "", news, administratorsOnly},
	{"PUT /api/notifications/read", "", body(chat.NotificationRead{UpTo: new(int64(1 << 40))}), "signed_out" + strings.Repeat(" not_found", 6)},
	{"GET /api/tokens", "", nil, administratorsOnly},
	{"POST /api/tokens", "", newBot, administratorsOnly},
	{"DELETE /api/tokens/:token", "", nil, administratorsOnly},
	{"GET /api/rooms", "", nil, signedInOnly},
	{"GET /api/rooms/public", "", nil, signedInOnly},
	{"POST /api/rooms", "", newRoom, signedInOnly},
	{"POST /api/directs", "", withSomeone, signedInOnly},

	{"GET /api/rooms/:room", private, nil, membersOnly},
	{"GET /api/rooms/:room", public, nil, signedInOnly},
	{"GET /api/rooms/:room", direct, nil, membersOnly},
	{"GET /api/rooms/:room", announcements, nil, signedInOnly},
	{"PATCH /api/rooms/:room", private, topic, roomOwnersOnly},
	{"PATCH /api/rooms/:room", public, topic, roomOwnersOfPublic},
	{"PATCH /api/rooms/:room", direct, topic, nobodyOfDirect},
	{"PATCH /api/rooms/:room", announcements, topic, serverOwnerOnly},
	{"PATCH /api/rooms/:room", private, body(map[string]bool{"archived": true}), roomOwnersOnly},
	{"PATCH /api/rooms/:room", public, body(map[string]string{"kind": "private"}), roomOwnersOfPublic},
	{"DELETE /api/rooms/:room", private, nil, nobodyOfDirect}, // it is not archived
	{"POST /api/rooms/:room/join", private, nil, membersOnly},
	{"POST /api/rooms/:room/join", public, nil, signedInOnly},
	{"POST /api/rooms/:room/join", direct, nil, membersOnly},
	{"POST /api/rooms/:room/leave", private, nil, lastOwner(membersOnly)},
	{"POST /api/rooms/:room/leave", public, nil, lastOwner(signedInOnly)},
	{"POST /api/rooms/:room/leave", direct, nil, nobodyOfDirect},
	{"POST /api/rooms/:room/leave", announcements, nil, nobodySignedIn},
	{"POST /api/rooms/:room/hide", private, nil, nobodyOfDirect},
	{"POST /api/rooms/:room/hide", direct, nil, membersOnly},
	{"POST /api/rooms/:room/hide", announcements, nil, nobodySignedIn},
	{"PUT /api/rooms/:room/favorite", private, nil, membersOnly},
	{"PUT /api/rooms/:room/favorite", public, nil, membersOfPublic},
	{"PUT /api/rooms/:room/favorite", direct, nil, membersOnly},
	{"PUT /api/rooms/:room/favorite", announcements, nil, signedInOnly},
	{"DELETE /api/rooms/:room/favorite", private, nil, membersOnly},
	{"DELETE /api/rooms/:room/favorite", public, nil, membersOfPublic},
	{"DELETE /api/rooms/:room/favorite", direct, nil, membersOnly},
	{"GET /api/rooms/:room/members", private, nil, membersOnly},
	{"GET /api/rooms/:room/members", public, nil, signedInOnly},
	{"GET /api/rooms/:room/members", direct, nil, membersOnly},
	{"GET /api/rooms/:room/asked", private, nil, membersOnly},
	{"GET /api/rooms/:room/asked", public, nil, membersOfPublic},
	{"GET /api/rooms/:room/asked", direct, nil, membersOnly},
	{"POST /api/rooms/:room/members", private, anotherMember, membersOnly},
	{"POST /api/rooms/:room/members", public, anotherMember, membersOfPublic},
	{"POST /api/rooms/:room/members", direct, anotherMember, nobodyOfDirect},
	{"POST /api/rooms/:room/members", announcements, anotherMember, signedInOnly},
	{"PATCH /api/rooms/:room/members/:user", private, toOwner, roomOwnersOnly},
	{"PATCH /api/rooms/:room/members/:user", public, toOwner, roomOwnersOfPublic},
	{"PATCH /api/rooms/:room/members/:user", direct, toOwner, nobodyOfDirect},
	{"PATCH /api/rooms/:room/members/:user", announcements, toOwner, serverOwnerOnly},
	{"DELETE /api/rooms/:room/members/:user", private, nil, roomOwnersOnly},
	{"DELETE /api/rooms/:room/members/:user", public, nil, roomOwnersOfPublic},
	{"DELETE /api/rooms/:room/members/:user", direct, nil, nobodyOfDirect},
	{"DELETE /api/rooms/:room/members/:user", announcements, nil, nobodySignedIn},
	{"GET /api/rooms/:room/messages", private, nil, membersOnly},
	{"GET /api/rooms/:room/messages", public, nil, signedInOnly},
	{"GET /api/rooms/:room/messages", direct, nil, membersOnly},
	{"GET /api/rooms/:room/messages", announcements, nil, signedInOnly},
	{"POST /api/rooms/:room/messages", private, draft, membersOnly},
	{"POST /api/rooms/:room/messages", public, draft, membersOfPublic},
	{"POST /api/rooms/:room/messages", direct, draft, membersOnly},
	{"POST /api/rooms/:room/messages", announcements, draft, administratorsOnly},
	{"PATCH /api/rooms/:room/messages/:seq", private, newText, authorOnly},
	{"PATCH /api/rooms/:room/messages/:seq", public, newText, authorInPublic},
	{"PATCH /api/rooms/:room/messages/:seq", direct, newText, authorOfDirect},
	{"PATCH /api/rooms/:room/messages/:seq", announcements, newText, authorIsServerOwner},
	{"DELETE /api/rooms/:room/messages/:seq", private, nil, membersOnly}, // its author, and an owner of the room
	{"DELETE /api/rooms/:room/messages/:seq", public, nil, "signed_out forbidden forbidden ok ok ok ok"},
	{"DELETE /api/rooms/:room/messages/:seq", direct, nil, authorOfDirect},
	{"DELETE /api/rooms/:room/messages/:seq", announcements, nil, authorIsServerOwner},
	{"POST /api/rooms/:room/messages/:seq/report", private, body(chat.NewReport{}), "signed_out not_found not_found forbidden ok not_found not_found"},
	{"POST /api/rooms/:room/messages/:seq/report", public, body(chat.NewReport{}), "signed_out ok ok forbidden ok ok ok"},
	{"POST /api/rooms/:room/messages/:seq/report", direct, body(chat.NewReport{}), "signed_out not_found not_found forbidden ok not_found not_found"},
	{"POST /api/rooms/:room/messages/:seq/report", announcements, body(chat.NewReport{}), "signed_out ok ok ok ok ok forbidden"},
	{"GET /api/reports", "", nil, administratorsOnly},
	{"GET /api/reports/:report", direct, nil, administratorsOnly},
	{"GET /api/reports/:report", announcements, nil, administratorsOnly},
	{"POST /api/reports/:report/close", direct, body(chat.ReportClosing{}), administratorsOnly},
	{"POST /api/reports/:report/close", direct, body(chat.ReportClosing{Delete: true}), administratorsOnly},
	{"POST /api/reports/:report/close", announcements, body(chat.ReportClosing{Delete: true}), "signed_out forbidden forbidden forbidden forbidden forbidden ok"},
	{"PUT /api/rooms/:room/messages/:seq/reactions/:emoji", private, nil, membersOnly},
	{"PUT /api/rooms/:room/messages/:seq/reactions/:emoji", public, nil, membersOfPublic},
	{"PUT /api/rooms/:room/messages/:seq/reactions/:emoji", direct, nil, membersOnly},
	{"PUT /api/rooms/:room/messages/:seq/reactions/:emoji", announcements, nil, signedInOnly},
	{"DELETE /api/rooms/:room/messages/:seq/reactions/:emoji", private, nil, membersOnly},
	{"DELETE /api/rooms/:room/messages/:seq/reactions/:emoji", public, nil, membersOfPublic},
	{"DELETE /api/rooms/:room/messages/:seq/reactions/:emoji", direct, nil, membersOnly},
	{"PUT /api/rooms/:room/read", private, readAll, membersOnly},
	{"PUT /api/rooms/:room/read", public, readAll, membersOfPublic},
	{"PUT /api/rooms/:room/read", direct, readAll, membersOnly},
	{"PUT /api/rooms/:room/read", announcements, readAll, signedInOnly},
	{"POST /api/changes", private, since, stateMembersOnly},
	{"POST /api/changes", public, since, statePublic},
	{"POST /api/changes", direct, since, stateMembersOnly},
}

// tableOf lists the routes of the program as "GET /api/me".
func tableOf(t *testing.T) (list []string) {
	t.Helper()
	for _, route := range harness.Routes(t) {
		list = append(list, route.Method+" "+route.Path)
	}
	return list
}

// checkRoutes compares the answers to some of the cast with what the rows want.
func (c *cast) checkRoutes(t *testing.T, rows []permission, asking ...string) {
	t.Helper()
	for _, row := range rows {
		for _, role := range asking {
			who := c.people[role]
			if row.what == "POST /api/logout" && role != "nobody" {
				who = who.Device(t)
			}
			if got, want := result(c.ask(t, row, who)), row.wantFor(role); got != want {
				t.Errorf("%s of a %s room for %s: got %q, want %q", row.what, row.kind, role, got, want)
			}
		}
	}
}

func TestEveryRouteIsForThoseItIsFor(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	checkRows(t, routePermissions, tableOf(t))
	c.checkRoutes(t, routePermissions, roles...)
	for _, role := range roles {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			c.people[role].Refused(t, chat.NotFound, method, "/api/nothing", nil)
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
