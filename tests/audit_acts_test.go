// What stands in the audit log: every route, event and command that acts on others leaves its entry, and no other
// leaves any. A new one fails here until it is named.

package tests

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

// acting is something that one of the cast does, and what the audit log says of it: who, the act, whom, in which
// room and to which message. Numbers are "#".
type acting struct {
	permission
	by string
}

func does(by, what string, kind chat.RoomKind, in func(*cast, scene) any, noted string) acting {
	return acting{permission{what, kind, in, noted}, by}
}

// actings has every route and event by which somebody can act on others, or on the server. What it says of a room's
// owner holds for every room that they own.
var actings = []acting{
	does("server owner", "PATCH /api/server", "", body(map[string]string{"name": "Other"}), "server.change name"),
	does("server owner", "PATCH /api/server", "", body(map[string]string{"name": "Other"}), ""), // it changes nothing
	does("server owner", "PATCH /api/users/:user", "", body(chat.RoleChange{Role: chat.RoleAdmin}), "user.role other admin"),
	does("server owner", "PATCH /api/users/:user", "", body(chat.RoleChange{Role: chat.RoleMember}), "user.role other member"),
	does("server owner", "PATCH /api/users/:user", "", body(chat.RoleChange{Role: chat.RoleMember}), ""),
	does("admin", "DELETE /api/users/:user/sessions", "", nil, "user.end_sessions other"),
	does("admin", "POST /api/users/:user/reset", "", nil, "user.reset other"),
	does("admin", "POST /api/users/:user/deactivate", "", body(chat.Deactivation{Messages: chat.KeepMessages}), "user.deactivate other keep"),
	does("admin", "POST /api/users/:user/deactivate", "", body(chat.Deactivation{Messages: chat.KeepMessages}), ""),
	does("admin", "POST /api/users/:user/deactivate", "", body(chat.Deactivation{Messages: chat.DeleteMessages}), "user.deactivate other delete"),
	does("admin", "POST /api/users/:user/reactivate", "", nil, "user.reactivate other"),
	does("admin", "POST /api/users/:user/reactivate", "", nil, ""),
	does("server owner", "POST /api/hosts", "", newHost, "host.add host#"),
	does("server owner", "DELETE /api/hosts/:host", "", nil, "host.end host#"),
	does("admin", "POST /api/invites", "", body(chat.NewInvite{}), "invite.add #"),
	does("admin", "DELETE /api/invites/:invite", "", nil, "invite.end #"),
	does("admin", "POST /api/tokens", "", newBot, "token.add bot# # [post]"),
	does("admin", "DELETE /api/tokens/:token", "", nil, "token.end ended #"),
	does("server owner", "PATCH /api/server/rooms/:room", private, body(map[string]bool{"archived": true}), "room.archive room"),
	does("server owner", "PATCH /api/server/rooms/:room", public, body(map[string]string{"kind": "private"}), "room.make_private room"),
	does("server owner", "PATCH /api/server/rooms/:room", public, body(chat.KeptRoomChange{Archived: new(true), Kind: new(private)}), "room.make_private room, room.archive room"),
	does("server owner", "PATCH /api/server/rooms/:room", private, body(map[string]bool{"archived": false}), ""), // it is in use
	does("server owner", "DELETE /api/server/rooms/:room", private, nil, "room.delete room"),
	does("server owner", "PATCH /api/server/rooms/:room/members/:user", private, toOwner, "room.role member room owner"),
	does("server owner", "DELETE /api/server/rooms/:room/members/:user", private, nil, "room.take_out member room"),
	does("server owner", "DELETE /api/server/rooms/:room/members/:user", direct, nil, "room.take_out member room"),
	does("room owner", "PATCH /api/rooms/:room", private, topic, ""), // its people see who they are
	does("room owner", "PATCH /api/rooms/:room", private, body(map[string]bool{"archived": true}), "room.archive room"),
	does("room owner", "PATCH /api/rooms/:room", public, body(map[string]string{"kind": "private"}), "room.make_private room"),
	does("room owner", "DELETE /api/rooms/:room", private, nil, "room.delete room"),
	does("room owner", "PATCH /api/rooms/:room/members/:user", private, toOwner, "room.role member room owner"),
	does("room owner", "PATCH /api/rooms/:room/members/:user", private, body(map[string]string{"role": "member"}), ""),
	does("server owner", "PATCH /api/rooms/:room/members/:user", announcements, toOwner, "room.role member room owner"),
	does("room owner", "DELETE /api/rooms/:room/members/:user", public, nil, "room.take_out member room"),
	does("member", "DELETE /api/rooms/:room/messages/:seq", private, nil, ""), // their own
	does("room owner", "DELETE /api/rooms/:room/messages/:seq", private, nil, "message.delete member room message"),
	does("admin", "DELETE /api/rooms/:room/messages/:seq", public, nil, "message.delete member room message"),
	does("member", "message.delete", private, atMessage, ""),
	does("room owner", "message.delete", private, atMessage, "message.delete member room message"),
	does("server owner", "message.delete", public, atMessage, "message.delete member room message"),
	does("admin", "POST /api/reports/:report/close", direct, body(chat.ReportClosing{}), "report.close member room message #"),
	does("admin", "POST /api/reports/:report/close", direct, body(chat.ReportClosing{Delete: true}), "message.delete member room message, report.close member room message #"),
}

