package check

import (
	"maps"
	"slices"
	"testing"
	"time"

	"parley/chat"
)

// scene writes a history by hand: ann and bob, each with one client, in room 1, on a server that keeps its
// promises. Every act takes a tick of the clock.
type scene struct {
	*History
	clock    time.Duration
	messages []Seen
	head     Head
	members  map[chat.UserID]chat.MemberRole
	userRev  map[chat.UserID]int64
	read     map[chat.UserID]int64
	hidden   map[chat.UserID]int64
	favorite map[chat.UserID]bool
	blocked  map[chat.UserID][]chat.UserID
	sockets  map[int]int // of each client, its last
	epoch    string
	kind     chat.RoomKind
}

const (
	ann, bob   = chat.UserID(1), chat.UserID(2)
	annC, bobC = 0, 1 // their clients
	theRoom    = chat.RoomID(1)
)

func newScene() *scene {
	s := &scene{
		History: &History{
			Users: []User{{ID: ann, Name: "ann"}, {ID: bob, Name: "bob"}}, Clients: []Client{{ann}, {bob}},
			Faults: map[string]int{},
		},
		head: Head{Room: theRoom, Meta: 2}, userRev: map[chat.UserID]int64{}, read: map[chat.UserID]int64{},
		hidden: map[chat.UserID]int64{}, favorite: map[chat.UserID]bool{}, blocked: map[chat.UserID][]chat.UserID{ann: nil},
		members: map[chat.UserID]chat.MemberRole{ann: chat.MemberOwner, bob: chat.MemberPlain},
		sockets: map[int]int{}, kind: chat.Private,
	}
	s.start("e1", -1)
	s.connect(annC)
	s.connect(bobC)
	return s
}

func (s *scene) tick() time.Duration {
	s.clock += time.Second
	return s.clock
}

func (s *scene) start(epoch string, restored int) {
	s.epoch = epoch
	s.Lives = append(s.Lives, Life{Started: s.tick(), Epoch: epoch, Restored: restored})
}

func (s *scene) kill() {
	life := &s.Lives[len(s.Lives)-1]
	life.Ended, life.How = s.tick(), killed
	for _, socket := range s.sockets {
		s.Sockets[socket].Closed = s.clock
	}
}

func (s *scene) headFor(user chat.UserID) Head {
	head := s.head
	head.Role, head.ReadSeq, head.Hidden = s.members[user], s.read[user], s.hidden[user]
	head.Unread, head.Favorite = s.unread(user), s.favorite[user]
	return head
}

func (s *scene) unread(user chat.UserID) (n int64) {
	for _, m := range s.messages {
		if m.Seq > s.read[user] && !m.Deleted && !slices.Contains(s.blocked[user], m.Author) {
			n++
		}
	}
	return n
}

func (s *scene) connect(client int) {
	user := s.Clients[client].User
	s.sockets[client] = len(s.Sockets)
	s.Sockets = append(s.Sockets, Socket{Client: client, Opened: s.tick(), Epoch: s.epoch})
	welcome := Frame{Event: "welcome", UserRev: s.userRev[user], Epoch: s.epoch, Blocks: s.blocked[user]}
	if s.members[user] != "" {
		welcome.Heads = []Head{s.headFor(user)}
	}
	s.frame(client, welcome)
}

// frame is got by one client.
func (s *scene) frame(client int, f Frame) {
	f.At, f.Client, f.Socket = s.clock, client, s.sockets[client]
	s.Frames = append(s.Frames, f)
}

// tell is got by all members.
func (s *scene) tell(f Frame) {
	for client, c := range s.Clients {
		if s.members[c.User] != "" {
			s.frame(client, f)
		}
	}
}

// ask is a request that is answered two ticks later, after the events it makes.
func (s *scene) ask(client int, ask Ask, does func(*Ask)) *Ask {
	ask.Client, ask.Socket, ask.Sent, ask.SentWall = client, s.sockets[client], s.tick(), s.clock.Milliseconds()
	s.clock += time.Second
	ask.CreatedAt = s.clock.Milliseconds()
	does(&ask)
	ask.Answered = s.tick()
	s.Asks = append(s.Asks, ask)
	return &s.Asks[len(s.Asks)-1]
}

func idOf(n int) chat.ClientID { return chat.ClientID{15: byte(n)} }

// say queues and sends a message, and gives its client_id.
func (s *scene) say(client int, body string) chat.ClientID {
	id := idOf(len(s.Sends) + 1)
	s.Sends = append(s.Sends, Send{Client: client, Room: theRoom, ClientID: id, Body: body, Queued: s.tick()})
	s.send(client, id, body)
	return id
}

func (s *scene) send(client int, id chat.ClientID, body string) *Ask {
	return s.ask(client, Ask{Event: "message.send", Room: theRoom, ClientID: id, Body: body}, func(ask *Ask) {
		s.head.Seq++
		s.head.Rev++
		m := Seen{
			Seq: s.head.Seq, Rev: s.head.Rev, Author: s.Clients[client].User, ClientID: id, Body: body,
			State: uint64(s.head.Rev),
		}
		s.messages = append(s.messages, m)
		s.read[m.Author] = m.Seq
		ask.SentSeq, ask.SentRev = m.Seq, m.Rev
		s.tell(Frame{Event: "message.added", Room: theRoom, Message: &m})
	})
}

