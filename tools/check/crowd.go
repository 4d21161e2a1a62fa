// The crowd: the accounts and rooms of a run, and the clients that are signed in.

package check

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"parley/chat"
	"parley/client"
	"parley/tools/hostile"
)

const (
	password    = "a password for everyone"
	setupWithin = time.Minute
)

// crowd is the people and the rooms of a run. It does not change after setUp.
type crowd struct {
	users []chat.User // the first is the server's owner, the last the loud user
	fixed []ownedRoom // the rooms that every server has
	rooms []ownedRoom
	loud  ownedRoom // the last user's room, for the readers, which stop reading

	fleeting []ownedRoom   // public rooms that people enter and leave until they are empty
	group    []chat.UserID // who have a direct room, which they leave and make again

	loudClient int // the client number under which the last user's requests are recorded
}

// ownedRoom is a room with the index of its owner in users. An owner never leaves.
type ownedRoom struct {
	chat.RoomState
	owner int
}

// setUp makes the accounts and rooms, and the clients that are signed in.
func (r *run) setUp(ctx context.Context) error {
	r.crowd = &crowd{}
	readable, err := hostile.Readable(ctx, r.server.url())
	if err != nil {
		return err
	}
	r.rec.change(func(h *History) { h.Readable = readable })
	if err := r.makeOwner(ctx); err != nil {
		return err
	}
	people := max(3, r.Clients*2/3)
	for i := 1; i <= people; i++ { // one more than the clients need: the loud user
		if err := r.makeUser(ctx, fmt.Sprint("user", i)); err != nil {
			return err
		}
	}
	var fixed chat.Rooms
	if err := r.call(ctx, 0, http.MethodGet, "/api/rooms", nil, &fixed); err != nil {
		return err
	}
	for _, room := range fixed.Rooms {
		r.crowd.fixed = append(r.crowd.fixed, ownedRoom{RoomState: room})
	}
	random := r.random(streamSetup)
	for i := range r.Rooms {
		if err := r.makeRoom(ctx, i, random); err != nil {
			return err
		}
	}
	if err := r.makeLoudRoom(ctx); err != nil {
		return err
	}
	if err := r.makeLeftRooms(ctx); err != nil {
		return err
	}
	for i := range r.Clients {
		if err := r.openActor(ctx, i, i%people); err != nil {
			return err
		}
	}
	r.crowd.loudClient = r.newClient(r.crowd.users[people].ID)
	return r.makeGuests(ctx)
}

// call makes a request as a user, directly at the server. A restore ends all sessions; call then signs in
// again.
func (r *run) call(ctx context.Context, user int, method, path string, in, out any) error {
	r.signing.Lock()
	token := r.tokens[user]
	r.signing.Unlock()
	err := client.Call(ctx, r.server.url(), token, method, path, in, out)
	if !errors.Is(err, &chat.Error{Code: chat.SignedOut}) {
		return err
	}
	r.signing.Lock()
	defer r.signing.Unlock()
	if token == r.tokens[user] { // nobody else has signed in meanwhile
		if token, err = client.SignIn(ctx, r.server.url(), r.crowd.users[user].Name, password); err != nil {
			return err
		}
		r.tokens[user] = token
	}
	return client.Call(ctx, r.server.url(), r.tokens[user], method, path, in, out)
}

func (r *run) makeOwner(ctx context.Context) error {
	var code string
	select {
	case code = <-r.server.setup:
	case <-time.After(setupWithin):
		return errors.New("the server printed no link to set it up")
	}
	err := client.Call(ctx, r.server.url(), "", http.MethodPost, "/api/setup", chat.Setup{
		Code: code, ServerName: "check", NewAccount: chat.NewAccount{Name: "owner", Password: password},
	}, nil)
	if err != nil {
		return err
	}
	if err := r.signIn(ctx, "owner"); err != nil {
		return err
	}
	open := chat.RegistrationOpen
	return r.call(ctx, 0, http.MethodPatch, "/api/server", chat.ServerChange{Registration: &open}, nil)
}

func (r *run) makeUser(ctx context.Context, name string) error {
	if _, err := r.register(ctx, name); err != nil {
		return err
	}
	return r.signIn(ctx, name)
}

func (r *run) register(ctx context.Context, name string) (chat.User, error) {
	var made chat.SignedIn
	err := client.Call(ctx, r.server.url(), "", http.MethodPost, "/api/register", chat.Registering{
		NewAccount: chat.NewAccount{Name: name, Password: password},
	}, &made)
	return made.User, err
}

// signIn signs in a user who has an account, and adds the user to the crowd.
func (r *run) signIn(ctx context.Context, name string) error {
	token, err := client.SignIn(ctx, r.server.url(), name, password)
	if err != nil {
		return err
	}
	r.tokens = append(r.tokens, token)
	var me chat.SignedIn
	if err := r.call(ctx, len(r.crowd.users), http.MethodGet, "/api/me", nil, &me); err != nil {
		return err
	}
	r.crowd.users = append(r.crowd.users, me.User)
	r.rec.change(func(h *History) {
		h.Users = append(h.Users, User{ID: me.User.ID, Name: me.User.Name, Admin: me.User.Role.Administers()})
	})
	return nil
}

