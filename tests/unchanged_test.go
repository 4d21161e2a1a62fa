// What changes nothing: every request that changes something is made twice in the same words. The second tells
// nobody, stores nothing, takes no number and costs what a read costs; or a row says why it is another change.

package tests

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/internal/wait"
	"parley/tests/harness"
)

// repetition is a row: who asks for what, and what the same request does once more.
type repetition struct {
	what   string // a route, an event, or a request in a gateway's names
	kind   chat.RoomKind
	in     func(*cast, scene) any
	who    string
	second string // unchanged, told, changed, or the code of the refusal
	why    string // when it is not unchanged
	before func(*testing.T, *cast, scene)
}

// The outcomes of a second request that is not refused.
const (
	unchanged = "unchanged"
	told      = "told" // somebody, of what is not stored
	eitherWay = "told or unchanged"
	changed   = "changed" // what is stored
	notAsked  = ""        // why says why not
)

const (
	once  = "what it asks for is gone"
	anew  = "each makes another"
	looks = "nothing of it is stored, and it costs reads"
)

// spentBurst is what everybody may change in the test: next to nothing comes back. tokenMS is how long one takes.
const (
	spentBurst = 1000
	tokenMS    = 1000 * 1000
)

func archived(t *testing.T, c *cast, s scene) {
	c.people["room owner"].Call(t, http.MethodPatch, harness.RoomPath(s.room), map[string]bool{"archived": true}, http.StatusOK, nil)
}

func favored(t *testing.T, c *cast, s scene) {
	c.people["member"].Call(t, http.MethodPut, harness.RoomPath(s.room)+"/favorite", nil, http.StatusOK, nil)
}

func reacted(t *testing.T, c *cast, s scene) {
	c.people["member"].Call(t, http.MethodPut, harness.MessagePath(s.room, s.seq)+"/reactions/👍", nil, http.StatusOK, nil)
}

func notified(t *testing.T, c *cast, _ scene) {
	c.people["server owner"].Notifies(t, c.next("key"), "news", "member")
}

func withTwo(c *cast, _ scene) any {
	return chat.NewDirect{UserIDs: []chat.UserID{c.id("someone"), c.id("room owner")}}
}

var (
	toAdmin   = body(map[string]string{"role": "admin"})
	archiving = body(map[string]bool{"archived": true})
	hiding    = body(map[string]string{"kind": "private"})
)

