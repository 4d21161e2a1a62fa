// Signing a socket in, and letting it go, for every door.

package socket

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"

	"parley/access"
	"parley/actions"
	"parley/auth"
	"parley/chat"
	"parley/rooms"
	"parley/store"
)

// open signs in a WebSocket and reports whether that succeeded. Otherwise it closes the socket with a code
// that tells the client why.
func (d *Door) open(s *melody.Session, sock *rooms.Socket, cred auth.Credential) (opened bool) {
	err := d.SignIn(sock, cred, OpeningCost)
	if err != nil {
		d.refuse(sock, err)
		return false
	}
	s.MustGet(keyKnown).(*atomic.Bool).Store(true) // set by Serve
	s.Set(KeyUser, sock.Caller.User)
	s.Set(KeySession, sock.Caller.Session)
	s.Set(KeyRooms, func() []chat.RoomID { return d.rooms.Of(sock) })
	return true
}

// SignIn finds out whose a credential is, and enters the socket into that person's rooms; its welcome comes
// before everything else. It takes cost from that person's budget first. Every door uses it. It ends early with
// the socket.
//
// It runs on some of a few goroutines that live as long as the door: signing in needs a large stack, which every
// socket's own goroutine would otherwise grow, and keep for as long as the socket lives. One person has only
// some of them at a time. A panic continues in the caller.
func (d *Door) SignIn(sock *rooms.Socket, cred auth.Credential, cost access.Cost) error {
	ctx := sock.Context()
	var ticket auth.Ticket
	err := d.onOpener(ctx, func() (err error) {
		ticket, err = d.ticketOf(ctx, cred)
		return err
	})
	if err != nil {
		return err
	}
	user := ticket.Caller.User
	if err := d.turns.Take(ctx, user); err != nil {
		return err
	}
	defer d.turns.Give(user)
	return d.onOpener(ctx, func() error { return d.signIn(sock, ticket, cost) })
}

// onOpener runs fn on one of the goroutines on which sockets sign in, when one is free.
func (d *Door) onOpener(ctx context.Context, fn func() error) (err error) {
	select {
	case on := <-d.opening:
		defer func() { d.opening <- on }()
		on.Run(func() { err = fn() })
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ticketOf finds out whose a credential is. What somebody has ended is refused here already, so that nobody uses up the
// places of that person with it.
func (d *Door) ticketOf(ctx context.Context, cred auth.Credential) (auth.Ticket, error) {
	ticket, err := auth.TicketOf(ctx, d.tokens, d.actions, cred)
	if err != nil {
		return ticket, err
	}
	return ticket, ticket.Caller.May(chat.ScopeRead) // a socket receives everything in its rooms
}

func (d *Door) signIn(sock *rooms.Socket, ticket auth.Ticket, cost access.Cost) error {
	sock.Caller = ticket.Caller
	sock.Caller.Order = &access.Order{}
	if err := d.actions.Spend(ticket.Caller, cost); err != nil {
		return err
	}
	if err := d.belongs(sock.Place, sock.Caller.User); err != nil {
		return err
	}
	if err := d.rooms.Opening(sock); err != nil {
		return err
	}
	snapshot, err := d.actions.Snapshot(sock.Context(), sock.Caller)
	if err != nil {
		return err
	}
	if snapshot.User.ID != sock.Caller.User {
		return store.ErrSignedOut
	}
	if sock.Until != nil {
		sock.Until.Stop()
	}
	sock.Until = time.AfterFunc(ticket.ExpiresAt.Sub(d.tokens.Now()), func() {
		sock.Finish(chat.CloseSignedOut, "the token ended")
	})
	sock.Opened = true
	if err := d.rooms.Enter(sock, snapshot); err != nil {
		return err
	}
	slog.Info("socket connected", "user", sock.Caller.User, "socket", sock.Id, "address", sock.Address)
	return nil
}

// refuse closes a socket that cannot be opened, with a code that tells its client what to do.
func (d *Door) refuse(sock *rooms.Socket, err error) {
	d.HoldBack(sock)
	var closing *rooms.CloseError
	switch {
	case errors.As(err, &closing):
		sock.Cut(closing.Code, closing.Reason)
	case chat.IsCode(err, chat.SignedOut):
		sock.Cut(chat.CloseSignedOut, "sign in first")
	case chat.IsCode(err, chat.Forbidden):
		sock.Cut(chat.ClosePolicy, actions.Refusal(err).Message)
	default:
		sock.Cut(chat.CloseLater, actions.Refusal(err).Message)
	}
}

// LetGo removes a socket of any door, whose connection has closed, from the rooms and the counts. What was being
// done for it alone has ended afterwards.
func (d *Door) LetGo(sock *rooms.Socket) {
	sock.End(websocket.CloseAbnormalClosure)
	if sock.Dialect != nil {
		sock.Dialect.Gone()
	}
	if sock.Until != nil {
		sock.Until.Stop()
	}
	d.rooms.Gone(sock)
	d.mu.Lock()
	d.forgetLocked(sock)
	d.mu.Unlock()
	if sock.Opened {
		if grant := sock.Caller.Grant; grant != nil {
			d.actions.KeepTokenUsed(grant.Token)
		}
		slog.Info("socket disconnected", "user", sock.Caller.User, "socket", sock.Id, "address", sock.Address,
			"seconds", int(time.Since(sock.Since).Seconds()))
	}
}
