// Guests: admins whom the owner deactivates and reactivates again and again. A guest acts as the others do, by a
// client and by a program, and is deactivated in the midst of it.

package check

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"parley/chat"
	"parley/client"
)

const (
	guests    = 2
	stayMost  = 2500 * time.Millisecond // until a guest is deactivated
	awayMost  = 1500 * time.Millisecond // and then comes back
	goneLater = time.Second             // so long a client is watched after its sockets should have ended
)

type guest struct {
	run    *run
	user   chat.User
	proxy  *proxy
	random *rand.Rand
	bot    string // the login name of the guest's program
	known  bool   // whether the history knows the program
}

// makeGuests makes the guests' accounts.
func (r *run) makeGuests(ctx context.Context) error {
	for i := range guests {
		user, err := r.register(ctx, fmt.Sprint("guest", i))
		if err != nil {
			return err
		}
		admin := chat.RoleChange{Role: chat.RoleAdmin}
		if err := r.call(ctx, 0, http.MethodPatch, userPath(user.ID), admin, nil); err != nil {
			return err
		}
		r.rec.change(func(h *History) {
			h.Users = append(h.Users, User{ID: user.ID, Name: user.Name, Admin: true})
		})
		p, err := newProxy(ctx, func() string { return *r.server.address.Load() })
		if err != nil {
			return err
		}
		r.guests = append(r.guests, &guest{
			run: r, user: user, proxy: p, random: r.random(streamGuests + uint64(i)), bot: fmt.Sprint("bot", i),
		})
	}
	return nil
}

func userPath(user chat.UserID) string { return fmt.Sprintf("/api/users/%d", user) }

// comeAndGo signs the guest in and has the owner deactivate them, one time after another.
func (g *guest) comeAndGo(ctx context.Context) {
	for ctx.Err() == nil {
		if g.reactivate(ctx) == nil {
			g.stay(ctx)
		}
		g.run.sleepUntil(ctx, g.run.rec.now()+time.Duration(g.random.Int64N(int64(awayMost)))) // ctx may end it
	}
}

func (g *guest) reactivate(ctx context.Context) error {
	ask := Ask{Event: "user.reactivate", User: g.user.ID}
	return g.run.asOwner(ctx, ask, http.MethodPost, userPath(g.user.ID)+"/reactivate", nil)
}

func (g *guest) deactivate(ctx context.Context, fate chat.MessagesFate) error {
	ask := Ask{Event: "user.deactivate", User: g.user.ID, Body: string(fate)}
	in := chat.Deactivation{Messages: fate}
	return g.run.asOwner(ctx, ask, http.MethodPost, userPath(g.user.ID)+"/deactivate", in)
}

// stay has the guest and the program act until the owner deactivates the guest, and a little longer.
func (g *guest) stay(ctx context.Context) {
	token, err := client.SignIn(ctx, g.run.server.url(), g.user.Name, password)
	if err != nil {
		return
	}
	actors := []*actor{g.run.newActor(g.user, g.proxy)}
	tokens := []string{token}
	if program, token, err := g.makeProgram(ctx, actors[0], token); err == nil {
		actors, tokens = append(actors, program), append(tokens, token)
	}
	acting, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	for i, a := range actors {
		a.random = rand.New(rand.NewPCG(g.random.Uint64(), uint64(i)))
		if a.open(ctx, tokens[i]) == nil {
			defer a.client.Close()
			all.Go(func() { a.act(acting) })
		}
	}
	g.run.sleepUntil(ctx, g.run.rec.now()+time.Duration(g.random.Int64N(int64(stayMost)))) // ctx may end it
	fate := chat.KeepMessages
	if g.random.IntN(3) == 0 {
		fate = chat.DeleteMessages
	}
	if g.deactivate(ctx, fate) == nil {
		g.watch(ctx, actors)
		g.tryAll(ctx, actors, tokens)
	}
	stop()
	all.Wait()
}

