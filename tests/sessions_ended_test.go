// Sessions that end while others of the same person, and requests under way, go on.

package tests

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/chat"
	"parley/internal/engines"
	"parley/internal/wait"
	"parley/store/sqlite"
	"parley/tests/harness"
)

// However a session of a person's ends, their other sockets miss no user_rev: they can tell a lost event by it.
func TestTheOtherSocketsOfAPersonMissNoNumberWhenASessionEnds(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "--sign-in-attempts=100000")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	bot := ann.Makes(t, "robot", []chat.Scope{chat.ScopeRead, chat.ScopePost})
	room := bob.Creates(t, chat.Private, "room").ID
	bob.Adds(t, room, bot)
	for range 2 {
		bob.Says(t, room, "text")
	}
	for name, end := range map[string]func(t *testing.T){
		"signing out": func(t *testing.T) {
			bob.Device(t).Call(t, http.MethodPost, "/api/logout", nil, http.StatusNoContent, nil)
		},
		"another password": func(t *testing.T) {
			bob.Device(t)
			same := chat.PasswordChange{Current: harness.GoodPassword, New: harness.GoodPassword}
			bob.Call(t, http.MethodPost, "/api/me/password", same, http.StatusNoContent, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := bob.Dial(t)
			last := s.Welcome.UserRev
			for seq := range int64(2) {
				end(t)
				if name == "another password" { // this device has another session now
					s = bob.Dial(t)
				}
				s.Ask(t, "room.read", chat.RoomRead{RoomID: room, ReadSeq: 1 - seq}, nil)
				var moved chat.ReadMoved
				s.ExpectInto(t, "read.moved", &moved)
				if moved.UserRev != last+1 {
					t.Errorf("user_rev %d comes after %d", moved.UserRev, last)
				}
				last = moved.UserRev
			}
		})
	}
	t.Run("a token of a program", func(t *testing.T) {
		s := bot.DialBearer(t, bot.Bearer)
		other := ann.MakesToken(t, chat.NewToken{Bot: bot.Name, Scopes: []chat.Scope{chat.ScopeRead}})
		ann.Call(t, http.MethodDelete, fmt.Sprint("/api/tokens/", other.ID), nil, http.StatusNoContent, nil)
		s.Ask(t, "room.read", chat.RoomRead{RoomID: room, ReadSeq: 1}, nil)
		var moved chat.ReadMoved
		s.ExpectInto(t, "read.moved", &moved)
		if moved.UserRev != s.Welcome.UserRev+1 {
			t.Errorf("user_rev %d comes after %d", moved.UserRev, s.Welcome.UserRev)
		}
	})
}

// jam keeps a program from storing anything, so that what is asked for meanwhile waits in the order of asking.
type jam struct {
	c    *cast
	conn *sql.Conn
	all  sync.WaitGroup
}

