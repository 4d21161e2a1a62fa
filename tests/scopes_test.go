// What a program's token must be for, and what each request costs: every route, every event and every request
// of a gateway, as the program's tables have them.

package tests

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/gateway"
	"parley/socket"
	"parley/tests/harness"
	"parley/web"
)

// need is what somebody needs for a route or an event.
type need struct {
	scope chat.Scope // that the token of a program must have
	cost  string     // as the protocol writes it
}

const (
	anyToken   chat.Scope = ""       // any token will do, or none
	peopleOnly chat.Scope = "people" // no token does
)

// routeNeeds are the routes that need something. They stand here once more so that nobody changes the table
// by mistake.
var routeNeeds = map[string]need{
	"GET /api/server": {anyToken, "1 read"}, "GET /api/me": {anyToken, "1 read"},
	"POST /api/invites/check": {anyToken, "1 read"}, "POST /api/setup": {anyToken, "10 reads"},
	"POST /api/register": {anyToken, "10 reads"}, "POST /api/reset": {anyToken, "10 reads"},
	"PATCH /api/me": {peopleOnly, "10"}, "POST /api/me/password": {peopleOnly, ""},
	"GET /api/hosts": {peopleOnly, "1 read"}, "POST /api/hosts": {peopleOnly, "2"}, "DELETE /api/hosts/:host": {peopleOnly, "1"},
	"GET /api/me/blocks": {peopleOnly, "1 read"}, "PUT /api/me/blocks/:user": {peopleOnly, "5"},
	"DELETE /api/me/blocks/:user":                {peopleOnly, "5"},
	"GET /api/me/room-invitations":               {chat.ScopeRead, "1 read"},
	"POST /api/me/room-invitations/:room/accept": {chat.ScopePost, "1"}, "POST /api/me/room-invitations/:room/decline": {chat.ScopePost, "1"},
	"GET /api/tokens": {peopleOnly, "1 read"}, "POST /api/tokens": {peopleOnly, "2"}, "DELETE /api/tokens/:token": {peopleOnly, "1"},
	"GET /api/users/:user": {chat.ScopeAdmin, "1 read"}, "PATCH /api/users/:user": {chat.ScopeAdmin, "10"},
	"POST /api/users/:user/deactivate": {chat.ScopeAdmin, "10"}, "POST /api/users/:user/reactivate": {chat.ScopeAdmin, "10"},
	"DELETE /api/users/:user/sessions": {chat.ScopeAdmin, "1"}, "POST /api/users/:user/reset": {peopleOnly, "2"},
	"POST /api/reset/check": {anyToken, "1 read"},
	"PATCH /api/server":     {chat.ScopeAdmin, "10"},
	"GET /api/invites":      {chat.ScopeAdmin, "1 read"}, "POST /api/invites": {chat.ScopeAdmin, "2"},
	"DELETE /api/invites/:invite": {chat.ScopeAdmin, "1"}, "GET /api/audit": {chat.ScopeAdmin, "2 reads"},
	"GET /api/reports": {chat.ScopeAdmin, "2 reads"}, "GET /api/reports/:report": {chat.ScopeAdmin, "2 reads"},
	"POST /api/reports/:report/close": {chat.ScopeAdmin, "1"}, "POST /api/rooms/:room/messages/:seq/report": {peopleOnly, "2"},
	"GET /api/users": {chat.ScopeRead, "2 reads"}, "GET /api/rooms": {chat.ScopeRead, "10 reads"},
	"GET /api/rooms/public": {chat.ScopeRead, "10 reads"}, "GET /api/rooms/:room": {chat.ScopeRead, "1 read"},
	"GET /api/rooms/:room/members": {chat.ScopeRead, "2 reads"}, "GET /api/rooms/:room/messages": {chat.ScopeRead, "2 reads"},
	"PUT /api/rooms/:room/read": {chat.ScopeRead, "1"}, "POST /api/changes": {chat.ScopeRead, "2 + 1 per 20 reads"},
	"GET /api/notifications": {chat.ScopeRead, "2 reads"}, "PUT /api/notifications/read": {chat.ScopeRead, "1"},
	"POST /api/notifications": {chat.ScopeNotify, "1 + 1 per 100"},
	"POST /api/rooms":         {chat.ScopePost, "2"}, "POST /api/directs": {chat.ScopePost, "1 + 1 per 4"},
	"PATCH /api/rooms/:room": {chat.ScopePost, "2"}, "POST /api/rooms/:room/join": {chat.ScopePost, "1"},
	"DELETE /api/rooms/:room": {chat.ScopePost, "10"},
	"GET /api/server/rooms":   {chat.ScopeAdmin, "10 reads"}, "PATCH /api/server/rooms/:room": {chat.ScopeAdmin, "2"},
	"DELETE /api/server/rooms/:room":               {chat.ScopeAdmin, "10"},
	"GET /api/server/rooms/:room/members":          {chat.ScopeAdmin, "2 reads"},
	"PATCH /api/server/rooms/:room/members/:user":  {chat.ScopeAdmin, "2"},
	"DELETE /api/server/rooms/:room/members/:user": {chat.ScopeAdmin, "2"},
	"POST /api/rooms/:room/leave":                  {chat.ScopePost, "1"}, "POST /api/rooms/:room/hide": {chat.ScopePost, "1"},
	"PUT /api/rooms/:room/favorite":                          {chat.ScopePost, "1"},
	"DELETE /api/rooms/:room/favorite":                       {chat.ScopePost, "1"},
	"GET /api/rooms/:room/asked":                             {chat.ScopeRead, "2 reads"},
	"POST /api/rooms/:room/members":                          {chat.ScopePost, "1 + 1 per 4"},
	"PATCH /api/rooms/:room/members/:user":                   {chat.ScopePost, "2"},
	"DELETE /api/rooms/:room/members/:user":                  {chat.ScopePost, "2"},
	"POST /api/rooms/:room/messages":                         {chat.ScopePost, "1"},
	"PATCH /api/rooms/:room/messages/:seq":                   {chat.ScopePost, "1"},
	"DELETE /api/rooms/:room/messages/:seq":                  {chat.ScopePost, "1"},
	"PUT /api/rooms/:room/messages/:seq/reactions/:emoji":    {chat.ScopePost, "1"},
	"DELETE /api/rooms/:room/messages/:seq/reactions/:emoji": {chat.ScopePost, "1"},
}

