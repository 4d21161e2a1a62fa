// Presence and typing: who is online, told to the sockets that watch. Each socket gets at most one event a
// second, however many people come and go.

package rooms

import (
	"log/slog"
	"time"

	"parley/chat"
)

const (
	presenceTick = time.Second     // the time between two events to one socket
	offlineAfter = 5 * time.Second // reloading a page, or a short break of a connection, is no absence
	typingEvery  = 3 * time.Second // the time between two events of one person
)

// liveUser is a person who has sockets, or had some less than offlineAfter ago.
type liveUser struct {
	sockets map[*Socket]struct{}
	since   time.Time          // when they came online
	goneAt  time.Time          // when their last socket closed; zero while they have one
	typedAt time.Time          // when others were last told that they are writing
	told    chat.PresenceState // the state that others were last told
}

// stateLocked returns the person's presence as others should see it. The person is online when they are at
// one of their sockets, and away when they are at none. Without sockets they keep the state that others were
// told, until they have been gone for offlineAfter.
func (u *liveUser) stateLocked() chat.PresenceState {
	for sock := range u.sockets {
		if !sock.away {
			return chat.Online
		}
	}
	if len(u.sockets) == 0 {
		return u.told // settleLocked tells when they have been gone for long enough
	}
	return chat.Away
}

func (r *Rooms) comeLocked(sock *Socket) {
	id := sock.Caller.User
	user := r.users[id]
	if user == nil {
		user = &liveUser{sockets: map[*Socket]struct{}{}, since: r.now(), told: chat.Offline}
		r.users[id] = user
	}
	user.sockets[sock] = struct{}{}
	user.goneAt = time.Time{}
	r.stirred[id] = struct{}{}
}

func (r *Rooms) goLocked(sock *Socket) {
	user := r.users[sock.Caller.User]
	delete(user.sockets, sock)
	if len(user.sockets) == 0 {
		user.goneAt = r.now()
	}
	r.stirred[sock.Caller.User] = struct{}{}
}

// SetAway notes whether the person at a socket is away from it. changed tells whether that was otherwise before.
func (r *Rooms) SetAway(sock *Socket, away bool) (changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if sock.away == away {
		return false
	}
	sock.away = away
	r.stirred[sock.Caller.User] = struct{}{}
	return true
}

// Watch sets the people whose presence a socket is told. It replaces those that were set before.
func (r *Rooms) Watch(sock *Socket, users []chat.UserID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.isInLocked(sock) {
		r.watchLocked(sock, users)
	}
}

func (r *Rooms) watchLocked(sock *Socket, users []chat.UserID) {
	for _, id := range sock.watching {
		delete(r.watchers[id], sock)
		if len(r.watchers[id]) == 0 {
			delete(r.watchers, id)
		}
	}
	sock.watching = users
	for _, id := range users {
		if r.watchers[id] == nil {
			r.watchers[id] = map[*Socket]struct{}{}
		}
		r.watchers[id][sock] = struct{}{}
	}
}

// Presence returns the state of people. seen holds when each of them was last seen; it counts for those who
// are offline, and people who are not in it are left out.
func (r *Rooms) Presence(users []chat.UserID, seen map[chat.UserID]int64) chat.PresenceChanged {
	r.mu.Lock()
	defer r.mu.Unlock()
	answer := chat.PresenceChanged{Presence: []chat.Presence{}, Online: len(r.users)}
	for _, id := range users {
		at, exists := seen[id]
		if !exists {
			continue
		}
		if user := r.users[id]; user != nil {
			answer.Presence = append(answer.Presence, user.presenceLocked(id))
			continue
		}
		answer.Presence = append(answer.Presence, chat.Presence{UserID: id, State: chat.Offline, LastSeenAt: at})
	}
	return answer
}

func (u *liveUser) presenceLocked(id chat.UserID) chat.Presence {
	return chat.Presence{UserID: id, State: u.stateLocked(), LastSeenAt: u.since.UnixMilli()}
}

// tellPresence tells watchers once a second whose presence changed, until Close is called.
func (r *Rooms) tellPresence() {
	ticker := time.NewTicker(presenceTick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			r.tellStirred()
		case <-r.stop:
			return
		}
	}
}

func (r *Rooms) tellStirred() {
	r.mu.Lock()
	seen := map[chat.UserID]int64{}
	events := map[*Socket]*chat.PresenceChanged{}
	for id := range r.stirred {
		presence, changed := r.settleLocked(id, seen)
		if !changed {
			continue
		}
		for sock := range r.watchers[id] {
			if events[sock] == nil {
				events[sock] = &chat.PresenceChanged{Online: len(r.users)}
			}
			events[sock].Presence = append(events[sock].Presence, presence)
		}
	}
	for _, event := range events {
		event.Online = len(r.users)
	}
	r.mu.Unlock()
	if len(seen) > 0 {
		r.onLastSeen(seen)
	}
	for sock, event := range events {
		line, err := chat.Encode("presence.changed", "", event)
		if err != nil {
			slog.Error("rooms: encode", "event", "presence.changed", "error", err)
			continue
		}
		sock.putEphemeral(line)
	}
}

// settleLocked returns a person's presence, and whether others have to be told. It forgets a person who has
// been without a socket for offlineAfter, and notes in seen when people came and left. A person who has been
// without one for less time stays in stirred, so that the next tick looks again.
func (r *Rooms) settleLocked(id chat.UserID, seen map[chat.UserID]int64) (chat.Presence, bool) {
	user := r.users[id]
	if user == nil {
		delete(r.stirred, id)
		return chat.Presence{}, false
	}
	if len(user.sockets) == 0 {
		if r.now().Sub(user.goneAt) < offlineAfter {
			return chat.Presence{}, false
		}
		delete(r.stirred, id)
		delete(r.users, id)
		seen[id] = user.goneAt.UnixMilli()
		return chat.Presence{UserID: id, State: chat.Offline, LastSeenAt: seen[id]}, user.told != chat.Offline
	}
	delete(r.stirred, id)
	presence := user.presenceLocked(id)
	changed := presence.State != user.told
	if user.told == chat.Offline {
		seen[id] = presence.LastSeenAt
	}
	user.told = presence.State
	return presence, changed
}

// Typing tells the others in a room that somebody is writing, at most once in typingEvery for each person. It returns
// whether it told anybody.
func (r *Rooms) Typing(room chat.RoomID, by chat.UserID) (told bool) {
	var audience []*Socket
	r.mu.Lock()
	user, live := r.users[by], r.rooms[room]
	if user != nil && live != nil && r.now().Sub(user.typedAt) >= typingEvery {
		user.typedAt = r.now()
		for sock := range live.sockets {
			if sock.Caller.User != by {
				audience = append(audience, sock)
			}
		}
	}
	r.mu.Unlock()
	if len(audience) == 0 {
		return false
	}
	line, err := chat.Encode("typing.started", "", chat.TypingStarted{RoomID: room, UserID: by})
	if err != nil {
		slog.Error("rooms: encode", "event", "typing.started", "error", err)
		return false
	}
	for _, sock := range audience {
		sock.putEphemeral(line)
	}
	return true
}
