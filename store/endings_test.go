// Tests that fill what has an end, and wait for the end.

package store

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"parley/chat"
	"parley/internal/engines"
)

// clock is a clock that the test moves.
type testClock struct{ at atomic.Int64 }

func (c *testClock) now() time.Time { return time.UnixMilli(c.at.Load()) }

func (c *testClock) moves(d time.Duration) { c.at.Add(d.Milliseconds()) }

// counted counts the rows of each kind that ends.
func (s *testStore) counted(t *testing.T) (all string) {
	t.Helper()
	s.must(t, func(tx *WriteTx) error {
		all = ""
		for _, table := range []string{"sessions", "tokens", "resets", "invites", "inbox", "notifications", "room_invitations"} {
			var n int
			if err := tx.row(into(&n), `SELECT count(*) FROM `+table); err != nil {
				return err
			}
			all += fmt.Sprint(table, " ", n, ", ")
		}
		var bytes int64
		err := tx.row(into(&bytes), `SELECT notification_bytes FROM server`)
		all += fmt.Sprint(bytes > 0)
		return err
	})
	return all
}

func TestWhatHasEndedIsDropped(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	c := &testClock{}
	c.moves(365 * 24 * time.Hour)
	s := newStoreAt(t, c.now)
	s.upkeep.close()
	u := newUpkeep(s.Store)
	day := func(n int) int64 { return c.now().Add(time.Duration(n) * 24 * time.Hour).UnixMilli() }
	const many = 2*endBatch + 50 // more than two transactions drop
	s.must(t, func(tx *WriteTx) error {
		bot, err := tx.AddBot(StoredName{"bot", "bot"}, "Bot", chat.RoleMember, s.ann)
		if err != nil {
			return err
		}
		for i := range many {
			if err := tx.addSession(Session{chat.SessionID(fmt.Sprint("old", i)), s.ann, day(30)}); err != nil {
				return err
			}
			_, err := tx.run(`
				INSERT INTO invites (code_hash, created_by, created_at, expires_at, max_uses, uses)
				VALUES ($1, $2, $3, $4, 1, $5)`, codeHash(fmt.Sprint(i)), s.ann, tx.now, day(7), i%2)
			if err != nil {
				return err
			}
			n := chat.NewNotification{Key: fmt.Sprint(i), Title: "canary-title"}
			sent, err := tx.AddNotification(s.ann, n, []byte{1}, 1)
			if err == nil && i%2 == 0 {
				err = tx.Deliver(sent.ID, chat.Notification{SenderID: s.ann, Title: n.Title}, []chat.UserID{s.bob})
			}
			if err != nil {
				return err
			}
		}
		for i := range many {
			id, err := tx.AddRoom(NewRoom{Kind: chat.Private, Name: StoredName{"room", "room"}})
			if err == nil {
				err = tx.AddRoomInvitation(s.bob, s.ann, chat.Room{ID: id})
			}
			if err == nil && i%2 == 0 {
				err = tx.DeclineRoomInvitation(s.bob, id)
			}
			if err != nil {
				return err
			}
		}
		if err := tx.AddSession(Session{"new", s.ann, day(60)}); err != nil {
			return err
		}
		_, err = tx.AddToken(Session{"token", bot.ID, day(30)}, chat.Token{Token: "secret", Name: "t"})
		return err
	})
	// AddSession has ended those beyond MaxSessions.
	for _, step := range []struct {
		after time.Duration
		want  string
	}{
		{0, "sessions 201, tokens 1, resets 0, invites 225, inbox 225, notifications 450, room_invitations 450, true"},
		{7 * 24 * time.Hour, "sessions 201, tokens 1, resets 0, invites 0, inbox 225, notifications 450, room_invitations 450, true"},
		{23*24*time.Hour - time.Hour, "sessions 201, tokens 1, resets 0, invites 0, inbox 225, notifications 450, room_invitations 450, true"},
		{time.Hour, "sessions 1, tokens 0, resets 0, invites 0, inbox 225, notifications 225, room_invitations 0, true"},
		{60 * 24 * time.Hour, "sessions 0, tokens 0, resets 0, invites 0, inbox 0, notifications 0, room_invitations 0, false"},
	} {
		c.moves(step.after + time.Second) // the times of what is stored are a little ahead of a clock that stands still
		s.takeCommits()
		u.round()
		if got := s.counted(t); got != step.want {
			t.Errorf("after %v more: %s, want %s", step.after, got, step.want)
		}
		for _, changes := range s.takeCommits() {
			if len(changes) > endBatch {
				t.Errorf("one transaction told %d changes", len(changes))
			}
		}
	}
	var inbox chat.Inbox
	s.must(t, func(tx *WriteTx) (err error) { inbox, _, err = tx.Inbox(s.bob); return err })
	if inbox.Unread != 0 || inbox.Seq != many/2 {
		t.Errorf("the inbox is %+v", inbox)
	}
	if found := inFiles(t, s.path[:len(s.path)-len("/parley.db")]); len(found) > 0 {
		t.Errorf("texts of notifications that ended are in %v", found)
	}
}

