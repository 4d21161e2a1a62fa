// Admission: it counts and limits the sockets of every door, from their beginning to their end.

package socket

import (
	"context"

	"parley/auth"
	"parley/chat"
	"parley/internal/places"
	"parley/rooms"
)

// comeIn finds a place for a new WebSocket, signed in or not. It returns an error when there is none: the socket
// must then be closed.
func (d *Door) comeIn(sock *rooms.Socket) (err error) {
	d.note(sock)
	sock.Place, err = d.Admit(sock.Address, func() { sock.Cut(chat.CloseTooMany, madePlace) })
	sock.Admitted = err == nil
	return err
}

// madePlace tells a socket on which nobody has signed in why it had to go.
const madePlace = "too many sockets on which nobody has signed in"

func (d *Door) newSocket(address string) *rooms.Socket {
	return rooms.NewSocket(d.lastID.Add(1), address, d.limits.OutboxBytes, d.rooms.Unread)
}

// Begin makes a socket for another door, at a place that Admit found; hangUp ends its connection. That door calls
// LetGo when the connection has closed, and gives the place back itself.
func (d *Door) Begin(address string, place *places.Place, hangUp func(code int, reason string)) *rooms.Socket {
	sock := d.newSocket(address)
	sock.HangUp, sock.Place = hangUp, place
	d.note(sock)
	return sock
}

// note adds a socket of any door to the open ones.
func (d *Door) note(sock *rooms.Socket) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all[sock] = struct{}{}
	d.counts.opened++
}

// Admit finds a place for a new connection, on which nobody has signed in yet. For that, another one like it may
// have to go: the oldest one of the address, or of all. Then that one's leave is called, which must not wait. Admit
// refuses a connection when people have all places, and while the server stops. Whoever gets a place must give it
// back.
func (d *Door) Admit(address string, leave func()) (*places.Place, error) {
	d.mu.Lock()
	closing := d.closing
	d.mu.Unlock()
	if closing {
		return nil, &rooms.CloseError{Code: chat.CloseRestart, Reason: "the server is stopping"}
	}
	place := d.places.Take(address, leave)
	if place == nil {
		return nil, &rooms.CloseError{Code: chat.CloseLater, Reason: "the server has no place for another socket"}
	}
	return place, nil
}

// Belongs gives a place to the person whose credential it is, so that it counts as one of theirs. It refuses
// with a CloseError when they have as many as they may. Whoever is nobody keeps the place that they have.
func (d *Door) Belongs(ctx context.Context, place *places.Place, cred auth.Credential) error {
	if cred.Token == "" {
		return nil
	}
	return d.onOpener(ctx, func() error {
		ticket, err := d.ticketOf(ctx, cred)
		if err != nil {
			return nil
		}
		return d.belongs(place, ticket.Caller.User)
	})
}

// belongs makes a place one of a person's. Nothing takes it from them afterwards.
func (d *Door) belongs(place *places.Place, user chat.UserID) error {
	place.SetBusy(true)
	if !place.SignIn(int64(user)) {
		return rooms.TooManySockets(d.limits.SocketsPerUser, "a person")
	}
	return nil
}

// forgetLocked counts a socket as gone.
func (d *Door) forgetLocked(sock *rooms.Socket) {
	delete(d.all, sock)
	d.counts.leave(sock)
	if sock.Admitted {
		sock.Place.GiveBack()
	}
}
