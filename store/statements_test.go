// Tests of every SQL statement, as the actions run it: their number does not grow, and each uses an index.

package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"parley/access"
	"parley/actions"
	"parley/chat"
	"parley/internal/engines"
	"parley/internal/password"
	"parley/rooms"
	"parley/store"
)

// program has actions on a database of their own, and ann, who owns the server.
type program struct {
	*actions.Actions
	store        *store.Store
	ann          access.Caller
	checksRights atomic.Bool // after each commit: see CheckRights
}

const secretWord = "correct horse battery"

func newProgram(t *testing.T) *program {
	t.Helper()
	limits := access.Limits{
		MessageCharacters: 10_000, MessagesPerSecond: 1e6, MessagesBurst: 1e6, SignInAttempts: 1000, FrameBytes: 1 << 17,
		OutboxBytes: 1 << 20, SocketWrites: 64, Sockets: 100, SocketsPerUser: 100, SocketsPerAddress: 100,
	}
	p := &program{}
	live := rooms.New(limits, func(seen map[chat.UserID]int64) { p.KeepLastSeen(seen) })
	dispatch := func(changes []chat.Change, answer func()) {
		if p.checksRights.Load() {
			if err := p.store.CheckRights(); err != nil && !chat.IsCode(err, chat.Unavailable) {
				t.Errorf("after %+v: %v", changes, err)
			}
		}
		live.Dispatch(changes, answer)
	}
	var err error
	if p.store, err = store.Open(engines.Wanted(t), dispatch); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.store.Close(); err != nil {
			t.Error(err)
		}
		live.Close()
	})
	if p.Actions, err = actions.New(p.store, live, password.New(password.Cheapest), limits, "test"); err != nil {
		t.Fatal(err)
	}
	user, session, err := p.SetUp(t.Context(), "", "", chat.Setup{
		Code: p.SetupCode(), ServerName: "Home",
		NewAccount: chat.NewAccount{Name: "ann", DisplayName: "Ann", Password: secretWord},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.ann = access.Caller{User: user.ID, Session: session.ID}
	return p
}

// signUp makes an account with an invite.
func (p *program) signUp(t *testing.T, name string) access.Caller {
	t.Helper()
	invite, err := p.Invite(p.ann, chat.NewInvite{})
	if err != nil {
		t.Fatal(err)
	}
	user, session, err := p.Register(t.Context(), "", chat.Registering{
		Invite: invite.Code, NewAccount: chat.NewAccount{Name: name, DisplayName: name, Password: secretWord},
	})
	if err != nil {
		t.Fatal(err)
	}
	return access.Caller{User: user.ID, Session: session.ID}
}

// must fails the test unless an action succeeded or refused with a code.
func must(t *testing.T, what string, err error) {
	t.Helper()
	var refused *chat.Error
	if err != nil && !errors.As(err, &refused) {
		t.Fatalf("%s: %v", what, err)
	}
}

// after calls an action that answers through done, and waits for the answer.
func after[T any](t *testing.T, what string, act func(done func(T, error))) T {
	t.Helper()
	got, err := actions.Wait(act)
	must(t, what, err)
	return got
}

// says posts a message.
func (p *program) says(t *testing.T, by access.Caller, room chat.RoomID, body string) chat.MessageSent {
	t.Helper()
	draft := chat.Draft{ClientID: chat.NewClientID(), Body: body}
	return after(t, "post", func(done actions.Sent) { p.Post(by, room, draft, done) })
}

// If a value were part of a query's text, the number of prepared statements would grow without an end.
func TestStatementsAreAsManyAsTheProgramHas(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	bob := p.signUp(t, "bob")
	use := func(round int) {
		name := fmt.Sprint("round", round)
		room, err := p.CreateRoom(p.ann, chat.NewRoom{Kind: chat.Public, Name: name})
		must(t, "make a room", err)
		_, err = p.AddMembers(p.ann, room.ID, chat.NewMembers{UserIDs: []chat.UserID{bob.User}})
		must(t, "add members", err)
		carl := p.signUp(t, name)
		_, err = p.CreateDirect(p.ann, chat.NewDirect{UserIDs: []chat.UserID{bob.User, carl.User}})
		must(t, "make a direct room", err)
		_, err = p.PublicRooms(t.Context(), p.ann, name)
		must(t, "find rooms", err)
		_, err = p.Snapshot(t.Context(), bob)
		must(t, "open", err)
		sent := p.says(t, bob, room.ID, name)
		after(t, "react", func(done actions.Sent) {
			p.React(bob, chat.ReactionAt{RoomID: room.ID, Seq: sent.Seq, Emoji: "👍"}, done)
		})
		after(t, "edit", func(done actions.Sent) {
			p.Edit(bob, chat.MessageEdit{RoomID: room.ID, Seq: sent.Seq, Body: name + "!"}, done)
		})
		must(t, "look when people were seen", p.store.Read(t.Context(), func(tx *store.Tx) error {
			_, err := tx.LastSeen(make([]chat.UserID, 1+round))
			return err
		}))
		_, err = p.Changes(t.Context(), bob, chat.ChangesSince{Rooms: make([]chat.RoomRev, 1+round)}, false)
		must(t, "ask for changes", err)
		_, err = p.History(t.Context(), p.ann, room.ID, actions.PageOf{Limit: 1 + round})
		must(t, "read", err)
	}
	statements := func() map[string]bool {
		texts := map[string]bool{}
		err := p.store.EachConnection(func(_ *sql.Conn, queries []string) {
			for _, query := range queries {
				texts[query] = true
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return texts
	}
	use(0)
	p.store.KeepUp()
	before := statements()
	if len(before) < 20 {
		t.Errorf("only %d statements were prepared", len(before))
	}
	for round := range 10 {
		use(1 + round)
	}
	for query := range statements() {
		if !before[query] {
			t.Errorf("prepared anew: %s", query)
		}
	}
}

// mayScan lists the tables that a statement may read from end to end, by the names of the tables, since they are
// small or every row is wanted.
var mayScan = []string{
	"json_each",
	"server", "invites", // the settings, the few invites
	"sessions", "tokens", "resets", "erasures", // the few tokens, the few links of the last hour, the first erasure
	"o", "told", "deleted", "looked", "newest", "dropped", // at most 20 owners, and at most 100 messages, of a room in the list of all
	"hosts", "j", "runs", // the few names, a list that came with the statement, at most MaxRuns when the server starts
	// SQLite plans these for an INSERT of a user or a notification, and runs them only when a foreign key is
	// violated.
	"reactions", "inbox", "blocks",
}

// mayScanUsers are parts of the statements that may read all users: whether there is one, and who looks after the
// server, which is asked when somebody reports a message.
var mayScanUsers = []string{"EXISTS (SELECT 1 FROM users)", "WHERE u.role <> 'member' AND u.deactivated_at = 0"}

// mayScanIndex lists the indexes that a statement may read from end to end, since few rows are in them: the rooms that
// are being deleted, and those that everyone may see.
var mayScanIndex = []string{"rooms_deleting", "rooms_public_name"}

// alias finds the names that a statement gives to tables.
var alias = regexp.MustCompile(`(?:FROM|JOIN) (\w+) (\w+)`)

// scanned returns the table that a step of a plan reads from end to end; empty when it reads none so.
func scanned(query, step string) string {
	name, scans := strings.CutPrefix(step, "SCAN ")
	if !scans || strings.HasPrefix(name, "CONSTANT ROW") {
		return ""
	}
	name, how, _ := strings.Cut(name, " ")
	if slices.ContainsFunc(mayScanIndex, func(index string) bool { return strings.HasSuffix(how, "INDEX "+index) }) {
		return ""
	}
	for _, given := range alias.FindAllStringSubmatch(query, -1) {
		if given[2] == name {
			return given[1]
		}
	}
	return name
}

var parameter = regexp.MustCompile(`\$\d+`)

// planOf returns how SQLite would run a query.
func planOf(t *testing.T, conn *sql.Conn, query string) string {
	t.Helper()
	highest := 0
	for _, found := range parameter.FindAllString(query, -1) {
		var n int
		if _, err := fmt.Sscanf(found, "$%d", &n); err != nil {
			t.Fatal(err)
		}
		highest = max(highest, n)
	}
	rows, err := conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, highest)...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "; ")
}

// The test asks for the plan of every statement that the program has prepared after useEverything.
func TestEveryQueryUsesAnIndex(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.useEverything(t)
	p.store.KeepUp()
	if engines.OnPostgres() {
		return // every statement is one that PostgreSQL understands; it chooses its indexes by what the tables hold
	}
	plans := map[string]string{}
	err := p.store.EachConnection(func(conn *sql.Conn, queries []string) {
		for _, query := range queries {
			switch strings.Fields(query)[0] {
			case "BEGIN", "COMMIT", "ROLLBACK", "PRAGMA":
			default:
				plans[strings.Join(strings.Fields(query), " ")] = planOf(t, conn, query)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < 40 {
		t.Errorf("only %d statements were seen", len(plans))
	}
	for query, plan := range plans {
		for step := range strings.SplitSeq(plan, "; ") {
			may := mayScan
			if slices.ContainsFunc(mayScanUsers, func(part string) bool { return strings.Contains(query, part) }) {
				may = append(slices.Clone(may), "users")
			}
			if table := scanned(query, step); table != "" && !slices.Contains(may, table) {
				t.Errorf("%s\n\tgoes through all %s: %s", query, table, plan)
			}
			if strings.Contains(step, "TEMP B-TREE") && strings.Contains(query, "messages") {
				t.Errorf("%s\n\tsorts by itself: %s", query, plan)
			}
		}
	}
	for part, want := range map[string]string{
		"WHERE m.id > $1 AND m.id < $2 ORDER BY m.id DESC LIMIT": "SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
		"WHERE m.id > $1 AND m.id <= $2 ORDER BY m.id LIMIT":     "SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
		"WHERE m.room_id = $1 AND m.rev > $2":                    "SEARCH m USING INDEX messages_changed (room_id=? AND rev>?)",
		"WHERE m.id > $1 AND m.id <= $2 AND m.added_rev > $3":    "SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
		"WHERE client_id = $1 AND author_id = $2":                "SEARCH messages USING INDEX messages_sent (client_id=? AND author_id=?)",
		"FROM reactions WHERE message_id = $1 ORDER BY id":       "SEARCH reactions USING",
		"AND r.name_key LIKE $2":                                 "SCAN r USING INDEX rooms_public_name; SEARCH m",
		"AND r.everyone = 1 ORDER BY r.id":                       "SCAN r USING INDEX rooms_public_name",
		"AND r.everyone = 1 AND r.kind = $1":                     "SCAN r USING INDEX rooms_public_name",
		"AND r.name_key = $1":                                    "SEARCH r USING INDEX rooms_public_name (name_key=?)",
	} {
		found := false
		for query, plan := range plans {
			if strings.Contains(query, part) {
				found = true
				if !strings.HasPrefix(plan, want) {
					t.Errorf("%s\n\tgot the plan %s\n\twant %s", query, plan, want)
				}
			}
		}
		if !found {
			t.Errorf("no statement holds %q", part)
		}
	}
}