// makeRoom makes a room that the i-th user owns: in turn public, private, public and direct.
func (r *run) makeRoom(ctx context.Context, i int, random *rand.Rand) error {
	users := r.crowd.users[:len(r.crowd.users)-1]
	room := ownedRoom{owner: i % len(users)}
	if i%4 == 3 {
		other := users[(room.owner+1+random.IntN(len(users)-1))%len(users)]
		err := r.call(ctx, room.owner, http.MethodPost, "/api/directs",
			chat.NewDirect{UserIDs: []chat.UserID{other.ID}}, &room.RoomState)
		r.rec.change(func(h *History) { h.Pairs[room.ID] = [2]chat.UserID{users[room.owner].ID, other.ID} })
		r.crowd.rooms = append(r.crowd.rooms, room)
		return err
	}
	kind := chat.Public
	if i%4 == 1 {
		kind = chat.Private
	}
	var others []chat.UserID
	for j, user := range users {
		if j != room.owner && (random.IntN(3) > 0 || len(others) == 0) {
			others = append(others, user.ID)
		}
	}
	err := r.fill(ctx, &room, chat.NewRoom{Kind: kind, Name: fmt.Sprint("room", i)}, others)
	r.crowd.rooms = append(r.crowd.rooms, room)
	return err
}

func (r *run) fill(ctx context.Context, room *ownedRoom, as chat.NewRoom, others []chat.UserID) error {
	if err := r.call(ctx, room.owner, http.MethodPost, "/api/rooms", as, &room.RoomState); err != nil {
		return err
	}
	return r.call(ctx, room.owner, http.MethodPost, membersPath(room.ID), chat.NewMembers{UserIDs: others}, nil)
}

// makeLoudRoom makes the room in which so much is said that the server cuts off sockets that do not read. The
// user of one ordinary client is in it too.
func (r *run) makeLoudRoom(ctx context.Context) error {
	r.crowd.loud.owner = len(r.crowd.users) - 1
	return r.fill(ctx, &r.crowd.loud, chat.NewRoom{Kind: chat.Private, Name: "loud"},
		[]chat.UserID{r.crowd.users[0].ID})
}

// makeLeftRooms makes the rooms that people leave: two fleeting ones, and a direct room of three or four.
func (r *run) makeLeftRooms(ctx context.Context) error {
	for i := range 2 {
		room := ownedRoom{owner: i}
		err := r.call(ctx, i, http.MethodPost, "/api/rooms",
			chat.NewRoom{Kind: chat.Public, Name: fmt.Sprint("fleeting", i)}, &room.RoomState)
		if err != nil {
			return err
		}
		r.crowd.fleeting = append(r.crowd.fleeting, room)
	}
	for _, user := range r.crowd.users[:min(4, len(r.crowd.users)-1)] {
		r.crowd.group = append(r.crowd.group, user.ID)
	}
	return r.call(ctx, 0, http.MethodPost, "/api/directs", chat.NewDirect{UserIDs: r.crowd.group}, nil)
}

// openActor opens a client for a user, behind a proxy of its own.
func (r *run) openActor(ctx context.Context, number, user int) error {
	p, err := newProxy(ctx, func() string { return *r.server.address.Load() })
	if err != nil {
		return err
	}
	a := r.newActor(r.crowd.users[user], p)
	a.random = r.random(streamClients + uint64(number))
	if err := a.open(ctx, r.tokens[user]); err != nil {
		return errors.Join(err, p.close())
	}
	r.actors = append(r.actors, a)
	return nil
}

// newActor makes an actor with the next number, who has no client and no random numbers yet.
func (r *run) newActor(user chat.User, p *proxy) *actor {
	a := &actor{number: r.newClient(user.ID), user: user, run: r, proxy: p}
	a.folded = newFolded(a.number, user.ID, r.rec)
	return a
}

// newClient gives a client of a user the next number.
func (r *run) newClient(user chat.UserID) (number int) {
	r.rec.change(func(h *History) {
		number = len(h.Clients)
		h.Clients = append(h.Clients, Client{user})
	})
	return number
}

// open opens the client. A person signs in again when a session has ended, a program cannot.
func (a *actor) open(ctx context.Context, token string) (err error) {
	options := client.Options{
		URL: a.proxy.url(), Token: token, OnEvent: a.folded.event, Wait: wait, Trace: a.run.rec.trace(a.number),
		WholeMessages: a.number%3 == 2, // two of three ask for deltas
	}
	if !a.user.Bot {
		options.Renew = func(ctx context.Context) (string, error) {
			ctx, cancel := context.WithTimeout(ctx, answerWithin)
			defer cancel()
			return client.SignIn(ctx, a.proxy.url(), a.user.Name, password)
		}
	}
	a.client, err = client.Open(ctx, options)
	return err
}

func roomPath(room chat.RoomID) string     { return fmt.Sprintf("/api/rooms/%d", room) }
func membersPath(room chat.RoomID) string  { return roomPath(room) + "/members" }
func messagesPath(room chat.RoomID) string { return roomPath(room) + "/messages" }