// eventNeeds are the events that need something besides the scope read, without which no socket opens.
var eventNeeds = map[string]need{
	"room.read": {chat.ScopeRead, "1"}, "room.changes": {chat.ScopeRead, "2 + 1 per 20 reads"},
	"typing.start": {chat.ScopePost, "1"}, "presence.set": {anyToken, "1"}, "presence.watch": {anyToken, "1 + 1 per 50 reads"},
	"message.send": {chat.ScopePost, "1"}, "message.edit": {chat.ScopePost, "1"}, "message.delete": {chat.ScopePost, "1"},
	"reaction.add": {chat.ScopePost, "1"}, "reaction.remove": {chat.ScopePost, "1"},
	"room_invitation.accept": {chat.ScopePost, "1"}, "room_invitation.decline": {chat.ScopePost, "1"},
	"favorite.add": {chat.ScopePost, "1"}, "favorite.remove": {chat.ScopePost, "1"},
	"room.join": {chat.ScopePost, "1"}, "room.leave": {chat.ScopePost, "1"}, "room.hide": {chat.ScopePost, "1"},
}

// gatewayCosts is what the requests in a gateway's names cost.
var gatewayCosts = map[string]string{
	"sendMessage": "1", "roomMessage": "1", "broadcast": "1", "privateMessage": "2", "joinRoom": "2",
}

// free is what costs nothing, and why. Everything else in the API, and every other event, has a cost.
var free = map[string]string{
	"POST /api/login":  "attempts have a budget, and so have those that succeed",
	"POST /api/logout": "once for each session, and nothing may keep anybody from it",
	// Whoever uses up somebody's other budget may not keep them from it.
	"POST /api/me/password": "attempts have a budget, and so have those that succeed",
	"ping":                  "tells nobody and reads nothing",
}

// A new route or event cannot forget its cost.
func TestEverythingCostsOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	costs := map[string]string{}
	for _, route := range harness.Routes(t) {
		if !harness.OfAPI(route) {
			continue
		}
		costs[route.Method+" "+route.Path] = route.Cost
		if changes := route.Cost != "" && !strings.Contains(route.Cost, "read"); changes == (route.Method == http.MethodGet) && route.Cost != "" {
			if route.Path != "/api/changes" && route.Guard != web.Anyone { // one only reads, with a body; an address has no changes
				t.Errorf("%s %s costs %q", route.Method, route.Path, route.Cost)
			}
		}
	}
	for _, event := range socket.Events() {
		costs[event.Name] = event.Cost.String()
	}
	for _, request := range gateway.Requests() {
		costs[request.Name] = request.Cost.String()
	}
	for what, cost := range costs {
		if reason := free[what]; (cost == "") != (reason != "") {
			t.Errorf("%s costs %q; the reason why it is free: %q", what, cost, reason)
		}
	}
	for what := range free {
		if _, there := costs[what]; !there {
			t.Errorf("%s is neither a route nor an event", what)
		}
	}
}