func TestAPersonHasSoManySessionsAndTheOldestEnd(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	end := time.Now().Add(time.Hour).UnixMilli()
	for i := range MaxSessions + 2 {
		s.must(t, func(tx *WriteTx) error {
			return tx.AddSession(Session{chat.SessionID(fmt.Sprint("s", i)), s.ann, end + int64(i)})
		})
	}
	for id, want := range map[chat.SessionID]bool{"s0": false, "s1": false, "s2": true, "s201": true} {
		err := s.WriteAndWait(func(tx *WriteTx) error { _, err := tx.SessionUser(id); return err })
		if (err == nil) != want {
			t.Errorf("%s: %v", id, err)
		}
	}
	ended := 0
	for _, changes := range s.takeCommits() {
		for _, change := range changes {
			ended += len(change.Ended)
		}
	}
	if ended != 2 {
		t.Errorf("sockets of %d sessions were told", ended)
	}
}

func TestInvitesTokensAndNotificationsInAllAreBounded(t *testing.T) {
	t.Parallel()
	engines.OnlySQLite(t)
	s := newStore(t)
	later := time.Now().Add(time.Hour).UnixMilli()
	invites := func(by chat.UserID, n int) (err error) {
		return s.WriteAndWait(func(tx *WriteTx) error {
			for range n {
				_, err = tx.AddInvite(chat.Invite{CreatedBy: by, ExpiresAt: later, Code: chat.NewClientID().String()})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := invites(s.ann, MaxInvitesOfOne); err != nil {
		t.Fatal(err)
	}
	if err := invites(s.ann, 1); !chat.IsCode(err, chat.Invalid) {
		t.Errorf("one invite too many: %v", err)
	}
	if err := invites(s.bob, 1); err != nil {
		t.Errorf("an invite of somebody else: %v", err)
	}
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.run(`
			WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1)
			INSERT INTO invites (code_hash, created_by, created_at, expires_at, max_uses)
			SELECT randomblob(32), $2, 0, $3, 0 FROM numbers`, MaxInvites-MaxInvitesOfOne-1, s.ann, later)
		return err
	})
	if err := invites(s.bob, 1); !chat.IsCode(err, chat.Invalid) {
		t.Errorf("one invite too many in all: %v", err)
	}

	var bots []chat.UserID
	s.must(t, func(tx *WriteTx) error {
		for _, name := range []string{"one", "two"} {
			bot, err := tx.AddBot(StoredName{name, name}, name, chat.RoleMember, s.ann)
			if err != nil {
				return err
			}
			bots = append(bots, bot.ID)
		}
		return nil
	})
	token := func(bot chat.UserID, i int) error {
		return s.WriteAndWait(func(tx *WriteTx) error {
			id := fmt.Sprint(bot, "-", i)
			_, err := tx.AddToken(Session{chat.SessionID(id), bot, later}, chat.Token{Token: id})
			return err
		})
	}
	for i := range MaxTokensOfABot {
		if err := token(bots[0], i); err != nil {
			t.Fatal(err)
		}
	}
	if err := token(bots[0], MaxTokensOfABot); !chat.IsCode(err, chat.Invalid) {
		t.Errorf("one token too many: %v", err)
	}
	if err := token(bots[1], 0); err != nil {
		t.Errorf("a token of another program: %v", err)
	}

	notify := func(key, body string) error {
		return s.WriteAndWait(func(tx *WriteTx) error {
			_, err := tx.AddNotification(s.ann, chat.NewNotification{Key: key, Body: body}, []byte{1}, 1)
			return err
		})
	}
	s.must(t, func(tx *WriteTx) error {
		_, err := tx.run(`UPDATE server SET notification_bytes = $1`, MaxNotificationBytes-10)
		return err
	})
	if err := notify("k", "ninebytes"); err != nil {
		t.Errorf("what just fits: %v", err)
	}
	if err := notify("l", ""); !chat.IsCode(err, chat.Busy) {
		t.Errorf("one byte too many: %v", err)
	}
}