var repeatedRoutes = []repetition{
	{what: "POST /socket.io/*", why: "it carries what others ask, which is in the tables of events"},
	{what: "OPTIONS /socket.io/*", why: "it changes nothing"},
	{what: "POST /api/setup", why: "its code works once, and it costs reads"},
	{what: "POST /api/register", why: "it is not for somebody who is there, and costs reads"},
	{what: "POST /api/login", why: "each starts another session; it costs no changes"},
	{what: "POST /api/invites/check", why: looks},
	{what: "POST /api/reset/check", why: looks},
	{what: "POST /api/reset", why: "its link works once, and it costs reads"},
	{what: "POST /api/changes", kind: private, in: since, who: "member", second: unchanged},
	{what: "POST /api/logout", who: "leaver", second: "signed_out", why: once},
	{
		what: "POST /api/me/password", in: body(chat.PasswordChange{Current: harness.GoodPassword, New: "another good password"}),
		who: "leaver's other", second: "wrong_credentials", why: "the password is another by then",
	},
	{what: "PATCH /api/me", in: body(map[string]string{"display_name": "Me"}), who: "member", second: unchanged},
	{what: "PATCH /api/me", in: body(map[string]string{"adding": "ask"}), who: "admin", second: unchanged},
	{what: "PATCH /api/me", in: body(map[string]string{"adding": "anyone", "display_name": "I"}), who: "admin", second: unchanged},
	{what: "PUT /api/me/blocks/:user", who: "member", second: unchanged},
	{what: "DELETE /api/me/blocks/:user", who: "member", second: unchanged},
	{what: "POST /api/me/room-invitations/:room/accept", kind: private, who: "outsider", second: unchanged},
	{what: "POST /api/me/room-invitations/:room/decline", kind: private, who: "outsider", second: unchanged},
	{what: "PATCH /api/users/:user", in: toAdmin, second: unchanged},
	{what: "DELETE /api/users/:user/sessions", second: unchanged},
	{what: "POST /api/users/:user/reset", second: changed, why: anew},
	{what: "POST /api/users/:user/deactivate", in: body(chat.Deactivation{Messages: chat.KeepMessages}), second: unchanged},
	{
		what: "POST /api/users/:user/deactivate", in: body(chat.Deactivation{Messages: chat.DeleteMessages}),
		second: changed, why: "it begins anew to delete",
	},
	{what: "POST /api/users/:user/reactivate", second: unchanged},
	{what: "PATCH /api/server", in: body(map[string]string{"name": "Other", "registration": "open"}), second: unchanged},
	{what: "POST /api/invites", in: body(chat.NewInvite{}), second: changed, why: anew},
	{what: "DELETE /api/invites/:invite", second: "not_found", why: once},
	{what: "POST /api/reports/:report/close", kind: private, in: body(chat.ReportClosing{}), second: unchanged},
	{what: "POST /api/reports/:report/close", kind: direct, in: body(chat.ReportClosing{Delete: true}), second: unchanged},
	{what: "PATCH /api/server/rooms/:room", kind: private, in: archiving, second: unchanged},
	{what: "PATCH /api/server/rooms/:room", kind: public, in: hiding, second: unchanged},
	{what: "DELETE /api/server/rooms/:room", kind: private, second: "not_found", why: once},
	{what: "PATCH /api/server/rooms/:room/members/:user", kind: private, in: toOwner, second: unchanged},
	{what: "DELETE /api/server/rooms/:room/members/:user", kind: private, second: "not_found", why: once},
	{what: "POST /api/rooms", in: newRoom, second: changed, why: anew},
	{what: "POST /api/directs", in: withSomeone, second: unchanged},
	{what: "POST /api/directs", in: withTwo, who: "member", second: unchanged},
	{what: "PATCH /api/rooms/:room", kind: private, in: topic, who: "room owner", second: unchanged},
	{what: "PATCH /api/rooms/:room", kind: public, in: body(map[string]string{"name": "renamed"}), who: "room owner", second: unchanged},
	{what: "PATCH /api/rooms/:room", kind: public, in: archiving, who: "room owner", second: unchanged},
	{what: "PATCH /api/rooms/:room", kind: public, in: hiding, who: "room owner", second: unchanged},
	{what: "DELETE /api/rooms/:room", kind: private, who: "room owner", before: archived, second: "not_found", why: once},
	{what: "POST /api/rooms/:room/join", kind: public, who: "outsider", second: unchanged},
	{what: "POST /api/rooms/:room/leave", kind: public, who: "member", second: unchanged},
	{what: "POST /api/rooms/:room/leave", kind: private, who: "member", second: "not_found", why: once},
	{what: "POST /api/rooms/:room/hide", kind: direct, who: "member", second: unchanged},
	{what: "PUT /api/rooms/:room/favorite", kind: private, who: "member", second: unchanged},
	{what: "DELETE /api/rooms/:room/favorite", kind: private, who: "member", before: favored, second: unchanged},
	{what: "POST /api/rooms/:room/members", kind: private, in: anotherMember, who: "room owner", second: unchanged},
	{what: "PATCH /api/rooms/:room/members/:user", kind: private, in: toOwner, who: "room owner", second: unchanged},
	{what: "DELETE /api/rooms/:room/members/:user", kind: private, who: "room owner", second: "not_found", why: once},
	{what: "POST /api/rooms/:room/messages", kind: private, in: draft, who: "member", second: unchanged},
	{what: "PATCH /api/rooms/:room/messages/:seq", kind: private, in: newText, who: "member", second: unchanged},
	{what: "DELETE /api/rooms/:room/messages/:seq", kind: private, who: "member", second: unchanged},
	{what: "DELETE /api/rooms/:room/messages/:seq", kind: private, who: "room owner", second: unchanged},
	{what: "POST /api/rooms/:room/messages/:seq/report", kind: private, in: body(chat.NewReport{}), who: "room owner", second: unchanged},
	{what: "PUT /api/rooms/:room/messages/:seq/reactions/:emoji", kind: private, who: "member", second: unchanged},
	{what: "DELETE /api/rooms/:room/messages/:seq/reactions/:emoji", kind: private, who: "member", before: reacted, second: unchanged},
	{what: "PUT /api/rooms/:room/read", kind: private, in: readAll, who: "room owner", second: unchanged},
	{what: "POST /api/notifications", in: news, second: unchanged},
	{what: "PUT /api/notifications/read", in: body(chat.NotificationRead{UpTo: new(int64(1))}), who: "member", before: notified, second: unchanged},
	{what: "POST /api/hosts", in: newHost, second: unchanged},
	{what: "DELETE /api/hosts/:host", second: "not_found", why: once},
	{what: "POST /api/tokens", in: newBot, second: changed, why: anew},
	{what: "DELETE /api/tokens/:token", second: "not_found", why: once},
}

