// Who may do what in each state: blocked, having blocked, reported, having reported, and deactivated. These tests walk
// the same tables as those of the roles, so that a new route or event is asked for in every state.

package tests

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"parley/chat"
	"parley/tests/harness"
)

// blockedBy says what a block changes: the answer to the member, whom the owner of their rooms has blocked and whomever
// they bring in or write to; and to that owner, who has blocked them.
type blockedBy struct {
	what             string
	kind             chat.RoomKind
	blocked, blocker chat.Code // "" for what it would be without the block
}

// Everybody is in the announcements already, so a block keeps nobody out of them.
var blockedPermissions = []blockedBy{
	{"POST /api/directs", "", chat.Forbidden, ""},
	{"POST /api/rooms/:room/members", private, chat.Forbidden, ""},
	{"POST /api/rooms/:room/members", public, chat.Forbidden, ""},
	{"POST /api/rooms/:room/messages", direct, chat.Forbidden, chat.Forbidden},
	{"PATCH /api/rooms/:room/messages/:seq", direct, chat.Forbidden, ""},
	{"PUT /api/rooms/:room/messages/:seq/reactions/:emoji", direct, chat.Forbidden, chat.Forbidden},
	{"DELETE /api/rooms/:room/messages/:seq/reactions/:emoji", direct, chat.Forbidden, chat.Forbidden},
	{"message.send", direct, chat.Forbidden, chat.Forbidden},
	{"message.edit", direct, chat.Forbidden, ""},
	{"reaction.add", direct, chat.Forbidden, chat.Forbidden},
	{"reaction.remove", direct, chat.Forbidden, chat.Forbidden},
	{"typing.start", direct, chat.Forbidden, chat.Forbidden},
	{"privateMessage", "", chat.Forbidden, ""},
}

// untouchedByBlocks are the routes and events that a block has no part in. Those that only read are not among them.
var untouchedByBlocks = strings.Split(`POST /socket.io/*
OPTIONS /socket.io/*
POST /api/setup
POST /api/register
POST /api/login
POST /api/logout
POST /api/invites/check
POST /api/reset/check
POST /api/reset
PATCH /api/me
POST /api/me/password
PUT /api/me/blocks/:user
DELETE /api/me/blocks/:user
POST /api/me/room-invitations/:room/accept
POST /api/me/room-invitations/:room/decline
PATCH /api/users/:user
POST /api/users/:user/reset
POST /api/users/:user/deactivate
POST /api/users/:user/reactivate
DELETE /api/users/:user/sessions
PATCH /api/server
POST /api/hosts
DELETE /api/hosts/:host
POST /api/invites
DELETE /api/invites/:invite
POST /api/tokens
DELETE /api/tokens/:token
POST /api/reports/:report/close
PATCH /api/server/rooms/:room
DELETE /api/server/rooms/:room
PATCH /api/server/rooms/:room/members/:user
DELETE /api/server/rooms/:room/members/:user
POST /api/notifications
PUT /api/notifications/read
POST /api/rooms
PATCH /api/rooms/:room
DELETE /api/rooms/:room
POST /api/rooms/:room/join
POST /api/rooms/:room/leave
POST /api/rooms/:room/hide
PUT /api/rooms/:room/favorite
DELETE /api/rooms/:room/favorite
PATCH /api/rooms/:room/members/:user
DELETE /api/rooms/:room/members/:user
DELETE /api/rooms/:room/messages/:seq
POST /api/rooms/:room/messages/:seq/report
PUT /api/rooms/:room/read
POST /api/changes
ping
message.delete
room.join
room_invitation.accept
room_invitation.decline
room.leave
room.hide
favorite.add
favorite.remove
room.read
room.changes
presence.set
presence.watch
sendMessage
joinRoom
roomMessage
broadcast`, "\n")

// withBlocks gives the rows as they are for the member and the owner of their rooms after the block.
func withBlocks(rows []permission) []permission {
	rows = slices.Clone(rows)
	for i, row := range rows {
		for _, block := range blockedPermissions {
			if block.what != row.what || block.kind != row.kind {
				continue
			}
			columns := strings.Fields(row.want)
			for role, code := range map[string]chat.Code{"member": block.blocked, "room owner": block.blocker} {
				if code != "" {
					columns[slices.Index(roles, role)] = string(code)
				}
			}
			rows[i].want = strings.Join(columns, " ")
		}
	}
	return rows
}

func TestABlockChangesWhatItIsForAndNothingElse(t *testing.T) {
	t.Parallel()
	var named []string
	for _, block := range blockedPermissions {
		named = append(named, block.what)
	}
	there := slices.Concat(tableOf(t), eventNames(), gatewayNames())
	for _, what := range there {
		if !strings.HasPrefix(what, "GET ") && slices.Contains(named, what) == slices.Contains(untouchedByBlocks, what) {
			t.Errorf("nobody has said whether a block changes %s", what)
		}
	}
	for _, what := range slices.Concat(named, untouchedByBlocks) {
		if !slices.Contains(there, what) {
			t.Errorf("%s is in no table of the program", what)
		}
	}
	c := newCast(t)
	for _, by := range []string{"room owner", "someone", "other"} {
		c.blocks(t, by, "member")
	}
	owner := c.people["room owner"]
	c.stage = func(t *testing.T, kind chat.RoomKind, make func() scene) scene {
		if kind != direct {
			return make()
		}
		owner.Call(t, http.MethodDelete, blockPath(c.people["member"]), nil, http.StatusOK, nil)
		defer c.blocks(t, "room owner", "member")
		return make()
	}
	c.checkRoutes(t, withBlocks(routePermissions), "member", "room owner")
	native := func(who *harness.Person) *harness.Sock { return who.Dial(t) }
	plain := func(who *harness.Person) *harness.Sock { return who.Plain(t) }
	c.checkEvents(t, withBlocks(eventPermissions), native, "member", "room owner")
	c.checkEvents(t, withBlocks(gatewayPermissions), plain, "member", "room owner")
}