// noActs are the routes and events by which people only do what is theirs, or what everybody in the room sees. Those
// that only read are not among them.
var noActs = strings.Split(`POST /socket.io/*
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
POST /api/notifications
PUT /api/notifications/read
POST /api/rooms
POST /api/directs
POST /api/rooms/:room/join
POST /api/rooms/:room/leave
POST /api/rooms/:room/hide
PUT /api/rooms/:room/favorite
DELETE /api/rooms/:room/favorite
POST /api/rooms/:room/members
POST /api/rooms/:room/messages
PATCH /api/rooms/:room/messages/:seq
POST /api/rooms/:room/messages/:seq/report
PUT /api/rooms/:room/messages/:seq/reactions/:emoji
DELETE /api/rooms/:room/messages/:seq/reactions/:emoji
PUT /api/rooms/:room/read
POST /api/changes
ping
message.send
message.edit
reaction.add
reaction.remove
room.join
room_invitation.accept
room_invitation.decline
room.leave
room.hide
favorite.add
favorite.remove
room.read
room.changes
typing.start
presence.set
presence.watch
sendMessage
privateMessage
joinRoom
roomMessage
broadcast`, "\n")

var numbers = regexp.MustCompile(`\d+`)

// noted says what an entry of the audit log says about a scene, or about no room.
func (c *cast) noted(t *testing.T, e chat.AuditEntry, s scene) string {
	t.Helper()
	parts := []string{string(e.Act)}
	if e.UserID != 0 {
		parts = append(parts, c.called(t, e.UserID))
	}
	switch {
	case e.RoomID == 0:
	case e.RoomID == s.room:
		parts = append(parts, "room")
	default:
		parts = append(parts, "another room")
	}
	switch {
	case e.Seq == 0:
	case e.Seq == s.seq:
		parts = append(parts, "message")
	default:
		parts = append(parts, "another message")
	}
	if e.Detail != "" {
		parts = append(parts, e.Detail)
	}
	return numbers.ReplaceAllString(strings.Join(parts, " "), "#")
}

// called is the part of one of the cast, or the login name of somebody else.
func (c *cast) called(t *testing.T, id chat.UserID) string {
	t.Helper()
	for part, who := range c.people {
		if who.User.ID == id {
			return part
		}
	}
	var all chat.Users
	c.people["server owner"].Get(t, "/api/users", &all)
	for _, user := range all.Users {
		if user.ID == id {
			return user.Name
		}
	}
	return fmt.Sprint("user ", id)
}

// newest is the id of the newest entry of the audit log.
func (c *cast) newest(t *testing.T) int64 {
	t.Helper()
	return audit(t, c.people["server owner"], "?limit=1").Entries[0].ID
}

// expectNoted compares the entries after one with what somebody did.
func (c *cast) expectNoted(t *testing.T, after int64, by, what string, s scene, want string) {
	t.Helper()
	var got []string
	for _, entry := range audit(t, c.people["server owner"], "").Entries {
		if entry.ID <= after {
			break
		}
		if entry.By != c.id(by) {
			t.Errorf("%s by the %s: %+v is by somebody else", what, by, entry)
		}
		got = append([]string{c.noted(t, entry, s)}, got...)
	}
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("%s by the %s: the audit log has %q, want %q", what, by, text, want)
	}
}

// performs has somebody do what a row asks for, over HTTP or on a socket of theirs, and checks what the log has of it.
func (c *cast) performs(t *testing.T, who *harness.Person, a acting, socks map[string]*harness.Sock) {
	t.Helper()
	about := a.permission
	if about.kind == "" {
		about.kind = public
	}
	what := fmt.Sprintf("%s of a %s room", a.what, about.kind)
	if s, ok := socks[a.by]; ok && !strings.Contains(a.what, "/") {
		c.asksOutsider(t, a.permission)
		at := c.scene(t, about.kind)
		after := c.newest(t)
		f := s.Answer(t, s.Send(t, a.what, a.in(c, at)))
		if f.Event != chat.ReplyEvent {
			t.Errorf("%s by the %s: got %s", what, a.by, f.Data)
		}
		c.expectNoted(t, after, a.by, what, at, a.want)
		c.after(a.permission, true)
		return
	}
	method, path, in := c.request(t, a.permission)
	at := c.scene(t, about.kind)
	if a.what == "DELETE /api/rooms/:room" { // only when it is archived
		who.Call(t, http.MethodPatch, path, map[string]bool{"archived": true}, http.StatusOK, nil)
	}
	after := c.newest(t)
	if status, answer := who.Try(t, method, path, in); status >= http.StatusMultipleChoices {
		t.Errorf("%s by the %s: got %d %s", what, a.by, status, answer)
	}
	c.expectNoted(t, after, a.by, what, at, a.want)
	c.after(a.permission, true)
}

