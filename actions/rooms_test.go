package actions

import (
	"testing"

	"parley/access"
	"parley/chat"
	"parley/internal/engines"
	"parley/store"
	"parley/store/sqlite"
)

func TestRolesAreThoseThatThereAre(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	room := p.creates(t, ann, chat.Private, "room")
	if _, err := p.AddMembers(ann, room, chat.NewMembers{UserIDs: []chat.UserID{bob.User}}); err != nil {
		t.Fatal(err)
	}
	for _, role := range []chat.Role{"", "king"} {
		if _, err := p.SetRole(ann, bob.User, chat.RoleChange{Role: role}); !chat.IsCode(err, chat.Invalid) {
			t.Errorf("the role %q on the server: got %v", role, err)
		}
	}
	for _, role := range []chat.MemberRole{"", "admin"} {
		if err := p.SetMemberRole(ann, room, bob.User, chat.MemberRoleChange{Role: role}); !chat.IsCode(err, chat.Invalid) {
			t.Errorf("the role %q in a room: got %v", role, err)
		}
	}
}

// Who comes into an empty room owns it: nobody else could name an owner.
func TestTheFirstInAnEmptyRoomOwnsIt(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	var room chat.RoomID
	p.must(t, func(tx *store.WriteTx) (err error) {
		room, err = tx.AddRoom(store.NewRoom{Kind: chat.Public, Name: store.StoredName{Shown: "room", Key: "room"}})
		return err
	})
	for _, c := range []struct {
		by   access.Caller
		want chat.MemberRole
	}{{bob, chat.MemberOwner}, {ann, chat.MemberPlain}} {
		state, err := Wait(func(done func(chat.RoomState, error)) { p.Join(c.by, room, done) })
		if err != nil || state.Role != c.want {
			t.Errorf("user %d comes in as %q, %v; want %q", c.by.User, state.Role, err, c.want)
		}
	}
}

// The last owner of a room stays its owner, however they try not to be.
func TestARoomWithPeopleKeepsAnOwner(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann, bob := p.signsUp(t, "ann"), p.signsUp(t, "bob")
	room := p.creates(t, ann, chat.Private, "room")
	if _, err := p.AddMembers(ann, room, chat.NewMembers{UserIDs: []chat.UserID{bob.User}}); err != nil {
		t.Fatal(err)
	}
	is := func(user chat.UserID, role chat.MemberRole) error {
		return p.SetMemberRole(ann, room, user, chat.MemberRoleChange{Role: role})
	}
	leaves := func(by access.Caller) error {
		_, err := Wait(func(done func(chat.Done, error)) { p.Leave(by, room, done) })
		return err
	}
	if err := is(ann.User, chat.MemberPlain); !chat.IsCode(err, chat.LastOwner) {
		t.Errorf("the last owner becomes a plain member: %v", err)
	}
	if err := leaves(ann); !chat.IsCode(err, chat.LastOwner) {
		t.Errorf("the last owner leaves: %v", err)
	}
	if err := is(bob.User, chat.MemberOwner); err != nil {
		t.Fatal(err)
	}
	if err := is(ann.User, chat.MemberPlain); err != nil {
		t.Errorf("one of two owners becomes a plain member: %v", err)
	}
	if err := leaves(ann); err != nil {
		t.Errorf("a plain member leaves: %v", err)
	}
	if err := leaves(bob); err != nil { // with nobody left behind
		t.Errorf("the last of all leaves: %v", err)
	}
}

func TestReadingGoesFromTheBeginningToTheHead(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	room := p.creates(t, ann, chat.Private, "room")
	p.says(t, ann, room, "one")
	p.says(t, ann, room, "two")
	for seq, want := range map[int64]chat.Code{-1: chat.Invalid, 0: "", 1: "", 2: "", 3: chat.Invalid} {
		_, err := Wait(func(done func(chat.ReadMoved, error)) {
			p.MarkRead(ann, chat.RoomRead{RoomID: room, ReadSeq: seq}, done)
		})
		if (want == "" && err != nil) || (want != "" && !chat.IsCode(err, want)) {
			t.Errorf("up to %d of 2: got %v", seq, err)
		}
	}
	for _, state := range []chat.PresenceState{chat.Offline, "", "busy"} {
		if err := p.SetPresence(owner(), nil, state); !chat.IsCode(err, chat.Invalid) {
			t.Errorf("the presence %q: got %v", state, err)
		}
	}
}

// The bound on what one person causes for others, at its edge: the rooms of others count, and one's own do not.
func TestOnePersonCausesSoManyMemberships(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	p := start(t)
	p.signsUp(t, "zoe") // whom ann brought into many rooms
	ann, bob, carl := p.signsUp(t, "ann"), p.signsUp(t, "bob"), p.signsUp(t, "carl")
	room := p.creates(t, ann, chat.Private, "room")
	db, err := sqlite.OpenWriter(p.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		`INSERT INTO rooms (id, kind, name, topic, everyone, created_at)
			SELECT value, 'private', 'room', '', 0, 0 FROM n`,
		`INSERT INTO members (user_id, room_id, role, joined_at, read_seq, added_by)
			SELECT 1, value, 'member', 0, 0, 2 FROM n`,
	} {
		if _, err := db.ExecContext(t.Context(), `WITH RECURSIVE n (value) AS (SELECT 1001 UNION ALL SELECT value + 1 FROM n WHERE value < 1000 + $1) `+statement, maxCaused-1); err != nil {
			t.Fatal(err)
		}
	}
	add := func(by access.Caller, room chat.RoomID, users ...chat.UserID) error {
		_, err := p.AddMembers(by, room, chat.NewMembers{UserIDs: users})
		return err
	}
	checkError(t, "two more", add(ann, room, bob.User, carl.User), chat.TooManyRooms)
	checkError(t, "one more", add(ann, room, bob.User), "")
	checkError(t, "and another", add(ann, room, carl.User), chat.TooManyRooms)
	checkError(t, "the same again, since the answer was lost", add(ann, room, bob.User), "")
	p.creates(t, ann, chat.Private, "own")
	checkError(t, "another person", add(bob, p.creates(t, bob, chat.Private, "bobs"), carl.User), "")
}
