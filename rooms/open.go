// Opening a socket: the socket gets a snapshot of the database, and then every live event that follows it. No
// event is missing between the two.

package rooms

import (
	"fmt"
	"slices"

	"parley/chat"
)

// Opening notes a socket before its snapshot is read, so that changes that come meanwhile are recorded for
// it. It refuses a socket with a CloseError when the server is stopping. For every socket that Opening accepts,
// Gone must be called at the end.
func (r *Rooms) Opening(sock *Socket) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closing {
		return &CloseError{Code: chat.CloseRestart, Reason: "the server is stopping"}
	}
	r.opening[sock] = struct{}{}
	r.Unread.Join(sock)
	return nil
}

// TooManySockets is the refusal of a socket beyond a limit. of is the unit of the limit, such as "a person".
func TooManySockets(limit int, of string) error {
	return &CloseError{Code: chat.CloseTooMany, Reason: fmt.Sprintf("at most %d sockets %s", limit, of)}
}

// Enter puts a socket into the index, and its welcome into its outbox before everything else. For the
// dispatcher this is one step, so the first live event of each room is the one right after the room's heads
// in the welcome. Enter refuses a socket that was cut while it was opening.
func (r *Rooms) Enter(sock *Socket, snapshot Snapshot) error {
	r.mu.Lock()
	// If a socket that was cut entered, the next socket would get the heads of its old snapshot.
	if code := sock.closed.Load(); code != 0 {
		r.mu.Unlock()
		return &CloseError{int(code), "it was cut while it was opening"}
	}
	welcome := r.enterLocked(sock, snapshot)
	if sock.Dialect != nil {
		sock.Dialect.Welcome(sock, welcome)
		r.mu.Unlock()
		return nil
	}
	r.mu.Unlock()
	// The socket is told what follows the heads in its welcome, so what is unread is counted as of these heads.
	// What comes meanwhile waits in the outbox.
	if snapshot.CountUnread != nil {
		if err := snapshot.CountUnread(welcome.Rooms); err != nil {
			return err
		}
	}
	line, err := chat.EncodeWelcome(welcome)
	if err != nil {
		return err
	}
	if !r.Unread.Take(len(line)) {
		return &CloseError{Code: chat.CloseLater, Reason: "too much waits to be read by others"}
	}
	sock.out.open(line)
	return nil
}

// enterLocked applies the recorded changes to the snapshot, puts the socket into its rooms, and returns its
// welcome. The heads of a live room are those of the last change that was dispatched, since the snapshot may
// be ahead of the dispatcher or behind it.
func (r *Rooms) enterLocked(sock *Socket, snapshot Snapshot) chat.Welcome {
	sock.userRev = snapshot.UserRev
	for _, c := range sock.recorded {
		if c.User == 0 || c.UserRev > sock.userRev {
			snapshot.amend(c)
			sock.userRev = max(sock.userRev, c.UserRev)
		}
	}
	sock.recorded = nil
	for i := range snapshot.Rooms {
		state := &snapshot.Rooms[i]
		if live := r.rooms[state.ID]; live != nil {
			if about := live.about; about != nil && about.Meta >= state.Meta {
				state.Room = *about
			}
			state.Seq, state.Rev, state.Meta = live.heads.Seq, live.heads.Rev, live.heads.Meta
		}
		r.putInLocked(sock, state.ID, chat.Heads{Seq: state.Seq, Rev: state.Rev, Meta: state.Meta})
	}
	delete(r.opening, sock)
	r.comeLocked(sock)
	r.letGoLocked()
	return chat.Welcome{
		Server: snapshot.Server, Time: r.now().UnixMilli(),
		History: chat.History{Epoch: snapshot.Epoch, Runs: snapshot.Runs},
		User:    snapshot.User, UserRev: sock.userRev, Rooms: snapshot.Rooms,
		Directory: max(snapshot.Directory, r.directory), Online: len(r.users), Inbox: snapshot.Inbox,
		Blocked: snapshot.Blocked, Adding: snapshot.Adding, RoomInvitations: snapshot.RoomInvitations,
		Limits: snapshot.Limits,
	}
}

