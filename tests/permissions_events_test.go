// Who may send each event of a socket, and make each request in a gateway's names.

package tests

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"parley/chat"
	"parley/gateway"
	"parley/socket"
	"parley/tests/harness"
)

func inRoom(_ *cast, s scene) any { return chat.RoomAt{RoomID: s.room} }

func atMessage(_ *cast, s scene) any { return chat.MessageAt{RoomID: s.room, Seq: s.seq} }

func sendInto(_ *cast, s scene) any {
	return chat.MessageSend{RoomID: s.room, Draft: harness.Draft("hello")}
}

func editAt(_ *cast, s scene) any { return chat.MessageEdit{RoomID: s.room, Seq: s.seq, Body: "new"} }

func reactAt(_ *cast, s scene) any {
	return chat.ReactionAt{RoomID: s.room, Seq: s.seq, Emoji: "👍"}
}

func readTo(_ *cast, s scene) any { return chat.RoomRead{RoomID: s.room, ReadSeq: 1} }

// Nobody has no socket: the first column is what HTTP would say and is not asked.
var eventPermissions = []permission{
	{"ping", "", body(chat.Done{}), signedInOnly},
	{"message.send", private, sendInto, membersOnly},
	{"message.send", public, sendInto, membersOfPublic},
	{"message.send", direct, sendInto, membersOnly},
	{"message.send", announcements, sendInto, administratorsOnly},
	{"message.edit", private, editAt, authorOnly},
	{"message.edit", public, editAt, authorInPublic},
	{"message.edit", direct, editAt, authorOfDirect},
	{"message.edit", announcements, editAt, authorIsServerOwner},
	{"message.delete", private, atMessage, membersOnly}, // its author, and an owner of the room
	{"message.delete", public, atMessage, "signed_out forbidden forbidden ok ok ok ok"},
	{"message.delete", direct, atMessage, authorOfDirect},
	{"message.delete", announcements, atMessage, authorIsServerOwner},
	{"reaction.add", private, reactAt, membersOnly},
	{"reaction.add", public, reactAt, membersOfPublic},
	{"reaction.add", direct, reactAt, membersOnly},
	{"reaction.add", announcements, reactAt, signedInOnly},
	{"reaction.remove", private, reactAt, membersOnly},
	{"reaction.remove", public, reactAt, membersOfPublic},
	{"reaction.remove", direct, reactAt, membersOnly},
	{"room.join", private, inRoom, membersOnly},
	{"room.join", public, inRoom, signedInOnly},
	{"room.join", direct, inRoom, membersOnly},
	{"room_invitation.accept", private, inRoom, "signed_out ok not_found ok ok not_found not_found"},
	{"room_invitation.accept", public, inRoom, "signed_out ok not_found ok ok not_found not_found"},
	{"room_invitation.decline", private, inRoom, outsiderOnly},
	{"room_invitation.decline", direct, inRoom, "signed_out" + strings.Repeat(" not_found", 6)},
	{"room.leave", private, inRoom, lastOwner(membersOnly)},
	{"room.leave", public, inRoom, lastOwner(signedInOnly)},
	{"room.leave", direct, inRoom, nobodyOfDirect},
	{"room.leave", announcements, inRoom, nobodySignedIn},
	{"room.hide", private, inRoom, nobodyOfDirect},
	{"room.hide", direct, inRoom, membersOnly},
	{"favorite.add", private, inRoom, membersOnly},
	{"favorite.add", public, inRoom, membersOfPublic},
	{"favorite.add", direct, inRoom, membersOnly},
	{"favorite.remove", private, inRoom, membersOnly},
	{"favorite.remove", public, inRoom, membersOfPublic},
	{"room.read", private, readTo, membersOnly},
	{"room.read", public, readTo, membersOfPublic},
	{"room.changes", private, since, stateMembersOnly},
	{"room.changes", public, since, statePublic},
	{"room.changes", direct, since, stateMembersOnly},
	{"typing.start", private, inRoom, membersOnly},
	{"typing.start", public, inRoom, membersOfPublic},
	{"typing.start", direct, inRoom, membersOnly},
	{"typing.start", announcements, inRoom, administratorsOnly},
	{"presence.set", "", body(chat.PresenceSet{State: chat.Away}), signedInOnly},
	{"presence.watch", "", body(chat.PresenceWatch{UserIDs: []chat.UserID{}}), signedInOnly},
}

