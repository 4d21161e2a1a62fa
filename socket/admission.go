// Admission: it counts and limits the sockets of every door, from their beginning to their end.

package socket

import (
	"parley/chat"
	"parley/internal/count"
	"parley/rooms"
)

// comeIn counts a new WebSocket, signed in or not. It returns an error when the socket is one too many: the
// socket must then be closed.
func (d *Door) comeIn(sock *rooms.Socket) error {
	d.note(sock)
	err := d.Admit(sock.Address)
	sock.Admitted = err == nil
	return err
}

func (d *Door) newSocket(address string) *rooms.Socket {
	return rooms.NewSocket(d.lastID.Add(1), address, d.limits.OutboxBytes, d.rooms.Unread)
}

// Begin makes a socket for another door; hangUp ends its connection. That door calls LetGo when the
// connection has closed.
func (d *Door) Begin(address string, hangUp func(code int, reason string)) *rooms.Socket {
	sock := d.newSocket(address)
	sock.HangUp = hangUp
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

// Admit counts a new connection, signed in or not. It refuses a connection that is one too many, and every
// connection while the server stops.
func (d *Door) Admit(address string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closing:
		return &rooms.CloseError{Code: chat.CloseRestart, Reason: "the server is stopping"}
	case d.admitted >= d.limits.Sockets:
		return &rooms.CloseError{Code: chat.CloseLater, Reason: "the server has no place for another socket"}
	case d.addresses[address] >= d.limits.SocketsPerAddress:
		return rooms.TooManySockets(d.limits.SocketsPerAddress, "an address")
	}
	d.admitted++
	d.addresses[address]++
	return nil
}

// Dismiss counts an admitted connection as gone.
func (d *Door) Dismiss(address string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dismissLocked(address)
}

func (d *Door) dismissLocked(address string) {
	d.admitted--
	count.Down(d.addresses, address)
}

// forgetLocked counts a socket as gone.
func (d *Door) forgetLocked(sock *rooms.Socket) {
	delete(d.all, sock)
	d.counts.leave(sock)
	if sock.Admitted {
		d.dismissLocked(sock.Address)
	}
}
