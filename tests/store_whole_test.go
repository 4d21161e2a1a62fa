//go:build unported

package tests

// A key is room<<32 | seq, so a seq beyond 32 bits would name a message of another room.
func TestAPlaceBeyondARoomIsNoMessageOfAnother(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	eve := p.SignUp(t, ann, "eve")
	general := ann.Room(t, "general")
	var secret chat.RoomState
	for secret.ID&general.ID != general.ID { // such that general's key can be filled up to its key
		secret = ann.Creates(t, chat.Private, fmt.Sprintf("secret%d", secret.ID))
	}
	sent := ann.Says(t, secret.ID, "for members only")
	sock := eve.Dial(t)
	place := messageKey(secret.ID, sent.Seq) &^ messageKey(general.ID, 0)
	for _, seq := range []int64{place, messageKey(secret.ID, sent.Seq), -1, 1 << 62} {
		at := chat.MessageAt{RoomID: general.ID, Seq: seq}
		sock.AskRefused(t, chat.NotFound, "reaction.add", chat.ReactionAt{RoomID: at.RoomID, Seq: seq, Emoji: "👀"})
		sock.AskRefused(t, chat.NotFound, "message.delete", at)
		sock.AskRefused(t, chat.NotFound, "message.edit", chat.MessageEdit{RoomID: at.RoomID, Seq: seq, Body: "mine"})
		eve.Refused(t, chat.NotFound, http.MethodPut, harness.MessagePath(general.ID, seq)+"/reactions/👀", nil)
	}
	if m := ann.History(t, secret.ID, "").Messages[0]; m.Rev != sent.Rev {
		t.Errorf("an outsider changed %+v", m)
	}
}

func TestAPageKnowsWhatIsAroundIt(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ann := p.SetUp(t)
	general := ann.Room(t, "general")
	ann.Says(t, general.ID, "one")
	ann.Says(t, general.ID, "two")
	for query, want := range map[string][2]bool{
		"":           {false, false},
		"?before=2":  {false, true},
		"?before=1":  {false, true},
		"?after=1":   {true, false},
		"?after=2":   {true, false},
		"?around=1":  {false, false},
		"?before=99": {false, false},
	} {
		page := ann.History(t, general.ID, query)
		if got := [2]bool{page.Before, page.After}; got != want {
			t.Errorf("%q: more before and after it: %v, want %v", query, got, want)
		}
	}
}

