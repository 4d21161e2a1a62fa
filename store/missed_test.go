package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"parley/chat"
)

func TestMissedAreTheUnreadOnesOfBeforeTheWelcome(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.must(t, func(tx *WriteTx) error {
		for n := range 5 {
			in := chat.NewNotification{Title: "title", Key: fmt.Sprint(n)}
			sent, err := tx.AddNotification(s.ann, in, []byte("hash"), 1)
			if err == nil {
				err = tx.Deliver(sent.ID, chat.Notification{SenderID: s.ann, Title: in.Title}, []chat.UserID{s.bob})
			}
			if err != nil {
				return err
			}
		}
		_, err := tx.SetNotificationsRead(s.bob, 2, 2)
		return err
	})
	for _, c := range []struct {
		upTo  int64
		limit int
		want  []int64
	}{
		{5, 10, []int64{1, 3, 4, 5}}, // the second was read
		{4, 10, []int64{1, 3, 4}},    // the fifth came after the welcome, and comes as an event
		{4, 2, []int64{3, 4}},        // the newest
		{0, 10, nil},
	} {
		var got []int64
		err := s.Read(context.Background(), func(tx *Tx) error {
			list, err := tx.NotificationsMissed(s.bob, c.upTo, 0, c.limit, 1<<20)
			for _, n := range list {
				got = append(got, n.Seq)
			}
			return err
		})
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("up to %d, %d at most: got %d, %v, want %d", c.upTo, c.limit, got, err, c.want)
		}
	}
}