// In each scene the member's message was reported by the owner of their room, and the announcement by the member. Nobody
// may do more or less because of that: not who was reported, not who reported it, and the admins see the report with
// what stands around the message, and nothing else of the room.
func TestAReportChangesNobodysRights(t *testing.T) {
	t.Parallel()
	for name, check := range map[string]func(*testing.T, *cast){
		"routes": func(t *testing.T, c *cast) { c.checkRoutes(t, routePermissions, roles...) },
		"events": func(t *testing.T, c *cast) {
			c.checkEvents(t, eventPermissions, func(who *harness.Person) *harness.Sock { return who.Dial(t) }, roles[1:]...)
			c.checkEvents(t, gatewayPermissions, func(who *harness.Person) *harness.Sock { return who.Plain(t) }, roles[1:]...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCast(t)
			c.stage = c.reported
			check(t, c)
		})
	}
}

// reported is a stage: the message of a scene has been reported.
func (c *cast) reported(t *testing.T, kind chat.RoomKind, make func() scene) scene {
	t.Helper()
	s := make()
	reporter := "room owner"
	if kind == announcements {
		reporter = "member"
	}
	c.closesReports(t) // there is a limit to those of one person
	c.people[reporter].Reports(t, s.room, s.seq)
	open := reports(t, c.people["server owner"], "?state=open").Reports
	if !slices.ContainsFunc(open, func(r chat.Report) bool { return r.RoomID == s.room && r.Seq == s.seq }) {
		t.Fatalf("the message is not among the open reports, %+v", open)
	}
	return s
}

// closesReports closes every report that is open.
func (c *cast) closesReports(t *testing.T) {
	t.Helper()
	owner := c.people["server owner"]
	for _, report := range reports(t, owner, "?state=open").Reports {
		// A report about a deleted room goes by itself.
		owner.Try(t, http.MethodPost, fmt.Sprintf("/api/reports/%d/close", report.ID), chat.ReportClosing{})
	}
}

// asksAnyway sends an event on a socket that may be closed already, and gives what it is told and its close code.
func asksAnyway(t *testing.T, s *harness.Sock, event string) (told []string, code int) {
	t.Helper()
	line, err := chat.Encode(event, "1", chat.Done{})
	if err != nil {
		t.Fatal(err)
	}
	s.Conn.WriteMessage(websocket.TextMessage, line) // it may be gone
	if told = s.Unread(t); s.Close != nil {
		code = s.Close.Code
	}
	return told, code
}

// Who is deactivated has no session: every route answers as it answers nobody, and no event is taken.
func TestWhoIsDeactivatedIsAnsweredAsNobody(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	for _, role := range []string{"outsider", "admin"} {
		who := c.people[role]
		for _, kind := range []chat.RoomKind{public, private, direct, announcements} {
			c.scene(t, kind)
		}
		bearer := who.WithBearer(t, who.Token(t))
		if role == "admin" {
			who = bearer
		}
		c.keep = true
		deactivates(t, c.people["server owner"], who, chat.KeepMessages)
		for _, row := range routePermissions {
			if got, want := result(c.ask(t, row, who)), row.wantFor("nobody"); got != want {
				t.Errorf("%s of a %s room for a deactivated %s: got %q, want %q", row.what, row.kind, role, got, want)
			}
		}
		for _, names := range [][]string{eventNames(), gatewayNames()} {
			for _, event := range names {
				var subprotocols []string
				if slices.Contains(eventNames(), event) {
					subprotocols = []string{chat.Subprotocol}
				}
				var told []string
				var code int
				// A close frame has a tenth of a second to get through: on a busy machine it may not.
				for tries := 0; code == 0 && tries < 20; tries++ {
					s, resp, err := who.Upgrade(harness.WithToken(bearer.Bearer), subprotocols...)
					if err != nil {
						t.Fatalf("upgrade: %v (%v)", err, resp)
					}
					t.Cleanup(func() { s.Conn.Close() })
					if told, code = asksAnyway(t, s, event); len(told) > 0 {
						break
					}
				}
				if len(told) > 0 || code != chat.CloseSignedOut {
					t.Errorf("%s for a deactivated %s: told %q, closed with %d", event, role, told, code)
				}
			}
		}
		c.keep = false
		c.people["server owner"].Post(t, userPath(who, "/reactivate"), nil, http.StatusOK, nil)
		c.people[role] = who.Device(t)
		if status, answer := c.people[role].Try(t, http.MethodGet, "/api/rooms", nil); status != http.StatusOK {
			t.Errorf("the %s after that: got %d %s", role, status, answer)
		}
	}
}
