// Every kind of change at once: what each room's sockets are told has no holes.

package socket

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"parley/chat"
	"parley/tests/harness"
)

func TestNumbersHaveNoHolesUnderMixedLoad(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	told := map[chat.RoomID][]chat.Heads{}
	h := openHouse(t, func(h *house) {
		h.onCommit = func(changes []chat.Change, answer func()) {
			mu.Lock()
			defer mu.Unlock()
			for _, c := range changes {
				if c.Room != 0 && c.User == 0 {
					told[c.Room] = append(told[c.Room], c.Heads)
				}
			}
			h.live.Dispatch(changes, answer)
		}
	})
	ann := h.setUp(t)
	people := []*guest{ann, h.signUp(t, ann, "bob"), h.signUp(t, ann, "carl")}
	rooms := []chat.RoomID{h.general(t, ann)}
	for _, name := range []string{"a", "b"} {
		room, err := h.actions.CreateRoom(ann.caller, chat.NewRoom{Kind: chat.Public, Name: name})
		if err != nil {
			t.Fatal(err)
		}
		rooms = append(rooms, room.ID)
	}
	harness.Together(9, func(i int) {
		who := people[i%3]
		sock := who.dial(t)
		random := rand.New(rand.NewPCG(uint64(i), 1))
		for range 60 {
			room := rooms[random.IntN(len(rooms))]
			seq := 1 + random.Int64N(20)
			ask := func(event string, data any) { sock.Answer(t, sock.Send(t, event, data)) }
			switch random.IntN(8) {
			case 0, 1, 2:
				ask("message.send", chat.MessageSend{RoomID: room, Draft: harness.Draft("text")})
			case 3:
				ask("message.edit", chat.MessageEdit{RoomID: room, Seq: seq, Body: fmt.Sprint(random.Int())})
			case 4:
				ask("message.delete", chat.MessageAt{RoomID: room, Seq: seq})
			case 5:
				emoji := []string{"👍", "👎", "🎉"}[random.IntN(3)]
				event := []string{"reaction.add", "reaction.remove"}[random.IntN(2)]
				ask(event, chat.ReactionAt{RoomID: room, Seq: seq, Emoji: emoji})
			case 6:
				ask([]string{"room.join", "room.leave"}[random.IntN(2)], chat.RoomAt{RoomID: room})
			case 7:
				topic := fmt.Sprint(random.IntN(3))
				h.actions.ChangeRoom(who.caller, room, chat.RoomChange{Topic: &topic}) // refused to all but the owners
			}
		}
	})
	h.program.CheckNumbers(t)
	mu.Lock()
	defer mu.Unlock()
	for room, heads := range told {
		for i := 1; i < len(heads); i++ {
			before, after := heads[i-1], heads[i]
			if after.Rev+after.Meta != before.Rev+before.Meta+1 || after.Seq < before.Seq || after.Seq > before.Seq+1 {
				t.Fatalf("room %d: after %+v was told %+v", room, before, after)
			}
		}
	}
	if len(told) < len(rooms) {
		t.Errorf("%d rooms were told of, want at least %d", len(told), len(rooms))
	}
}
