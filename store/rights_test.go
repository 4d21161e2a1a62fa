// Tests of what the writer remembers of rights: a right that has ended is gone for the very next message, however it
// ended.

package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"parley/access"
	"parley/chat"
	"parley/store/sqlite"
)

// says returns a write that posts a message as the actions do it.
func (s *testStore) says(by access.Caller, body string) func(*WriteTx) error {
	draft := RenderedDraft{Draft: chat.Draft{ClientID: chat.NewClientID(), Body: body}}
	return func(tx *WriteTx) error {
		if err := tx.MustBeSignedIn(by); err != nil {
			return err
		}
		standing, err := tx.StandingIn(by, s.room)
		if err == nil {
			err = access.MayPost(standing)
		}
		if err == nil {
			_, err = tx.AddMessage(standing, draft)
		}
		return err
	}
}

// signedIn gives a person a session, and ends the upkeep, with which the writer forgets rights now and then.
func (s *testStore) signedIn(t testing.TB, user chat.UserID, id chat.SessionID) access.Caller {
	t.Helper()
	s.upkeep.close()
	s.must(t, func(tx *WriteTx) error {
		return tx.AddSession(Session{id, user, tx.now + time.Hour.Milliseconds()})
	})
	return access.Caller{User: user, Session: id}
}

// remembers tells whether the writer remembers a caller's session, and their standing in the room.
func (s *testStore) remembers(t testing.TB, by access.Caller) (session, standing bool) {
	t.Helper()
	s.must(t, func(tx *WriteTx) error {
		_, session = tx.rights.sessions[by.Session]
		_, standing = tx.rights.standings[standingKey{user: by.User, room: s.room}]
		return nil
	})
	return session, standing
}