var repeatedEvents = []repetition{
	{what: "ping", in: body(chat.Done{}), who: "member", second: unchanged},
	{what: "message.send", kind: private, in: sendInto, who: "member", second: unchanged},
	{what: "message.edit", kind: private, in: editAt, who: "member", second: unchanged},
	{what: "message.delete", kind: private, in: atMessage, who: "member", second: unchanged},
	{what: "reaction.add", kind: private, in: reactAt, who: "member", second: unchanged},
	{what: "reaction.remove", kind: private, in: reactAt, who: "member", before: reacted, second: unchanged},
	{what: "room.join", kind: public, in: inRoom, who: "outsider", second: unchanged},
	{what: "room_invitation.accept", kind: private, in: inRoom, who: "outsider", second: unchanged},
	{what: "room_invitation.decline", kind: private, in: inRoom, who: "outsider", second: unchanged},
	{what: "room.leave", kind: public, in: inRoom, who: "member", second: unchanged},
	{what: "room.hide", kind: direct, in: inRoom, who: "member", second: unchanged},
	{what: "favorite.add", kind: private, in: inRoom, who: "member", second: unchanged},
	{what: "favorite.remove", kind: private, in: inRoom, who: "member", before: favored, second: unchanged},
	{what: "room.read", kind: private, in: readTo, who: "room owner", second: unchanged},
	{what: "room.changes", kind: private, in: since, who: "member", second: unchanged},
	{what: "typing.start", kind: private, in: inRoom, who: "member", second: eitherWay, why: "it is told every three seconds"},
	{what: "presence.set", in: body(chat.PresenceSet{State: chat.Away}), who: "member", second: unchanged},
	{what: "presence.watch", in: body(chat.PresenceWatch{UserIDs: []chat.UserID{}}), who: "member", second: unchanged},
}

const said = "each says something, which clients of a gateway do not number"

var repeatedOfGateway = []repetition{
	{what: "sendMessage", in: toAll, who: "member", second: changed, why: said},
	{what: "privateMessage", in: toSomeone, who: "member", second: changed, why: said},
	{what: "roomMessage", kind: private, in: inNamedRoom, who: "member", second: changed, why: said},
	{what: "broadcast", kind: announcements, in: toAll, second: changed, why: said},
	{what: "joinRoom", kind: public, in: namedRoom, who: "outsider", second: unchanged},
}

// repeats is the cast of these tests, with a socket of each that hears what is told.
type repeats struct {
	*cast
	heard map[string]*harness.Sock
}

func newRepeats(t *testing.T) *repeats {
	t.Helper()
	c := newCast(t, "--messages-per-second=0.001", fmt.Sprintf("--messages-burst=%d", spentBurst), "--reads-per-second=100000")
	r := &repeats{cast: c, heard: map[string]*harness.Sock{}}
	for _, role := range roles[1:] {
		r.heard[role] = c.people[role].Dial(t)
	}
	c.people["leaver"] = c.SignUp(t, c.people["server owner"], "leaver")
	c.people["leaver's other"] = c.people["leaver"].Device(t)
	for _, role := range append(roles[1:], "leaver") { // so that everybody has spent something
		c.people[role].Call(t, http.MethodPatch, "/api/me", map[string]string{"display_name": "Who spends"}, http.StatusOK, nil)
	}
	return r
}

// spent is how many changes somebody has spent of spentBurst, at least one. It asks for more than there is, which
// costs nothing: the refusal says when all would have come back.
func (r *repeats) spent(t *testing.T, who *harness.Person) int {
	t.Helper()
	refused := who.Refused(t, chat.RateLimited, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: make([]chat.UserID, 4*spentBurst)})
	return int(math.Round(float64(refused.RetryAfter) / tokenMS))
}

// told lists what sockets were told since it was called before, apart from who is there. It asks for what costs a
// read, since too many pings, which cost nothing, wait.
func (r *repeats) told(t *testing.T) (events []string) {
	t.Helper()
	for _, role := range roles[1:] {
		s := r.heard[role]
		s.Ask(t, "presence.watch", chat.PresenceWatch{UserIDs: []chat.UserID{}}, nil)
		for _, event := range s.Held() {
			if event != "presence.changed" {
				events = append(events, event)
			}
			s.Got(event)
		}
	}
	return events
}

// aside are columns that change by themselves.
var aside = map[string][]string{
	"users": {"last_seen_at"}, "sessions": {"expires_at"}, "tokens": {"last_used_at"}, "server": {"leftovers", "mark"},
}

// stored is all that is stored, apart from what is aside and from what is still being deleted bit by bit.
func (r *repeats) stored(t *testing.T) string {
	t.Helper()
	wait.Until(t, "nothing is being deleted", func() bool {
		var left int
		harness.Query(t, r.Database(), `SELECT (SELECT count(*) FROM erasures) + (SELECT count(*) FROM rooms WHERE deleting = 1)`, &left)
		return left == 0
	})
	return harness.Dump(t, r.Database(), aside)
}

// state is what the server holds, and what somebody has spent.
type state struct {
	stored string
	spent  int
}

func (r *repeats) state(t *testing.T, who *harness.Person) state {
	t.Helper()
	r.told(t)
	return state{r.stored(t), r.spent(t, who)}
}

