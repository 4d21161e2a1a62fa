// Tests of reactions: copies that follow deltas are what is stored.

package store

import (
	"errors"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/access"
	"parley/chat"
)

// copies are messages as a client holds them, by seq.
type copies map[int64]chat.Message

// follow takes an event as a socket that asked for deltas gets it. It fails when the event does not start
// from the copy.
func (c copies) follow(change chat.Change) error {
	if change.Delta == nil {
		switch data := change.Data.(type) {
		case chat.MessageAdded:
			c[data.Message.Seq] = data.Message
		case chat.MessageChanged:
			c[data.Message.Seq] = data.Message
		}
		return nil
	}
	reaction := change.Delta.Data.(chat.ReactionChanged)
	m := c[reaction.Seq]
	if !reaction.Apply(&m) {
		return errors.New("an event does not start from the message before it")
	}
	c[reaction.Seq] = m
	return nil
}

// chatter writes, edits, deletes and reacts at random, and returns the copies after each rev of the room.
func (s *testStore) chatter(t *testing.T, changes int) (at []copies) {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 4))
	s.takeCommits()
	now := copies{}
	at = append(at, maps.Clone(now))
	for range changes {
		s.must(t, func(tx *WriteTx) error {
			heads, err := tx.headsOf(s.room)
			if err != nil {
				return err
			}
			if heads.Seq < 5 {
				return s.adds(strings.Repeat("text ", 1+random.IntN(40)))(tx)
			}
			m, err := tx.Message(s.room, 1+random.Int64N(heads.Seq))
			if err != nil || m.DeletedAt != 0 {
				return err
			}
			user := []chat.UserID{s.ann, s.bob}[random.IntN(2)]
			emoji := []string{"👍", "🎉", "❤️"}[random.IntN(3)]
			place := slices.IndexFunc(m.Reactions, func(r chat.Reaction) bool { return r.Emoji == emoji })
			switch n := random.IntN(20); {
			case n == 0:
				return s.adds("one more")(tx)
			case n == 1:
				_, err = tx.DeleteMessage(m, m.AuthorID)
			case n < 5:
				_, err = tx.EditMessage(m, "other", "<p>other</p>\n")
			case place >= 0 && slices.Contains(m.Reactions[place].UserIDs, user):
				_, err = tx.RemoveReaction(m, user, emoji)
			default:
				_, err = tx.AddReaction(m, user, emoji)
			}
			return err
		})
		for _, commit := range s.takeCommits() {
			for _, change := range commit {
				if change.Room != s.room || change.Heads.Rev != int64(len(at)) {
					t.Fatalf("after rev %d came %+v", len(at)-1, change)
				}
				if err := now.follow(change); err != nil {
					t.Fatalf("rev %d: %v", change.Heads.Rev, err)
				}
				at = append(at, maps.Clone(now))
			}
		}
	}
	return at
}

func TestCopiesThatFollowDeltasAreWhatIsStored(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	at := s.chatter(t, 120)
	last := at[len(at)-1]
	err := s.Read(t.Context(), func(tx *Tx) error {
		found, err := tx.RoomFor(access.Caller{User: s.ann}, s.room)
		if err != nil {
			return err
		}
		all, err := tx.MessagesAfter(s.room, 0, 1000, 1<<20)
		if err != nil || len(all) != len(last) {
			t.Fatalf("%d messages, want %d; %v", len(last), len(all), err)
		}
		for _, m := range all {
			if !reflect.DeepEqual(last[m.Seq], m) {
				t.Errorf("a copy is %+v, want %+v", last[m.Seq], m)
			}
		}
		reacted := 0
		for rev, then := range at {
			for _, limit := range []int{1000, 7} {
				got := maps.Clone(then)
				reacted += catchUpWithDeltas(t, tx, found.Room, int64(rev), limit, got)
				if !reflect.DeepEqual(got, last) {
					t.Fatalf("from rev %d by %d: got %+v, want %+v", rev, limit, got, last)
				}
			}
		}
		if reacted == 0 {
			t.Error("no text was ever left out")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// catchUpWithDeltas brings copies from a rev to the head of the room. It returns how many messages came
// without their text. Only when the changes take several pages may a copy lack the text.
func catchUpWithDeltas(t *testing.T, tx *Tx, head chat.Room, rev int64, limit int, into copies) (reacted int) {
	t.Helper()
	for from := rev; from < head.Rev; {
		page, err := tx.MessagesChanged(head, from, limit, 1<<20, true)
		if err != nil || len(page) == 0 {
			t.Fatalf("from rev %d: %d messages, %v", from, len(page), err)
		}
		for _, m := range page {
			from = m.Rev
			if m.TextRev == 0 {
				into[m.Seq] = m.Message
				continue
			}
			reacted++
			if m.Body != "" || m.HTML != "" {
				t.Fatalf("a text that did not change came: %+v", m)
			}
			held := into[m.Seq]
			now := chat.MessageReactions{Seq: m.Seq, Rev: m.Rev, TextRev: m.TextRev, Reactions: m.Reactions}
			if !now.Apply(&held) {
				if limit > int(head.Rev) {
					t.Fatalf("from rev %d: the copy %+v has not the text of rev %d", rev, held, m.TextRev)
				}
				if held, err = tx.Message(head.ID, m.Seq); err != nil {
					t.Fatal(err)
				}
			}
			into[m.Seq] = held
		}
	}
	return reacted
}

// A message that was stored before the store knew the rev of its text counts as changed by its last change.
func TestAReactionKeepsTheRevOfTheText(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.must(t, s.adds("text"))
	changed := func(rev int64) ChangedMessage {
		t.Helper()
		var list []ChangedMessage
		err := s.Read(t.Context(), func(tx *Tx) error {
			found, err := tx.RoomFor(access.Caller{User: s.ann}, s.room)
			if err == nil {
				list, err = tx.MessagesChanged(found.Room, rev, 10, 1<<20, true)
			}
			return err
		})
		if err != nil || len(list) != 1 {
			t.Fatalf("%d messages, %v", len(list), err)
		}
		return list[0]
	}
	change := func(act func(tx *WriteTx, m chat.Message) error) {
		s.must(t, func(tx *WriteTx) error {
			m, err := tx.Message(s.room, 1)
			if err != nil {
				return err
			}
			return act(tx, m)
		})
	}
	add := func(emoji string) func(tx *WriteTx, m chat.Message) error {
		return func(tx *WriteTx, m chat.Message) error {
			_, err := tx.AddReaction(m, s.ann, emoji)
			return err
		}
	}
	change(add("👍")) // rev 2
	change(add("🎉")) // rev 3
	if got := changed(0); got.TextRev != 0 || got.Body != "text" {
		t.Errorf("who has not the text got %+v", got)
	}
	if got := changed(1); got.TextRev != 1 || got.Body != "" || got.Rev != 3 || len(got.Reactions) != 2 {
		t.Errorf("who has the text got %+v", got)
	}
	change(func(tx *WriteTx, m chat.Message) error { // rev 4
		_, err := tx.EditMessage(m, "other", "")
		return err
	})
	if got := changed(3); got.TextRev != 0 || got.Body != "other" {
		t.Errorf("after the edit who has the old text got %+v", got)
	}
	change(add("❤️")) // rev 5
	if got := changed(3); got.TextRev != 0 || got.Body != "other" {
		t.Errorf("who has the old text got %+v", got)
	}
	if got := changed(4); got.TextRev != 4 || got.Body != "" {
		t.Errorf("who has the new text got %+v", got)
	}
}