func routesByName(t *testing.T) map[string]web.Description {
	t.Helper()
	routes := map[string]web.Description{}
	for _, route := range harness.Routes(t) {
		routes[route.Method+" "+route.Path] = route
	}
	return routes
}

func eventsByName() map[string]need {
	events := map[string]need{}
	for _, event := range socket.Events() {
		events[event.Name] = need{event.Scope, event.Cost.String()}
	}
	return events
}

// scopeOf is what the table says of a token for a route.
func scopeOf(route web.Description) chat.Scope {
	switch {
	case route.Guard == web.SignedInOrOperator && route.Scope == "":
		return peopleOnly
	case route.Guard != web.SignedIn && route.Guard != web.SignedInOrOperator:
		return anyToken
	case route.Scope == "" && routeNeeds[route.Method+" "+route.Path].scope == peopleOnly: // which the action refuses
		return peopleOnly
	}
	return route.Scope
}

func TestTheTablesSayWhatEachRouteAndEventNeeds(t *testing.T) {
	t.Parallel()
	routes := routesByName(t)
	for what, route := range routes {
		if got := (need{scopeOf(route), route.Cost}); got != routeNeeds[what] {
			t.Errorf("%s needs %+v in the table, want %+v", what, got, routeNeeds[what])
		}
	}
	for what := range routeNeeds {
		if _, there := routes[what]; !there {
			t.Errorf("%s is no route", what)
		}
	}
	events := eventsByName()
	for what, got := range events {
		if got != eventNeeds[what] {
			t.Errorf("%s needs %+v in the table, want %+v", what, got, eventNeeds[what])
		}
	}
	for what := range eventNeeds {
		if _, there := events[what]; !there {
			t.Errorf("%s is no event", what)
		}
	}
	for _, request := range gateway.Requests() {
		want := []chat.Scope{chat.ScopeRead, chat.ScopePost} // a room that is named is looked for
		if request.Name == "privateMessage" {
			want = want[1:]
		}
		if cost := gatewayCosts[request.Name]; !slices.Equal(request.Scopes, want) || request.Cost.String() != cost {
			t.Errorf("%s needs %v and costs %s, want %v and %s", request.Name, request.Scopes, request.Cost, want, cost)
		}
	}
}

// lacks is the scope that an answer says is missing.
func lacks(t *testing.T, answer []byte) chat.Scope {
	t.Helper()
	var refused chat.Error
	if json.Unmarshal(answer, &refused) != nil || refused.Code != chat.Forbidden {
		return ""
	}
	if refused.Field == "scope" {
		return chat.Scope(refused.Message[strings.LastIndex(refused.Message, " ")+1:])
	}
	if strings.Contains(refused.Message, "programs") {
		return peopleOnly
	}
	return ""
}

func TestEveryRouteNeedsItsScope(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	routes := routesByName(t)
	for _, scope := range harness.AllScopes() {
		bot := c.people["server owner"].Makes(t, "program", []chat.Scope{scope})
		for _, row := range routePermissions {
			if row.what == "POST /api/logout" {
				continue // it would end the token
			}
			want := scopeOf(routes[row.what])
			if want == scope {
				want = ""
			}
			_, answer := c.ask(t, row, bot)
			if got := lacks(t, answer); got != want {
				t.Errorf("%s with the scope %s: %q is missing, want %q: %s", row.what, scope, got, want, answer)
			}
		}
	}
}

func TestEveryEventNeedsItsScope(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	events := eventsByName()
	for _, scope := range harness.AllScopes() {
		c.opensOnlyToRead(t, scope)
		has := []chat.Scope{chat.ScopeRead, scope}
		bot := c.people["server owner"].Makes(t, "program", has)
		s := bot.DialBearer(t, bot.Bearer)
		for _, row := range eventPermissions {
			want := events[row.what].scope
			if slices.Contains(has, want) {
				want = ""
			}
			_, answer := c.asks(t, s, row)
			if got := lacks(t, answer); got != want {
				t.Errorf("%s with the scopes %v: %q is missing, want %q: %s", row.what, has, got, want, answer)
			}
		}
	}
}

