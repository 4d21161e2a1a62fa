package actions

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/chat"
)

// checkPageSize fails the test when an answer has more bytes than a page and what goes beyond it may have.
func checkPageSize(t *testing.T, name string, answer any) {
	t.Helper()
	var wire strings.Builder
	encoder := json.NewEncoder(&wire)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		t.Fatal(err)
	}
	const largest = 125 << 10 // the first and the last element, which may go beyond
	if wire.Len() > PageBytes+2*largest {
		t.Errorf("%s: %d bytes in an answer", name, wire.Len())
	}
}

// A page ends with the bytes it may have, says that there is more, and whoever goes on from there finds
// everything.
func TestAPageOfMessagesIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	room := p.creates(t, ann, chat.Private, "room")
	const many = 40
	texts := []string{strings.Repeat("a@b.c ", 1666), "x" + strings.Repeat("\x01", 9_999), "short", strings.Repeat("&\n", 5_000)}
	for n := range many {
		p.says(t, ann, room, texts[n%len(texts)])
	}
	ctx := context.Background()
	var forwards, backwards []int64
	for page := (chat.Page{After: true}); page.After; {
		of := PageOf{Limit: MaxPage}
		if len(forwards) > 0 {
			of.After = new(int64(forwards[len(forwards)-1]))
		} else {
			of.Around = new(int64(1))
		}
		var err error
		if page, err = p.History(ctx, ann, room, of); err != nil || len(page.Messages) == 0 {
			t.Fatalf("after %v: %v", forwards, err)
		}
		checkPageSize(t, "after", page)
		for _, m := range page.Messages {
			forwards = append(forwards, m.Seq)
		}
	}
	for page := (chat.Page{Before: true}); page.Before; {
		of := PageOf{Limit: MaxPage}
		if len(backwards) > 0 {
			of.Before = new(int64(backwards[len(backwards)-1]))
		}
		var err error
		if page, err = p.History(ctx, ann, room, of); err != nil || len(page.Messages) == 0 {
			t.Fatalf("before %v: %v", backwards, err)
		}
		checkPageSize(t, "before", page)
		for _, m := range slices.Backward(page.Messages) {
			backwards = append(backwards, m.Seq)
		}
	}
	slices.Reverse(backwards)
	if len(forwards) != many || !slices.Equal(forwards, backwards) || forwards[0] != 1 || forwards[many-1] != many {
		t.Errorf("forwards %v, backwards %v", forwards, backwards)
	}
	for seq := int64(1); seq <= many; seq++ {
		page, err := p.History(ctx, ann, room, PageOf{Around: new(seq), Limit: MaxPage})
		if err != nil || !slices.ContainsFunc(page.Messages, func(m chat.Message) bool { return m.Seq == seq }) {
			t.Errorf("the page around %d has not got it, %v", seq, err)
		}
		checkPageSize(t, fmt.Sprint("around ", seq), page)
	}
}

func TestAPageOfTheInboxAndOfPublicRoomsIsBoundedInBytes(t *testing.T) {
	t.Parallel()
	p := start(t)
	ann := p.signsUp(t, "ann")
	ctx := context.Background()
	const many = 90
	data := json.RawMessage(`"` + strings.Repeat("d", 4_000) + `"`)
	for n := range many {
		_, err := p.Notify(ctx, ann, chat.NewNotification{
			To: []string{"ann"}, Title: "t", Body: strings.Repeat("中", 3_999), Data: data, Key: fmt.Sprint(n),
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.CreateRoom(ann, chat.NewRoom{
			Kind: chat.Public, Name: fmt.Sprint("room", n), Topic: strings.Repeat("𝄞", maxTopic),
		}); err != nil {
			t.Fatal(err)
		}
	}
	var seqs []int64
	for page := (chat.Notifications{Before: true}); page.Before; {
		of := PageOf{Limit: MaxPage}
		if len(seqs) > 0 {
			of.Before = new(int64(seqs[len(seqs)-1]))
		}
		var err error
		if page, err = p.Notifications(ctx, ann, of); err != nil || len(page.Notifications) == 0 {
			t.Fatalf("before %v: %v", seqs, err)
		}
		checkPageSize(t, "notifications", page)
		for _, n := range slices.Backward(page.Notifications) {
			seqs = append(seqs, n.Seq)
		}
	}
	if len(seqs) != many || seqs[many-1] != 1 {
		t.Errorf("got %v", seqs)
	}
	rooms, err := p.PublicRooms(ctx, ann, "")
	if err != nil || len(rooms.Rooms) == 0 || len(rooms.Rooms) >= many || !rooms.More {
		t.Errorf("%d public rooms, more %v, %v", len(rooms.Rooms), rooms.More, err)
	}
	checkPageSize(t, "public rooms", rooms)
	if rooms, err := p.PublicRooms(ctx, ann, "room89"); err != nil || len(rooms.Rooms) != 1 || rooms.More {
		t.Errorf("%d public rooms, more %v, %v", len(rooms.Rooms), rooms.More, err)
	}
}