// outcome makes a request after before, and says what it did, what it cost, and how things are then.
func (r *repeats) outcome(
	t *testing.T, who *harness.Person, before state, ask func() (bool, []byte),
) (outcome string, cost int, after state) {
	t.Helper()
	ok, answer := ask()
	if !ok {
		return result(ok, answer), 0, before
	}
	events := r.told(t)
	after = r.state(t, who)
	switch cost = after.spent - before.spent; {
	case after.stored != before.stored:
		return changed, cost, after
	case len(events) > 0:
		return told, cost, after
	}
	return unchanged, cost, after
}

// prepares prepares the request of a row, for somebody to make more than once.
type prepares func(*testing.T, permission, *harness.Person) (ask func() (ok bool, answer []byte))

// repeat makes the request of a row twice.
func (r *repeats) repeat(t *testing.T, row repetition, prepare prepares) {
	t.Helper()
	if (row.second == unchanged) != (row.why == "") {
		t.Errorf("%s has to say why it is not unchanged the second time, and else nothing", row.what)
	}
	if row.second == notAsked {
		return
	}
	if row.who == "" {
		row.who = "server owner"
	}
	who := r.people[row.who]
	asked := permission{what: row.what, kind: row.kind, in: row.in}
	ask := prepare(t, asked, who)
	if row.before != nil {
		row.before(t, r.cast, r.scene(t, row.kind))
	}
	if row.second == "signed_out" { // and cannot be asked what it has left
		ok, _ := ask()
		again, answer := ask()
		if got := result(again, answer); !ok || got != row.second {
			t.Errorf("%s: got %v and then %q, want %q", row.what, ok, got, row.second)
		}
		return
	}
	first, cost, after := r.outcome(t, who, r.state(t, who), ask)
	free := row.what == "POST /api/me/password" // which the attempts to sign in bound
	if first != changed && first != told && first != unchanged || first != unchanged && cost == 0 && !free {
		t.Errorf("%s by %s at first: got %q for %d changes, want that it is done and paid for", row.what, row.who, first, cost)
	}
	second, cost, _ := r.outcome(t, who, after, ask)
	if !strings.Contains(row.second, second) {
		t.Errorf("%s by %s once more: got %q, want %q", row.what, row.who, second, row.second)
	}
	if second == unchanged && cost != 0 {
		t.Errorf("%s by %s once more changes nothing and costs %d changes", row.what, row.who, cost)
	}
	r.after(asked, true)
}

// checkRepetitions fails for what has no row, and for a row about nothing.
func checkRepetitions(t *testing.T, rows []repetition, there []string) {
	t.Helper()
	var list []permission
	for _, row := range rows {
		list = append(list, permission{what: row.what})
	}
	checkRows(t, list, there)
}

func TestEveryRouteChangesNothingTwice(t *testing.T) {
	t.Parallel()
	r := newRepeats(t)
	checkRepetitions(t, repeatedRoutes, slices.DeleteFunc(tableOf(t), func(route string) bool {
		return strings.HasPrefix(route, http.MethodGet+" ")
	}))
	for _, row := range repeatedRoutes {
		r.repeat(t, row, func(t *testing.T, asked permission, who *harness.Person) func() (bool, []byte) {
			method, path, in := r.request(t, asked)
			return func() (bool, []byte) {
				status, answer := who.Try(t, method, path, in)
				return status < http.StatusMultipleChoices, answer
			}
		})
	}
}

// send prepares an event of a row.
func (r *repeats) send(dial func(*harness.Person, testing.TB) *harness.Sock) prepares {
	return func(t *testing.T, asked permission, who *harness.Person) func() (bool, []byte) {
		s := dial(who, t)
		scene := r.scene(t, asked.kind)
		r.asksOutsider(t, asked)
		in := asked.in(r.cast, scene)
		return func() (bool, []byte) {
			f := s.Answer(t, s.Send(t, asked.what, in))
			return f.Event == chat.ReplyEvent, f.Data
		}
	}
}

func TestEveryEventChangesNothingTwice(t *testing.T) {
	t.Parallel()
	r := newRepeats(t)
	checkRepetitions(t, repeatedEvents, eventNames())
	for _, row := range repeatedEvents {
		r.repeat(t, row, r.send(func(who *harness.Person, t testing.TB) *harness.Sock { return who.Dial(t) }))
	}
}

func TestEveryRequestOfAGatewayChangesNothingTwice(t *testing.T) {
	t.Parallel()
	r := newRepeats(t)
	checkRepetitions(t, repeatedOfGateway, gatewayNames())
	for _, row := range repeatedOfGateway {
		r.repeat(t, row, r.send(func(who *harness.Person, t testing.TB) *harness.Sock { return who.Plain(t) }))
	}
}