// Snapshot is what a socket's welcome is made of. It is read in one transaction.
type Snapshot struct {
	User      chat.User
	UserRev   int64
	Rooms     []chat.RoomState
	Server    chat.Server
	Directory int64
	Inbox     chat.Inbox
	Blocked   []chat.UserID
	Adding    chat.Adding
	Epoch     string
	Runs      []string
	Limits    chat.Limits
	// RoomInvitations are those that wait for the user's answer.
	RoomInvitations []chat.RoomInvitation
	// CountUnread sets Unread in the rooms, as of the Seq and Rev that they have there. The rooms of the snapshot
	// have none. Nil in tests.
	CountUnread func(rooms []chat.RoomState) error
}

// amend applies a change to the snapshot that was recorded while the socket was opening.
func (s *Snapshot) amend(c chat.Change) {
	switch data := c.Data.(type) {
	case chat.RoomAdded:
		s.Rooms = append(withoutRoom(s.Rooms, data.Room.ID), data.Room)
	case chat.RoomRemoved:
		s.Rooms = withoutRoom(s.Rooms, data.RoomID)
	case chat.ReadMoved:
		for i := range s.Rooms {
			if s.Rooms[i].ID == data.RoomID {
				s.Rooms[i].ReadSeq = data.ReadSeq
			}
		}
	case chat.RoomHidden:
		for i := range s.Rooms {
			if s.Rooms[i].ID == data.RoomID {
				s.Rooms[i].HiddenUntil = data.HiddenUntil
			}
		}
	case chat.FavoriteChanged:
		for i := range s.Rooms {
			if s.Rooms[i].ID == data.RoomID {
				s.Rooms[i].Favorite = data.Favorite
			}
		}
	case chat.MemberChanged:
		for i := range s.Rooms {
			if s.Rooms[i].ID == data.RoomID && s.Rooms[i].Meta < data.Meta {
				s.Rooms[i].Role = data.Member.Role
			}
		}
	case chat.NotificationAdded:
		s.Inbox = chat.Inbox{Seq: data.Notification.Seq, Unread: data.Unread}
	case chat.NotificationsRead:
		s.Inbox.Unread = data.Unread
	case chat.BlockChanged:
		s.Blocked = slices.DeleteFunc(s.Blocked, func(id chat.UserID) bool { return id == data.UserID })
		if data.Blocked {
			s.Blocked = append(s.Blocked, data.UserID)
		}
	case chat.AddingChanged:
		s.Adding = data.Adding
	case chat.RoomInvitationAdded:
		s.RoomInvitations = append(withoutInvitation(s.RoomInvitations, data.RoomInvitation.RoomID), data.RoomInvitation)
	case chat.RoomInvitationRemoved:
		s.RoomInvitations = withoutInvitation(s.RoomInvitations, data.RoomID)
	case chat.ServerChanged:
		s.Server = data.Server
	case chat.UserChanged:
		if data.User.ID == s.User.ID {
			s.User = data.User
		}
	}
}

func withoutRoom(rooms []chat.RoomState, id chat.RoomID) []chat.RoomState {
	return slices.DeleteFunc(rooms, func(s chat.RoomState) bool { return s.ID == id })
}

func withoutInvitation(list []chat.RoomInvitation, id chat.RoomID) []chat.RoomInvitation {
	return slices.DeleteFunc(list, func(i chat.RoomInvitation) bool { return i.RoomID == id })
}

// Gone forgets a socket, whether it is opening or has entered. It does nothing for a socket that is not
// known.
func (r *Rooms) Gone(sock *Socket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, opening := r.opening[sock]
	if !opening && !r.isInLocked(sock) {
		return
	}
	r.Unread.Leave(sock)
	delete(r.opening, sock)
	for id := range sock.rooms {
		r.takeOutLocked(sock, id)
	}
	r.watchLocked(sock, nil)
	if !opening {
		r.goLocked(sock)
	}
	r.letGoLocked()
}

func (r *Rooms) isInLocked(sock *Socket) bool {
	user := r.users[sock.Caller.User]
	if user == nil {
		return false
	}
	_, in := user.sockets[sock]
	return in
}

// Stop refuses new sockets from now on, and reports everyone who is online as last seen now.
func (r *Rooms) Stop() {
	seen := map[chat.UserID]int64{}
	r.mu.Lock()
	r.closing = true
	for id := range r.users {
		seen[id] = r.now().UnixMilli()
	}
	r.mu.Unlock()
	if len(seen) > 0 {
		r.onLastSeen(seen)
	}
}

// CloseError is a refusal that closes the socket with a close code.
type CloseError struct {
	Code   int
	Reason string
}

// Error returns the reason.
func (e *CloseError) Error() string { return e.Reason }