// A statement is prepared once for each connection. Were a value part of a text, they would never end.
func TestStatementsAreAsManyAsTheProgramHas(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-burst=1000", "--sign-in-attempts=1000")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	use := func(round int) {
		name := fmt.Sprint("round", round)
		room := ann.Creates(t, chat.Public, name)
		ann.Post(t, harness.RoomPath(room.ID)+"/members", chat.NewMembers{UserIDs: []chat.UserID{bob.User.ID}}, http.StatusNoContent, nil)
		carl := p.SignUp(t, ann, name)
		ann.Direct(t, bob, carl)
		ann.Get(t, "/api/rooms/public?query="+name, nil)
		s := bob.Dial(t)
		sent := s.Says(t, room.ID, name)
		s.Ask(t, "reaction.add", chat.ReactionAt{RoomID: room.ID, Seq: sent.Seq, Emoji: "👍"}, nil)
		s.Ask(t, "message.edit", chat.MessageEdit{RoomID: room.ID, Seq: sent.Seq, Body: name + "!"}, nil)
		s.Ask(t, "presence.watch", chat.PresenceWatch{UserIDs: make([]chat.UserID, 1+round)}, nil)
		s.Ask(t, "room.changes", chat.ChangesSince{Rooms: make([]chat.RoomRev, 1+round)}, nil)
		ann.History(t, room.ID, fmt.Sprint("?limit=", 1+round))
	}
	statements := func() map[string]bool {
		texts := map[string]bool{}
		err := p.store.WriteAndWait(func(tx *WriteTx) error {
			for text := range tx.stmts {
				texts[text] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for range readers {
			r := <-p.store.readers
			for text := range r.stmts {
				texts[text] = true
			}
			p.store.readers <- r
		}
		return texts
	}
	use(0)
	before := statements()
	for round := range 10 {
		use(1 + round)
	}
	for text := range statements() {
		if !before[text] {
			t.Errorf("prepared anew: %s", text)
		}
	}
}

var parameter = regexp.MustCompile(`\$\d+`)

// mayScan are the tables that a statement may go through from end to end: they are small, or all is wanted.
var mayScan = []string{
	`SCAN server`, `SCAN invites`, `SCAN users`, // the server's settings, its few invites, whether anyone is there
	`SCAN rooms`,              // those for everyone, when someone registers
	`SCAN r`,                  // public rooms by a part of their name
	`SCAN sessions`, `SCAN v`, // the one row of server
	`SCAN reactions`, // planned for an INSERT of a user, and run only while a foreign key is violated
}

// Every statement that the program has prepared by then is asked how it would run.
func TestEveryQueryFindsWhatItLooksForByAnIndex(t *testing.T) {
	t.Parallel()
	p := startParts(t, nil, "--messages-burst=1000")
	ann := p.SetUp(t)
	bob := p.SignUp(t, ann, "bob")
	useEverything(t, ann, bob)
	p.stop()

	plans := map[string]string{}
	explain := func(conn *sql.Conn, stmts statements) {
		for query := range stmts {
			if word := strings.Fields(query)[0]; word == "BEGIN" || word == "COMMIT" || word == "ROLLBACK" || word == "PRAGMA" {
				continue
			}
			highest := 0
			for _, found := range parameter.FindAllString(query, -1) {
				var n int
				fmt.Sscanf(found, "$%d", &n) // it is by the pattern
				highest = max(highest, n)
			}
			rows, err := conn.QueryContext(context.Background(), "EXPLAIN QUERY PLAN "+query, make([]any, highest)...)
			if err != nil {
				t.Errorf("%s: %v", query, err)
				continue
			}
			var plan []string
			for rows.Next() {
				var id, parent, unused int
				var detail string
				if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
					t.Error(err)
				}
				plan = append(plan, detail)
			}
			rows.Close()
			plans[strings.Join(strings.Fields(query), " ")] = strings.Join(plan, "; ")
		}
	}
	release := make(chan struct{})
	held := make(chan struct{})
	p.store.Write(func(*WriteTx) error { close(held); <-release; return nil }, func(error) {})
	<-held
	explain(p.store.writer.Conn, p.store.writer.stmts)
	close(release)
	for range readers {
		r := <-p.store.readers
		explain(r.Conn, r.stmts)
		defer func() { p.store.readers <- r }()
	}
	if len(plans) < 40 {
		t.Errorf("only %d statements were seen", len(plans))
	}
	for query, plan := range plans {
		for step := range strings.SplitSeq(plan, "; ") {
			if strings.HasPrefix(step, "SCAN CONSTANT ROW") || strings.HasPrefix(step, "SCALAR SUBQUERY") {
				continue
			}
			if strings.HasPrefix(step, "SCAN") && !slices.ContainsFunc(mayScan, func(may string) bool {
				return step == may || strings.HasPrefix(step, may+" ")
			}) {
				t.Errorf("%s\n\tgoes through everything: %s", query, plan)
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

// useEverything has two people do all that the API offers, so that every statement has run.
func useEverything(t *testing.T, ann, bob *harness.Person) {
	t.Helper()
	bobID := fmt.Sprint(bob.User.ID)
	sock := ann.Dial(t)
	general := ann.Room(t, "general").ID
	secret := ann.Creates(t, chat.Private, "secret").ID
	ann.Direct(t, bob)
	ann.Direct(t, bob)
	sent := sock.Says(t, general, "text")
	again := harness.Draft("twice")
	for _, c := range []struct {
		method, path string
		in           any
	}{
		{"POST", harness.MessagesPath(general), again},
		{"POST", harness.MessagesPath(general), again},
		{"GET", "/api/server", nil},
		{"PATCH", "/api/server", map[string]string{"name": "Other"}},
		{"PATCH", "/api/me", map[string]string{"display_name": "Other"}},
		{"POST", "/api/me/password", chat.PasswordChange{Current: harness.GoodPassword, New: harness.GoodPassword + "!"}},
		{"GET", "/api/users?since=1", nil},
		{"PATCH", "/api/users/" + bobID, map[string]string{"role": "admin"}},
		{"GET", "/api/invites", nil},
		{"DELETE", "/api/invites/1", nil},
		{"POST", "/api/invites/check", map[string]string{"code": "none"}},
		{"GET", "/api/rooms/public?query=gen", nil},
		{"GET", harness.RoomPath(general), nil},
		{"PATCH", harness.RoomPath(secret), map[string]string{"name": "other", "topic": "new"}},
		{"POST", harness.RoomPath(secret) + "/members", chat.NewMembers{UserIDs: []chat.UserID{bob.User.ID}}},
		{"GET", harness.RoomPath(secret) + "/members", nil},
		{"PATCH", harness.RoomPath(secret) + "/members/" + bobID, map[string]string{"role": "owner"}},
		{"PATCH", harness.RoomPath(secret) + "/members/" + bobID, map[string]string{"role": "member"}},
		{"DELETE", harness.RoomPath(secret) + "/members/" + bobID, nil},
		{"POST", harness.RoomPath(general) + "/leave", nil},
		{"POST", harness.RoomPath(general) + "/join", nil},
		{"GET", harness.MessagesPath(general) + "?before=5", nil},
		{"GET", harness.MessagesPath(general) + "?after=0", nil},
		{"GET", harness.MessagesPath(general) + "?after=1", nil},
		{"GET", harness.MessagesPath(general) + "?around=1", nil},
		{"PUT", harness.MessagePath(general, sent.Seq) + "/reactions/👍", nil},
		{"GET", harness.MessagesPath(general), nil},
		{"DELETE", harness.MessagePath(general, sent.Seq) + "/reactions/👍", nil},
		{"PATCH", harness.MessagePath(general, sent.Seq), map[string]string{"body": "new"}},
		{"DELETE", harness.MessagePath(general, sent.Seq), nil},
		{"PUT", harness.RoomPath(general) + "/read", map[string]int64{"read_seq": 0}},
		{"POST", "/api/changes", chat.ChangesSince{Rooms: []chat.RoomRev{{RoomID: general}}}},
	} {
		if status, body := ann.Try(t, c.method, c.path, c.in); status >= 500 || status == 400 {
			t.Fatalf("%s %s: got %d %s", c.method, c.path, status, body)
		}
	}
	sock.Ask(t, "presence.watch", chat.PresenceWatch{UserIDs: []chat.UserID{bob.User.ID}}, nil)
	bob.Post(t, "/api/logout", nil, 204, nil)
}