// asks sends the event of a row, and gives the answer.
func (c *cast) asks(t *testing.T, s *harness.Sock, row permission) (ok bool, answer json.RawMessage) {
	t.Helper()
	c.asksOutsider(t, row)
	f := s.Answer(t, s.Send(t, row.what, row.in(c, c.scene(t, row.kind))))
	ok = f.Event == chat.ReplyEvent
	c.after(row, ok)
	return ok, f.Data
}

// checkEvents compares the answers to some of the cast with what the rows want.
func (c *cast) checkEvents(
	t *testing.T, rows []permission, dial func(*harness.Person) *harness.Sock, asking ...string,
) {
	t.Helper()
	socks := map[string]*harness.Sock{}
	for _, role := range asking {
		socks[role] = dial(c.people[role])
	}
	for _, row := range rows {
		for _, role := range asking {
			if got, want := result(c.asks(t, socks[role], row)), row.wantFor(role); got != want {
				t.Errorf("%s of a %s room for %s: got %q, want %q", row.what, row.kind, role, got, want)
			}
		}
	}
}

func eventNames() (list []string) {
	for _, event := range socket.Events() {
		list = append(list, event.Name)
	}
	return list
}

func TestEveryEventIsForThoseItIsFor(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	checkRows(t, eventPermissions, eventNames())
	c.checkEvents(t, eventPermissions, func(who *harness.Person) *harness.Sock { return who.Dial(t) }, roles[1:]...)
	var documented []string
	for event := range chat.Requests {
		if event != "auth" { // for those who have not said who they are
			documented = append(documented, event)
		}
	}
	slices.Sort(documented)
	if events := eventNames(); !slices.Equal(documented, events) {
		t.Errorf("chat.Requests has %q, the socket %q", documented, events)
	}
	for event := range chat.Requests {
		c.refusesFromNobody(t, c.people["nobody"].DialAnyhow(t, http.Header{}), event)
	}
}

// refusesFromNobody sends an event on a socket that is not signed in.
func (c *cast) refusesFromNobody(t *testing.T, s *harness.Sock, event string) {
	t.Helper()
	s.Send(t, event, chat.Done{})
	events := s.Unread(t)
	if s.Close == nil || !slices.Contains([]int{chat.ClosePolicy, chat.CloseSignedOut}, s.Close.Code) {
		t.Errorf("%s from nobody: closed with %v", event, s.Close)
	}
	if len(events) != 0 {
		t.Errorf("%s from nobody: told %q", event, events)
	}
}

func inNamedRoom(c *cast, s scene) any {
	return map[string]string{"room": c.nameOf(s), "message": "hello"}
}

func namedRoom(c *cast, s scene) any { return map[string]string{"room": c.nameOf(s)} }

// nameOf is the name of a scene's room, which the cast has counted.
func (c *cast) nameOf(s scene) string { return c.names[s.room] }

var (
	toSomeone = body(map[string]string{"toUserId": "someone", "message": "hello"})
	toAll     = body(map[string]string{"message": "hello"})
)

// gatewayPermissions are for sockets that speak in a gateway's names.
var gatewayPermissions = []permission{
	{"sendMessage", "", toAll, signedInOnly},
	{"privateMessage", "", toSomeone, signedInOnly},
	{"joinRoom", private, namedRoom, signedInOnly}, // who is not in it makes a public room with that name
	{"joinRoom", public, namedRoom, signedInOnly},
	{"roomMessage", private, inNamedRoom, membersOnly},
	{"roomMessage", public, inNamedRoom, membersOfPublic},
	{"broadcast", announcements, toAll, administratorsOnly},
}

func gatewayNames() (list []string) {
	for _, request := range gateway.Requests() {
		list = append(list, request.Name)
	}
	return list
}

func TestEveryRequestOfAGatewayIsForThoseItIsFor(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	checkRows(t, gatewayPermissions, gatewayNames())
	c.checkEvents(t, gatewayPermissions, func(who *harness.Person) *harness.Sock { return who.Plain(t) }, roles[1:]...)
	for _, name := range gatewayNames() {
		s, resp, err := c.people["nobody"].Upgrade(http.Header{})
		if err != nil {
			t.Fatalf("upgrade: %v (%v)", err, resp)
		}
		t.Cleanup(func() { s.Conn.Close() })
		c.refusesFromNobody(t, s, name)
	}
}