// jams begins a jam: something waits for the disk already, and all that comes now waits behind it.
func (c *cast) jams(t *testing.T) *jam {
	t.Helper()
	db, err := sql.Open("sqlite", sqlite.WriteDSN(filepath.Join(c.Data, "parley.db")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	someone := c.people["someone"]
	join := harness.RoomPath(someone.Room(t, "general").ID) + "/join" // changes nothing
	j := &jam{c: c}
	if j.conn, err = db.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := j.conn.ExecContext(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	wait.Until(t, "the disk is waited for", func() bool {
		if j.waiting(t) > 0 {
			return true
		}
		j.all.Go(func() { someone.Try(t, http.MethodPost, join, nil) })
		return false
	})
	return j
}

// waiting is how many writes wait behind the one that waits for the disk.
func (j *jam) waiting(t *testing.T) float64 {
	t.Helper()
	return j.c.Metrics(t)[`parley_queue_length{queue="writes"}`]
}

// behind has something be asked for, and waits until it is in the queue, or was answered without that.
func (j *jam) behind(t *testing.T, ask func()) {
	t.Helper()
	before := j.waiting(t)
	answered := make(chan struct{})
	j.all.Go(func() {
		defer close(answered)
		ask()
	})
	wait.Until(t, "it waits to be stored", func() bool {
		select {
		case <-answered:
			return true
		default:
			return j.waiting(t) > before
		}
	})
}

// ends lets everything go on, and waits for the answers.
func (j *jam) ends(t *testing.T) {
	t.Helper()
	if _, err := j.conn.ExecContext(context.Background(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	j.all.Wait()
	if err := j.conn.Close(); err != nil {
		t.Fatal(err)
	}
}

// content is all that the database holds, but for sessions and when somebody was seen last.
func (c *cast) content(t *testing.T) map[string]string {
	t.Helper()
	db, err := sqlite.OpenBeside(filepath.Join(c.Data, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	table := map[string]string{}
	for _, name := range texts(t, db, `SELECT name FROM sqlite_master WHERE type = 'table'`) {
		if name == "sessions" || name == "tokens" {
			continue
		}
		columns := texts(t, db, `SELECT name FROM pragma_table_info('`+name+`') WHERE name NOT IN ('last_seen_at', 'leftovers', 'mark')`)
		for i := range columns {
			columns[i] = "quote(" + columns[i] + ")"
		}
		rows := texts(t, db, `SELECT `+strings.Join(columns, ` || ' ' || `)+` AS row FROM "`+name+`" ORDER BY row`)
		table[name] = strings.Join(rows, "\n")
	}
	return table
}

// texts are the texts that a query finds.
func texts(t *testing.T, db *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// unchanged compares what the database holds with what it held.
func (c *cast) unchanged(t *testing.T, what string, before map[string]string) {
	t.Helper()
	for name, now := range c.content(t) {
		if now != before[name] {
			t.Errorf("%s changed %s from\n%s\nto\n%s", what, name, before[name], now)
		}
	}
}

// whoMay is one of the cast who may do what a row says.
func whoMay(row permission) string {
	want := strings.Fields(row.want)
	for i := len(roles) - 1; i > 0; i-- {
		if want[i] == "ok" {
			return roles[i]
		}
	}
	return ""
}

// late is something that is asked for just after its session was ended, while nothing can be stored. ask returns what
// is wrong with the answer, or tooLong.
type late struct {
	what string
	ask  func(t *testing.T, who *harness.Person) string
}

// tooLong says that the program gave up: it waits for the disk for five seconds, and a slow machine may ask for longer.
const tooLong = "nothing could be stored"

// refusedLate judges the answer to a late request over HTTP.
func refusedLate(status int, answer []byte) string {
	switch status {
	case http.StatusUnauthorized:
		return ""
	case http.StatusServiceUnavailable:
		return tooLong
	}
	return fmt.Sprintf("got %d %s", status, answer)
}

// sendsLate sends a late event and judges how it ends: the socket closes, and no answer comes.
func sendsLate(t *testing.T, s *harness.Sock, event string, in any) string {
	t.Helper()
	s.Send(t, event, in)
	f, answered := s.NextAnswer(t)
	if !answered {
		return ""
	}
	var refused chat.Error
	if json.Unmarshal(f.Data, &refused) == nil && refused.Code == chat.Unavailable {
		return tooLong
	}
	return fmt.Sprintf("was answered: %s %s", f.Event, f.Data)
}

// A request that waits to be stored when its session ends is not done, whatever it asks for and at whatever door.
func TestWhatWaitsToBeStoredIsNotDoneWhenItsSessionHasEnded(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	c := newCast(t, harness.WithMetrics)
	all := map[string][]late{} // by role
	routes := routesByName(t)
	for _, row := range routePermissions {
		cost, role := routes[row.what].Cost, whoMay(row)
		if cost == "" || strings.Contains(cost, "read") || role == "" {
			continue
		}
		method, path, in := c.request(t, row)
		what := fmt.Sprintf("%s of a %s room by the %s", row.what, row.kind, role)
		all[role] = append(all[role], late{what, func(t *testing.T, who *harness.Person) string {
			return refusedLate(who.Try(t, method, path, in))
		}})
	}
	quiet := []string{"ping", "typing.start", "presence.set", "presence.watch", "room.changes"} // they store nothing
	for _, row := range slices.Concat(eventPermissions, gatewayPermissions) {
		role := whoMay(row)
		if role == "" || slices.Contains(quiet, row.what) {
			continue
		}
		c.asksOutsider(t, row)
		in := row.in(c, c.scene(t, row.kind))
		dial := func(t *testing.T, who *harness.Person) *harness.Sock { return who.DialBearer(t, who.Bearer) }
		if slices.Contains(gatewayNames(), row.what) {
			dial = c.plain
		}
		all[role] = append(all[role], late{row.what + " by the " + role, func(t *testing.T, who *harness.Person) string {
			return sendsLate(t, dial(t, who), row.what, in)
		}})
	}
	all["member"] = append(all["member"], late{"sendMessage over Socket.IO", func(t *testing.T, who *harness.Person) string {
		poller := who.Polls(t, "&token="+who.Bearer, "{}")
		who.Try(t, http.MethodPost, poller.Path, `42/chat,["sendMessage",{"message":"late"}]`)
		return "" // its answer would come by a poll
	}})
	for role, list := range all {
		for some := range slices.Chunk(list, 10) { // the program waits for the disk for five seconds
			c.askedTooLate(t, role, some)
		}
	}
}

// askedTooLate has one of the cast sign out, and ask for something before that is stored. Nothing may change. Where the
// program gave up, fewer are asked for at once.
func (c *cast) askedTooLate(t *testing.T, role string, list []late) {
	t.Helper()
	wait.Until(t, fmt.Sprintf("%s could be asked too late", list), func() bool {
		if c.triedTooLate(t, role, list) {
			return true
		}
		if len(list) == 1 {
			return false
		}
		c.askedTooLate(t, role, list[:len(list)/2])
		c.askedTooLate(t, role, list[len(list)/2:])
		return true
	})
}

// triedTooLate does it once. False: the program gave up, and nothing is known.
func (c *cast) triedTooLate(t *testing.T, role string, list []late) bool {
	t.Helper()
	who := c.people[role].WithBearer(t, c.people[role].Token(t))
	before := c.content(t)
	j, out := c.jams(t), 0
	j.behind(t, func() { out, _ = who.Try(t, http.MethodPost, "/api/logout", nil) })
	wrong := make([]string, len(list))
	for i, one := range list {
		j.behind(t, func() { wrong[i] = one.ask(t, who) })
	}
	j.ends(t)
	if out != http.StatusNoContent || slices.Contains(wrong, tooLong) {
		return false
	}
	for i, one := range list {
		if wrong[i] != "" {
			t.Errorf("%s: %s", one, wrong[i])
		}
	}
	c.unchanged(t, fmt.Sprint(list), before)
	return true
}

func (l late) String() string { return l.what }

// The same holds for tokens of programs, however they end.
func TestWhatWaitsToBeStoredIsNotDoneWhenItsTokenHasEnded(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	c := newCast(t, harness.WithMetrics)
	revoke := func(bot *harness.Person, token chat.TokenID) (method, path string, in any) {
		return http.MethodDelete, fmt.Sprint("/api/tokens/", token), nil
	}
	signOut := func(bot *harness.Person, _ chat.TokenID) (method, path string, in any) {
		return http.MethodDelete, fmt.Sprintf("/api/users/%d/sessions", bot.User.ID), nil
	}
	deactivate := func(bot *harness.Person, _ chat.TokenID) (method, path string, in any) {
		return http.MethodPost, fmt.Sprintf("/api/users/%d/deactivate", bot.User.ID), chat.Deactivation{Messages: chat.KeepMessages}
	}
	for name, end := range map[string]func(*harness.Person, chat.TokenID) (string, string, any){
		"it is revoked": revoke, "the program is signed out": signOut, "the program is deactivated": deactivate,
	} {
		wait.Until(t, "a program could be asked too late: "+name, func() bool { return c.programTooLate(t, name, end) })
	}
}

// programTooLate ends the token of a program, and has it write before that is stored. False: the program gave up waiting
// for the disk, and nothing is known.
func (c *cast) programTooLate(
	t *testing.T, name string, end func(*harness.Person, chat.TokenID) (method, path string, in any),
) bool {
	t.Helper()
	owner := c.people["server owner"]
	bot := owner.Makes(t, c.next("bot"), []chat.Scope{chat.ScopeRead, chat.ScopePost, chat.ScopeNotify})
	var all chat.Tokens
	owner.Get(t, "/api/tokens", &all)
	at := slices.IndexFunc(all.Tokens, func(token chat.Token) bool { return token.Bot.ID == bot.User.ID })
	room := c.scene(t, public).room
	c.people["room owner"].Adds(t, room, bot)
	s := bot.DialBearer(t, bot.Bearer)
	j, ended := c.jams(t), 0
	j.behind(t, func() {
		method, path, in := end(bot, all.Tokens[at].ID)
		ended, _ = owner.Try(t, method, path, in)
	})
	wrong := make([]string, 3)
	for i := range wrong {
		j.behind(t, func() {
			if i == 2 {
				wrong[i] = sendsLate(t, s, "message.send", chat.MessageSend{RoomID: room, Draft: harness.Draft("late")})
			} else {
				wrong[i] = refusedLate(bot.Try(t, http.MethodPost, harness.MessagesPath(room), harness.Draft("late")))
			}
		})
	}
	j.ends(t)
	if ended == http.StatusServiceUnavailable || slices.Contains(wrong, tooLong) {
		return false
	}
	if ended >= http.StatusMultipleChoices {
		t.Fatalf("%s: got %d", name, ended)
	}
	for _, answer := range wrong {
		if answer != "" {
			t.Errorf("%s: a message %s", name, answer)
		}
	}
	for _, m := range owner.History(t, room, "").Messages {
		if m.Body == "late" {
			t.Errorf("%s: message %d was stored after that", name, m.Seq)
		}
	}
	return true
}