// change edits, deletes or reacts to a message.
func (s *scene) change(client int, event string, seq int64, body string) *Ask {
	return s.ask(client, Ask{Event: event, Room: theRoom, Seq: seq, Body: body}, func(ask *Ask) {
		s.head.Rev++
		m := s.messages[seq-1]
		was := m.Rev
		m.Rev, m.State = s.head.Rev, uint64(s.head.Rev)
		switch event {
		case "message.edit":
			m.Body = body
		case "message.delete":
			m.Body, m.Deleted, m.Reacted = "", true, nil
			if by := s.Clients[client].User; by != m.Author {
				m.DeletedBy = by
			}
		case "reaction.add":
			m.Reacted = append(slices.Clone(m.Reacted), s.Clients[client].User)
		}
		s.messages[seq-1] = m
		ask.SentSeq, ask.SentRev = seq, m.Rev
		if event == "reaction.add" {
			s.tellReaction(m, was, s.Clients[client].User)
			return
		}
		s.tell(Frame{Event: "message.changed", Room: theRoom, Message: &m})
	})
}

// tellReaction tells ann, who did not ask for deltas, the message, and bob the reaction.
func (s *scene) tellReaction(m Seen, was int64, by chat.UserID) {
	s.frame(annC, Frame{Event: "message.changed", Room: theRoom, Message: &m})
	if s.members[bob] != "" {
		s.frame(bobC, Frame{Event: "reaction.changed", Room: theRoom, Reaction: &chat.ReactionChanged{
			RoomID: theRoom, Seq: m.Seq, Rev: m.Rev, Was: was, Emoji: "👍", UserID: by, Added: true,
		}})
	}
}

// leave and join are bob's.
func (s *scene) leave() {
	s.ask(bobC, Ask{Event: "room.leave", Room: theRoom}, func(*Ask) {
		s.head.Meta++
		s.userRev[bob]++
		s.frame(bobC, Frame{Event: "room.removed", Room: theRoom, UserRev: s.userRev[bob]})
		delete(s.members, bob)
		s.tell(Frame{Event: "member.left", Room: theRoom, Meta: s.head.Meta, User: bob})
	})
}

func (s *scene) join() {
	s.ask(bobC, Ask{Event: "room.join", Room: theRoom}, func(*Ask) {
		s.head.Meta++
		s.userRev[bob]++
		s.tell(Frame{Event: "member.joined", Room: theRoom, Meta: s.head.Meta, User: bob})
		s.members[bob], s.read[bob] = chat.MemberPlain, s.head.Seq
		s.frame(bobC, Frame{
			Event: "room.added", Room: theRoom, UserRev: s.userRev[bob], Meta: s.head.Meta,
			Heads: []Head{s.headFor(bob)},
		})
	})
}

func (s *scene) markRead(client int, seq int64) *Ask {
	user := s.Clients[client].User
	return s.ask(client, Ask{Event: "room.read", Room: theRoom, ReadSeq: seq}, func(*Ask) {
		s.userRev[user]++
		s.read[user] = seq
		s.frame(client, Frame{Event: "read.moved", Room: theRoom, ReadSeq: seq, Unread: s.unread(user), UserRev: s.userRev[user]})
	})
}

// adminOutside is one in which bob, an admin, leaves a public room and then deletes what a client's person said in it.
func adminOutside(author int) func() *scene {
	return func() *scene {
		s := newScene()
		s.kind, s.Users[1].Admin = chat.Public, true
		s.say(author, "one")
		s.leave()
		s.change(bobC, "message.delete", 1, "")
		return s
	}
}

// rewind restores a backup that was made just before the last n messages, and has both come back.
func (s *scene) rewind(epoch string, n int, began time.Duration) {
	s.kill()
	s.Backups = append(s.Backups, Backup{Began: began, Ended: began})
	s.messages = slices.Clone(s.messages[:len(s.messages)-n])
	s.head.Seq, s.head.Rev = int64(len(s.messages)), s.messages[len(s.messages)-1].Rev
	maps.DeleteFunc(s.read, func(_ chat.UserID, seq int64) bool { return seq > s.head.Seq })
	s.start(epoch, len(s.Backups)-1)
	for client := range s.Clients {
		s.connect(client)
		s.Resets = append(s.Resets, Reset{At: s.clock, Client: client})
	}
}

// end has everyone have what there is, and gives the history.
func (s *scene) end() *History {
	s.Quiet = s.clock
	room := FinalRoom{Head: s.head, Kind: s.kind, Members: s.members, Messages: s.messages}
	s.Final = Final{Epoch: s.epoch, Rooms: []FinalRoom{room}, Lists: map[chat.UserID][]Head{}, Blocks: s.blocked}
	again := room
	again.Messages = slices.Clone(s.messages)
	s.Final.Again = []FinalRoom{again}
	for client, c := range s.Clients {
		has := Copy{Client: client, Socket: s.sockets[client], Online: true, Epoch: s.epoch}
		if s.members[c.User] != "" {
			s.Final.Lists[c.User] = []Head{s.headFor(c.User)}
			has.Rooms = []CopiedRoom{{
				Room: theRoom, Start: 1, Rev: s.head.Rev,
				Messages: slices.Clone(s.messages), Members: maps.Clone(s.members),
			}}
		}
		s.Copies = append(s.Copies, has)
	}
	return s.History
}

// broken is a history of a server that keeps its promises, and a change of it that breaks one.
type broken struct {
	name, want string
	of         func() *scene
	change     func(*testing.T, *History)
}

func (b broken) isFound(t *testing.T) {
	t.Run(b.want+" "+b.name, func(t *testing.T) {
		h := b.of().end()
		b.change(t, h)
		found := Judge(h)
		if !slices.ContainsFunc(found, func(v Violation) bool { return v.Invariant == b.want }) {
			t.Errorf("got %v", found)
		}
	})
}