// makeProgram makes a token for the guest's program.
func (g *guest) makeProgram(ctx context.Context, by *actor, token string) (*actor, string, error) {
	var made chat.Token
	in := chat.NewToken{Bot: g.bot, Scopes: []chat.Scope{chat.ScopeRead, chat.ScopePost}}
	err := client.Call(ctx, g.run.server.url(), token, http.MethodPost, "/api/tokens", in, &made)
	if err != nil {
		return nil, "", err
	}
	if !g.known {
		g.known = true
		g.run.rec.change(func(h *History) {
			h.Users = append(h.Users, User{ID: made.Bot.ID, Name: made.Bot.Name, Maker: by.user.ID})
		})
	}
	return g.run.newActor(made.Bot, g.proxy), made.Token, nil
}

// watch waits until the clients have ended, or longer than they may go on.
func (g *guest) watch(ctx context.Context, actors []*actor) {
	end := time.After(endedWithin + goneLater)
	for _, a := range actors {
		if a.client == nil {
			continue
		}
		select {
		case <-a.client.Done():
		case <-end:
			return
		case <-ctx.Done():
			return
		}
	}
}

// tryAll tries what a deactivated person could still do: the tokens that worked, and the password.
func (g *guest) tryAll(ctx context.Context, actors []*actor, tokens []string) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	for i, a := range actors {
		ended := g.run.rec.overHTTP(Ask{Client: a.number, Event: "rooms"})
		err := client.Call(ctx, g.run.server.url(), tokens[i], http.MethodGet, "/api/rooms", nil, nil)
		ended(chat.MessageSent{}, err)
	}
	ended := g.run.rec.overHTTP(Ask{Client: actors[0].number, Event: "login"})
	_, err := client.SignIn(ctx, g.run.server.url(), g.user.Name, password)
	ended(chat.MessageSent{}, err)
}

// settleGuests ends what guests do: the last is deactivated and their messages go, the others come back. It waits
// until the messages have gone, since that changes rooms.
func (r *run) settleGuests(ctx context.Context) {
	for i, g := range r.guests {
		settle := g.reactivate
		if i == len(r.guests)-1 {
			r.await(ctx, fmt.Sprintf("guest %d could not say anything more", i), func() error { return g.lastWords(ctx) })
			for _, room := range r.crowd.rooms { // the messages go from rooms too that they are not in
				r.takeOut(ctx, room.ID, g.user.ID)
			}
			settle = func(ctx context.Context) error { return g.deactivate(ctx, chat.DeleteMessages) }
		}
		r.await(ctx, fmt.Sprintf("the account of guest %d was not changed", i), func() error { return settle(ctx) })
		r.await(ctx, fmt.Sprintf("the messages of guest %d were not deleted", i), func() error {
			var now chat.Account
			err := r.call(ctx, 0, http.MethodGet, userPath(g.user.ID), nil, &now)
			if err == nil && now.Deleting {
				err = chat.Errorf(chat.Busy, "still deleting")
			}
			return err
		})
	}
}

// lastWords has the guest, who may be deactivated, come back, say something in each room that lets them, and edit some of
// it.
func (g *guest) lastWords(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, quietWithin)
	defer cancel()
	if err := g.reactivate(ctx); err != nil {
		return err
	}
	token, err := client.SignIn(ctx, g.run.server.url(), g.user.Name, password)
	if err != nil {
		return err
	}
	a := g.run.newActor(g.user, g.proxy)
	a.random = g.random
	if err := a.open(ctx, token); err != nil {
		return err
	}
	defer a.client.Close()
	until := func(is func() bool) (err error) {
		for err == nil && !is() {
			err = g.run.sleepUntil(ctx, g.run.rec.now()+lookEvery)
		}
		return err
	}
	if err := until(a.client.Online); err != nil {
		return err
	}
	for _, room := range g.run.crowd.rooms {
		a.ask(ctx, "room.join", chat.RoomAt{RoomID: room.ID}) // the history has how it ended
		a.sayIn(room.ID)
	}
	if err := until(func() bool { return a.waiting() == 0 }); err != nil {
		return err
	}
	a.edit(ctx)
	return nil
}

// await does something until it succeeds. When it does not in time, that breaks I13.
func (r *run) await(ctx context.Context, wrong string, does func() error) {
	for end := r.rec.now() + settleWithin; ; {
		err := does()
		if err == nil || ctx.Err() != nil {
			return
		}
		if r.rec.now() > end {
			r.wrong("I13", "%s within %s: %v", wrong, settleWithin, err)
			return
		}
		r.sleepUntil(ctx, r.rec.now()+lookEvery) // ctx may end it
	}
}
