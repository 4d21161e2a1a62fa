// Presence and typing: who is there, told to those who watch, bounded so that a crowd coming and going
// costs no more than one event a second to each of them.

package rooms

import (
	"log/slog"
	"time"

	"parley/chat"
)

const (
	presenceTick = time.Second     // between events to one socket
	offlineAfter = 5 * time.Second // a reload or a short gap is not an absence
	typingEvery  = 3 * time.Second // between events of one person
)

// liveUser is a person with sockets, or one who had some a moment ago.
type liveUser struct {
	sockets map[*Socket]struct{}
	since   time.Time // they came online
	goneAt  time.Time // their last socket went; zero while they have one
	typedAt time.Time
	told    chat.PresenceState
}

// stateLocked is what others are told.
func (u *liveUser) stateLocked() chat.PresenceState {
	for sock := range u.sockets {
		if !sock.away {
			return chat.Online
		}
	}
	if len(u.sockets) == 0 {
		return u.told // until they are gone for long enough
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

// SetAway notes whether the person at a socket is there.
func (r *Rooms) SetAway(sock *Socket, away bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sock.away = away
	r.stirred[sock.Caller.User] = struct{}{}
}

// Watch names the people whose presence a socket is told of, instead of those before.
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

// Presence gives the state of people; seen is when those who are offline were last seen.
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

// tellPresence tells watchers what changed, once a second, until the rooms close.
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

// settleLocked decides what a person's presence is now and whether others have to be told. Someone who
// has been gone for long enough is let go and noted in seen; someone who has not stays stirred.
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
	user.told = presence.State
	return presence, changed
}

// Typing tells the others in a room that someone is writing, at most every three seconds.
func (r *Rooms) Typing(room chat.RoomID, by chat.UserID) {
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
		return
	}
	line, err := chat.Encode("typing.started", "", chat.TypingStarted{RoomID: room, UserID: by})
	if err != nil {
		slog.Error("rooms: encode", "event", "typing.started", "error", err)
		return
	}
	for _, sock := range audience {
		sock.putEphemeral(line)
	}
}
