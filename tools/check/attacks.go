// Attacks: somebody with one account does what could hurt others, in each way that package hostile knows. The
// promises to everybody else hold meanwhile.

package check

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/chat"
	"parley/client"
	"parley/tools/hostile"
)

// attack attacks the server for a while, as a new person in a room of their own. It does nothing when the
// server is down. What the attacker says is no part of the history: nobody else is in that room.
func (r *run) attack(ctx context.Context, f Fault) {
	coming, stop := context.WithTimeout(ctx, setupWithin)
	defer stop()
	attack := f.attack()
	target, err := r.attacker(coming, attack.Admin)
	if err != nil {
		return // killed meanwhile; a run in which no attack came about is void
	}
	ctx, stop = context.WithTimeout(ctx, f.For)
	defer stop()
	var tally hostile.Tally
	attack.Run(ctx, target, &tally)
	r.rec.change(func(h *History) {
		h.Repelled += tally.Refused.Load()
		for path, n := range tally.Left() {
			h.Left[path] += n
		}
	})
}

// attacker makes an account, which may be an admin's, a room with a long message, and somebody to trouble.
func (r *run) attacker(ctx context.Context, admin bool) (target hostile.Target, err error) {
	target.URL = r.server.url()
	r.rec.change(func(h *History) { target.Readable = h.Readable })
	// With a time in the name, no earlier server that was put back has it.
	number := fmt.Sprint(r.attackers.Add(1), "of", time.Now().UnixMilli())
	name := "attacker" + number
	call := func(path string, in, out any) {
		if err == nil {
			err = client.Call(ctx, target.URL, target.Token, http.MethodPost, path, in, out)
		}
	}
	if target.Victim, err = r.register(ctx, "victim"+number); err != nil {
		return target, err
	}
	target.Guessed = target.Victim.Name
	self, err := r.register(ctx, name)
	if err == nil && admin {
		err = r.call(ctx, 0, http.MethodPatch, userPath(self.ID), chat.RoleChange{Role: chat.RoleAdmin}, nil)
	}
	if err == nil {
		target.Token, err = client.SignIn(ctx, target.URL, name, password)
	}
	var room chat.RoomState
	for i := range longLists { // so that lists of rooms are long, too
		topic := strings.Repeat("t", 1_000)
		call("/api/rooms", chat.NewRoom{Kind: chat.Public, Name: fmt.Sprint(name, "-", i), Topic: topic}, nil)
	}
	call("/api/rooms", chat.NewRoom{Kind: chat.Private, Name: name}, &room)
	target.Room = room.ID
	for range longMessages {
		var sent chat.MessageSent
		call(messagesPath(room.ID), chat.Draft{ClientID: chat.NewClientID(), Body: hostile.LongText}, &sent)
		target.Seq = sent.Seq
	}
	return target, err
}

// longMessages is how many long messages an attacker's room has: fewer than a person may write at once.
const longMessages = 20

// longLists is how many rooms with long topics an attacker makes.
const longLists = 8