// elsewhere changes the database as another process would.
func (s *testStore) elsewhere(t testing.TB, query string, args ...any) {
	t.Helper()
	if IsServer(s.path) {
		db, err := sql.Open("pgx", s.path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		_, err = db.ExecContext(t.Context(), query, args...)
		if err == nil {
			_, err = db.ExecContext(t.Context(), `UPDATE server SET rights = rights + 1`)
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	err := sqlite.WithConn(context.Background(), s.path, sqlite.OpenWriter, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(context.Background(), query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestARightThatHasEndedIsGoneForTheNextMessage(t *testing.T) {
	t.Parallel()
	write := func(fn func(s *testStore, tx *WriteTx) error) func(*testing.T, *testStore) {
		return func(t *testing.T, s *testStore) {
			t.Helper()
			s.must(t, func(tx *WriteTx) error { return fn(s, tx) })
		}
	}
	elsewhere := func(query string, args func(*testStore) []any) func(*testing.T, *testStore) {
		return func(t *testing.T, s *testStore) { t.Helper(); s.elsewhere(t, query, args(s)...) }
	}
	bob := func(s *testStore) []any { return []any{s.bob} }
	for what, c := range map[string]struct {
		end  func(*testing.T, *testStore)
		want chat.Code
	}{
		"signed out": {write(func(s *testStore, tx *WriteTx) error {
			return tx.EndSession(s.bob, "bob's")
		}), chat.SignedOut},
		"signed out on the other devices": {write(func(s *testStore, tx *WriteTx) error {
			return tx.EndOtherSessions(s.bob, "another")
		}), chat.SignedOut},
		"signed out everywhere": {write(func(s *testStore, tx *WriteTx) error {
			return tx.EndAllSessions(s.bob, chat.CloseSignedOut)
		}), chat.SignedOut},
		"signed in too often": {write(func(s *testStore, tx *WriteTx) (err error) {
			for i := range MaxSessions {
				id := chat.SessionID("later " + string(rune('a'+i)))
				err = errors.Join(err, tx.AddSession(Session{id, s.bob, tx.now + 2*time.Hour.Milliseconds()}))
			}
			return err
		}), chat.SignedOut},
		"the session is given an earlier end": {write(func(_ *testStore, tx *WriteTx) error {
			return tx.ProlongSession("bob's", tx.now)
		}), chat.SignedOut},
		"deactivated": {write(func(s *testStore, tx *WriteTx) error {
			user, err := tx.User(s.bob)
			user.Deactivated = true
			return errors.Join(err, tx.SetDeactivated(user))
		}), chat.NotFound},
		"taken out of the room": {write(func(s *testStore, tx *WriteTx) error {
			return tx.Leave(s.room, s.bob)
		}), chat.Forbidden},
		"the room is archived": {write(func(s *testStore, tx *WriteTx) error {
			room, err := tx.room(s.room)
			if err == nil {
				_, err = tx.Archive(room, true)
			}
			return err
		}), chat.Archived},
		"signed out by another process": {elsewhere(`DELETE FROM sessions WHERE user_id = $1`, bob), chat.SignedOut},
		"deactivated by another process": {
			elsewhere(`UPDATE users SET deactivated_at = 1 WHERE id = $1`, bob), chat.NotFound,
		},
		"taken out by another process": {elsewhere(`DELETE FROM members WHERE user_id = $1`, bob), chat.Forbidden},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			by := s.signedIn(t, s.bob, "bob's")
			s.must(t, s.says(by, "before"))
			if session, standing := s.remembers(t, by); !session || !standing {
				t.Errorf("the writer remembers the session: %v, the standing: %v; want both", session, standing)
			}
			c.end(t, s)
			if err := s.WriteAndWait(s.says(by, "after")); !chat.IsCode(err, c.want) {
				t.Errorf("the next message: got %v, want %s", err, c.want)
			}
			var got []string
			err := s.Read(context.Background(), func(tx *Tx) error {
				messages, err := tx.MessagesAfter(s.room, 0, 10, 1<<20)
				got = bodies(messages)
				return err
			})
			if err != nil || !slices.Equal(got, []string{"before"}) {
				t.Errorf("stored %q, %v", got, err)
			}
		})
	}
}

// Nothing changes when a session ends by itself: only time goes on.
func TestASessionThatEndsByItselfIsRememberedUntilThen(t *testing.T) {
	t.Parallel()
	clock := &testClock{}
	clock.at.Store(time.Now().UnixMilli())
	s := newStoreAt(t, clock.now)
	by := s.signedIn(t, s.bob, "bob's")
	clock.moves(time.Hour - time.Millisecond)
	s.must(t, s.says(by, "in time"))
	clock.moves(time.Millisecond)
	if err := s.WriteAndWait(s.says(by, "late")); !chat.IsCode(err, chat.SignedOut) {
		t.Errorf("got %v, want signed_out", err)
	}
}

// What a transaction reads that is not stored in the end was never so.
func TestARightThatWasNeverStoredIsNotRemembered(t *testing.T) {
	t.Parallel()
	for what, fails := range map[string]func(*WriteTx) error{
		"rolled back":                     func(*WriteTx) error { return chat.Errorf(chat.Forbidden, "not that") },
		"nobody knows what was committed": breakCommit,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			s.must(t, func(tx *WriteTx) error { return tx.Leave(s.room, s.bob) })
			by := access.Caller{User: s.bob}
			err := s.WriteAndWait(func(tx *WriteTx) error {
				err := errors.Join(
					tx.Join(s.room, s.bob, chat.MemberPlain, 0),
					tx.addSession(Session{"never", s.bob, tx.now + time.Hour.Milliseconds()}),
					s.says(access.Caller{User: s.bob, Session: "never"}, "never")(tx),
				)
				if err != nil {
					t.Error(err)
				}
				return fails(tx)
			})
			if err == nil {
				t.Error("the write succeeded")
			}
			if err := s.WriteAndWait(s.says(by, "after")); !chat.IsCode(err, chat.Forbidden) {
				t.Errorf("a message of somebody who is not in the room: got %v, want forbidden", err)
			}
			by.Session = "never"
			if err := s.WriteAndWait(s.says(by, "after")); !chat.IsCode(err, chat.SignedOut) {
				t.Errorf("a message of a session that never was: got %v, want signed_out", err)
			}
		})
	}
}

// Saying something, and what goes with it, changes no rights: otherwise these would be asked each time.
func TestRightsStayRememberedWhilePeopleTalk(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	by := s.signedIn(t, s.bob, "bob's")
	s.must(t, s.says(by, "first"))
	s.must(t, s.says(by, "second"))
	s.must(t, func(tx *WriteTx) error {
		seen, err := tx.RoomFor(access.Caller{User: s.ann}, s.room)
		if err == nil {
			_, err = tx.MoveRead(seen, 2)
		}
		return err
	})
	s.must(t, func(tx *WriteTx) error {
		m, err := tx.Message(s.room, 1)
		if err == nil {
			_, err = tx.AddReaction(m, s.ann, "👍")
		}
		return err
	})
	s.must(t, func(tx *WriteTx) error {
		m, err := tx.Message(s.room, 1)
		if err == nil {
			_, err = tx.EditMessage(m, "changed", "changed")
		}
		return err
	})
	s.must(t, func(tx *WriteTx) error { return tx.SetLastSeen(map[chat.UserID]int64{s.ann: 1}) })
	if session, standing := s.remembers(t, by); !session || !standing {
		t.Errorf("the writer remembers the session: %v, the standing: %v; want both", session, standing)
	}
}

// What the writer remembers of numbers is forgotten too when another process changes the database.
func TestNumbersThatAnotherProcessRaisedAreReadAgain(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.must(t, s.adds("first"))
	s.elsewhere(t, `UPDATE rooms SET rev = rev + 10 WHERE id = $1`, s.room)
	s.must(t, s.adds("second"))
	var rev int64
	s.must(t, func(tx *WriteTx) error {
		m, err := tx.Message(s.room, 2)
		rev = m.Rev
		return err
	})
	if rev != 12 {
		t.Errorf("the second message has rev %d, want 12", rev)
	}
}
