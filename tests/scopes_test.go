//go:build unported

// What each scope of a program's token is for: every route and every event.

package tests

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"parley/chat"
)

// What a token needs, besides a scope.
const (
	noScope    = ""       // any token will do, or none
	peopleOnly = "people" // no token does
)

// routeScopes has every route; one without fails.
var routeScopes = map[string]chat.Scope{
	"GET /healthz": noScope, "GET /readyz": noScope, "GET /metrics": noScope, "GET /ws": noScope, "GET /*": noScope,
	"GET /socket.io/*": noScope, "POST /socket.io/*": noScope, "OPTIONS /socket.io/*": noScope,
	"HEAD /*": noScope, "GET /api/*": noScope, "GET /api/server": noScope, "POST /api/setup": noScope,
	"POST /api/register": noScope, "POST /api/login": noScope, "POST /api/invites/check": noScope,
	"POST /api/logout": noScope, "GET /api/me": noScope,
	"PATCH /api/me": peopleOnly, "POST /api/me/password": peopleOnly,
	"GET /api/tokens": peopleOnly, "POST /api/tokens": peopleOnly, "DELETE /api/tokens/:token": peopleOnly,
	"PATCH /api/users/:user": chat.ScopeAdmin, "PATCH /api/server": chat.ScopeAdmin, "GET /api/invites": chat.ScopeAdmin,
	"POST /api/invites": chat.ScopeAdmin, "DELETE /api/invites/:invite": chat.ScopeAdmin,
	"GET /api/users": chat.ScopeRead, "GET /api/rooms": chat.ScopeRead, "GET /api/rooms/public": chat.ScopeRead,
	"GET /api/rooms/:room": chat.ScopeRead, "GET /api/rooms/:room/members": chat.ScopeRead,
	"GET /api/rooms/:room/messages": chat.ScopeRead, "PUT /api/rooms/:room/read": chat.ScopeRead,
	"POST /api/changes": chat.ScopeRead, "GET /api/notifications": chat.ScopeRead,
	"PUT /api/notifications/read": chat.ScopeRead, "POST /api/notifications": chat.ScopeNotify,
	"POST /api/rooms": chat.ScopePost, "POST /api/directs": chat.ScopePost, "PATCH /api/rooms/:room": chat.ScopePost,
	"POST /api/rooms/:room/join": chat.ScopePost, "POST /api/rooms/:room/leave": chat.ScopePost,
	"POST /api/rooms/:room/members": chat.ScopePost, "PATCH /api/rooms/:room/members/:user": chat.ScopePost,
	"DELETE /api/rooms/:room/members/:user": chat.ScopePost, "POST /api/rooms/:room/messages": chat.ScopePost,
	"PATCH /api/rooms/:room/messages/:seq": chat.ScopePost, "DELETE /api/rooms/:room/messages/:seq": chat.ScopePost,
	"PUT /api/rooms/:room/messages/:seq/reactions/:emoji":    chat.ScopePost,
	"DELETE /api/rooms/:room/messages/:seq/reactions/:emoji": chat.ScopePost,
}

// eventScopes has every event; a socket needs the scope read to be opened at all.
var eventScopes = map[string]chat.Scope{
	"ping": noScope, "room.read": noScope, "room.changes": noScope, "presence.set": noScope, "presence.watch": noScope,
	"message.send": chat.ScopePost, "message.edit": chat.ScopePost, "message.delete": chat.ScopePost,
	"reaction.add": chat.ScopePost, "reaction.remove": chat.ScopePost, "room.join": chat.ScopePost,
	"room.leave": chat.ScopePost, "typing.start": chat.ScopePost,
}

// tokensOf makes a program with a token for each scope alone, which is a member of every room it is asked into.
func (c *cast) tokensOf(t *testing.T) map[chat.Scope]*harness.Person {
	t.Helper()
	bots := map[chat.Scope]*harness.Person{}
	for _, scope := range allScopes {
		bots[scope] = c.bot(t, c.people["server owner"].makesToken(t, chat.NewToken{Bot: "program", Scopes: scopes(scope)}))
	}
	return bots
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
	bots := c.tokensOf(t)
	asked := map[string]bool{}
	for _, row := range routePermissions {
		asked[row.what] = true
		need, known := routeScopes[row.what]
		if !known {
			t.Errorf("%s: no scope is named for it", row.what)
		}
		for scope, bot := range bots {
			if row.what == "POST /api/logout" {
				continue // it would end the token
			}
			want := need
			if need == scope {
				want = ""
			}
			c.people["program"] = bot
			_, answer := c.askRouteAs(t, row, "program")
			if got := lacks(t, answer); got != want {
				t.Errorf("%s with the scope %s: %q is missing, want %q: %s", row.what, scope, got, want, answer)
			}
		}
	}
	for what := range routeScopes {
		if !asked[what] {
			t.Errorf("%s is no route", what)
		}
	}
}

func TestEveryEventNeedsItsScope(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	for scope, bot := range c.tokensOf(t) {
		s := bot.DialAnyhow(t, http.Header{"Authorization": {"Bearer " + bot.Bearer}})
		byFrame := bot.DialAnyhow(t, http.Header{})
		byFrame.Send(t, "auth", chat.Auth{Token: bot.Bearer})
		if scope != chat.ScopeRead {
			s.ExpectClosed(t, chat.ClosePolicy)
			byFrame.ExpectClosed(t, chat.ClosePolicy)
			continue
		}
		byFrame.Expect(t, "welcome")
		s.Expect(t, "welcome")
		for _, row := range eventPermissions {
			need, known := eventScopes[row.what]
			if !known {
				t.Errorf("%s: no scope is named for it", row.what)
			}
			kind := row.kind
			if kind == "" {
				kind = public
			}
			f := s.Answer(t, s.Send(t, row.what, row.in(c, c.scene(t, kind))))
			if got := lacks(t, f.Data); got != need {
				t.Errorf("%s with the scope read: %q is missing, want %q: %s", row.what, got, need, f.Data)
			}
		}
	}
}