func TestEveryActOnOthersLeavesItsEntryAndNothingElseDoes(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	var named []string
	for _, a := range actings {
		named = append(named, a.what)
	}
	named = append(named, noActs...)
	there := slices.Concat(tableOf(t), eventNames(), gatewayNames())
	for _, what := range there {
		if !strings.HasPrefix(what, "GET ") && !slices.Contains(named, what) {
			t.Errorf("nobody has said whether %s is an act on others", what)
		}
	}
	for _, what := range named {
		if !slices.Contains(there, what) {
			t.Errorf("%s is in no table of the program", what)
		}
	}
	socks, plain := map[string]*harness.Sock{}, map[string]*harness.Sock{}
	for _, role := range roles[1:] {
		socks[role], plain[role] = c.people[role].Dial(t), c.people[role].Plain(t)
	}
	for _, a := range actings {
		c.performs(t, c.people[a.by], a, socks)
	}
	for _, row := range slices.Concat(routePermissions, eventPermissions, gatewayPermissions) {
		by := whoMay(row)
		if by == "" || !slices.Contains(noActs, row.what) && !strings.HasPrefix(row.what, "GET ") {
			continue
		}
		who, row := c.people[by], row
		if row.want = ""; row.what == "POST /api/logout" {
			who = who.Device(t)
		}
		on := socks
		if slices.Contains(gatewayNames(), row.what) {
			on = plain
		}
		c.performs(t, who, acting{row, by}, on)
	}
}

// What an operator does on the command line is by the user 0.
func TestEveryCommandThatActsOnOthersLeavesItsEntry(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	p := harness.StartIn(t, data)
	ann := p.SetUp(t)
	bob, carl := p.SignUp(t, ann, "bob"), p.SignUp(t, ann, "carl")
	commands := []struct{ command, noted string }{
		{"token add --scope=read builds", "token.add ID # [read]"},
		{"token list", ""},
		{"token revoke #", "token.end ID #"},
		{"user list", ""},
		{"user owner NAME", "user.role ID owner"},
		{"user owner NAME", ""},
		{"user deactivate NAME", "user.deactivate ID keep"},
		{"user deactivate NAME", ""},
		{"user deactivate --messages=delete NAME", "user.deactivate ID delete"},
		{"user reactivate NAME", "user.reactivate ID"},
		{"user reset NAME", "user.reset ID"},
		{"host add chat.lan", "host.add chat.lan"},
		{"host list", ""},
		{"host remove chat.lan", "host.end chat.lan"},
	}
	acts := func(of string) []string { // on others, of a command
		var list []string
		for _, line := range regexp.MustCompile(`(?m)^  `+of+` (\w+)`).FindAllStringSubmatch(harness.Run(t, of, "--help"), -1) {
			list = append(list, of+" "+line[1])
		}
		return list
	}
	for _, command := range slices.Concat(acts("token"), acts("user"), acts("host")) {
		if !slices.ContainsFunc(commands, func(c struct{ command, noted string }) bool { return strings.HasPrefix(c.command, command) }) {
			t.Errorf("nobody has said whether parley %s is an act on others", command)
		}
	}
	var want []string
	for _, who := range []*harness.Person{bob, carl} {
		token := 0
		for _, c := range commands {
			args := strings.Fields(strings.NewReplacer("NAME", who.Name, "#", fmt.Sprint(token)).Replace(c.command))
			p := harness.Launch(t, nil, append(args, "--data", data)...)
			if status := p.Wait(t); status != 0 {
				t.Fatalf("parley %s: status %d, %s", args, status, p.Stderr)
			}
			fmt.Sscanf(p.Stderr.String(), "Token %d of", &token)
			if c.noted != "" {
				want = append(want, c.noted)
			}
		}
		p.Stop() // the second of them meets a folder that no server uses
	}
	ann = ann.On(harness.StartIn(t, data))
	var got []string
	for _, entry := range slices.Backward(audit(t, ann, "").Entries) {
		if entry.By != 0 {
			continue // what setting up and signing up took
		}
		text := string(entry.Act)
		if entry.UserID != 0 {
			text += " ID"
		}
		text += " " + entry.Detail
		if !strings.HasPrefix(text, "host") {
			text = numbers.ReplaceAllString(text, "#")
		}
		if entry.Act == chat.ActRole && entry.UserID != bob.User.ID && entry.UserID != carl.User.ID {
			t.Errorf("%+v is about somebody else", entry)
		}
		got = append(got, strings.TrimSpace(text))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the audit log has\n%q\nwant\n%q", got, want)
	}
}