// opensOnlyToRead opens sockets with a token for one scope: only one for reading does.
func (c *cast) opensOnlyToRead(t *testing.T, scope chat.Scope) {
	t.Helper()
	bot := c.people["server owner"].Makes(t, "program", []chat.Scope{scope})
	byHeader := bot.DialAnyhow(t, harness.WithToken(bot.Bearer))
	byFrame := bot.DialAnyhow(t, http.Header{})
	byFrame.Send(t, "auth", chat.Auth{Token: bot.Bearer})
	for _, s := range []*harness.Sock{byHeader, byFrame} {
		if scope == chat.ScopeRead {
			s.Expect(t, "welcome")
		} else {
			s.ExpectClosed(t, chat.ClosePolicy)
		}
	}
}

func TestEveryRequestOfAGatewayNeedsItsScopes(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	for _, scope := range harness.AllScopes() {
		has := []chat.Scope{chat.ScopeRead, scope}
		s := c.plain(t, c.people["server owner"].Makes(t, "program", has))
		for _, row := range gatewayPermissions {
			var want chat.Scope
			for _, request := range gateway.Requests() {
				for _, needed := range request.Scopes {
					if request.Name == row.what && want == "" && !slices.Contains(has, needed) {
						want = needed
					}
				}
			}
			_, answer := c.asks(t, s, row)
			if got := lacks(t, answer); got != want {
				t.Errorf("%s with the scopes %v: %q is missing, want %q: %s", row.what, has, got, want, answer)
			}
		}
	}
}

// plain opens a program's socket that speaks in a gateway's names.
func (c *cast) plain(t *testing.T, bot *harness.Person) *harness.Sock {
	t.Helper()
	s, resp, err := bot.Upgrade(harness.WithToken(bot.Bearer))
	if err != nil {
		t.Fatalf("upgrade: %v (%v)", err, resp)
	}
	t.Cleanup(func() { s.Conn.Close() })
	return s
}

// Who has made as many changes as they may is refused whatever costs changes, and nothing else.
func TestWhoHasMadeTooManyChangesIsRefusedMoreAndNothingElse(t *testing.T) {
	t.Parallel()
	c := newCast(t, "--messages-per-second=0.001", "--messages-burst=50")
	member := c.people["member"]
	for _, kind := range []chat.RoomKind{public, private, direct, announcements} {
		c.scene(t, kind)
	}
	c.spendsAll(t, member)
	c.keep = true
	changes := func(cost string) bool { return cost != "" && !strings.Contains(cost, "read") }
	check := func(what, cost string, ok bool, answer []byte) {
		t.Helper()
		if code := result(ok, answer); (code == string(chat.RateLimited)) != changes(cost) {
			t.Errorf("%s, which costs %q, is answered %q: %s", what, cost, code, answer)
		}
	}
	routes := routesByName(t)
	for _, row := range routePermissions {
		if cost := routes[row.what].Cost; changes(cost) { // these first: they change nothing
			ok, answer := c.ask(t, row, member)
			check(row.what, cost, ok, answer)
		}
	}
	events := eventsByName()
	for _, row := range eventPermissions {
		s := member.Dial(t) // a message that is refused closes its socket
		ok, answer := c.asks(t, s, row)
		check(row.what, events[row.what].cost, ok, answer)
		s.Conn.Close()
	}
	for _, row := range gatewayPermissions {
		ok, answer := c.asks(t, member.Plain(t), row)
		check(row.what, gatewayCosts[row.what], ok, answer)
	}
	for _, row := range routePermissions {
		if cost := routes[row.what].Cost; !changes(cost) && row.what != "POST /api/logout" {
			ok, answer := c.ask(t, row, member)
			check(row.what, cost, ok, answer)
		}
	}
}

// spendsAll makes changes until no more are taken.
func (c *cast) spendsAll(t *testing.T, who *harness.Person) {
	t.Helper()
	for n := range 100 {
		method := []string{http.MethodPut, http.MethodDelete}[n%2] // in turn, so that each changes something
		status, answer := who.Try(t, method, harness.RoomPath(who.Room(t, "general").ID)+"/favorite", nil)
		if status == http.StatusTooManyRequests {
			return
		}
		if status != http.StatusOK {
			t.Fatalf("change %d: got %d %s", n, status, answer)
		}
	}
	t.Fatalf("%s may make as many changes as they like", who.Name)
}
